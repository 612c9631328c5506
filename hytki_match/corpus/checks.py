"""All rules over all tables in one run, by pandera; every failure becomes one finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pandera.pandas as pa

from hytki_match.corpus.rules import BETWEEN, Problem, cell_problems, row_problems
from hytki_match.corpus.schema import COLUMNS
from hytki_match.corpus.tables import rows_of
from hytki_match.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hytki_match.corpus.rules import Ids

_UNIQUE = "field_uniqueness"


def check_tables(tables: Mapping[str, pd.DataFrame], known: Ids | None = None) -> list[Finding]:
    """Return everything that is wrong in tables that could be read, in no particular order.

    Parameters
    ----------
    tables
        Frames of text by table name, indexed by spreadsheet row; one may be missing.
    known
        Ids of tables that are not among them.
    """
    ids = dict(known or {}) | {t: dict.fromkeys(frame["id"]) for t, frame in tables.items()}
    return [
        finding for table, frame in tables.items() for finding in _check_table(table, frame, ids)
    ]


def table_schema(table: str, ids: Ids) -> pa.DataFrameSchema:
    """Return pandera's schema of one table, given the ids that its references may name.

    All rules are one check: a schema column for each column would cost ten times what they do. What
    stands in many cells of a column is looked at once. That the columns are those of the table was
    seen when it was read.
    """
    columns = COLUMNS[table]
    between = [column.name for column in columns if column.bilingual or column.name in BETWEEN]

    def sound(frame: pd.DataFrame) -> pd.Series[bool]:
        rows = rows_of(frame[between])
        found = pd.Series([not row_problems(columns, row) for row in rows], index=frame.index)
        for column in columns:
            cells = frame[column.name]
            wrong = [one for one in cells.unique().tolist() if cell_problems(column, one, ids)]
            if wrong:
                found &= ~cells.isin(wrong)
        return found

    return pa.DataFrameSchema({"id": pa.Column(unique=True)}, checks=[pa.Check(sound)])


def _problems(table: str, row: Mapping[Any, Any], ids: Ids) -> list[Problem]:
    """Return what is wrong with a row: cell by cell, and between its cells."""
    columns = COLUMNS[table]
    of_cells = [p for column in columns for p in cell_problems(column, row[column.name], ids)]
    return [*of_cells, *row_problems(columns, row)]


def _check_table(table: str, frame: pd.DataFrame, ids: Ids) -> list[Finding]:
    if frame.empty:
        return []
    try:
        table_schema(table, ids).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        failures = error.failure_cases[["check", "index"]].drop_duplicates().to_dict("records")
        return [f for failure in failures for f in _findings(table, frame, ids, failure)]
    return []


def _findings(
    table: str, frame: pd.DataFrame, ids: Ids, failure: Mapping[Any, Any]
) -> list[Finding]:
    """Ask the rules what they saw: pandera tells where, they tell what, and what to do."""
    row = int(failure["index"])
    if failure["check"] == _UNIQUE:
        problems = _twice(frame, row)
    else:
        problems = _problems(table, frame.loc[row].to_dict(), ids)
    return [Finding(table, row, p.column, p.value, p.problem, p.cure) for p in problems]


def _twice(frame: pd.DataFrame, row: int) -> list[Problem]:
    """Return the problem of a second row with one id; the first keeps it."""
    value = frame.loc[row, "id"]
    first = int(frame.index[frame["id"] == value][0])
    if row == first or not value:
        return []
    cure = "Give one of them another id, and keep the one that others refer to."
    return [Problem("id", str(value), f"is the id of row {first} already", cure)]
