"""The files of a corpus as bytes, and the digest of them. No pandas: every question asks this."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hytki_match.corpus.schema import SIDE_TABLES, TABLES, file_name
from hytki_match.errors import CorpusError, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


OPTIONAL = "questions"
"""A table that a corpus may do without; see :mod:`hytki_match.corpus.questions`."""


def read_files(folder: Path) -> tuple[dict[str, bytes], list[Finding]]:
    """Return the contents of each table's file, and a finding for each that cannot be read."""
    contents, findings = _read(folder, [OPTIONAL, *TABLES])
    for table in TABLES:
        if table not in contents and table not in {finding.table for finding in findings}:
            cure = f"Put {file_name(table)} into {folder}, or name another folder with --corpus."
            findings.append(Finding(table, 0, "", "", "is missing", cure))
    return contents, findings


def read_side_files(folder: Path) -> tuple[dict[str, bytes], list[Finding]]:
    """Return the same of those tables that a corpus may do without, where they are there."""
    return _read(folder, SIDE_TABLES)


def _read(folder: Path, tables: Iterable[str]) -> tuple[dict[str, bytes], list[Finding]]:
    contents, findings = {}, []
    for table in tables:
        file = folder / file_name(table)
        try:
            contents[table] = file.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            problem = f"cannot be read ({error.strerror})"
            findings.append(Finding(table, 0, "", "", problem, f"Mend the rights of {file}."))
    return contents, findings


def corpus_digest(folder: Path) -> str:
    """Return the SHA-256 over all tables, in hexadecimal.

    Raises
    ------
    CorpusError
        When a table is missing or cannot be read.
    """
    contents, findings = read_files(folder)
    if findings:
        raise CorpusError(findings)
    return digest_of(contents)


def digest_of(contents: Mapping[str, bytes]) -> str:
    """Return the digest of tables that were read: of their names, lengths and bytes."""
    digest = hashlib.sha256()
    for table in sorted(contents):
        data = contents[table]
        digest.update(f"{file_name(table)} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()
