"""Finding words of a list in a question, by their beginnings, folded: ``limits.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from hytki_match.language.analysis import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of a question, from ``start`` to before ``end``, and what it stands for."""

    value: str
    start: int
    end: int


@lru_cache(maxsize=1)
def limits() -> Mapping[str, Any]:
    """Return the lists of ``limits.toml``."""
    return tomllib.loads((files(__package__) / "limits.toml").read_text(encoding="utf-8"))


def find(section: str, question: str) -> Iterator[Found]:
    """Give what the lists of a section find in a question, in their order there."""
    folded = same_length_fold(question)
    found = [
        Found(value, *match.span())
        for value, pattern in _patterns(section)
        for match in pattern.finditer(folded)
    ]
    return iter(sorted(found, key=lambda one: (one.start, -one.end)))


def same_length_fold(text: str) -> str:
    """Fold a text so that every character stays in its place."""
    return "".join((fold(character) or " ")[:1] for character in text)


@lru_cache(maxsize=16)
def _patterns(section: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((value, pattern_of(words)) for value, words in limits()[section].items())


def pattern_of(words: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern for beginnings of words; ``=word`` is a whole one."""
    parts = []
    for word in sorted(words, key=len, reverse=True):
        body = re.escape(fold(word.lstrip("=").strip())).replace(r"\ ", r"\s+")
        parts.append(body + ("" if word.startswith("=") or word.endswith(" ") else r"\w*"))
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")
