"""The tables to a file for a person; where it went is noted, so that `forget` finds it again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hytki_match.atomic import replace_file
from hytki_match.corpus.writing import read_rows, table_bytes
from hytki_match.errors import ExportError
from hytki_match.index import layout
from hytki_match.upkeep.workbook import workbook_bytes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hytki_match.settings import Settings


def export_tables(settings: Settings, file: Path, tables: Sequence[str]) -> dict[str, int]:
    """Write tables to an .xlsx or a .csv file; return the number of rows by table.

    Raises
    ------
    CorpusError
        When a table cannot be read.
    ExportError
        When the file cannot be written.
    """
    rows = read_rows(settings.corpus_dir)
    chosen = {table: rows[table] for table in tables}
    if file.suffix.lower() == ".csv":
        data = b"\xef\xbb\xbf" + table_bytes(tables[0], rows[tables[0]])
    else:
        data = workbook_bytes(chosen, rows)
    is_new = note_export(settings.index_dir, file)
    try:
        replace_file(file, data)
    except OSError as error:
        if is_new:  # else `forget` would miss a file that never was
            drop_exports(settings.index_dir, [str(file.resolve())])
        raise ExportError(
            f"{file} cannot be written: {error.strerror or error}.",
            cure="Free disk space, mend the rights of the folder, or name another file.",
        ) from error
    return {table: len(found) for table, found in chosen.items()}


def note_export(index_dir: Path, file: Path) -> bool:
    """Remember where an export is written, before it is; tell whether that is news.

    Raises
    ------
    ExportError
        When the note cannot be read or written.
    """
    known, name = noted_exports(index_dir), str(file.resolve())
    is_new = name not in known
    _write(index_dir, known | {name: datetime.now(UTC).isoformat(timespec="seconds")})
    return is_new


def drop_exports(index_dir: Path, files: Collection[str]) -> None:
    """Take files out of the note: there are none. Raises as :func:`note_export`."""
    known = noted_exports(index_dir)
    if left := known.keys() - files:
        _write(index_dir, {file: known[file] for file in left})
    elif known:
        (index_dir / layout.EXPORTS).unlink()


def _write(index_dir: Path, known: Mapping[str, str]) -> None:
    text = json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    note = index_dir / layout.EXPORTS
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        replace_file(note, text.encode())
    except OSError as error:
        raise ExportError(
            f"{note} cannot be written: {error.strerror or error}. It notes where exports are, so "
            "that `forget` finds them; without that nothing is exported.",
            cure=f"Mend the rights of the folder {index_dir} or free disk space there.",
        ) from error


def noted_exports(index_dir: Path) -> dict[str, str]:
    """Return the files that exports were written to, each with its time; some may be gone.

    Raises
    ------
    ExportError
        When the note cannot be read: `forget` has to be told then where exports are.
    """
    file = index_dir / layout.EXPORTS
    try:
        found: dict[str, str] = dict(json.loads(file.read_bytes()))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError) as error:
        raise ExportError(
            f"{file}, which notes where exports are, cannot be read ({error}).",
            cure="Look into it, then remove it, and give `forget` those exports with --also.",
        ) from error
    return found
