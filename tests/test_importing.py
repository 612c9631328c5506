"""An import wipes no cell unasked, tells what it did not read, and says only what is true."""

from __future__ import annotations

import errno
import io
import json
import zipfile
from pathlib import Path

import click
import pytest
from corpus_files import edit_cell
from lxml.etree import SerialisationError
from openpyxl import Workbook, load_workbook

from hytki_match import atomic, cli
from hytki_match.corpus.writing import read_rows
from hytki_match.errors import CorpusError, ExportError, ImportRefusedError
from hytki_match.settings import Settings
from hytki_match.upkeep.bringing_in import plan_import, sheet_rows, write_plan
from hytki_match.upkeep.cleaning import remove_from_export
from hytki_match.upkeep.mapping import ColumnMap, read_mapping
from hytki_match.upkeep.new_rows import doubtful
from hytki_match.upkeep.sheets import SheetRow, read_sheets
from hytki_match.upkeep.taking_out import export_tables
from hytki_match.upkeep.workbook_cells import OLD_OR_LOCKED

COMPANIES = ("companies",)
HEADER = ["name", "region_id", "municipality", "description_fi", "topics", "source_url"]
ROW = ["Uniapu Oy", "oulu", "Oulu", "Mittaa unta.", "sleep", "Members"]


@pytest.fixture
def run(corpus, tmp_path, capsys, monkeypatch):
    """Run a command on the small corpus; gives (exit code, stdout, stderr)."""
    monkeypatch.setenv("HYTKI_MATCH_CORPUS", str(corpus))
    monkeypatch.setenv("HYTKI_MATCH_INDEX", str(tmp_path / "index"))

    def command(*arguments):
        with pytest.raises(SystemExit) as stop:
            cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return stop.value.code or 0, printed.out, printed.err

    return command


@pytest.fixture
def no_encoder(monkeypatch):
    monkeypatch.setattr("hytki_match.upkeep.duplicates.alike_in_meaning", lambda *_: [])


def company(corpus, row_id="sleepy"):
    return next(row for row in read_rows(corpus)["companies"] if row["id"] == row_id)


