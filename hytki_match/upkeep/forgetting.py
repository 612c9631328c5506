"""Remove a contact from all that the tool wrote, and look for what is left.

The order makes it safe to stop anywhere: what is known of the person is noted first and deleted
last, so that running the same command again goes on.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from hytki_match.atomic import replace_file
from hytki_match.corpus.questions import TABLE as QUESTIONS
from hytki_match.corpus.questions import questions_without
from hytki_match.corpus.schema import file_name
from hytki_match.corpus.tables import WIDE_MARKS
from hytki_match.corpus.writing import read_rows, write_table
from hytki_match.errors import ForgetError
from hytki_match.index import layout
from hytki_match.index.build import BuildOptions, build_index
from hytki_match.index.store import version_names
from hytki_match.index.versions import prune
from hytki_match.upkeep.taking_out import noted_exports

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hytki_match.corpus.writing import Rows
    from hytki_match.encoder import Encoder, Progress
    from hytki_match.settings import Settings

CONTACTS = "contacts"

SQLITE = "sqlite:///"

MARK_FIELDS = ("id", "name", "name_en", "email", "phone", "url")
"""Fields that tell who a contact is."""

MARK_CHARS = 5
"""Shorter texts stand in many places by chance."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done, as sentences, and every place that still names the contact."""

    contact_id: str
    done: tuple[str, ...]
    left: tuple[str, ...]


def forget(
    contact_id: str,
    settings: Settings,
    encoder: Encoder,
    also: Sequence[Path] = (),
    progress: Progress | None = None,
) -> Forgotten:
    """Remove a contact from the tables, all versions, the cache and noted exports; then search.

    Parameters
    ----------
    contact_id
        The id of the row, with or without ``contacts/``.
    also
        More files and folders to search (nothing in them is changed).
    progress
        Called with (passages encoded, all passages), for they are all encoded again.

    Raises
    ------
    ForgetError
        When no table, version or unfinished run knows the contact, or a file cannot be changed.
    CorpusError, BuildError
        When the tables have mistakes, or the new version cannot be built.
    """
    contact_id = contact_id.removeprefix(f"{CONTACTS}/")
    note = settings.index_dir / layout.FORGETTING
    try:
        marks = _find_marks(contact_id, settings, note)
        settings.index_dir.mkdir(parents=True, exist_ok=True)
        replace_file(note, json.dumps(marks, ensure_ascii=False).encode())
        done = [*_remove_from_tables(contact_id, settings.corpus_dir)]
        done += _rebuild(settings, encoder, progress)
        exports = [Path(file) for file in noted_exports(settings.index_dir)]
        for file in exports:
            done += _remove_from_export(contact_id, file)
        places = [settings.corpus_dir, settings.index_dir, *exports, *_stores(settings), *also]
        left = tuple(search(marks, places, skip=note))
        note.unlink()
    except OSError as error:
        raise ForgetError(
            f"A file cannot be read or changed: {error}.",
            cure="Mend its rights or free disk space, then run the same command again.",
        ) from error
    return Forgotten(contact_id, tuple(done), left)


def _stores(settings: Settings) -> Iterator[Path]:
    """Yield the files in which the web keeps what people wrote: searched, never changed here."""
    if settings.feedback_file:
        yield settings.feedback_file
    if settings.cases_url.startswith(SQLITE):
        yield Path(settings.cases_url.removeprefix(SQLITE))


def search(marks: Sequence[str], places: Iterable[Path], skip: Path | None = None) -> Iterator[str]:
    """Yield a sentence for each file in which any of some texts stands, whatever its case."""
    seen = {skip}
    for place in places:
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            if file in seen or not file.is_file():
                continue
            seen.add(file)
            text = _searchable(file)
            yield from (f"{file} still holds {mark!r}." for mark in marks if mark.lower() in text)


def _searchable(file: Path) -> str:
    data = file.read_bytes()
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            data = b"\n".join(archive.read(name) for name in archive.namelist())
        # Workbooks and documents are XML, in which some programs write "ä" as "&#228;".
        return unescape(data.decode("utf-8", "replace")).lower()
    wide = data.startswith(WIDE_MARKS)
    return data.decode("utf-16" if wide else "utf-8", "replace").lower()


