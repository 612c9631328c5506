"""Question to ``Query``: language, how it asks, its limits, its topic in the conversation."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from hytki_match.language.analysis import words
from hytki_match.language.detection import detect_language, foreign_language
from hytki_match.language.glossary import in_english, language_by_words
from hytki_match.matching.conversation import compared_words, continue_from, last_question
from hytki_match.matching.intents import intent_of
from hytki_match.matching.limits import find_limits
from hytki_match.matching.places import find_places
from hytki_match.matching.pointing import asks_again, language_asked_for, pointed_at
from hytki_match.matching.tidying import unwrapped
from hytki_match.matching.words import blanked
from hytki_match.records import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date

    from hytki_match.language.detection import Evidence, Foreign, Known
    from hytki_match.records import Constraint, Language, Table

_ENGLISH_BEFORE = re.compile(r"\b(?:in|from|near|around|outside)\s+$", re.IGNORECASE)


def understand(
    question: str,
    *,
    fallback: Language,
    region_ids: Collection[str],
    today: date,
    evidence: Evidence | None = None,
    is_known: Known | None = None,
    regions: Sequence[str] = (),
    kinds: Sequence[Table] = (),
    history: Sequence[Query] = (),
    without: Sequence[str] = (),
    tidy: Callable[[str, Language], str] | None = None,
    called: Callable[[str], Sequence[str]] = lambda _: (),
) -> Query:
    """Tell what a question asks.

    Parameters
    ----------
    fallback
        Language of the page or the conversation, for a question too short to tell.
    region_ids
        Regions of the corpus; a named region outside them is not a preference.
    today
        The day that *next* and *last* are counted from.
    evidence
        Log-odds that a word is Finnish, from the corpus; see :func:`detect_language`.
    is_known
        Tells whether a word is Finnish or English; see :func:`foreign_language`.
    regions, kinds
        Filters that the asker set.
    history
        Queries of the conversation so far, oldest first.
    without
        Keys of constraints that the asker removed.
    tidy
        Gives the text that is searched in place of one that was written, in its language.
    called
        Gives the ids of the records that some words, and nothing beside them, are the name of.
    """
    if history:
        fallback = history[-1].language
    read = _read(question, fallback, evidence, is_known)
    asked: dict[str, Any] = {
        "text": question,
        "language": read.language,
        "confidence": read.confidence,
        "regions": tuple(sorted(regions)),
        "kinds": tuple(sorted(kinds)),
        "without": tuple(sorted(without)),
    }
    before = last_question(history)
    if before and (again := _of_result(before, read.text, called, asked)):
        return again
    limits = find_limits(read.text, read.text_language, region_ids, today, without, called)
    query = Query(
        **asked,
        topic=unwrapped(limits.topic),
        intent=intent_of(read.text),
        constraints=limits.constraints,
        unwanted=limits.unwanted,
        foreign=read.foreign,
        count=limits.count,
        tidied=read.english,
    )
    # What is in a third language is not mended into one of ours.
    return _completed(query, history, None if read.foreign else tidy)


class _Read(NamedTuple):
    """How a question is read: in its language, or, where that is a third one, in ``english``."""

    text: str
    language: Language
    confidence: float
    foreign: bool
    english: str

    @property
    def text_language(self) -> Language:
        return "en" if self.english else self.language


def _read(
    question: str, fallback: Language, evidence: Evidence | None, is_known: Known | None
) -> _Read:
    language, confidence = detect_language(_told_by(question), fallback, evidence)
    foreign = _foreign(question, is_known)
    english = in_english(question, foreign) if foreign else ""
    answered_in = fallback if foreign else language
    return _Read(english or question, answered_in, confidence, foreign is not None, english)


def _completed(
    query: Query, history: Sequence[Query], tidy: Callable[[str, Language], str] | None
) -> Query:
    """Return a query with what it keeps of the conversation, and the text that is searched."""
    goes_on = continue_from(history, query)
    wanted_text = query.wanted_text
    tidied = tidy(wanted_text, query.language) if tidy else query.tidied or wanted_text
    wanted = [c.value for c in goes_on.constraints if c.name == "region"]
    if query.intent == "compare" and len(wanted) > 1 and not goes_on.goes_on:
        # "Compare" and the places would bring whatever else compares, or stands for a place.
        tidied = " ".join(compared_words(query, tidied)) or tidied
    return replace(
        query,
        topic=tidy(goes_on.topic, query.language) if tidy else goes_on.topic,
        constraints=goes_on.constraints,
        named_regions=tuple(dict.fromkeys(wanted)),
        unwanted=goes_on.unwanted,
        subject=goes_on.subject,
        own=goes_on.own,
        goes_on=goes_on.goes_on,
        count=goes_on.count,
        page=goes_on.page,
        tidied=tidied if tidied != query.text else "",
    )


def _of_result(
    before: Query, read: str, called: Callable[[str], Sequence[str]], asked: Mapping[str, Any]
) -> Query | None:
    """Return the query of before, about one of its results or in the other language.

    It is searched as it was. None where a text asks for anything else.
    """
    language, pointed = language_asked_for(read), pointed_at(read, called)
    if not (language or asks_again(read) or any(pointed)):
        return None
    return replace(
        before,
        **{**asked, "language": language or asked["language"]},
        constraints=_kept(before.constraints, asked["without"]),
        unwanted=_kept(before.unwanted, asked["without"]),
        goes_on=False,
        tidied=before.search_text,
        place=pointed.place,
        about=pointed.records,
    )


def _kept(limits: Sequence[Constraint], without: Collection[str]) -> tuple[Constraint, ...]:
    return tuple(replace(limit, kept=True) for limit in limits if limit.key not in without)


def _told_by(question: str) -> str:
    """Return what tells a question's language: without a town in its plain form after *in*."""
    places = find_places(question)
    return blanked(
        question, [one for one in places if _ENGLISH_BEFORE.search(question[: one.start])]
    )


def _foreign(question: str, is_known: Known | None) -> Foreign | None:
    """Return the language of a question that is in neither of ours."""
    places = _place_names(question)
    found = foreign_language(question, is_known, places)
    return found or (language_by_words(question, is_known, places) if is_known else None)


def _place_names(question: str) -> frozenset[str]:
    """Return the words of a question that name places; those tell no language."""
    return frozenset(
        word for place in find_places(question) for word in words(question[place.start : place.end])
    )
