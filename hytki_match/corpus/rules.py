"""What may stand in a cell and in a row: each rule gives the problems it sees, with their cures."""

from __future__ import annotations

import difflib
import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from hytki_match.corpus.schema import EXTRA_REGIONS, LIST_SEPARATOR, MISSING, file_name, parts
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from hytki_match.corpus.schema import Column

    Ids = Mapping[str, Collection[str]]

# Unicode's control characters (Cc) but for tab and line ends.
_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_AS_OF = re.compile(r"(19|20)\d\d(-\d\d(-\d\d)?)?")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{4,24}")
_CODE = re.compile(r"[a-z]{2}")
# The form that HTML asks of <input type=email>, with a dot in the domain.
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LOOKS_LIKE_ADDRESS = re.compile(r"(?i)(\w+:)?//|www\.|[a-z]+:[^\s]")


class Problem(NamedTuple):
    """What is wrong with a value of a column, and what to do."""

    column: str
    value: str
    problem: str
    cure: str


def cell_problems(column: Column, cell: str, ids: Ids) -> list[Problem]:
    """Return what is wrong with one cell.

    Parameters
    ----------
    ids
        Ids by table; references into a table that is not here are not checked, because it could
        not be read and has a finding of its own. Looked up for every reference, so a set or a
        dictionary where tables are large.
    """
    if not cell:
        return _empty_problems(column)
    if column.bilingual and cell == MISSING:
        return []
    hidden = _HIDDEN.search(cell)
    if hidden:
        problem = f"holds the control character U+{ord(hidden[0]):04X}"
        return [Problem(column.name, cell, problem, "Delete it.")]
    if not column.many:
        return _part_problems(column, cell, ids)
    found = [
        problem
        for part in dict.fromkeys(parts(cell))
        for problem in map(_undivided, _part_problems(column, part, ids))
    ]
    return found + _list_problems(column, cell)


def _empty_problems(column: Column) -> list[Problem]:
    if column.bilingual:
        cure = f"Write the text, or {MISSING!r} if there is none in this language."
        return [Problem(column.name, "", "the text is missing", cure)]
    if column.required:
        return [Problem(column.name, "", "the cell is empty", "Fill it in.")]
    return []


def _list_problems(column: Column, cell: str) -> list[Problem]:
    # Keywords may repeat: a word too many harms nobody, and they are written in haste.
    if column.name.startswith("keywords"):
        return []
    given = [part.strip() for part in cell.split(LIST_SEPARATOR)]
    if "" in given:
        cure = f"Remove the {LIST_SEPARATOR!r} too many."
        return [Problem(column.name, cell, "the list has an empty part", cure)]
    twice = [part for part in dict.fromkeys(given) if given.count(part) > 1]
    return [Problem(column.name, part, "stands twice in the list", "Remove one.") for part in twice]


def _undivided(problem: Problem) -> Problem:
    """Say of a wrong part that holds a comma what divides parts: the nearest id would mislead."""
    if "," not in problem.value:
        return problem
    cure = f"Parts are divided by {LIST_SEPARATOR!r}: write it in place of the comma."
    return problem._replace(cure=cure)


def _part_problems(column: Column, part: str, ids: Ids) -> list[Problem]:
    if column.values and part not in column.values:
        cure = _suggestion(part, column.values) or f"Choose one of: {', '.join(column.values)}."
        return [Problem(column.name, part, "is not one of the allowed values", cure)]
    if column.refers_to:
        return _reference_problems(column, part, ids)
    if column.form == "degrees":
        return _degree_problems(column, part)
    if column.form == "text":
        return []
    is_right, problem, cure = _FORMS[column.form]
    return [] if is_right(part) else [Problem(column.name, part, problem, cure)]


def _reference_problems(column: Column, part: str, ids: Ids) -> list[Problem]:
    if column.refers_to not in ids:
        return []
    extra = EXTRA_REGIONS if column.refers_to == "regions" else ()
    if part in ids[column.refers_to] or part in extra:
        return []
    known = [*ids[column.refers_to], *extra]
    file = file_name(column.refers_to)
    cure = _suggestion(part, known) or f"Take an id from {file}, or add a row there first."
    return [Problem(column.name, part, f"is not an id of {file}", cure)]


