"""Spreadsheets and calendars into the tables and back: nothing is lost, nothing comes twice."""

from __future__ import annotations

import csv
import datetime
import json
import re
import zipfile

import pytest
from corpus_files import SHIPPED, edit_cell
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from hytki_match.corpus import check_corpus
from hytki_match.corpus.schema import TABLES, file_name
from hytki_match.corpus.writing import read_rows, table_bytes
from hytki_match.errors import ExportError, ImportRefusedError
from hytki_match.settings import Settings
from hytki_match.upkeep import taking_out
from hytki_match.upkeep.alike import alike
from hytki_match.upkeep.bringing_in import plan_import, sheet_rows, write_plan
from hytki_match.upkeep.mapping import ColumnMap, read_mapping
from hytki_match.upkeep.merging import make_slug, merge
from hytki_match.upkeep.sheets import SheetRow, clean, read_sheets
from hytki_match.upkeep.taking_out import export_tables, noted_exports
from hytki_match.upkeep.workbook import workbook_bytes

MAP = """
sheet = "Jäsenet"
[columns]
name = "Yritys"
region_id = "Alue"
description_fi = "Kuvaus"
topics = "Aiheet"
url = "Kotisivu"
[values.region_id]
"Oulun seutu" = "oulu"
[values.topics]
"uni" = "sleep"
"puettavat" = "wearables"
[separators]
topics = ","
[defaults]
source_url = "Members, spring 2026"
"""


@pytest.fixture
def members(tmp_path):
    """A spreadsheet of somebody else, and the mapping for it."""
    book = Workbook()
    book.active.title = "Ohje"
    sheet = book.create_sheet("Jäsenet")
    sheet.append(["Yritys", "Alue", "Kuvaus", "Aiheet", "Kotisivu", "Jäsennumero"])
    sheet.append(
        [
            "Uniapu Oy",
            "Oulun seutu",
            "Mittaa unta.",
            "uni, puettavat",
            "https://uni.example.org/",
            7,
        ]
    )
    sheet.append([])
    sheet.append(["SLEEPY OY", "oulu", "Sormus mittaa unta.", "uni", None, 8])
    book.save(tmp_path / "members.xlsx")
    (tmp_path / "map.toml").write_text(MAP, encoding="utf-8")
    return tmp_path / "members.xlsx", read_mapping(tmp_path / "map.toml", "companies")


def plan_of(corpus, file, tables=(), mapping=None, **options):
    incoming = sheet_rows(file, tables, mapping or ColumnMap())
    return plan_import(corpus, file, incoming.rows, **options)


def test_a_workbook_comes_back_without_loss(tmp_path):
    """On the shipped corpus: every cell of every table."""
    file = tmp_path / "corpus.xlsx"
    export_tables(Settings(SHIPPED, tmp_path / "index"), file, tuple(TABLES))
    plan = plan_of(SHIPPED, file, whole=True)
    assert len(plan.merges) == len(TABLES)
    for found in plan.merges:
        assert not found.changes
        # In the same order, too: a diff of the files shows what a person changed, and no more.
        assert (
            table_bytes(found.table, found.rows) == (SHIPPED / file_name(found.table)).read_bytes()
        )


@pytest.mark.parametrize("table", ["companies", "events"])
def test_a_csv_comes_back_without_loss(corpus, tmp_path, table):
    file = tmp_path / f"{table}.csv"
    export_tables(Settings(corpus, tmp_path / "index"), file, (table,))
    assert not plan_of(corpus, file, (table,), whole=True).merges[0].changes


@settings(max_examples=60, deadline=None)
@example("_x0041_ _x000A_ x_")
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n")))
def test_any_text_survives_a_workbook(tmp_path_factory, text):
    rows = {table: [] for table in TABLES}
    rows["topics"] = [{"id": "x", "label_fi": text, "label_en": "=1+1"}]
    file = tmp_path_factory.mktemp("any") / "book.xlsx"
    file.write_bytes(workbook_bytes({"topics": rows["topics"]}, rows))
    (row,) = read_sheets(file)["topics"]
    assert row.cells["label_fi"] == clean(text)
    assert row.cells["label_en"] == "=1+1"


