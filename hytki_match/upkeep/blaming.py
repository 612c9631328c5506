"""Where a mistake was made that shows in a table: in the file, in its mapping, or in a calendar."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hytki_match.errors import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from hytki_match.errors import Finding
    from hytki_match.upkeep.mapping import ColumnMap
    from hytki_match.upkeep.sheets import SheetRow

    Blame = Callable[[Finding, SheetRow], Mistake]
    """Turns what is wrong with a row of a table into what is wrong where the row comes from."""


def in_sheet(mapping: ColumnMap, sheet: str) -> Blame:
    """Return what blames a sheet, named so in a mistake, or the mapping that was laid over it."""
    return partial(_in_sheet, mapping, sheet)


def in_calendar(set_columns: Collection[str]) -> Blame:
    """Return what blames an event of a calendar, or what was set for all of its events."""
    return partial(_in_calendar, set_columns)


def _in_sheet(mapping: ColumnMap, sheet: str, finding: Finding, row: SheetRow) -> Mistake:
    column, cure = finding.column, finding.cure.rstrip(".")
    if column in row.defaults and not row.cells.get(column):
        return Mistake(f"{mapping.name}, defaults, {column}", _problem(finding), cure)
    header = mapping.columns.get(column, column)
    place = f"{sheet}, row {row.number}, column {header}"
    if header != column:
        place += f" (our {column})"
    elif column not in row.cells and not finding.value:
        place = f"{sheet}, row {row.number}"
        problem = f"needs {column}, and no header of the file is that"
        cure = f"Add the column, or have a mapping name its header or a default for {column}"
        return Mistake(place, problem, cure)
    if finding.value in mapping.values.get(column, {}).values():
        place += f", by values.{column} of {mapping.name}"
    return Mistake(place, _problem(finding), cure)


def _in_calendar(set_columns: Collection[str], finding: Finding, row: SheetRow) -> Mistake:
    column, cure = finding.column, finding.cure.rstrip(".")
    if column in set_columns:
        return Mistake(f"--set {column}", _problem(finding), cure)
    if not finding.value:
        return Mistake(f"event {row.number}", f"has no {column}", f"Give it: --set {column}=TEXT")
    return Mistake(f"event {row.number}, {column}", _problem(finding), cure)


def _problem(finding: Finding) -> str:
    return f"{finding.value!r} {finding.problem}" if finding.value else finding.problem
