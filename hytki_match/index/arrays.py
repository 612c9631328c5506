"""Arrays in numpy's own form, written and read so that a full disk and threads do no harm."""

from __future__ import annotations

import threading
from typing import IO, TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_reading = threading.Lock()
"""Held while a head is read: numpy does that with Python's parser, which in some versions (3.11.7 is
one) fails with "AST constructor recursion depth mismatch" when two threads are in it at a time."""


def save_array(file: Path, values: NDArray[Any]) -> None:
    """Write an array."""
    # To a file that is open for reading, too, numpy writes by Python and in parts: by its own means
    # it would tell of a full disk only that bytes are lacking.
    with file.open("w+b") as stream:
        np.save(stream, values, allow_pickle=False)


def load_array(file: Path | IO[bytes], mapped: Literal["r"] | None = None) -> NDArray[Any]:
    """Read an array, or map it into memory with ``mapped="r"``: its pages are read when touched."""
    with _reading:
        return np.asarray(np.load(file, mmap_mode=mapped, allow_pickle=False))
