"""Events of a calendar into the table: their days, their languages, and what is left out."""

from __future__ import annotations

import shlex
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from corpus_files import SHIPPED
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hytki_match import cli
from hytki_match.corpus import check_corpus
from hytki_match.corpus.writing import read_rows
from hytki_match.errors import ImportRefusedError
from hytki_match.upkeep.bringing_in import plan_import, write_plan
from hytki_match.upkeep.calendar import HOME, read_events

WHERE = {"topics": "sleep", "region_id": "oulu"}

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//y//
BEGIN:VEVENT
UID:1
DTSTAMP:20260105T080000Z
DTSTART;VALUE=DATE:20260504
DTEND;VALUE=DATE:20260506
SUMMARY:Terveysdatan päivät
DESCRIPTION:Esityksiä terveystietojen toisiokäytöstä\\, luvista ja
  tietoturvasta.
LOCATION:Oulu
URL:https://days.example.org/
END:VEVENT
END:VCALENDAR
"""


def test_an_event_from_a_calendar(corpus, tmp_path):
    file = tmp_path / "days.ics"
    file.write_bytes(ICS.replace("\n", "\r\n").encode())
    rows = read_events(file, {"topics": "sleep", "region_id": "oulu"}).rows
    plan = plan_import(corpus, file, rows)
    (added,) = plan.merges[0].changes.added
    assert added == "events/terveysdatan-paivat-2026"
    write_plan(plan, corpus)
    assert check_corpus(corpus) == ()
    row = read_rows(corpus)["events"][-1]
    assert (row["starts_on"], row["ends_on"]) == ("2026-05-04", "2026-05-05")
    assert (row["name_fi"], row["name_en"]) == ("Terveysdatan päivät", "-")
    assert row["description_fi"].endswith("luvista ja tietoturvasta.")
    assert (row["source_url"], row["as_of"]) == ("https://days.example.org/", "2026-01-05")
    assert not plan_import(corpus, file, rows).merges[0].changes


@pytest.mark.parametrize("text", ["", "junk", "BEGIN:VCALENDAR\nEND:VCALENDAR\n"])
def test_a_file_that_is_no_calendar(tmp_path, text):
    (tmp_path / "x.ics").write_text(text)
    with pytest.raises(ImportRefusedError):
        read_events(tmp_path / "x.ics", {})


def calendar(tmp_path, *events, head=""):
    """Write a calendar; each event is given by its lines."""
    file = tmp_path / "some.ics"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *([head] if head else [])]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    file.write_bytes("\r\n".join([*lines, "END:VCALENDAR", ""]).encode())
    return file


def days_of(tmp_path, *lines, head=""):
    (row,) = read_events(calendar(tmp_path, ["SUMMARY:Päivä", *lines], head=head), {}).rows[
        "events"
    ]
    return row.cells["starts_on"], row.cells["ends_on"] or row.cells["starts_on"]


@pytest.mark.parametrize(
    ("lines", "first", "last"),
    [
        (["DTSTART;VALUE=DATE:20260504"], "04", "04"),
        (["DTSTART;VALUE=DATE:20260504", "DTEND;VALUE=DATE:20260504"], "04", "04"),
        (["DTSTART;VALUE=DATE:20260504", "DTEND;VALUE=DATE:20260505"], "04", "04"),
        (["DTSTART;VALUE=DATE:20260504", "DTEND;VALUE=DATE:20260507"], "04", "06"),
        (["DTSTART;VALUE=DATE:20260504", "DURATION:P2D"], "04", "05"),
        (["DTSTART:20260503T220000Z", "DTEND:20260504T060000Z"], "04", "04"),
        (["DTSTART:20260504T180000", "DTEND:20260505T000000"], "04", "04"),
        (["DTSTART:20260504T180000", "DURATION:PT7H"], "04", "05"),
        (["DTSTART;TZID=America/New_York:20260504T200000", "DURATION:PT2H"], "04", "04"),
        (["DTSTART;TZID=FLE Standard Time:20260504T090000", "DURATION:P1D"], "04", "05"),
    ],
)
def test_the_days_of_an_event(tmp_path, lines, first, last):
    assert days_of(tmp_path, *lines) == (f"2026-05-{first}", f"2026-05-{last}")


def test_a_calendar_may_name_its_own_zone_for_times_in_utc(tmp_path):
    start = "DTSTART:20260503T220000Z"
    assert days_of(tmp_path, start, head="X-WR-TIMEZONE:Europe/Lisbon")[0] == "2026-05-03"
    assert days_of(tmp_path, start, head="X-WR-TIMEZONE:Nowhere/Land")[0] == "2026-05-04"


ZONES = ["", "UTC", HOME, "America/New_York", "Asia/Tokyo"]


@settings(max_examples=60, deadline=None)
@example(datetime(2026, 3, 28, 23, 30), 90, HOME, True)  # clocks go forward in that night
@example(datetime(2026, 10, 24, 23, 0), 26 * 60, HOME, True)
@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(lambda t: t.replace(second=0)),
    st.integers(0, 4000),
    st.sampled_from(ZONES),
    st.booleans(),
)
def test_the_days_are_those_on_which_something_happens(
    tmp_path_factory, start, minutes, zone, as_duration
):
    """Counted minute by minute, on the clock of the event; times in UTC on that of the regions."""
    clock = ZoneInfo(zone if zone and zone != "UTC" else HOME)
    written = start.replace(microsecond=0)
    begins = written.replace(tzinfo=UTC if zone in ("", "UTC") else clock).astimezone(UTC)
    moments = [begins + timedelta(minutes=m) for m in range(max(minutes, 1))]
    shown = [m.replace(tzinfo=None) if not zone else m.astimezone(clock) for m in moments]
    ends = begins + timedelta(minutes=minutes)

    def line(name, moment):
        if zone == "UTC":
            return f"{name}:{moment:%Y%m%dT%H%M%SZ}"
        local = moment if not zone else moment.astimezone(clock)
        return f"{name}{f';TZID={zone}' if zone else ''}:{local:%Y%m%dT%H%M%S}"

    # Whole days of a duration are days of the calendar: an hour that clocks skip is none of it.
    exact = as_duration and minutes % (24 * 60)
    last = f"DURATION:PT{minutes}M" if exact else line("DTEND", ends)
    found = days_of(tmp_path_factory.mktemp("ics"), line("DTSTART", begins), last)
    assert found == (shown[0].date().isoformat(), shown[-1].date().isoformat())


@settings(max_examples=30, deadline=None)
@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(1, 40), st.booleans())
def test_whole_days(tmp_path_factory, first, count, as_duration):
    end = (
        f"DURATION:P{count}D"
        if as_duration
        else f"DTEND;VALUE=DATE:{first + timedelta(count):%Y%m%d}"
    )
    found = days_of(tmp_path_factory.mktemp("ics"), f"DTSTART;VALUE=DATE:{first:%Y%m%d}", end)
    assert found == (f"{first}", f"{first + timedelta(count - 1)}")


START = "DTSTART;VALUE=DATE:20980504"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["SUMMARY:Päivä"], "event 1: lacks a name or a first day"),
        ([START], "event 1: lacks a name or a first day"),
        (["SUMMARY:Päivä", "DTSTART:kesällä"], "event 1: DTSTART is no time"),
        (["SUMMARY:Päivä", START, "DURATION:pitkä"], "event 1: DURATION is no time"),
        (["SUMMARY:Päivä", START, "DTEND;VALUE=DATE:20980502"], "before it begins on 2098-05-04"),
    ],
)
def test_an_event_that_is_wrong(tmp_path, lines, told):
    with pytest.raises(ImportRefusedError, match=told):
        read_events(calendar(tmp_path, lines), {})


def test_a_calendar_in_another_encoding(tmp_path):
    (tmp_path / "old.ics").write_bytes(ICS.encode("latin-1"))
    with pytest.raises(ImportRefusedError, match=r"old\.ics, line 9: is not written in UTF-8"):
        read_events(tmp_path / "old.ics", {})


def test_what_is_set_comes_before_the_calendar_and_translations_stay(corpus, tmp_path):
    file = tmp_path / "days.ics"
    file.write_text(ICS, encoding="utf-8")
    set_cells = {"name_en": "Health data days", "description_en": "Talks on permits.", "place": "X"}
    write_plan(plan_import(corpus, file, read_events(file, WHERE | set_cells).rows), corpus)
    row = read_rows(corpus)["events"][-1]
    assert {column: row[column] for column in set_cells} == set_cells
    assert row["name_fi"] == "Terveysdatan päivät"
    again = plan_import(corpus, file, read_events(file, {}).rows).merges[0].changes.changed
    assert [change.field for change in again[f"events/{row['id']}"]] == ["place"]


def test_an_event_that_became_shorter_loses_its_last_day(corpus, tmp_path):
    file = tmp_path / "days.ics"
    file.write_text(ICS, encoding="utf-8")
    write_plan(plan_import(corpus, file, read_events(file, WHERE).rows), corpus)
    file.write_text(ICS.replace("20260506", "20260505"), encoding="utf-8")
    plan = plan_import(corpus, file, read_events(file, WHERE).rows)
    ((change,),) = plan.merges[0].changes.changed.values()
    assert (change.field, change.before, change.after) == ("ends_on", "2026-05-05", "")


def test_a_text_in_the_language_that_the_calendar_says(tmp_path):
    lines = ["SUMMARY;LANGUAGE=en-GB:Uni", "SUMMARY;LANGUAGE=fi:Unipäivä", START]
    (row,) = read_events(calendar(tmp_path, lines), {}).rows["events"]
    assert (row.cells["name_en"], row.cells["name_fi"]) == ("Uni", "Unipäivä")


def test_the_first_command_of_the_page_takes_an_ordinary_invitation(tmp_path, monkeypatch, capsys):
    """It has no page; the regions and topics of the command are those of the shipped corpus."""
    page = (Path(__file__).parent.parent / "docs" / "operate.md").read_text(encoding="utf-8")
    command = next(line for line in page.splitlines() if line.startswith("hytki-match add-event"))
    monkeypatch.setattr("hytki_match.upkeep.duplicates.alike_in_meaning", lambda *_: [])
    text = "\n".join(line for line in ICS.splitlines() if not line.startswith("URL"))
    (tmp_path / "day.ics").write_text(f"{text}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        cli.main(["--corpus", str(SHIPPED), *shlex.split(command)[1:], "--dry-run"])
    printed = capsys.readouterr()
    assert not stop.value.code, printed.err
    assert "+ events/terveysdatan-paivat-2026" in printed.out
    assert "    Terveysdatan päivät, 2026-05-04–2026-05-05, Oulu, oulu" in printed.out
