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
    from collections.abc import Sequence

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
    try:
        note_export(settings.index_dir, file)
        replace_file(file, data)
    except OSError as error:
        raise ExportError(
            f"{file} cannot be written: {error.strerror or error}.",
            cure="Free disk space, mend the rights of the folder, or name another file.",
        ) from error
    return {table: len(found) for table, found in chosen.items()}


def note_export(index_dir: Path, file: Path) -> None:
    """Remember where an export is written, before it is."""
    known = noted_exports(index_dir)
    known[str(file.resolve())] = datetime.now(UTC).isoformat(timespec="seconds")
    index_dir.mkdir(parents=True, exist_ok=True)
    text = json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    replace_file(index_dir / layout.EXPORTS, text.encode())


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
