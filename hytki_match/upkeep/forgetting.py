"""Remove a contact from all that the tool wrote, and look for what is left.

The order makes it safe to stop anywhere: what is known of the person is noted first and deleted
last, so that running the same command again goes on.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hytki_match.atomic import replace_file
from hytki_match.corpus import check_corpus
from hytki_match.corpus.files import digest_of, read_files
from hytki_match.corpus.questions import TABLE as QUESTIONS
from hytki_match.corpus.questions import questions_without
from hytki_match.corpus.schema import file_name
from hytki_match.corpus.writing import read_rows, table_bytes
from hytki_match.errors import CorpusError, ForgetError
from hytki_match.index import layout
from hytki_match.index.build import BuildOptions, build_index
from hytki_match.index.served import note_changed
from hytki_match.index.vectors import VectorCache
from hytki_match.index.versions import prune
from hytki_match.upkeep.besides import besides, is_damaged, is_held_back, let_serve_again
from hytki_match.upkeep.cleaning import deleted_exports, gone_export, remove_from_export
from hytki_match.upkeep.marks import CONTACTS, known_marks, with_names
from hytki_match.upkeep.searching import search
from hytki_match.upkeep.taking_out import drop_exports, noted_exports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hytki_match.encoder import Encoder, Progress
    from hytki_match.settings import Settings
    from hytki_match.upkeep.besides import Besides

SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done, and every place that still names the contact or may do so, as sentences.

    ``marks`` are the texts that were searched for. It is proved that nothing is left when ``left``
    and ``unsearched`` are empty.
    """

    contact_id: str
    marks: tuple[str, ...]
    done: tuple[str, ...]
    left: tuple[str, ...]
    unsearched: tuple[str, ...]
    gone: tuple[str, ...]


def forget(
    contact_id: str,
    settings: Settings,
    encoder: Encoder,
    also: Sequence[Path] = (),
    progress: Progress | None = None,
    *,
    named: Sequence[str] = (),
    deleted: Sequence[Path] = (),
    from_tables: bool = False,
) -> Forgotten:
    """Remove a contact from the tables, all versions, the cache and noted exports; then search.

    Nothing is written while a table has a mistake, for no version could be built then. What the
    tables hold besides the version that serves does not come into service.

    Parameters
    ----------
    contact_id
        The id of the row, with or without ``contacts/``.
    also
        More files and folders to search (nothing in them is changed).
    progress
        Called with (passages encoded, all that have to be): those without a kept vector.
    named
        More texts to search for: a contact that is gone already is known by no table.
    deleted
        Noted exports that somebody vouches for to be deleted: they are taken out of the note.
    from_tables
        Let serve all that the tables hold, also what does not serve or was rolled back.

    Raises
    ------
    ForgetError
        When no table, version or unfinished run knows the contact and no text names it, or a file
        cannot be changed.
    CorpusError, BuildError
        When the tables have mistakes, or the new version cannot be built.
    """
    contact_id = contact_id.removeprefix(f"{CONTACTS}/")
    note = settings.index_dir / layout.FORGETTING
    try:
        known = known_marks(contact_id, settings, note)
        marks = with_names(contact_id, known, named, settings.corpus_dir)
        done: list[str] = []
        left: list[str] = []
        off_the_list = deleted_exports(settings.index_dir, deleted)
        if known:
            _refuse_mistakes(settings.corpus_dir)
            settings.index_dir.mkdir(parents=True, exist_ok=True)
            if not from_tables:
                let_serve_again(settings)
            replace_file(note, json.dumps(known, ensure_ascii=False).encode())
            other = None if from_tables else besides(contact_id, settings)
            done += _remove_from_tables(contact_id, settings)
            done += _rebuild(settings, encoder, progress, other)
        drop_exports(settings.index_dir, off_the_list)
        done += [f"Took the export {file} off the list: deleted." for file in off_the_list]
        exports = [Path(file) for file in noted_exports(settings.index_dir)]
        for file in exports:
            removed, problem = remove_from_export(contact_id, file)
            done += removed
            left += problem
        places = [settings.corpus_dir, settings.index_dir, *exports, *_stores(settings), *also]
        found = search(marks, places, skip=note)
        unsearched = [*found.unsearched, *_unsearched_cases(settings)]
        gone = [gone_export(file) for file in exports if not file.exists()]
        if not left:  # else the same command goes on with the exports
            note.unlink(missing_ok=True)
    except OSError as error:
        raise _stopped(error) from error
    return Forgotten(
        contact_id,
        tuple(marks),
        tuple(done),
        (*left, *found.left),
        tuple(unsearched),
        tuple(gone),
    )


