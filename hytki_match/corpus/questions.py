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
from hytki_match.corpus.schema import LIST_SEPARATOR, parts
from hytki_match.errors import Finding
from hytki_match.records import LANGUAGES, KnownQuestion

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

TABLE = OPTIONAL
COLUMNS = ("language", "question", "answers", "useful")
"""``answers`` are records that answer the question, ``useful`` ones that help, as ``table/id``."""


def read_questions(
    data: bytes, doc_ids: Collection[str]
) -> tuple[tuple[KnownQuestion, ...], list[Finding]]:
    """Return the questions of the table and everything that is wrong with it.

    Parameters
    ----------
    data
        Contents of the file.
    doc_ids
        The records that may be named.
    """
    try:
        text = data.decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        cure = "Save the file again as “CSV UTF-8”, with quotation marks around cells with a comma."
        return (), [Finding(TABLE, 0, "", "", f"cannot be read ({error})", cure)]
    if tuple(reader.fieldnames or ()) != COLUMNS:
        cure = f"Its columns are: {', '.join(COLUMNS)}."
        return (), [Finding(TABLE, 1, "", "", "has another header than it should", cure)]
    findings = [finding for line, row in rows for finding in _row_findings(line, row, doc_ids)]
    if findings:
        return (), findings
    return tuple(_question(row) for _, row in rows), []


def _question(row: Mapping[str, str]) -> KnownQuestion:
    return KnownQuestion(
        text=row["question"].strip(),
        language="fi" if row["language"] == "fi" else "en",
        answers=parts(row["answers"]),
        useful=parts(row["useful"]),
    )


def _row_findings(
    line: int, row: Mapping[str | None, str | None], doc_ids: Collection[str]
) -> list[Finding]:
    if None in row or any(row[column] is None for column in COLUMNS):
        cure = "Put quotation marks around cells with a comma, and see that the row is whole."
        return [Finding(TABLE, line, "", "", "the row has too many or too few cells", cure)]
    found = []
    if row["language"] not in LANGUAGES:
        cure = f"Write one of: {', '.join(LANGUAGES)}."
        found.append(Finding(TABLE, line, "language", f"{row['language']}", "is no language", cure))
    if not f"{row['question']}".strip():
        found.append(Finding(TABLE, line, "question", "", "the cell is empty", "Fill it in."))
    for column in ("answers", "useful"):
        for doc_id in parts(f"{row[column]}"):
            if doc_id not in doc_ids:
                near = difflib.get_close_matches(doc_id, doc_ids, n=1)
                cure = f"Did you mean {near[0]!r}?" if near else "Write it as tools/its-id."
                found.append(Finding(TABLE, line, column, doc_id, "is not a record", cure))
    return found


def without_answers(data: bytes, gone: Collection[str]) -> tuple[bytes, int]:
    """Return the table without records that are gone, and how many of its rows named one.

    A question that no record answers any more goes with them.
    """
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    kept, touched = [], 0
    for row in reader:
        left = {
            column: LIST_SEPARATOR.join(part for part in parts(row[column]) if part not in gone)
            for column in ("answers", "useful")
        }
        named = any(part in gone for column in left for part in parts(row[column]))
        touched += named
        if left["answers"] or not named:
            kept.append({**row, **left} if named else row)
    if not touched:
        return data, 0
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(kept)
    return stream.getvalue().encode(), touched
