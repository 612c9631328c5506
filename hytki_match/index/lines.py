"""Records and passages as they stand on disk, read when they are asked for.

A hundred thousand records as objects take gigabytes and seconds; an answer shows ten of them.
"""

from __future__ import annotations

import json
import os
import threading
import weakref
from collections.abc import ItemsView, Mapping, Sequence, ValuesView
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, overload

from hytki_match.index.arrays import load_array
from hytki_match.index.layout import ends_of
from hytki_match.records import Passage, Record, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from hytki_match.index.strings import SortedStrings

REMEMBERED = 4096
"""Rows that stay as objects: all of a corpus of today's size."""

WALK_ROWS = 256
"""Rows that a walk reads at a time."""


class Lines:
    """Rows of a JSON-lines file by number; the file may be removed while it is in use.

    Beside it stands where its lines end, as ``write_lines`` writes both. They are read, not mapped:
    a page that was mapped for one row keeps 16 of its neighbours, or a whole large page, in the
    memory of the process.
    """

    def __init__(self, file: Path) -> None:
        self._file = file.open("rb")
        weakref.finalize(self, self._file.close)
        self._place = threading.Lock()
        self._ends: NDArray[np.int64] = load_array(ends_of(file), "r")

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> dict[str, Any]:
        return restore(json.loads(self._read(number, number + 1)))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for first in range(0, len(self), WALK_ROWS):
            read = self._read(first, min(first + WALK_ROWS, len(self)))
            # As text: of bytes json would look at each row's first ones to tell how it is encoded.
            *rows, _ = read.decode().split("\n")
            yield from map(restore, map(json.loads, rows))

    def _read(self, first: int, last: int) -> bytes:
        start, end = self._ends.item(first), self._ends.item(last)
        if hasattr(os, "pread"):  # of its own place: forked processes share the file's
            return os.pread(self._file.fileno(), end - start, start)
        with self._place:
            self._file.seek(start)
            return self._file.read(end - start)


class MappedPassages(Sequence[Passage]):
    """The passages of an index by number."""

    def __init__(self, file: Path) -> None:
        self._lines = Lines(file)
        self._passage = lru_cache(maxsize=REMEMBERED)(lambda number: Passage(**self._lines[number]))

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, number: int) -> Passage: ...
    @overload
    def __getitem__(self, number: slice) -> list[Passage]: ...
    def __getitem__(self, number: int | slice) -> Passage | list[Passage]:
        if isinstance(number, slice):
            return [self._passage(one) for one in range(len(self))[number]]
        return self._passage(range(len(self))[number])

    def __iter__(self) -> Iterator[Passage]:
        return (Passage(**row) for row in self._lines)

    def __eq__(self, other: object) -> bool:
        """Compare one by one, so that two large corpora never stand in memory."""
        return isinstance(other, Sequence) and same(self, other)

    __hash__ = None  # type: ignore[assignment]


class MappedRecords(Mapping[str, Record]):
    """The records of an index by ``doc_id``, in the order of the ids.

    Parameters
    ----------
    doc_ids
        The id of each line.
    """

    def __init__(self, file: Path, doc_ids: SortedStrings) -> None:
        self._lines = Lines(file)
        self._doc_ids = doc_ids
        self._find = lru_cache(maxsize=REMEMBERED)(doc_ids.find)
        self._record = lru_cache(maxsize=REMEMBERED)(self._read)

    def _read(self, doc_id: str) -> Record:
        number = self._find(doc_id)
        if number < 0:
            raise KeyError(doc_id)
        return Record(**self._lines[number])

    def __len__(self) -> int:
        return len(self._doc_ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._doc_ids)

    def __contains__(self, doc_id: object) -> bool:
        return isinstance(doc_id, str) and self._find(doc_id) >= 0

    def __getitem__(self, doc_id: str) -> Record:
        return self._record(doc_id)

    def values(self) -> ValuesView[Record]:
        """Return all records; those that were read before stay, these do not."""
        return _Values(self, self._lines)

    def items(self) -> ItemsView[str, Record]:
        """Return all ids with their records, which are read as by :meth:`values`."""
        return _Items(self)

    def __eq__(self, other: object) -> bool:
        """Compare one by one, so that two large corpora never stand in memory."""
        return isinstance(other, Mapping) and same(self.items(), other.items())

    __hash__ = None  # type: ignore[assignment]


class _Values(ValuesView[Record]):
    def __init__(self, records: MappedRecords, lines: Lines) -> None:
        super().__init__(records)
        self._lines = lines

    def __iter__(self) -> Iterator[Record]:
        return (Record(**row) for row in self._lines)


class _Items(ItemsView[str, Record]):
    def __init__(self, records: MappedRecords) -> None:
        super().__init__(records)
        self._records = records

    def __iter__(self) -> Iterator[tuple[str, Record]]:
        return zip(self._records, self._records.values(), strict=True)


def read_rows(file: Path) -> list[dict[str, Any]]:
    """Return all rows of a JSON-lines file that is small enough to stand in memory."""
    *rows, _ = file.read_bytes().decode().split("\n")
    return list(map(restore, map(json.loads, rows)))


def restore(row: dict[str, Any]) -> dict[str, Any]:
    """Turn what JSON made of a dataclass back: texts from objects, tuples from arrays."""
    for key, value in row.items():
        if isinstance(value, list):
            row[key] = tuple(value)
        elif isinstance(value, dict):
            row[key] = Text(**value)
    return row


def same(some: Iterable[object], others: Iterable[object]) -> bool:
    """Tell whether both give the same; one at a time, so that neither stands in memory."""
    missing = object()
    return all(one == other for one, other in zip_longest(some, others, fillvalue=missing))
