"""Which result a follow-up points at: "why the second one?", "miksi juuri Oura?"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hytki_match.matching.intents import intent_of
from hytki_match.matching.words import limits, list_pattern, same_length_fold, says
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hytki_match.records import Language

MAX_WORDS = 12
"""A longer text tells something of its own."""

MAX_LANGUAGE_WORDS = 6
MAX_BARE_WORDS = 4
"""Words of a text that begins with the place itself: "toinen kuulostaa hyvältä"."""

_WORD = re.compile(r"[\w.'-]*\w")


class Pointed(NamedTuple):
    """The result that a question points at: its place from 1 among those shown, or records by id.

    Neither where it points at none.
    """

    place: int = 0
    records: tuple[str, ...] = ()


def pointed_at(question: str, called: Callable[[str], Sequence[str]]) -> Pointed:
    """Tell which of the results before a question asks about; nothing beside that may be asked.

    Parameters
    ----------
    called
        Gives the ids of the records that some words, and nothing beside them, are the name of.
    """
    folded = same_length_fold(question)
    words = list(_WORD.finditer(folded))
    if len(words) > MAX_WORDS:
        return Pointed()
    why = list_pattern("pointing", "why").match(folded)
    opening = why or list_pattern("pointing", "tell").match(folded)
    start = opening.end() if opening else 0
    # "The second sounds good"; a bare figure may be anything.
    is_bare = (
        len(words) <= MAX_BARE_WORDS and words and words[0][0].isalpha() and _number(words[0][0])
    )
    rest = [word for word in words if word.start() >= start] if opening or is_bare else []
    others = [word for word in rest if not (_number(word[0]) or _is_around(word[0]))]
    if others:
        name = question[others[0].start() : others[-1].end()]
        return Pointed(records=tuple(called(name) if why else ()))
    numbers = [number for word in rest if (number := _number(word[0]))]
    if len(numbers) == 1:
        return Pointed(place=numbers[0])
    return Pointed(place=int(intent_of(question) == "why"))


def language_asked_for(question: str) -> Language | None:
    """Return the language in which a short text wants the answer before it, None for any other."""
    if len(question.split()) > MAX_LANGUAGE_WORDS:
        return None
    return next(
        (lang for lang in LANGUAGES if says("in_language", lang, same_length_fold(question))), None
    )


def asks_again(question: str) -> bool:
    """Tell whether a short text wants no more than what the answer before it shows already."""
    said = list_pattern("again", "words").match(same_length_fold(question).strip())
    return bool(said) and len(question.split()) <= MAX_BARE_WORDS + 1


def _is_around(word: str) -> bool:
    return bool(list_pattern("pointing", "around").fullmatch(word))


def _number(word: str) -> int:
    """Return which place a folded word names, 0 for none."""
    if word.rstrip(".").isdigit() and len(word) <= len("10."):
        return int(word.rstrip("."))
    places = limits()["pointing"]["places"]
    return next((at for at, forms in enumerate(places, 1) if re.fullmatch(forms, word)), 0)
