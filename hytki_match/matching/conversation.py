"""A question in its conversation: what a follow-up keeps of the queries before it.

A pure function of history and question: a follow-up that changes a limit keeps the topic and the
other limits; one that asks whom to call keeps both, and one that asks for more turns the page; a
new topic keeps nothing. Greetings and thanks between two questions change nothing.
"""

from __future__ import annotations

import re
from calendar import isleap
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR
from functools import lru_cache
from typing import TYPE_CHECKING

from hytki_match.language.analysis import words
from hytki_match.language.function_words import is_function_word
from hytki_match.matching.elsewhere import looks_elsewhere
from hytki_match.matching.intents import RESTART, chat_kind
from hytki_match.matching.limits import mentions
from hytki_match.matching.short_turns import (
    MAX_SHORT_WORDS,
    MIN_TOPIC_CHARS,
    OPENING,
    is_about_place,
    names_audience,
    readmits,
    without_readmitted,
)
from hytki_match.matching.words import MAX_ENDING, limits, same_length_fold
from hytki_match.records import Constraint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.records import Query

MIN_STEM_CHARS = 4
LONG_STEM_CHARS = 7
"""A longer stem may have any case ending, a shorter one up to four letters, one of four none."""


MAX_ASIDE_WORDS = 3
"""After "not Kuopio" this many words still only say what else instead."""

_WORD = re.compile(r"[^\W_]+")
_YEAR_BEFORE = re.compile(r"(?<!\w)(?:year before|year earlier|vuotta aiemmin|edellisena vuonna)")
_YEAR_AFTER = re.compile(r"(?<!\w)(?:year after|year later|vuotta myohemmin|seuraavana vuonna)")

_POINTING = re.compile(
    r"(?<!\w)(?:siita|sita|sen|siella|siihen|siina|niita|niista|naista|tasta|tata|taman|sellais\w+|"
    r"samo\w+|samasta|alan|it|them|those|that|there|this|these|same|such|afterwards)(?!\w)"
)
_PRONOUN = re.compile(
    r"(?<!\w)(?:se|ne|niilla|niille|niiden|niihin|niissa|sille|heista|heille|heilla|heidan|heihin|"
    r"noista|nuo|nama|they|their|he|she)(?!\w)"
)
"""These point back in a short question only: "paljonko se maksaa"."""


@dataclass(frozen=True, slots=True)
class Continuation:
    """How a question goes on: with the topic of before, with a wider one, or anew."""

    topic: str
    constraints: tuple[Constraint, ...]
    unwanted: tuple[Constraint, ...] = ()
    subject: str = ""
    own: str = ""
    goes_on: bool = False
    count: int = 0
    page: int = 0


def continue_from(history: Sequence[Query], query: Query) -> Continuation:
    """Return the topic and the limits of a question that may lean on what was asked before.

    Parameters
    ----------
    history
        Earlier queries, oldest first, each with its own topic already completed.
    query
        The new question alone.
    """
    own = own_topic(query)
    # "Companies in Oulu" says nothing else, so it means just that.
    limits_said = query.constraints if own else _strict(query.constraints)
    fresh = Continuation(query.topic, limits_said, query.unwanted, count=query.count)
    before = last_question(history)
    if before is None or mentions("topic_change", query.text):
        return fresh
    # What a question about a price or the like added was not meant for the next one.
    before = replace(before, topic=before.subject or before.topic)
    folded = same_length_fold(query.text)
    if said_shortly := _short_turn(query, before, own):
        return said_shortly
    shifted = _shifted_year(folded, before)
    if shifted:
        query = replace(query, constraints=(*query.constraints, shifted))
    is_aside = query.unwanted and len(own) <= MAX_ASIDE_WORDS and not looks_elsewhere(folded)
    if not own or shifted or is_aside:
        return _merged(query, before, before.topic)
    points, opens = bool(_POINTING.search(folded)), bool(OPENING.search(folded))
    short = len(folded.split()) <= MAX_SHORT_WORDS
    means_it = short and (points or bool(_PRONOUN.search(folded)))
    # "And the price?" asks about what was found.
    of_aspect = all(mentions("aspect", word) for word in own)
    means_it = means_it or of_aspect
    if len(own) <= 2 and (query.intent == "contact" or means_it or (points and len(own) == 1)):
        found = _merged(query, before, f"{before.topic} {' '.join(own)}", own=True)
        return replace(found, subject=before.topic if of_aspect else "")
    if opens or points:
        # "And for the same customers, pills from a machine?" has its topic in the setting of
        # before; "where can they grow it into a company?" only its place.
        if not (opens and points):
            return _merged(query, before, query.topic, own=True)
        found = _merged(query, before, f"{query.topic} {before.topic}", own=True)
        return replace(found, own=query.topic)
    return fresh


def _short_turn(query: Query, before: Query, own: Sequence[str]) -> Continuation | None:
    """Return how a short follow-up goes on that has no subject whatever its words; else None."""
    if before.unwanted and readmits(query):
        plain = replace(query, constraints=(), unwanted=())
        return _merged(plain, without_readmitted(before, query), before.topic)
    if is_about_place(query.text):
        return _merged(query, before, before.topic, without_region=True)
    if names_audience(query.text):
        return _merged(query, before, f"{before.topic} {' '.join(own)}")
    return None


def last_question(history: Sequence[Query]) -> Query | None:
    """Return the last query that asked something since the conversation began or began anew."""
    for query in reversed(history):
        kind = chat_kind(query.text)
        if kind is None:
            return query
        if kind == RESTART:
            return None
    return None