def _degree_problems(column: Column, part: str) -> list[Problem]:
    try:
        degrees = float(part)
    except ValueError:
        cure = "Write degrees with a point, for example 65.0121."
        return [Problem(column.name, part, "is not a number", cure)]
    if column.least <= degrees <= column.most:
        return []
    cure = f"It lies between {column.least:g} and {column.most:g} in Finland."
    return [Problem(column.name, part, "is outside Finland", cure)]


def _suggestion(part: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(part, known, n=1)
    return f"Did you mean {near[0]!r}?" if near else ""


def _is_date(text: str) -> bool:
    try:
        # Weeks ("2027-W10-5") are ISO dates, too, and nobody reads them.
        return bool(_DAY.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_as_of(text: str) -> bool:
    if not _AS_OF.fullmatch(text):
        return False
    return _is_date((text + "-01-01")[: len("2024-05-31")])


def _is_web(text: str) -> bool:
    if re.search(r"\s", text):
        return False
    try:
        address = urlsplit(text)
    except ValueError:
        return False
    return address.scheme in ("http", "https") and "." in (address.hostname or "")


def _is_source(text: str) -> bool:
    return _is_web(text) or not _LOOKS_LIKE_ADDRESS.match(text)


_FORMS: dict[str, tuple[Callable[[str], object], str, str]] = {
    "id": (
        _SLUG.fullmatch,
        "is not an id",
        "Use lower-case letters a to z, digits and single hyphens, as in health-data-guide.",
    ),
    "date": (_is_date, "is not a date", "Write it as 2024-05-31."),
    "as_of": (_is_as_of, "is no date", "Write 2024, 2024-05 or 2024-05-31, or leave it empty."),
    "email": (_EMAIL.fullmatch, "is not an e-mail address", "Write it as name@example.org."),
    "phone": (_PHONE.fullmatch, "is not a phone number", "Write it as +358 29 123 4567."),
    "web": (_is_web, "is not a web address", "Write it whole, as https://example.org/page."),
    "source": (
        _is_source,
        "is not a whole web address",
        "Write it as https://example.org/page, or give the name of the document.",
    ),
    "code": (_CODE.fullmatch, "is not a language code", "Write two letters: fi, en, sv …"),
}


BETWEEN = ("starts_on", "ends_on", "email", "phone", "url")
"""Columns whose cells are compared within a row, beside those in two languages."""


def row_problems(columns: Sequence[Column], row: Mapping[str, str]) -> list[Problem]:
    """Return what is wrong between the cells of one row: bilingual ones and ``BETWEEN``."""
    return [
        *_language_problems(columns, row),
        *(_period_problems(row) if "ends_on" in row else ()),
        *(_way_problems(row) if "email" in row else ()),
    ]


def _language_problems(columns: Sequence[Column], row: Mapping[str, str]) -> list[Problem]:
    """Ask for each text in one language at least."""
    first, second = (f"_{language}" for language in LANGUAGES)
    return [
        Problem(column.name, MISSING, "the text is missing in both languages", "Write one of them.")
        for column in columns
        if column.bilingual and column.name.endswith(first)
        if row[column.name] == row[column.name.removesuffix(first) + second] == MISSING
    ]


def _period_problems(row: Mapping[str, str]) -> list[Problem]:
    start, end = row["starts_on"], row["ends_on"]
    if not (_is_date(start) and _is_date(end)) or start <= end:
        return []
    return [Problem("ends_on", end, f"is before the first day {start}", "Mend one of the dates.")]


def _way_problems(row: Mapping[str, str]) -> list[Problem]:
    if row["email"] or row["phone"] or row["url"]:
        return []
    cure = "Give an email, a phone or a url."
    return [Problem("email", "", "nobody can be reached: there is no way to this contact", cure)]
