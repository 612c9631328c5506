"""From the text of a need to its parts: sentences and clauses that ask, without the background."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from hytki_match.language.analysis import words
from hytki_match.language.function_words import function_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hytki_match.encoder import Encoder
    from hytki_match.records import Language

SAME_MEANING = 0.72
"""Cosine from which two parts ask for one thing, wherever they stand."""

SAME_MEANING_NEIGHBOURS = 0.55
"""The same for two parts in a row, where the second often only says the first more exactly."""

LEAST_WORDS = 3
"""Content words that each side of a cut must have to stand alone."""

MOST_WORDS = 5
"""Content words of a thing in a plain list; a longer piece is a clause."""

MAX_PARTS = 60

_SENTENCE_END = re.compile(
    r"(?<=[.!?])[\"”’)]?\s+(?=[\"”(]?[A-ZÅÄÖ0-9])|\s*\n\s*(?:[-*•–]|\d+[.)])?\s*"
)
_SENTENCE_END_IN_HASTE = re.compile(rf"{_SENTENCE_END.pattern}|(?<=[.!?])[\"”’)]?\s+")
_NUMBERED = re.compile(r"[,;:]?\s+\(?[1-9]\)\s*")
_BULLET = re.compile(r"^(?:[-*•–]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class _Asking:
    """The compiled words of one language."""

    strong: re.Pattern[str]
    soft: re.Pattern[str]
    cuts: re.Pattern[str]
    carried: re.Pattern[str]
    clauses: re.Pattern[str]
    last_item: re.Pattern[str]


def split_need(text: str, language: Language, encoder: Encoder) -> tuple[str, ...]:
    """Return the parts of a need, in the order of the text, in its own words.

    A text in which nothing asks is taken as a list of needs: each sentence is a part.
    """
    sentences = _with_what_they_mean(sentences_of(text), language)
    listed = _listed(text)
    asking = [s for s in _without_background(sentences, listed, language) if not _only_points(s)]
    clauses = [clause for sentence in asking for clause in _clauses(sentence, language)]
    return _merged(clauses or sentences, encoder)[:MAX_PARTS]


def asks_for_researchers(text: str) -> bool:
    """Tell whether a part asks for somebody who does research."""
    return bool(_goals()["researchers"].search(text))


def sentences_of(text: str) -> list[str]:
    """Split a text into sentences, lines and bullets, without bullets' marks and headings."""
    stripped = [_BULLET.sub("", piece.strip()) for piece in _pieces(text.strip())]
    spoken = [piece for piece in stripped if words(piece)]
    return [piece for piece in spoken if not piece.endswith(":")] or spoken


def _pieces(text: str) -> list[str]:
    """Split a text where its sentences end; some people write them without capitals."""
    whole, split = _SENTENCE_END.split(text), _SENTENCE_END_IN_HASTE.split(text)
    if len(split) < 2 * len(whole):
        return whole
    pieces: list[str] = []
    for piece in split:
        if pieces and _goals()["abbreviations"].search(pieces[-1]):
            pieces[-1] = f"{pieces[-1]} {piece}"
        else:
            pieces.append(piece)
    return pieces


def _with_what_they_mean(sentences: Sequence[str], language: Language) -> list[str]:
    """Join a sentence that only points back (“We need that first.”) to the one before it."""
    asking, back = _asking(language), _goals()["back"]
    joined: list[str] = []
    for sentence in sentences:
        own = asking.soft.sub(" ", asking.strong.sub(" ", back.sub(" ", sentence)))
        says = [word for word in _content(own, language) if len(word) > 2]
        is_empty = len(says) < LEAST_WORDS and _asks(sentence, asking)
        if joined and is_empty and back.search(sentence):
            joined[-1] = f"{_ended(joined[-1])} {sentence}"
        else:
            joined.append(sentence)
    return joined


def _listed(text: str) -> frozenset[str]:
    """Return the lines with bullets or numbers: who writes a list means each of its lines."""
    lines = [line.strip() for line in text.splitlines()]
    return frozenset(_BULLET.sub("", line) for line in lines if _BULLET.match(line))


def _without_background(
    sentences: Sequence[str], listed: Collection[str], language: Language
) -> list[str]:
    strong, soft = ([bool(p.search(s)) for s in sentences] for p in _patterns(language))
    asks = [
        a or b or s.endswith("?") or s in listed
        for a, b, s in zip(strong, soft, sentences, strict=True)
    ]
    for number, (sentence, follower) in enumerate(pairwise(sentences)):
        only_wish = not (strong[number] or sentence.endswith("?") or sentence in listed)
        is_goal = bool(_goals()["first"].match(follower))
        if only_wish and (is_goal or (number == 0 and sum(asks[1:]) > 1)):
            asks[number] = False
    return [s for s, asked in zip(sentences, asks, strict=True) if asked]


