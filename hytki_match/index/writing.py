"""How an index folder is changed: one writer at a time, and every switch in one step."""

from __future__ import annotations

import contextlib
import json
import logging
import shutil
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from hytki_match.atomic import replace_file
from hytki_match.errors import BuildError
from hytki_match.index import layout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_SECONDS = 600
"""How long a writer waits for another one: longer than the first build of the shipped corpus takes
on a busy machine, which is some minutes."""

_log = logging.getLogger(__name__)


@contextlib.contextmanager
def locked(index_dir: Path) -> Iterator[None]:
    """Hold the index's lock; what a killed writer left is removed first.

    Raises
    ------
    BuildError
        When another writer does not end, or when a file operation inside fails.
    """
    try:
        (index_dir / layout.VERSIONS).mkdir(parents=True, exist_ok=True)
        with _alone(index_dir / layout.LOCK):
            _remove_unfinished(index_dir)
            yield
    except Timeout as error:
        raise BuildError(
            f"Another build has held {index_dir / layout.LOCK} for {LOCK_SECONDS} seconds.",
            cure="Wait until it ends, then try again.",
        ) from error
    except OSError as error:
        raise BuildError(
            f"The index cannot be written to {index_dir}: {error.strerror or error}. "
            "An index that served before still serves.",
            cure="Free disk space or mend the rights of the folder, then try again.",
        ) from error


def wait_for_others(index_dir: Path) -> None:
    """Return when nobody writes; raises as :func:`locked`."""
    with locked(index_dir):
        pass


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Hold a lock; say so when another program has it and this one waits."""
    lock = FileLock(file, timeout=LOCK_SECONDS)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        _log.warning(
            "Another build is running (it holds %s): waiting for it, for %d seconds at most.",
            file,
            LOCK_SECONDS,
        )
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def unfinished_version(index_dir: Path, version: str) -> Iterator[Path]:
    """Give a folder for a version that is being written; it goes away when that fails."""
    folder = index_dir / layout.VERSIONS / f"{layout.UNFINISHED}{version}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_unfinished(index_dir: Path) -> None:
    """Remove what a build left that was killed; called only while the lock is held."""
    for folder in (index_dir / layout.VERSIONS).glob(f"{layout.UNFINISHED}*"):
        shutil.rmtree(folder)


def pointer_text(version: str, checksum: str) -> str:
    """Return what the pointer holds while a version serves."""
    return json.dumps({"version": version, "manifest_sha256": checksum}) + "\n"


def switch_pointer(index_dir: Path, version: str, checksum: str) -> None:
    """Let a complete version serve; ``checksum`` is that of its manifest."""
    replace_file(index_dir / layout.POINTER, pointer_text(version, checksum).encode())
