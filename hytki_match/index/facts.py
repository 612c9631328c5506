"""What limits, preferences and names compare of records, as arrays: no record is read for them."""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hytki_match.index.arrays import load_array, save_array
from hytki_match.index.layout import FACTS, NAMES
from hytki_match.index.strings import SortedStrings, write_lines
from hytki_match.language.analysis import fold, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from hytki_match.records import Record, Text

MIN_NAME_CHARS = 4
MAX_NAMED = 6
"""A word in the names of more records than this names none of them."""

_ARRAYS = ("tables", "kinds", "regions", "first", "last")
_OF_NAMES = ("shared", "places", "starts")


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of all records, in their order.

    Attributes
    ----------
    sorts, areas
        The number of each name of a table or kind, and of each region.
    tables, kinds
        int16 (records,): numbers of sorts.
    regions
        bool (areas, records): whether a record is in a region.
    first, last
        S10 (records,): the days between which something is, as bytes, empty where it has none.
        Of a month or a year ``last`` is after all of its days.
    """

    sorts: Mapping[str, int]
    areas: Mapping[str, int]
    tables: NDArray[np.int16]
    kinds: NDArray[np.int16]
    regions: NDArray[np.bool_]
    first: NDArray[np.bytes_]
    last: NDArray[np.bytes_]


@dataclass(frozen=True, slots=True)
class NameWords:
    """The words, folded, that tell a record by its name.

    Attributes
    ----------
    words
        Words that few names have, sorted.
    shared
        int64 (words,): how many records have each.
    places
        int32: the words of record after record.
    starts
        int64 (records + 1): those of record r are ``places[starts[r]:starts[r + 1]]``.
    """

    words: SortedStrings
    shared: NDArray[np.int64]
    places: NDArray[np.int32]
    starts: NDArray[np.int64]


def save_facts(records: Iterable[Record], folder: Path) -> None:
    """Write the facts and the names of records; each is looked at once."""
    sorts, areas = dict[str, int](), dict[str, int]()
    tables, kinds = array("h"), array("h")
    of_area: dict[int, array[int]] = defaultdict(lambda: array("q"))
    first, last = bytearray(), bytearray()
    names = _Names()
    for number, record in enumerate(records):
        tables.append(sorts.setdefault(record.table, len(sorts)))
        kinds.append(sorts.setdefault(record.kind, len(sorts)))
        for region in record.region_ids:
            of_area[areas.setdefault(region, len(areas))].append(number)
        first += _day(record.starts_on)
        last += _day(_last_day(record.ends_on or record.starts_on))
        names.add(record.name)
    regions = np.zeros((len(areas), len(tables)), bool)
    for area, numbers in of_area.items():
        regions[area, numbers] = True
    arrays = {
        "tables": np.array(tables, np.int16),
        "kinds": np.array(kinds, np.int16),
        "regions": regions,
        "first": np.frombuffer(first, DAY),
        "last": np.frombuffer(last, DAY),
    }
    for part in _ARRAYS:
        save_array(folder / f"{FACTS}.{part}.npy", arrays[part])
    listed = json.dumps({"sorts": list(sorts), "areas": list(areas)}, ensure_ascii=False)
    (folder / f"{FACTS}.json").write_text(f"{listed}\n", encoding="utf-8", newline="\n")
    names.save(folder)


def load_facts(folder: Path) -> Facts:
    """Map what :func:`save_facts` wrote of all but names."""
    listed = json.loads((folder / f"{FACTS}.json").read_text(encoding="utf-8"))
    sorts, areas = (
        {name: number for number, name in enumerate(listed[part])} for part in ("sorts", "areas")
    )
    arrays = {part: load_array(folder / f"{FACTS}.{part}.npy", "r") for part in _ARRAYS}
    return Facts(sorts=sorts, areas=areas, **arrays)


def load_names(folder: Path) -> NameWords:
    """Map what :func:`save_facts` wrote of names."""
    arrays = {part: load_array(folder / f"{NAMES}.{part}.npy", "r") for part in _OF_NAMES}
    return NameWords(words=SortedStrings(folder / f"{NAMES}.txt"), **arrays)


class _Names:
    """Collects the words of names: numbers, of which a million records have some millions."""

    def __init__(self) -> None:
        self._vocabulary: dict[str, int] = {}
        self._found, self._ends = array("i"), array("q", [0])

    def add(self, name: Text) -> None:
        """Take the name of the next record."""
        known = self._vocabulary
        own = {word for text in {name.fi, name.en} for word in map(fold, words(text))}
        # Sorted: what comes of a set in the order of hashes differs from run to run.
        kept = sorted(word for word in own if len(word) >= MIN_NAME_CHARS)
        self._found.extend([known.setdefault(word, len(known)) for word in kept])
        self._ends.append(len(self._found))

    def save(self, folder: Path) -> None:
        """Write the words that few names have, and whose they are."""
        known = list(self._vocabulary)
        found, ends = np.array(self._found, np.int32), np.array(self._ends, np.int64)
        counts = np.bincount(found, minlength=len(known))
        kept = sorted(np.flatnonzero(counts <= MAX_NAMED).tolist(), key=known.__getitem__)
        place = np.full(len(known), -1, np.int32)
        place[kept] = np.arange(len(kept))
        places = place[found]
        arrays: dict[str, NDArray[Any]] = {
            "shared": counts[kept],
            "places": places[places >= 0],
            "starts": np.append(0, np.cumsum(places >= 0))[ends],
        }
        for part in _OF_NAMES:
            save_array(folder / f"{NAMES}.{part}.npy", arrays[part])
        write_lines(folder / f"{NAMES}.txt", (known[number] for number in kept))


DAY = "S10"
"""As bytes: a character of numpy's texts takes four."""


def _day(day: str) -> bytes:
    return day.encode()[:10].ljust(10, b"\0")


def _last_day(day: str) -> str:
    """Return the last possible day of a date that may be a year or a month only."""
    return f"{day}-99-99"[:10] if day else ""