def written(tmp_path, text, name="companies.csv"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def plan_of(corpus, file, mapping=None, tables=COMPANIES, **options):
    rows = sheet_rows(file, tables, mapping or ColumnMap()).rows
    return plan_import(corpus, file, rows, **options)


def fields(plan):
    """Return what a plan changes in Sleepy Oy: (before, after) by column."""
    changed = plan.merges[0].changes.changed.get("companies/sleepy", ())
    return {change.field: (change.before, change.after) for change in changed}


def book(tmp_path, rows, edit=None, title="companies"):
    """Write a workbook of one sheet, as a person would have edited it."""
    made = Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    if edit:
        edit(made)
    made.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


EMPTY_CELL = "id,municipality,as_of\nsleepy,,2026-01\n"


def test_an_empty_cell_keeps_what_stands_unless_told_otherwise(corpus, tmp_path):
    file = written(tmp_path, EMPTY_CELL)
    plan = plan_of(corpus, file)
    assert set(fields(plan)) == {"as_of"}
    assert plan.merges[0].kept == (("companies/sleepy", "municipality"),)
    assert fields(plan_of(corpus, file, clear=True))["municipality"] == ("Oulu", "")
    assert fields(plan_of(corpus, file, whole=True))["municipality"] == ("Oulu", "")


def test_a_cell_that_is_cleared_in_an_export_is_cleared(corpus, tmp_path):
    file = tmp_path / "book.xlsx"
    export_tables(Settings(corpus, tmp_path / "index"), file, COMPANIES)
    edited = load_workbook(file)
    columns = {cell.value: cell.column for cell in edited["companies"][1]}
    edited["companies"].cell(2, columns["municipality"]).value = None
    edited.save(file)
    assert fields(plan_of(corpus, file, whole=True)) == {"municipality": ("Oulu", "")}
    assert fields(plan_of(corpus, file)) == {}


@pytest.mark.parametrize("options", [{}, {"clear": True}, {"whole": True}])
def test_a_default_fills_new_rows_and_empty_cells_only(corpus, tmp_path, options):
    edit_cell(corpus, "companies", "sleepy", "as_of", "")
    mapping = ColumnMap(
        defaults={"as_of": "2026", "municipality": "Kempele", "region_id": "oulu", "topics": "unta"}
        | {"source_url": "Members"},
        values={"topics": {"unta": "sleep"}},
    )
    text = "name,municipality,description_fi\nSleepy Oy,,Mittaa.\nUniapu Oy,,Mittaa unta.\n"
    file = written(tmp_path, text)
    plan = plan_of(corpus, file, mapping, **options)
    assert set(fields(plan)) == {"as_of", "description_fi"}
    (new,) = [row for row in plan.merges[0].rows if row["id"] == "uniapu"]
    assert (new["municipality"], new["topics"], new["as_of"]) == ("Kempele", "sleep", "2026")


def test_what_stays_is_told(run, corpus, tmp_path):
    file = written(tmp_path, EMPTY_CELL)
    code, out, _ = run("import", file, "--dry-run")
    assert code == 0
    assert "cells are empty (1): companies/sleepy municipality. To empty them: --clear" in out
    code, out, _ = run("import", file, "--dry-run", "--json")
    kept = json.loads(out)["tables"]["companies"]["kept"]
    assert kept == [{"row": "companies/sleepy", "field": "municipality"}]
    code, out, _ = run("import", file, "--clear", "--yes")
    assert "    municipality: Oulu\n                → (empty)\n" in out
    assert company(corpus)["municipality"] == ""


def test_a_short_first_row_hides_no_column(corpus, tmp_path):
    file = written(tmp_path, "id,name,municipality\nstepper\nsleepy,Sleepy Oy,Kempele\n")
    assert fields(plan_of(corpus, file)) == {"municipality": ("Oulu", "Kempele")}


def test_an_id_that_stands_twice_is_not_made_one(corpus, tmp_path):
    table = corpus / "companies.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join([*lines, lines[1]]), encoding="utf-8")
    with pytest.raises(ImportRefusedError, match=r"companies\.csv: has the id 'sleepy' twice"):
        plan_of(corpus, written(tmp_path, "id,municipality\nsleepy,Kempele\n", "new.csv"))


def cell(name, value, kind=None):
    def edit(made):
        made.active[name] = value
        made.active[name].data_type = kind or made.active[name].data_type

    return edit


def merged(area):
    return lambda made: made.active.merge_cells(area)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (cell("C2", "=A2&B2"), "row 2, column municipality: is a formula without a value. Open"),
        (cell("C2", "#N/A", "e"), "row 2, column municipality: holds the error #N/A. Mend"),
        (cell("C1", "=A2"), "row 1, column C: is a formula without a value"),
        (merged("B2:C2"), "row 2, column municipality: is merged with cells of other columns"),
        (merged("B1:B2"), "row 1, column B: the header is merged over several rows"),
    ],
)
def test_a_cell_without_a_certain_value(corpus, tmp_path, edit, told):
    with pytest.raises(ImportRefusedError) as caught:
        plan_of(corpus, book(tmp_path, [HEADER, ROW, ROW], edit))
    assert f"book.xlsx, sheet companies, {told}" in str(caught.value)


def test_a_value_merged_downwards_is_that_of_each_row_that_has_others(tmp_path):
    rows = [["name", "region_id"], ["A", "oulu"], ["B", None], ["C", None]]
    (found,) = read_sheets(book(tmp_path, rows, merged("B2:B9"))).values()
    assert [row.cells["region_id"] for row in found] == ["oulu"] * 3


def test_cells_that_are_left_aside_may_be_anything(corpus, tmp_path):
    file = book(tmp_path, [[*HEADER, "Laskuri", "Virhe"], [*ROW, "=1+1", "#N/A"]])
    incoming = sheet_rows(file, COMPANIES, ColumnMap())
    assert incoming.unused == ("Laskuri", "Virhe")
    assert len(incoming.rows["companies"]) == 1


