"""Vectors as they come from the encoder, in a file of their own until the cache takes them over.

Whatever stops a build, what was encoded by then is found again. Rows are only appended; one that
was cut or damaged is not found, by its checksum.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from hytki_match.encoder import Vectors

CHECK_BYTES = 16

AT_ONCE = 4_096
"""Rows that are in memory at a time."""


class FreshVectors:
    """The vectors of some keys.

    Parameters
    ----------
    key_bytes, dimension
        The length of a key and of a vector.
    """

    def __init__(self, file: Path, key_bytes: int, dimension: int) -> None:
        self._file = file
        self._key = np.dtype(f"S{key_bytes}")
        self._type = np.dtype(
            [
                ("check", np.void, CHECK_BYTES),
                ("key", np.void, key_bytes),
                ("vector", np.float32, (dimension,)),
            ]
        )

    def add(self, keys: NDArray[np.bytes_], vectors: Vectors) -> None:
        """Append vectors; they are found from now on."""
        rows = np.empty(len(keys), self._type)
        rows["key"] = keys.view(rows["key"].dtype)
        rows["vector"] = vectors
        for row in rows:
            row["check"] = _check(row.tobytes())
        with self._file.open("ab") as stream:
            stream.truncate(self._count() * self._type.itemsize)  # the last write may be cut
            stream.write(rows.tobytes())

    def places(self, keys: NDArray[np.bytes_]) -> NDArray[np.intp]:
        """Return where each key stands in the file, -1 for one that does not."""
        known = {key: place for place, key in self._keys()}
        return np.array([known.get(key, -1) for key in keys.tolist()], np.intp)

    def vectors(self, places: NDArray[np.intp]) -> Vectors:
        """Return the vectors at some places of the file."""
        if not len(places):
            return np.empty((0, *self._type["vector"].shape), np.float32)
        found: Vectors = np.memmap(self._file, self._type, "r")["vector"][places]
        return found

    def remove(self) -> None:
        """Forget all of them."""
        self._file.unlink(missing_ok=True)

    def _keys(self) -> Iterator[tuple[int, bytes]]:
        """Yield the place and the key of each row that is whole."""
        if not self._count():
            return
        with self._file.open("rb") as stream:
            for start in range(0, self._count(), AT_ONCE):
                data = stream.read(AT_ONCE * self._type.itemsize)
                whole = len(data) // self._type.itemsize
                rows = np.frombuffer(data, self._type, whole)
                keys = np.ascontiguousarray(rows["key"]).view(self._key).tolist()
                for place, (row, key) in enumerate(zip(rows, keys, strict=True), start=start):
                    if row["check"].tobytes() == _check(row.tobytes()):
                        yield place, key

    def _count(self) -> int:
        try:
            return self._file.stat().st_size // self._type.itemsize
        except FileNotFoundError:
            return 0


def _check(row: bytes) -> bytes:
    return hashlib.blake2b(row[CHECK_BYTES:], digest_size=CHECK_BYTES).digest()
