"""What a reader of an answer should know before trusting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hytki_match.language.analysis import words
from hytki_match.language.phrases import knows, say
from hytki_match.matching.answering import relaxed_limits
from hytki_match.matching.each_region import without_one
from hytki_match.matching.limits import mentions
from hytki_match.matching.narrow import is_of_sort
from hytki_match.matching.outside import uncovered
from hytki_match.matching.times import OPEN
from hytki_match.records import Notice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hytki_match.records import (
        AnswerState,
        Constraint,
        ContactMatch,
        Corpus,
        Language,
        Query,
        RegionMatch,
        ResourceMatch,
    )

WAYS = frozenset({"email", "mail", "phone", "telephone"})
"""Words that ask for a contact where nothing but a name stands beside them."""

PLACED = frozenset({"companies", "events", "testbed"})
"""Kinds of record that are somewhere; others are of use from afar."""


def notices(
    query: Query,
    resources: Sequence[ResourceMatch],
    regions: Sequence[RegionMatch],
    state: AnswerState,
    corpus: Corpus,
) -> tuple[Notice, ...]:
    """Say what a reader of the answer should know before trusting it."""
    found = [*_of_reading(query, state), *_of_exclusion(query, state, corpus)]
    if state not in ("good", "weak"):
        # Nothing was searched or found: limits of the turn before were not given up here.
        return tuple(found)
    found += _outside(query, resources)
    if given_up := relaxed_limits(query, resources):
        said = ", ".join(_limit_said(limit, query.language, corpus) for limit in given_up)
        found.append(Notice("relaxed", {"limits": said}))
    else:
        found += _of_regions(query, resources, regions, corpus)
    events = [match for match in resources if match.record.table == "events"]
    about_events = any(limit.name == "time" for limit in query.constraints) or (
        events and events[0] is resources[0]
    )
    if events and about_events and all(match.past for match in events):
        found.append(Notice("past_events"))
    return tuple(found)


def of_nobody(
    query: Query, resources: Sequence[ResourceMatch], contacts: Sequence[ContactMatch]
) -> tuple[Notice, ...]:
    """Say that nobody is known at what a question names, where it asks for a contact there."""
    wanted = query.intent == "contact" or not WAYS.isdisjoint(words(query.text))
    if not wanted or contacts or not resources:
        return ()
    return (Notice("no_contact", {"name": resources[0].record.name.best(query.language)[0]}),)


def _of_reading(query: Query, state: AnswerState) -> Iterator[Notice]:
    """Say how sure the answer is, and in which language the question was read."""
    if state == "weak":
        yield Notice("weak")
    if query.foreign and query.tidied:
        yield Notice("read_in_english", {"read": query.tidied})
    elif query.foreign:
        yield Notice("other_language")
    elif query.confidence < 0.6:
        yield Notice("language_guessed")


def _of_exclusion(query: Query, state: AnswerState, corpus: Corpus) -> Iterator[Notice]:
    if query.unwanted and state in ("good", "weak", "none"):
        said = dict.fromkeys(_unwanted_said(limit, query, corpus) for limit in query.unwanted)
        yield Notice("left_out", {"left_out": ", ".join(said)})


def _of_regions(
    query: Query,
    resources: Sequence[ResourceMatch],
    regions: Sequence[RegionMatch],
    corpus: Corpus,
) -> list[Notice]:
    """Say which of the regions asked for have nothing here, or that the best hit is elsewhere."""
    asked = [one for one in query.named_regions if one in corpus.regions]
    if lacking := _lacking(query, resources, regions):
        said = ", ".join(corpus.regions[one].name.best(query.language)[0] for one in lacking)
        return [Notice("nothing_of", {"regions": said})]
    if missing := _kinds_elsewhere(query, resources):
        said = ", ".join(corpus.regions[one].name.best(query.language)[0] for one in asked)
        return [Notice("kind_elsewhere", {"kinds": ", ".join(missing), "regions": said})]
    return [Notice("best_elsewhere")] if _best_elsewhere(query, resources, corpus) else []


def _unwanted_said(limit: Constraint, query: Query, corpus: Corpus) -> str:
    """Return what is ruled out as the answer's language calls it, and words as they were said."""
    if limit.name == "region":
        return corpus.regions[limit.value].name.best(query.language)[0]
    if limit.name == "record" and limit.value in corpus.records:
        return corpus.records[limit.value].name.best(query.language)[0]
    for key in (f"tables.{limit.value}", f"kind.{limit.value}"):
        if limit.name == "kind" and knows(key):
            return say(key, query.language).lower()
    if limit.name == "words":
        return say("notice.left_out_words", query.language, words=limit.value)
    return limit.value


def _limit_said(limit: Constraint, language: Language, corpus: Corpus) -> str:
    """Return a limit so that it is understood alone: "seuraava" says nothing in a list."""
    if limit.name == "region" and limit.value in corpus.regions:
        return corpus.regions[limit.value].name.best(language)[0]
    if limit.looks_ahead:
        return say("given_up.ahead", language)
    if limit.name == "time" and limit.value.startswith(OPEN):
        return say("given_up.past", language)
    key = "given_up.time" if limit.name == "time" else "given_up.kind"
    return say(key, language, words=limit.words)


def _outside(query: Query, resources: Sequence[ResourceMatch]) -> list[Notice]:
    """Say which places lie in no region of the corpus, unless a shown record speaks of them."""
    asked = f"{query.topic} {query.text}" if query.goes_on else query.text
    places = uncovered(asked, [match.record for match in resources])
    if not places:
        return []
    said = ", ".join(name.get(query.language) for name in places)
    return [Notice("outside" if len(places) == 1 else "outside_many", {"places": said})]


def _lacking(
    query: Query, resources: Sequence[ResourceMatch], regions: Sequence[RegionMatch]
) -> list[str]:
    """Return which of several regions that a question names the answer says nothing of."""
    if len(query.named_regions) < 2 or query.page:
        return []
    shown = {match.region.region_id for match in regions}
    lacking = without_one(query.named_regions, [match.record for match in resources])
    return [region for region in lacking if region not in shown]


def _kinds_elsewhere(query: Query, resources: Sequence[ResourceMatch]) -> list[str]:
    """Return the asker's words for kinds of which no shown record is at the place asked for.

    A nationwide guide is of use anywhere, but a hackathon or a test bed is somewhere.
    """
    regions = {limit.value for limit in query.constraints if limit.name == "region"}
    kinds = [limit for limit in query.constraints if limit.name == "kind" and _is_wanted(limit)]
    if not regions or query.page or any(limit.value not in PLACED for limit in kinds):
        return []
    near = [match.record for match in resources if regions & set(match.record.region_ids)]
    return [limit.words for limit in kinds if not any(is_of_sort(record, limit) for record in near)]


def _is_wanted(limit: Constraint) -> bool:
    return limit.asked or limit.strict or mentions("narrow", limit.words)


def _best_elsewhere(query: Query, resources: Sequence[ResourceMatch], corpus: Corpus) -> bool:
    """Tell whether the best hit is of another region than those asked for, and of no wider area."""
    wanted = {*query.regions, *query.named_regions}
    own = set(resources[0].record.region_ids) if resources else set()
    return bool(wanted and own) and not own & wanted and own <= set(corpus.regions)