def own_topic(query: Query) -> list[str]:
    """Return the words of a question that say what it is about, limits and fillers left out."""
    text = query.topic
    for constraint in query.constraints:
        text = text.replace(constraint.words, " ")
    lead, asking = _said_of_any_topic()
    short = _short_topics(text)
    return [
        word
        for word in words(text)
        if (len(word) >= MIN_TOPIC_CHARS or word in short)
        and (word in short or not is_function_word(word))
        and same_length_fold(word) not in lead
        and not _is_form_of(same_length_fold(word), asking)
        and not word.isdigit()
    ]


def _short_topics(text: str) -> set[str]:
    """Return the words of two letters that are a topic: abbreviations ("AI companies")."""
    found = (word for word in _WORD.findall(text) if len(word) == len("AI"))
    known = limits()["short_topics"]["words"]
    return {word.lower() for word in found if word.isupper() or word.lower() in known}


def compared_words(query: Query, text: str) -> list[str]:
    """Return the words of a comparison that say in what things are compared."""
    own = set(own_topic(replace(query, topic=text)))
    found = _WORD.findall(text)
    return [word for word in found if word.lower() in own]


@lru_cache(maxsize=1)
def _said_of_any_topic() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return words that lead to a topic, and stems of those that tell how it is asked about."""
    phrases = (phrase for group in limits()["intent"].values() for phrase in group)
    words_of = (word.strip("= ").split("|") for phrase in phrases for word in phrase.split())
    asking = {word for choices in words_of for word in choices}
    stems = tuple(sorted(stem for stem in asking if len(stem) >= MIN_STEM_CHARS))
    return frozenset(limits()["lead"]["words"]), stems


def _is_form_of(word: str, stems: tuple[str, ...]) -> bool:
    """Tell whether a folded word is one of some stems with at most an ending.

    "Restaurants" have nothing to do with *the rest*, nor "painonhallinta" with *missä päin*.
    """
    # Hardly a word begins so: that is told in one go.
    return word.startswith(stems) and any(
        word.startswith(stem) and len(word) - len(stem) <= _most_ending(stem) for stem in stems
    )


def _most_ending(stem: str) -> int:
    return MAX_ENDING if len(stem) > LONG_STEM_CHARS else 4 if len(stem) > MIN_STEM_CHARS else 0


def is_browsing(query: Query) -> bool:
    """Tell whether a question has limits that filter, and nothing else ("companies in Oulu").

    Who asks for a hackathon has said what it is about.
    """
    strict = all(limit.strict for limit in query.constraints)
    is_narrow = any(
        limit.name == "kind" and mentions("narrow", limit.words) for limit in query.constraints
    )
    return bool(query.constraints) and strict and not is_narrow and not own_topic(query)


def has_topic(query: Query) -> bool:
    """Tell whether a question is about anything beside its limits."""
    return bool(own_topic(replace(query, constraints=())))


def _shifted_year(folded: str, before: Query) -> Constraint | None:
    """Return the time of before, moved by a year, where the question asks for that."""
    step = -1 if _YEAR_BEFORE.search(folded) else 1 if _YEAR_AFTER.search(folded) else 0
    for limit in before.constraints:
        if limit.name != "time" or not step:
            continue
        ends = [_moved(end, step) for end in limit.value.split("/")]
        years = [end[:4] for end in ends if _is_day(end)]
        if years:
            return replace(limit, value="/".join(ends), words=years[0])
    return None


def _moved(end: str, years: int) -> str:
    """Return an end of an interval some years later; an open one stays."""
    if not _is_day(end):
        return end
    year = int(end[:4]) + years
    # The last of February is that of the year.
    return f"{year}-02-28" if end.endswith("-02-29") and not isleap(year) else f"{year}{end[4:]}"


def _is_day(end: str) -> bool:
    """Tell whether an end is a day that was said: not open, no end of the calendar."""
    return end[:4].isdigit() and MINYEAR < int(end[:4]) < MAXYEAR


def _strict(constraints: Sequence[Constraint]) -> tuple[Constraint, ...]:
    return tuple(replace(limit, strict=True) for limit in constraints)


def _merged(
    query: Query, before: Query, topic: str, *, own: bool = False, without_region: bool = False
) -> Continuation:
    """Keep the limits of before that the question does not set anew; they all filter now.

    A question with words of its own asks for another kind of thing than before, in the same place.
    """
    names = {constraint.name for constraint in query.constraints}
    if own:
        names |= {"kind", "time"}
    # Who rules out a kind may go on wanting another; of regions only what is left.
    ruled_out = {limit.value for limit in query.unwanted if limit.name == "kind"}
    names |= {"region"} if query.unwanted_regions or without_region else set()
    kept = [
        replace(limit, kept=True, strict=limit.strict or limit.name == "region")
        for limit in before.constraints
        if limit.name not in names
        and limit.value not in ruled_out
        and limit.key not in query.without
    ]
    # In "who advises firms?" firms are not what is looked for.
    loose = own and query.intent in ("who", "contact")
    asked = [
        limit if loose and limit.name == "kind" else replace(limit, strict=True)
        for limit in query.constraints
    ]
    set_anew = {limit.name for limit in query.constraints}
    unwanted = {
        limit.key: replace(limit, kept=True)
        for limit in before.unwanted
        if limit.name not in set_anew and limit.key not in query.without
    } | {limit.key: limit for limit in query.unwanted}
    constraints = (*asked, *kept)
    return Continuation(
        topic.strip(),
        constraints,
        tuple(unwanted.values()),
        goes_on=True,
        count=query.count or before.count,
        page=_page(query, before, topic.strip(), constraints),
    )


def _page(query: Query, before: Query, topic: str, constraints: Sequence[Constraint]) -> int:
    """Return the next page where more of the same is asked for; another list begins anew."""
    same = topic == before.topic and not query.count
    same = same and {c.key for c in constraints} == {c.key for c in before.constraints}
    return before.page + 1 if same and query.intent == "more" else 0
