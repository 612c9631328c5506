"""A need in two languages: its stretches in Finnish and in English, each to be read in its own."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from hytki_match.adviser.asking import asking
from hytki_match.adviser.sentences import sentences_of
from hytki_match.language.analysis import words
from hytki_match.language.detection import detect_language
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hytki_match.records import Language

SURE = 0.95
"""Probability from which a sentence is in the other language than its text."""

LEAST_WORDS = 4
"""Words of a sentence that can be: a shorter one may be a name or a term, unless it asks."""


class Stretch(NamedTuple):
    """Sentences in a row in one language, as they stand in the text."""

    text: str
    language: Language


def stretches_of(text: str, language: Language) -> list[Stretch]:
    """Return the stretches of a text, the text as it is where it has one language.

    Parameters
    ----------
    language
        That of most of the text; a sentence too short to tell is in it.
    """
    ends: list[tuple[int, Language]] = []
    end = 0
    for sentence in sentences_of(text):
        end = text.find(sentence, end) + len(sentence)
        ends.append((end, _spoken(sentence, language)))
    if all(spoken == language for _, spoken in ends):
        return [Stretch(text, language)]
    return list(_joined(text, ends))


def _joined(text: str, ends: list[tuple[int, Language]]) -> Iterator[Stretch]:
    start = 0
    for spoken, group in groupby(ends, key=lambda found: found[1]):
        end = max(place for place, _ in group)
        yield Stretch(text[start:end].strip(), spoken)
        start = end


def _spoken(sentence: str, language: Language) -> Language:
    if len(words(sentence)) < LEAST_WORDS and not _asks_only_in_another(sentence, language):
        return language
    spoken, probability = detect_language(sentence, language)
    return spoken if probability >= SURE else language


def _asks_only_in_another(sentence: str, language: Language) -> bool:
    """Tell whether a text has words of asking of another language and none of its own."""
    others = (other for other in LANGUAGES if other != language)
    asks = any(asking(other).strong.search(sentence) for other in others)
    return asks and not asking(language).asks(sentence)
