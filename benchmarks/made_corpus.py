"""Corpora of any size, made from the shipped one: its sentences recombined, with a long tail.

A record takes the columns of a real row of its table and a description of sentences from several.
Some words are compounds of two of the corpus's words, drawn so that few are frequent and most are
rare, as in text that grows (Zipf): the vocabulary grows with the corpus.
"""

from __future__ import annotations

import random
import re
import shutil
from itertools import chain
from typing import TYPE_CHECKING

from hytki_match.corpus.schema import TABLES, file_name
from hytki_match.corpus.writing import read_rows, write_rows
from hytki_match.records import LANGUAGES, RESOURCE_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SENTENCES = 3
TAIL_WORDS = 4
"""Invented compounds in a description."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def make_corpus(shipped: Path, folder: Path, records: int, seed: int = 7) -> None:
    """Write a corpus with at least the shipped records and about ``records`` in all."""
    chance = random.Random(seed)  # noqa: S311 - text, not secrets
    tables = read_rows(shipped)
    real = sum(len(tables[table]) for table in RESOURCE_TABLES)
    words = {code: _words(tables, code) for code in LANGUAGES}
    folder.mkdir(parents=True)
    shutil.copy(shipped / "questions.csv", folder)
    for table, rows in tables.items():
        made: Iterable[dict[str, str]] = ()
        if table in RESOURCE_TABLES:
            sentences = {code: _sentences(rows, code) for code in LANGUAGES}
            wanted = round(len(rows) * records / real) - len(rows)
            made = (_record(rows, sentences, words, number, chance) for number in range(wanted))
        with (folder / file_name(table)).open("w", encoding="utf-8", newline="") as stream:
            write_rows(stream, table, chain(rows, made))


def _record(rows, sentences, words, number, chance):  # noqa: ANN001, ANN202
    base = dict(chance.choice(rows))
    tail = [_rank(chance, len(words["fi"])) for _ in range(2 * TAIL_WORDS)]
    for code in LANGUAGES:
        for name in ("description", "summary"):
            if f"{name}_{code}" in base:
                chosen = [chance.choice(sentences[code]) for _ in range(SENTENCES)]
                made = [
                    f"{words[code][one % len(words[code])]}{words[code][other % len(words[code])]}"
                    for one, other in zip(tail[::2], tail[1::2], strict=True)
                ]
                base[f"{name}_{code}"] = f"{' '.join(chosen)} {' '.join(made)}."
    for column in ("name", "name_fi", "name_en"):
        if column in base and base[column] != "-":
            base[column] = f"{base[column]} {number}"
    base["id"] = f"{base['id']}-{number}"
    return base


def _rank(chance: random.Random, count: int) -> int:
    """Draw a place in a list of words, early ones far oftener (a Pareto tail)."""
    return int(chance.paretovariate(0.6) * 3) % count


def _sentences(rows, code):  # noqa: ANN001, ANN202
    texts = (row.get(f"{name}_{code}", "-") for row in rows for name in ("description", "summary"))
    return [s for text in texts if text != "-" for s in _SENTENCE_END.split(text) if s]


def _words(tables, code):  # noqa: ANN001, ANN202
    text = " ".join(
        row[column.name]
        for table, rows in tables.items()
        for row in rows
        for column in TABLES[table]
        if column.name.endswith(f"_{code}")
    )
    counts: dict[str, int] = {}
    for word in re.findall(r"[^\W\d_]{4,}", text.lower()):
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=lambda word: (-counts[word], word))
