"""Whether the probability of a hit is true: of hits given 0.7, seven in ten should be relevant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from hytki_match.evaluation.runs import Run

    Array = NDArray[np.float64]

BINS = 10
DEPTH = 20
"""Hits of each question that are looked at: as many as the probabilities were learned on."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Hits whose probability lies from ``low`` to below ``high``.

    ``predicted`` is the mean of their probabilities, ``observed`` the share that a person judged
    relevant, ``count`` how many they are.
    """

    low: float
    high: float
    predicted: float
    observed: float
    count: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """The bins that hold any hit, lowest first, and the expected calibration error."""

    bins: tuple[Bin, ...]
    error: float


def reliability(probabilities: Array, relevant: Array, bins: int = BINS) -> Calibration:
    """Compare probabilities with judgements in bins of equal width.

    error = sum over bins of (count / all) * |observed - predicted|

    Parameters
    ----------
    probabilities
        (hits,), 0 to 1.
    relevant
        (hits,), 1 where a person judged the hit relevant, else 0.

    References
    ----------
    Naeini, Cooper and Hauskrecht (2015), Obtaining well calibrated probabilities using Bayesian
    binning.
    """
    at = np.minimum((probabilities * bins).astype(int), bins - 1)
    found = []
    for number in np.unique(at):
        members = at == number
        predicted, observed = probabilities[members].mean(), relevant[members].mean()
        found.append(
            Bin(
                float(number / bins),
                float((number + 1) / bins),
                float(predicted),
                float(observed),
                int(members.sum()),
            )
        )
    error = sum(one.count / len(at) * abs(one.observed - one.predicted) for one in found)
    return Calibration(tuple(found), error)


def run_reliability(
    run: Run, qrels: Mapping[str, Mapping[str, int]], probability: Callable[[float], float]
) -> Calibration | None:
    """Compare the probabilities of the first hits of each judged query; None without hits.

    Parameters
    ----------
    probability
        Of a score. Any grade above 0 is relevant, and a record without a judgement is not.
    """
    pairs = [
        (probability(score), float(qrels[query_id].get(doc_id, 0) > 0))
        for query_id in sorted(qrels)
        for doc_id, score in run.get(query_id, ())[:DEPTH]
    ]
    if not pairs:
        return None
    predicted, relevant = np.array(pairs, float).T
    return reliability(predicted, relevant)
