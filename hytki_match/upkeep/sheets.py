"""Spreadsheets to rows of text: XLSX by openpyxl, CSV as the corpus itself reads it."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from hytki_match.errors import ImportRefusedError, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a spreadsheet: its number there (the header is row 1) and its cells by header."""

    number: int
    cells: Mapping[str, str]


def read_sheets(file: Path) -> dict[str, list[SheetRow]]:
    """Return the rows of each sheet by its name; a CSV file has one sheet with the file's name.

    Raises
    ------
    ImportRefusedError
        When the file cannot be read as a spreadsheet.
    """
    if file.suffix.lower() in (".xlsx", ".xlsm"):
        return _read_workbook(file)
    if file.suffix.lower() in (".csv", ".tsv", ".txt"):
        return {file.stem: _rows(file, file.name, _csv_rows(file))}
    raise ImportRefusedError(
        file, [Mistake(file.name, "is no .xlsx or .csv file", "Save it as one of these")]
    )


def _read_workbook(file: Path) -> dict[str, list[SheetRow]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, InvalidFileException) as error:
        mistake = Mistake(file.name, f"cannot be read ({error})", "Save it again as .xlsx")
        raise ImportRefusedError(file, [mistake]) from error
    try:
        return {
            sheet.title: _rows(file, f"{file.name}, sheet {sheet.title}", _sheet_rows(sheet))
            for sheet in book.worksheets
        }
    finally:
        book.close()


def _sheet_rows(sheet: Any) -> Iterator[list[str]]:  # noqa: ANN401 - its type has no public name
    # Some programs write that a sheet has one cell, whatever it holds.
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True):
        yield [cell_text(value) for value in row]


def cell_text(value: Any) -> str:  # noqa: ANN401 - a cell may hold anything
    """Return a cell's value as the tables write it: ISO days, plain numbers, clean text."""
    from openpyxl.utils.escape import unescape

    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean(unescape(str(value)))


def clean(text: str) -> str:
    """Return a text in Unicode's composed form, without spaces around it, with plain line ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


def _csv_rows(file: Path) -> Iterator[list[str]]:
    try:
        data = file.read_bytes()
        text = data.decode("utf-16" if data.startswith(codecs.BOM_UTF16_LE) else "utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        mistake = Mistake(file.name, f"cannot be read ({error})", "Save it again as “CSV UTF-8”")
        raise ImportRefusedError(file, [mistake]) from error
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for row in reader:
            yield [clean(cell) for cell in row]
    except csv.Error as error:
        place = f"{file.name}, line {reader.line_num}"
        mistake = Mistake(place, f"cannot be divided into cells ({error})", "Close the quotation")
        raise ImportRefusedError(file, [mistake]) from error


def _rows(file: Path, place: str, rows: Iterable[Sequence[str]]) -> list[SheetRow]:
    """Name cells by the header, and leave out rows and columns that hold nothing."""
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if any(row)]
    if not numbered:
        return []
    header = numbered[0][1]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        mistake = Mistake(place, f"the header has {', '.join(twice)} twice", "Rename one of them")
        raise ImportRefusedError(file, [mistake])
    return [
        SheetRow(number, {n: c for n, c in zip(header, row, strict=False) if n})
        for number, row in numbered[1:]
    ]
