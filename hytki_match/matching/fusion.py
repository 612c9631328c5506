"""Several rankings to one: a weighted sum of scores that mean the same for every question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from hytki_match.corpus.passages import passage_id
from hytki_match.records import LANGUAGES, Hit, LegScore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from hytki_match.index.strings import SortedStrings

SCORE_DIGITS = 6
"""Fused scores are rounded, so that the order of additions never decides a rank."""

NO_PASSAGE = -1
"""Stands for a passage's language where a leg met a record by none."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """What one leg found, best first.

    ``records`` (places among the corpus's, which are in the order of their ids), ``scores`` and
    ``languages`` (places in ``LANGUAGES`` of those of the passages that were met, or
    ``NO_PASSAGE``) run in parallel. ``floor`` is a score that no record outside the ranking
    exceeds: the last one if the list was cut, else the leg's lowest.
    """

    records: NDArray[np.int64]
    scores: NDArray[np.float64]
    languages: NDArray[np.int8]
    floor: float


def best_first(records: NDArray[np.integer], scores: NDArray[np.floating]) -> NDArray[np.intp]:
    """Return the places of records by falling score, equal ones by their id."""
    return np.lexsort((records, -scores))


def found_by(rankings: Mapping[str, Ranking]) -> NDArray[np.int64]:
    """Return all records that any leg lists, in the order of their ids."""
    return np.unique(np.concatenate([ranking.records for ranking in rankings.values()]))


def fuse(
    rankings: Mapping[str, Ranking], weights: Mapping[str, float], records: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the weighted sum of the legs' scores of each record.

    score(d) = sum over legs of w_leg * s_leg(d)

    where a record that a leg does not list has the leg's floor. The scores are absolute (cosine;
    share of the question covered), so no normalisation by the question's own results is needed:
    that is what lets a weak leg drown a strong one, and what makes a score say nothing about
    relevance. See docs/decisions/0002-fusion.md for the alternatives that were measured.

    Parameters
    ----------
    records
        As :func:`found_by` returns them.
    """
    # Every record starts with all floors; a leg that lists it adds what it has above its floor.
    sums = np.full(len(records), sum(weights[leg] * found.floor for leg, found in rankings.items()))
    for leg, found in rankings.items():
        sums[np.searchsorted(records, found.records)] += weights[leg] * (found.scores - found.floor)
    return sums


def best_of(
    records: NDArray[np.int64],
    scores: NDArray[np.float64],
    depth: int,
    kept: NDArray[np.int64] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return at most ``depth`` records of the best scores, and these, in the order of their ids.

    Parameters
    ----------
    kept
        Records that are returned in any case.
    """
    places = np.sort(best_first(records, scores.round(SCORE_DIGITS))[:depth])
    if kept is not None and len(kept):
        places = np.union1d(places, np.searchsorted(records, kept))
    return records[places], scores[places]


def best_hits(
    rankings: Mapping[str, Ranking],
    records: NDArray[np.int64],
    scores: NDArray[np.float64],
    depth: int,
    ids: SortedStrings,
) -> tuple[Hit, ...]:
    """Return at most ``depth`` records as hits, best first, equal ones by id.

    Parameters
    ----------
    records, scores
        Places of the records and their fused scores, in parallel.
    ids
        The ids of all records, in their order.
    """
    scores = scores.round(SCORE_DIGITS)
    order = best_first(records, scores)[:depth]
    kept = records[order]
    found = zip(kept.tolist(), ids.take(kept), scores[order].tolist(), strict=True)
    return tuple(
        [
            Hit(doc_id, score, rank, Legs(rankings, record, doc_id))
            for rank, (record, doc_id, score) in enumerate(found, start=1)
        ]
    )


class Legs(Mapping[str, LegScore]):
    """Where each leg that found a record placed it, looked up when asked: of most hits nobody asks.

    Parameters
    ----------
    record
        Its place among all records.
    """

    __slots__ = ("_doc_id", "_rankings", "record")

    def __init__(self, rankings: Mapping[str, Ranking], record: int, doc_id: str) -> None:
        self._rankings, self.record, self._doc_id = rankings, record, doc_id

    def __getitem__(self, leg: str) -> LegScore:
        ranking = self._rankings[leg]
        if self.record not in ranking.records:
            raise KeyError(leg)
        at = int(np.argmax(ranking.records == self.record))
        passage = passage_of(self._doc_id, int(ranking.languages[at]))
        return LegScore(at + 1, float(ranking.scores[at]), passage)

    def __iter__(self) -> Iterator[str]:
        return (leg for leg, found in self._rankings.items() if self.record in found.records)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def place_of(hit: Hit) -> int:
    """Return the place of a hit among all records; it must be one of :func:`best_hits`."""
    return cast("Legs", hit.legs).record


def passage_of(doc_id: str, language: int) -> str:
    """Return the id of the passage by which a record was met; empty where by none."""
    return "" if language == NO_PASSAGE else passage_id(doc_id, LANGUAGES[language])


def renumbered(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Return hits with the ranks of the order in which they come; their scores stay."""
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1))


def with_first(hits: Sequence[Hit], doc_id: str) -> tuple[Hit, ...]:
    """Return hits with the one of a record moved to the front, with the best score of them."""
    first = next(hit for hit in hits if hit.doc_id == doc_id)
    rest = [hit for hit in hits if hit is not first]
    return renumbered((replace(first, score=hits[0].score), *rest))


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
    return renumbered(ordered)
