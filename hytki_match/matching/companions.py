"""What stands near the best records: records that answer one need resemble each other.

That is the cluster hypothesis (van Rijsbergen, “Information Retrieval”, 1979), and scores are made
smoother by it as in Diaz, “Regularizing ad hoc retrieval scores” (2005):

    s'(d) = s(d) + weight * (near(d) - usual) + held(d)
    near(d) = sum over b of share(b) * mean over passages p of d of cos(p, b)

over the ``LEADERS`` best records b other than d; their shares are a softmax of s(b) / ``SPREAD``.
The direction of b is that of the sum of its passages.
The first ``KEPT`` records keep their scores and their places: they are what the question itself
found. No other one comes up to them (held), however near it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hytki_match.index.ragged import entries_of
from hytki_match.matching.fusion import SCORE_DIGITS, best_first

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hytki_match.index import Index

    Array = NDArray[np.float64]

KEPT = 3
LEADERS = 8
SPREAD = 0.7


class Lift(NamedTuple):
    """How records are moved, in the order in which they were given.

    ``nearness`` is near(d) - usual, 0 for records that stay as they are; ``held`` is at most 0.
    """

    nearness: Array
    held: Array


class Companions:
    """Tells how near the records that were found are to the best of them."""

    def __init__(self, index: Index, parameters: Mapping[str, float]) -> None:
        self._dense = index.dense
        # Passages stand in the order of their records.
        self._starts = np.searchsorted(index.owners, np.arange(len(index.corpus.records) + 1))
        self.weight = parameters["weight"]
        self._usual = parameters["usual"]

    def lifted(self, scores: Array, lift: Lift) -> Array:
        """Return scores with what moves their records."""
        return scores + self.weight * lift.nearness + lift.held

    def lift(self, records: NDArray[np.int64], scores: Array) -> Lift:
        """Tell how records are moved.

        Parameters
        ----------
        records, scores
            Places of the records and their scores, in parallel and in any order.
        """
        lift = Lift(np.zeros(len(records)), np.zeros(len(records)))
        order = best_first(records, scores.round(SCORE_DIGITS))
        rest = order[KEPT:]
        if not len(rest):
            return lift
        cosines = self._cosines(records[order])
        shares = np.exp((scores[order[:LEADERS]] - scores[order[0]]) / SPREAD)
        leaders = np.broadcast_to(shares, cosines.shape).copy()
        np.fill_diagonal(leaders, 0.0)
        near = (cosines * leaders).sum(axis=1) / leaders.sum(axis=1)
        lift.nearness[rest] = near[KEPT:] - self._usual
        most = scores[order[KEPT - 1]] - 10.0**-SCORE_DIGITS
        reached = scores[rest] + self.weight * lift.nearness[rest]
        lift.held[rest] = np.minimum(most - reached, 0.0)
        return lift

    def _cosines(self, records: NDArray[np.int64]) -> Array:
        """Return the mean cosine of each record's passages to each leader (records, leaders)."""
        passages, counts = entries_of(self._starts, records)
        starts = np.cumsum(counts) - counts
        vectors = self._dense.vectors_of(passages)
        sums = np.add.reduceat(vectors[: counts[:LEADERS].sum()], starts[:LEADERS], axis=0)
        leaders = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        # Not by BLAS: on a busy machine its threads wait for each other, 4 ms instead of 0.1.
        of_passages = np.einsum("pd,ld->pl", vectors, leaders)
        cosines: Array = np.add.reduceat(of_passages, starts) / counts[:, None]
        return cosines
