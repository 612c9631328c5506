"""What somebody who says yes has to see of rows: who they are, and what should not be published."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hytki_match.corpus.schema import MISSING
from hytki_match.upkeep.alike import row_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hytki_match.upkeep.merging import Merge

TEXT_CHARS = 80
"""So much of a description is shown."""

DOUBTS = {
    "HTML tags": re.compile(r"(?i)</?[a-z][a-z0-9]*(\s[^<>]*)?/?>"),
    "a meeting link": re.compile(
        r"(?i)teams\.(microsoft|live)\.com/|zoom\.us/[jw]/|meet\.google\.com/|webex\.com/"
        r"|whereby\.com/|meet\.jit\.si/|gotomeet|gotomeeting\.com/"
    ),
    "a passcode": re.compile(
        r"(?i)tunnuskoodi|pääsykoodi|passcode|meeting[ -]id\b|kokous-?tunnus|kokouksen tunnus"
        r"|(salasana|password)\s*:"
    ),
}
"""What is seldom meant for everybody, by how a text shows it."""

_PLACES = ("place", "municipality", "region_id", "region_ids")
_TEXTS = ("description", "summary", "role", "label")


def described(merge: Merge) -> dict[str, list[str]]:
    """Return lines on each new row by its id: its name, days and place, and how its text begins."""
    rows = _rows(merge)
    return {row_id: [*_lines(rows[row_id])] for row_id in merge.changes.added}


def _lines(row: Mapping[str, str]) -> Iterator[str]:
    days = "–".join(filter(None, (row.get("starts_on"), row.get("ends_on"))))
    places = (row.get(column, "") for column in _PLACES)
    yield ", ".join(filter(None, (*row_names(row)[:1], days, *places)))
    texts = (row.get(f"{name}_{code}", "") for name in _TEXTS for code in ("fi", "en"))
    text = next((" ".join(text.split()) for text in texts if text not in ("", MISSING)), "")
    if text:
        yield text if len(text) <= TEXT_CHARS else f"{text[:TEXT_CHARS].rstrip()}…"


def doubtful(merge: Merge) -> list[str]:
    """Say which texts that come in hold what readers should not see; they come in as they are."""
    return [
        f"{row_id}, {column}: the text holds {what}. It comes in as it is: take that out first, if "
        "it is not for everybody."
        for row_id, column, text in _coming(merge)
        for what, pattern in DOUBTS.items()
        if pattern.search(text)
    ]


def _coming(merge: Merge) -> Iterator[tuple[str, str, str]]:
    """Yield the id, the column and the text of each cell that comes in."""
    rows = _rows(merge)
    for row_id in merge.changes.added:
        yield from ((row_id, column, text) for column, text in rows[row_id].items())
    for row_id, changes in merge.changes.changed.items():
        yield from ((row_id, change.field, change.after) for change in changes)


def _rows(merge: Merge) -> dict[str, Mapping[str, str]]:
    """Return the rows after a merge by their ids."""
    return {f"{merge.table}/{row['id']}": row for row in merge.rows}
