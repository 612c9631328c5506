"""Several rankings to one: a weighted sum of scores that mean the same for every question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hytki_match.records import Hit, LegScore

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCORE_DIGITS = 6
"""Fused scores are rounded, so that the order of additions never decides a rank."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one leg found, best first.

    ``doc_ids``, ``scores`` and ``passage_ids`` run in parallel. ``floor`` is a score that no
    record outside the ranking exceeds: the last one if the list was cut, else the leg's lowest.
    """

    doc_ids: tuple[str, ...]
    scores: tuple[float, ...]
    passage_ids: tuple[str, ...]
    floor: float


def fuse(
    rankings: Mapping[str, Ranking],
    weights: Mapping[str, float],
    bonus: Mapping[str, float] | None = None,
    depth: int | None = None,
) -> tuple[Hit, ...]:
    """Fuse rankings into one by the weighted sum of their scores.

    score(d) = sum over legs of w_leg * s_leg(d), + bonus(d)

    where a record that a leg does not list has the leg's floor. The scores are absolute (cosine;
    share of the question covered), so no normalisation by the question's own results is needed:
    that is what lets a weak leg drown a strong one, and what makes a score say nothing about
    relevance. See docs/decisions/0002-fusion.md for the alternatives that were measured.

    Parameters
    ----------
    bonus
        Added to the score of a record, by ``doc_id``.
    depth
        How many hits to return at most; None returns all.

    Returns
    -------
    tuple of Hit
        Best first; equal scores are ordered by ``doc_id``.
    """
    # Every record starts with all floors; a leg that lists it adds what it has above its floor.
    start = sum(weights[leg] * ranking.floor for leg, ranking in rankings.items())
    sums = dict.fromkeys((d for ranking in rankings.values() for d in ranking.doc_ids), start)
    for leg, ranking in rankings.items():
        weight, floor = weights[leg], ranking.floor
        for doc_id, score in zip(ranking.doc_ids, ranking.scores, strict=True):
            sums[doc_id] += weight * (score - floor)
    added = bonus or {}
    scores = {d: round(total + added.get(d, 0.0), SCORE_DIGITS) for d, total in sums.items()}
    order = sorted(scores, key=lambda doc_id: (-scores[doc_id], doc_id))[:depth]
    places = {
        leg: {doc_id: place for place, doc_id in enumerate(ranking.doc_ids)}
        for leg, ranking in rankings.items()
    }
    return tuple(
        Hit(doc_id=doc_id, score=scores[doc_id], rank=rank, legs=_legs(doc_id, rankings, places))
        for rank, doc_id in enumerate(order, start=1)
    )


def _legs(
    doc_id: str, rankings: Mapping[str, Ranking], places: Mapping[str, Mapping[str, int]]
) -> dict[str, LegScore]:
    """Return the rank and the score of a record in each leg that found it."""
    return {
        leg: LegScore(at + 1, rankings[leg].scores[at], rankings[leg].passage_ids[at])
        for leg, of in places.items()
        if (at := of.get(doc_id)) is not None
    }


def blend(hits: Sequence[Hit], others: Sequence[Hit], share: float) -> tuple[Hit, ...]:
    """Return hits with a share of their score from another ranking; its legs are not taken over.

    A record that the other ranking lacks has its lowest score there.
    """
    if not others:
        return tuple(hits)
    scores = {hit.doc_id: hit.score for hit in others}
    lowest = min(scores.values())
    mixed = [
        replace(
            hit,
            score=round(
                (1 - share) * hit.score + share * scores.get(hit.doc_id, lowest), SCORE_DIGITS
            ),
        )
        for hit in hits
    ]
    ordered = sorted(mixed, key=lambda hit: (-hit.score, hit.doc_id))
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1))
