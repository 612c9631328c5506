"""The trees of the learned ranker: what the sum of legs and companions leaves to be said.

Learned on the needs of ``questions/tuning``, each asked of an index that does not know it
(``training/blind.py``), as log-odds of being relevant, beside those that scores give alone. They
see how known questions speak and where a record stands, and neither its kind, nor its region, nor
its name: what missing a limit costs was set with people in mind, and judges would take it back.
Records that no known question names teach nothing: the ranker moves them as those around them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import lightgbm
import numpy as np

from hytki_match.matching import Matcher
from hytki_match.matching.trees import Trees
from training.day import TODAY
from training.ranking import logistic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hytki_match.evaluation.questions import JudgedSet
    from hytki_match.matching.trees import Grove, Tree

ROUNDS = 100
PLAN: dict[str, Any] = {
    "objective": "cross_entropy",
    "num_leaves": 15,
    "learning_rate": 0.05,
    "min_data_in_leaf": 800,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 50.0,
    "use_missing": False,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 2,
    "seed": 1,
    "verbosity": -1,
}
LARGEST_ODDS = (-12.0, 6.0)
"""Between which log-odds trees start: beyond, a judgement against them is a slip."""

TARGETS = {0: 0.0, 1: 0.6, 2: 1.0}
"""Share of readers who want to see a record of each grade: the gains of known questions."""

DIGITS = 6
"""Of thresholds and leaves: what is written is what is used."""


class Lesson(NamedTuple):
    """Candidates: ``columns`` (candidates, features), their scores so far, and their targets."""

    columns: NDArray[np.float64]
    lifted: NDArray[np.float64]
    targets: NDArray[np.float64]


def lessons(matcher: Matcher, judged: JudgedSet) -> tuple[list[str], list[Lesson]]:
    """Return the names of all features, and a lesson for each judged question."""
    names: list[str] = []
    found = []
    for question in judged.questions:
        grades = judged.qrels.get(question.query_id)
        if not grades:
            continue
        query = matcher.understand(question.text, today=TODAY)
        scored = matcher.scored(query, TODAY)
        lifted = matcher.companions.lifted(scored.scores, scored.lift)
        best, _, features = matcher.ranker.candidates(query, matcher.seen(scored))
        records = scored.records[best]
        kept = matcher.known.is_named[records]
        names = list(features)
        doc_ids = [matcher.preferences.doc_ids[record] for record in records.tolist()]
        targets = np.array([TARGETS[grades.get(doc_id, 0)] for doc_id in doc_ids])
        columns = np.column_stack([features[name] for name in names])
        found.append(Lesson(columns[kept], lifted[best][kept], targets[kept]))
    return names, found


def grow(names: Sequence[str], taught: Sequence[Lesson]) -> Grove:
    """Return trees over features that add to scores: gradient boosting (Friedman, 2001).

    They start from the log-odds that a logistic line through the scores gives.
    """
    columns = np.concatenate([lesson.columns for lesson in taught])
    targets = np.concatenate([lesson.targets for lesson in taught])
    lifted = np.concatenate([lesson.lifted for lesson in taught])
    offset, slope = logistic(lifted[:, None], targets)
    odds = (offset + slope * lifted).clip(*LARGEST_ODDS)
    data = lightgbm.Dataset(columns, targets, init_score=odds)
    model = lightgbm.train(PLAN, data, ROUNDS).dump_model()
    trees = [_as_tree(one["tree_structure"], names, slope) for one in model["tree_info"]]
    return {"features": sorted(set().union(*map(_named, trees))), "trees": trees}


def as_text(grove: Grove) -> str:
    """Return trees as they are kept: JSON with a line for each."""
    lines = ",\n".join(json.dumps(tree) for tree in grove["trees"])
    return f'{{"features": {json.dumps(grove["features"])}, "trees": [\n{lines}\n]}}\n'


def _as_tree(node: dict[str, Any], names: Sequence[str], slope: float) -> Tree:
    if "leaf_value" in node:
        return round(float(node["leaf_value"]) / slope, DIGITS)
    return {
        "feature": names[node["split_feature"]],
        "at_most": round(float(node["threshold"]), DIGITS),
        "low": _as_tree(node["left_child"], names, slope),
        "high": _as_tree(node["right_child"], names, slope),
    }


def _named(tree: Tree) -> set[str]:
    """Return the features that a tree asks for."""
    if not isinstance(tree, dict):
        return set()
    return {tree["feature"]} | _named(tree["low"]) | _named(tree["high"])


def learn_trees(
    parts: Sequence[tuple[Matcher, JudgedSet]],
) -> tuple[Grove, list[tuple[Matcher, JudgedSet]]]:
    """Return the trees of all folds, and each fold beside a matcher with those of the others.

    Parameters
    ----------
    parts
        The folds of the judged needs, each beside a matcher that knows none of them.
    """
    taught = [lessons(matcher, part) for matcher, part in parts]
    names = taught[0][0]
    judges = []
    for fold, (matcher, part) in enumerate(parts):
        others = [one for at, (_, found) in enumerate(taught) if at != fold for one in found]
        trees = Trees(grow(names, others))
        judges.append((Matcher(matcher.index, matcher.encoder, matcher.parameters, trees), part))
    every = [one for _, found in taught for one in found]
    return grow(names, every), judges
