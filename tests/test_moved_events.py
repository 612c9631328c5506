"""Events of a calendar that come again: moved, renamed, cancelled, older, or one of many days."""

from __future__ import annotations

import errno

import pytest
from test_calendar_events import START, WHERE, calendar

from hytki_match import cli
from hytki_match.corpus.writing import read_rows
from hytki_match.errors import ImportRefusedError
from hytki_match.upkeep.calendar import read_events
from hytki_match.upkeep.known_events import FILE, read_known, recognise

URL = "URL:https://days.example.org/"


@pytest.fixture
def add(corpus, tmp_path, capsys):
    """Run add-event on events, each given by its lines; returns what was told."""

    def run(*events, cells=(), options=("--yes",), method=""):
        where = [f"{column}={text}" for column, text in {**WHERE, **dict(cells)}.items()]
        sets = [word for cell in where for word in ("--set", cell)]
        events = ([*([] if "URL:" in lines else [URL]), *lines] for lines in events)
        file = calendar(tmp_path, *events)
        if method:
            text = file.read_text(encoding="utf-8")
            head = "BEGIN:VCALENDAR"
            file.write_text(text.replace(head, f"{head}\nMETHOD:{method}", 1), encoding="utf-8")
        with pytest.raises(SystemExit) as stop:
            cli.main(["--corpus", str(corpus), "add-event", str(file), *sets, *options])
        told = capsys.readouterr()
        return stop.value.code or 0, told.out + told.err

    return run


@pytest.fixture(autouse=True)
def no_encoder(monkeypatch):
    monkeypatch.setattr("hytki_match.upkeep.duplicates.alike_in_meaning", lambda *_: [])


def event(day="20980504", name="Terveysdatan päivä", uid="a@x", more=()):
    text = "DESCRIPTION:Esityksiä terveystietojen toisiokäytöstä"
    return [f"UID:{uid}", f"DTSTART;VALUE=DATE:{day}", f"SUMMARY:{name}", text, *more]


def rows(corpus):
    return {row["id"]: row for row in read_rows(corpus)["events"]}


def test_an_event_that_moved_changes_its_row(corpus, add):
    before = set(rows(corpus))
    add(event())
    moved = event("20990610", "Terveysdatan iltapäivä")
    code, told = add(moved, options=("--dry-run",))
    assert code == 0
    assert "0 rows added, 1 changed, 0 removed." in told
    assert "starts_on: 2098-05-04" in told
    assert "is terveysdatan-paiva-2098 by its UID, moved or renamed" in told
    add(moved)
    (new,) = set(rows(corpus)) - before
    row = rows(corpus)[new]
    found = (new, row["starts_on"], row["name_fi"])
    assert found == ("terveysdatan-paiva-2098", "2099-06-10", "Terveysdatan iltapäivä")
    code, told = add(moved)
    assert "0 rows added, 0 changed, 0 removed." in told
    assert FILE not in told


def test_another_event_with_the_same_uid_overwrites_nothing(corpus, add):
    add(event(uid="1"))
    before = rows(corpus)
    other = ["UID:1", "DTSTART;VALUE=DATE:20970101", "SUMMARY:Robotit kirurgiassa", "URL:"]
    told = add(other)[1]
    assert "has the UID of terveysdatan-paiva-2098, but another name, day and page" in told
    assert rows(corpus) == before
    event_id = {"id": "terveysdatan-paiva-2098"}
    assert "0 rows added, 1 changed" in add(other, cells=event_id.items())[1]


def test_an_event_of_before_is_known_once_its_id_is_given(corpus, add):
    add(event())
    (corpus / FILE).unlink()
    moved = event("20980610")
    assert "give its id, --set id=ID" in add(moved, options=("--dry-run",))[1]
    code, told = add(moved, cells={"id": "terveysdatan-paiva-2089"}.items())
    assert code == 1
    assert "Did you mean 'terveysdatan-paiva-2098'?" in told
    code, told = add(moved, cells={"id": "terveysdatan-paiva-2098"}.items())
    assert "0 rows added, 1 changed" in told
    assert read_known(corpus)["a@x", ""].event_id == "terveysdatan-paiva-2098"
    code, told = add(moved, event(uid="b@x"), cells={"id": "terveysdatan-paiva-2098"}.items())
    assert "has 2 events, which cannot all be 'terveysdatan-paiva-2098'" in told


def test_one_that_stands_unchanged_becomes_known(corpus, add):
    add(event())
    (corpus / FILE).unlink()
    assert "calendar.csv: the UIDs of these events (1)" in add(event())[1]
    assert "1 changed" in add(event("20980610"))[1]


def test_a_row_that_was_taken_out_comes_in_anew(corpus, add):
    (corpus / FILE).write_text("uid,repetition,sequence,event_id\na@x,,7,gone-2020\n")
    assert "1 rows added" in add(event())[1]
    assert [known.event_id for known in read_known(corpus).values()] == ["terveysdatan-paiva-2098"]


def test_an_older_revision_is_left_out(corpus, add):
    add(event(more=["SEQUENCE:3"]))
    told = add(event("20980610", more=["SEQUENCE:2"]))[1]
    assert "0 rows added, 0 changed" in told
    assert "Left out: Terveysdatan päivä (2098-06-10) is older than what the table has of" in told
    assert "1 changed" in add(event("20980610", more=["SEQUENCE:4"]))[1]


@pytest.mark.parametrize("known", [True, False])
def test_a_cancelled_event_of_the_table_is_told(corpus, add, known):
    add(event())
    if not known:
        (corpus / FILE).unlink()
    told = add(event(more=["STATUS:CANCELLED"]))[1]
    assert "Cancelled, but the table has it: Terveysdatan päivä (2098-05-04) is terv" in told
    assert "terveysdatan-paiva-2098" in rows(corpus)


