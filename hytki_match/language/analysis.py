"""Text to terms: words, stems, parts of Finnish compounds, and character 4-grams."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hytki_match.records import Language

MIN_PART_CHARS = 4
"""Shorter parts would split words by accident (``tie|to``, ``kuo|pio``)."""

GRAM_CHARS = 4

_WORD = re.compile(r"[^\W_]+")
_SNOWBALL_NAME = {"fi": "finnish", "en": "english"}


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, in order; hyphens and underscores divide words."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())


@lru_cache(maxsize=2)
def _stemmer(language: Language) -> Any:  # noqa: ANN401 - snowballstemmer has no types
    import snowballstemmer

    return snowballstemmer.stemmer(_SNOWBALL_NAME[language])


@lru_cache(maxsize=100_000)
def stem(word: str, language: Language) -> str:
    """Return the Snowball stem of one lower-case word."""
    result: str = _stemmer(language).stemWord(word)
    return result


class Compounds:
    """Splits Finnish compounds at words that are known to stand alone.

    Parameters
    ----------
    known
        Lower-case words, as a corpus writes them. The first part of a compound must be one of
        them as it is (``terveys|data``, ``terveyden|huolto``); the last may be inflected.
    stems
        Their stems, where these were worked out before.
    """

    def __init__(self, known: Iterable[str], stems: Iterable[str] | None = None) -> None:
        self.known = frozenset(
            word for word in known if len(word) >= MIN_PART_CHARS and word.isalpha()
        )
        self.stems = frozenset(
            (stem(word, "fi") for word in self.known) if stems is None else stems
        )
        self._cache: dict[str, tuple[str, ...]] = {}

    def split(self, word: str) -> tuple[str, ...]:
        """Return the parts of a compound, longest first part first; () for a word without parts."""
        if word not in self._cache:
            self._cache[word] = self._split(word)
        return self._cache[word]

    def _split(self, word: str) -> tuple[str, ...]:
        for cut in range(len(word) - MIN_PART_CHARS, MIN_PART_CHARS - 1, -1):
            head, tail = word[:cut], word[cut:]
            if head in self.known and (tail in self.known or stem(tail, "fi") in self.stems):
                return (*(self.split(head) or (head,)), *(self.split(tail) or (tail,)))
        return ()


def word_terms(word: str, language: Language, compounds: Compounds) -> list[str]:
    """Return the stem of one word, and for a Finnish compound the stems of its parts."""
    terms = [stem(word, language)]
    if language == "fi":
        terms += [stem(part, "fi") for part in compounds.split(word)]
    return terms


def text_terms(text: str, language: Language, compounds: Compounds) -> list[str]:
    """Return the terms of a text: one per word, and more for Finnish compounds."""
    return [term for word in words(text) for term in word_terms(word, language, compounds)]


def gram_terms(text: str) -> list[str]:
    """Return the character 4-grams of each word with its edges marked.

    They carry what stems cannot: typing mistakes, missing dots, rare inflections, parts of names.
    """
    return [gram for word in words(text) for gram in _word_grams(word)]


@lru_cache(maxsize=100_000)
def _word_grams(word: str) -> tuple[str, ...]:
    marked = _marked(word)
    return tuple(_runs(marked, GRAM_CHARS)) or (marked,)


def word_parts(word: str, lengths: Iterable[int]) -> list[str]:
    """Return all character n-grams of a word with its edges marked, of each of some lengths."""
    marked = _marked(word)
    return [part for length in lengths for part in _runs(marked, length)]


def _marked(word: str) -> str:
    return f"_{fold(word)}_"


def _runs(text: str, length: int) -> list[str]:
    return [text[start : start + length] for start in range(len(text) - length + 1)]


def fold(text: str) -> str:
    """Return the text in lower case without dots and accents: ``Jyväskylä`` as ``jyvaskyla``."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
