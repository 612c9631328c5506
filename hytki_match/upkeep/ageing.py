"""Rows whose source is old: what an operator should look at again."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hytki_match.corpus.writing import Rows

MONTHS = 12


@dataclass(frozen=True, slots=True)
class AgedRow:
    """A row that is old, or whose age nobody knows (``as_of`` is empty then)."""

    row_id: str
    as_of: str
    source: str


def stale_rows(tables: Mapping[str, Rows], months: int, today: date) -> list[AgedRow]:
    """Return rows whose source is more than some months old, oldest first.

    A source that gives only its month or year counts from the end of it. Rows without a date come
    last. Events are left out: they are over when they are over.
    """
    limit = _before(today, months)
    found = [
        AgedRow(f"{table}/{row['id']}", row["as_of"], row["source_url"])
        for table, rows in tables.items()
        if table != "events"
        for row in rows
        if "as_of" in row and (not row["as_of"] or last_day(row["as_of"]) < limit)
    ]
    return sorted(found, key=lambda row: (row.as_of or "~", row.row_id))


def last_day(as_of: str) -> date:
    """Return the last day that a day, month or year may mean."""
    year, month, day = (*map(int, as_of.split("-")), 0, 0)[:3]
    month = month or MONTHS
    return date(year, month, day or calendar.monthrange(year, month)[1])


def _before(today: date, months: int) -> date:
    count = today.year * MONTHS + today.month - 1 - months
    year, month = divmod(count, MONTHS)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