def would_forget(
    contact_id: str,
    settings: Settings,
    named: Sequence[str] = (),
    deleted: Sequence[Path] = (),
    *,
    also: Sequence[Path] = (),
    from_tables: bool = False,
) -> list[str]:
    """Return what :func:`forget` would do, as sentences; nothing is written. Raises as that."""
    contact_id = contact_id.removeprefix(f"{CONTACTS}/")
    try:
        known = known_marks(contact_id, settings, settings.index_dir / layout.FORGETTING)
        marks = with_names(contact_id, known, named, settings.corpus_dir)
        would = []
        if known:
            _refuse_mistakes(settings.corpus_dir)
            would = [
                f"Remove the row {contact_id} from {settings.corpus_dir / file_name(CONTACTS)} and "
                "from the known questions.",
                "Build a version without it, and remove all other versions and all vectors of "
                "texts that it does not have.",
                *_served_with_it(contact_id, settings, from_tables=from_tables),
            ]
        off_the_list = deleted_exports(settings.index_dir, deleted)
        would += [f"Take the export {file} off the list: deleted." for file in off_the_list]
        for export in noted_exports(settings.index_dir):
            if Path(export).is_file():
                would.append(f"Remove the row from the export {export}, if it is there.")
    except OSError as error:
        raise _stopped(error) from error
    places = ", ".join(("all files that the tool wrote", *map(str, also)))
    return [*would, f"Search {places} for: {', '.join(marks)}."]


def _served_with_it(contact_id: str, settings: Settings, *, from_tables: bool) -> Iterator[str]:
    """Say what the tables hold besides what serves, and what becomes of it."""
    if other := besides(contact_id, settings):
        yield f"! {other}"
        yield (
            "! All of that comes into service (--from-tables)."
            if from_tables
            else f"None of that comes into service: the new version is {other.version} without the "
            "contact. To bring it in as well, give --from-tables."
        )
    elif is_damaged(settings) and not from_tables:
        yield (
            "! The version that serves cannot be opened: an earlier one serves again, without the "
            "contact, or where none can what the tables hold."
        )
    elif is_held_back(settings):
        yield (
            "! What the tables hold was rolled back, or refused by build --gate. It serves "
            "afterwards all the same: mend the tables first if that must not be."
        )


def _stopped(error: OSError) -> ForgetError:
    return ForgetError(
        f"{error.filename or 'A file'} cannot be read or changed: {error.strerror or error}.",
        cure="Mend its rights or free disk space, then run the same command again.",
    )


def _refuse_mistakes(corpus_dir: Path) -> None:
    if mistakes := check_corpus(corpus_dir):
        raise CorpusError(mistakes)


def _stores(settings: Settings) -> Iterator[Path]:
    """Yield the files in which the web keeps what people wrote: searched, never changed here."""
    files = [settings.feedback_file] if settings.feedback_file else []
    if settings.cases_url.startswith(SQLITE):
        files.append(Path(settings.cases_url.removeprefix(SQLITE)))
    for file in files:
        # What SQLite has not brought into the database yet stands beside it.
        yield from (file, *(file.with_name(f"{file.name}{end}") for end in ("-wal", "-journal")))


def _unsearched_cases(settings: Settings) -> Iterator[str]:
    if settings.cases_url and not settings.cases_url.startswith(SQLITE):
        yield (
            "The adviser's cases were not searched: they are in another database. Write them to a "
            "file with hytki-match cases export, and search that by hand."
        )


def _remove_from_tables(contact_id: str, settings: Settings) -> Iterator[str]:
    folder = settings.corpus_dir
    contents, _ = read_files(folder)
    before = digest_of(contents)
    data, touched = questions_without(folder, {f"{CONTACTS}/{contact_id}"})
    rows = read_rows(folder)[CONTACTS]
    kept = [row for row in rows if row["id"] != contact_id]
    # Known questions first: one that names fewer contacts than there are is in order.
    writes = {QUESTIONS: data} if touched else {}
    if len(kept) < len(rows):
        writes[CONTACTS] = table_bytes(CONTACTS, kept)
    note_changed(settings.index_dir, before, digest_of({**contents, **writes}))
    for table, content in writes.items():
        replace_file(folder / file_name(table), content)
    if touched:
        yield (
            f"Took the contact out of {touched} known questions in {folder / file_name(QUESTIONS)}."
        )
    if CONTACTS in writes:
        yield f"Removed the row from {folder / file_name(CONTACTS)}."


def _rebuild(
    settings: Settings, encoder: Encoder, progress: Progress | None, other: Besides | None
) -> Iterator[str]:
    """Build a version without the contact, and remove all others.

    Vectors that were kept are taken, by the hash of their texts; a build keeps those of its own
    texts and no others, which is looked at afterwards.
    """
    cache = VectorCache(encoder, settings.index_dir)
    cache.remove_others()
    # Any other version still has the contact.
    options = BuildOptions(bring_back=True, corpus=other.corpus if other else None)
    index = build_index(settings.corpus_dir, settings.index_dir, encoder, progress, options)
    version = index.manifest.version
    if other:
        yield f"! {other} None of that was brought in: build does that, unless it is held back."
    yield f"Built version {version} without it; it serves now."
    prune(settings.index_dir, keep=1)
    others = [
        path for path in (settings.index_dir / layout.VERSIONS).iterdir() if path.name != version
    ]
    for path in others:  # what a prune cannot remove it leaves; here that would be a person
        shutil.rmtree(path)
    texts = [passage.text for passage in index.passages]
    texts += [question.text for question in index.corpus.questions]
    if cache.holds_only(texts):
        yield "Removed all other versions, and all vectors of texts that this one does not have."
    else:
        shutil.rmtree(settings.index_dir / layout.VECTORS)
        yield "Removed all other versions and the vector cache."
