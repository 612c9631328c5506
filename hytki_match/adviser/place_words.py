"""The lists of ``where.toml``: what says where partners should be, ready for use."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from hytki_match.adviser.asking import refusals
from hytki_match.matching.places import inflected
from hytki_match.matching.words import same_length_fold
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@lru_cache(maxsize=1)
def refusal_patterns() -> tuple[re.Pattern[str], ...]:
    """Return the refusals of ``asking.toml``, for a folded text; none has a class in capitals."""
    return tuple(_at_word(map(same_length_fold, refusals(language))) for language in LANGUAGES)


@lru_cache(maxsize=32)
def cues(name: str) -> re.Pattern[str]:
    """Return the pattern of one list of ``where.toml``, for a folded text."""
    return _at_word(_tables()[name])


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Sequence[str]]:
    """Return each list of ``where.toml`` by its name; a table of one list has its own name."""
    lists: dict[str, Sequence[str]] = {}
    for name, table in _document().items():
        lists |= {name if key == "words" else key: found for key, found in table.items()}
    return lists


@lru_cache(maxsize=1)
def area_patterns() -> Mapping[str, re.Pattern[str]]:
    """Return for each region the names of the larger areas that hold it."""
    return {region: inflected(stems) for region, stems in _document()["areas"].items()}


@lru_cache(maxsize=1)
def _document() -> Mapping[str, Mapping[str, Sequence[str]]]:
    text = (files("hytki_match.adviser") / "where.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _at_word(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(f'(?:{pattern})' for pattern in patterns)})")
