"""What a search for partners is not asked for: opinions on politics, texts to write, own data.

Nobody gets matches, and a person to call, for these. Who works with such things (political
decisions as data, help with an application, a citizen's right to their data) asks a question.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from hytki_match.matching.words import limits, list_pattern, same_length_fold, says

REACH = 60
"""Characters after a verb in which what is to be written is looked for."""

_SENTENCE_END = re.compile(r"[.!?;\n]")

_ELSEWHERE = re.compile(
    r"(?<!\w)(?:\w{3,}(?:sta|lta|ssa|lla)|(?:from|in|within|on|at)\s+(?:the\s+)?\w{2,})(?!\w)"
)
"""A place: a Finnish word in a case of place, an English one after a preposition."""


def beyond_kind(text: str) -> Literal["beyond", "privacy"] | None:
    """Tell whether a text asks for what this program does not do, or what it does with questions.

    ``beyond`` is politics or a command to write something, ``privacy`` the asker's own data in
    this service.
    """
    folded = same_length_fold(text)
    if _is_politics(folded) or _is_command_to_write(folded):
        return "beyond"
    return "privacy" if _is_on_own_data(folded) else None


def _is_politics(folded: str) -> bool:
    """Tell whether a text asks whom to vote for, or what to think of a party or a government."""
    if says("beyond", "vote", folded):
        return True
    if says("beyond", "decides", folded):
        return False
    return says("beyond", "party", folded) or (
        says("beyond", "power", folded) and says("beyond", "opinion", folded)
    )


def _is_command_to_write(folded: str) -> bool:
    """Tell whether a clause begins with a verb of writing and a text follows it."""
    if says("beyond", "seeks", folded):
        return False
    if says("beyond", "instead", folded):
        return True
    return any(
        says("beyond", "written", _SENTENCE_END.split(folded[verb.end() : verb.end() + REACH])[0])
        for verb in _verb().finditer(folded)
    )


def _is_on_own_data(folded: str) -> bool:
    """Tell whether somebody asks what becomes of their data here, or wants it erased."""
    if says("privacy", "alone", folded):
        return True
    here = says("privacy", "here", folded)
    if not says("privacy", "mine", folded) or (not here and says("privacy", "others", folded)):
        return False
    if says("privacy", "treats", folded) or any(
        list_pattern("privacy", "sees").match(sentence.strip())
        for sentence in _SENTENCE_END.split(folded)
    ):
        return True
    return says("privacy", "erases", folded) and (here or not _ELSEWHERE.search(folded))


@lru_cache(maxsize=1)
def _verb() -> re.Pattern[str]:
    """Return the pattern of a verb of writing where a clause begins, politely or not."""
    lists = limits()["beyond"]
    before = "|".join(map(re.escape, lists["asks"]))
    return re.compile(
        rf"(?:^|[.!?;:,])\s*(?:(?:{before})[\s,]+)*{list_pattern('beyond', 'writes').pattern}"
    )
