"""Unseen records: train the retrieval stage on four fifths of the records, measure on the fifth.

A row that an operator adds tomorrow is in that position: the encoder has never read a question
about it. Judged questions are measured whose exact answers all lie in the fifth left out; all
records are searched, so what was trained on competes with what was not.

Only the static half alone can be measured like this on a CPU. It starts as a static model that has
read no question (:mod:`training.alone`); the transformer has read questions about every record, so
it stands beside it nowhere here, not even for saying which records are nearly the same.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from hytki_match.evaluation.measures import Estimate, estimate, query_values
from hytki_match.evaluation.questions import EXACT
from hytki_match.evaluation.runs import DEPTH
from training.alone import QUESTIONS, Asked, encode, train_alone
from training.retrieval import forms_of, siblings, targets, without
from training.static import Bags

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray
    from tokenizers import Tokenizer
    from torch import Tensor

    from hytki_match.evaluation.questions import JudgedQuestion, JudgedSet
    from training.alone import AlonePlan, Pairs
    from training.retrieval import Passages, Question

FOLDS = 5
EPOCHS = 6.0
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


@dataclass(frozen=True)
class Stage:
    """What the retrieval stages of all folds share.

    ``start`` holds the vectors of a static model that has read no question.
    """

    start: Tensor
    tokenizer: Tokenizer
    pairs: Pairs
    related: Pairs
    questions: Sequence[Question]
    passages: Passages
    plan: AlonePlan
    report: Callable[[str], None]

    def train(self, unseen: Collection[str] = ()) -> Tensor:
        """Return the vectors after a stage that knows nothing of some records.

        No question that they answer exactly is read, and they are neither right nor wrong for any
        other.
        """
        known = without(self.questions, unseen)
        self.report(f"{len(unseen)} records unseen, {len(known)} questions of the others")
        return train_alone(
            self.start, self.pairs, self.related, self.plan, self.report, self._asked(known, unseen)
        )

    def _asked(self, known: Sequence[Question], unseen: Collection[str]) -> Asked:
        texts = forms_of(known, random.Random(SEED))  # noqa: S311 - no secret
        doc_ids, passages = self.passages.doc_ids, self.passages.texts
        whole = encode(self.start, self.tokenizer, passages[: 2 * len(doc_ids)])
        near = siblings(torch.from_numpy(whole))
        truth, blocked = targets(known, doc_ids, near)
        hidden = torch.tensor([doc_id in unseen for doc_id in doc_ids])
        return Asked(
            Bags(self.tokenizer, texts),
            Bags(self.tokenizer, passages),
            truth,
            blocked | hidden[None],
        )


def steps_for(questions: Sequence[Question], epochs: float = EPOCHS) -> int:
    """Return how many steps read every question about ``epochs`` times."""
    return math.ceil(epochs * len(questions) / QUESTIONS)


def dense_values(
    asked: Mapping[str, NDArray[np.float32]],
    passages: NDArray[np.float32],
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
    for query_id, vector in asked.items():
        cosines = (passages @ vector).reshape(2, -1).max(axis=0)
        order = np.argsort(-cosines, kind="stable")[:DEPTH]
        run[query_id] = [(doc_ids[i], float(cosines[i])) for i in order]
    qrels = {query_id: judged.qrels[query_id] for query_id in asked}
    return query_values(run, qrels)["nDCG@10"]


def values_of(
    encode_texts: Callable[[Sequence[str]], NDArray[np.float32]],
    questions: Sequence[JudgedQuestion],
    passages: Passages,
    judged: JudgedSet,
) -> Values:
    """Return nDCG@10 of some judged questions with an encoder."""
    texts = [*passages.whole["fi"], *passages.whole["en"]]
    vectors = encode_texts([q.text for q in questions])
    asked = {q.query_id: vector for q, vector in zip(questions, vectors, strict=True)}
    return dense_values(asked, encode_texts(texts), passages.doc_ids, judged)


def unseen_values(stage: Stage, judged: JudgedSet) -> tuple[Values, list[int]]:
    """Train once for each fold; return the values of all questions and their number by fold."""
    exact = exact_answers(judged)
    values: Values = {}
    counts = []
    for fold in make_folds(stage.passages.doc_ids, exact.values()):
        questions = [q for q in judged.questions if exact[q.query_id] and exact[q.query_id] <= fold]
        vectors = stage.train(fold)

        def encoded(texts: Sequence[str], vectors: Tensor = vectors) -> NDArray[np.float32]:
            return encode(vectors, stage.tokenizer, texts)

        found = values_of(encoded, questions, stage.passages, judged)
        stage.report(f"fold: {len(questions)} questions, {np.mean(list(found.values())):.3f}")
        values |= found
        counts.append(len(questions))
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
