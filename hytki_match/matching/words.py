"""Finding words of a list in a question, by their beginnings, folded: ``limits.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from hytki_match.language.analysis import fold
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hytki_match.records import Text


MAX_ENDING = 6

_CASE_OF_LETTERS = re.compile(r"\b([A-ZÅÄÖ]{3,})[a-zäö]{1,5}\b")

_GAP = r"(?:[\s,]+[\w'-]+){0,3}"
"""What ``*`` stands for in a phrase: up to three words."""


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of a question, from ``start`` to before ``end``, and what it stands for."""

    value: str
    start: int
    end: int


@lru_cache(maxsize=1)
def limits() -> Mapping[str, Any]:
    """Return the lists of ``limits.toml``."""
    return tomllib.loads((files(__package__) / "limits.toml").read_text(encoding="utf-8"))


def find(section: str, question: str) -> Iterator[Found]:
    """Give what the lists of a section find in a question, in their order there."""
    folded = same_length_fold(question)
    found = [
        Found(value, *match.span())
        for value, pattern in _patterns(section)
        for match in pattern.finditer(folded)
    ]
    return iter(sorted(found, key=lambda one: (one.start, -one.end)))


def blanked(text: str, spans: Iterable[Found]) -> str:
    """Return a text with blanks in the place of some stretches of it."""
    for span in spans:
        text = f"{text[: span.start]}{' ' * (span.end - span.start)}{text[span.end :]}"
    return text


@lru_cache(maxsize=256)
def same_length_fold(text: str) -> str:
    """Fold a text so that every character stays in its place."""
    return text.lower() if text.isascii() else "".join(map(_fold_character, text))


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in "’‘":
        return "'"  # phones type "don’t"
    return (fold(character) or " ")[:1]


def in_both(*texts: Text) -> str:
    """Return some texts in both languages, a line for each."""
    return "\n".join(text.get(language) for text in texts for language in LANGUAGES)


def without_endings(text: str) -> str:
    """Return a text whose abbreviations have no ending of a case: ``OYSin`` is ``OYS``."""
    return _CASE_OF_LETTERS.sub(r"\1", text)


@lru_cache(maxsize=16)
def _patterns(section: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((value, list_pattern(section, value)) for value in limits()[section])


def says(section: str, name: str, folded: str) -> bool:
    """Tell whether a folded text has a word of one list of ``limits.toml``."""
    return bool(list_pattern(section, name).search(folded))


@lru_cache(maxsize=128)
def list_pattern(section: str, name: str) -> re.Pattern[str]:
    """Return the pattern of one list of ``limits.toml``."""
    return pattern_of(limits()[section][name])


def pattern_of(words: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern for beginnings of words.

    ``=word`` is a whole one; ``~word`` may be the last part of a compound. What follows a beginning
    is a case ending: a longer rest would be another word of a compound, and the compound is then
    about that (``yritys`` is a company, ``yritysneuvonta`` is not). ``sai|saa * kohtau`` has
    ``sai`` or ``saa``, some words that do not matter, and then a beginning.
    """
    parts = []
    for word in sorted(words, key=len, reverse=True):
        head = r"\w*" if word.startswith("~") else ""
        ending = "" if word.startswith("=") or word.endswith(" ") else rf"\w{{0,{MAX_ENDING}}}"
        parts.append(head + _body_of(word.strip("=~ ")) + ending)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


def _body_of(phrase: str) -> str:
    """Return the pattern of a phrase without marks: alternatives of a word, and gaps between."""
    body = ""
    for position, word in enumerate(phrase.split(" ")):
        if word == "*":
            body += _GAP
            continue
        choices = "|".join(re.escape(fold(choice)) for choice in word.split("|"))
        between = r"[\s,]+" if position else ""
        body += between + (f"(?:{choices})" if "|" in word else choices)
    return body
