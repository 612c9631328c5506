"""Short follow-ups that have no subject of their own, whatever their words are."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from hytki_match.language.analysis import words
from hytki_match.language.function_words import is_function_word
from hytki_match.matching.limits import mentions
from hytki_match.matching.outside import find_outside
from hytki_match.matching.words import blanked, same_length_fold

if TYPE_CHECKING:
    from hytki_match.records import Constraint, Query

MAX_SHORT_WORDS = 6
"""A question up to this length that points back ("how much does it cost?") has no topic alone."""

MIN_TOPIC_CHARS = 3

ALIKE_CHARS = 4
"""Beginning that what is taken back must share with what was ruled out."""

_FOR_WHOM = re.compile(
    r"\W*(?:(?:and|what about|how about)\s+)?for\s+(?:the\s+)?\w+(?:\s+people|\s+patients)?\W*"
)
OPENING = re.compile(r"^\W*(?:enta\w*|ja|and|what about|how about|but|mutta|or|tai|sitten|then)\b")


def readmits(query: Query) -> bool:
    """Tell whether a short text takes back what was ruled out: "Oulu is fine after all"."""
    is_short = len(query.text.split()) <= MAX_SHORT_WORDS
    return is_short and not query.unwanted and mentions("readmit", query.text)


def without_readmitted(before: Query, query: Query) -> Query:
    """Return the query of before without what a text names of that which it rules out, or all."""
    said = same_length_fold(query.text).split()
    wanted = {limit.value for limit in query.constraints}

    def is_named(limit: Constraint) -> bool:
        ruled_out = same_length_fold(limit.words).split()
        alike = any(
            len(word) >= ALIKE_CHARS and one.startswith(word[:ALIKE_CHARS])
            for word in said
            for one in ruled_out
        )
        return limit.value in wanted or alike

    kept = tuple(limit for limit in before.unwanted if not is_named(limit))
    return replace(before, unwanted=kept if len(kept) < len(before.unwanted) else ())


def is_about_place(text: str) -> bool:
    """Tell whether a short text says no more than that the place does not matter, or lies outside.

    Of a place that no region holds the answer says that nothing here is from there.
    """
    if len(text.split()) > MAX_SHORT_WORDS:
        return False
    if mentions("anywhere", text):
        return True
    outside = find_outside(text)
    rest = words(blanked(text, outside))
    return bool(outside) and all(
        is_function_word(word) or len(word) < MIN_TOPIC_CHARS for word in rest
    )


def names_audience(text: str) -> bool:
    """Tell whether a short follow-up only says for whom: "entä vanhuksille?", "for children"."""
    folded = same_length_fold(text)
    said = [word for word in words(OPENING.sub("", folded)) if len(word) >= MIN_TOPIC_CHARS]
    finnish = len(said) == 1 and said[0].endswith("ille")
    return finnish or bool(_FOR_WHOM.fullmatch(folded))
