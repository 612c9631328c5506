"""The manifest of an index version: what it was made of, and the checksum of every file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from hytki_match.errors import IndexBrokenError, IndexStaleError
from hytki_match.index.layout import FORMAT, MANIFEST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in ``manifest.json``.

    ``created_at`` is UTC in ISO form. ``counts`` has the number of passages, records, contacts …
    ``files`` maps a file name to its SHA-256. ``software`` maps a package to its version.
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


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_manifest(manifest: Manifest, folder: Path) -> str:
    """Write the manifest into its version folder and return its checksum."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


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
            f"The index has format {fields.get('format')}, this program reads format {FORMAT}."
        )
    return Manifest(**fields)


def verify_files(manifest: Manifest, folder: Path) -> None:
    """Check every file of a version against its checksum.

    Raises
    ------
    IndexBrokenError
        Naming the first file that is missing or changed.
    """
    for name, expected in sorted(manifest.files.items()):
        try:
            actual = file_digest(folder / name)
        except OSError as error:
            raise IndexBrokenError(folder / name, f"cannot be read ({error.strerror})") from error
        if actual != expected:
            raise IndexBrokenError(
                folder / name, "was changed after the build (its checksum does not hold)"
            )
