"""Sorted texts in a file, a line each, of which only those that are asked for are read."""

from __future__ import annotations

import mmap
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

import numpy as np

from hytki_match.index.arrays import load_array, save_array
from hytki_match.index.layout import ends_of
from hytki_match.index.ragged import entries_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray


def write_lines(file: Path, lines: Iterable[str]) -> None:
    """Write texts, a line each, and beside them where each line begins and ends."""
    ends = array("q", [0])
    with file.open("wb") as stream:
        for line in lines:
            ends.append(ends[-1] + stream.write(f"{line}\n".encode()))
    save_array(ends_of(file), np.array(ends, np.int64))


class SortedStrings(Sequence[str]):
    """What :func:`write_lines` wrote of sorted texts, mapped into memory.

    They have no line breaks, and no other control characters.
    """

    def __init__(self, file: Path) -> None:
        self._ends: NDArray[np.int64] = load_array(ends_of(file), "r")
        with file.open("rb") as stream:
            # Of nothing there is no map.
            self._data: mmap.mmap | bytes = (
                mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) if len(self) else b""
            )
        self._characters = np.frombuffer(self._data, np.uint8)

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return self.take(np.arange(len(self))[number])
        place = range(len(self))[number]
        return self._data[self._ends.item(place) : self._ends.item(place + 1) - 1].decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self._data[:].decode().split("\n")[:-1])

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self.find(text) >= 0

    def find(self, text: str) -> int:
        """Return the place of a text, -1 where it is none of these."""
        # What ends a line sorts before all that could follow in a longer one.
        return self._first(f"{text}\n")

    def any_begins(self, beginning: str) -> bool:
        """Tell whether any of these begins so."""
        return self._first(beginning) >= 0

    def _first(self, beginning: str) -> int:
        """Return the place of the first line that begins so, with its end, or -1."""
        # UTF-8 sorts as its characters do.
        wanted = beginning.encode(errors="surrogatepass")
        data, size, start = self._data, len(wanted), self._ends.item

        def head(number: int) -> bytes:
            first = start(number)
            return data[first : first + size]

        place = bisect_left(range(len(self)), wanted, key=head)
        return place if place < len(self) and head(place) == wanted else -1

    def take(self, numbers: NDArray[np.integer]) -> list[str]:
        """Return many at once."""
        places, _ = entries_of(self._ends, numbers)
        return self._characters[places].tobytes().decode().split("\n")[:-1]
