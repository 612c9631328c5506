"""The legs: each takes a question and gives a ranking of records by their best passage."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from hytki_match.language.analysis import gram_terms, text_terms
from hytki_match.matching.ahead import Ahead
from hytki_match.matching.fusion import NO_PASSAGE, Ranking, best_first
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from hytki_match.encoder import Encoder
    from hytki_match.index import Index
    from hytki_match.index.lexical import LexicalIndex
    from hytki_match.records import Language, Query


REMEMBERED = 64

REMEMBERED_SEARCHES = 16
"""One for each of the questions that are being answered; each keeps what was allowed."""


class Leg(Protocol):
    """One way to find records; ``by_meaning`` tells that it needs the question's vector."""

    name: str
    by_meaning: bool

    def retrieve(self, query: Query, depth: int, allowed: Allowed) -> Ranking:
        """Rank at most ``depth`` of the allowed records."""
        ...


class Allowed:
    """The records that may be found, and their passages.

    ``records`` (records,) and ``passages`` (passages,) tell what may be found; both are None where
    everything may.

    Parameters
    ----------
    records
        Whether a record may be found (records,), in the order of the corpus; None allows all.
    """

    def __init__(self, index: Index, records: NDArray[np.bool_] | None = None) -> None:
        self.records = records
        self.passages: NDArray[np.bool_] | None = None if records is None else records[index.owners]


class QuestionVectors:
    """Vectors of the last questions: every leg asks for the same one, and it is encoded once."""

    def __init__(self, encoder: Encoder) -> None:
        self._ahead = Ahead(encoder.begin_query, REMEMBERED)
        self._encoder = encoder

    def begin(self, text: str) -> None:
        """Begin to encode a question; its vector will be asked for."""
        self._ahead.begin(text)

    def of(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question (dimension,)."""
        return self._ahead.result(text)

    def among_questions(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question that compares with those of known questions."""
        vector: NDArray[np.float32] = self._encoder.among_questions(self.of(text)[None])[0]
        return vector


class Near(NamedTuple):
    """Cosines and numbers of the nearest passages, or known questions, best first."""

    cosines: NDArray[np.float32]
    numbers: NDArray[np.int64]


class NearPassages:
    """Passages near to the last questions: several ask for the same, searched once.

    ``everything`` allows all.
    """

    def __init__(self, index: Index, vectors: QuestionVectors) -> None:
        self._dense, self._vectors = index.dense, vectors
        self.everything = Allowed(index)
        self._threads = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="search")
        self._ahead = Ahead(self._submit, REMEMBERED_SEARCHES)
        self._at_once = lru_cache(maxsize=REMEMBERED_SEARCHES)(self._search)

    def begin(self, text: str, depth: int, allowed: Allowed) -> None:
        """Begin to encode a question, and to search where that takes long, too."""
        self._vectors.begin(text)
        if not self._dense.is_exact:
            self._ahead.begin(text, depth, allowed)

    def of(self, text: str, depth: int, allowed: Allowed) -> Near:
        """Return cosines and numbers of passages, best first."""
        if self._dense.is_exact:
            return self._at_once(text, depth, allowed)
        return self._ahead.result(text, depth, allowed)

    def _submit(self, text: str, depth: int, allowed: Allowed) -> Future[Near]:
        return self._threads.submit(self._search, text, depth, allowed)

    def _search(self, text: str, depth: int, allowed: Allowed) -> Near:
        return Near(*self._dense.search(self._vectors.of(text), depth, allowed.passages))


class DenseLeg:
    """Nearest passages by meaning; scores are cosines, -1 to 1."""

    name = "dense"
    by_meaning = True

    def __init__(self, index: Index, near: NearPassages) -> None:
        self._index = index
        self._near = near

    def retrieve(self, query: Query, depth: int, allowed: Allowed) -> Ranking:
        """Search the passages of both languages and keep each record's best."""
        scores, numbers = self._near.of(query.search_text, passages_of(depth), allowed)
        floor = float(scores[-1]) if len(scores) else -1.0
        return _best_passages(self._index, numbers, scores, depth, floor)


class LexicalLeg:
    """BM25 over one kind of terms; scores are shares of the question covered, 0 to 1.

    The question is analysed once as Finnish against the Finnish passages and once as English
    against the English ones: an English term in a Finnish question still meets its record.
    """

    by_meaning = False

    def __init__(self, name: str, index: Index, postings: Mapping[Language, LexicalIndex]) -> None:
        self.name = name
        self._index = index
        self._postings = postings

    def retrieve(self, query: Query, depth: int, allowed: Allowed) -> Ranking:
        """Find the best of the allowed passages that share a term and keep each record's best."""
        wanted = passages_of(depth)
        # One more than is wanted: it tells whether anything is cut off.
        found = [
            postings.best(self._terms(query.search_text, language), wanted + 1, allowed.passages)
            for language, postings in self._postings.items()
        ]
        scores, numbers = (np.concatenate(part) for part in zip(*found, strict=True))
        best = np.lexsort((numbers, -scores))[:wanted]
        floor = float(scores[best[-1]]) if wanted < len(scores) else 0.0
        return _best_passages(self._index, numbers[best], scores[best], depth, floor)

    def _terms(self, text: str, language: Language) -> list[str]:
        if self.name == "grams":
            return gram_terms(text)
        return text_terms(text, language, self._index.compounds)


def passages_of(depth: int) -> int:
    """Return how many passages are searched for so many records."""
    return depth * len(LANGUAGES)


def _best_passages(
    index: Index,
    numbers: NDArray[np.int64] | NDArray[np.int32],
    scores: NDArray[np.float32],
    depth: int,
    floor: float,
) -> Ranking:
    """Keep the best passage of each record; ``numbers`` come best first."""
    records, first = np.unique(index.owners[numbers], return_index=True)
    return make_ranking(records, scores[first], depth, floor, index.languages[numbers[first]])


def make_ranking(
    records: NDArray[np.integer],
    scores: NDArray[np.floating],
    depth: int,
    floor: float,
    languages: NDArray[np.int8] | None = None,
) -> Ranking:
    """Order records by score, equal ones by id; what is cut off raises the floor."""
    order = best_first(records, scores)
    kept = order[:depth]
    if len(kept) < len(order):
        floor = float(scores[kept[-1]])
    if languages is None:
        languages = np.full(len(records), NO_PASSAGE, np.int8)
    return Ranking(
        records[kept].astype(np.int64), scores[kept].astype(np.float64), languages[kept], floor
    )
