"""What the tables hold that does not serve: to forget a person must not bring it in, too."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hytki_match.corpus import corpus_digest, load_corpus
from hytki_match.corpus.changes import corpus_changes
from hytki_match.errors import ForgetError, IndexMissingError, IndexUnusableError
from hytki_match.index.mending import serving_or_again
from hytki_match.index.served import read_record
from hytki_match.index.store import open_index, version_names
from hytki_match.index.writing import locked
from hytki_match.upkeep.marks import CONTACTS

if TYPE_CHECKING:
    from hytki_match.corpus.changes import Changes
    from hytki_match.records import Corpus
    from hytki_match.settings import Settings

SHOWN = 5
"""Rows that a sentence names; of more the number is told."""


@dataclass(frozen=True, slots=True)
class Besides:
    """What tables hold besides the version that serves; a contact that goes counts in neither.

    ``corpus`` is what that version holds without the contact. ``held_back`` tells whether the
    tables are what was rolled back, or refused by a gate.
    """

    version: str
    corpus: Corpus
    changes: Changes
    held_back: bool

    def __str__(self) -> str:
        rows = [*self.changes.added, *self.changes.changed, *self.changes.removed]
        named = ", ".join(rows[:SHOWN]) + (", …" if len(rows) > SHOWN else "")
        counted = (
            f"{len(self.changes.added)} rows added, {len(self.changes.changed)} changed, "
            f"{len(self.changes.removed)} removed ({named})"
            if rows
            else "other known questions"
        )
        why = " They were rolled back, or refused by build --gate." if self.held_back else ""
        return (
            f"The tables hold what version {self.version}, which serves, does not: {counted}.{why}"
        )


def besides(contact_id: str, settings: Settings) -> Besides | None:
    """Return what the tables hold besides what serves; None where that is nothing but a contact.

    None, too, where no version that serves can be opened.

    Raises
    ------
    CorpusError
        When the tables have mistakes.
    """
    try:
        index = open_index(settings.index_dir)
    except IndexUnusableError:
        return None
    digest = corpus_digest(settings.corpus_dir)
    if digest == index.manifest.corpus_digest:
        return None
    serves = _without(index.corpus, contact_id)
    tables = _without(load_corpus(settings.corpus_dir), contact_id)
    changes = corpus_changes(serves, tables)
    if not changes and serves.questions == tables.questions:
        return None
    return Besides(index.manifest.version, serves, changes, is_held_back(settings))


def is_damaged(settings: Settings) -> bool:
    """Tell whether there is an index, and the version that serves cannot be opened."""
    try:
        open_index(settings.index_dir)
    except IndexMissingError:
        return bool(version_names(settings.index_dir))
    except IndexUnusableError:
        return True
    return False


def is_held_back(settings: Settings) -> bool:
    """Tell whether what the tables hold was rolled back, or refused by a gate."""
    record, digest = read_record(settings.index_dir), corpus_digest(settings.corpus_dir)
    return any(one.corpus_digest == digest for one in (*record.rolled_back, *record.refused))


def let_serve_again(settings: Settings) -> None:
    """Where the version that serves is damaged, let an earlier one serve, as a build does.

    Raises
    ------
    ForgetError
        When none can, and the tables are held back: nobody has said that these may serve.
    """
    with locked(settings.index_dir):
        serves = serving_or_again(settings.index_dir)
    if serves is None and is_held_back(settings):
        raise ForgetError(
            "No version can serve, and what the tables hold was rolled back, or refused by build "
            "--gate.",
            cure="Mend the tables first or, to let them serve all the same, give --from-tables.",
        )


def _without(corpus: Corpus, contact_id: str) -> Corpus:
    """Return a corpus without a contact, and with a digest of its own."""
    doc_id = f"{CONTACTS}/{contact_id}"
    contacts = {name: row for name, row in corpus.contacts.items() if name != doc_id}
    questions = tuple(
        replace(one, contacts=tuple(name for name in one.contacts if name != doc_id))
        for one in corpus.questions
    )
    # Those that are left, not the one that goes: nothing of the person stays.
    made_of = "\n".join((corpus.digest, *contacts))
    digest = hashlib.sha256(made_of.encode()).hexdigest()
    return replace(corpus, contacts=contacts, questions=questions, digest=digest)
