"""How long the smallest set of partners takes: 60 parts, in the corpus and in made-up networks.

``python -m benchmarks.consortium --instances 50`` prints a table of processor seconds of one core
for the whole choice, the proof included. *corpus*: the parts are judged questions, drawn at
random, and the partners those that the matcher finds. *every strength at random*: 400 partners with
a random strength for each part, and the desk's rule of who covers a part. *few serve many*: 400
partners of which some serve much more than others. *three each*: 400 partners that serve three
random parts each, of random weights, where hardly two partners help each other: harder than any
need that was seen. *ten each*: the same with ten parts, where no proof comes in time; the last
column says how many instances were proved.
"""

from __future__ import annotations

import random
import statistics
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from benchmarks.made_needs import PARTS, each, every_strength, few_serve_many
from hytki_match.adviser.consortium import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from hytki_match.adviser.consortium import Instance

MOST = (4, 6, 12)
HARD = 3
"""Instances of the kind that takes all the time there is."""
JUDGED = Path(__file__).parent.parent / "tests" / "judged"


def from_the_corpus() -> Callable[[int, int], Instance]:
    """Return a maker of instances from judged questions; each question is asked once."""
    from hytki_match.adviser import proposal
    from hytki_match.adviser.case import Case, Limits, Part
    from hytki_match.adviser.choosing import instance_of
    from hytki_match.evaluation.questions import load_judged
    from hytki_match.service import open_matcher
    from hytki_match.settings import Settings

    matcher = open_matcher(Settings.from_environment())
    corpus = matcher.index.corpus
    case = Case("benchmark", "benchmark", "", limits=Limits())
    questions = load_judged(JUDGED, corpus).questions
    parts = tuple(Part(q.query_id, q.text, origin="adviser") for q in questions)
    found = proposal._find(replace(case, parts=parts), matcher, None, ())

    def make(seed: int, most: int) -> Instance:
        chosen = random.Random(seed).sample(found, PARTS)  # noqa: S311 - not for secrets
        limited = Case("benchmark", "benchmark", "", limits=Limits(most=most))
        return instance_of(limited, chosen, corpus)

    return make


@click.command()
@click.option("--instances", default=50, show_default=True, help="Instances of each kind.")
def main(instances: int) -> None:
    """Print median, 95th percentile and worst of each kind of instance, and how many are proved."""
    kinds = {
        "corpus": (from_the_corpus(), instances),
        "every strength at random": (every_strength, instances),
        "few serve many": (few_serve_many, instances),
        "three each": (each(3), instances),
        "ten each": (each(10), HARD),
    }
    click.echo("| instances | most partners | median | p95 | worst | proved |")
    click.echo("|---|---|---|---|---|---|")
    for name, (make, count) in kinds.items():
        for most in MOST:
            runs = [_timed(make(seed, most)) for seed in range(count)]
            taken = sorted(seconds for seconds, _ in runs)
            p95 = taken[min(len(taken) - 1, round(0.95 * len(taken)))]
            figures = (statistics.median(taken), p95, taken[-1])
            cells = " | ".join(f"{value:.2f} s" for value in figures)
            proved = sum(is_proved for _, is_proved in runs)
            click.echo(f"| {name} | {most} | {cells} | {proved} of {count} |")


def _timed(instance: Instance) -> tuple[float, bool]:
    """Return the processor seconds of the choice, and whether it was proved."""
    started = time.process_time()
    found = solve(instance)
    return time.process_time() - started, found is not None and found.is_proved


if __name__ == "__main__":
    main()
