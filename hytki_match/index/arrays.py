"""Arrays in numpy's own form, written and read so that a full disk and threads do no harm."""

from __future__ import annotations

import io
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
    # By Python: numpy's own writing tells of a full disk only that bytes are lacking.
    content = io.BytesIO()
    np.save(content, values, allow_pickle=False)
    file.write_bytes(content.getbuffer())


def load_array(file: Path | IO[bytes], mapped: Literal["r"] | None = None) -> NDArray[Any]:
    """Read an array, or map it into memory with ``mapped="r"``: its pages are read when touched."""
    with _reading:
        return np.asarray(np.load(file, mmap_mode=mapped, allow_pickle=False))
