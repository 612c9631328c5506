"""Words that say nothing of a topic, by language: ``function_words.toml``."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from hytki_match.records import Language


@lru_cache(maxsize=2)
def function_words(language: Language) -> frozenset[str]:
    """Return the function words of one language, in lower case."""
    text = (files(__package__) / "function_words.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)[language].split())


@lru_cache(maxsize=2)
def never_a_reason(language: Language) -> frozenset[str]:
    """Return the words of one language, in lower case, that are never shown as a reason."""
    text = (files(__package__) / "function_words.toml").read_text(encoding="utf-8")
    return function_words(language) | set(tomllib.loads(text)["never_a_reason"][language].split())


def is_function_word(word: str) -> bool:
    """Tell whether a lower-case word says nothing of a topic in either language."""
    return any(word in function_words(language) for language in LANGUAGES)
