"""Known questions that are near to a new one, and what they say about it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.matching.parameters import RETRIEVAL_DEPTH
from hytki_match.matching.retrieval import (
    REMEMBERED,
    Near,
    NearPassages,
    QuestionVectors,
    passages_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hytki_match.index import Index

NEAR_QUESTIONS = 200
"""Known questions that are looked at: several for each record that may be shown."""

MIN_UNANSWERED = 50
"""With fewer questions that nobody answers, their distance says nothing."""

ANSWERED_DEPTH, UNANSWERED_DEPTH = 5, 3


class KnownQuestions:
    """The known questions of an index, searched once for each new one.

    ``can_tell`` says whether there are enough of both sorts to tell one from the other.
    ``numbers`` maps the ids of the records that questions name to their places, ``is_named``
    (records,) tells which these are, ``unnamed`` (passages,) whose records no question names, and
    ``scale`` puts the cosine of a question to a passage on the scale of that to a question: two
    texts of different kinds are farther apart.

    Parameters
    ----------
    scale
        ``offset`` and ``slope``.
    """

    def __init__(
        self,
        index: Index,
        vectors: QuestionVectors,
        near: NearPassages,
        scale: Mapping[str, float],
    ) -> None:
        self.questions = index.corpus.questions
        named = {doc_id for q in self.questions for doc_id in (*q.answers, *q.useful)}
        self.numbers = {doc_id: index.doc_ids.find(doc_id) for doc_id in named}
        self.is_named: NDArray[np.bool_] = np.zeros(len(index.doc_ids), bool)
        self.is_named[list(self.numbers.values())] = True
        self.unnamed: NDArray[np.bool_] = ~self.is_named[index.owners]
        self._scale = scale["offset"], scale["slope"]
        self._index, self._vectors, self._near_passages = index, vectors, near
        self._nearest_unnamed = lru_cache(maxsize=REMEMBERED)(self._find_nearest_unnamed)
        self._answered = np.array([bool(q.answers) for q in self.questions], bool)
        unanswered = int((~self._answered).sum())
        self.can_tell = MIN_UNANSWERED <= unanswered < len(self._answered)
        self._near = lru_cache(maxsize=REMEMBERED)(self._find_near)

    def near(self, text: str, *, told: bool = False) -> Near:
        """Return the nearest known questions.

        Parameters
        ----------
        told
            Whether the text is a part of a story: its vector is compared as it is, since what
            makes questions comparable was learned from questions.
        """
        return self._near(text, told)

    def _find_near(self, text: str, told: bool) -> Near:
        if told:
            return Near(*self._index.asked.search(self._vectors.of(text), NEAR_QUESTIONS))
        vector = self._vectors.among_questions(text)
        return Near(*self._index.compared.search(vector, NEAR_QUESTIONS))

    def margin(self, text: str) -> float:
        """Return by how much a question is nearer to answered questions than to unanswered ones.

        The mean cosine of the nearest answered ones less that of the nearest unanswered ones, -2
        to 2. Where fewer are near, the farthest question that was looked at stands for the rest.
        A record that no question names yet may answer instead, by its nearest passage.
        """
        found = self.near(text)
        answered = self._answered[found.numbers]
        nearest = max(
            _mean(found.cosines, answered, ANSWERED_DEPTH),
            *self._nearest_unnamed(text).tolist(),
            -1.0,
        )
        return float(nearest - _mean(found.cosines, ~answered, UNANSWERED_DEPTH))

    def _find_nearest_unnamed(self, text: str) -> NDArray[np.float32]:
        """Return the scaled cosine of the nearest passage that no question names, if any."""
        if not self.unnamed.any():
            return np.zeros(0, np.float32)
        # In a large corpus the legs have found it already.
        everything = self._near_passages.everything
        depth = passages_of(RETRIEVAL_DEPTH)
        cosines, numbers = self._near_passages.of(text, depth, everything)
        cosines = cosines[self.unnamed[numbers]]
        if not len(cosines):
            cosines, _ = self._index.dense.search(self._vectors.of(text), 1, self.unnamed)
        return self.scaled(cosines[:1])

    def scaled(self, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return cosines to passages on the scale of cosines to questions."""
        offset, slope = self._scale
        return offset + slope * cosines


def _mean(cosines: NDArray[np.float32], chosen: NDArray[np.bool_], depth: int) -> float:
    best = cosines[chosen][:depth]
    missing = np.full(depth - len(best), cosines[-1])
    return float(np.concatenate([best, missing]).mean())
