"""What leaves the page: tables, calendar entries, mail drafts, addresses, masked texts."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from email.utils import getaddresses
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from hytki_match.answers import mail_draft, ways_to
from hytki_match.answers.as_calendar import event_to_calendar, has_day
from hytki_match.answers.as_table import answer_to_csv, answer_to_xlsx, safe_cell
from hytki_match.answers.limits import limit_label
from hytki_match.language.masking import mask_personal
from hytki_match.records import Constraint, ContactMatch, Text
from hytki_match.web.address import MAX_QUESTIONS, Address, read_address

TODAY = date(2026, 1, 1)
FORMULA = '=HYPERLINK("https://evil.example","x")'


@pytest.fixture
def answer(small_matcher):
    return small_matcher.match("synthetic data for testing", today=TODAY)


def with_name(answer, name):
    """The answer with the best record named so."""
    best = answer.resources[0]
    best = replace(best, record=replace(best.record, name=Text(name, name)))
    return replace(answer, resources=(best, *answer.resources[1:]))


def tied(matcher, answer):
    """A contact with an e-mail address, tied to the answer by a topic."""
    contact = matcher.index.corpus.contacts["contacts/lab-desk"]
    label = matcher.index.corpus.topics["synthetic-data"].label
    answer.names["topics/synthetic-data"] = label
    return ContactMatch(contact, 1.0, (), ("synthetic-data",))


@pytest.mark.parametrize(
    "text", [FORMULA, "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1"]
)
def test_a_cell_is_never_a_formula(answer, text):
    hostile = with_name(answer, text)
    rows = list(csv.reader(io.StringIO(answer_to_csv(hostile).removeprefix("\ufeff"))))
    assert rows[1][2] == f"'{text}"
    sheet = load_workbook(io.BytesIO(answer_to_xlsx(hostile))).worksheets[0]
    assert sheet["C2"].data_type == "s"
    assert len(rows) - 1 == sheet.max_row - 1 == len(answer.resources)


def test_harmless_cells_stay_as_they_are():
    assert [safe_cell(text) for text in ("Oulu – Kuopio", "3.11.2023", "")] == [
        "Oulu – Kuopio",
        "3.11.2023",
        "",
    ]


def test_a_control_character_does_not_break_the_workbook(answer):
    sheet = load_workbook(io.BytesIO(answer_to_xlsx(with_name(answer, "a\x00\x0bb")))).worksheets[0]
    assert sheet["C2"].value == "ab"


def test_an_event_is_an_all_day_entry_up_to_its_last_day(small_matcher):
    record = small_matcher.index.corpus.records["events/sleep-week-2099"]
    (event,) = Calendar.from_ical(event_to_calendar(record, "fi")).walk("VEVENT")
    assert event["DTSTART"].dt == date(2099, 3, 9)
    assert event["DTEND"].dt == date(2099, 3, 14)
    assert event["SUMMARY"] == "Univiikko"


def test_a_line_break_in_a_name_adds_no_property(small_matcher):
    record = small_matcher.index.corpus.records["events/sleep-week-2099"]
    hostile = replace(record, name=Text("x\r\nATTENDEE:mailto:a@b.example", ""))
    (event,) = Calendar.from_ical(event_to_calendar(hostile, "fi")).walk("VEVENT")
    assert "ATTENDEE" not in event


@pytest.mark.parametrize(
    ("email", "phone", "ways"),
    [
        ("a@b.example", "+358 29 123-4567", ["mailto:a@b.example", "tel:+358291234567"]),
        ("a?cc=x&b@b.example", "", ["mailto:a%3Fcc%3Dx%26b@b.example"]),
        ("", "+358 (0)29 123 456", ["tel:+35829123456"]),
        ("", "029/123 456", ["tel:029123456"]),
        ("", "", ["https://lab.example.org/desk"]),
    ],
)
def test_a_contact_is_reached_by_a_click(small_matcher, email, phone, ways):
    contact = small_matcher.index.corpus.contacts["contacts/lab-desk"]
    found = ways_to(replace(contact, email=email, phone=phone))
    assert [link for _, link in found] == ways
    assert [text for text, _ in found] == [t for t in (email, phone) if t] or [contact.url]


def test_a_month_is_no_calendar_entry(small_matcher):
    record = small_matcher.index.corpus.records["events/sleep-week-2099"]
    assert not has_day(replace(record, starts_on="2099-03"))
    with pytest.raises(ValueError, match="no day"):
        event_to_calendar(replace(record, starts_on="2099-03"), "fi")


@pytest.mark.parametrize(
    ("question", "greeting"),
    [("Kuka auttaa synteettisen datan kanssa?", "Hei,"), ("Who makes synthetic data?", "Hello,")],
)
def test_a_mail_draft_holds_question_and_match(small_matcher, question, greeting):
    answer = small_matcher.match(question, today=TODAY)
    match = tied(small_matcher, answer)
    parts = urlsplit(mail_draft(match, answer))
    fields = parse_qs(parts.query)
    assert parts.scheme == "mailto"
    assert unquote(parts.path) == match.contact.email
    body = fields["body"][0]
    assert body.startswith(greeting)
    assert question in body
    assert {"fi": "- synteettinen data", "en": "- synthetic data"}[answer.query.language] in body


def test_a_question_adds_no_recipient_to_the_draft(small_matcher):
    answer = small_matcher.match("synthetic data?&bcc=evil@x.example\r\nBcc: b@x.example")
    parts = urlsplit(mail_draft(tied(small_matcher, answer), answer))
    assert set(parse_qs(parts.query)) == {"subject", "body"}
    assert len(getaddresses([unquote(parts.path)])) == 1


def test_a_contact_without_mail_has_no_draft(small_matcher, answer):
    match = tied(small_matcher, answer)
    assert mail_draft(replace(match, contact=replace(match.contact, email="")), answer) == ""


def test_limits_are_named(answer):
    labels = [
        limit_label(Constraint(name, value, "words"), answer, "fi")
        for name, value in (
            ("region", "turku"),
            ("kind", "companies"),
            ("kind", "guide"),
            ("time", "2026-01-01/2026-03-31"),
            ("time", "2026-01-01/.."),
            ("time", "0001-01-01/2023-12-31"),
            ("time", "2024-01-01/9999-12-31"),
        )
    ]
    assert labels == [
        "Alue: Turku",
        "Laji: Yritykset",
        "Laji: opas",
        "Aika: 1.1.2026–31.3.2026",
        "Aika: 1.1.2026 alkaen",
        "Aika: 31.12.2023 asti",
        "Aika: 1.1.2024 alkaen",
    ]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("potilas 131052-308T uni", "potilas [ID] uni"),
        ("010203A123B ja 010203Y123B", "[ID] ja [ID]"),
        ("kirjoita maija.m@example.fi", "kirjoita [E-MAIL]"),
        ("soita +358 40 123 4567 heti", "soita [PHONE] heti"),
        ("040-1234567", "[PHONE]"),
        ("vuonna 2026 ja 100 000 euroa", "vuonna 2026 ja 100 000 euroa"),
        ("2026-01-05 tai 5.1.2026", "2026-01-05 tai 5.1.2026"),
        ("ISO 13485 ja 0,5 prosenttia", "ISO 13485 ja 0,5 prosenttia"),
    ],
)
def test_what_tells_who_somebody_is_is_masked(text, masked):
    assert mask_personal(text) == masked


def test_an_address_is_read_as_it_was_written():
    address = Address.of(["uni?", "entä Turussa & muualla?"], ["turku"], ["tools"], ["time:2026"])
    assert read_address(address.parameters(), {"turku"}) == address


def test_an_address_holds_nobody_and_nothing_unknown():
    address = Address.of([f"q{n}" for n in range(9)] + ["soita 040 123 4567"], [], [], [])
    assert len(address.questions) == MAX_QUESTIONS
    assert address.questions[-1] == "soita [PHONE]"
    odd = {"q": ["uni"], "region": ["turku", "<b>"], "kind": ["tools", "x"], "page": ["y"]}
    assert read_address(odd, {"turku"}) == Address(("uni",), ("turku",), ("tools",))
    assert read_address({"region": ["turku"]}, {"turku"}) is None