def test_a_cell_is_never_a_formula_and_lists_have_drop_downs(corpus, tmp_path):
    edit_cell(corpus, "companies", "sleepy", "municipality", "=HYPERLINK(1)")
    file = tmp_path / "book.xlsx"
    export_tables(Settings(corpus, tmp_path / "index"), file, ("companies", "tools"))
    book = load_workbook(file)
    assert [sheet.title for sheet in book] == ["companies", "tools", "choices"]
    assert {cell.data_type for row in book["companies"] for cell in row} <= {"s", "n"}
    offered = {
        str(v.sqref).split("2:")[0]: v for v in book["companies"].data_validations.dataValidation
    }
    letters = {cell.value: cell.column_letter for cell in book["companies"][1]}
    assert set(offered) == {letters["region_id"], letters["topics"]}
    assert offered[letters["region_id"]].showErrorMessage
    assert not offered[letters["topics"]].showErrorMessage
    assert "guide" in {cell.value for row in book["choices"] for cell in row}


def test_a_spreadsheets_own_types_become_text(tmp_path):
    book = Workbook()
    book.active.append(["starts_on", "as_of", "latitude", "id"])
    book.active.append([datetime.datetime(2026, 5, 4), 2026.0, 65.0121, True])
    book.save(tmp_path / "book.xlsx")
    (row,) = read_sheets(tmp_path / "book.xlsx")["Sheet"]
    assert list(row.cells.values()) == ["2026-05-04", "2026", "65.0121", "True"]


def test_somebody_elses_columns(corpus, members):
    file, mapping = members
    plan = plan_of(corpus, file, ("companies",), mapping)
    (found,) = plan.merges
    assert sheet_rows(file, ("companies",), mapping).unused == ("Jäsennumero",)
    assert found.changes.added == ("companies/uniapu",)
    assert list(found.changes.changed) == ["companies/sleepy"]
    changed = {change.field for change in found.changes.changed["companies/sleepy"]}
    assert changed == {"name", "description_fi", "topics"}  # no default, and no empty cell
    row = next(row for row in found.rows if row["id"] == "uniapu")
    assert row["topics"] == "sleep;wearables"
    assert row["description_en"] == "-"  # the file has no column for it: there is no such text
    assert row["source_url"] == "Members, spring 2026"


def test_the_same_file_twice_changes_nothing_the_second_time(corpus, members):
    file, mapping = members
    write_plan(plan_of(corpus, file, ("companies",), mapping), corpus)
    assert check_corpus(corpus) == ()
    assert not plan_of(corpus, file, ("companies",), mapping).merges[0].changes


def test_columns_that_do_not_come_keep_what_they_hold(corpus, tmp_path):
    file = tmp_path / "some.csv"
    file.write_text("id;municipality\nsleepy;Kempele\n", encoding="utf-8")
    (found,) = plan_of(corpus, file, ("companies",)).merges
    (change,) = found.changes.changed["companies/sleepy"]
    assert (change.field, change.before, change.after) == ("municipality", "Oulu", "Kempele")
    assert found.changes.removed == ()


