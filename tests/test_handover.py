"""The hand-over: opened again by other programs, the same every time, and safe in spreadsheets."""

from __future__ import annotations

import csv
import email
import io
import json
import zipfile
from dataclasses import replace
from datetime import date

import docx
import icalendar
import openpyxl
import pypdf
import pytest

from hytki_match.adviser.case import Case, Entry, Limits, Part
from hytki_match.adviser.handover import (
    mail_drafts,
    make_calendar,
    make_docx,
    make_everything,
    make_markdown,
    make_pdf,
    make_report,
    make_xlsx,
)
from hytki_match.adviser.handover.content import matrix
from hytki_match.adviser.handover.letters import safe_cell
from hytki_match.adviser.work import work_on

DAY = date(2026, 1, 15)
HOSTILE = '=HYPERLINK("http://evil.example","Maksa") | <script>alert(1)</script> **x**'
CASE = Case(
    "c1",
    "=1+1 Uni & kävely",
    f"Tarvitsemme unen mittausta. Etsimme sairaalan dataa.\n{HOSTILE}",
    company="@Esimerkki Oy",
    sector="+terveys",
    region="oulu",
    size="micro",
    parts=(Part("p1", "Kuka mittaa unta?"), Part("p2", HOSTILE), Part("p3", "Sairaalan data")),
)


@pytest.fixture(scope="module")
def work(small_matcher):
    first = work_on(CASE, small_matcher, (), today=DAY)
    entry = Entry(first.partners[0], "agreed", "-soita ensin", {"agreed": "2026-01-10"})
    return work_on(replace(CASE, shortlist=(entry,)), small_matcher, (), today=DAY)


def names(work, language):
    records = work.corpus.records
    return [records[partner].name.best(language)[0] for partner in work.partners]


def docx_text(data):
    paper = docx.Document(io.BytesIO(data))
    cells = [c.text for table in paper.tables for row in table.rows for c in row.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])


def pdf_text(data):
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize(("make", "read"), [(make_docx, docx_text), (make_pdf, pdf_text)])
def test_a_document_says_everything_in_both_languages(work, make, read):
    text = read(make(work, ("fi", "en")))
    for expected in (
        "Kumppaniehdotus: =1+1 Uni & kävely",
        "Proposed partners: =1+1 Uni & kävely",
        "@Esimerkki Oy",
        "15.1.2026",
        "Kuka mittaa unta?",
        "Adviser's note: -soita ensin",
        "Sovittu 10.1.2026",
        work.proposal.index_version,
        work.proposal.corpus_digest[:12],
        "<script>alert(1)</script>",
        *names(work, "fi"),
        *names(work, "en"),
    ):
        assert expected in text, expected


def xlsx_text(data):
    book = openpyxl.load_workbook(io.BytesIO(data))
    return "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row)


@pytest.mark.parametrize(
    ("make", "read"),
    [(make_docx, docx_text), (make_pdf, pdf_text), (make_xlsx, xlsx_text), (make_markdown, str)],
)
def test_what_was_left_out_of_the_text_stands_in_every_document(small_matcher, make, read):
    """It was known to the program, and only the text of the command line told it."""
    left_out = "Budjetti on pieni."
    case = replace(CASE, need=f"Tarvitsemme unen mittausta. {left_out}", parts=None)
    text = read(make(work_on(case, small_matcher, (), today=DAY), ("fi", "en")))
    for heading in ("Tekstistä jätettiin pois", "Left out of the text"):
        assert left_out in text.partition(heading)[2]
    whole = replace(case, need="Tarvitsemme unen mittausta.")
    assert "jätettiin pois" not in read(make(work_on(whole, small_matcher, (), today=DAY), ("fi",)))


@pytest.mark.parametrize("make", [make_docx, make_pdf, make_xlsx, make_markdown, make_everything])
def test_a_hand_over_is_the_same_every_time(work, make):
    assert make(work, ("fi", "en")) == make(work, ("fi", "en"))


