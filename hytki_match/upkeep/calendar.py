"""Events of an .ics file as rows of the table of events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hytki_match.errors import ImportRefusedError, Mistake
from hytki_match.language.detection import detect_language
from hytki_match.records import LANGUAGES
from hytki_match.upkeep.invitations import CANCEL, PRIVATE, no_event, told, without_private
from hytki_match.upkeep.repeating import (
    Event,
    Origin,
    days_left_out,
    how_it_repeats,
    one_day_each,
)
from hytki_match.upkeep.sheets import SheetRow, clean, refused
from hytki_match.utf8 import NotUtf8Error, utf8_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from icalendar import Component

HOME = "Europe/Helsinki"
"""Whose days count for times in UTC, when the calendar does not name a zone of its own."""

ONE_DAY = timedelta(days=1)
AN_INSTANT = timedelta(microseconds=1)

_SURE = frozenset({"ends_on"})
"""What a calendar says by leaving it out: an event without another last day has one day."""

_TIMES = ("DTSTART", "DTEND", "DURATION")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The events of a file as rows; a row's number is the place of its event there.

    ``origins`` says by number which event of which calendar a row is, where the calendar says so.
    ``cancelled`` are rows of events that do not take place. ``notes`` are sentences on repetitions,
    on what is private and on what is not sure.
    ``set_columns`` are those of which the calendar was not asked.
    """

    file: Path
    rows: Mapping[str, Sequence[SheetRow]]
    cancelled: tuple[SheetRow, ...]
    origins: Mapping[int, Origin]
    notes: tuple[str, ...]
    set_columns: frozenset[str]


def read_events(file: Path, cells: Mapping[str, str], *, private: bool = False) -> Calendar:
    """Return a row for each event.

    Of an event that repeats only the first day is one. A language in which the calendar has no
    text is left out: what the table holds of it stays.

    Parameters
    ----------
    cells
        Cells of every event (``topics``, ``region_id``), whatever the calendar says.
    private
        Bring in also events that are marked as private; without it they are left out.

    Raises
    ------
    ImportRefusedError
        When the file is no calendar or only talks about an event (``METHOD``), or when an event has
        no name, no first day, or ends before it begins.
    """
    events: list[Event] = []
    mistakes: list[Mistake] = []
    for number, (component, zone, method) in enumerate(_events(file), start=1):
        event = _event(number, component, zone, cells, is_off=method == CANCEL)
        mistakes += no_event(f"event {number}", method)
        if not event.cancelled and (private or event.secrecy not in PRIVATE):
            mistakes += _mistakes(number, component, event.cells)
        events.append(event)
    if not events:
        mistakes.append(Mistake(file.name, "holds no event", "Give another file"))
    if mistakes:
        raise ImportRefusedError(file, mistakes)
    events, left_out = (events, []) if private else without_private(events)
    events, notes = one_day_each(events)
    notes = [*left_out, *notes, *told(events)]
    return Calendar(
        file,
        {"events": [_row(event) for event in events if not event.cancelled]},
        tuple(_row(event) for event in events if event.cancelled),
        {event.number: event.origin for event in events if event.origin.uid},
        tuple(notes),
        frozenset(cells),
    )


