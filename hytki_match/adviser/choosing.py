"""From the partners found for each part to the choice of a set: who covers what, and how well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hytki_match.adviser import consortium as sets
from hytki_match.adviser.parameters import parameters
from hytki_match.adviser.wishes import between_equals, is_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from hytki_match.adviser.case import Case, Link, Part
    from hytki_match.records import Answer, Corpus


TIE = 1000
"""Points that decide between partners about as good for a part; a certain one has so many."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the matcher said for one part."""

    part: Part
    answer: Answer
    links: tuple[Link, ...]
    is_unserved: bool = False
    preferred: tuple[str, ...] = ()
    nearest: Callable[[Sequence[Link]], tuple[Link, ...]] = tuple

    def covering(self, barred: Collection[str]) -> tuple[Link, ...]:
        """Return the links fit to cover the part, beside the best that may come.

        Where some of them are from a region that is wished for, it is only these.
        """
        if self.is_unserved:
            return ()
        links = [link for link in self.links if link.partner_id not in barred]
        return self.nearest(with_at_least(links, parameters().fair * best_of(links)))

    def strong(self, barred: Collection[str]) -> tuple[Link, ...]:
        """Return the links that cover the part about as well as the best that may come."""
        return about_as_good(self.covering(barred))


def with_at_least(links: Sequence[Link], probability: float) -> tuple[Link, ...]:
    """Return the links with a probability, and enough to cover at all."""
    least = max(parameters().least, probability)
    return tuple(link for link in links if link.probability >= least)


def about_as_good(links: Sequence[Link]) -> tuple[Link, ...]:
    """Return the links that cannot be told from the first one, and cover at all."""
    return with_at_least(links, even_with(best_of(links)))


def best_of(links: Sequence[Link]) -> float:
    """Return the probability of the first link; 0 without any."""
    return links[0].probability if links else 0.0


def even_with(probability: float) -> float:
    """Return the least probability that is about as good as another: a share of its odds."""
    share = parameters().even * probability
    return share / (1 - probability + share)


def instance_of(
    case: Case, found: Sequence[Found], corpus: Corpus, barred: frozenset[str] = frozenset()
) -> sets.Instance:
    """Build the choice; who is barred does not set the measure for the others either."""
    barred |= set(case.limits.must_not)
    must = frozenset(case.limits.must) - barred
    equals = between_equals(case)
    strengths: dict[str, dict[str, int]] = {}
    strong: dict[str, set[str]] = {}
    topics: dict[str, set[str]] = {}
    for one in found:
        strongly = one.strong(barred)
        for link in strongly:
            strong.setdefault(link.partner_id, set()).add(one.part.part_id)
        for link in one.covering(barred):
            mine = strengths.setdefault(link.partner_id, {})
            tie = TIE * (link in strongly and is_in(equals, link.partner_id, corpus))
            mine[one.part.part_id] = round(1000 * link.probability) + tie
            shown = (corpus.records[e.doc_id].topics for e in link.evidence)
            topics.setdefault(link.partner_id, set()).update(*shown)
    return sets.Instance(
        weights={one.part.part_id: one.part.weight for one in found},
        strengths=strengths,
        strong=strong,
        regions={p: _places(p, corpus) for p in {*strengths, *must}},
        topics=topics,
        must=must,
        must_not=barred,
        most=case.limits.most,
        region_points=parameters().region_points,
        topic_points=parameters().topic_points,
    )


def _places(partner_id: str, corpus: Corpus) -> tuple[str, ...]:
    """Return the regions that a partner brings in; a national one brings none."""
    regions = corpus.records[partner_id].region_ids
    return tuple(region for region in regions if region in corpus.regions)
