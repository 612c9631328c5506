"""The learned ranker: trees that mend the score of each of the best records by how it was found.

A sum of legs weighs each of them alone. Trees see them together: how many of the nearest known
questions agree on a record, how near these are, what they name beside it, and where it stands. They
were learned as what is missing in the log-odds of being relevant (``training/trees.py``).
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hytki_match.matching.companions import LEADERS, SPREAD
from hytki_match.matching.fusion import SCORE_DIGITS, best_first
from hytki_match.matching.parameters import RETRIEVAL_DEPTH
from hytki_match.matching.trees import Trees

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hytki_match.matching.asked import AskedLeg
    from hytki_match.matching.companions import Lift
    from hytki_match.matching.fusion import Ranking
    from hytki_match.matching.known import KnownQuestions
    from hytki_match.records import Query

    Array = NDArray[np.float64]

CANDIDATES = 60
"""Records whose scores are mended: far more than anybody reads."""

AROUND = 10
"""A record that no known question names moves as the others among so many best ones do."""

NEAREST, NEAREST_FEW = 20, 5
"""Known questions among which names are counted, and among which their says are added up."""

LEAST_SHARE = 1e-4
"""Share of all says that a record without any has, so that its logarithm is a number."""

FAR = -0.2
"""Cosine of the nearest known question that names a record, where none does."""


@lru_cache(maxsize=1)
def default_trees() -> Trees:
    """Return the trees that ship with the package."""
    return Trees(json.loads((files(__package__) / "trees.json").read_text(encoding="utf-8")))


class Seen(NamedTuple):
    """What the ranker sees of the best records: all but what missing the kind asked for costs.

    Judges call much useful that is of another kind. The trees were learned from them, and would
    take back what was set with people in mind.

    ``rankings`` are those of the legs, ``records`` the places of the records among all, ``scores``
    what legs and preferences give them, ``lift`` what companions add, ``lifted`` both, in parallel.
    """

    rankings: Mapping[str, Ranking]
    records: NDArray[np.int64]
    scores: Array
    lift: Lift
    lifted: Array


class Ranker:
    """Mends the scores of what the legs found."""

    def __init__(self, asked: AskedLeg, known: KnownQuestions, trees: Trees) -> None:
        self._asked = asked
        self._known = known
        self._trees = trees

    def corrections(self, query: Query, seen: Seen) -> Array:
        """Return what is added to the score of each record (records,).

        Nothing where too few questions are known to tell, as trees were learned from how they
        speak. What is no candidate stays behind the candidates.
        """
        records, lifted = seen.records, seen.lifted
        added = np.zeros(len(records))
        if not (self._trees.features and self._known.can_tell and len(records)):
            return added
        best, rest, features = self.candidates(query, seen)
        columns = np.column_stack([features[name] for name in self._trees.features])
        mended = self._trees.values(columns)
        named = self._known.is_named[records[best]]
        around = mended[:AROUND][named[:AROUND]]
        mended[~named] = around.mean() if len(around) else 0.0
        added[best] = mended
        if len(rest):
            least = (lifted[best] + mended).min() - 10.0**-SCORE_DIGITS
            added[rest] = min(least - lifted[rest[0]], 0.0)
        return added

    def candidates(
        self, query: Query, seen: Seen
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], dict[str, Array]]:
        """Return the candidates, all other records, best first, and the features of the former.

        Both come as places in ``seen``.
        """
        order = best_first(seen.records, seen.lifted.round(SCORE_DIGITS))
        best, rest = order[:CANDIDATES], order[CANDIDATES:]
        return best, rest, self._features(query, seen, best)

    def _features(self, query: Query, seen: Seen, best: NDArray[np.intp]) -> dict[str, Array]:
        """Return what is known of each candidate, best first, by name (candidates,)."""
        rankings, records = seen.rankings, seen.records[best]
        scores, lifted = seen.scores[best], seen.lifted[best]
        count = len(records)
        found = {leg: _scores(ranking, records) for leg, ranking in rankings.items()}
        found["asked_rank"] = _ranks(rankings["asked"], records)
        found["dense_rank"] = _ranks(rankings["dense"], records)
        found |= self._told(query, records)
        found |= self._beside(records, lifted)
        found["nearness"] = seen.lift.nearness[best]
        found["fused"] = scores
        found["fused_rank"] = np.argsort(np.argsort(-scores, kind="stable")).astype(float)
        found["lifted"] = lifted
        found["rank"] = np.arange(count, dtype=float)
        found["behind_first"] = lifted - lifted[0]
        found["first"] = np.full(count, lifted[0])
        found["first_to_fourth"] = np.full(count, lifted[0] - lifted[min(3, count - 1)])
        return found

    def _told(self, query: Query, records: NDArray[np.int64]) -> dict[str, Array]:
        """Return how the near known questions speak of each record."""
        told = self._asked.told(query)
        places, wanted = _places(told.records, records)
        told_answers = told.gains[wanted] == 1.0
        says, cosines, nearby = told.says[wanted], told.cosines[wanted], told.places[wanted]
        found = {}
        for name, kept in (("answer", told_answers), ("useful", ~told_answers)):
            at = places[kept]
            share = np.bincount(at, says[kept], len(records)) / told.every
            found[f"{name}_share"] = np.log(share + LEAST_SHARE)
            near = at[nearby[kept] < NEAREST]
            found[f"{name}_count"] = np.bincount(near, minlength=len(records)).astype(float)
            best = np.full(len(records), FAR)
            np.maximum.at(best, at, cosines[kept])
            found[f"{name}_cosine"] = best
        few = told_answers & (nearby < NEAREST_FEW)
        found["answer_share_few"] = np.bincount(places[few], says[few], len(records)) / told.every
        found["says"] = np.full(len(records), np.log(told.every))
        return found

    def _beside(self, records: NDArray[np.int64], lifted: Array) -> dict[str, Array]:
        """Return how often known questions name each record beside the best ones.

        Weighted by the scores of these, as their company in meaning is (``companions.py``).
        """
        shares = np.exp((lifted[:LEADERS] - lifted[0]) / SPREAD)
        sums = np.zeros((3, len(records)))
        for number, (leader, share) in enumerate(
            zip(records[:LEADERS].tolist(), shares.tolist(), strict=True)
        ):
            beside = self._asked.beside(leader)
            places, wanted = _places(beside.records, records)
            sums[0, places] += share * beside.named[wanted]
            sums[1, places] += share * beside.answers[wanted]
            if number < 3:
                sums[2, places] += beside.named[wanted]
        sums /= shares.sum()
        return {"beside": sums[0], "beside_answers": sums[1], "beside_first": sums[2]}


def _scores(ranking: Ranking, records: NDArray[np.int64]) -> Array:
    """Return the score of a leg of each record, its floor where it does not list it."""
    found = np.full(len(records), ranking.floor)
    places, wanted = _places(ranking.records, records)
    found[places] = ranking.scores[wanted]
    return found


def _ranks(ranking: Ranking, records: NDArray[np.int64]) -> Array:
    """Return the place of each record in a leg, from 0, the last one where it does not list it."""
    found = np.full(len(records), float(RETRIEVAL_DEPTH))
    places, wanted = _places(ranking.records, records)
    found[places] = np.flatnonzero(wanted)
    return found


def _places(
    found: NDArray[np.int64], records: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the places among records of those found that are among them, and which these are."""
    order = np.argsort(records)
    at = order[np.minimum(np.searchsorted(records, found, sorter=order), len(records) - 1)]
    wanted = records[at] == found
    return at[wanted], wanted