def rewritten(file, old, new):
    """Return a copy of a workbook with other bytes in its sheets."""
    changed = file.with_name("changed.xlsx")
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(old, new))
    return changed


def test_a_formula_that_was_worked_out_has_its_value(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as made:
        sheet = made.add_worksheet("companies")
        sheet.write_row(0, 0, ["name", "url", "place"])
        sheet.write_formula(1, 0, '="Uni"&"apu"', None, "Uniapu")
        sheet.write_formula(1, 1, '=A9&""', None, "#")
        sheet.write_formula(1, 2, "=1+1", None, 2)
    # A spreadsheet program writes so that a formula came to no text at all.
    file = rewritten(tmp_path / "book.xlsx", b"<v>#</v>", b"<v></v>")
    ((row,),) = read_sheets(file).values()
    assert row.cells == {"name": "Uniapu", "url": "", "place": "2"}
    assert row.troubles == {}


def test_a_format_far_below_costs_nothing(tmp_path):
    far = {"row": 1_048_576, "column": 16_384}
    rows = [["name"], ["A"]]
    file = book(tmp_path, rows, lambda made: setattr(made.active.cell(**far), "number_format", "@"))
    ((row,),) = read_sheets(file).values()
    assert row.cells == {"name": "A"}


def test_sheets_that_are_not_read_are_told(run, corpus, tmp_path):
    def more(made):
        made.create_sheet("Companies 2025").append(["name", "name"])
        made.create_sheet("Piilossa").sheet_state = "hidden"

    file = book(tmp_path, [["id", "municipality"], ["sleepy", "Oulu"]], more)
    code, out, err = run("import", file, "--json")
    assert code == 0
    assert "Sheets read: 'companies' as companies. Not read: 'Companies 2025', 'Piilossa'." in err
    found = json.loads(out)
    assert found["sheets"] == {"companies": "companies"}
    assert found["unread_sheets"] == ["Companies 2025", "Piilossa"]
    export_tables(Settings(corpus, tmp_path / "index"), tmp_path / "all.xlsx", COMPANIES)
    assert run("import", tmp_path / "all.xlsx")[2] == ""  # the drop-downs' own sheet is ours


def test_a_hidden_sheet_is_no_first_choice(corpus, tmp_path):
    def more(made):
        made.create_sheet("Jäsenet").append(["id", "name"])
        made.active.sheet_state = "hidden"
        made.active = 1

    file = book(tmp_path, [["x"]], more, title="Apu")
    assert sheet_rows(file, COMPANIES, ColumnMap()).sheets == {"companies": "Jäsenet"}


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.xlsx", b"", "a.xlsx: is damaged, or no workbook"),
        ("a.xlsx", OLD_OR_LOCKED + b"0" * 99, "a.xlsx: is an old Excel file, whatever its name"),
        ("a.xls", OLD_OR_LOCKED, "a.xls: is an old Excel file. Save it as .xlsx"),
        (
            "a.xlsm",
            OLD_OR_LOCKED + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsm: is protected by a password. Save it without one",
        ),
        ("a.csv", "id\nä\n".encode("latin-1"), "a.csv, line 2: is not written in UTF-8"),
        ("a.csv", "id\nä\n".encode("utf-16")[:-1], "a.csv: is cut off, or no text"),
        ("a.csv", b'id,name\nx,"y\nz,1\n', "a.csv, line 2: cannot be divided into cells"),
        ("a.csv", b"id,name\nx,Oulu, Finland\n", "a.csv, row 2: has 3 cells, the header 2"),
        ("a.csv", b"nimi,alue\nx,y\n", "a.csv: has no column of companies"),
    ],
)
def test_a_file_that_cannot_be_used(run, tmp_path, name, data, told):
    (tmp_path / name).write_bytes(data)
    code, out, err = run("import", tmp_path / name, "--table", "companies")
    assert (code, out) == (1, "")
    assert told in err


