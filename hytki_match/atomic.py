"""Files replaced in one step, and on disk before anything that names them."""

from __future__ import annotations

import contextlib
import os
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


@contextlib.contextmanager
def replacing(file: Path) -> Iterator[IO[bytes]]:
    """Give a stream for the new bytes of a file, which take the place of the old when it is done.

    A reader sees the old or the new, also after a power cut; whatever goes wrong, the old stay.
    """
    beside = _beside(file)
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


class PartlyReplacedError(OSError):
    """Of several files some hold their new bytes, and could not be given the old ones back."""

    def __init__(self, files: Sequence[Path], cause: BaseException) -> None:
        self.files = tuple(files)
        super().__init__(str(cause))


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Write several files, new ones too: all, or none when something goes wrong.

    All are on disk under other names before the first takes its place. Only a process that is
    killed between two of these steps leaves some old and some new.

    Raises
    ------
    PartlyReplacedError
        When the old bytes could not be written back, either; it names the files that are new.
    """
    old = {file: file.read_bytes() if file.exists() else None for file in contents}
    replaced: dict[Path, bytes | None] = {}
    try:
        for file, data in contents.items():
            _write_synced(_beside(file), data)
        for file, before in old.items():
            _beside(file).replace(file)
            replaced[file] = before
        for folder in {file.parent for file in contents}:
            sync(folder)
    except BaseException as error:
        for file in contents:
            with contextlib.suppress(OSError):
                _beside(file).unlink(missing_ok=True)
        _put_back(replaced, error)
        raise


def _put_back(old: Mapping[Path, bytes | None], cause: BaseException) -> None:
    for file, data in old.items():
        with contextlib.suppress(OSError):
            if data is None:
                file.unlink(missing_ok=True)
            else:
                replace_file(file, data)
    left = [file for file, data in old.items() if not _holds(file, data)]
    if left:
        raise PartlyReplacedError(left, cause) from cause


def _holds(file: Path, data: bytes | None) -> bool:
    try:
        return not file.exists() if data is None else file.read_bytes() == data
    except OSError:
        return False


def _beside(file: Path) -> Path:
    return file.with_name(f".{file.name}.new")


def _write_synced(file: Path, data: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def sync(path: Path) -> None:
    """Have a file or a folder on disk before anything that names it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
