"""What a sentence says beside where partners should be: nothing, who writes, or a thing."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from hytki_match.adviser.place_words import area_patterns, cues, refusal_patterns
from hytki_match.language.analysis import words
from hytki_match.language.function_words import is_function_word
from hytki_match.matching.outside import find_outside
from hytki_match.matching.places import find_places
from hytki_match.matching.words import Found, same_length_fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_ONLY = (
    "search",
    "somebody",
    "wish",
    "prefer",
    "refuse",
    "neutral",
    "fits",
    "far",
    "stays",
    "before",
    "elsewhere",
    "anybody",
    "nearby",
    "soft",
    "filler",
)
"""Lists of words that say nothing beside where."""


_SPOKEN = re.compile(r"(\w{3}[aeiouyäö])ki\b")
"""What is added to a name in speech: “mut Turkuki käy”."""


def regions_in(sentence: str) -> tuple[Found, ...]:
    """Return the regions that a sentence names, those of a larger area (“Northern Finland”) too."""
    folded = same_length_fold(sentence)
    wider = [
        Found(region, *match.span())
        for region, pattern in area_patterns().items()
        for match in pattern.finditer(folded)
    ]
    spoken = _SPOKEN.sub(r"\1  ", sentence)
    named = [
        replace(place, end=place.end + 2) if sentence[place.end :][:2] == "ki" else place
        for place in find_places(spoken)
    ]
    return tuple(sorted((*named, *wider), key=lambda place: place.start))


def introduces(sentence: str) -> bool:
    """Tell whether a sentence says only who writes and where they are: “We are a firm in Oulu”."""
    has_place = regions_in(sentence) or find_outside(sentence)
    folded = same_length_fold(sentence)
    is_own = cues("own").search(folded) and not cues("search").search(folded)
    return bool(has_place and is_own) and says_no_more(sentence, ("own", "who", "small"))


def says_no_more(sentence: str, more: Sequence[str] = ()) -> bool:
    """Tell whether a text has no word beside its places, those of asking, and some more lists."""
    return not left_of(sentence, more)


def left_of(sentence: str, more: Sequence[str] = ()) -> list[str]:
    """Return the words of a sentence, folded, that are none of places, asking and these lists."""
    rest = same_length_fold(sentence)
    places = chain(regions_in(sentence), find_outside(sentence))
    for start, end in sorted({(place.start, place.end) for place in places}, reverse=True):
        rest = f"{rest[:start]} {rest[end:]}"
    for pattern in chain((cues("rest"),), refusal_patterns(), map(cues, (*_ONLY, *more))):
        rest = pattern.sub(" ", rest)
    return [word for word in words(rest) if not is_function_word(word) and len(word) > 2]