def test_rows_that_are_missing_are_removed_only_when_the_file_is_the_whole_table(corpus, tmp_path):
    file = tmp_path / "companies.csv"
    text = (corpus / "companies.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(text[:-1]), encoding="utf-8")
    gone = text[-1].split(",")[0]
    assert plan_of(corpus, file, ("companies",)).merges[0].changes.removed == ()
    removed = plan_of(corpus, file, ("companies",), whole=True).merges[0].changes.removed
    assert removed == (f"companies/{gone}",)


@pytest.mark.parametrize("text", ["", "id,name\n"])
def test_a_table_is_not_emptied_by_a_file_without_rows(corpus, tmp_path, text):
    file = tmp_path / "companies.csv"
    file.write_text(text, encoding="utf-8")
    assert not plan_of(corpus, file, ("companies",)).merges[0].changes
    with pytest.raises(ImportRefusedError, match="has no rows, so that all"):
        plan_of(corpus, file, ("companies",), whole=True)


def test_a_sheet_is_read_whole_whatever_its_size_is_said_to_be(tmp_path):
    file, told = tmp_path / "book.xlsx", tmp_path / "told.xlsx"
    book = Workbook()
    book.active.append(["id", "name"])
    book.active.append(["sleepy", "Sleepy Oy"])
    book.save(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(told, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', data))
    (rows,) = read_sheets(told).values()
    assert [row.cells for row in rows] == [{"id": "sleepy", "name": "Sleepy Oy"}]


def test_known_questions_lose_a_record_that_goes(corpus, tmp_path):
    questions = corpus / "questions.csv"
    questions.write_text(
        "language,question,answers,useful\n"
        "fi,Kuka laskee askeleet?,companies/stepper,companies/sleepy\n"
        "fi,Kuka mittaa unta?,companies/sleepy,companies/stepper\n"
        "fi,Mistä dataa?,tools/synthetic-guide,\n".replace(
            "tools/synthetic-guide", f"tools/{read_rows(corpus)['tools'][0]['id']}"
        ),
        encoding="utf-8",
    )
    assert check_corpus(corpus) == ()
    file = tmp_path / "companies.csv"
    rows = [row for row in read_rows(corpus)["companies"] if row["id"] != "stepper"]
    file.write_bytes(table_bytes("companies", rows))
    plan = plan_of(corpus, file, ("companies",), whole=True)
    assert plan.questions_touched == 2
    write_plan(plan, corpus)
    assert check_corpus(corpus) == ()
    lines = questions.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    assert lines[1] == "fi,Kuka mittaa unta?,companies/sleepy,"


def test_a_row_that_would_break_the_corpus_is_refused_by_its_place_in_the_file(corpus, tmp_path):
    before = (corpus / "companies.csv").read_bytes()
    file = tmp_path / "new.csv"
    file.write_text(
        "name,region_id,description_fi,topics,source_url\n"
        "Hyvä Oy,oulu,Mittaa.,sleep,Members\n"
        "Huono Oy,ouluu,Mittaa.,sleep,Members\n"
        "Hyvä Oy,oulu,Mittaa taas.,sleep,Members\n",
        encoding="utf-8",
    )
    with pytest.raises(ImportRefusedError) as caught:
        plan_of(corpus, file, ("companies",))
    told = str(caught.value)
    assert "row 3, column region_id: 'ouluu'" in told
    assert "row 4: is 'hyva', as row 2 is" in told
    assert (corpus / "companies.csv").read_bytes() == before


def test_an_organisation_that_others_need_cannot_go(corpus, tmp_path):
    file = tmp_path / "organisations.csv"
    lines = (corpus / "organisations.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("turku-lab,")))
    with pytest.raises(ImportRefusedError, match=r"contacts\.csv, row 2, column organisation_id"):
        plan_of(corpus, file, ("organisations",), whole=True)


@pytest.mark.parametrize(
    ("name", "url", "told"),
    [
        ("Sleepy Ou", "", "nearly that of sleepy"),
        ("Something Else", "https://sleepy.example.org/", "address is that of sleepy"),
    ],
)
def test_duplicates_by_name_and_address_are_pointed_out(corpus, name, url, told):
    existing = read_rows(corpus)["companies"]
    found = merge("companies", existing, [SheetRow(2, {"name": name, "url": url})])
    assert any(told in sentence for sentence in found.alike)


@pytest.mark.parametrize(
    ("stands", "comes", "told"),
    [
        ("Bittium Oyj", "Bittium", "without its legal form is that of x"),
        ("Nukute Oy", "Nukute Ltd", "without its legal form is that of x"),
        ("Oura Health Oy", "Oura", "is the first word of that of x"),
        ("Oura Oy", "Oura Health Ltd", "begins as that of x"),
        ("Nukute Oy", "Nukuta Hoiva Oy", ""),
        ("Turku Science Park Oy", "Turku Tech Oy", ""),
    ],
)
def test_a_company_is_known_whatever_its_legal_form(stands, comes, told):
    existing = [{"id": "x", "name": stands}, {"id": "y", "name": "Helsinki Oy"}]
    found = alike("companies", [{"id": "new", "name": comes}], existing)
    assert found == ([f"new: the name {told}."] if told else [])
    assert alike("tools", [{"id": "new", "name": "Oura"}], [{"id": "x", "name": "Oura Ltd"}]) == []


def test_a_first_word_that_several_share_calls_none(corpus):
    existing = [{"id": str(n), "name": f"Turku {n} Oy"} for n in range(2)]
    assert alike("companies", [{"id": "new", "name": "Turku"}], existing) == []


def test_a_row_with_another_id_is_told_with_what_it_loses(corpus, tmp_path):
    (corpus / "questions.csv").write_text(
        "language,question,answers,useful\nfi,Kuka mittaa unta?,companies/sleepy,\n",
        encoding="utf-8",
    )
    file = tmp_path / "companies.csv"
    text = (corpus / "companies.csv").read_text(encoding="utf-8")
    file.write_text(text.replace("\nsleepy,", "\nsleepy-oy,"), encoding="utf-8")
    plan = plan_of(corpus, file, ("companies",), whole=True)
    (told,) = plan.renamed
    assert told.startswith("companies/sleepy-oy looks like companies/sleepy with another id: 1 kno")
    assert not plan_of(corpus, file, ("companies",)).renamed


def test_an_id_that_the_same_file_took_away_is_told_where_it_went(corpus, tmp_path):
    file = tmp_path / "organisations.csv"
    text = (corpus / "organisations.csv").read_text(encoding="utf-8")
    file.write_text(text.replace("turku-lab,", "turku-labs,"), encoding="utf-8")
    with pytest.raises(ImportRefusedError, match="under another id: write 'turku-labs', or give"):
        plan_of(corpus, file, ("organisations",), whole=True)
    lines = text.splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("turku-lab,")))
    with pytest.raises(ImportRefusedError, match="This file removes it: keep its row"):
        plan_of(corpus, file, ("organisations",), whole=True)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"id": "sleepy", "name": "Uniapu Oy"}, "empty the id of the one that is new"),
        ({"id": "sleepy", "name": "Sleepy Oy"}, "Remove one of them"),
        ({"name": "Sleepy Oy"}, "Remove one of them"),
    ],
)
def test_two_rows_with_one_id(corpus, cells, told):
    rows = [SheetRow(2, {"id": "sleepy", "name": "Sleepy Oy"}), SheetRow(3, cells)]
    (mistake,) = merge("companies", read_rows(corpus)["companies"], rows).mistakes
    assert told in str(mistake)


