"""Files replaced in one step, and on disk before anything that names them."""

from __future__ import annotations

import contextlib
import os
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def replacing(file: Path) -> Iterator[IO[bytes]]:
    """Give a stream for the new bytes of a file, which take the place of the old when it is done.

    A reader sees the old or the new, also after a power cut; whatever goes wrong, the old stay.
    """
    beside = file.with_name(f".{file.name}.new")
    try:
        with beside.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync(file.parent)


def replace_file(file: Path, data: bytes) -> None:
    """Write a file in one step; see :func:`replacing`."""
    with replacing(file) as stream:
        stream.write(data)


def sync(path: Path) -> None:
    """Have a file or a folder on disk before anything that names it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
