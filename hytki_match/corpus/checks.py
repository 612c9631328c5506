"""All rules over all tables in one run, by pandera; every failure becomes one finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandera.pandas as pa

from hytki_match.corpus.rules import Problem, cell_problems, row_problems
from hytki_match.corpus.schema import COLUMNS
from hytki_match.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from hytki_match.corpus.rules import Ids
    from hytki_match.corpus.schema import Column

_CELL = "cell"
_ROW = "row"
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
    """Return pandera's schema of one table, given the ids that its references may name."""
    columns = {column.name: _pandera_column(column, ids) for column in COLUMNS[table]}
    whole = pa.Check(lambda frame: _sound_rows(table, frame), error=_ROW)
    return pa.DataFrameSchema(columns, checks=[whole], strict=True)


def _pandera_column(column: Column, ids: Ids) -> pa.Column:
    check = pa.Check(
        lambda cell: not cell_problems(column, cell, ids), element_wise=True, error=_CELL
    )
    return pa.Column(str, checks=[check], unique=column.name == "id")


def _sound_rows(table: str, frame: pd.DataFrame) -> pd.Series[bool]:
    return frame.apply(lambda row: not row_problems(COLUMNS[table], row), axis=1).astype(bool)


def _check_table(table: str, frame: pd.DataFrame, ids: Ids) -> list[Finding]:
    if frame.empty:
        return []
    try:
        table_schema(table, ids).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        failures = error.failure_cases[["check", "column", "index"]].to_dict("records")
        found = {f: None for failure in failures for f in _findings(table, frame, ids, failure)}
        return list(found)
    return []


def _findings(
    table: str, frame: pd.DataFrame, ids: Ids, failure: Mapping[Any, Any]
) -> list[Finding]:
    """Ask the rule that failed what it saw: pandera tells where, the rule tells what and how."""
    row, check = int(failure["index"]), failure["check"]
    cells = {column: str(frame.at[row, column]) for column in frame.columns}
    if check == _UNIQUE:
        problems = _twice(frame, row)
    elif check == _CELL:
        column = next(c for c in COLUMNS[table] if c.name == failure["column"])
        problems = cell_problems(column, cells[column.name], ids)
    else:
        problems = row_problems(COLUMNS[table], cells)
    return [Finding(table, row, p.column, p.value, p.problem, p.cure) for p in problems]


def _twice(frame: pd.DataFrame, row: int) -> list[Problem]:
    """Return the problem of a second row with one id; the first keeps it."""
    value = frame.loc[row, "id"]
    first = int(frame.index[frame["id"] == value][0])
    if row == first or not value:
        return []
    cure = "Give one of them another id, and keep the one that others refer to."
    return [Problem("id", str(value), f"is the id of row {first} already", cure)]
