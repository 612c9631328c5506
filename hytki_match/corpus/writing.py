"""Rows of text to the CSV file of a table, in one step."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, TextIO

from hytki_match.atomic import replace_file
from hytki_match.corpus.files import read_files
from hytki_match.corpus.schema import TABLES, file_name
from hytki_match.corpus.tables import parse_tables
from hytki_match.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    Rows = Sequence[Mapping[str, str]]


def read_rows(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Return the rows of every table as text, in the order of the files.

    Raises
    ------
    CorpusError
        When a table cannot be read; what its cells hold is not checked.
    """
    contents, findings = read_files(folder)
    frames, unread = parse_tables({t: data for t, data in contents.items() if t in TABLES})
    if findings or unread:
        raise CorpusError([*findings, *unread])
    return {
        table: [
            {str(column): str(cell) for column, cell in row.items()}
            for row in frame.to_dict("records")
        ]
        for table, frame in frames.items()
    }


def table_bytes(table: str, rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return a table as CSV with the columns in the order of the schema."""
    stream = io.StringIO(newline="")
    write_rows(stream, table, rows)
    return stream.getvalue().encode()


def write_rows(stream: TextIO, table: str, rows: Iterable[Mapping[str, str]]) -> None:
    """Write a table as CSV to a stream, row by row."""
    writer = csv.DictWriter(stream, [column.name for column in TABLES[table]], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def write_table(folder: Path, table: str, rows: Rows) -> None:
    """Replace a table's file; a reader sees the old one or the new."""
    replace_file(folder / file_name(table), table_bytes(table, rows))
