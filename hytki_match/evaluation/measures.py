"""Measures over runs and judgements, by ir_measures, with intervals by scipy's bootstrap."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ir_measures
import numpy as np
from scipy.stats import bootstrap

from hytki_match.evaluation.questions import EXACT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hytki_match.evaluation.questions import JudgedQuestion
    from hytki_match.evaluation.runs import Run

# nDCG: Järvelin and Kekäläinen, “Cumulated gain-based evaluation of IR techniques” (2002).
# R@10 counts what is at least useful; RR and Success count exact answers only, because with some
# twelve useful records to a need, one of them among three is no achievement.
MEASURES = {
    "nDCG@10": ir_measures.nDCG @ 10,
    "R@10": ir_measures.R @ 10,
    "RR": ir_measures.RR(rel=EXACT),
    "Success@1": ir_measures.Success(rel=EXACT) @ 1,
    "Success@3": ir_measures.Success(rel=EXACT) @ 3,
}

CAPPED = "R_cap@10"
"""R@10 as a share of the most that ten places can hold: a need with twenty relevant records has an
R@10 of 0.5 at best. Thakur et al., “BEIR” (2021), where it is R_cap@k."""

COLUMNS = ("nDCG@10", "R@10", CAPPED, "RR", "Success@1", "Success@3")
"""What is shown, in this order."""

RESAMPLES = 2000
SEED = 20


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over needs, 0 to 1, with its 95 % interval over resampled needs."""

    mean: float
    low: float
    high: float
    needs: int


def query_values(run: Run, qrels: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, float]]:
    """Return each measure of each query; a query without hits has 0 everywhere."""
    judged = {query_id: dict(docs) for query_id, docs in qrels.items()}
    found = {query_id: dict(run.get(query_id, ())) for query_id in judged}
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(judged, 0.0) for name in MEASURES}
    names = {str(measure): name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), judged, found):
        values[names[str(metric.measure)]][metric.query_id] = float(metric.value)
    values[CAPPED] = {
        query_id: recall
        / min(1.0, 10 / max(sum(grade > 0 for grade in judged[query_id].values()), 1))
        for query_id, recall in values["R@10"].items()
    }
    return values


def estimate(values: Mapping[str, float], questions: Iterable[JudgedQuestion]) -> Estimate | None:
    """Return the mean over the needs of some questions; None if none of them has a value.

    A need that is asked in two languages counts once, with the mean of both: the interval is over
    needs, because two wordings of one need are not two independent observations.
    """
    by_need: dict[str, list[float]] = defaultdict(list)
    for question in questions:
        if question.query_id in values:
            by_need[question.need_id].append(values[question.query_id])
    means = [float(np.mean(by_need[need])) for need in sorted(by_need)]
    if not means:
        return None
    low, high = interval(means)
    return Estimate(float(np.mean(means)), low, high, len(means))


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % percentile interval of the mean over resampled values, seeded."""
    if len(set(values)) == 1:
        return values[0], values[0]
    result = bootstrap(
        (np.asarray(values, float),),
        np.mean,
        n_resamples=RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return float(result.low), float(result.high)
