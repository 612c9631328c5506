"""New rows that may stand already: by their names and addresses."""

from __future__ import annotations

import difflib
from collections import defaultdict
from typing import TYPE_CHECKING

from hytki_match.corpus.schema import MISSING
from hytki_match.index.called import BODIES, phrases_of
from hytki_match.language.analysis import fold
from hytki_match.records import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hytki_match.corpus.writing import Rows

LIKE_NAME = 0.88
"""Names more alike than this are pointed out: ``Terveystalo Oy`` and ``Terveys-Talo Oy`` are."""

BEGINNING_CHARS = 3
"""Only names with one beginning are compared, so that a large table stays quick."""


def row_names(cells: Mapping[str, str]) -> list[str]:
    """Return the names of a row, Finnish before English; none for a row without a name."""
    found = (cells.get(column, "") for column in ("name", "name_fi", "name_en", "label_en"))
    return [name for name in found if name and name != MISSING]


def alike(table: str, new: Rows, standing: Rows) -> list[str]:
    """Say which new rows have nearly the name, or the address, of one that stands.

    Organisations and companies are compared without their legal forms, too, and by the first word
    of a name where that calls one of them alone.
    """
    by_url: dict[str, str] = {row["url"]: row["id"] for row in standing if row.get("url")}
    found: dict[tuple[str, str], str] = {}
    pairs = [*_by_form(new, standing)] if table in BODIES else []
    for one, other, how in (*_by_spelling(new, standing), *pairs):
        found.setdefault((one, other), f"{one}: the name {how} {other}.")
    addresses = [
        f"{row['id']}: the address is that of {by_url[row['url']]}."
        for row in new
        if row.get("url") in by_url
    ]
    return [*found.values(), *addresses]


def _by_spelling(new: Rows, standing: Rows) -> Iterator[tuple[str, str, str]]:
    beginnings: dict[str, dict[str, str]] = defaultdict(dict)
    for row in standing:
        for name in map(fold, row_names(row)):
            beginnings[name[:BEGINNING_CHARS]].setdefault(name, row["id"])
    for row in new:
        for name in map(fold, row_names(row)):
            rivals = beginnings[name[:BEGINNING_CHARS]]
            for near in difflib.get_close_matches(name, rivals, n=1, cutoff=LIKE_NAME):
                yield row["id"], rivals[near], "is nearly that of"


def _by_form(new: Rows, standing: Rows) -> Iterator[tuple[str, str, str]]:
    """Yield a new row, one that stands, and how their names are alike but for a legal form."""
    whole: dict[str, str] = {}
    first: dict[str, set[str]] = defaultdict(set)
    for row in standing:
        for phrase, is_whole in _phrases(row).items():
            if is_whole:
                whole.setdefault(phrase, row["id"])
            else:
                first[phrase].add(row["id"])
    for row in new:
        for phrase, is_whole in _phrases(row).items():
            if phrase in whole:
                how = "without its legal form is that of" if is_whole else "begins as that of"
                yield row["id"], whole[phrase], how
            elif is_whole and len(called := [*first.get(phrase, ())]) == 1:
                yield row["id"], called[0], "is the first word of that of"


def _phrases(row: Mapping[str, str]) -> dict[str, bool]:
    names = row_names(row)
    return phrases_of(Text(names[0], names[-1])) if names else {}
