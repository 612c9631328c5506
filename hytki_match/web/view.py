"""From an ``Answer`` to what the answer's template shows: text only, links only where safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hytki_match.answers import mail_draft, wording
from hytki_match.answers.as_calendar import event_to_calendar, has_day
from hytki_match.answers.as_text import notice_text, resources_heading
from hytki_match.answers.summary import summary
from hytki_match.language.phrases import say
from hytki_match.web.geography import map_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.records import (
        Answer,
        Complement,
        ContactMatch,
        Language,
        RegionMatch,
        ResourceMatch,
    )

OPEN_DESCRIPTIONS = 1
"""Descriptions that stand open: that of the best hit, unless the line above quotes it already."""

OPEN_CONTACTS = 3
"""Contacts that stand open: most people write to one."""


def answer_view(answer: Answer) -> dict[str, Any]:
    """Return the values of ``answer.html``."""
    is_person = any(match.contact.doc_id in answer.named for match in answer.contacts)
    return {
        "state": answer.state,
        "summary": _spoken(summary(answer), answer.resources[:1], answer),
        # What was left out stands above as limits that can be taken off.
        "notices": [
            notice_text(answer, number)
            for number, notice in enumerate(answer.notices)
            if notice.key != "left_out"
        ],
        "unmatched": wording.unmatched_said(answer),
        "heading": resources_heading(answer),
        "map": map_view(answer.regions),
        "regions": [_region(match, answer) for match in answer.regions],
        "contacts": [_contact(match, answer) for match in answer.contacts],
        "open_contacts": OPEN_CONTACTS,
        "contacts_first": answer.query.intent == "contact" or is_person,
        "groups": _groups(answer),
        "complements": _complements(answer),
    }


def _spoken(
    text: str, matches: Sequence[ResourceMatch], answer: Answer
) -> list[tuple[str, Language]]:
    """Return a text in pieces with their languages: a quoted sentence may be in the other one."""
    language = answer.query.language
    for match in matches:
        reason = match.reason
        if reason.language != language and reason.sentence and reason.sentence in text:
            before, sentence, after = text.partition(reason.sentence)
            return [(before, language), (sentence, reason.language), (after, language)]
    return [(text, language)] if text else []


def _groups(answer: Answer) -> list[dict[str, Any]]:
    """Return the resources by kind; the kind of the best hit comes first.

    Where nothing matched, the few nearest stand in one group without a name.
    """
    shown = [_resource(match, answer) for match in answer.resources]
    if answer.state == "none":
        return [{"key": "", "resources": shown}] if shown else []
    groups: dict[str, list[dict[str, Any]]] = {}
    for match, resource in zip(answer.resources, shown, strict=True):
        groups.setdefault(match.record.table, []).append(resource)
    return [{"key": f"tables.{table}", "resources": group} for table, group in groups.items()]


def _region(match: RegionMatch, answer: Answer) -> dict[str, Any]:
    language = answer.query.language
    return {
        "id": match.region.region_id,
        "name": match.region.name.best(language)[0],
        "percent": round(100 * match.strength),
        "strength": wording.strength_label(match, language),
        "reason": wording.region_reason(match, answer),
    }


def _complements(answer: Answer) -> list[dict[str, Any]]:
    """Return what other regions add, by region, in the answer's order."""
    found: dict[str, dict[str, Any]] = {}
    for complement in answer.complements:
        region = complement.region
        entry = found.setdefault(
            region.region_id,
            {"name": region.name.best(answer.query.language)[0], "records": []},
        )
        entry["records"].append(_addition(complement, answer))
    return list(found.values())


def _addition(complement: Complement, answer: Answer) -> str:
    """Return a record that a region adds, with the topics that it adds it on."""
    language = answer.query.language
    name = "".join(wording.names_of([complement.doc_id], answer)[:1]) or complement.doc_id
    topics = wording.names_of([f"topics/{topic}" for topic in complement.topics], answer)
    if not topics:
        return name
    return say("web.addition", language, name=name, topics=", ".join(topics))


def _contact(match: ContactMatch, answer: Answer) -> dict[str, Any]:
    contact = match.contact
    language = answer.query.language
    organisation = wording.names_of([f"organisations/{contact.organisation_id}"], answer)
    role, role_language = contact.role.best(language)
    return {
        "id": contact.doc_id,
        "name": contact.name.best(language)[0],
        "role": role,
        "role_language": role_language,
        "organisation": "".join(name for name in organisation if name not in role),
        "email": contact.email,
        "draft": mail_draft(match, answer),
        "phone": contact.phone,
        "url": _safe_address(contact.url),
        "reason": wording.contact_reason(match, answer),
        "date": wording.date_label(contact.as_of, language, answer.today),
    }


def _resource(match: ResourceMatch, answer: Answer) -> dict[str, Any]:
    record = match.record
    language = answer.query.language
    name, name_language = record.name.best(language)
    text, text_language = record.description.best(language)
    reason = wording.resource_reason(match, answer)
    is_quoted = bool(match.reason.sentence) and match.reason.sentence in reason
    is_ahead = has_day(record) and not match.past
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
        "url": _safe_address(record.url),
        "facts": [fact for fact in facts if fact],
        "past": match.past,
        "reason": _spoken(reason, [match], answer),
        "text": text,
        "text_language": text_language,
        "open": match.hit.rank <= OPEN_DESCRIPTIONS and not is_quoted,
        "sources": [_source(source) for source in record.sources],
        "date": wording.freshness(match, answer),
        "calendar": event_to_calendar(record, language) if is_ahead else "",
        "calendar_name": f"{record.doc_id.rpartition('/')[2]}.ics",
    }


def _safe_address(value: str) -> str:
    """Return an address that may become a link: https only."""
    return value if value.startswith("https://") and wording.is_web_address(value) else ""


def _source(value: str) -> dict[str, str]:
    """Return a source with a short text: the host of an address, the name of a document."""
    url = _safe_address(value)
    if not url:
        return {"url": "", "text": value}
    return {"url": url, "text": (urlsplit(url).hostname or url).removeprefix("www.")}