def test_duplicates_by_meaning_are_pointed_out(corpus, tmp_path):
    from fake_encoder import FakeEncoder

    from hytki_match.upkeep.duplicates import near_pairs

    texts = {"a": "Sormus mittaa unta", "b": "sormus mittaa unta.", "c": "Synteettinen data"}
    (pair,) = near_pairs(texts, FakeEncoder().encode_passages)
    assert (pair.one, pair.other, pair.cosine) == ("a", "b", 1.0)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Sleepy Oy", "sleepy"),
        ("Jyväskylän Äly Oyj", "jyvaskylan-aly"),
        ("  R&D / AI  ", "r-d-ai"),
        ("東京", ""),
    ],
)
def test_ids_are_made_from_names(name, slug):
    assert make_slug(name) == slug


def test_new_ids_never_take_one_that_is_there(corpus):
    existing = read_rows(corpus)["events"]
    rows = [
        SheetRow(2, {"name_fi": "Univiikko", "name_en": "Sleep week", "starts_on": "2098-03-09"}),
        SheetRow(3, {"name_fi": "Univiikko", "name_en": "Sleep week", "starts_on": "2099-03-09"}),
        SheetRow(4, {"name_en": "東京", "starts_on": ""}),
    ]
    found = merge("events", existing, rows)
    assert found.changes.added == ("events/row", "events/sleep-week-2098")
    assert found.numbers["sleep-week-2099"] == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[colums]\nname='x'", "'colums' is no part of a mapping"),
        ("[columns]\nnam='x'", "'nam' is no column of companies"),
        ("[columns\n", "is no TOML"),
    ],
)
def test_a_mapping_that_is_wrong(tmp_path, text, told):
    (tmp_path / "map.toml").write_text(text)
    with pytest.raises(ImportRefusedError, match=told):
        read_mapping(tmp_path / "map.toml", "companies")


