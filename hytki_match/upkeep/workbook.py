"""The tables as a workbook that a person can edit: a sheet a table, with drop-downs."""

from __future__ import annotations

import gc
import io
import re
import sys
import traceback
from typing import TYPE_CHECKING

from hytki_match.corpus.schema import EXTRA_REGIONS, TABLES, Column, file_name
from hytki_match.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from hytki_match.corpus.writing import Rows

CHOICES = "choices"
"""The sheet that holds what drop-downs offer; it is not read back."""

SPARE_ROWS = 500
"""Empty rows below a table that have drop-downs, too."""

CELL_CHARS = 32_767
"""A cell of a workbook holds no more, counted in UTF-16; what is longer would be cut."""

TEXT_FORMAT = "@"
"""A spreadsheet's own format of text: nothing is taken for a number, a date or a formula."""

_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_WIDE = frozenset({"description", "summary", "keywords", "role", "source"})


def workbook_bytes(tables: Mapping[str, Rows], offered: Mapping[str, Rows]) -> bytes:
    """Return an XLSX file.

    Parameters
    ----------
    tables
        The tables to write, one sheet each.
    offered
        All tables of the corpus, for the ids in drop-downs.

    Raises
    ------
    ExportError
        Naming every cell that is longer than a workbook's may be; or as :func:`saved`.
    """
    from openpyxl import Workbook

    _check_lengths(tables)
    book = Workbook()
    book.remove(book.worksheets[0])
    ranges = _choices(book, offered)
    for table, rows in tables.items():
        _sheet(book, table, rows, ranges)
    book.move_sheet(CHOICES, offset=len(tables))
    book.active = 0
    return saved(book)


def saved(book: Workbook) -> bytes:
    """Return a workbook as an XLSX file.

    Raises
    ------
    ExportError
        When the folder for temporary files is full: each sheet is written to one on its way.
    """
    from lxml.etree import LxmlError

    stream = io.BytesIO()
    try:
        book.save(stream)
    except (LxmlError, OSError) as error:
        _close_quietly(error)
        raise ExportError(
            f"The workbook cannot be written to the folder of temporary files ({error}).",
            cure="Free disk space there, or name another folder with the variable TMPDIR.",
        ) from error
    return stream.getvalue()


def _close_quietly(error: BaseException) -> None:
    """Drop the half-written sheet, which would print a traceback of its own when it goes."""
    hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        traceback.clear_frames(error.__traceback__)
        gc.collect()  # the sheet's writer and its stream hold each other
    finally:
        sys.unraisablehook = hook


def _sheet(book: Workbook, table: str, rows: Rows, ranges: Mapping[str, str]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font

    sheet = book.create_sheet(table)
    for place, column in enumerate(TABLES[table], start=1):
        head = sheet.cell(1, place, column.name)
        head.font = Font(bold=True)
        head.comment = Comment(_explained(column), "HYTKI Match")
        wide = column.name.split("_", maxsplit=1)[0] in _WIDE
        sheet.column_dimensions[head.column_letter].width = 60 if wide else 24
        for number, row in enumerate(rows, start=2):
            _write_text(sheet, number, place, row[column.name])
        for number in range(len(rows) + 2, len(rows) + 2 + SPARE_ROWS):
            sheet.cell(number, place).number_format = TEXT_FORMAT
        _drop_down(sheet, column, head.column_letter, len(rows) + 1 + SPARE_ROWS, ranges)
    sheet.freeze_panes = "B2"


def _check_lengths(tables: Mapping[str, Rows]) -> None:
    long = [
        f"{file_name(table)}, row {number}, column {column}"
        for table, rows in tables.items()
        for number, row in enumerate(rows, start=2)
        for column, text in row.items()
        if len(text) > CELL_CHARS // 8 and len(_escaped(text).encode("utf-16-le")) > 2 * CELL_CHARS
    ]
    if long:
        raise ExportError(
            f"A cell of a workbook holds {CELL_CHARS:,} characters; longer is: {'; '.join(long)}.",
            cure="Shorten the text, or export the table as .csv.",
        )


def _escaped(text: str) -> str:
    """Return a text as a workbook writes it."""
    from openpyxl.utils.escape import escape

    # Only line feeds survive in XML as they are; what looks like an escape must not be one.
    return "\n".join(map(escape, _ESCAPE.sub("_x005F_", text).split("\n")))


def _write_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write a cell that no spreadsheet takes for a formula, a number or a date."""
    cell = sheet.cell(row, column)
    cell.number_format = TEXT_FORMAT
    if text:
        cell.value = _escaped(text)
        cell.data_type = "s"


def _explained(column: Column) -> str:
    notes = [column.means]
    if column.required:
        notes.append("needed")
    if column.bilingual:
        notes.append("write - if there is none in this language")
    if column.many:
        notes.append("several with ; between")
    return ". ".join(notes) + "."


def _drop_down(
    sheet: Worksheet, column: Column, letter: str, last: int, ranges: Mapping[str, str]
) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    formula = ranges.get(column.refers_to or f"{sheet.title}.{column.name}")
    if not formula:
        return
    # A list cell holds several ids: the drop-down offers the first, others are typed behind it.
    offer = DataValidation("list", formula1=formula, allow_blank=True)
    offer.showErrorMessage = not column.many
    offer.error = f"Choose one of the list. All are on the sheet “{CHOICES}”."
    offer.add(f"{letter}2:{letter}{last}")
    sheet.add_data_validation(offer)


def _choices(book: Workbook, offered: Mapping[str, Rows]) -> dict[str, str]:
    """Write the sheet of choices; return the range of each list by what it is for."""
    sheet = book.create_sheet(CHOICES)
    lists: dict[str, Sequence[str]] = {
        "regions": [*(row["id"] for row in offered["regions"]), *EXTRA_REGIONS],
        "topics": [row["id"] for row in offered["topics"]],
        "organisations": [row["id"] for row in offered["organisations"]],
    }
    for table, columns in TABLES.items():
        lists |= {f"{table}.{c.name}": c.values for c in columns if c.values}
    ranges = {}
    for place, (name, values) in enumerate(lists.items(), start=1):
        head = sheet.cell(1, place, name)
        for number, value in enumerate(values, start=2):
            _write_text(sheet, number, place, value)
        letter = head.column_letter
        ranges[name] = f"'{CHOICES}'!${letter}$2:${letter}${len(values) + 1}"
    return ranges
