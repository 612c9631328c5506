"""Which row of the table an event of a calendar is, whatever its name and days are by now.

``calendar.csv`` beside the tables notes the calendar's name (UID) of each event that came in. It is
no table: nothing is found in it, and a line of an event that the table does not have counts for
nothing. Without a line an event is recognised by its name and first day.
"""

from __future__ import annotations

import csv
import difflib
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hytki_match.corpus.writing import read_rows
from hytki_match.language.analysis import fold
from hytki_match.nearest import did_you_mean
from hytki_match.upkeep.alike import row_names
from hytki_match.upkeep.blaming import in_calendar
from hytki_match.upkeep.bringing_in import Incoming
from hytki_match.upkeep.merging import Ids
from hytki_match.upkeep.repeating import Origin, called
from hytki_match.upkeep.sheets import refused
from hytki_match.utf8 import SAVE_AS_UTF8, NotUtf8Error, utf8_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hytki_match.errors import ImportRefusedError
    from hytki_match.upkeep.bringing_in import Plan
    from hytki_match.upkeep.calendar import Calendar
    from hytki_match.upkeep.sheets import SheetRow

FILE = "calendar.csv"
COLUMNS = ("uid", "repetition", "sequence", "event_id")

LIKE_NAME = 0.5
"""How alike a name stays when an event is renamed."""

Key = tuple[str, str]
"""The calendar's name of an event, and the day of its repetition that is meant, mostly empty."""


@dataclass(frozen=True, slots=True)
class Known:
    """The row that an event came in as, and the revision of the event that last did."""

    event_id: str
    sequence: int


def recognise(calendar: Calendar, corpus_dir: Path) -> Incoming:
    """Give the events that the table has the ids of their rows.

    Left out, with a sentence on each, are those that are cancelled, those of which the table has a
    later revision, and those that have nothing but a UID in common with their row.

    Raises
    ------
    CorpusError
        When the tables cannot be read.
    ImportRefusedError
        When ``calendar.csv`` cannot, or when an id was set that is none of a single event.
    """
    standing = {row["id"]: row for row in read_rows(corpus_dir)["events"]}
    ids = Ids("events", list(standing.values()))
    known = {k: v for k, v in read_known(corpus_dir).items() if v.event_id in standing}
    _check_set_ids(calendar, standing)
    rows: list[SheetRow] = []
    notes = list(calendar.notes)
    for row in (*calendar.rows["events"], *calendar.cancelled):
        origin = calendar.origins.get(row.number, Origin(""))
        found = known.get(origin.key)
        if found and (why := _not_that(row, origin, found, standing[found.event_id])):
            notes.append(f"Left out: {called(row.cells)} {why}")
            continue
        cells = {"id": found.event_id, **row.cells} if found else row.cells
        event_id = cells.get("id") or ids.known(cells)
        if row in calendar.cancelled:
            notes.append(_cancelled(row.cells, event_id))
            continue
        rows.append(replace(row, cells=cells))
        if found and ids.known(row.cells) != event_id:
            notes.append(f"{called(row.cells)} is {event_id} by its UID, moved or renamed.")
    blames = {"events": in_calendar(calendar.set_columns)}
    return Incoming({"events": rows}, notes=tuple(notes), blames=blames)


def _not_that(row: SheetRow, origin: Origin, known: Known, standing: Mapping[str, str]) -> str:
    """Say why an event does not change the row that its UID came in as; empty when it does."""
    if origin.sequence < known.sequence:
        return (
            f"is older than what the table has of {known.event_id} (SEQUENCE {origin.sequence}, "
            f"there {known.sequence})."
        )
    if "id" in row.cells or _alike(row.cells, standing):
        return ""
    return (
        f"has the UID of {known.event_id}, but another name, day and page. If it is that event: "
        f"--set id={known.event_id}. If not: take its line out of {FILE}, then add it again."
    )


def _alike(cells: Mapping[str, str], row: Mapping[str, str]) -> bool:
    """Tell whether an event has anything of a row: some calendars' UIDs others have, too."""
    if cells.get("starts_on") == row["starts_on"] or ("" != cells.get("url") == row["url"]):
        return True
    names = ((fold(one), fold(other)) for one in row_names(cells) for other in row_names(row))
    return any(difflib.SequenceMatcher(None, *pair).ratio() >= LIKE_NAME for pair in names)


def _cancelled(cells: Mapping[str, str], event_id: str) -> str:
    if not event_id:
        return f"Cancelled, so left out: {called(cells)}."
    return (
        f"Cancelled, but the table has it: {called(cells)} is {event_id}, which stays as it is. To "
        "remove it: hytki-match export events.csv --table events, delete its row, then "
        "hytki-match import events.csv --table events --whole"
    )


def _check_set_ids(calendar: Calendar, standing: Mapping[str, object]) -> None:
    """Refuse an id that was set for several events, or that no row has."""
    rows = calendar.rows["events"]
    for wanted in {row.cells["id"] for row in rows if "id" in row.cells}:
        if len(rows) > 1:
            problem = f"has {len(rows)} events, which cannot all be {wanted!r}"
            cure = "Leave the id out, or give a file with one event"
            raise refused(calendar.file, problem, cure)
        if wanted not in standing:
            cure = did_you_mean(wanted, standing) or "Leave it out: a new event gets one"
            problem = f"no event of the table has the id {wanted!r}"
            raise refused(calendar.file, problem, cure, place="--set id")


def origins_after(plan: Plan, calendar: Calendar, corpus_dir: Path) -> tuple[bytes, int]:
    """Return what ``calendar.csv`` is to hold after a plan, and how many events that is news of.

    Where nothing is news there is nothing to write: no bytes. Lines of events that are not in the
    table any more go.
    """
    (merge,) = plan.merges
    before = read_known(corpus_dir)
    left = {row["id"] for row in merge.rows}
    after = {key: one for key, one in before.items() if one.event_id in left}
    for event_id, number in merge.numbers.items():
        if origin := calendar.origins.get(number):
            after[origin.key] = Known(event_id, origin.sequence)
    news = sum(before.get(key) != one for key, one in after.items())
    return (_file_bytes(after), news) if news else (b"", 0)


def read_known(corpus_dir: Path) -> dict[Key, Known]:
    """Return which events of calendars are known; none without a ``calendar.csv``.

    Raises
    ------
    ImportRefusedError
        When the file is there and cannot be read or understood.
    """
    file = corpus_dir / FILE
    try:
        text = utf8_text(file.read_bytes())
    except FileNotFoundError:
        return {}
    except NotUtf8Error as error:
        raise refused(file, f"{error}", SAVE_AS_UTF8, place=f"{file}, line {error.line}") from error
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
        raise refused(file, problem, "Mend the rights of the file") from error
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise _damaged(file, 1, f"has another header than {', '.join(COLUMNS)}")
    known = {}
    for row in rows:
        if None in row or None in row.values() or not row["sequence"].isdecimal():
            raise _damaged(file, rows.line_num, "is not whole, or its sequence is no number")
        known[row["uid"], row["repetition"]] = Known(row["event_id"], int(row["sequence"]))
    return known


def _damaged(file: Path, line: int, problem: str) -> ImportRefusedError:
    cure = "Mend it, or delete the file: events are recognised by name and first day then"
    return refused(file, problem, cure, place=f"{file}, line {line}", use="understood")


def _file_bytes(known: Mapping[Key, Known]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    # In order, so that two people's additions seldom meet in one place.
    writer.writerows((*key, known[key].sequence, known[key].event_id) for key in sorted(known))
    return stream.getvalue().encode()
