"""Spreadsheet rows into the corpus: planned and checked as a whole, then written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hytki_match.atomic import PartlyReplacedError, replace_files
from hytki_match.corpus.checks import check_tables
from hytki_match.corpus.files import corpus_digest
from hytki_match.corpus.questions import TABLE, questions_without, rows_naming
from hytki_match.corpus.schema import TABLES, file_name
from hytki_match.corpus.tables import parse_tables
from hytki_match.corpus.writing import read_rows, table_bytes
from hytki_match.errors import ImportRefusedError, Mistake
from hytki_match.nearest import did_you_mean
from hytki_match.upkeep.blaming import in_sheet
from hytki_match.upkeep.mapping import ColumnMap, map_rows
from hytki_match.upkeep.merging import Merge, merge
from hytki_match.upkeep.sheets import read_sheets, refused
from hytki_match.upkeep.workbook import CHOICES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from hytki_match.errors import Finding
    from hytki_match.upkeep.blaming import Blame
    from hytki_match.upkeep.sheets import SheetRow, Sheets

FIRST_ROW = 2
"""The row below the header."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a file holds for the tables.

    ``unused`` are headers that no column takes. ``sheets`` names the sheet of each table,
    ``unread`` those of no table. ``notes`` are sentences on what was left out. ``blames`` tells by
    table where what is wrong with a row was made.
    """

    rows: Mapping[str, Sequence[SheetRow]]
    unused: tuple[str, ...] = ()
    sheets: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    blames: Mapping[str, Blame] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do: a merge for each table.

    ``questions`` is the table of known questions without the records that go, empty when it stays
    as it is; ``questions_touched`` counts its rows that named one. ``digest`` is that of the corpus
    that was looked at. ``renamed`` holds a sentence on each row that goes and comes again under
    another id. ``beside`` are files of the corpus folder that are no tables, by name.
    """

    file: Path
    merges: tuple[Merge, ...]
    digest: str
    questions: bytes = b""
    questions_touched: int = 0
    renamed: tuple[str, ...] = ()
    beside: Mapping[str, bytes] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.beside) or any(found.changes for found in self.merges)


def sheet_rows(file: Path, tables: Sequence[str], mapping: ColumnMap) -> Incoming:
    """Return the mapped rows of each table in a file.

    Parameters
    ----------
    tables
        Which tables to read. None: every sheet that has the name of a table.

    Raises
    ------
    ImportRefusedError
        When the file cannot be read, has no such sheet, or a cell that is used has no certain
        value.
    """
    sheets = read_sheets(file)
    chosen = {table: _sheet_of(table, sheets, mapping, tables) for table in tables or TABLES}
    chosen = {table: name for table, name in chosen.items() if name}
    if not chosen or not set(tables) <= set(chosen):
        raise _no_sheet(file, sheets, [table for table in tables if table not in chosen], mapping)
    mapped = {
        table: map_rows(sheets[name], table, mapping, sheets.place(name))
        for table, name in chosen.items()
    }
    mistakes = [mistake for _, _, found in mapped.values() for mistake in found]
    if mistakes:
        raise ImportRefusedError(file, mistakes)
    return Incoming(
        rows={table: rows for table, (rows, _, _) in mapped.items()},
        unused=tuple(dict.fromkeys(name for _, names, _ in mapped.values() for name in names)),
        sheets=chosen,
        unread=tuple(n for n in sheets if n not in {*chosen.values(), CHOICES}),
        blames={
            table: in_sheet(mapping, table if name == table else sheets.place(name))
            for table, name in chosen.items()
        },
    )


def _no_sheet(
    file: Path, sheets: Sheets, missing: Sequence[str], mapping: ColumnMap
) -> ImportRefusedError:
    """Return the error of a file without a sheet that the mapping or a table names."""
    there = f"Sheets of {file.name}: {', '.join(sheets)}"
    if mapping.sheet:
        problem = f"{mapping.sheet!r} is no sheet of {file.name}"
        cure = f"{did_you_mean(mapping.sheet, sheets)} {there}".lstrip()
        return refused(file, problem, cure, place=f"{mapping.name}, sheet")
    if not missing:
        cure = f"Say which table it is with --table. {there}"
        return refused(file, "has no sheet with the name of a table", cure)
    near = did_you_mean(missing[0], sheets)
    cure = f"{near} Rename it, or name it in a mapping (--map). {there}".lstrip()
    return refused(file, f"has no sheet {' and no sheet '.join(missing)}", cure)


def _sheet_of(table: str, sheets: Sheets, mapping: ColumnMap, asked: Sequence[str]) -> str:
    """Return the sheet that holds a table: the mapping's, that of its name, or the only choice."""
    wanted = mapping.sheet or table
    if wanted in sheets:
        return wanted
    # What has the name of another table is that, and what is hidden was seldom meant.
    others = sorted(sheets, key=lambda name: (name in (*TABLES, CHOICES), name in sheets.hidden))
    return others[0] if others and len(asked) == 1 and not mapping.sheet else ""


