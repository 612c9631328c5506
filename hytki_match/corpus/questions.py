"""``questions.csv``: questions whose answers are known. Optional; indexed, never shown.

A new question that is near to a known one takes its answers as evidence. A question without
answers is one that nobody here can answer: such examples teach the search to say no. An operator
adds the questions that people ask in vain, with the records that answer them, if any do.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections import Counter
from typing import TYPE_CHECKING

from hytki_match.corpus.files import OPTIONAL, read_files
from hytki_match.corpus.schema import LIST_SEPARATOR, file_name, parts
from hytki_match.errors import CorpusError, Finding
from hytki_match.records import LANGUAGES, KnownQuestion
from hytki_match.utf8 import SAVE_AS_UTF8, NotUtf8Error, utf8_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

TABLE = OPTIONAL
COLUMNS = ("language", "question", "answers", "useful", "contacts")
"""``answers`` are records that answer the question, ``useful`` ones that help, ``contacts`` whom to
call, all as ``table/id``."""

LISTS = COLUMNS[2:]
RECORD_LISTS = ("answers", "useful")

WITHOUT_CONTACTS = COLUMNS[:-1]
"""A table may do without the last column."""

_WHOLE_ROW = "Put quotation marks around cells with a comma, and see that the row is whole."


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
    header, rows, unread = _rows(data)
    if unread:
        return (), unread
    named = {"answers": doc_ids, "useful": doc_ids, "contacts": contact_ids}
    lists = {column: named[column] for column in header[2:]}
    findings = [finding for line, row in rows for finding in _row_findings(line, row, lists)]
    if findings:
        return (), findings
    return tuple(_question(row) for _, row in rows), []


def _rows(
    data: bytes,
) -> tuple[tuple[str, ...], list[tuple[int, dict[str, str]]], list[Finding]]:
    """Return the header, the rows with the line on which each ends, and why they cannot be read."""
    try:
        reader = csv.DictReader(io.StringIO(utf8_text(data), newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader]
        header = tuple(reader.fieldnames or ())
    except NotUtf8Error as error:
        return (), [], [Finding(TABLE, error.line, "", "", f"{error}", f"{SAVE_AS_UTF8}.")]
    except csv.Error as error:
        problem = f"the row cannot be divided into cells ({error})"
        cure = "A quotation mark is open, or the file was cut off: mend this row or the one above."
        return (), [], [Finding(TABLE, reader.line_num + 1, "", "", problem, cure)]
    if header not in (COLUMNS, WITHOUT_CONTACTS):
        cure = f"Its columns are: {', '.join(COLUMNS)}."
        return (), [], [Finding(TABLE, 1, "", "", "has another header than it should", cure)]
    ragged = [
        Finding(TABLE, line, "", "", "the row has too many or too few cells", _WHOLE_ROW)
        for line, row in rows
        if None in row or None in row.values()
    ]
    return header, rows, ragged


def _question(row: Mapping[str, str]) -> KnownQuestion:
    return KnownQuestion(
        text=row["question"].strip(),
        language="fi" if row["language"] == "fi" else "en",
        answers=parts(row["answers"]),
        useful=parts(row["useful"]),
        contacts=parts(row.get("contacts", "")),
    )


def _row_findings(
    line: int, row: Mapping[str, str], lists: Mapping[str, Collection[str]]
) -> list[Finding]:
    found = []
    if row["language"] not in LANGUAGES:
        cure = f"Write one of: {', '.join(LANGUAGES)}."
        found.append(Finding(TABLE, line, "language", row["language"], "is no language", cure))
    if not row["question"].strip():
        found.append(Finding(TABLE, line, "question", "", "the cell is empty", "Fill it in."))
    for column, known in lists.items():
        for doc_id in parts(row[column]):
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

    Raises
    ------
    CorpusError
        When the table is there and cannot be read.
    """
    return _without(*_read(folder), gone) if gone else (b"", 0)


def rows_naming(folder: Path, ids: Collection[str]) -> Counter[str]:
    """Count how many rows of a folder's table name each of some records or contacts.

    Raises
    ------
    CorpusError
        When the table is there and cannot be read.
    """
    if not ids:
        return Counter()
    _, rows = _read(folder)
    named = ({part for c in LISTS for part in parts(row.get(c, ""))} for row in rows)
    return Counter(one for parts_of_row in named for one in parts_of_row.intersection(ids))


def _read(folder: Path) -> tuple[Sequence[str], list[dict[str, str]]]:
    """Return the header and the rows of a folder's table; nothing where there is none."""
    contents, findings = read_files(folder)
    unread = [finding for finding in findings if finding.table == TABLE]
    if TABLE not in contents and not unread:
        return (), []
    header, rows, unread = _rows(contents[TABLE]) if TABLE in contents else ((), [], unread)
    if unread:
        raise CorpusError(unread)
    return header, [row for _, row in rows]


def _without(
    header: Sequence[str], rows: Iterable[Mapping[str, str]], gone: Collection[str]
) -> tuple[bytes, int]:
    kept, touched = [], 0
    for row in rows:
        lists = {column: parts(row[column]) for column in LISTS if column in row}
        left = {c: tuple(part for part in named if part not in gone) for c, named in lists.items()}
        touched += left != lists
        no_record_left = left["answers"] == () and any(left[c] != lists[c] for c in RECORD_LISTS)
        if not no_record_left:
            kept.append({**row, **{c: LIST_SEPARATOR.join(named) for c, named in left.items()}})
    if not touched:
        return b"", 0
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(kept)
    return stream.getvalue().encode(), touched


def missing_questions(folder: Path) -> list[Finding]:
    """Return advice where a folder has no known questions: matching is much worse without them."""
    if (folder / file_name(TABLE)).exists():
        return []
    problem = "is missing: no question is known, so that answers are found much less surely"
    return [Finding(TABLE, 0, "", "", problem, f"Put {file_name(TABLE)} into {folder}.")]
