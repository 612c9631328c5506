"""From the text of a need to its sentences, lines and bullets."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from hytki_match.adviser.asking import shared
from hytki_match.language.analysis import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hytki_match.adviser.asking import Asking

_END = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[\"”(]?[A-ZÅÄÖ0-9])|\s*\n\s*(?:[-*•–]|\d+[.)])?\s*")
_END_IN_HASTE = re.compile(rf"{_END.pattern}|(?<=[.!?])[\"”’)]?\s+")
_RUN_ON = re.compile(r":[ \t]+([-*•–])[ \t]+(?=\S)")
_BULLET = re.compile(r"^(?:[-*•–]|\d+[.)])\s+")


def sentences_of(text: str) -> list[str]:
    """Split a text into sentences, lines and bullets, without bullets' marks and headings."""
    stripped = [_BULLET.sub("", piece.strip()) for piece in _pieces(text.strip())]
    spoken = [piece for piece in stripped if words(piece)]
    return [piece for piece in spoken if not piece.endswith(":")] or spoken


def greets(sentence: str) -> bool:
    """Tell whether a sentence only greets, thanks or signs, and says nothing of a need."""
    return bool(shared()["greeting"].fullmatch(sentence.strip(" .!,")))


def listed_in(text: str) -> frozenset[str]:
    """Return the lines with bullets or numbers: who writes a list means each of its lines.

    A list may also run on in one line (“1) A pilot site. 2) Help with the file.”).
    """
    lines = [line.strip() for line in text.splitlines()]
    marked = [line for line in (*lines, *_pieces(text.strip())) if _BULLET.match(line)]
    return frozenset(_BULLET.sub("", line) for line in marked)


def with_lines(text: str) -> str:
    """Put the bullets of a list that runs on (“we need: - a site - help”) on lines of their own."""
    opened = _RUN_ON.search(text)
    if not opened:
        return text
    *items, last = re.split(rf"[,;.]?[ \t]+{re.escape(opened[1])}[ \t]+", text[opened.end() :])
    if not items:
        return text
    end = next(_ends(last, _END), None)
    last = f"{last[: end.start()]}\n{last[end.end() :]}" if end else last
    return "\n- ".join([text[: opened.start() + 1], *items, last])


def refused_lines(text: str, heard: Asking) -> frozenset[str]:
    """Return the bullets that stand under what says that they are not wanted (“Not needed:”)."""
    refused, is_under = set(), False
    for line in map(str.strip, text.splitlines()):
        bullet = _BULLET.match(line)
        if line.endswith(":"):
            is_under = heard.refuses(line)
        elif is_under and bullet:
            refused.add(line[bullet.end() :])
        elif line:
            is_under = False
    return frozenset(refused)


def _pieces(text: str) -> list[str]:
    """Split a text where its sentences end; some people write them without capitals."""
    whole, split = _cut(text, _END), _cut(text, _END_IN_HASTE)
    return whole if len(split) < 2 * len(whole) else split


def _cut(text: str, pattern: re.Pattern[str]) -> list[str]:
    ends = list(_ends(text, pattern))
    starts = chain([0], (end.end() for end in ends))
    stops = chain((end.start() for end in ends), [len(text)])
    return [text[start:stop] for start, stop in zip(starts, stops, strict=True)]


def _ends(text: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Give the places where a sentence ends: a line does, an abbreviation does not."""
    for end in pattern.finditer(text):
        before, after = text[: end.start()], text[end.end() : end.end() + 1]
        is_short = shared()["abbreviations"].search(before) or (
            after.isdigit() and shared()["before_numbers"].search(before)
        )
        if "\n" in end[0] or not is_short:
            yield end