@pytest.mark.parametrize("name", ["junk.xlsx", "junk.csv", "junk.pdf"])
def test_a_file_that_is_no_spreadsheet(tmp_path, name):
    (tmp_path / name).write_bytes(b"PK\x03\x04\xff\xfe\x00junk")
    with pytest.raises(ImportRefusedError, match=name):
        read_sheets(tmp_path / name)


def test_exports_are_noted(corpus, tmp_path):
    file = tmp_path / "x.csv"
    export_tables(Settings(corpus, tmp_path / "index"), file, ("topics",))
    assert list(noted_exports(tmp_path / "index")) == [str(file.resolve())]


def test_the_commands(corpus, tmp_path, monkeypatch, capsys):
    from hytki_match import cli

    monkeypatch.setenv("HYTKI_MATCH_CORPUS", str(corpus))
    monkeypatch.setenv("HYTKI_MATCH_INDEX", str(tmp_path / "index"))

    def run(*arguments):
        with pytest.raises(SystemExit) as stop:
            cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return stop.value.code or 0, printed.out, printed.err

    file = tmp_path / "companies.csv"
    assert run("export", file, "--table", "companies")[0] == 0
    assert run("export", file, "--table", "companies")[0] == 2
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows[0]["municipality"] = "Kempele"
    file.write_bytes(table_bytes("companies", rows))
    before = (corpus / "companies.csv").read_bytes()
    code, out, _ = run("import", file, "--table", "companies", "--dry-run")
    assert code == 0
    assert "~ companies/sleepy\n    municipality: Oulu\n" in out
    assert (corpus / "companies.csv").read_bytes() == before
    code, out, err = run("import", file, "--table", "companies", "--json")
    assert (code, json.loads(out)["written"]) == (3, False)
    assert "give --yes" in err
    assert (corpus / "companies.csv").read_bytes() == before
    code, out, _ = run("import", file, "--table", "companies", "--json", "--yes")
    assert (code, json.loads(out)["written"]) == (0, True)
    assert read_rows(corpus)["companies"][0]["municipality"] == "Kempele"
    assert run("import", file, "--table", "companies")[1].startswith("companies:\n0 rows added, 0")


@pytest.mark.parametrize("refused", ["exports.json", "all.csv"])
def test_the_file_that_cannot_be_written_is_blamed(corpus, tmp_path, monkeypatch, refused):
    write = taking_out.replace_file

    def replace_file(file, data):
        if file.name == refused:
            raise PermissionError(13, "Permission denied")
        write(file, data)

    monkeypatch.setattr(taking_out, "replace_file", replace_file)
    settings, export = Settings(corpus, tmp_path / "index"), tmp_path / "all.csv"
    with pytest.raises(ExportError, match=f"{refused} cannot be written: Permission denied"):
        export_tables(settings, export, ("topics",))
    assert not export.exists()
    assert not noted_exports(settings.index_dir)  # `forget` would miss it
