"""An event as an iCalendar file (RFC 5545) that calendars open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event

from hytki_match.language.phrases import say

if TYPE_CHECKING:
    from hytki_match.records import Language, Record

DAY_CHARS = len("2026-01-01")


def has_day(record: Record) -> bool:
    """Tell whether a record is an event whose first day is known: a mere month is no entry."""
    return record.table == "events" and len(record.starts_on) == DAY_CHARS


def event_to_calendar(record: Record, language: Language) -> str:
    """Return an all-day entry for an event.

    Raises
    ------
    ValueError
        When the record has no day to enter.
    """
    if not has_day(record):
        raise ValueError(f"{record.doc_id} has no day")
    start = date.fromisoformat(record.starts_on)
    last = date.fromisoformat(record.ends_on) if len(record.ends_on) == DAY_CHARS else start
    event = Event()
    event.add("uid", f"{record.doc_id}@hytki-match")
    event.add("dtstamp", datetime.now(UTC))
    event.add("dtstart", start)
    # The end of an all-day entry is the day after its last one.
    event.add("dtend", last + timedelta(days=1))
    event.add("summary", record.name.best(language)[0])
    event.add("description", _description(record, language))
    if record.place:
        event.add("location", record.place)
    if record.url.startswith("https://"):
        event.add("url", record.url)
    calendar = Calendar()
    calendar.add("prodid", "-//HYTKI Match//hytki-match//FI")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical()).decode("utf-8")


def _description(record: Record, language: Language) -> str:
    source = say("label.source", language)
    text = record.description.best(language)[0]
    return "\n".join([text, *(f"{source}: {address}" for address in record.sources)]).strip()
