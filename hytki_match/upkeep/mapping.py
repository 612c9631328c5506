"""How somebody else's columns become ours: a small TOML file.

::

    sheet = "Yritykset"                  # which sheet; the table's name, or the first, if not given

    [columns]                            # our column = the header in the file
    name = "Yritys"
    region_id = "Paikkakunta"

    [values.region_id]                   # what stands in the file = our value
    "Oulun seutu" = "oulu"

    [defaults]                           # for cells that are empty or not in the file
    description_en = "-"
    source_url = "Cluster members, spring 2026"

    [separators]                         # what divides the parts of a list there
    topics = ","
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from hytki_match.corpus.schema import LIST_SEPARATOR, TABLES
from hytki_match.errors import ImportRefusedError, Mistake
from hytki_match.upkeep.sheets import SheetRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What the file says; all of it may be missing, and our own headers are then expected."""

    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    separators: Mapping[str, str] = field(default_factory=dict)


def read_mapping(file: Path, table: str) -> ColumnMap:
    """Read a mapping for a table.

    Raises
    ------
    ImportRefusedError
        Naming every part that is no part of a mapping and every column that the table lacks.
    """
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        mistake = Mistake(file.name, f"cannot be read ({error})", "See docs/operate.md")
        raise ImportRefusedError(file, [mistake]) from error
    parts = {part.name for part in fields(ColumnMap)}
    known = {column.name for column in TABLES[table]}
    mistakes = [
        Mistake(
            file.name, f"{name!r} is no part of a mapping", f"Parts: {', '.join(sorted(parts))}"
        )
        for name in found.keys() - parts
    ]
    mistakes += [
        Mistake(f"{file.name}, {part}", f"{name!r} is no column of {table}", "Mend the name")
        for part in ("columns", "values", "defaults", "separators")
        for name in found.get(part, {})
        if name not in known
    ]
    if mistakes:
        raise ImportRefusedError(file, mistakes)
    return ColumnMap(**found)


def map_rows(
    rows: Iterable[SheetRow], table: str, mapping: ColumnMap
) -> tuple[list[SheetRow], list[str]]:
    """Return rows with our columns, and the headers that were left aside.

    A column that neither the file nor the defaults have is not in the rows: what the table holds
    of it stays.
    """
    theirs = {ours: header for ours, header in mapping.columns.items()}
    names = [column.name for column in TABLES[table]]
    rows = list(rows)
    headers = rows[0].cells.keys() if rows else ()
    sources = {name: theirs.get(name, name) for name in names if theirs.get(name, name) in headers}
    mapped = [
        SheetRow(
            row.number,
            {
                n: _cell(n, row, sources, mapping)
                for n in names
                if n in sources or n in mapping.defaults
            },
        )
        for row in rows
    ]
    unused = [header for header in headers if header not in sources.values()]
    return mapped, unused


def _cell(name: str, row: SheetRow, sources: Mapping[str, str], mapping: ColumnMap) -> str:
    text = row.cells.get(sources.get(name, ""), "") or mapping.defaults.get(name, "")
    separator = mapping.separators.get(name)
    parts: Sequence[str] = [part.strip() for part in text.split(separator)] if separator else [text]
    values = mapping.values.get(name, {})
    return LIST_SEPARATOR.join(values.get(part, part) for part in parts)
