"""Questions in Swedish and German, word by word in English: enough to find what they ask about.

Passages and known questions are in Finnish and English, and so is the encoder. A list of words of
the field, with endings and compounds, is no translation; it is searched and told, never shown as
an answer.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from hytki_match.language.analysis import fold, words
from hytki_match.language.function_words import is_function_word

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hytki_match.language.detection import Foreign, Known

FILES: Mapping[Foreign, str] = {
    "sv": "swedish.toml",
    # langdetect takes short Swedish for the languages beside it; their words are mostly alike.
    "no": "swedish.toml",
    "da": "swedish.toml",
    "de": "german.toml",
}

MIN_PART_CHARS = 3
"""A shorter stem is only a word of its own, not one with an ending or a part of a compound."""

MIN_OWN_WORDS = 2

LEAST_SHARE = 0.5
"""With fewer words known than this share, a question is not understood."""


class Glossary:
    """The words of one language in English.

    Parameters
    ----------
    file
        One of ``FILES``, beside this module.
    """

    def __init__(self, file: str) -> None:
        text = (files(__package__) / file).read_text(encoding="utf-8")
        content = tomllib.loads(text)
        stems: dict[str, str] = {
            stem: english for english, some in content["words"].items() for stem in some.split()
        }
        # As it is written first: without its dots "vår" (our) would be "var" (where).
        self._words = {_folded(stem): english for stem, english in reversed(stems.items())} | stems
        self._endings: list[str] = content["endings"]["endings"]
        self._links: list[str] = content["endings"]["links"]

    def english(self, word: str) -> str:
        """Return what a lower-case word is in English; empty where it is not known."""
        return next(filter(None, map(self._english, (word, _folded(word)))), "")

    def has(self, word: str) -> bool:
        """Tell whether a lower-case word stands in the list just so."""
        return word in self._words

    def _english(self, word: str) -> str:
        return self._inflected(word) or self._compound(word)

    def _inflected(self, word: str) -> str:
        if word in self._words:
            return self._words[word]
        found = (self._without(word, ending) for ending in self._endings)
        return next(filter(None, found), "")

    def _without(self, word: str, end: str) -> str:
        """Return what a word is in English that has an end; empty where it has not, or is short.

        "Kameror": kamera. What ends in a vowel loses it before an ending.
        """
        stem = word.removesuffix(end)
        if len(stem) < MIN_PART_CHARS or not word.endswith(end):
            return ""
        return next(filter(None, map(self._words.get, (stem, f"{stem}a", f"{stem}e"))), "")

    def _compound(self, word: str) -> str:
        """Return the parts of a compound, the longest first part first."""
        for cut in range(len(word) - MIN_PART_CHARS, MIN_PART_CHARS - 1, -1):
            parts = (self._without(word[:cut], link) for link in self._links)
            first = next(filter(None, parts), "")
            rest = first and (self._inflected(word[cut:]) or self._compound(word[cut:]))
            if rest:
                return f"{first} {rest}"
        return ""


@lru_cache(maxsize=len(FILES))
def _glossary(file: str) -> Glossary:
    return Glossary(file)


def language_by_words(text: str, is_known: Known, names: Collection[str] = ()) -> Foreign | None:
    """Return the language that has half of a text's words or more, at least two; else None.

    langdetect has too few letters to tell short questions by.

    Parameters
    ----------
    is_known
        Tells whether a lower-case word is known to be Finnish or English: such words do not count.
    names
        Lower-case words that tell no language, such as those of towns.
    """
    found = [word for word in words(text) if word not in names]
    least = max(MIN_OWN_WORDS, len(found) / 2)
    for language in ("sv", "de"):
        own = list(filter(_glossary(FILES[language]).has, found))
        if len(own) < least:
            continue  # nearly always, and it is quicker than to ask what is known
        strange = [word for word in own if not (is_function_word(word) or is_known(word))]
        if len(strange) >= least:
            return language
    return None


@lru_cache(maxsize=256)
def in_english(text: str, language: Foreign) -> str:
    """Return a question word by word in English; empty where too little of it is known.

    Words that are not known stay as they are: names, and what is written alike everywhere.

    Parameters
    ----------
    language
        Its language; there is a list for those of ``FILES``.
    """
    if language not in FILES:
        return ""
    glossary = _glossary(FILES[language])
    found = [(word, glossary.english(word)) for word in words(text)]
    known = sum(bool(english) for _, english in found)
    if not found or known < LEAST_SHARE * len(found):
        return ""
    end = "?" if text.rstrip().endswith("?") else ""
    return " ".join(english or word for word, english in found) + end


def _folded(word: str) -> str:
    return fold(word).replace("ß", "ss")
