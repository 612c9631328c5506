"""Spreadsheet rows into the corpus: planned and checked as a whole, then written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hytki_match.atomic import replace_file
from hytki_match.corpus.checks import check_tables
from hytki_match.corpus.questions import TABLE, questions_without
from hytki_match.corpus.schema import TABLES, file_name
from hytki_match.corpus.tables import parse_tables
from hytki_match.corpus.writing import read_rows, table_bytes
from hytki_match.errors import ImportRefusedError, Mistake
from hytki_match.upkeep.mapping import ColumnMap, map_rows
from hytki_match.upkeep.merging import Merge, merge
from hytki_match.upkeep.sheets import read_sheets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hytki_match.errors import Finding
    from hytki_match.upkeep.sheets import SheetRow

FIRST_ROW = 2
"""The row below the header."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do: a merge for each table, and headers that no column takes.

    ``questions`` is the table of known questions without the records that go, empty when it stays
    as it is; ``questions_touched`` counts its rows that named one.
    """

    file: Path
    merges: tuple[Merge, ...]
    unused: tuple[str, ...] = ()
    questions: bytes = b""
    questions_touched: int = 0


def sheet_rows(
    file: Path, tables: Sequence[str], mapping: ColumnMap
) -> tuple[dict[str, list[SheetRow]], tuple[str, ...]]:
    """Return the mapped rows of each table in a file, and the headers that were left aside.

    Parameters
    ----------
    tables
        Which tables to read. None: every sheet that has the name of a table.

    Raises
    ------
    ImportRefusedError
        When the file cannot be read or has no such sheet.
    """
    sheets = read_sheets(file)
    chosen = {table: _sheet_of(table, sheets, mapping, tables) for table in tables or TABLES}
    chosen = {table: name for table, name in chosen.items() if name}
    if not chosen or not set(tables) <= set(chosen):
        cure = (
            f"Name the table with --table, or the sheet in the mapping; sheets: {', '.join(sheets)}"
        )
        raise ImportRefusedError(file, [Mistake(file.name, "has no sheet of that table", cure)])
    mapped = {table: map_rows(sheets[name], table, mapping) for table, name in chosen.items()}
    unused = tuple(dict.fromkeys(name for _, names in mapped.values() for name in names))
    return {table: rows for table, (rows, _) in mapped.items()}, unused


def _sheet_of(
    table: str, sheets: Mapping[str, object], mapping: ColumnMap, asked: Sequence[str]
) -> str:
    """Return the sheet that holds a table: the mapping's, that of its name, or the only choice."""
    wanted = mapping.sheet or table
    if wanted in sheets:
        return wanted
    return next(iter(sheets), "") if len(asked) == 1 and not mapping.sheet else ""


def plan_import(
    corpus_dir: Path,
    file: Path,
    incoming: Mapping[str, Sequence[SheetRow]],
    *,
    whole: bool = False,
    unused: Sequence[str] = (),
) -> Plan:
    """Work out what an import changes, and check all tables as they would stand.

    Raises
    ------
    CorpusError
        When the tables as they are cannot be read.
    ImportRefusedError
        With every reason, by row of the file, when the tables would not be in order.
    """
    tables = read_rows(corpus_dir)
    merges = tuple(
        merge(table, tables[table], rows, whole=whole) for table, rows in incoming.items()
    )
    mistakes = [mistake for found in merges for mistake in found.mistakes]
    after = tables | {found.table: list(found.rows) for found in merges}
    frames, unread = parse_tables({t: table_bytes(t, rows) for t, rows in after.items()})
    by_table = {found.table: found for found in merges}
    mistakes += [
        _placed(finding, by_table.get(finding.table))
        for finding in (*unread, *check_tables(frames))
    ]
    if mistakes:
        raise ImportRefusedError(file, mistakes)
    removed = {row_id for found in merges for row_id in found.changes.removed}
    return Plan(file, merges, tuple(unused), *questions_without(corpus_dir, removed))


def write_plan(plan: Plan, corpus_dir: Path) -> None:
    """Write the tables that change, each in one step.

    Raises
    ------
    ImportRefusedError
        When a file cannot be written. Tables before it are written; importing again goes on.
    """
    # Questions first: one that names fewer records than there are is in order at every moment.
    writes = [(TABLE, plan.questions)] if plan.questions else []
    writes += [(m.table, table_bytes(m.table, m.rows)) for m in plan.merges if m.changes]
    for table, data in writes:
        file = corpus_dir / file_name(table)
        try:
            replace_file(file, data)
        except OSError as error:
            problem = f"cannot be written ({error.strerror or error})"
            mistake = Mistake(str(file), problem, "Free disk space or mend the rights")
            raise ImportRefusedError(plan.file, [mistake]) from error


def _placed(finding: Finding, found: Merge | None) -> Mistake:
    """Name the row of the file that a finding is about, or that of the table."""
    number = 0
    if found and finding.row >= FIRST_ROW:
        number = found.numbers.get(found.rows[finding.row - FIRST_ROW]["id"], 0)
    problem = f"{finding.value!r} {finding.problem}" if finding.value else finding.problem
    place = (
        f"{finding.table}, row {number}"
        if number
        else f"{file_name(finding.table)}, row {finding.row}"
    )
    cure = finding.cure.rstrip(".")
    return Mistake(f"{place}, column {finding.column}", problem, cure)
