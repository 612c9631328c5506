"""The texts that name a contact: what `forget` searches for."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

from hytki_match.corpus.writing import read_rows
from hytki_match.errors import ForgetError
from hytki_match.index import layout
from hytki_match.index.store import version_names
from hytki_match.nearest import did_you_mean
from hytki_match.upkeep.merging import make_slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from hytki_match.settings import Settings

CONTACTS = "contacts"

MARK_FIELDS = ("id", "name", "name_en", "email", "phone", "url")
"""Fields that tell who a contact is."""

NEAR_IDS = 3
"""Contacts that are offered where an id is misspelt."""

MARK_CHARS = 5
"""Shorter texts stand in many places by chance."""


def with_names(
    contact_id: str, known: Sequence[str], named: Sequence[str], corpus_dir: Path
) -> list[str]:
    """Return all texts to search for; refuse a contact of whom nothing is known."""
    if not (known or named):
        ids = [row["id"] for row in read_rows(corpus_dir)[CONTACTS]]
        # Who types a name means the id that was made of it.
        near = did_you_mean(make_slug(contact_id), ids, NEAR_IDS)
        there = near or f"Contacts: {', '.join(ids)}."
        raise ForgetError(
            f"No table and no version has the contact {contact_id!r}.",
            cure=f"{there} If it was forgotten before, say what to search for: hytki-match forget "
            f"{shlex.quote(contact_id)} --named NAME --named E-MAIL",
        )
    return list(dict.fromkeys([contact_id, *known, *named]))


def known_marks(contact_id: str, settings: Settings, note: Path) -> list[str]:
    """Return the texts that name a contact and nobody else; none when the contact is not known.

    They come from the tables, from a version, or from a run that was stopped.
    """
    if note.is_file():
        try:
            marks: list[str] = json.loads(note.read_text(encoding="utf-8"))
        except ValueError as error:
            cure = "Delete it, then run the same command again."
            raise ForgetError(f"{note} cannot be understood.", cure=cure) from error
        if contact_id in marks:
            return marks
    tables = read_rows(settings.corpus_dir)
    now = tables[CONTACTS]
    known = [*now, *_contacts_of_versions(settings.index_dir)]
    own = [row for row in known if row["id"] == contact_id]
    if not own:
        return []
    # Of the tables only: in an older version the same person may have had another id.
    others = {row[field] for row in now if row["id"] != contact_id for field in MARK_FIELDS}
    # A page that another table has, as its own or as a source, is not the person's alone.
    others |= {
        row.get(field, "")
        for table, rows in tables.items()
        if table != CONTACTS
        for row in rows
        for field in ("url", "source_url")
    }
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
                yield _row_of(json.loads(line))
            except (ValueError, KeyError, TypeError):  # damaged; it will be removed whole
                continue


def _row_of(contact: Mapping[str, Any]) -> dict[str, str]:
    """Return what names a contact of a version as it stands in the table."""
    name = contact["name"]
    fi, en = (name["fi"], name["en"]) if isinstance(name, dict) else (name, name)
    return {
        "id": contact["doc_id"].removeprefix(f"{CONTACTS}/"),
        "name": fi,
        "name_en": en,
        **{field: contact[field] for field in ("email", "phone", "url")},
    }