def test_a_damaged_part_of_a_workbook(tmp_path):
    file = book(tmp_path, [HEADER, ROW])
    data = file.read_bytes()
    for at in range(0, len(data), len(data) // 40):
        file.write_bytes(data[:at] + b"\0\0\0\0" + data[at + 4 :])
        try:
            assert dict(read_sheets(file))
        except ImportRefusedError as error:
            assert "is damaged" in str(error)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("columns = 'x'", r"map\.toml, columns: is no section"),
        ("sheet = 3", r"map\.toml, sheet: 3 is no text"),
        ("[columns]\nname = 5", r"map\.toml, columns, name: 5 is no text"),
        ("[defaults]\nas_of = 2026", r"map\.toml, defaults, as_of: 2026 is no text. Put it in"),
        ("[separators]\ntopics = ''", r"map\.toml, separators, topics: is empty"),
        ("[values]\ntopics = 'x'", r"map\.toml, values, topics: is no section"),
        ("[values.topics]\nx = 1", r"map\.toml, values, topics, x: 1 is no text"),
    ],
)
def test_wrong_types_in_a_mapping(tmp_path, text, told):
    with pytest.raises(ImportRefusedError, match=told):
        read_mapping(written(tmp_path, text, "map.toml"), "companies")


def test_a_mapping_in_another_encoding_and_with_a_header_that_is_not_there(tmp_path):
    (tmp_path / "map.toml").write_bytes("[columns]\nname = 'Yhtiö'".encode("latin-1"))
    with pytest.raises(ImportRefusedError, match=r"map\.toml, line 2: is not written in UTF-8"):
        read_mapping(tmp_path / "map.toml", "companies")
    file = written(tmp_path, "Yritys\nA\n")
    with pytest.raises(ImportRefusedError, match="columns, name: 'Yhtiö' is no header of"):
        sheet_rows(file, COMPANIES, ColumnMap(columns={"name": "Yhtiö"}))


TWO_TABLES = {
    "topics": [SheetRow(2, {"id": "gait", "label_fi": "kävely", "label_en": "gait"})],
    "companies": [SheetRow(2, {"id": "stepper", "topics": "gait"})],
}


def bytes_of(corpus):
    return {file.name: file.read_bytes() for file in sorted(corpus.iterdir())}


@pytest.mark.parametrize("operation", ["write", "rename", "sync"])
@pytest.mark.parametrize("at", [1, 2])
def test_a_fault_at_a_table_leaves_all_as_they_were(corpus, monkeypatch, operation, at):
    before = bytes_of(corpus)
    plan = plan_import(corpus, Path("rows.csv"), TWO_TABLES)
    calls = []

    def failing(real):
        def call(*arguments):
            calls.append(arguments)
            if len(calls) == at:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*arguments)

        return call

    owner, name = {
        "write": (atomic, "_write_synced"),
        "rename": (Path, "replace"),
        "sync": (atomic, "sync"),
    }[operation]
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, failing(getattr(owner, name)))
        if operation == "sync" and at == 2:
            write_plan(plan, corpus)  # both tables are in one folder
            return
        with pytest.raises(ImportRefusedError) as caught:
            write_plan(plan, corpus)
    assert "No space left on device" in str(caught.value)
    assert str(caught.value).endswith("Nothing was written. Import again afterwards.")
    assert bytes_of(corpus) == before
    write_plan(plan, corpus)
    assert company(corpus, "stepper")["topics"] == "gait"


