"""Regions named in a question, in any Finnish case, with or without dots, and in English."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from hytki_match.matching.words import Found, same_length_fold

if TYPE_CHECKING:
    from collections.abc import Iterable

# Finnish case endings after a vowel stem, possessive and clitic endings left out: nobody asks
# about "our Oulu". Folded, so ä and ö are a and o; ``n`` alone is the genitive.
_CASES = (
    "n|a|ta|tta|na|ksi|ssa|sta|ss|st|seen|lla|lta|lle|an|en|in|on|un|yn|han|hin|hun"
    "|lainen|lais[a-z]{1,5}"
)
_CLITICS = "kin|kaan|ko|han|pa|s"

REMEMBERED = 4096
"""Asked of single words again and again, and of a question and its topic several times."""


PROVINCES = (
    "pohjois", "north", "keski", "central", "varsinais", "south", "egentliga", "norra", "mellersta",
    "pirkanma", "birkaland", "uusimaa", "uudenmaa", "uudellamaa", "nyland", "paakaupunki",
    "huvudstad", "kaj", "abo", "turu",
)  # fmt: skip
"""Beginnings of names of whole regions, folded, beside their ids; Kajaani and Åbo, too, are called
so."""

MIN_TOWN_CHARS = 4


def named_regions(question: str) -> tuple[str, ...]:
    """Return the ids of regions that a question names, in the order of their first mention.

    A name inside a longer word counts only as the first part of a hyphenated one
    (``Oulu-alueella``), so ``Turkulainen`` and ``Oulun`` count and ``Oulunkylä`` does not.
    """
    return tuple(dict.fromkeys(place.value for place in find_places(question)))


@lru_cache(maxsize=REMEMBERED)
def find_places(question: str) -> tuple[Found, ...]:
    """Return every mention of a region, in the order of the question."""
    folded = same_length_fold(question)
    found = [
        Found(region_id, *match.span())
        for region_id, pattern in _patterns().items()
        for match in pattern.finditer(folded)
    ]
    return tuple(sorted(found, key=lambda place: (place.start, place.value)))


def town_in(words: str) -> str:
    """Return the beginning, folded, by which a town is known whose name some words are, if any.

    The name of a region, or of the town that it is called by, is none.
    """
    folded = same_length_fold(words)
    for region_id, pattern in _patterns().items():
        match = pattern.search(folded)
        if match and not match["name"].startswith((region_id[:4], *PROVINCES)):
            return match["name"][: max(MIN_TOWN_CHARS, len(match["name"]) - 1)]
    return ""


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    text = (files(__package__) / "places.toml").read_text(encoding="utf-8")
    return {region_id: inflected(stems) for region_id, stems in tomllib.loads(text).items()}


def inflected(stems: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of names in any Finnish case, by their folded stems.

    Its group ``name`` is the stem.
    """
    names = "|".join(sorted(map(re.escape, stems), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?P<name>{names})(?:{_CASES})?(?:{_CLITICS})?(?!\w)")
