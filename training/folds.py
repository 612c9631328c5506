"""Unseen records: train the retrieval stage on four fifths of the records, measure on the fifth.

A row that an operator adds tomorrow is in that position: the encoder has never read a question
about it. Judged questions are measured whose exact answers all lie in the fifth left out; all
records are searched, so what was trained on competes with what was not. Each fold starts where
stage 1 ended, which read no question and no passage.
"""

from __future__ import annotations

import random
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from hytki_match.evaluation.measures import Estimate, estimate, query_values
from hytki_match.evaluation.questions import EXACT
from hytki_match.evaluation.runs import DEPTH
from training.retrieval import RetrievalPlan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from hytki_match.evaluation.questions import JudgedQuestion, JudgedSet
    from training.retrieval import Question, RetrievalStage

FOLDS = 5
SEED = 20

Values = dict[str, float]
"""nDCG@10 by ``query_id``."""


def exact_answers(judged: JudgedSet) -> dict[str, frozenset[str]]:
    """Return the records that answer each judged question exactly, by ``query_id``."""
    return {
        query_id: frozenset(doc_id for doc_id, grade in grades.items() if grade == EXACT)
        for query_id, grades in judged.qrels.items()
    }


def make_folds(
    doc_ids: Sequence[str], together: Iterable[Collection[str]], count: int = FOLDS
) -> list[frozenset[str]]:
    """Split records into folds of like size, by chance.

    Parameters
    ----------
    together
        Sets of records; those of one set come into one fold. With the exact answers of each judged
        question here, every judged question can be measured in some fold.
    """
    number = {doc_id: place for place, doc_id in enumerate(doc_ids)}
    edges = [(number[s[0]], number[d]) for s in map(sorted, together) if s for d in s]
    rows, columns = np.array(edges, np.int64).reshape(-1, 2).T
    ones = np.ones(len(rows), np.int8)
    graph = coo_array((ones, (rows, columns)), shape=(len(number), len(number)))
    groups: dict[int, list[str]] = defaultdict(list)
    for doc_id, group in zip(doc_ids, connected_components(graph, directed=False)[1], strict=True):
        groups[int(group)].append(doc_id)
    order = [groups[key] for key in sorted(groups)]
    random.Random(SEED).shuffle(order)  # noqa: S311 - no secret
    folds: list[list[str]] = [[] for _ in range(count)]
    for group_ids in sorted(order, key=len, reverse=True):
        min(folds, key=len).extend(group_ids)
    return [frozenset(fold) for fold in folds]


def dense_values(
    asked: Mapping[str, NDArray[np.floating]],
    passages: NDArray[np.floating],
    doc_ids: Sequence[str],
    judged: JudgedSet,
) -> Values:
    """Return nDCG@10 of ranking by vectors alone; a record has the cosine of its better passage.

    Parameters
    ----------
    asked
        Unit vectors of questions by ``query_id``.
    passages
        Unit vectors of the Finnish passages of all records, then of the English ones.
    """
    run = {}
    passages = passages.astype(np.float32)
    for query_id, vector in asked.items():
        cosines = (passages @ vector.astype(np.float32)).reshape(2, -1).max(axis=0)
        order = np.argsort(-cosines, kind="stable")[:DEPTH]
        run[query_id] = [(doc_ids[i], float(cosines[i])) for i in order]
    qrels = {query_id: judged.qrels[query_id] for query_id in asked}
    return query_values(run, qrels)["nDCG@10"]


def unseen_values(
    stage: RetrievalStage,
    questions: Sequence[Question],
    judged: JudgedSet,
    plan: RetrievalPlan | None = None,
) -> tuple[Values, list[int]]:
    """Train once for each fold; return the values of all judged questions, and counts by fold.

    Parameters
    ----------
    questions
        All that may be trained on; each fold takes those that its own records do not answer.
    """
    exact = exact_answers(judged)
    values: Values = {}
    counts = []
    for fold in make_folds(stage.doc_ids, exact.values()):
        left = [q for q in judged.questions if exact[q.query_id] and exact[q.query_id] <= fold]
        student = stage.train(questions, plan or RetrievalPlan(), fold)
        found = stage.vectors(student, [q.text for q in left])
        asked = {q.query_id: v for q, v in zip(left, found["questions"], strict=True)}
        values |= dense_values(asked, found["passages"], stage.doc_ids, judged)
        counts.append(len(left))
    return values, counts


def summary(values: Values, questions: Sequence[JudgedQuestion]) -> list[Estimate]:
    """Return the mean of the Finnish, the English and all questions."""
    parts = (
        [q for q in questions if q.language == "fi"],
        [q for q in questions if q.language == "en"],
        questions,
    )
    found = [estimate(values, part) for part in parts]
    return [one for one in found if one is not None]
