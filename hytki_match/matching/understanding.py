"""Question to ``Query``: language, how it asks, its limits, its topic in the conversation."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

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
    from collections.abc import Callable, Collection, Sequence
    from datetime import date

    from hytki_match.language.detection import Evidence, Foreign, Known
    from hytki_match.matching.pointing import Pointed
    from hytki_match.records import Language, Table

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
    language, confidence = detect_language(_told_by(question), fallback, evidence)
    foreign = _foreign(question, is_known)
    english = in_english(question, foreign) if foreign else ""
    if foreign:
        language = fallback
    read = english or question
    read_in: Language = "en" if english else language
    before = last_question(history)
    wanted_language = language_asked_for(read) if before else None
    if before and (wanted_language or asks_again(read) or any(pointed_at(read, called))):
        return _of_result(
            before,
            pointed_at(read, called),
            text=question,
            language=wanted_language or language,
            confidence=confidence,
            regions=tuple(sorted(regions)),
            kinds=tuple(sorted(kinds)),
            without=tuple(sorted(without)),
        )
    limits = find_limits(read, read_in, region_ids, today, without, called)
    query = Query(
        text=question,
        language=language,
        confidence=confidence,
        regions=tuple(sorted(regions)),
        kinds=tuple(sorted(kinds)),
        topic=unwrapped(limits.topic),
        intent=intent_of(read),
        constraints=limits.constraints,
        unwanted=limits.unwanted,
        without=tuple(sorted(without)),
        foreign=foreign is not None,
        count=limits.count,
        tidied=english,
    )
    goes_on = continue_from(history, query)
    # What is in a third language is not mended into one of ours.
    tidy = None if foreign else tidy
    wanted_text = query.wanted_text
    tidied = tidy(wanted_text, language) if tidy else english or wanted_text
    wanted = [c.value for c in goes_on.constraints if c.name == "region"]
    if query.intent == "compare" and len(wanted) > 1 and not goes_on.goes_on:
        # "Compare" and the places would bring whatever else compares, or stands for a place.
        tidied = " ".join(compared_words(query, tidied)) or tidied
    return replace(
        query,
        topic=tidy(goes_on.topic, language) if tidy else goes_on.topic,
        constraints=goes_on.constraints,
        named_regions=tuple(dict.fromkeys(wanted)),
        unwanted=goes_on.unwanted,
        subject=goes_on.subject,
        own=goes_on.own,
        goes_on=goes_on.goes_on,
        count=goes_on.count,
        page=goes_on.page,
        tidied=tidied if tidied != question else "",
    )


def _of_result(before: Query, pointed: Pointed, **asked: Any) -> Query:  # noqa: ANN401 - fields of a query
    """Return the query of before, about one of its results or in the other language.

    It is searched as it was.
    """
    return replace(
        before,
        **asked,
        constraints=tuple(
            replace(limit, kept=True)
            for limit in before.constraints
            if limit.key not in asked["without"]
        ),
        unwanted=tuple(
            replace(limit, kept=True)
            for limit in before.unwanted
            if limit.key not in asked["without"]
        ),
        goes_on=False,
        tidied=before.search_text,
        place=pointed.place,
        about=pointed.records,
    )


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
