"""The versions of an index: list, check, promote, roll back, remove."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hytki_match.errors import IndexUnusableError, VersionError
from hytki_match.index import layout
from hytki_match.index.manifest import read_manifest, recorded_checksum, verify_files
from hytki_match.index.served import note_rollback, note_switch, read_record
from hytki_match.index.store import (
    Index,
    current_manifest,
    current_version,
    load_version,
    version_names,
)
from hytki_match.index.writing import locked, switch_pointer

if TYPE_CHECKING:
    from pathlib import Path

    from hytki_match.index.manifest import Manifest

CURRENT = "current"
PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Version:
    """One version folder.

    ``served`` tells whether it is known to have served, or does; ``rolled_back`` and ``refused``
    whether it was rolled back, or refused by a gate, and not let serve since. ``manifest`` is None when it cannot be read;
    ``problem`` then says why, or which files are gone. ``bytes`` is its size on disk.
    """

    name: str
    serves: bool
    served: bool
    rolled_back: bool
    refused: bool
    bytes: int
    manifest: Manifest | None
    problem: str = ""


def list_versions(index_dir: Path) -> tuple[Version, ...]:
    """Return all versions, oldest first; files are not read, only manifests."""
    serving, record = serving_version(index_dir), read_record(index_dir)
    rolled_back = {one.version for one in record.rolled_back} - {serving}
    refused = {one.version for one in record.refused} - {serving}
    found = []
    for name in version_names(index_dir):
        folder = index_dir / layout.VERSIONS / name
        served = name in {*record.served, *rolled_back}
        service = name == serving, served, name in rolled_back, name in refused
        size = sum(file.stat().st_size for file in folder.iterdir())
        try:
            manifest = read_manifest(folder, recorded_checksum(folder))
            gone = [file for file in sorted(manifest.files) if not (folder / file).is_file()]
            problem = f"broken: without {', '.join(gone)}" if gone else ""
            found.append(Version(name, *service, size, manifest, problem))
        except IndexUnusableError as error:
            found.append(Version(name, *service, size, None, error.problem))
    return tuple(found)


def find_version(index_dir: Path, name: str) -> str:
    """Return the full name of a version.

    Parameters
    ----------
    name
        ``current``, ``previous`` (the one that served before the current; where none is known, the
        next older), a name, or a unique beginning.

    Raises
    ------
    VersionError
        When no version, or more than one, is meant.
    IndexMissingError, IndexBrokenError
        When no version serves and one relative to it is asked for.
    """
    names = version_names(index_dir)
    if name in (CURRENT, PREVIOUS):
        current = current_version(index_dir)[0]
        if name == CURRENT:
            return current
        if before := read_record(index_dir).before:
            return before
        older = [other for other in names if other < current]
        if not older:
            raise VersionError(f"No version is older than the one that serves, {current}.", names)
        return older[-1]
    found = [other for other in names if other == name] or [
        other for other in names if name and other.startswith(name)
    ]
    if len(found) != 1:
        problem = f"{len(found)} versions begin" if found else "No version has a name that begins"
        raise VersionError(f"{problem} with {name!r}.", names)
    return found[0]


def open_version(index_dir: Path, name: str) -> Index:
    """Open any version; raises as :func:`find_version` and ``open_index``."""
    return _opened(index_dir, find_version(index_dir, name))[0]


def verify_version(index_dir: Path, name: str) -> list[str]:
    """Check every byte of a version; return a sentence for each thing that is wrong."""
    full_name = find_version(index_dir, name)
    folder = index_dir / layout.VERSIONS / full_name
    try:
        checksum = recorded_checksum(folder)
        manifest = read_manifest(folder, checksum)
        verify_files(manifest, folder)
    except IndexUnusableError as error:
        return [str(_of_version(error, index_dir, full_name))]
    problems = []
    if full_name == serving_version(index_dir) and current_version(index_dir)[1] != checksum:
        problems.append(f"{index_dir / layout.POINTER} holds another checksum than the version.")
    known = {*manifest.files, layout.MANIFEST, layout.CHECKSUM}
    problems += [
        f"{file} is no file of the index."
        for file in sorted(folder.iterdir())
        if file.name not in known
    ]
    return problems


def promote(index_dir: Path, name: str) -> Manifest:
    """Let a version serve, after it was opened as a reader would.

    Raises
    ------
    VersionError, IndexBrokenError, IndexStaleError, BuildError
    """
    with locked(index_dir):
        # To serve is more than to be looked at: no guess by the name is good enough.
        full_name = (
            _served_before(index_dir) if name == PREVIOUS else find_version(index_dir, name)
        )
        index, checksum = _opened(index_dir, full_name)
        note_switch(index_dir, index.manifest)
        switch_pointer(index_dir, full_name, checksum)
        return index.manifest


def rollback(index_dir: Path) -> Manifest:
    """Let the version that served before the one that serves do so again.

    A build does not bring back what is rolled back; only :func:`promote` does. Raises as that.
    """
    with locked(index_dir):
        full_name = _served_before(index_dir)
        index, checksum = _opened(index_dir, full_name)
        try:
            left = current_manifest(index_dir)
        except IndexUnusableError:
            left = None
        note_rollback(index_dir, current_version(index_dir)[0], left, full_name)
        switch_pointer(index_dir, full_name, checksum)
        return index.manifest


def _served_before(index_dir: Path) -> str:
    """Return the name of the version that served before the one that serves."""
    current, record = current_version(index_dir)[0], read_record(index_dir)
    if not record.before:
        others = [name for name in version_names(index_dir) if name != current]
        why = record.problem or "no other is noted as one that served and was not rolled back"
        raise VersionError(
            f"It is not known which version served before {current}: {why}.",
            others,
            cure=f"Choose one and run: hytki-match promote VERSION. Versions: {', '.join(others)}."
            if others
            else "No other version is left: mend the tables and run: hytki-match build",
        )
    return record.before


def _opened(index_dir: Path, name: str) -> tuple[Index, str]:
    """Open a version as a reader would; return the checksum of its manifest, too."""
    folder = index_dir / layout.VERSIONS / name
    try:
        checksum = recorded_checksum(folder)
        return load_version(folder, checksum), checksum
    except IndexUnusableError as error:
        raise _of_version(error, index_dir, name) from error


def _of_version(
    error: IndexUnusableError, index_dir: Path, name: str
) -> IndexUnusableError:
    """Return the error with advice for that version: a build mends only what serves."""
    if name == serving_version(index_dir):
        return error
    # That one has just been found broken, though its manifest may be whole.
    others = (version for version in list_versions(index_dir) if version.name != name)
    good = [version.name for version in others if version.manifest and not version.problem]
    can = f" Versions that can serve: {', '.join(good)}." if good else ""
    return error.with_cure(
        "No build mends it. To have its content serve, bring its tables back (from git or an "
        f"export) and run: hytki-match build.{can} To remove all that do not serve: "
        "hytki-match prune --keep 1"
    )


def prune(index_dir: Path, keep: int) -> list[str]:
    """Remove all but the newest ``keep`` versions; return the removed.

    The one that serves always stays and, unless only one is to, the one that served before it.

    Raises
    ------
    BuildError
    """
    with locked(index_dir):
        return remove_old(index_dir, keep)


def remove_old(index_dir: Path, keep: int) -> list[str]:
    """Do what :func:`prune` does while the lock is held.

    One that cannot be removed, because a reader on some systems still holds its files, is tried
    again by the next build.
    """
    record = read_record(index_dir)
    needed = {record.serves} | ({record.before} if keep > 1 else set())
    names = version_names(index_dir)
    # Where one is to stay it is the one that serves, though a newer one may have been rolled back.
    newest = names[-keep:] if keep > 1 or not any(needed) else []
    gone = []
    for name in names:
        if name in needed or name in newest:
            continue
        # Out of sight first: a half-removed version must not be found as one.
        folder = index_dir / layout.VERSIONS / name
        hidden = folder.with_name(f"{layout.UNFINISHED}{name}")
        with contextlib.suppress(OSError):
            folder.rename(hidden)
            gone.append(name)
            shutil.rmtree(hidden, ignore_errors=True)
    return gone


def serving_version(index_dir: Path) -> str:
    """Return the name of the version that serves; empty when none is known to."""
    try:
        return current_version(index_dir)[0]
    except IndexUnusableError:
        return ""