def _event(
    number: int, component: Component, zone: tzinfo, cells: Mapping[str, str], *, is_off: bool
) -> Event:
    status = _text(component, "STATUS").upper()
    which = _time(component, "RECURRENCE-ID")
    return Event(
        number,
        {**_cells(component, zone), **cells},
        Origin(
            _text(component, "UID"),
            _iso_day(_local(which, zone)) if isinstance(which, date) else "",
            _number(_text(component, "SEQUENCE")),
        ),
        cancelled=is_off or status == "CANCELLED",
        repeats=how_it_repeats(component),
        left_out=frozenset(_iso_day(_local(day, zone)) for day in days_left_out(component)),
        status=status,
        secrecy=_text(component, "CLASS").upper(),
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _row(event: Event) -> SheetRow:
    said = {column: text for column, text in event.cells.items() if text or column in _SURE}
    return SheetRow(event.number, said, clears=_SURE)


def _events(file: Path) -> Iterator[tuple[Component, tzinfo, str]]:
    """Yield each event with the zone and the METHOD of its calendar."""
    from icalendar import Calendar

    try:
        data = file.read_bytes()
        text = utf8_text(data)
    except NotUtf8Error as error:
        if b"VCALENDAR" not in data:
            raise refused(file, "is no calendar", "Give an .ics file") from error
        place = f"{file.name}, line {error.line}"
        raise refused(file, f"{error}", "Save it as UTF-8", place=place) from error
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
        raise refused(file, problem, "Mend the rights of the file") from error
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise refused(file, f"is no calendar ({error})", "Give an .ics file") from error
    for calendar in calendars:
        zone = _zone(_text(calendar, "X-WR-TIMEZONE"))
        method = _text(calendar, "METHOD").upper()
        yield from ((event, zone, method) for event in calendar.walk("VEVENT"))


def _mistakes(number: int, event: Component, cells: Mapping[str, str]) -> Iterator[Mistake]:
    place = f"event {number}"
    unread = [n for n in _TIMES if event.get(n) is not None and _time(event, n) is None]
    for name in unread:
        yield Mistake(place, f"{name} is no time", "Mend it in the calendar")
    if unread:
        return
    if not cells["starts_on"] or not any(cells.get(f"name_{code}") for code in LANGUAGES):
        yield Mistake(place, "lacks a name or a first day", "Add them in the calendar")
    elif cells["ends_on"] and cells["ends_on"] < cells["starts_on"]:
        problem = f"ends on {cells['ends_on']}, before it begins on {cells['starts_on']}"
        yield Mistake(place, problem, "Mend its days in the calendar")


def _cells(event: Component, zone: tzinfo) -> dict[str, str]:
    url = _text(event, "URL")
    evidence = f"{_text(event, 'SUMMARY')}. {_text(event, 'DESCRIPTION')}"
    language, _ = detect_language(evidence, "fi")
    starts_on, ends_on = _days(event, zone)
    return {
        "starts_on": starts_on,
        "ends_on": "" if ends_on == starts_on else ends_on,
        **_in_languages("name", _properties(event, "SUMMARY"), language),
        **_in_languages("description", _properties(event, "DESCRIPTION"), language),
        "place": _text(event, "LOCATION"),
        "url": url,
        "source_url": url,
        "as_of": _day(event, "LAST-MODIFIED") or _day(event, "DTSTAMP"),
    }


def _in_languages(column: str, texts: Iterable[Any], language: str) -> dict[str, str]:
    """Return texts by column: in the language that the calendar says, or else the one detected."""
    found: dict[str, str] = {}
    for text in texts:
        said = str(getattr(text, "params", {}).get("LANGUAGE", ""))[:2].lower()
        code = said if said in LANGUAGES else language
        if cleaned := clean(str(text)):
            found.setdefault(f"{column}_{code}", cleaned)
    return found


def _properties(event: Component, name: str) -> list[Any]:
    """Return what a component has under a name: nothing, or one, or several where it should not."""
    found = event.get(name, [])
    return found if isinstance(found, list) else [found]


def _text(event: Component, name: str) -> str:
    return next((clean(str(text)) for text in _properties(event, name)), "")


def _time(event: Component, name: str) -> date | timedelta | None:
    """Return a day, a time or a duration; None where there is none, or none that can be read."""
    from icalendar import vDDDTypes, vDuration

    for found in _properties(event, name):
        if isinstance(found, vDDDTypes) and isinstance(found.dt, date | timedelta):
            return found.dt
        if isinstance(found, vDuration):
            return found.td
    return None


def _day(event: Component, name: str) -> str:
    found = _time(event, name)
    if isinstance(found, datetime):
        found = found.date()
    return found.isoformat() if isinstance(found, date) else ""


def _days(event: Component, zone: tzinfo) -> tuple[str, str]:
    """Return the first and the last day; both are empty where there is no first."""
    start, end, lasts = (_time(event, name) for name in _TIMES)
    if not isinstance(start, date):
        return "", ""
    try:
        start = _local(start, zone)
        if not isinstance(end, date):
            end = _after(start, lasts) if isinstance(lasts, timedelta) else start
        last = start if end == start else _last_moment(end, start, zone)
    except OverflowError:  # before the year 1, or after 9999
        return "", ""
    return _iso_day(start), _iso_day(last)


def _after(start: date, lasts: timedelta) -> date:
    """Add days by the calendar, and hours as they pass: clocks may be put back meanwhile."""
    if isinstance(start, datetime) and start.tzinfo and lasts % ONE_DAY:
        return (start.astimezone(UTC) + lasts).astimezone(start.tzinfo)
    return start + lasts


def _local(value: date, zone: tzinfo) -> date:
    """Return a time of a zone as it is, and one in UTC as the clocks at home show it."""
    in_utc = isinstance(value, datetime) and value.tzname() == "UTC"
    return value.astimezone(zone) if isinstance(value, datetime) and in_utc else value


def _last_moment(end: date, start: date, zone: tzinfo) -> date:
    """Return the last day or time of an event by the start's clock: its end is no part of it."""
    if not isinstance(end, datetime):
        return end - ONE_DAY
    if end.tzinfo and isinstance(start, datetime) and start.tzinfo:
        return end.astimezone(start.tzinfo) - AN_INSTANT
    return _local(end, zone) - AN_INSTANT


def _iso_day(value: date) -> str:
    return (value.date() if isinstance(value, datetime) else value).isoformat()


def _zone(name: str) -> tzinfo:
    """Return the zone that a calendar names, or that of the regions."""
    try:
        return ZoneInfo(name or HOME)
    except (KeyError, ValueError, OSError):  # no name of a zone, however it is written
        return ZoneInfo(HOME)