def _find_marks(contact_id: str, settings: Settings, note: Path) -> list[str]:
    """Return the texts that name a contact and nobody else.

    They come from the tables, from a version, or from a run that was stopped.
    """
    if note.is_file():
        marks: list[str] = json.loads(note.read_text(encoding="utf-8"))
        if contact_id in marks:
            return marks
    tables = read_rows(settings.corpus_dir)
    rows = tables[CONTACTS]
    known = [*rows, *_contacts_of_versions(settings.index_dir)]
    own = [row for row in known if row["id"] == contact_id]
    if not own:
        ids = ", ".join(row["id"] for row in rows)
        raise ForgetError(
            f"No table and no version has the contact {contact_id!r}.", cure=f"Contacts: {ids}."
        )
    others = {row[field] for row in known if row["id"] != contact_id for field in MARK_FIELDS}
    # The page of an organisation or a region is theirs, though a desk may give it as its own.
    others |= {row["url"] for table in ("organisations", "regions") for row in tables[table]}
    texts = dict.fromkeys(row[field] for row in own for field in MARK_FIELDS)
    marks = [text for text in texts if len(text) >= MARK_CHARS and text not in others]
    return list(dict.fromkeys([contact_id, *marks]))


def _contacts_of_versions(index_dir: Path) -> Iterator[dict[str, str]]:
    """Yield the contacts of every version, whether it is whole or not."""
    for name in version_names(index_dir):
        file = index_dir / layout.VERSIONS / name / layout.CONTACTS
        if not file.is_file():
            continue
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                row: Mapping[str, str] = json.loads(line)
                yield {"id": row["doc_id"].removeprefix(f"{CONTACTS}/")} | {
                    field: row[field] for field in MARK_FIELDS[1:]
                }
            except (ValueError, KeyError):  # a damaged version; it will be removed whole
                continue


def _remove_from_tables(contact_id: str, corpus_dir: Path) -> Iterator[str]:
    # Known questions first: one that names fewer contacts than there are is in order.
    data, touched = questions_without(corpus_dir, {f"{CONTACTS}/{contact_id}"})
    if touched:
        questions = corpus_dir / file_name(QUESTIONS)
        replace_file(questions, data)
        yield f"Took the contact out of {touched} known questions in {questions}."
    rows: Rows = read_rows(corpus_dir)[CONTACTS]
    kept = [row for row in rows if row["id"] != contact_id]
    if len(kept) < len(rows):
        write_table(corpus_dir, CONTACTS, kept)
        yield f"Removed the row from {corpus_dir / 'contacts.csv'}."


def _rebuild(settings: Settings, encoder: Encoder, progress: Progress | None) -> Iterator[str]:
    """Build a version without the contact, from nothing that was kept, and remove all others."""
    kept = settings.index_dir / layout.VECTORS
    if kept.is_dir():
        shutil.rmtree(kept)
    options = BuildOptions(bring_back=True)  # any other version still has the contact
    index = build_index(settings.corpus_dir, settings.index_dir, encoder, progress, options)
    version = index.manifest.version
    yield f"Built version {version} without it; it serves now."
    prune(settings.index_dir, keep=1)
    others = [
        path for path in (settings.index_dir / layout.VERSIONS).iterdir() if path.name != version
    ]
    for path in others:  # what a prune cannot remove it leaves; here that would be a person
        shutil.rmtree(path)
    yield "Removed all other versions and the vector cache."


def _remove_from_export(contact_id: str, file: Path) -> Iterator[str]:
    """Remove the row from a file that `export` wrote, wherever a person moved it in the sheet."""
    if not file.is_file():
        return
    data = file.read_bytes()
    cleared = (
        _without_row_xlsx(contact_id, data)
        if zipfile.is_zipfile(file)
        else (_without_row_csv(contact_id, data))
    )
    if cleared != data:
        replace_file(file, cleared)
        yield f"Removed the row from the export {file}."


def _without_row_csv(contact_id: str, data: bytes) -> bytes:
    text = data.decode("utf-8-sig", "replace")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    kept = [row for row in rows if contact_id not in row[:1]]
    if len(kept) == len(rows):
        return data
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(kept)
    return stream.getvalue().encode("utf-8-sig")


def _without_row_xlsx(contact_id: str, data: bytes) -> bytes:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    if CONTACTS not in book.sheetnames:
        return data
    sheet = book[CONTACTS]
    numbers = [row[0].row for row in sheet.iter_rows() if row[0].value == contact_id]
    for number in reversed(numbers):
        sheet.delete_rows(number)
    if not numbers:
        return data
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
