"""Exports when a person is forgotten: those that hold the person, are gone or were deleted."""

from __future__ import annotations

import csv
import io
import shlex
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from hytki_match.atomic import replace_file
from hytki_match.errors import ExportError, ForgetError
from hytki_match.upkeep.marks import CONTACTS
from hytki_match.upkeep.taking_out import noted_exports
from hytki_match.upkeep.workbook import saved

if TYPE_CHECKING:
    from collections.abc import Sequence


def gone_export(export: Path) -> str:
    """Say what to do about an export that is gone: it may only have been moved."""
    return (
        f"{export} is not there any more. Search it where it is now with --also; if it is deleted, "
        f"say so: --deleted {shlex.quote(str(export))}"
    )


def deleted_exports(index_dir: Path, deleted: Sequence[Path]) -> list[str]:
    """Return the names under which exports are noted that are said to be deleted.

    One that is not noted is left out: a run that was stopped may have taken it off already.

    Raises
    ------
    ForgetError
        When one is still there.
    """
    noted = noted_exports(index_dir)
    names = [name for file in deleted if (name := str(file.resolve())) in noted]
    for name in names:
        if Path(name).exists():
            cure = "Delete it, or leave --deleted out: the contact is then removed from it."
            raise ForgetError(f"{name} is not deleted.", cure=cure)
    return names


def remove_from_export(contact_id: str, file: Path) -> tuple[list[str], list[str]]:
    """Remove the row from a file that `export` wrote, wherever a person moved it in the sheet.

    Returns what was done, and what could not be: one file must not keep the others from it.
    """
    if not file.is_file():
        return [], []
    try:
        data = file.read_bytes()
        without = _without_row_xlsx if zipfile.is_zipfile(file) else _without_row_csv
        cleared = without(contact_id, data)
        if cleared == data:
            return [], []
        replace_file(file, cleared)
    except OSError as error:
        return [], [f"{file} cannot be changed: {error.strerror or error}."]
    except ExportError as error:
        return [], [f"{file} cannot be changed: {error}"]
    # What openpyxl raises for an archive that is no workbook, or a damaged one.
    except (zipfile.BadZipFile, KeyError, ValueError, csv.Error) as error:
        return [], [f"{file} cannot be changed: it is no table any more ({error})."]
    return [f"Removed the row from the export {file}."], []


def _without_row_csv(contact_id: str, data: bytes) -> bytes:
    text = data.decode("utf-8-sig", "replace")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    kept = [row for row in rows if contact_id not in row[:1]]
    if len(kept) == len(rows):
        return data
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(kept)
    return stream.getvalue().encode("utf-8-sig")


def _without_row_xlsx(contact_id: str, data: bytes) -> bytes:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    if CONTACTS not in book.sheetnames:
        return data
    sheet = book[CONTACTS]
    numbers = [row[0].row for row in sheet.iter_rows() if row[0].value == contact_id]
    for number in reversed(numbers):
        sheet.delete_rows(number)
    if not numbers:
        return data
    return saved(book)
