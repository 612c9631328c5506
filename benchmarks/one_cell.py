"""One changed cell of the shipped corpus: what building again costs.

    python -m benchmarks.one_cell --runs 5

Each run is a process of its own. *Whole command* is ``hytki-match build`` from start to end; *after
import* is the build alone, in a process that has imported what it needs and loaded the encoder.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import click

from benchmarks.scale import ROOT, SHIPPED
from hytki_match.corpus.writing import read_rows, write_table
from hytki_match.index import layout

AFTER_IMPORT = """
import sys, time
from pathlib import Path
import pandera.strategies.pandas_strategies  # else imported by the first check
from hytki_match.corpus import load
from hytki_match.encoder import load_encoder
from hytki_match.index.build import build_index
encoder = load_encoder("bundled")
encoder.encode_queries(["x"])
start, cpu = time.perf_counter(), time.process_time()
build_index(Path(sys.argv[1]), Path(sys.argv[2]), encoder)
print(time.perf_counter() - start, time.process_time() - cpu)
"""


def change_a_cell(corpus: Path, number: int) -> None:
    """Give the first tool another description."""
    rows = read_rows(corpus)["tools"]
    kept = rows[0]["description_en"].split(" Changed")[0]
    rows[0]["description_en"] = f"{kept} Changed {number}."
    write_table(corpus, "tools", rows)


def run_command(corpus: Path, index: Path) -> tuple[float, float]:
    """Run the command; return its seconds on the wall and of the processor."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "hytki_match", "--corpus", corpus, "--index", index, "build"],
        check=True,
        capture_output=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, cpu


def run_after_import(corpus: Path, index: Path) -> tuple[float, float]:
    """Run the build alone; return its seconds on the wall and of the processor."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", AFTER_IMPORT, corpus, index],
        check=True,
        capture_output=True,
        text=True,
    )
    wall, cpu = done.stdout.split()
    return float(wall), float(cpu)


@click.command()
@click.option("--runs", type=click.IntRange(1), default=5, show_default=True)
def main(runs: int) -> None:
    """Measure both ways, and print the median and the range."""
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        shutil.copytree(SHIPPED, corpus)
        # What a build has encoded before is not encoded again.
        shutil.copytree(ROOT / "index" / layout.VECTORS, index / layout.VECTORS)
        run_command(corpus, index)
        number = 0
        for name, run in (("whole command", run_command), ("after import", run_after_import)):
            spent = []
            for _ in range(runs):
                number += 1
                change_a_cell(corpus, number)
                spent.append(run(corpus, index))
            walls, cpus = zip(*spent, strict=True)
            click.echo(
                f"{name}: {median(walls):.2f} s ({min(walls):.2f} to {max(walls):.2f}), "
                f"processor {median(cpus):.2f} s ({min(cpus):.2f} to {max(cpus):.2f})"
            )


if __name__ == "__main__":
    main()
