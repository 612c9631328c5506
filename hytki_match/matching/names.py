"""Records that a question names: their rare name words, as written or with a typing mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

from hytki_match.index.facts import MIN_NAME_CHARS
from hytki_match.index.ragged import entries_of
from hytki_match.language.analysis import fold, stem, words
from hytki_match.language.function_words import is_function_word
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hytki_match.index import Index

MAX_TEXT_SHARE = 0.02
"""A word in more than this share of all passages names no record: it is a common word."""

MIN_SIMILARITY = 70.0
"""Of 100: about two mistakes in eight letters."""


class NameFinder:
    """Scores records by how surely a question names them."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._names = index.names

    def score(self, question: str, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return for some records 0 (not named) to 1 (a rare word of its name stands there).

        Only the names of these records are compared: a question costs the same in any corpus.
        """
        scores = np.zeros(len(numbers), np.float32)
        asked = [word for word in dict.fromkeys(map(fold, words(question))) if self._may_name(word)]
        entries, counts = entries_of(self._names.starts, numbers)
        if not asked or not len(entries):
            return scores
        places, rows = self._names.places[entries], np.repeat(np.arange(len(numbers)), counts)
        known = self._names.words.take(places)
        similar = process.cdist(asked, known, scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY)
        best = similar.max(axis=0).astype(np.float64) / 100
        for at in np.flatnonzero(best):
            if self._is_common(known[at]):
                best[at] = 0
        np.maximum.at(scores, rows, (best / self._names.shared[places] ** 0.5).astype(np.float32))
        return scores

    def _may_name(self, word: str) -> bool:
        return (
            len(word) >= MIN_NAME_CHARS and not is_function_word(word) and not self._is_common(word)
        )

    def _is_common(self, word: str) -> bool:
        """Tell whether a word, as either language would inflect it, stands in many passages."""
        most = MAX_TEXT_SHARE * len(self._index.passages)
        return any(
            self._index.words[language].document_count(stem(word, language)) > most
            for language in LANGUAGES
        )
