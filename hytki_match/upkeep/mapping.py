"""How somebody else's columns become ours: a small TOML file.

::

    sheet = "Yritykset"                  # which sheet; the table's name, or the first, if not given

    [columns]                            # our column = the header in the file
    name = "Yritys"
    region_id = "Paikkakunta"

    [values.region_id]                   # what stands in the file = our value
    "Oulun seutu" = "oulu"

    [defaults]                           # for cells that are empty both in the file and here
    description_en = "-"
    source_url = "Cluster members, spring 2026"

    [separators]                         # what divides the parts of a list there
    topics = ","
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hytki_match.corpus.schema import LIST_SEPARATOR, TABLES
from hytki_match.errors import ImportRefusedError, Mistake
from hytki_match.nearest import did_you_mean
from hytki_match.upkeep.sheets import SheetRow, refused
from hytki_match.utf8 import NotUtf8Error, utf8_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path


MAPPED = "used as a mapping"
PARTS = ("sheet", "columns", "values", "defaults", "separators")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What the file ``name`` says in its ``PARTS``; all may be missing: our own headers, then."""

    name: str = "the mapping"
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
        Naming every part that is no part of a mapping, every column that the table lacks, and
        everything that is no text.
    """
    try:
        found = tomllib.loads(utf8_text(file.read_bytes()))
    except NotUtf8Error as error:
        place = f"{file.name}, line {error.line}"
        raise refused(file, f"{error}", "Save it as UTF-8", place=place, use=MAPPED) from error
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
        raise refused(file, problem, "Mend the rights of the file", use=MAPPED) from error
    except tomllib.TOMLDecodeError as error:
        cure = "Write it as the example in docs/operate.md"
        raise refused(file, f"is no TOML: {error}", cure, use=MAPPED) from error
    mistakes = list(_mistakes(file, table, found))
    if mistakes:
        raise ImportRefusedError(file, mistakes, use=MAPPED)
    return ColumnMap(name=file.name, **found)


def _mistakes(file: Path, table: str, found: Mapping[str, Any]) -> Iterator[Mistake]:
    known = {column.name for column in TABLES[table]}
    for part, content in found.items():
        place = f"{file.name}, {part}"
        if part not in PARTS:
            problem = f"{part!r} is no part of a mapping"
            cure = did_you_mean(part, PARTS) or f"Parts: {', '.join(PARTS)}"
            yield Mistake(file.name, problem, cure)
        elif part == "sheet":
            yield from _no_text(place, content)
        elif not isinstance(content, dict):
            yield Mistake(place, "is no section", f"Write [{part}] above its lines")
        else:
            for name, value in content.items():
                if name not in known:
                    near = did_you_mean(name, known)
                    cure = near or f"Columns: {', '.join(c.name for c in TABLES[table])}"
                    yield Mistake(place, f"{name!r} is no column of {table}", cure)
                yield from _wrong_value(part, f"{place}, {name}", value)


def _wrong_value(part: str, place: str, value: object) -> Iterator[Mistake]:
    if part != "values":
        yield from _no_text(place, value)
        if part == "separators" and value == "":
            yield Mistake(place, "is empty", "Write what divides the parts, or leave it out")
    elif not isinstance(value, dict):
        column = place.rpartition(", ")[2]
        yield Mistake(place, "is no section", f"Write [values.{column}] above its lines")
    else:
        for theirs, ours in value.items():
            yield from _no_text(f"{place}, {theirs}", ours)


def _no_text(place: str, value: object) -> Iterator[Mistake]:
    if not isinstance(value, str):
        yield Mistake(place, f"{value!r} is no text", "Put it in quotation marks")


def map_rows(
    rows: Sequence[SheetRow], table: str, mapping: ColumnMap, place: str
) -> tuple[list[SheetRow], list[str], list[Mistake]]:
    """Return rows with our columns, the headers that were left aside, and what is wrong.

    A column that neither the file nor the defaults have is not in the rows: what the table holds
    of it stays. Cells that are wrong in columns that are left aside do not matter.

    Parameters
    ----------
    place
        How a mistake names the sheet.
    """
    theirs = mapping.columns
    names = [column.name for column in TABLES[table]]
    headers = rows[0].cells.keys() if rows else ()
    sources = {name: theirs.get(name, name) for name in names if theirs.get(name, name) in headers}
    defaults = {name: _ours(name, text, mapping) for name, text in mapping.defaults.items()}
    mapped = [
        SheetRow(
            row.number,
            {name: _ours(name, row.cells[header], mapping) for name, header in sources.items()},
            defaults,
        )
        for row in rows
    ]
    used = frozenset(sources.values())
    mistakes = [
        trouble for row in rows for header, trouble in row.troubles.items() if header in used
    ]
    if rows:
        mistakes += _header_mistakes(place, table, mapping, headers, sources)
    return mapped, [header for header in headers if header not in used], mistakes


def _header_mistakes(
    place: str,
    table: str,
    mapping: ColumnMap,
    headers: Collection[str],
    sources: Mapping[str, str],
) -> Iterator[Mistake]:
    """Say which headers the mapping names in vain; without any column, nothing would come in."""
    there = f"Headers there: {', '.join(headers)}"
    for ours, header in mapping.columns.items():
        if header not in headers:
            problem = f"{header!r} is no header of {place}"
            cure = f"{did_you_mean(header, headers)} {there}".lstrip()
            yield Mistake(f"{mapping.name}, columns, {ours}", problem, cure)
    if not sources and not mapping.columns:
        yield Mistake(place, f"has no column of {table}", f"Name them with --map. {there}")


def _ours(name: str, text: str, mapping: ColumnMap) -> str:
    separator = mapping.separators.get(name)
    parts: Sequence[str] = [part.strip() for part in text.split(separator)] if separator else [text]
    values = mapping.values.get(name, {})
    return LIST_SEPARATOR.join(values.get(part, part) for part in parts)
