"""The smallest set of partners that covers the parts of a need, solved exactly.

A consortium is judged in this order, each only among the best of the one before:

1. the weight of the parts that it covers strongly (more is better);
2. the weight of the parts that it covers at all (more is better);
3. the number of its partners (fewer is better);
4. points: the strengths of what its partners cover strongly, each times the part's weight, and a
   bonus for every region and topic that the set brings in (more is better);
5. the ids of its partners in order (the first in the alphabet is taken).

Each step is a program in whole numbers for CP-SAT, which never rounds; the first three are one
objective, and the optimum of a step becomes a constraint of the next. So the result is proved to be
optimal, and the same instance always gives the same set. Where the proof takes too long, a good set
is given that says of itself that it is not proved.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hytki_match.adviser.search import find_good
from hytki_match.errors import ConsortiumError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

LIMIT_S = 10.0
"""An adviser would not wait longer; for a need of 60 parts a second is enough."""

BLOCK = 30
"""Ids that are put in order by one program."""


@dataclass(frozen=True, slots=True)
class Instance:
    """What a consortium is chosen from; all numbers are whole.

    Attributes
    ----------
    weights
        Weight of each part of the need, at least 1.
    strengths
        For each partner the parts that it covers, with the strength in thousandths. A partner
        that is too weak for a part does not stand there.
    strong
        For each partner those of its parts that hardly anybody could cover better; None: all.
    regions, topics
        What each partner brings in, counted once however many partners bring it.
    must, must_not
        Partners that have to be, or cannot be, in the set.
    most
        How many partners at most, ``must`` included.
    region_points, topic_points
        Points for each region and each topic that the set brings in.
    left_out
        Sets that are not wanted again: at least one partner of each has to be missing.
    """

    weights: Mapping[str, int]
    strengths: Mapping[str, Mapping[str, int]]
    strong: Mapping[str, Collection[str]] | None = None
    regions: Mapping[str, Collection[str]] = field(default_factory=dict)
    topics: Mapping[str, Collection[str]] = field(default_factory=dict)
    must: frozenset[str] = frozenset()
    must_not: frozenset[str] = frozenset()
    most: int = 6
    region_points: int = 0
    topic_points: int = 0
    left_out: tuple[frozenset[str], ...] = ()

    @property
    def partners(self) -> list[str]:
        """Partners that may be chosen, by id."""
        return sorted((set(self.strengths) | self.must) - self.must_not)

    @property
    def able(self) -> Mapping[str, Collection[str]]:
        """For each partner the parts that it covers strongly."""
        return self.strengths if self.strong is None else self.strong

    def links(self, partner: str) -> int:
        """Return the points of one partner: each strong strength times the weight of the part."""
        strengths = self.strengths.get(partner, {})
        return sum(self.weights[part] * strengths[part] for part in self.able.get(partner, ()))


@dataclass(frozen=True, slots=True)
class Consortium:
    """A chosen set: its partners by id, and for each covered part its best partner.

    ``is_proved`` tells whether no better set exists; else it is only the best that was found.
    """

    partners: tuple[str, ...]
    served_by: Mapping[str, str]
    uncovered: tuple[str, ...]
    points: int
    is_proved: bool = True


def solve(instance: Instance, limit_s: float = LIMIT_S) -> Consortium | None:
    """Return the best consortium, or None when the conditions leave no set at all.

    Parameters
    ----------
    limit_s
        Seconds for the proof; after them a good set is given that is not proved to be the best.
        With 0 no proof is tried.
    """
    impossible = instance.must & instance.must_not or len(instance.must) > instance.most
    if impossible:
        return None
    try:
        chosen = _Choice(instance, limit_s).best()
    except ConsortiumError:
        found = find_good(instance)
        return None if found is None else appraise(instance, found, is_proved=False)
    return None if chosen is None else appraise(instance, chosen)


def appraise(instance: Instance, chosen: Collection[str], *, is_proved: bool = True) -> Consortium:
    """Return what a given set covers, and its points; ties of a part go to the first id."""
    partners = tuple(sorted(chosen))
    served_by: dict[str, str] = {}
    for part in instance.weights:
        best = max(
            (p for p in partners if part in instance.strengths.get(p, {})),
            key=lambda p: instance.strengths[p][part],
            default=None,
        )
        if best is not None:
            served_by[part] = best
    regions = {region for p in partners for region in instance.regions.get(p, ())}
    topics = {topic for p in partners for topic in instance.topics.get(p, ())}
    points = sum(map(instance.links, partners))
    points += instance.region_points * len(regions) + instance.topic_points * len(topics)
    uncovered = tuple(part for part in instance.weights if part not in served_by)
    return Consortium(partners, served_by, uncovered, points, is_proved)


def second_best(
    instance: Instance, best: Consortium, limit_s: float = LIMIT_S
) -> Consortium | None:
    """Return the best set that does without at least one partner of ``best``."""
    given = frozenset(best.partners)
    if given <= instance.must:
        return None
    return solve(replace(instance, left_out=(*instance.left_out, given)), limit_s)


class _Choice:
    """The programs of one instance, one after the other."""

    def __init__(self, instance: Instance, limit_s: float) -> None:
        # Half a second to import, and only here is it needed.
        from hytki_match.adviser.program import Program

        self._instance = instance
        self._partners = instance.partners
        self._program = Program(limit_s)
        self._x = {p: self._program.binary() for p in self._partners}
        self._covered = self._parts(instance.strengths)
        is_one = instance.strong is None
        self._strongly = self._covered if is_one else self._parts(instance.able)
        self._conditions()

    def best(self) -> frozenset[str] | None:
        """Go through the steps; None when there is no set that meets the conditions."""
        if self._program.maximize(self._coverage_then_size()) is None:
            return None
        self._program.maximize(self._points())
        chosen = self._chosen()
        # All sets that are as good are of one size: another lacks one of the chosen.
        if chosen and self._program.has_other([self._x[p] for p in chosen]):
            return self._first_by_id()
        return chosen

    def _parts(self, able: Mapping[str, Collection[str]]) -> dict[str, int]:
        """Add a variable for each part: whether one of the partners able to is in the set."""
        return {
            part: self._program.any_of(x for p, x in self._x.items() if part in able.get(p, ()))
            for part in self._instance.weights
        }

    def _coverage_then_size(self) -> dict[int, int]:
        """Return three steps in one objective.

        No number of partners weighs as much as a part, and no coverage as much as a strong one.
        """
        weights = self._instance.weights
        part = min(self._instance.most, len(self._partners)) + 1
        strong = part * (sum(weights.values()) + 1) if self._strongly is not self._covered else 0
        worth = {self._covered[p]: part * weight for p, weight in weights.items()}
        if strong:
            worth |= {self._strongly[p]: strong * weight for p, weight in weights.items()}
        return worth | dict.fromkeys(self._x.values(), -1)

    def _conditions(self) -> None:
        instance, program = self._instance, self._program
        for partner in instance.must:
            program.fix(self._x[partner], True)
        program.at_most(self._x.values(), instance.most)
        for given in instance.left_out:
            if given <= self._x.keys():
                program.at_most([self._x[p] for p in given], len(given) - 1)

    def _points(self) -> dict[int, int]:
        """Add what the points need, and return the coefficients of the points."""
        instance = self._instance
        points = {x: instance.links(partner) for partner, x in self._x.items()}
        for brought, worth in (
            (instance.regions, instance.region_points),
            (instance.topics, instance.topic_points),
        ):
            for bringers in self._bringers(brought) if worth else ():
                points[self._program.any_of(bringers)] = worth
        return points

    def _bringers(self, brought: Mapping[str, Collection[str]]) -> Iterator[list[int]]:
        """Yield for each thing the variables of the partners that bring it."""
        names = {name for p in self._partners for name in brought.get(p, ())}
        for name in sorted(names):
            yield [x for p, x in self._x.items() if name in brought.get(p, ())]

    def _chosen(self) -> frozenset[str]:
        return frozenset(p for p, x in self._x.items() if self._program.is_set(x))

    def _first_by_id(self) -> frozenset[str]:
        """Return the first by id of the sets that are as good.

        Of two sets of one size, that one is first which has the first id that only one has. So an
        id weighs more than all that come after it, in blocks that stay small numbers.
        """
        for start in range(0, len(self._partners), BLOCK):
            block = self._partners[start : start + BLOCK]
            self._program.maximize({self._x[p]: 2 ** (BLOCK - n) for n, p in enumerate(block)})
        return self._chosen()