def test_no_cell_of_the_spreadsheet_is_a_formula(work):
    book = openpyxl.load_workbook(io.BytesIO(make_xlsx(work, ("fi", "en"))))
    assert len(book.sheetnames) == 6
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(HOSTILE in str(cell.value) for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all(cell.hyperlink is None for cell in cells)


def test_no_cell_of_the_report_is_a_formula(work):
    (row,) = csv.DictReader(io.StringIO(make_report([work]), newline=""))
    assert row["case_title"] == "'=1+1 Uni & kävely"
    assert row["organisation"] == "'@Esimerkki Oy"
    assert row["sector"] == "'+terveys"
    assert (row["date"], row["organisation_size"], row["parts"]) == ("2026-01-15", "micro", "3")
    assert row["partners"] == "; ".join(names(work, "en"))
    assert [safe_cell(c) for c in ("\tx", "\rx", "-1", "a=b")] == ["'\tx", "'\rx", "'-1", "a=b"]


def test_markdown_shows_markup_of_others_as_text(work):
    text = make_markdown(work, ("en",))
    assert text.startswith("# Proposed partners: =1+1 Uni \\& kävely\n")
    assert "**x**" not in text.replace("\\*\\*x\\*\\*", "")
    assert "<script>" not in text


def test_coming_events_are_in_the_calendar(small_matcher):
    case = replace(CASE, parts=(Part("p1", "unen mittaus ja palautuminen"),))
    work = work_on(case, small_matcher, (), today=date(2020, 1, 1))
    assert work.steps.events
    found = icalendar.Calendar.from_ical(make_calendar(work, "fi"))
    events = list(found.walk("VEVENT"))
    assert len(events) == len(work.steps.events)
    record = work.corpus.records[work.steps.events[0]]
    assert str(events[0]["summary"]) == record.name.fi
    assert events[0].decoded("dtstart").isoformat() == record.starts_on
    late = work_on(case, small_matcher, (), today=date(2101, 1, 1))
    assert late.steps.events == ()


def test_each_partner_gets_a_mail_draft(work):
    drafts = mail_drafts(work, "fi")
    assert [draft.partner_id for draft in drafts] == list(work.partners)
    message = email.message_from_bytes(drafts[0].as_eml(), policy=email.policy.default)
    assert message["X-Unsent"] == "1"
    assert message["Subject"] == "Yhteistyökysely: =1+1 Uni & kävely"
    assert "@Esimerkki Oy" in message.get_content()


def test_a_title_cannot_smuggle_a_header_into_a_mail(small_matcher):
    case = replace(CASE, title="Uni\r\nBcc: evil@example.org")
    draft = mail_drafts(work_on(case, small_matcher, (), today=DAY), "fi")[0]
    message = email.message_from_bytes(draft.as_eml(), policy=email.policy.default)
    assert message["Bcc"] is None


def test_everything_comes_in_one_file(work):
    with zipfile.ZipFile(io.BytesIO(make_everything(work, ("fi",)))) as packed:
        listed = set(packed.namelist())
        document = json.loads(packed.read("proposal.json"))
    assert {"handover.docx", "handover.pdf", "handover.xlsx", "events.ics", "report.csv"} <= listed
    assert document["case"]["title"] == CASE.title


def test_a_case_without_partners_says_what_stays_open(small_matcher):
    case = replace(CASE, parts=(Part("p1", "Kvanttikoneiden jäähdytys"),), limits=Limits(most=1))
    work = work_on(case, small_matcher, (), today=DAY)
    assert work.partners == ()
    assert "Mikä jää vielä auki" in pdf_text(make_pdf(work, ("fi",)))
    assert "Mikä jää vielä auki" in docx_text(make_docx(work, ("fi",)))
    assert make_xlsx(work, ("fi",))


def test_what_is_unsure_is_marked_and_no_empty_calendar_is_packed(work):
    unsure = [
        partner
        for part in work.proposal.parts
        for partner in part.covered_by
        if work.proposal.probability(partner, part.part.part_id) < 0.5
    ]
    text = make_markdown(work, ("en",))
    assert text.count("(check first)") == len(unsure)
    with zipfile.ZipFile(io.BytesIO(make_everything(work, ("en",)))) as packed:
        assert ("events.ics" in packed.namelist()) == bool(work.steps.events)


def test_with_the_most_partners_that_can_be_asked_for_each_column_has_a_width(work):
    many = [f"organisations/{n}" for n in range(12)]
    crowded = replace(work, proposal=replace(work.proposal, consortium=tuple(many)))
    assert min(matrix(crowded, "fi").widths) > 0


def test_partners_and_what_to_do_without_them_stand_in_the_order_of_the_parts(work):
    plain = replace(work, proposal=replace(work.proposal, case=replace(work.case, shortlist=())))
    firsts = [part.covered_by[0] for part in plain.proposal.parts if part.covered_by]
    assert list(plain.partners)[: len(set(firsts))] == list(dict.fromkeys(firsts))
    without = [found.about[0] for found in plain.alternatives if found.kind == "without"]
    assert without == list(plain.partners)
    assert plain.alternatives[0].kind == "second"
