"""What a limit of a question is called: a region, a kind of record, a span of time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hytki_match.answers.wording import written_date
from hytki_match.language.phrases import knows, say

if TYPE_CHECKING:
    from hytki_match.records import Answer, Constraint, Language

OPEN_SIDES = ("..", date.min.isoformat(), date.max.isoformat())
"""What has no end on that side: what is to come or past, and *since* and *before* some day."""


def limit_label(constraint: Constraint, answer: Answer, language: Language) -> str:
    """Return a limit with its name: ``Alue: Turku``, ``Time: 2026-01-01–2026-03-31``.

    What is ruled out is ``Ei: Turku``.
    """
    value = _VALUES[constraint.name](constraint, answer, language)
    name = "unwanted" if constraint.unwanted else constraint.name
    return say(f"limit.{name}", language, value=value)


def region_label(region_id: str, answer: Answer, language: Language) -> str:
    """Return the name of a region, or its id where the answer does not know it."""
    name = answer.names.get(f"regions/{region_id}")
    return name.best(language)[0] if name else region_id


def kind_name(value: str, language: Language) -> str:
    """Return the name of a table or of a kind of record."""
    for key in (f"tables.{value}", f"kind.{value}"):
        if knows(key):
            return say(key, language)
    return value.replace("_", " ")


def _region(constraint: Constraint, answer: Answer, language: Language) -> str:
    return region_label(constraint.value, answer, language)


def _kind(constraint: Constraint, _: Answer, language: Language) -> str:
    return kind_name(constraint.value, language)


def _time(constraint: Constraint, _: Answer, language: Language) -> str:
    """Return the days of an interval, ``1.1.2026 alkaen`` of an open one, and one day as itself."""
    first, last = (
        written_date(side, language) if side not in OPEN_SIDES else ""
        for side in constraint.value.split("/")
    )
    if first and last:
        return first if first == last else f"{first}–{last}"
    return say("limit.from" if first else "limit.until", language, day=first or last)


def _record(constraint: Constraint, answer: Answer, language: Language) -> str:
    name = answer.names.get(constraint.value)
    return name.best(language)[0] if name else constraint.value


def _words(constraint: Constraint, _: Answer, __: Language) -> str:
    return constraint.value


_VALUES = {"region": _region, "kind": _kind, "time": _time, "record": _record, "words": _words}
