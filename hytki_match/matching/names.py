"""Records that a question names: their rare name words, as written or with a typing mistake."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

from hytki_match.language.analysis import fold, stem, words
from hytki_match.language.function_words import function_words
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hytki_match.index import Index

MIN_CHARS = 4
MAX_RECORDS = 6
"""A word in more names than this names no record."""

MAX_TEXT_SHARE = 0.02
"""Nor does one in more than this share of all passages: it is a common word."""

MIN_SIMILARITY = 70.0
"""Of 100: about two mistakes in eight letters."""


class NameFinder:
    """Scores records by how surely a question names them."""

    def __init__(self, index: Index) -> None:
        self._size = len(index.corpus.records)
        by_word: dict[str, set[int]] = defaultdict(set)
        for number, record in enumerate(index.corpus.records.values()):
            for text in {record.name.fi, record.name.en}:
                for word in words(text):
                    by_word[fold(word)].add(number)
        self._index = index
        self._records = {
            word: sorted(numbers)
            for word, numbers in sorted(by_word.items())
            if len(word) >= MIN_CHARS and len(numbers) <= MAX_RECORDS and not self._is_common(word)
        }
        self._known = list(self._records)

    def score(self, question: str) -> NDArray[np.float32]:
        """Return for each record 0 (not named) to 1 (a rare word of its name stands there)."""
        scores = np.zeros(self._size, np.float32)
        asked = [word for word in dict.fromkeys(map(fold, words(question))) if self._may_name(word)]
        if not asked or not self._known:
            return scores
        similar = process.cdist(asked, self._known, scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY)
        for row in similar:
            for column in np.flatnonzero(row):
                value = float(row[column]) / 100
                numbers = self._records[self._known[column]]
                scores[numbers] = np.maximum(scores[numbers], value / len(numbers) ** 0.5)
        return scores

    def _may_name(self, word: str) -> bool:
        return (
            len(word) >= MIN_CHARS
            and not self._is_common(word)
            and not any(word in function_words(language) for language in LANGUAGES)
        )

    def _is_common(self, word: str) -> bool:
        """Tell whether a word, as either language would inflect it, stands in many passages."""
        most = MAX_TEXT_SHARE * len(self._index.passages)
        return any(
            self._index.words[language].document_count(stem(word, language)) > most
            for language in LANGUAGES
        )
