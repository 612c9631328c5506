"""What is different between two corpora: rows added, changed with their fields, and removed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hytki_match.records import Corpus


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a row with its text in both corpora; parts of a list have ``; `` between."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows by id (``tools/x``, ``regions/turku``), in the order of the ids."""

    added: tuple[str, ...]
    changed: Mapping[str, tuple[FieldChange, ...]]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def corpus_changes(before: Corpus, after: Corpus) -> Changes:
    """Compare all tables of two corpora; known questions, which have no ids, are left out."""
    old, new = dict(_rows(before)), dict(_rows(after))
    return row_changes(old, new)


def row_changes(
    old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]
) -> Changes:
    """Compare rows of text by id; a field that one of them lacks counts as empty."""
    changed = {
        row_id: tuple(
            FieldChange(field, old[row_id].get(field, ""), new[row_id].get(field, ""))
            for field in dict.fromkeys((*old[row_id], *new[row_id]))
            if old[row_id].get(field, "") != new[row_id].get(field, "")
        )
        for row_id in sorted(old.keys() & new.keys())
        if old[row_id] != new[row_id]
    }
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        changed={row_id: fields for row_id, fields in changed.items() if fields},
        removed=tuple(sorted(old.keys() - new.keys())),
    )


def _rows(corpus: Corpus) -> Iterator[tuple[str, dict[str, str]]]:
    yield from ((doc_id, _flat(asdict(record))) for doc_id, record in corpus.records.items())
    yield from ((doc_id, _flat(asdict(contact))) for doc_id, contact in corpus.contacts.items())
    yield from ((f"regions/{name}", _flat(asdict(row))) for name, row in corpus.regions.items())
    yield from ((f"topics/{name}", _flat(asdict(row))) for name, row in corpus.topics.items())


def _flat(fields: Mapping[str, Any]) -> dict[str, str]:
    """Return every field as text, those of two languages apart."""
    flat: dict[str, str] = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            flat |= {f"{name}_{language}": text for language, text in value.items()}
        else:
            flat[name] = "; ".join(value) if isinstance(value, tuple | list) else str(value)
    return flat
