"""Compare the answering times of two checkouts on a machine that others use, too.

    python -m benchmarks.side_by_side OTHER_CHECKOUT --index INDEX --starts 5

Each checkout answers in a process of its own. Every judged question goes to the one and at once to
the other, once in each process, after a hundred other questions. What disturbs the machine disturbs
both, so the ratio tells more than the times; the least of several starts is nearest to a quiet
machine. Both read one index, unless the other gets its own (``--other-index``) because it knows
another format.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import click

ROOT = Path(__file__).parent.parent
JUDGED = ("tests/judged/questions.csv", "tests/judged/offtopic.csv")
BEFORE = ("tests/unseen/questions.csv",)
TIMES = ("wall", "processor")
"""Milliseconds of an answer, and what all threads of its process spent meanwhile."""


def questions(files: tuple[str, ...]) -> list[str]:
    """Return the questions of some files of this checkout."""
    rows = []
    for file in files:
        with (ROOT / file).open(encoding="utf-8", newline="") as stream:
            rows += list(csv.DictReader(stream))
    return [row["question"] for row in rows]


def answer(index: Path) -> None:
    """Answer the questions of standard input, a JSON text a line; print milliseconds of each."""
    from hytki_match.encoder import load_encoder
    from hytki_match.index import open_index
    from hytki_match.matching import Matcher

    matcher = Matcher(open_index(index), load_encoder("bundled"))
    for line in sys.stdin:
        wall, processor = time.perf_counter(), time.process_time()
        matcher.match(json.loads(line))
        seconds = (time.perf_counter() - wall, time.process_time() - processor)
        click.echo(json.dumps([1000 * value for value in seconds]))
        sys.stdout.flush()


def one_start(checkouts: list[Path], indexes: list[Path]) -> list[list[list[float]]]:
    """Return the milliseconds (questions, checkouts, times) of two processes, asked in turn."""
    processes = [
        subprocess.Popen(  # our own file
            [sys.executable, __file__, "--answer", "--index", str(index), str(checkout)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(checkout)},
        )
        for checkout, index in zip(checkouts, indexes, strict=True)
    ]

    def ask(number: int, text: str) -> list[float]:
        process = processes[number]
        print(json.dumps(text), file=process.stdin, flush=True)
        line = process.stdout.readline()
        if not line:
            raise click.ClickException(f"{checkouts[number]} does not answer: see above.")
        found: list[float] = json.loads(line)
        return found

    for text in questions(BEFORE):
        for number in (0, 1):
            ask(number, text)
    rows = []
    for turn, text in enumerate(questions(JUDGED)):
        first = turn % 2  # neither is always the first, which finds the text in no cache
        found = {number: ask(number, text) for number in (first, 1 - first)}
        rows.append([found[0], found[1]])
    for process in processes:
        process.stdin.close()
        process.wait()
    return rows


@click.command()
@click.argument("other", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--index", type=click.Path(exists=True, path_type=Path), default=ROOT / "index")
@click.option("--other-index", type=click.Path(exists=True, path_type=Path))
@click.option("--starts", type=click.IntRange(1), default=3, show_default=True)
@click.option("--answer", "answers", is_flag=True, hidden=True)
def main(other: Path, index: Path, other_index: Path | None, starts: int, answers: bool) -> None:
    """Print median and 95th percentile of the OTHER checkout, of this one, and their ratio."""
    if answers:
        answer(index)
        return
    import numpy as np

    indexes = [(other_index or index).resolve(), index.resolve()]
    runs = [one_start([other.resolve(), ROOT], indexes) for _ in range(starts)]
    least = np.min(runs, axis=0)
    for number, name in enumerate(TIMES):
        medians = np.median(least[:, :, number], axis=0)
        slow = np.percentile(least[:, :, number], 95, axis=0)
        click.echo(
            f"{name}: other {medians[0]:.2f} / {slow[0]:.2f} ms, "
            f"this {medians[1]:.2f} / {slow[1]:.2f} ms, "
            f"ratio {medians[1] / medians[0]:.3f} / {slow[1] / slow[0]:.3f}"
        )


if __name__ == "__main__":
    main()
