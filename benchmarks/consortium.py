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

from hytki_match.adviser.consortium import Instance, solve
from hytki_match.adviser.parameters import parameters

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS, PARTNERS, REGIONS, TOPICS = 60, 400, 7, 52
MOST = (4, 6, 12)
HARD = 3
"""Instances of the kind that takes all the time there is."""
JUDGED = Path(__file__).parent.parent / "tests" / "judged"


def few_serve_many(seed: int, most: int) -> Instance:
    """Return an instance in which each part has 20 partners, the famous ones more often."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    fame = [1 / (n + 5) for n in range(PARTNERS)]
    strengths: dict[str, dict[str, int]] = {partner: {} for partner in _partners()}
    for part in _parts():
        for partner in rng.choices(_partners(), fame, k=20):
            strengths[partner][part] = rng.randint(150, 990)
    return _instance(rng, strengths, most)


def every_strength(seed: int, most: int) -> Instance:
    """Return an instance whose 24,000 strengths are random; the desk's rule says who covers."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    strengths: dict[str, dict[str, int]] = {partner: {} for partner in _partners()}
    strong: dict[str, set[str]] = {partner: set() for partner in _partners()}
    for part in _parts():
        drawn = {partner: rng.randint(1, 990) for partner in _partners()}
        best = max(drawn.values())
        for partner, strength in drawn.items():
            if strength >= max(1000 * parameters().least, parameters().fair * best):
                strengths[partner][part] = strength
            if strength >= parameters().share * best:
                strong[partner].add(part)
    return replace(_instance(rng, strengths, most), strong=strong)


def each(count: int) -> Callable[[int, int], Instance]:
    """Return a maker of instances in which each partner serves ``count`` parts, drawn evenly."""

    def make(seed: int, most: int) -> Instance:
        rng = random.Random(seed)  # noqa: S311 - not for secrets
        strengths = {
            partner: {part: rng.randint(150, 990) for part in rng.sample(_parts(), count)}
            for partner in _partners()
        }
        return _instance(rng, strengths, most)

    return make


def from_the_corpus() -> Callable[[int, int], Instance]:
    """Return a maker of instances from judged questions; each question is asked once."""
    from hytki_match.adviser import proposal
    from hytki_match.adviser.case import Case, Limits, Part
    from hytki_match.evaluation.questions import load_judged
    from hytki_match.service import open_matcher
    from hytki_match.settings import Settings

    matcher = open_matcher(Settings.from_environment())
    corpus = matcher.index.corpus
    case = Case("benchmark", "benchmark", "", limits=Limits())
    found = [
        proposal._find(Part(q.query_id, q.text, origin="adviser"), case, matcher, None)
        for q in load_judged(JUDGED, corpus).questions
    ]

    def make(seed: int, most: int) -> Instance:
        chosen = random.Random(seed).sample(found, PARTS)  # noqa: S311 - not for secrets
        limited = Case("benchmark", "benchmark", "", limits=Limits(most=most))
        return proposal._instance(limited, chosen, corpus)

    return make


def _instance(rng: random.Random, strengths: dict[str, dict[str, int]], most: int) -> Instance:
    topics = [f"t{n}" for n in range(TOPICS)]
    return Instance(
        weights={part: rng.randint(1, 3) for part in _parts()},
        strengths=strengths,
        regions={p: {str(rng.randrange(REGIONS))} for p in _partners()},
        topics={p: set(rng.sample(topics, 4)) for p in _partners()},
        most=most,
        region_points=20,
        topic_points=2,
    )


def _parts() -> list[str]:
    return [f"part{n:02}" for n in range(PARTS)]


def _partners() -> list[str]:
    return [f"organisations/{n:03}" for n in range(PARTNERS)]


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
