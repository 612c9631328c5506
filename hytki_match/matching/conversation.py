"""A question in its conversation: what a follow-up keeps of the queries before it.

A pure function of history and question: a follow-up that changes a limit keeps the topic and the
other limits; one that asks whom to call keeps both; a new topic keeps nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hytki_match.language.analysis import words
from hytki_match.language.function_words import function_words
from hytki_match.matching.limits import mentions
from hytki_match.matching.words import limits, same_length_fold
from hytki_match.records import LANGUAGES, Constraint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.records import Query

MIN_TOPIC_CHARS = 3

_POINTING = re.compile(
    r"(?<!\w)(?:siita|sita|sen|siella|siihen|siina|niita|niista|naista|tasta|tata|taman|sellais\w+|"
    r"samo\w+|samasta|alan|it|them|those|that|there|this|these|same|such|afterwards)(?!\w)"
)
_OPENING = re.compile(r"^\W*(?:enta\w*|ja|and|what about|how about|but|mutta|or|tai|sitten|then)\b")


@dataclass(frozen=True, slots=True)
class Continuation:
    """How a question goes on: with the topic of before, with a wider one, or anew."""

    topic: str
    constraints: tuple[Constraint, ...]
    unwanted: tuple[str, ...] = ()
    goes_on: bool = False


def continue_from(
    history: Sequence[Query], query: Query, unwanted: Sequence[str] = ()
) -> Continuation:
    """Return the topic and the limits of a question that may lean on what was asked before.

    Parameters
    ----------
    history
        Earlier queries, oldest first, each with its own topic already completed.
    query
        The new question alone.
    unwanted
        Regions that the new question rules out.
    """
    fresh = Continuation(query.topic, query.constraints, tuple(unwanted))
    if not history or mentions("topic_change", "words", query.text):
        return fresh
    before = history[-1]
    own = own_topic(query)
    if not own:
        return _merged(query, before, before.topic, unwanted)
    folded = same_length_fold(query.text)
    if len(own) <= 2 and (_POINTING.search(folded) or query.intent == "contact"):
        return _merged(query, before, f"{before.topic} {' '.join(own)}", unwanted)
    if _OPENING.search(folded) and _POINTING.search(folded):
        # "And for the same customers, pills from a machine?": a new topic in an old setting.
        return _merged(query, before, f"{query.topic} {before.topic}", unwanted)
    return fresh


def own_topic(query: Query) -> list[str]:
    """Return the words of a question that say what it is about, limits and fillers left out."""
    text = query.topic
    for constraint in query.constraints:
        text = text.replace(constraint.words, " ")
    lead = set(limits()["lead"]["words"])
    intent = " ".join(word for group in limits()["intent"].values() for word in group)
    asking = {word.strip("= ") for word in intent.split()}
    return [
        word
        for word in words(text)
        if len(word) >= MIN_TOPIC_CHARS
        and not any(word in function_words(language) for language in LANGUAGES)
        and same_length_fold(word) not in lead
        and not any(same_length_fold(word).startswith(stem) for stem in asking if len(stem) > 4)
        and not word.isdigit()
    ]


def _merged(query: Query, before: Query, topic: str, unwanted: Sequence[str]) -> Continuation:
    """Keep the limits of before that the question does not set anew."""
    names = {constraint.name for constraint in query.constraints}
    if unwanted:
        names.add("region")
    kept = [
        replace(constraint, kept=True)
        for constraint in before.constraints
        if constraint.name not in names and constraint.key not in query.without
    ]
    return Continuation(topic.strip(), (*query.constraints, *kept), tuple(unwanted), goes_on=True)
