"""Finnish places that a question names and no region of the corpus holds: ``outside.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from hytki_match.matching.excluding import is_ruled_out
from hytki_match.matching.places import find_places, inflected
from hytki_match.matching.words import Found, in_both, same_length_fold
from hytki_match.records import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hytki_match.records import Record

SURNAMES = frozenset({"Kotka", "Kurikka", "Lahti"})

_FIRST_NAME = re.compile(r"(?<=[\w,;:]) ([A-ZÅÄÖ][a-zåäö]+) $")
"""A word with a capital that no sentence begins with: "kuka on Aki Lahti"."""


@lru_cache(maxsize=256)
def find_outside(text: str) -> tuple[Found, ...]:
    """Return the places that a text names and that are in no region of ``places.toml``.

    The value of each is its name in Finnish and English, as the list writes it. A place that a
    negation rules out is not asked for, and a surname is none.
    """
    folded = same_length_fold(text)
    by_stem, stems, by_form, forms = _patterns()
    found = [Found(by_stem[match["name"]], *match.span()) for match in stems.finditer(folded)] + [
        Found(by_form[match[0]], *match.span())
        for match in forms.finditer(text)
        if by_form[match[0]] not in SURNAMES or not _is_surname(text, match.start(), stems)
    ]
    taken = [(place.start, place.end) for place in find_places(text)]
    return tuple(
        place
        for place in sorted(found, key=lambda place: place.start)
        if not any(start < place.end and place.start < end for start, end in taken)
        and not is_ruled_out(folded, place)
    )


def uncovered(text: str, shown: Iterable[Record]) -> tuple[Text, ...]:
    """Return the names of the places of a question that no shown record speaks of."""
    named = dict.fromkeys(place.value for place in find_outside(text))
    if named:
        told = "\n".join(map(_told, shown))
        for place in find_outside(told):
            named.pop(place.value, None)
    return tuple(place_name(value) for value in named)


def _told(record: Record) -> str:
    return f"{in_both(record.name, record.description, record.keywords)}\n{record.place}"


def place_name(value: str) -> Text:
    """Return the name of a place as ``outside.toml`` writes it, in Finnish and English."""
    finnish, _, english = value.partition(" | ")
    return Text(finnish, english or finnish)


def _is_surname(text: str, start: int, places: re.Pattern[str]) -> bool:
    """Tell whether a first name stands before a place: it is then a person's surname."""
    before = _FIRST_NAME.search(text[:start])
    if before is None or find_places(before[1]):
        return False
    return not places.search(same_length_fold(before[1]))


@lru_cache(maxsize=1)
def _patterns() -> tuple[Mapping[str, str], re.Pattern[str], Mapping[str, str], re.Pattern[str]]:
    """Return the names of stems and of forms, each with the pattern that finds them."""
    lists = tomllib.loads((files(__package__) / "outside.toml").read_text(encoding="utf-8"))
    by_stem = {stem: name for name, stems in lists["names"].items() for stem in stems}
    by_form = {form: name for name, forms in lists["forms"].items() for form in forms}
    forms = "|".join(sorted(map(re.escape, by_form), key=len, reverse=True))
    return by_stem, inflected(by_stem), by_form, re.compile(rf"(?<![\w-])(?:{forms})(?!\w)")
