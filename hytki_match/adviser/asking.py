"""How people ask in Finnish and English: the words of ``asking.toml``, ready for use."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from hytki_match.language.analysis import words
from hytki_match.language.function_words import function_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hytki_match.records import Language

LEAST_LETTERS = 3
"""Letters of a word that can say something."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The compiled words of one language, and what they tell of a text."""

    language: Language
    strong: re.Pattern[str]
    soft: re.Pattern[str]
    refused: re.Pattern[str]
    cuts: re.Pattern[str]
    carried: re.Pattern[str]
    clauses: re.Pattern[str]
    last_item: re.Pattern[str]
    two_things: re.Pattern[str]
    pairs: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    unsaid: tuple[re.Pattern[str], ...]

    def is_strong(self, text: str) -> bool:
        """Tell whether a text asks in so many words; a question does."""
        return bool(self.strong.search(self._wanted(text))) or text.endswith("?")

    def asks(self, text: str) -> bool:
        """Tell whether a text asks, or tells of a wish, a plan or a duty."""
        return self.is_strong(text) or bool(self.soft.search(self._wanted(text)))

    def refuses(self, text: str) -> bool:
        """Tell whether a text says what is not wanted, and asks for nothing else."""
        return bool(self.refused.search(text)) and not self.asks(text)

    def rejects(self, text: str) -> bool:
        """Tell whether a line of a list is about what is not wanted, at its start or its end.

        In between, the words tell of somebody (“homes for people who do not want a camera”).
        """
        found = [(match.start(), match.end()) for match in self.refused.finditer(text)]
        length = len(text.rstrip(".! "))
        return any(start == 0 or end == length for start, end in found) and not self.asks(text)

    def content(self, text: str) -> list[str]:
        """Return the words of a text without function words."""
        return [word for word in words(text) if word not in function_words(self.language)]

    def said(self, text: str) -> list[str]:
        """Return the words that say what is asked for, without those of asking and pointing."""
        for pattern in self.unsaid:
            text = pattern.sub(" ", text)
        return [word for word in self.content(text) if len(word) >= LEAST_LETTERS]

    def _wanted(self, text: str) -> str:
        """Leave out what is not wanted (“we do not want to build sensors”)."""
        return self.refused.sub(" ", text)


@lru_cache(maxsize=2)
def asking(language: Language) -> Asking:
    """Return the words of one language."""
    tables = _tables()
    table = tables[language]
    instead = "|".join(table["instead"])
    refused = [f"(?:{pattern})(?!.*\\b(?:{instead}))" for pattern in table["refused"]]
    unsaid = [tables["back"]["words"], table["strong"], table["soft"], tables["empty"]["words"]]
    return Asking(
        language=language,
        strong=_at_word(table["strong"]),
        soft=_at_word(table["soft"]),
        refused=_at_word(refused),
        cuts=_any(table["cuts"]),
        carried=_any(table["carried"]),
        clauses=_at_word(table["clauses"]),
        last_item=re.compile(table["last_item"]),
        two_things=re.compile(table["two_things"], re.IGNORECASE),
        pairs=tuple(
            (_at_word([table[head]]), _any(table[joins]))
            for head, joins in (
                ("helped", "and_done"),
                ("wished", "and_learn"),
                ("heard", "and_who"),
            )
        ),
        unsaid=tuple(_at_word([rf"(?:{p})\w*" for p in patterns]) for patterns in unsaid),
    )


@lru_cache(maxsize=1)
def shared() -> Mapping[str, re.Pattern[str]]:
    """Return the lists that serve both languages, by name."""
    table = _tables()
    named = (
        "announced", "back", "courtesy", "counted", "goes_on", "more", "points", "researchers",
        "abbreviations", "before_numbers", "makes", "plain", "greeting", "anew", "timing",
    )  # fmt: skip
    lists = table["goals"] | table["unwanted"] | {name: table[name]["words"] for name in named}
    lists |= {"examples": table["goes_on"]["items"], "several": table["announced"]["several"]}
    return {name: _at_word(found) for name, found in lists.items()}


def announced_count(head: str) -> int | None:
    """Return how many things the words before a colon announce (“three things:”), if they do."""
    if not shared()["several"].search(head):
        return None
    counts = _tables()["counts"]
    return next((int(n) for n, found in counts.items() if _at_word(found).search(head)), None)


def refusals(language: Language) -> Sequence[str]:
    """Return the patterns of what is not wanted, whatever is wanted instead."""
    found: Sequence[str] = _tables()[language]["refused"]
    return found


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Any]:
    text = (files("hytki_match.adviser") / "asking.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def _at_word(patterns: Sequence[str]) -> re.Pattern[str]:
    inner = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(rf"\b(?:{inner})", re.IGNORECASE)
