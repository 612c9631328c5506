"""From ranked hits to the parts of an answer that are about the whole of it.

State, limits that nothing met, what other regions add, and further questions.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from hytki_match.language.phrases import knows, say
from hytki_match.matching.intents import chat_kind
from hytki_match.matching.times import parse_interval
from hytki_match.records import Complement, Text
from hytki_match.settings import MAX_QUESTION_CHARS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from hytki_match.records import (
        Answer,
        AnswerState,
        Constraint,
        Corpus,
        Hit,
        Query,
        Record,
        RegionMatch,
        ResourceMatch,
    )

    Evidence = Sequence[tuple[Record, float]]

MAX_COMPLEMENTS = 2
MAX_FOLLOW_UPS = 3
COMPLEMENT_DEPTH = 15

SCOPES = {
    "national": Text("Valtakunnallinen", "National"),
    "international": Text("Kansainvälinen", "International"),
}


def refusal(question: str, *, told: bool = False, goes_on: bool = False) -> AnswerState | None:
    """Return the state of an answer to what is no question, or None when it can be searched.

    Parameters
    ----------
    told
        Whether the question is a part of a longer text.
    goes_on
        Whether there were questions before it: a year alone then says when.
    """
    if len(question) > MAX_QUESTION_CHARS:
        return "too_long"
    is_year = goes_on and re.fullmatch(r"\W*(?:19|20)\d\d\W*", question)
    if not (is_year or re.search(r"[^\W\d_]{2}", question)):
        return "empty"
    return "chat" if chat_kind(question, told=told) else None


def is_past(record: Record, today: date) -> bool:
    """Tell whether an event was over before ``today``; other records never are."""
    last_day = record.ends_on or record.starts_on
    return bool(last_day) and last_day < today.isoformat()[: len(last_day)]


def meets(record: Record, limit: Constraint) -> bool:
    """Tell whether a record keeps one limit; a national record is in every region."""
    if limit.name == "region":
        return limit.value in record.region_ids or "national" in record.region_ids
    if limit.name == "kind":
        return limit.value in (record.table, record.kind)
    first, last = parse_interval(limit.value)
    begins, ends = record.starts_on, record.ends_on or record.starts_on
    return not begins or (begins <= last + "~" and ends + "~" >= first)


def without_strict(query: Query) -> Query:
    """Return the query with its limits as preferences: nothing keeps all of them."""
    return replace(query, constraints=tuple(replace(c, strict=False) for c in query.constraints))


def as_told(query: Query) -> Query:
    """Return the query as a part of a longer text, with its places as its only limits.

    "Transport firms say they would only buy through …" tells of firms and asks for none.
    """
    places = tuple(limit for limit in query.constraints if limit.name == "region")
    return replace(query, constraints=places, told=True)


def relaxed_limits(query: Query, resources: Sequence[ResourceMatch]) -> tuple[Constraint, ...]:
    """Return the limits that no shown record keeps: they were given up, and that is said.

    Limits of one sort are alternatives: of two regions, one is enough. A kind that was only
    mentioned ("funding for tests") was never insisted on.
    """
    kept = {
        limit.name
        for limit in query.constraints
        if any(_keeps(match.record, limit) for match in resources)
    }
    return tuple(
        limit
        for limit in query.constraints
        if resources
        and limit.name not in kept
        and (limit.name != "kind" or limit.asked or limit.strict)
        and (limit.name != "time" or asks_when(query))
    )


def asks_when(query: Query) -> bool:
    """Tell whether a question asks for events; else a time in it mostly tells a background.

    "Northern Finland Birth Cohort 1966", "our next project is about sleep".
    """
    return query.intent == "when" or any(limit.key == "kind:events" for limit in query.constraints)


def _keeps(record: Record, limit: Constraint) -> bool:
    """Tell whether a record keeps a limit; one that has no time of its own keeps none."""
    return meets(record, limit) and (limit.name != "time" or bool(record.starts_on))


def with_result(query: Query, shown: Sequence[Hit], hits: Sequence[Hit]) -> Sequence[Hit]:
    """Return the hits that are shown, first the one that the question asks about, if there is."""
    if query.about:
        asked = [hit for hit in hits if hit.doc_id in query.about][:1]
    else:
        asked = list(shown[query.place - 1 : query.place]) if query.place else []
    return [*asked, *(hit for hit in shown if hit not in asked)]


def complements(
    evidence: Evidence, regions: Sequence[RegionMatch], corpus: Corpus, least: float
) -> tuple[Complement, ...]:
    """Return what other regions add to the leading one: records on topics that it lacks.

    HYTKI's own idea: no region does everything, and the next one often does what is missing.

    Parameters
    ----------
    evidence
        Records with the probability that they are relevant, best first.
    least
        The least probability of a record that may be named.
    """
    if not regions:
        return ()
    leading = regions[0].region.region_id
    near = [(record, p) for record, p in evidence[:COMPLEMENT_DEPTH] if p >= least]
    covered = {t for record, _ in near if leading in record.region_ids for t in record.topics}
    found: dict[str, Complement] = {}
    for record, _ in near:
        for region_id in record.region_ids:
            new = tuple(topic for topic in record.topics if topic not in covered)
            if region_id in corpus.regions and region_id != leading and new:
                added = Complement(corpus.regions[region_id], record.doc_id, new)
                found.setdefault(region_id, added)
    return tuple(found.values())[:MAX_COMPLEMENTS]


def follow_ups(
    query: Query, tables: Collection[str], regions: Sequence[RegionMatch], *, has_contacts: bool
) -> tuple[str, ...]:
    """Return further questions that have an answer among what was already found.

    Parameters
    ----------
    tables
        Of all records that were found.
    """
    language = query.language
    asked = {limit.key for limit in query.constraints}
    found = []
    if has_contacts and query.intent != "contact":
        found.append(say("follow_up.contact", language))
    if not any(limit.name == "region" for limit in query.constraints) and len(regions) > 1:
        key = f"follow_up.region_{regions[1].region.region_id}"
        # A user's own region has no phrase of its own: its name cannot be inflected by rule.
        found += [say(key, language)] if knows(key) else []
    found += [
        say(f"follow_up.{table}", language)
        for table in ("companies", "events", "tools")
        if table in tables and not any(key.startswith("kind:") for key in asked)
    ]
    return tuple(found[:MAX_FOLLOW_UPS])


def names(answer: Answer, corpus: Corpus) -> Mapping[str, Text]:
    """Return the names that the answer's ids stand for."""
    ids = {doc_id for match in answer.regions for doc_id in match.proofs}
    ids |= {doc_id for match in answer.contacts for doc_id in match.through}
    ids |= {added.doc_id for added in answer.complements}
    ids |= {
        f"organisations/{organisation}"
        for match in answer.resources
        for organisation in match.record.organisation_ids
    }
    ids |= {f"organisations/{match.contact.organisation_id}" for match in answer.contacts}
    ids |= {limit.value for limit in answer.query.unwanted if limit.name == "record"}
    found = {doc_id: corpus.records[doc_id].name for doc_id in ids if doc_id in corpus.records}
    topics = {topic for match in answer.resources for topic in match.record.topics}
    topics |= {topic for match in answer.contacts for topic in match.topics}
    topics |= {topic for added in answer.complements for topic in added.topics}
    found |= {f"topics/{topic}": corpus.topics[topic].label for topic in topics}
    found |= {f"regions/{region.region_id}": region.name for region in corpus.regions.values()}
    found |= {f"regions/{name}": text for name, text in SCOPES.items()}
    return dict(sorted(found.items()))
