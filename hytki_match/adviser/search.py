"""A good set of partners where the best one cannot be proved in time: greedy, then exchanges.

It is judged as :mod:`hytki_match.adviser.consortium` says. It has no clock and no chance in it, so
that an instance gives the same set on every machine.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from numpy.typing import NDArray

    from hytki_match.adviser.consortium import Instance

MOST_EXCHANGED = 3
"""Partners that are taken out together before others are tried in their places."""

BREADTH = 30
"""Partners that are tried in the first of these places."""


def find_good(instance: Instance) -> frozenset[str] | None:
    """Return a set that no exchange of one or two partners betters; None if none is allowed.

    A set that is not wanted again lacks at least one partner of it: each is left out in turn.
    """
    if instance.left_out:
        given, *others = instance.left_out
        rest = replace(instance, left_out=tuple(others))
        if not given <= set(instance.partners):
            return find_good(rest)
        without = (
            find_good(replace(rest, must_not=instance.must_not | {partner}))
            for partner in sorted(given - instance.must)
        )
        worth = _Sets(replace(instance, left_out=())).worth
        found = [chosen for chosen in without if chosen is not None]
        return max(found, key=worth, default=None)
    if instance.must & instance.must_not or len(instance.must) > instance.most:
        return None
    return _Sets(instance).improved()


class _Sets:
    """Sets of partners of one instance, by number, and what each is worth as one whole number."""

    def __init__(self, instance: Instance) -> None:
        self._most = instance.most
        self._partners = partners = instance.partners
        self._must = frozenset(n for n, p in enumerate(partners) if p in instance.must)
        links = np.array([instance.links(p) for p in partners], np.int64)
        weights = instance.weights
        covered = _brought(partners, instance.strengths, weights)
        strongly = _brought(partners, instance.able, weights)
        regions = _brought(partners, instance.regions, {}, instance.region_points)
        topics = _brought(partners, instance.topics, {}, instance.topic_points)
        # A partner is worth more than all points together, a part covered at all more than all
        # partners, and a part covered strongly more than all of these.
        size = int(links.sum() + regions[1].sum() + topics[1].sum()) + 1
        cover = size * (instance.most + 1)
        strength = cover * (sum(weights.values()) + 1)
        self._has = np.hstack([covered[0], strongly[0], regions[0], topics[0]])
        worth = [cover * covered[1], strength * strongly[1], regions[1], topics[1]]
        self._worth = np.concatenate(worth)
        self._own = (links - size).astype(np.float64)
        # Whole numbers far below 2 to the 53rd: exact, and much faster than integers.
        self._gain = (self._has * self._worth).astype(np.float64)

    def worth(self, chosen: Collection[str]) -> int:
        """Return what a set is worth."""
        return self._value(frozenset(n for n, p in enumerate(self._partners) if p in chosen))

    def improved(self) -> frozenset[str]:
        """Return the greedy set after all exchanges that better it."""
        best = self._filled(self._must)
        while better := next(self._better(best), None):
            best = better
        return frozenset(self._partners[n] for n in best)

    def _better(self, chosen: frozenset[int]) -> Iterator[frozenset[int]]:
        free, value = sorted(chosen - self._must), self._value(chosen)
        outs = chain.from_iterable(combinations(free, n + 1) for n in range(MOST_EXCHANGED))
        for rest in (chosen.difference(out) for out in outs):
            gains = self._gains(rest)
            likely = np.argsort(-gains, kind="stable")[:BREADTH]
            firsts = [frozenset({int(n)}) for n in likely if gains[n] > 0] or [frozenset()]
            for first in firsts:
                other = self._filled(rest | first)
                if self._value(other) > value:
                    yield other

    def _filled(self, chosen: frozenset[int]) -> frozenset[int]:
        """Add the partner that gains most, the first by id, as long as one gains anything."""
        while len(chosen) < self._most and len(self._partners):
            gains = self._gains(chosen)
            best = int(gains.argmax())
            if gains[best] <= 0:
                break
            chosen |= {best}
        return chosen

    def _gains(self, chosen: frozenset[int]) -> NDArray[np.float64]:
        """Return what each partner would add to a set; nothing where it is in it."""
        numbers = sorted(chosen)
        lacking = ~self._has[numbers].any(axis=0)
        gains: NDArray[np.float64] = self._own + self._gain @ lacking.astype(np.float64)
        gains[numbers] = 0
        return gains

    def _value(self, chosen: Collection[int]) -> int:
        numbers = sorted(chosen)
        there = self._has[numbers].any(axis=0)
        return int(self._own[numbers].sum() + self._worth[there].sum())


def _brought(
    partners: list[str],
    brings: Mapping[str, Collection[str]],
    weights: Mapping[str, int],
    points: int = 1,
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return who brings what (partners by things), and the worth of each thing."""
    things = sorted({thing for p in partners for thing in brings.get(p, ())})
    has = [[thing in brings.get(p, ()) for thing in things] for p in partners]
    worth = [points * weights.get(thing, 1) for thing in things]
    shape = (len(partners), len(things))
    return np.array(has, bool).reshape(shape), np.array(worth, np.int64)
