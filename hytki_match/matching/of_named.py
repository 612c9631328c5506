"""What belongs to things that a question calls by name and asks nothing else about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hytki_match.index.called import BODIES, phrases_of
from hytki_match.language.analysis import fold
from hytki_match.matching.fusion import place_of, with_first
from hytki_match.matching.words import in_both

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hytki_match.index import Index
    from hytki_match.matching.called import Called
    from hytki_match.records import ContactMatch, Hit, Record

MIN_NAME_CHARS = 3


def named_ids(called: Called, index: Index) -> tuple[str, ...]:
    """Return the ids of the contacts or records that are called by name, and nothing beside."""
    if not called.alone:
        return ()
    return called.contacts or tuple(index.doc_ids[place] for place in called.records)


def is_about_body(called: Called, index: Index) -> bool:
    """Tell whether a question is about a person, an organisation or a company, and no more."""
    return called.alone and bool(_bodies(index.doc_ids[place] for place in called.records))


def named_first(called: Called, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """Put what is called by name first where there is no answer: it is what is nearest."""
    named = next((hit.doc_id for hit in hits if place_of(hit) in called.bodies), None)
    return with_first(hits, named) if named else hits


def of_named(called: Called, hits: tuple[Hit, ...], index: Index) -> tuple[Hit, ...]:
    """Leave the hits that are what was called by name, are of it, or speak of it.

    Legs find others that sound alike or make something like it; who asks what Optomed does is not
    answered by them. A question that asks for more keeps all, as does one whose name is that of a
    subject ("Federated learning between hospitals").
    """
    if not is_about_body(called, index):
        return hits
    records = index.corpus.records
    named = {index.doc_ids[place] for place in called.records}
    if called.contacts:
        return tuple(hit for hit in hits if hit.doc_id in named) or hits
    bodies = _bodies(named)
    speaks = _pattern_of([records[doc_id] for doc_id in named])

    def belongs(hit: Hit) -> bool:
        record = records[hit.doc_id]
        if hit.doc_id in named or not bodies.isdisjoint(record.organisation_ids):
            return True
        return bool(speaks.search(fold(in_both(record.name, record.description))))

    return tuple(hit for hit in hits if belongs(hit)) or hits


def contacts_of_named(
    called: Called, contacts: Sequence[ContactMatch], index: Index
) -> tuple[ContactMatch, ...]:
    """Leave the persons that were called by name, or else who is at what was called."""
    if called.contacts:
        return tuple(match for match in contacts if match.called)
    ids = [index.doc_ids[place] for place in called.records]
    own = {one for doc_id in ids for one in index.corpus.records[doc_id].organisation_ids}
    own |= _bodies(ids)
    return tuple(match for match in contacts if match.contact.organisation_id in own)


def _bodies(doc_ids: Iterable[str]) -> set[str]:
    """Return the ids of the organisations and companies among some records, without tables."""
    return {doc_id.partition("/")[2] for doc_id in doc_ids if doc_id.startswith(BODIES)}


def _pattern_of(records: Sequence[Record]) -> re.Pattern[str]:
    """Return the pattern of the whole names of some records, with any ending."""
    names = {
        phrase
        for record in records
        for phrase, whole in phrases_of(record.name).items()
        if whole and len(phrase) >= MIN_NAME_CHARS
    }
    said = "|".join(r"\s+".join(map(re.escape, name.split())) for name in sorted(names))
    return re.compile(rf"(?<!\w)(?:{said})" if said else r"(?!)")
