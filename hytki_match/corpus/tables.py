"""Bytes of CSV files to data frames of text, strictly: nothing is guessed, dropped or filled in.

A frame's index is the row as a spreadsheet counts it (the header is row 1). Cells are stripped and
in Unicode's composed form, so that an ``ä`` is one character whoever typed it.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import unicodedata
from typing import TYPE_CHECKING

import pandas as pd

from hytki_match.corpus.schema import COLUMNS
from hytki_match.errors import Finding
from hytki_match.utf8 import SAVE_AS_UTF8

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROWS = 8_192
"""Rows that stand in memory as objects at a time."""

SPREADSHEET_DELIMITER = ";"
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class _UnreadableError(Exception):
    """One table cannot be read; carries its findings."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings
        super().__init__(*map(str, findings))


def parse_tables(
    contents: Mapping[str, bytes],
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Return a frame for each table that can be read, and findings for the others."""
    frames: dict[str, pd.DataFrame] = {}
    findings: list[Finding] = []
    for table, data in contents.items():
        try:
            frames[table] = _parse(table, data)
        except _UnreadableError as error:
            findings += error.findings
    return frames, findings


def rows_of(frame: pd.DataFrame) -> Iterator[dict[str, str]]:
    """Yield the rows of a frame by column name."""
    for start in range(0, len(frame), ROWS):
        yield from frame.iloc[start : start + ROWS].to_dict("records")  # type: ignore[misc]


def _parse(table: str, data: bytes) -> pd.DataFrame:
    _check_encoding(table, data)
    rows = _rows(table, data)
    header = [cell.strip() for cell in rows[0][1]]
    problems = _header_findings(table, header) or _ragged_findings(table, rows, len(header))
    if problems:
        raise _UnreadableError(*problems)
    cells = [[_clean(cell) for cell in row] for _, row in rows[1:]]
    frame = pd.DataFrame(
        cells, columns=header, index=[number for number, _ in rows[1:]], dtype=object
    )
    return frame[[column.name for column in COLUMNS[table]]]


def _check_encoding(table: str, data: bytes) -> None:
    if data.startswith(WIDE_MARKS) or b"\x00" in data[:1000]:
        raise _UnreadableError(
            Finding(table, 0, "", "", "is written in UTF-16, not in UTF-8", f"{SAVE_AS_UTF8}.")
        )
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        guess = data[error.start : error.start + 1].decode("cp1252", "replace")
        problem = f"is not written in UTF-8 (line {line}, byte 0x{data[error.start]:02X}"
        cure = f"{SAVE_AS_UTF8}; in the old Windows encoding that byte would be {guess!r}."
        raise _UnreadableError(Finding(table, 0, "", "", f"{problem})", cure)) from error


def _rows(table: str, data: bytes) -> list[tuple[int, list[str]]]:
    """Return the rows that hold anything, each with its number; the first is the header."""
    head = data.split(b"\n", 1)[0]
    semicolons = head.count(SPREADSHEET_DELIMITER.encode()) > head.count(b",")
    delimiter = SPREADSHEET_DELIMITER if semicolons else ","
    text = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if any(cell.strip() for cell in row):
                rows.append((number, row))
    except csv.Error as error:
        problem = f"the row cannot be divided into cells ({error})"
        cure = "A quotation mark is open, or the file was cut off: mend this row or the one above."
        raise _UnreadableError(Finding(table, number + 1, "", "", problem, cure)) from error
    if not rows:
        cure = "Restore it, or write its header row."
        raise _UnreadableError(Finding(table, 0, "", "", "is empty", cure))
    return rows


def _header_findings(table: str, header: Sequence[str]) -> list[Finding]:
    known = [column.name for column in COLUMNS[table]]
    findings = []
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            cure = "Remove one of them."
            findings.append(Finding(table, 1, name, name, "stands twice in the header", cure))
        if name not in known:
            near = difflib.get_close_matches(name, [k for k in known if k not in header], n=1)
            cure = f"Did you mean {near[0]}?" if near else f"Columns: {', '.join(known)}."
            problem = "is not a column of this table" if name else "the header has an empty cell"
            findings.append(Finding(table, 1, name, name, problem, cure))
    for name in known:
        if name not in header:
            problem = "the header lacks this column"
            cure = "Add it; its cells may be empty where README.md of the corpus says so."
            findings.append(Finding(table, 1, name, "", problem, cure))
    return findings


def _ragged_findings(
    table: str, rows: Sequence[tuple[int, list[str]]], width: int
) -> list[Finding]:
    return [
        Finding(
            table,
            number,
            "",
            row[0],
            f"the row has {len(row)} cells, the header has {width}",
            "Put quotation marks around cells with a comma, and see that the row is whole.",
        )
        for number, row in rows[1:]
        if len(row) != width
    ]


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip()
