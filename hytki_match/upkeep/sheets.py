"""Spreadsheets to rows of text: XLSX by openpyxl, CSV as the corpus itself reads it."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hytki_match.errors import ImportRefusedError, Mistake
from hytki_match.utf8 import SAVE_AS_UTF8, NotUtf8Error, utf8_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a spreadsheet: its number there (the header is row 1) and its cells by header.

    ``defaults`` are for cells of the table that hold nothing. An empty cell of a column in
    ``clears`` empties what stands. ``troubles`` says by header why a cell has no certain value.
    """

    number: int
    cells: Mapping[str, str]
    defaults: Mapping[str, str] = field(default_factory=dict)
    clears: frozenset[str] = frozenset()
    troubles: Mapping[str, Mistake] = field(default_factory=dict)


Cells = dict[int, str]
"""What a row holds by column, counted from 1; cells that hold nothing may be left out."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a sheet as text, by row and column as a spreadsheet counts them, from 1.

    Rows that hold nothing are left out. ``troubles`` says of a cell what is wrong, and what to do.
    """

    rows: Mapping[int, Cells]
    troubles: Mapping[tuple[int, int], tuple[str, str]] = field(default_factory=dict)


class Sheets(Mapping[str, list[SheetRow]]):
    """The rows of each sheet by its name, read when they are asked for.

    Raises
    ------
    ImportRefusedError
        From ``[]``, when the header of the sheet cannot be used.
    """

    def __init__(self, file: Path, grids: Mapping[str, Grid], hidden: Iterable[str] = ()) -> None:
        self._file, self._grids, self.hidden = file, grids, frozenset(hidden)

    def __getitem__(self, name: str) -> list[SheetRow]:
        return _rows(self._file, self.place(name), self._grids[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._grids)

    def __len__(self) -> int:
        return len(self._grids)

    def place(self, name: str) -> str:
        """Return how a mistake names a sheet; a CSV file is its only one."""
        is_file = len(self) == 1 and name == self._file.stem
        return self._file.name if is_file else f"{self._file.name}, sheet {name}"


def read_sheets(file: Path) -> Sheets:
    """Return the sheets of a file; a CSV file has one sheet with the file's name.

    Raises
    ------
    ImportRefusedError
        When the file cannot be read as a spreadsheet.
    """
    suffix = file.suffix.lower()
    if suffix in (".xlsx", ".xlsm"):
        from hytki_match.upkeep.workbook_cells import read_workbook

        return Sheets(file, *read_workbook(file, _bytes(file)))
    if suffix in (".csv", ".tsv", ".txt"):
        return Sheets(file, {file.stem: _csv_grid(file)})
    if suffix == ".xls":
        raise refused(file, "is an old Excel file", "Save it as .xlsx")
    raise refused(file, "is no .xlsx or .csv file", "Save it as one of these")


def refused(
    file: Path, problem: str, cure: str, *, place: str = "", use: str = "brought in"
) -> ImportRefusedError:
    """Return the error of a file with one thing that is wrong."""
    return ImportRefusedError(file, [Mistake(place or file.name, problem, cure)], use=use)


def clean(text: str) -> str:
    """Return a text in Unicode's composed form, without spaces around it, with plain line ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


def column_letter(index: int) -> str:
    """Return what a spreadsheet calls a column, counted from 1."""
    from openpyxl.utils import get_column_letter

    return get_column_letter(index)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
        raise refused(file, problem, "Mend the rights of the file") from error


def _csv_text(file: Path) -> str:
    data = _bytes(file)
    try:
        return data.decode("utf-16") if data.startswith(_WIDE_MARKS) else utf8_text(data)
    except NotUtf8Error as error:
        place = f"{file.name}, line {error.line}"
        raise refused(file, f"{error}", SAVE_AS_UTF8, place=place) from error
    except UnicodeDecodeError as error:
        raise refused(file, "is cut off, or no text", SAVE_AS_UTF8) from error


def _csv_grid(file: Path) -> Grid:
    rows = {number: row for number, row in enumerate(_csv_rows(file), start=1) if any(row)}
    width = len(next(iter(rows.values()), ()))
    # One comma too many would move all cells behind it into wrong columns.
    long = [
        Mistake(
            f"{file.name}, row {number}",
            f"has {len(row)} cells, the header {width}",
            "Put quotation marks around cells with a comma",
        )
        for number, row in rows.items()
        if any(row[width:])
    ]
    if long:
        raise ImportRefusedError(file, long)
    return Grid({n: {c: t for c, t in enumerate(row, start=1) if t} for n, row in rows.items()})


def _csv_rows(file: Path) -> Iterator[list[str]]:
    text = _csv_text(file)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 0
    try:
        for row in reader:
            line = reader.line_num
            yield [clean(cell) for cell in row]
    except csv.Error as error:
        place = f"{file.name}, line {line + 1}"
        problem = f"cannot be divided into cells ({error})"
        raise refused(file, problem, "Close the quotation", place=place) from error


def _rows(file: Path, place: str, grid: Grid) -> list[SheetRow]:
    """Name cells by the header, and leave out columns that hold nothing."""
    if not grid.rows:
        return []
    first, *below = sorted(grid.rows)
    header = _header(file, place, grid, first)
    rows = []
    for number in below:
        troubles = {
            name: Mistake(f"{place}, row {number}, column {name}", *grid.troubles[number, column])
            for column, name in header.items()
            if (number, column) in grid.troubles
        }
        cells = {name: grid.rows[number].get(column, "") for column, name in header.items()}
        rows.append(SheetRow(number, cells, troubles=troubles))
    return rows


def _header(file: Path, place: str, grid: Grid, first: int) -> dict[int, str]:
    """Return the names of columns that hold anything; one without a name is called by letter."""
    header = grid.rows[first]
    mistakes = [
        Mistake(f"{place}, row {row}, column {column_letter(column)}", *trouble)
        for (row, column), trouble in grid.troubles.items()
        if row == first
    ]
    names = Counter(name for name in header.values() if name)
    twice = sorted(name for name, times in names.items() if times > 1)
    if twice:
        mistakes.append(
            Mistake(place, f"the header has {', '.join(twice)} twice", "Rename one of them")
        )
    if mistakes:
        raise ImportRefusedError(file, mistakes)
    columns = sorted({column for cells in grid.rows.values() for column in cells})
    return {c: header.get(c) or f"column {column_letter(c)} (without a header)" for c in columns}