def plan_import(
    corpus_dir: Path,
    file: Path,
    incoming: Mapping[str, Sequence[SheetRow]],
    *,
    whole: bool = False,
    clear: bool = False,
    blames: Mapping[str, Blame] | None = None,
) -> Plan:
    """Work out what an import changes, and check all tables as they would stand.

    ``whole`` and ``clear`` are those of :func:`~hytki_match.upkeep.merging.merge`, ``blames`` those
    of what comes in.

    Raises
    ------
    CorpusError
        When the tables as they are cannot be read.
    ImportRefusedError
        With every reason, by row of the file, when the tables would not be in order.
    """
    digest = corpus_digest(corpus_dir)
    tables = read_rows(corpus_dir)
    merges = tuple(
        merge(table, tables[table], rows, whole=whole, clear=clear)
        for table, rows in incoming.items()
    )
    mistakes = [mistake for found in merges for mistake in found.mistakes]
    after = tables | {found.table: list(found.rows) for found in merges}
    frames, unread = parse_tables({t: table_bytes(t, rows) for t, rows in after.items()})
    by_table = {found.table: found for found in merges}
    numbered = {(table, row.number): row for table, rows in incoming.items() for row in rows}
    for finding in (*unread, *check_tables(frames)):
        number = _row_number(finding, by_table.get(finding.table))
        row = numbered.get((finding.table, number))
        told = _where_it_went(finding, by_table)
        mistakes.append(_placed(told, row, (blames or {}).get(finding.table)))
    if mistakes:  # what is wrong with a default is wrong in each row
        raise ImportRefusedError(file, list(dict.fromkeys(mistakes)))
    removed = {row_id for found in merges for row_id in found.changes.removed}
    return Plan(
        file,
        merges,
        digest,
        *questions_without(corpus_dir, removed),
        tuple(_renamed(merges, corpus_dir)),
    )


def _renamed(merges: Sequence[Merge], corpus_dir: Path) -> Iterator[str]:
    """Say which rows come again under another id, and what their known questions lose by that."""
    renamed = [(found.table, *ids) for found in merges for ids in found.renamed.items()]
    naming = rows_naming(corpus_dir, {f"{table}/{old}" for table, old, _ in renamed})
    for table, old, new in renamed:
        yield (
            f"{table}/{new} looks like {table}/{old} with another id: {naming[f'{table}/{old}']} "
            "known questions name the old id, and lose it. To keep them, give it back the id "
            f"{old!r}."
        )


def _where_it_went(finding: Finding, merges: Mapping[str, Merge]) -> Finding:
    """Say of an id that the same file took away where it went: the nearest name would mislead."""
    column = next((c for c in TABLES.get(finding.table, ()) if c.name == finding.column), None)
    other = merges.get(column.refers_to) if column and column.refers_to else None
    if other and f"{other.table}/{finding.value}" in other.changes.removed:
        new = other.renamed.get(finding.value)
        cure = (
            f"This file has it under another id: write {new!r}, or give it back the id "
            f"{finding.value!r}."
            if new
            else "This file removes it: keep its row, or name another here."
        )
        return replace(finding, cure=cure)
    return finding


def write_plan(plan: Plan, corpus_dir: Path) -> None:
    """Write the tables that change: all, or none when one of them cannot be written.

    Raises
    ------
    ImportRefusedError
        When a file cannot be written; it says what was, if the old could not be put back. When
        somebody else has changed the corpus since the plan was made.
    """
    if corpus_digest(corpus_dir) != plan.digest:
        mistake = Mistake(
            str(corpus_dir), "was changed meanwhile by somebody else", "Look at the changes anew"
        )
        raise ImportRefusedError(plan.file, [mistake], "Nothing was written. Import again.")
    # Questions first: one that names fewer records than there are is in order at every moment.
    writes = {file_name(TABLE): plan.questions} if plan.questions else {}
    writes |= {file_name(m.table): table_bytes(m.table, m.rows) for m in plan.merges if m.changes}
    # A line on an event that did not come in counts for nothing.
    writes = {**plan.beside, **writes}
    try:
        replace_files({corpus_dir / name: data for name, data in writes.items()})
    except OSError as error:
        cure = "Nothing was written. Import again afterwards."
        if isinstance(error, PartlyReplacedError):
            new = ", ".join(file.name for file in error.files)
            cure = f"These hold the new rows already: {new}. Import again to write the others, too."
        problem = f"cannot be written to ({error.strerror or error})"
        mistake = Mistake(str(corpus_dir), problem, "Free disk space or mend the rights")
        raise ImportRefusedError(plan.file, [mistake], cure) from error


def _row_number(finding: Finding, found: Merge | None) -> int:
    """Return the row of the file that a finding is about; 0 when it is about the table's own."""
    if not found or finding.row < FIRST_ROW:
        return 0
    return found.numbers.get(found.rows[finding.row - FIRST_ROW]["id"], 0)


def _placed(finding: Finding, row: SheetRow | None, blame: Blame | None) -> Mistake:
    """Say where a mistake was made: in a row of the file, or of the table."""
    if row and blame:
        return blame(finding, row)
    problem = f"{finding.value!r} {finding.problem}" if finding.value else finding.problem
    place = (
        f"{finding.table}, row {row.number}"
        if row
        else f"{file_name(finding.table)}, row {finding.row}"
    )
    return Mistake(f"{place}, column {finding.column}", problem, finding.cure.rstrip("."))
