"""Rows from outside into a table: which are new, which change what stands, and their ids."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hytki_match.corpus.changes import row_changes
from hytki_match.corpus.schema import MISSING, TABLES, file_name
from hytki_match.errors import Mistake
from hytki_match.language.analysis import fold
from hytki_match.upkeep.alike import alike, row_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hytki_match.corpus.changes import Changes
    from hytki_match.corpus.writing import Rows
    from hytki_match.upkeep.sheets import SheetRow

ID_CHARS = 60
"""Longer ids would be cut in messages and addresses."""

_KEYS = {"events": ("name", "starts_on"), "contacts": ("name", "organisation_id")}
"""What tells two rows of a table apart, when no id is given; for all others the name does."""

_COMPANY_FORM = re.compile(r"\s+(oyj?|ab|ltd|inc|llc|gmbh|ry|plc)\.?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Merge:
    """What bringing rows in would do to a table.

    ``rows`` is the whole table afterwards. ``numbers`` gives the spreadsheet row of each id that
    came in. ``alike`` holds a sentence for each new row that may be there already. ``kept`` holds
    the id and the column of each cell that came empty and left what stands. ``renamed`` gives the
    new id of rows that go and come again as they were called, with another id.
    """

    table: str
    rows: Rows
    changes: Changes
    numbers: Mapping[str, int]
    mistakes: tuple[Mistake, ...]
    alike: tuple[str, ...]
    kept: tuple[tuple[str, str], ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)


def merge(
    table: str,
    existing: Rows,
    incoming: Sequence[SheetRow],
    *,
    whole: bool = False,
    clear: bool = False,
) -> Merge:
    """Lay rows over a table.

    A row with an id, or else with the name of one that stands, changes it; columns that did not
    come, and cells that came empty, keep what they hold. All others are new, with an id made from
    their name, so bringing the same file in again changes nothing.

    Parameters
    ----------
    whole
        The rows are all that the table is to hold: others are removed, and ``clear`` holds.
    clear
        A cell that came empty empties the one that stands, unless there is a default for it.
    """
    ids = Ids(table, existing)
    merged = {row["id"]: dict(row) for row in existing}
    numbers: dict[str, int] = {}
    kept: list[tuple[str, str]] = []
    mistakes = [
        Mistake(file_name(table), f"has the id {row_id!r} twice", "Give one of them another")
        for row_id, times in Counter(row["id"] for row in existing).items()
        if times > 1
    ]
    if whole and existing and not incoming:
        problem = f"has no rows, so that all {len(existing)} rows of {table} would be removed"
        mistakes.append(
            Mistake("the file", problem, "Look whether it is whole, or leave --whole out")
        )
    for row in incoming:
        row_id = ids.of({**row.defaults, **{c: text for c, text in row.cells.items() if text}})
        if row_id in numbers:
            mistakes.append(_twice(table, row, row_id, incoming, numbers[row_id]))
            continue
        numbers[row_id] = row.number
        if row_id in merged:
            merged[row_id], unsaid = _laid_over(merged[row_id], row, clear=clear or whole)
            kept += [(f"{table}/{row_id}", column) for column in unsaid]
        else:
            merged[row_id] = _new_row(table, row) | {"id": row_id}
    if whole:
        merged = {row_id: merged[row_id] for row_id in merged if row_id in numbers}
    before = {f"{table}/{row['id']}": row for row in existing}
    after = {f"{table}/{row_id}": row for row_id, row in merged.items()}
    changes = row_changes(before, after)
    new = [merged[row_id.partition("/")[2]] for row_id in changes.added]
    likely = tuple(alike(table, new, [row for row in existing if row["id"] in merged]))
    gone = Ids(table, [row for row in existing if row["id"] not in merged])
    renamed = {old: row["id"] for row in new if (old := gone.known(row))}
    return Merge(
        table,
        tuple(merged.values()),
        changes,
        numbers,
        tuple(mistakes),
        likely,
        tuple(kept),
        renamed,
    )


def _twice(
    table: str, row: SheetRow, row_id: str, incoming: Sequence[SheetRow], number: int
) -> Mistake:
    """Say what to do about a second row with one id: another thing got it by a copied row."""
    first = next(one for one in incoming if one.number == number)
    names = [set(map(fold, row_names(one.cells))) for one in (first, row)]
    cure = "Remove one of them"
    if row.cells.get("id") and all(names) and not names[0] & names[1]:
        cure = "Their names differ: empty the id of the one that is new"
    place = f"{table}, row {row.number}"
    return Mistake(place, f"is {row_id!r}, as row {number} is", cure)


class Ids:
    """Gives rows their ids: their own, that of the row they mean, or a new one."""

    def __init__(self, table: str, existing: Rows) -> None:
        self._columns = _KEYS.get(table, ("name",))
        self._taken = {row["id"] for row in existing}
        self._by_key: dict[tuple[str, ...], str] = {}
        for row in existing:
            for key in self._keys(row):
                self._by_key.setdefault(key, row["id"])

    def of(self, cells: Mapping[str, str]) -> str:
        """Return the id of a row that comes in."""
        row_id = cells.get("id") or self.known(cells) or self._new(cells)
        self._taken.add(row_id)
        for key in self._keys(cells):
            self._by_key.setdefault(key, row_id)
        return row_id

    def known(self, cells: Mapping[str, str]) -> str:
        """Return the id of the row with the same name; empty when there is none."""
        return next((self._by_key[k] for k in self._keys(cells) if k in self._by_key), "")

    def _keys(self, cells: Mapping[str, str]) -> list[tuple[str, ...]]:
        rest = tuple(fold(cells.get(column, "")) for column in self._columns[1:])
        return [(fold(name), *rest) for name in row_names(cells)]

    def _new(self, cells: Mapping[str, str]) -> str:
        names = row_names(cells)
        slug = make_slug(names[-1]) if names else ""
        year = cells.get("starts_on", "")[:4]
        stem = "-".join(part for part in (slug or "row", year) if part)
        row_id, number = stem, 1
        while row_id in self._taken:
            number += 1
            row_id = f"{stem}-{number}"
        return row_id


def make_slug(name: str) -> str:
    """Return an id made from a name: ``Sleepy Oy`` becomes ``sleepy``."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(_COMPANY_FORM.sub("", name))).strip("-")
    return words[:ID_CHARS].rstrip("-")


def _laid_over(
    standing: Mapping[str, str], row: SheetRow, *, clear: bool
) -> tuple[dict[str, str], list[str]]:
    """Return a row that stands with what came, and the columns that came empty and keep theirs."""
    after, kept = dict(standing), []
    for column, text in row.cells.items():
        if text:
            after[column] = text
        elif column == "id" or column in row.defaults or not standing[column]:
            continue
        elif clear or column in row.clears:
            after[column] = ""
        else:
            kept.append(column)
    return after | {c: text for c, text in row.defaults.items() if not after[c]}, kept


def _new_row(table: str, row: SheetRow) -> dict[str, str]:
    """Return a new row; a text in a language that the file has no column for does not exist."""
    empty = {
        column.name: MISSING if column.bilingual and column.name not in row.cells else ""
        for column in TABLES[table]
    }
    return {**empty, **row.defaults, **{c: text for c, text in row.cells.items() if text}}