def _patterns(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return _asking(language).strong, _asking(language).soft


def _only_points(sentence: str) -> bool:
    return bool(_goals()["pointing"].search(sentence))


def _clauses(sentence: str, language: Language) -> list[str]:
    """Cut a sentence where both sides ask for something of their own."""
    asking = _asking(language)
    numbered = _NUMBERED.split(sentence)[1:]
    if len(numbered) > 1:
        return [_tidy(piece) for piece in numbered if words(piece)]
    for cut in asking.cuts.finditer(sentence):
        left, right = sentence[: cut.start()], sentence[cut.end() :]
        if _asks(left, asking) and _stands_alone(left, language):
            carried = asking.carried.match(right)
            if (carried or _asks(right, asking)) and _stands_alone(right, language):
                return [*_clauses(_tidy(left), language), *_clauses(_tidy(right), language)]
    return _items(sentence, asking, language)


def _items(sentence: str, asking: _Asking, language: Language) -> list[str]:
    """Take a plain list of three or more things apart: “we need A, B and C”."""
    head, colon, tail = sentence.partition(": ")
    listed = tail if colon and _asks(head, asking) else sentence
    *first, last = listed.rstrip(".!? ").split(", ")
    ends = asking.last_item.split(f" {last}", maxsplit=1)
    items = [item.strip() for item in (*first, *ends) if item]
    is_list = len(items) > 2 and not asking.clauses.search(listed)
    is_asked = listed is tail or asking.strong.search(items[0])
    if is_list and is_asked and _are_things(items, asking, language):
        return [_tidy(item) for item in items]
    return [sentence]


def _are_things(items: Sequence[str], asking: _Asking, language: Language) -> bool:
    """Tell whether the items of a list are short, say something, and ask no more themselves."""
    asked_once = not any(_asks(item, asking) for item in items[1:])
    return asked_once and all(0 < len(_content(item, language)) <= MOST_WORDS for item in items)


def _asks(text: str, asking: _Asking) -> bool:
    return bool(asking.strong.search(text) or asking.soft.search(text) or text.endswith("?"))


def _stands_alone(text: str, language: Language) -> bool:
    return len(_content(text, language)) >= LEAST_WORDS


def _content(text: str, language: Language) -> list[str]:
    return [word for word in words(text) if word not in function_words(language)]


def _tidy(text: str) -> str:
    text = text.strip(" ,;.")
    return text[:1].upper() + text[1:]


def _merged(clauses: Sequence[str], encoder: Encoder) -> tuple[str, ...]:
    """Join clauses that mean the same; the joined part stands where the first one stood."""
    if len(clauses) < 2:
        return tuple(clauses)
    vectors = encoder.encode_queries(list(clauses))
    closeness = np.asarray(vectors @ vectors.T)
    groups: list[list[int]] = []
    for number in range(len(clauses)):
        home = next((g for g in groups if _belongs(number, g, closeness)), None)
        if home is None:
            groups.append([number])
        else:
            home.append(number)
    return tuple(
        " ".join(_ended(clauses[n]) for n in g) if g[1:] else clauses[g[0]] for g in groups
    )


def _belongs(number: int, group: Sequence[int], closeness: np.ndarray) -> bool:
    return any(
        closeness[number, other]
        >= (SAME_MEANING_NEIGHBOURS if number - other == 1 else SAME_MEANING)
        for other in group
    )


def _ended(clause: str) -> str:
    return clause if clause.endswith((".", "!", "?")) else f"{clause}."


@lru_cache(maxsize=2)
def _asking(language: Language) -> _Asking:
    table = _tables()[language]
    return _Asking(
        strong=_at_word(table["strong"]),
        soft=_at_word(table["soft"]),
        cuts=_any(table["cuts"]),
        carried=_any(table["carried"]),
        clauses=_at_word(table["clauses"]),
        last_item=re.compile(table["last_item"]),
    )


@lru_cache(maxsize=1)
def _goals() -> Mapping[str, re.Pattern[str]]:
    table = _tables()
    named = ("back", "researchers", "abbreviations")
    lists = table["goals"] | {name: table[name]["words"] for name in named}
    return {name: _at_word(found) for name, found in lists.items()}


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Any]:
    text = (files("hytki_match.adviser") / "asking.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def _at_word(patterns: Sequence[str]) -> re.Pattern[str]:
    inner = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(rf"\b(?:{inner})", re.IGNORECASE)
