"""``questions.csv``: questions whose answers are known. Optional; indexed, never shown.

A new question that is near to a known one takes its answers as evidence. A question without
answers is one that nobody here can answer: such examples teach the search to say no. An operator
adds the questions that people ask in vain, with the records that answer them, if any do.
"""

from __future__ import annotations

import csv
import difflib
import io
from typing import TYPE_CHECKING

from hytki_match.corpus.files import OPTIONAL
from hytki_match.corpus.schema import LIST_SEPARATOR, file_name, parts
from hytki_match.errors import Finding
from hytki_match.records import LANGUAGES, KnownQuestion

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

TABLE = OPTIONAL
COLUMNS = ("language", "question", "answers", "useful", "contacts")
"""``answers`` are records that answer the question, ``useful`` ones that help, ``contacts`` whom to
call, all as ``table/id``."""

LISTS = COLUMNS[2:]
RECORD_LISTS = ("answers", "useful")

WITHOUT_CONTACTS = COLUMNS[:-1]
"""A table may do without the last column."""


def read_questions(
    data: bytes, doc_ids: Collection[str], contact_ids: Collection[str] = ()
) -> tuple[tuple[KnownQuestion, ...], list[Finding]]:
    """Return the questions of the table and everything that is wrong with it.

    Parameters
    ----------
    data
        Contents of the file.
    doc_ids, contact_ids
        The records and the contacts that may be named.
    """
    try:
        text = data.decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        cure = "Save the file again as “CSV UTF-8”, with quotation marks around cells with a comma."
        return (), [Finding(TABLE, 0, "", "", f"cannot be read ({error})", cure)]
    header = tuple(reader.fieldnames or ())
    if header not in (COLUMNS, WITHOUT_CONTACTS):
        cure = f"Its columns are: {', '.join(COLUMNS)}."
        return (), [Finding(TABLE, 1, "", "", "has another header than it should", cure)]
    named = {"answers": doc_ids, "useful": doc_ids, "contacts": contact_ids}
    lists = {column: named[column] for column in header[2:]}
    findings = [finding for line, row in rows for finding in _row_findings(line, row, lists)]
    if findings:
        return (), findings
    return tuple(_question(row) for _, row in rows), []


def _question(row: Mapping[str, str]) -> KnownQuestion:
    return KnownQuestion(
        text=row["question"].strip(),
        language="fi" if row["language"] == "fi" else "en",
        answers=parts(row["answers"]),
        useful=parts(row["useful"]),
        contacts=parts(row.get("contacts", "")),
    )


def _row_findings(
    line: int, row: Mapping[str | None, str | None], lists: Mapping[str, Collection[str]]
) -> list[Finding]:
    if None in row or any(cell is None for cell in row.values()):
        cure = "Put quotation marks around cells with a comma, and see that the row is whole."
        return [Finding(TABLE, line, "", "", "the row has too many or too few cells", cure)]
    found = []
    if row["language"] not in LANGUAGES:
        cure = f"Write one of: {', '.join(LANGUAGES)}."
        found.append(Finding(TABLE, line, "language", f"{row['language']}", "is no language", cure))
    if not f"{row['question']}".strip():
        found.append(Finding(TABLE, line, "question", "", "the cell is empty", "Fill it in."))
    for column, known in lists.items():
        for doc_id in parts(f"{row[column]}"):
            if doc_id not in known:
                near = difflib.get_close_matches(doc_id, known, n=1)
                sort, table = ("contact", column) if column == "contacts" else ("record", "tools")
                cure = f"Did you mean {near[0]!r}?" if near else f"Write it as {table}/its-id."
                found.append(Finding(TABLE, line, column, doc_id, f"is not a {sort}", cure))
    return found


def questions_without(folder: Path, gone: Collection[str]) -> tuple[bytes, int]:
    """Return a folder's table without records and contacts that go, and how many rows named one.

    A question that no record answers any more goes with them. Where no row names one, or there is
    no table, there is nothing to write: no bytes.
    """
    file = folder / file_name(TABLE)
    if not gone or not file.is_file():
        return b"", 0
    return _without(file.read_bytes(), gone)


def _without(data: bytes, gone: Collection[str]) -> tuple[bytes, int]:
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    kept, touched = [], 0
    for row in reader:
        lists = {column: parts(row[column]) for column in LISTS if column in row}
        left = {c: tuple(part for part in named if part not in gone) for c, named in lists.items()}
        touched += left != lists
        no_record_left = left["answers"] == () and any(left[c] != lists[c] for c in RECORD_LISTS)
        if not no_record_left:
            kept.append(row | {c: LIST_SEPARATOR.join(named) for c, named in left.items()})
    if not touched:
        return b"", 0
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, reader.fieldnames or COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(kept)
    return stream.getvalue().encode(), touched
