"""A case as plain objects and back, strictly: what is stored, exported and compared."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from hytki_match.adviser.case import (
    COMPANY_SIZES,
    DIMENSIONS,
    MAX_NEED_CHARS,
    STAGES,
    STATUSES,
    WISHES,
    Case,
    Entry,
    Limits,
    Part,
)
from hytki_match.errors import StorageError
from hytki_match.records import LANGUAGES, RESOURCE_TABLES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

ADDED_LIMITS: Mapping[str, Any] = {"preferred": None, "unwanted": None, "by_hand": []}
"""Limits that cases have not had from the beginning: in an older one the text was not read for
them, or it was not kept who had set them."""

_ORIGINS = ("text", "adviser", "maturity")


def case_to_dict(case: Case) -> dict[str, Any]:
    """Return a case as plain objects, lists for tuples."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(case), ensure_ascii=False))
    return plain


def case_from_dict(document: Mapping[str, Any]) -> Case:
    """Return the case of plain objects.

    Raises
    ------
    StorageError
        When a field is missing, unknown or of another kind: nothing is guessed.
    """
    try:
        case = _case(_exactly(document, Case))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StorageError(
            f"A stored case cannot be read ({error}).", cure="Restore it from an export."
        ) from error
    return case


def changed_fields(old: Case, new: Case) -> tuple[str, ...]:
    """Return the names of the fields in which two versions of a case differ."""
    names = (field.name for field in fields(Case))
    return tuple(name for name in names if getattr(old, name) != getattr(new, name))


def _exactly(document: Mapping[str, Any], kind: type) -> dict[str, Any]:
    known = {field.name for field in fields(kind)}
    if set(document) != known:
        odd = ", ".join(sorted(set(document) ^ known))
        raise ValueError(f"fields of {kind.__name__}: {odd}")
    return dict(document)


def _case(found: dict[str, Any]) -> Case:
    texts = {
        name: _text(found[name]) for name in ("case_id", "title", "company", "sector", "region")
    }
    parts = found["parts"]
    return Case(
        **texts,
        need=_text(found["need"], MAX_NEED_CHARS),
        language=_one_of(found["language"], LANGUAGES),
        size=_one_of(found["size"], COMPANY_SIZES),
        stage=_one_of(found["stage"], ("", *STAGES)),
        maturity={_one_of(k, DIMENSIONS): _whole(v, 0, 100) for k, v in found["maturity"].items()},
        limits=_limits(_exactly({**ADDED_LIMITS, **found["limits"]}, Limits)),
        parts=None if parts is None else tuple(_part(_exactly(p, Part)) for p in parts),
        shortlist=tuple(_entry(_exactly(e, Entry)) for e in found["shortlist"]),
    )


def _limits(found: dict[str, Any]) -> Limits:
    return Limits(
        regions=tuple(map(_text, found["regions"])),
        kinds=tuple(_one_of(kind, RESOURCE_TABLES) for kind in found["kinds"]),
        languages=tuple(_one_of(language, LANGUAGES) for language in found["languages"]),
        must=tuple(map(_text, found["must"])),
        must_not=tuple(map(_text, found["must_not"])),
        most=_whole(found["most"], 1, 100),
        preferred=_texts(found["preferred"]),
        unwanted=_texts(found["unwanted"]),
        by_hand=tuple(_one_of(name, WISHES) for name in found["by_hand"]),
    )


def _texts(found: list[object] | None) -> tuple[str, ...] | None:
    return None if found is None else tuple(map(_text, found))


def _part(found: dict[str, Any]) -> Part:
    return Part(
        part_id=_text(found["part_id"]),
        text=_text(found["text"], MAX_NEED_CHARS),
        weight=_whole(found["weight"], 1, 3),
        origin=_one_of(found["origin"], _ORIGINS),
    )


def _entry(found: dict[str, Any]) -> Entry:
    return Entry(
        partner_id=_text(found["partner_id"]),
        status=_one_of(found["status"], STATUSES),
        note=_text(found["note"], MAX_NEED_CHARS),
        dates={_one_of(k, STATUSES): _text(v) for k, v in found["dates"].items()},
    )


def _text(value: object, most: int = 300) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(f"no text of at most {most} characters: {str(value)[:40]!r}")
    return value


def _whole(value: object, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"no whole number from {least} to {most}: {value!r}")
    return value


def _one_of(value: Any, known: Collection[str]) -> Any:  # noqa: ANN401 - narrowed by its check
    if value not in known:
        raise ValueError(f"not one of {', '.join(known)}: {value!r}")
    return value