def test_a_cancelled_event_of_no_table_is_left_out(corpus, tmp_path):
    cancelled = ["SUMMARY:Peruttu päivä", "STATUS:CANCELLED", START]
    file = calendar(tmp_path, cancelled, ["SUMMARY:Toinen päivä", START])
    found = recognise(read_events(file, {}), corpus)
    assert [row.cells["name_fi"] for row in found.rows["events"]] == ["Toinen päivä"]
    assert found.notes == ("Cancelled, so left out: Peruttu päivä (2098-05-04).",)


RULE = "RRULE:FREQ=WEEKLY;COUNT=10"
SECOND = "RECURRENCE-ID;VALUE=DATE:20980511"
FIRST = "RECURRENCE-ID;VALUE=DATE:20980504"


@pytest.mark.parametrize(
    ("events", "days", "told"),
    [
        ([event(more=[RULE])], ["2098-05-04"], "weekly, 10 times, and only the first day comes in"),
        ([event(more=["RRULE:FREQ=DAILY"])], ["2098-05-04"], "Repeats daily, without an end"),
        (
            [event(more=["RRULE:FREQ=MONTHLY;UNTIL=20991231"])],
            ["2098-05-04"],
            "monthly, until 2099-12-31",
        ),
        ([event(more=["RRULE:junk"])], ["2098-05-04"], "Repeats by a rule"),
        (
            [event(more=["RDATE;VALUE=DATE:20980601"])],
            ["2098-05-04"],
            "on more days that it lists (1)",
        ),
        ([event(more=[RULE, "EXDATE;VALUE=DATE:20980504"])], [], "nothing of it comes in"),
        (
            [event(more=[RULE]), event("20980512", more=[SECOND])],
            ["2098-05-04", "2098-05-12"],
            "A changed repetition comes in as an event of its own",
        ),
        ([event(more=[RULE]), event("20980506", more=[FIRST])], ["2098-05-06"], "only the first"),
        ([event(more=[RULE]), event(more=[FIRST, "STATUS:CANCELLED"])], [], "nothing of it"),
        (
            [event(), event("20980512", "Toinen")],
            ["2098-05-04", "2098-05-12"],
            "2 events have the UID",
        ),
    ],
)
def test_of_an_event_that_repeats_it_is_told_what_comes_in(tmp_path, corpus, events, days, told):
    found = recognise(read_events(calendar(tmp_path, *events), {}), corpus)
    assert [row.cells["starts_on"] for row in found.rows["events"]] == days
    assert any(told in note for note in found.notes), found.notes


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"uid,event\n", r"calendar\.csv, line 1: has another header"),
        (b"uid,repetition,sequence,event_id\na,,x,b\n", "line 2: is not whole, or its sequence"),
        (b"uid,repetition,sequence,event_id\na,,1\n", "line 2: is not whole"),
        (b"\xff", r"calendar\.csv, line 1: is not written in UTF-8"),
    ],
)
def test_a_damaged_note_is_told(corpus, text, told):
    (corpus / FILE).write_bytes(text)
    with pytest.raises(ImportRefusedError, match=told):
        read_known(corpus)


def test_a_new_file_goes_again_when_another_cannot_be_written(corpus, add, monkeypatch):
    table = corpus / "events.csv"
    before = table.read_bytes()
    replace = type(table).replace

    def failing(self, target):
        if target == table:
            raise OSError(errno.ENOSPC, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(type(table), "replace", failing)
    assert "cannot be written to (No space left on device)" in add(event())[1]
    assert (table.read_bytes(), (corpus / FILE).exists()) == (before, False)


@pytest.mark.parametrize("method", ["REPLY", "COUNTER", "DECLINECOUNTER", "refresh"])
def test_talk_about_an_event_changes_nothing(corpus, add, method):
    add(event())
    before = rows(corpus)
    code, told = add(event("20990610", more=["SEQUENCE:1"]), method=method)
    assert (code, rows(corpus)) == (1, before)
    assert f"(METHOD:{method.upper()}). Give the invitation itself" in told


def test_a_cancellation_cancels_whatever_its_status(corpus, add):
    add(event())
    before = rows(corpus)
    code, told = add(event(more=["STATUS:CONFIRMED"]), method="CANCEL")
    assert (code, rows(corpus)) == (0, before)
    assert "Cancelled, but the table has it" in told
    assert add(event(), method="PUBLISH")[0] == 0


@pytest.mark.parametrize("secrecy", ["PRIVATE", "confidential"])
def test_what_is_private_comes_in_by_a_word_only(corpus, add, secrecy):
    before = set(rows(corpus))
    secret, nameless = event(more=[f"CLASS:{secrecy}"]), ["UID:b", START, f"CLASS:{secrecy}"]
    code, told = add(secret, nameless)
    assert (code, set(rows(corpus))) == (0, before)
    assert f"Left out: Terveysdatan päivä (2098-05-04) is marked as {secrecy.lower()}" in told
    assert "--private" in told
    _, told = add(secret, options=("--yes", "--private"))
    assert "and comes in." in told
    assert set(rows(corpus)) - before == {"terveysdatan-paiva-2098"}


def test_what_is_not_sure_is_told(corpus, add):
    _, told = add(event(more=["STATUS:TENTATIVE"]))
    assert "Not sure to take place (STATUS:TENTATIVE): Terveysdatan päivä" in told
    assert "terveysdatan-paiva-2098" in rows(corpus)
