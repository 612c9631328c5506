"""A workbook's cells as text: what dates, formulas, errors and merged cells come to."""

from __future__ import annotations

import io
import warnings
from collections import defaultdict
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from hytki_match.upkeep.sheets import Grid, clean, refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl import Workbook

    from hytki_match.upkeep.sheets import Cells

OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a file begins that is an old workbook (.xls), or a new one under a password."""

_LOCKED = "EncryptedPackage".encode("utf-16-le")

_NO_VALUE = (
    "is a formula without a value",
    "Open the file in a spreadsheet program and save it, or write the value",
)
_MERGED = ("is merged with cells of other columns", "Split the merged cells, and fill each")
_MERGED_HEADER = ("the header is merged over several rows", "Split it: a header is one row")


def read_workbook(file: Path, data: bytes) -> tuple[dict[str, Grid], list[str]]:
    """Return the cells of each sheet, and the names of those that are hidden.

    Raises
    ------
    ImportRefusedError
        When the file is no workbook, is damaged, or asks for a password.
    """
    if data.startswith(OLD_OR_LOCKED):
        if _LOCKED in data:
            raise refused(file, "is protected by a password", "Save it without one")
        raise refused(file, "is an old Excel file, whatever its name", "Save it as .xlsx")
    book = _load(file, data)
    has_formulas = any(cell.data_type == "f" for sheet in book.worksheets for cell in _cells(sheet))
    values = _load(file, data, data_only=True) if has_formulas else book
    grids = {sheet.title: _grid(sheet, values[sheet.title]) for sheet in book.worksheets}
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    return grids, hidden


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


def _load(file: Path, data: bytes, *, data_only: bool = False) -> Workbook:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # It warns of drawings and the like that it leaves aside: none of them is a cell.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(data), data_only=data_only)
    except Exception as error:  # a damaged file breaks its parsers in any way there is
        cure = "Open it in a spreadsheet program and save it again"
        raise refused(file, "is damaged, or no workbook", cure) from error


def _cells(sheet: Any) -> list[Any]:  # noqa: ANN401 - cells have no common type
    """Return the cells that are there: a format far below a table would make millions of others."""
    return [cell for cell in sheet._cells.values() if cell.value is not None]


def _grid(sheet: Any, values: Any) -> Grid:  # noqa: ANN401 - as above
    """Read one sheet; ``values`` is the same with what its formulas came to when it was saved."""
    rows: dict[int, Cells] = defaultdict(dict)
    troubles: dict[tuple[int, int], tuple[str, str]] = {}
    for cell in _cells(sheet):
        place = (cell.row, cell.column)
        shown = values.cell(*place) if cell.data_type == "f" else cell
        text = cell_text(shown.value)
        # A formula that came to no text at all has the type of one; never worked out, it has not.
        if cell.data_type == "f" and shown.value is None and shown.data_type != "str":
            troubles[place] = _NO_VALUE
        elif shown.data_type == "e":
            troubles[place] = (f"holds the error {text}", "Mend the formula or the cell")
        if text or place in troubles:
            rows[cell.row][cell.column] = text
    _fill_merged(sheet, rows, troubles)
    return Grid(dict(rows), troubles)


def _fill_merged(
    sheet: Any,  # noqa: ANN401 - as above
    rows: Mapping[int, Cells],
    troubles: dict[tuple[int, int], tuple[str, str]],
) -> None:
    """Give the value of cells merged downwards to each row; sideways nobody knows whose it is."""
    held = frozenset(rows)
    head = min(held, default=0)
    for area in sheet.merged_cells.ranges:
        top, left = corner = (area.min_row, area.min_col)
        if top <= head < area.max_row:
            troubles[head, left] = _MERGED_HEADER
            continue
        for row in sorted(held.intersection(range(top, area.max_row + 1)) - {head}):
            if row != top:
                rows[row][left] = rows.get(top, {}).get(left, "")
                if corner in troubles:
                    troubles[row, left] = troubles[corner]
            for column in range(left + 1, area.max_col + 1):
                rows[row][column] = ""
                troubles[row, column] = _MERGED