def test_what_could_not_be_put_back_is_named(corpus, monkeypatch):
    plan = plan_import(corpus, Path("rows.csv"), TWO_TABLES)
    real, calls = Path.replace, []

    def replace(file, target):
        calls.append(file)
        if len(calls) > 1:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(file, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        with pytest.raises(ImportRefusedError, match=r"hold the new rows already: topics\.csv\."):
            write_plan(plan, corpus)
    assert "gait" in (corpus / "topics.csv").read_text(encoding="utf-8")
    assert list(corpus.glob(".*.new")) == []


def test_changes_that_somebody_else_made_meanwhile_are_not_lost(corpus):
    plan = plan_import(corpus, Path("rows.csv"), TWO_TABLES)
    edit_cell(corpus, "companies", "sleepy", "municipality", "Kempele")
    with pytest.raises(ImportRefusedError, match="was changed meanwhile by somebody else"):
        write_plan(plan, corpus)
    assert company(corpus)["municipality"] == "Kempele"


def test_json_says_written_only_after_it_was(run, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    file = written(tmp_path, "id,municipality\nsleepy,Kempele\n")
    with monkeypatch.context() as patch:
        patch.setattr(atomic, "_write_synced", fail)
        code, out, err = run("import", file, "--yes", "--json")
    assert (code, out) == (1, "")
    assert "Nothing was written." in err
    assert json.loads(run("import", file, "--yes", "--json")[1])["written"] is True
    assert json.loads(run("import", file, "--yes", "--json")[1])["written"] is False


def test_known_questions_that_cannot_be_read_stop_an_import_that_removes(corpus, tmp_path):
    (corpus / "questions.csv").write_bytes("language,question\nfi,ä\n".encode("latin-1"))
    file = written(tmp_path, "id\nsleepy\n")
    assert not plan_of(corpus, file).merges[0].changes
    with pytest.raises(CorpusError, match=r"questions\.csv, row 2: is not written in UTF-8"):
        plan_of(corpus, file, whole=True)


@pytest.mark.parametrize(
    ("text", "fits"),
    [("x" * 32_767, True), ("x" * 32_768, False), ("😀" * 16_384, False), ("\x01" * 4_682, False)],
)
def test_a_cell_that_is_too_long_for_a_workbook_is_not_cut(corpus, tmp_path, text, fits):
    edit_cell(corpus, "companies", "sleepy", "keywords_en", text)
    settings, file = Settings(corpus, tmp_path / "index"), tmp_path / "book.xlsx"
    if fits:
        export_tables(settings, file, COMPANIES)
        assert read_sheets(file)["companies"][0].cells["keywords_en"] == text
        return
    with pytest.raises(ExportError, match=r"companies\.csv, row 2, column keywords_en"):
        export_tables(settings, file, COMPANIES)
    assert not file.exists()
    export_tables(settings, tmp_path / "x.csv", COMPANIES)


@pytest.mark.parametrize("text", ["=1+1", "+358 40 1", "-2", "@SUM(A1)", "'x", "0012", "2026-05"])
def test_what_looks_like_a_formula_comes_back_as_it_was(corpus, tmp_path, text):
    edit_cell(corpus, "companies", "sleepy", "municipality", text)
    file = tmp_path / "book.xlsx"
    export_tables(Settings(corpus, tmp_path / "index"), file, COMPANIES)
    assert read_sheets(file)["companies"][0].cells["municipality"] == text
    types = {c.data_type for c in load_workbook(file)["companies"][2] if c.value == text}
    assert types == {"s"}


def test_an_export_is_not_made_where_the_note_of_exports_is_damaged(run, tmp_path):
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "exports.json").write_text("{")
    code, _, err = run("export", tmp_path / "x.csv", "--table", "topics")
    assert code == 1
    assert "exports.json, which notes where exports are, cannot be read" in err


@pytest.mark.parametrize("cell", ["topics", "topics=", "colour=red"])
def test_what_is_set_has_a_column_and_a_text(run, tmp_path, cell):
    assert run("add-event", written(tmp_path, "", "x.ics"), "--set", cell)[0] == 2


def test_a_new_row_is_shown_before_the_yes(run, tmp_path, no_encoder):
    text = "Lainaa unipatjoja, jotka mittaavat yöunen vaiheet ilman kiinnityksiä, ja neuvoo niissä."
    row = f'Uniapu Oy,oulu,Oulu,"{text}",sleep,Members\n'
    file = written(tmp_path, f"{','.join(HEADER)}\n{row}")
    code, out, _ = run("import", file, "--table", "companies", "--dry-run")
    assert (code, out.splitlines()[2:5]) == (
        0,
        ["+ companies/uniapu", "    Uniapu Oy, Oulu, oulu", f"    {text[:80].rstrip()}…"],
    )
    assert "!" not in out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<p>Mittaa unta.</p>", "HTML tags"),
        ("Mittaa unta<br>", "HTML tags"),
        ("Liity: https://teams.microsoft.com/l/meetup-join/19", "a meeting link"),
        ("Join https://eu01web.zoom.us/j/123", "a meeting link"),
        ("Tunnuskoodi: 123", "a passcode"),
        ("Meeting ID: 123", "a passcode"),
        ("Mittaa unta, kun syke < 60 ja > 40.", ""),
        ("Zoomaa kuviin Teamsin avulla; salasanat pysyvät tallessa.", ""),
    ],
)
def test_what_is_not_for_everybody_is_told_and_not_stripped(corpus, tmp_path, text, told):
    file = written(tmp_path, f'id,name,description_fi\nsleepy,Sleepy Oy,"{text}"\n')
    plan = plan_of(corpus, file)
    found = doubtful(plan.merges[0])
    head = f"companies/sleepy, description_fi: the text holds {told}. It comes in as it is"
    assert [sentence.startswith(head) for sentence in found] == [True] * bool(told)
    assert fields(plan)["description_fi"][1] == text


