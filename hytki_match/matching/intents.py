"""How a question asks (who, where, when, whom to call …), and what is only talk."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from hytki_match.matching.attacks import is_attack
from hytki_match.matching.beyond import beyond_kind
from hytki_match.matching.distress import is_crisis, is_urgent
from hytki_match.matching.words import find, limits, same_length_fold

if TYPE_CHECKING:
    from hytki_match.records import Intent

ORDER: tuple[Intent, ...] = ("why", "more", "compare", "contact", "when", "where", "who")
"""Where several kinds of question words occur, the first of these decides."""

RESTART = "restart"
"""The talk that begins a conversation anew."""

MAX_CHAT_WORDS = 7
"""Talk is short; a long text that begins with a greeting asks something."""

_WORD = re.compile(r"\w+")


def intent_of(question: str) -> Intent:
    """Return how a question asks; ``what`` where no word tells."""
    found = {one.value for one in find("intent", question)}
    return next((intent for intent in ORDER if intent in found), "what")


def chat_kind(question: str, *, told: bool = False) -> str | None:
    """Return what kind of talk a text is (``greeting``, ``thanks`` …), or None for a question.

    Greetings and thanks must make up the whole text; a question about the assistant itself only
    has to begin like one; an ``attack``, a ``crisis``, an emergency (``ill``), and what
    this program does not do (``beyond``, ``privacy``) may stand around a topic.

    Parameters
    ----------
    told
        Whether the text is a part of a longer one: what happened to somebody is then its story.
    """
    return _kind_around(question, told=told) or _kind_of_whole(question)


def _kind_around(question: str, *, told: bool) -> str | None:
    """Return the kind of talk that a text is, whatever else it says."""
    if is_attack(question):
        return "attack"
    if is_crisis(question):
        return "crisis"
    if told:
        return None
    return "ill" if is_urgent(question) else beyond_kind(question)


def _kind_of_whole(question: str) -> str | None:
    """Return the kind of talk that all of a short text is."""
    text = " ".join(_WORD.findall(same_length_fold(question)))
    if not text or len(text.split()) > MAX_CHAT_WORDS:
        return None
    lists = limits()["chat"]
    for kind in ("own_data", "mistake", "owner", "fresh", "about", "smalltalk"):
        if any(f" {phrase}" in f" {text} " for phrase in lists[kind]):
            return kind
    if text in lists["wrong"]:
        return "wrong"
    rest, kinds = text, []
    for pattern, kind in _phrases():
        rest, count = pattern.subn(" ", rest)
        kinds += [kind] if count else []
    if not kinds or not set(rest.split()) <= set(lists["filler"]):
        return None
    # Who says thanks and goodbye is leaving.
    return "bye" if "bye" in kinds else kinds[0]


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the patterns of all phrases that may make up a talk, long ones first."""
    known = [
        (phrase, kind)
        for kind in (RESTART, "bye", "thanks", "greeting")
        for phrase in limits()["chat"][kind]
    ]
    return tuple(
        (re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)"), kind)
        for phrase, kind in sorted(known, key=lambda pair: -len(pair[0]))
    )
