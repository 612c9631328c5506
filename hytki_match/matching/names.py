"""Records that a question names: their rare name words, as written or with a typing mistake."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

from hytki_match.language.analysis import fold, stem, words
from hytki_match.language.function_words import function_words
from hytki_match.matching.ragged import entries_of
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hytki_match.index import Index
    from hytki_match.records import Text

MIN_CHARS = 4
MAX_RECORDS = 6
"""A word in more names than this names no record."""

MAX_TEXT_SHARE = 0.02
"""Nor does one in more than this share of all passages: it is a common word."""

MIN_SIMILARITY = 70.0
"""Of 100: about two mistakes in eight letters."""


class NameFinder:
    """Scores records by how surely a question names them.

    Holds the words of all names as one list, and for each record the places of its words there.

    Parameters
    ----------
    names
        The names of the index's records, in their order.
    """

    def __init__(self, index: Index, names: Sequence[Text]) -> None:
        by_word: dict[str, set[int]] = defaultdict(set)
        for number, name in enumerate(names):
            for text in {name.fi, name.en}:
                for word in map(fold, words(text)):
                    if len(by_word[word]) <= MAX_RECORDS:  # of a common word one more is enough
                        by_word[word].add(number)
        self._index = index
        named = {
            word: sorted(numbers)
            for word, numbers in sorted(by_word.items())
            if len(word) >= MIN_CHARS and len(numbers) <= MAX_RECORDS
        }
        self._known = list(named)
        self._shared = np.array([len(numbers) for numbers in named.values()], np.int64)
        owners = np.array([n for numbers in named.values() for n in numbers], np.int64)
        order = np.argsort(owners, kind="stable")
        self._places = np.repeat(np.arange(len(named)), self._shared)[order]
        self._starts = np.searchsorted(owners[order], np.arange(len(names) + 1))

    def score(self, question: str, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return for some records 0 (not named) to 1 (a rare word of its name stands there).

        Only the names of these records are compared: a question costs the same in any corpus.
        """
        scores = np.zeros(len(numbers), np.float32)
        asked = [word for word in dict.fromkeys(map(fold, words(question))) if self._may_name(word)]
        entries, counts = entries_of(self._starts, numbers)
        if not asked or not len(entries):
            return scores
        places, rows = self._places[entries], np.repeat(np.arange(len(numbers)), counts)
        known = [self._known[place] for place in places.tolist()]
        similar = process.cdist(asked, known, scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY)
        best = similar.max(axis=0).astype(np.float64) / 100
        for at in np.flatnonzero(best):
            if self._is_common(known[at]):
                best[at] = 0
        np.maximum.at(scores, rows, (best / self._shared[places] ** 0.5).astype(np.float32))
        return scores

    def _may_name(self, word: str) -> bool:
        return (
            len(word) >= MIN_CHARS
            and not any(word in function_words(language) for language in LANGUAGES)
            and not self._is_common(word)
        )

    def _is_common(self, word: str) -> bool:
        """Tell whether a word, as either language would inflect it, stands in many passages."""
        most = MAX_TEXT_SHARE * len(self._index.passages)
        return any(
            self._index.words[language].document_count(stem(word, language)) > most
            for language in LANGUAGES
        )
