"""The manifest of an index version: what it was made of, and the checksum of every file."""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from hytki_match.errors import IndexBrokenError, IndexStaleError
from hytki_match.index.layout import CHECKSUM, FORMAT, MANIFEST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DIGEST_CHARS = 64
"""Length of a SHA-256 in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in ``manifest.json``.

    ``created_at`` is UTC in ISO form. ``counts`` has the number of passages, records, contacts …
    ``files`` maps a file name to its SHA-256. ``software`` maps a package to its version.
    ``built_by`` is who built it, if they said so; ``seconds`` maps a stage of the build to its
    wall time.
    """

    format: int
    version: str
    created_at: str
    corpus_digest: str
    encoder_name: str
    encoder_digest: str
    dimension: int
    counts: Mapping[str, int]
    files: Mapping[str, str]
    software: Mapping[str, str]
    built_by: str
    seconds: Mapping[str, float]


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_manifest(manifest: Manifest, folder: Path) -> str:
    """Write the manifest and its checksum into the version folder, and return the checksum."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    checksum = hashlib.sha256(text.encode()).hexdigest()
    (folder / CHECKSUM).write_text(_checksum_line(checksum), encoding="ascii")
    return checksum


def recorded_checksum(folder: Path) -> str:
    """Return the checksum of a version's manifest as the version itself records it.

    Raises
    ------
    IndexBrokenError
        When it is missing or is no checksum.
    """
    file = folder / CHECKSUM
    try:
        line = file.read_bytes().decode("ascii", "replace")
    except OSError as error:
        raise IndexBrokenError(file, f"cannot be read ({error.strerror})") from error
    checksum = line[:DIGEST_CHARS]
    if line != _checksum_line(checksum):
        raise IndexBrokenError(file, "does not hold a checksum")
    return checksum


def _checksum_line(checksum: str) -> str:
    """Return the line that ``sha256sum --check`` reads."""
    return f"{checksum}  {MANIFEST}\n"


def read_manifest(folder: Path, checksum: str) -> Manifest:
    """Read a manifest whose checksum must hold.

    Raises
    ------
    IndexBrokenError
        When it is missing or changed.
    IndexStaleError
        When another version of the package wrote it in another format.
    """
    file = folder / MANIFEST
    try:
        data = file.read_bytes()
    except OSError as error:
        raise IndexBrokenError(file, f"cannot be read ({error.strerror})") from error
    if hashlib.sha256(data).hexdigest() != checksum:
        raise IndexBrokenError(file, "was changed after the build (its checksum does not hold)")
    fields = json.loads(data)
    if fields.get("format") != FORMAT:
        raise IndexStaleError(
            f"Version {folder.name} has index format {fields.get('format')}, this program reads "
            f"format {FORMAT}."
        )
    return Manifest(**fields)


def verify_files(manifest: Manifest, folder: Path) -> None:
    """Check every file of a version against its checksum, several at a time: one on each core.

    Raises
    ------
    IndexBrokenError
        Naming the first file that is missing or changed.
    """

    def digest(name: str) -> str:
        try:
            return file_digest(folder / name)
        except OSError as error:
            raise IndexBrokenError(folder / name, f"cannot be read ({error.strerror})") from error

    names = sorted(manifest.files)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for name, actual in zip(names, threads.map(digest, names), strict=True):
            if actual != manifest.files[name]:
                raise IndexBrokenError(
                    folder / name, "was changed after the build (its checksum does not hold)"
                )
