"""Events of an .ics file as rows of the table of events."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hytki_match.corpus.schema import MISSING
from hytki_match.errors import ImportRefusedError, Mistake
from hytki_match.language.detection import detect_language
from hytki_match.upkeep.sheets import SheetRow, clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from icalendar import Component


def read_events(file: Path, defaults: Mapping[str, str]) -> list[SheetRow]:
    """Return a row for each event; its number is its place in the file.

    Parameters
    ----------
    defaults
        Cells that a calendar does not know (``topics``, ``region_id``), and any that it leaves
        empty (``source_url``).

    Raises
    ------
    ImportRefusedError
        When the file is no calendar, or an event has no name or first day.
    """
    from icalendar import Calendar

    try:
        events = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    except (OSError, ValueError, IndexError) as error:
        mistake = Mistake(file.name, f"is no calendar ({error})", "Give an .ics file")
        raise ImportRefusedError(file, [mistake]) from error
    rows = [
        SheetRow(number, _cells(event, defaults)) for number, event in enumerate(events, start=1)
    ]
    mistakes = [
        Mistake(f"event {row.number}", "lacks a name or a first day", "Add them in the calendar")
        for row in rows
        if not row.cells["starts_on"] or row.cells["name_fi"] == row.cells["name_en"] == MISSING
    ]
    if not rows:
        mistakes.append(Mistake(file.name, "holds no event", "Give another file"))
    if mistakes:
        raise ImportRefusedError(file, mistakes)
    return rows


def _cells(event: Component, defaults: Mapping[str, str]) -> dict[str, str]:
    name, text = _text(event, "SUMMARY"), _text(event, "DESCRIPTION")
    starts_on, ends_on = _days(event)
    found = {
        "starts_on": starts_on,
        "ends_on": "" if ends_on == starts_on else ends_on,
        **_in_its_language("name", name, f"{name}. {text}"),
        **_in_its_language("description", text, f"{name}. {text}"),
        "place": _text(event, "LOCATION"),
        "url": _text(event, "URL"),
        "source_url": _text(event, "URL"),
        "as_of": _day(event, "LAST-MODIFIED") or _day(event, "DTSTAMP"),
    }
    return {
        **defaults,
        **{name: cell for name, cell in found.items() if cell or name not in defaults},
    }


def _in_its_language(column: str, text: str, evidence: str) -> dict[str, str]:
    language, _ = detect_language(evidence, "fi")
    return {
        f"{column}_{code}": text if text and code == language else MISSING for code in ("fi", "en")
    }


def _text(event: Component, name: str) -> str:
    return clean(str(event.get(name, "")))


def _day(event: Component, name: str) -> str:
    value: Any = getattr(event.get(name), "dt", None)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else ""


def _days(event: Component) -> tuple[str, str]:
    """Return the first and the last day; the calendar's end of a whole day is the next day."""
    start, end = _day(event, "DTSTART"), _day(event, "DTEND")
    value: Any = getattr(event.get("DTEND"), "dt", None)
    if isinstance(value, date) and not isinstance(value, datetime):
        end = (value - timedelta(days=1)).isoformat()
    return start, end
