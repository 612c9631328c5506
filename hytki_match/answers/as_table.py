"""The resources of an answer as a table: CSV and XLSX that no spreadsheet runs as formulas."""

from __future__ import annotations

import csv
import io
from string import ascii_uppercase
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Alignment, Font

from hytki_match.answers import wording
from hytki_match.language.phrases import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from hytki_match.records import Answer, ResourceMatch

COLUMNS = (
    "rank",
    "kind",
    "name",
    "regions",
    "organisations",
    "dates",
    "description",
    "reason",
    "url",
    "sources",
    "as_of",
    "doc_id",
)
_WIDE = {"name": 40, "description": 60, "reason": 40, "url": 40, "sources": 40}
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def answer_to_csv(answer: Answer) -> str:
    """Return the shown resources as CSV (RFC 4180), cells made harmless in spreadsheets.

    It starts with a byte order mark, without which Excel reads ``ä`` wrongly.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(_header(answer))
    writer.writerows([safe_cell(value) for value in row] for row in _rows(answer))
    return "\ufeff" + stream.getvalue()


def answer_to_xlsx(answer: Answer) -> bytes:
    """Return the shown resources as an Excel workbook; every cell is text, never a formula."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = say("table_file.sheet", answer.query.language)
    sheet.append(_header(answer))
    for row in _rows(answer):
        sheet.append([_text_cell(sheet, value) for value in row])
    for letter, name in zip(ascii_uppercase, COLUMNS, strict=False):
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet.column_dimensions[letter].width = _WIDE.get(name, 16)
    sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _text_cell(sheet: Worksheet, value: str) -> Cell:
    """Return a cell that holds text even where the text starts with "="."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"  # set after the value, which would make it "f", a formula
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def safe_cell(value: str) -> str:
    """Return a cell that a spreadsheet shows as text: an apostrophe goes before a formula."""
    return f"'{value}" if value.lstrip(" ").startswith(_STARTS_FORMULA) else value


def _header(answer: Answer) -> list[str]:
    return [say(f"table_file.{name}", answer.query.language) for name in COLUMNS]


def _rows(answer: Answer) -> Sequence[tuple[str, ...]]:
    return [_row(match, answer) for match in answer.resources]


def _row(match: ResourceMatch, answer: Answer) -> tuple[str, ...]:
    language = answer.query.language
    record = match.record
    organisations = [f"organisations/{o}" for o in record.organisation_ids]
    dates = wording.event_dates(record, language)
    past = f" ({say('label.past', language)})" if match.past else ""
    return (
        str(match.hit.rank),
        wording.kind_label(record, language),
        record.name.best(language)[0],
        wording.region_names(record, answer),
        "; ".join(wording.names_of(organisations, answer)),
        dates + past,
        record.description.best(language)[0],
        wording.resource_reason(match, answer),
        record.url,
        "; ".join(record.sources),
        record.as_of,
        record.doc_id,
    )