def test_a_full_temporary_folder_is_told_in_a_sentence(run, tmp_path, monkeypatch, capsys):
    """Struck where openpyxl's writer of a sheet hands its rows to lxml."""
    run("export", tmp_path / "before.xlsx", "--table", "contacts")

    def full(*_):
        raise SerialisationError("IO_ENOSPC")

    monkeypatch.setattr("openpyxl.worksheet._writer.WorksheetWriter.write_row", full)
    code, _, err = run("export", tmp_path / "all.xlsx", "--table", "topics")
    assert (code, err.count("\n")) == (1, 1)
    assert "cannot be written to the folder of temporary files (IO_ENOSPC). Free disk" in err
    assert not (tmp_path / "all.xlsx").exists()
    removed, (problem,) = remove_from_export("lab-desk", tmp_path / "before.xlsx")
    assert (removed, "before.xlsx cannot be changed: The workbook" in problem) == ([], True)


def test_a_renamed_sheet_of_a_whole_workbook_is_told_and_can_be_named(run, corpus, tmp_path):
    rows = read_rows(corpus)

    def more(made):
        sheet = made.create_sheet("Yritykset")
        for row in (rows["companies"][0], *(one.values() for one in rows["companies"])):
            sheet.append([*row])

    regions = [[*rows["regions"][0]], *([*row.values()] for row in rows["regions"])]
    file = book(tmp_path, regions, more, title="regions")
    _, out, _ = run("import", file, "--whole", "--dry-run")
    assert "! The sheet 'Yritykset' was not read, and nothing that was edited there" in out
    assert "one of topics, organisations, contacts, competences, tools, companies, events: " in out
    assert sheet_rows(file, COMPANIES, ColumnMap()).sheets == {"companies": "Yritykset"}
    assert "!" not in run("import", file, "--whole", "--table", "companies", "--dry-run")[1]


@pytest.mark.parametrize(("answer", "code"), [(False, 3), (click.Abort(), 130)])
def test_who_says_no_is_told_that_nothing_was_written(
    run, tmp_path, monkeypatch, no_encoder, answer, code
):
    def asked(*_, **__):
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.confirm", asked)
    file = written(tmp_path, f"{','.join(HEADER)}\n{','.join(ROW)}\n")
    ended, _, err = run("import", file, "--table", "companies")
    assert (ended, err.count("Nothing was written.")) == (code, 1)
