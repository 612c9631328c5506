"""How long the smallest set of partners takes: 60 parts, in the corpus and in made-up networks.

``python -m benchmarks.consortium --instances 50`` prints a table of processor seconds of one core
for the whole choice, the proof included. *corpus*: the parts are judged questions, drawn at
random, and the partners those that the matcher finds. *few serve many*: 400 partners of which some
serve much more than others. *three each*: 400 partners that serve three random parts each, of
random weights, where hardly two partners help each other: harder than any need that was seen.
"""

from __future__ import annotations

import random
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hytki_match.adviser.consortium import Instance, solve

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS, PARTNERS, REGIONS, TOPICS = 60, 400, 7, 52
MOST = (4, 6, 12)
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


def three_each(seed: int, most: int) -> Instance:
    """Return an instance in which each partner serves three parts, drawn evenly."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    strengths = {
        partner: {part: rng.randint(150, 990) for part in rng.sample(_parts(), 3)}
        for partner in _partners()
    }
    return _instance(rng, strengths, most)


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
    """Print median, 95th percentile and worst of each kind of instance."""
    kinds = {
        "corpus": from_the_corpus(),
        "few serve many": few_serve_many,
        "three each": three_each,
    }
    click.echo("| instances | most partners | median | p95 | worst |\n|---|---|---|---|---|")
    for name, make in kinds.items():
        for most in MOST:
            taken = sorted(_seconds(make(seed, most)) for seed in range(instances))
            p95 = taken[min(len(taken) - 1, round(0.95 * len(taken)))]
            figures = (statistics.median(taken), p95, taken[-1])
            cells = " | ".join(f"{value:.2f} s" for value in figures)
            click.echo(f"| {name} | {most} | {cells} |")


def _seconds(instance: Instance) -> float:
    started = time.process_time()
    solve(instance)
    return time.process_time() - started


if __name__ == "__main__":
    main()
