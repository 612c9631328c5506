"""From an ``Answer`` to what the answer's template shows: text only, links only where safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hytki_match.answers import wording
from hytki_match.answers.as_text import notice_text, resources_heading

if TYPE_CHECKING:
    from hytki_match.records import Answer, ContactMatch, RegionMatch, ResourceMatch

OPEN_DESCRIPTIONS = 3
"""Descriptions that stand open: those of the first hits, which most readers compare."""


def answer_view(answer: Answer) -> dict[str, Any]:
    """Return the values of ``answer.html``."""
    return {
        "state": answer.state,
        "summary": wording.summary(answer),
        "notices": [notice_text(answer, number) for number in range(len(answer.notices))],
        "heading": resources_heading(answer),
        "regions": [_region(match, answer) for match in answer.regions],
        "contacts": [_contact(match, answer) for match in answer.contacts],
        "resources": [_resource(match, answer) for match in answer.resources],
    }


def _region(match: RegionMatch, answer: Answer) -> dict[str, Any]:
    language = answer.query.language
    return {
        "id": match.region.region_id,
        "name": match.region.name.best(language)[0],
        "percent": round(100 * match.strength),
        "strength": wording.strength_label(match, language),
        "reason": wording.region_reason(match, answer),
    }


def _contact(match: ContactMatch, answer: Answer) -> dict[str, Any]:
    contact = match.contact
    language = answer.query.language
    organisation = wording.names_of([f"organisations/{contact.organisation_id}"], answer)
    role = contact.role.best(language)[0]
    return {
        "id": contact.doc_id,
        "name": contact.name,
        "role": role,
        "organisation": "".join(name for name in organisation if name not in role),
        "email": contact.email,
        "phone": contact.phone,
        "url": _first_address(contact.url),
        "reason": wording.contact_reason(match, answer),
        "date": wording.date_label(contact.as_of, language),
    }


def _resource(match: ResourceMatch, answer: Answer) -> dict[str, Any]:
    record = match.record
    language = answer.query.language
    name, name_language = record.name.best(language)
    text, text_language = record.description.best(language)
    facts = (
        wording.kind_label(record, language),
        wording.event_dates(record, language),
        wording.region_names(record, answer),
        *wording.names_of([f"organisations/{o}" for o in record.organisation_ids], answer)[:2],
    )
    return {
        "id": record.doc_id,
        "rank": match.hit.rank,
        "name": name,
        "name_language": name_language,
        "url": _first_address(record.url),
        "facts": [fact for fact in facts if fact],
        "past": match.past,
        "reason": wording.resource_reason(match, answer),
        "text": text,
        "text_language": text_language,
        "open": match.hit.rank <= OPEN_DESCRIPTIONS,
        "sources": [_source(source) for source in record.sources],
        "date": wording.date_label(record.as_of, language),
    }


def _first_address(value: str) -> str:
    return next(iter(wording.web_addresses([value])), "")


def _source(value: str) -> dict[str, str]:
    """Return a source with a short text: the host of an address, the name of a document."""
    if not wording.is_web_address(value):
        return {"url": "", "text": value}
    return {"url": value, "text": (urlsplit(value).hostname or value).removeprefix("www.")}
