"""Every sentence that a user reads: the ``phrases*.toml`` files, spoken in one language."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hytki_match.records import Language

FILES = (
    "phrases.toml",
    "phrases_web.toml",
    "phrases_pages.toml",
    "phrases_adviser.toml",
    "phrases_handover.toml",
    "phrases_desk.toml",
    "phrases_explain.toml",
)


@lru_cache(maxsize=1)
def all_phrases() -> Mapping[str, Mapping[str, str]]:
    """Return every phrase by its key (``answer.good_region``): the text by language.

    Raises
    ------
    ValueError
        When two files have a phrase of one key: a programmer's mistake.
    """
    phrases: dict[str, Mapping[str, str]] = {}
    for name in FILES:
        text = (files(__package__) / name).read_text(encoding="utf-8")
        own = dict(_flatten(tomllib.loads(text), ()))
        if twice := phrases.keys() & own.keys():
            raise ValueError(f"{name} has phrases of another file again: {sorted(twice)}")
        phrases |= own
    return phrases


def say(key: str, language: Language, /, **values: object) -> str:
    """Return a phrase in one language with its values filled in.

    Raises
    ------
    KeyError
        When there is no such phrase or a value is missing: a programmer's mistake.
    """
    return all_phrases()[key][language].format(**values)


def say_of(key: str, things: Sequence[object], language: Language, /, **values: object) -> str:
    """Return a phrase about one thing, or the one about several: its key with an *s*."""
    return say(key if len(things) == 1 else f"{key}s", language, **values)


def knows(key: str) -> bool:
    """Tell whether there is a phrase of this key: a user's table may hold a new kind."""
    return key in all_phrases()


def quoted(words: Sequence[str], language: Language) -> str:
    """Return words in quotation marks, with commas between them."""
    opening, closing = ("”", "”") if language == "fi" else ("“", "”")
    return ", ".join(f"{opening}{word}{closing}" for word in words)


def _flatten(table: Mapping[str, Any], path: tuple[str, ...]) -> list[tuple[str, dict[str, str]]]:
    """Walk the tables down to those that hold a text for each language."""
    if "fi" in table and "en" in table:
        return [(".".join(path), dict(table))]
    return [pair for key, inner in table.items() for pair in _flatten(inner, (*path, key))]
