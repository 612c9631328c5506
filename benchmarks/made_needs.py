"""Needs of 60 parts with 400 partners, made up: for the benchmark, and for tests of the choice."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from hytki_match.adviser.choosing import even_with
from hytki_match.adviser.consortium import Instance
from hytki_match.adviser.parameters import parameters

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS, PARTNERS, REGIONS, TOPICS = 60, 400, 7, 52


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
            if strength >= 1000 * even_with(best / 1000):
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
