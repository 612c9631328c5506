"""How often the corpus spells each word: counted by the build, so that no record is read for it."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from hytki_match.index.layout import SPELLINGS
from hytki_match.language.analysis import words
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hytki_match.records import Corpus, Language

MAX_RECORDS = 5000
"""Of more records only some are read: what is common in those is common in all."""


def save_spellings(corpus: Corpus, folder: Path) -> None:
    """Write the words of records and known questions, one a line with how often it stands there."""
    texts: dict[Language, list[str]] = {language: [] for language in LANGUAGES}
    step = max(len(corpus.records) // MAX_RECORDS, 1)
    for doc_id in islice(corpus.records, 0, None, step):
        record = corpus.records[doc_id]
        for text in (record.name, record.description, record.keywords):
            for language in LANGUAGES:
                texts[language].append(text.get(language))
    for question in corpus.questions:
        texts[question.language].append(question.text)
    for language in LANGUAGES:
        counts = Counter(w for text in texts[language] for w in words(text) if w.isalpha())
        lines = "".join(f"{word} {count}\n" for word, count in sorted(counts.items()))
        (folder / _name(language)).write_text(lines, encoding="utf-8", newline="\n")


def load_spellings(folder: Path) -> Mapping[Language, Counter[str]]:
    """Read what :func:`save_spellings` wrote."""
    found = {}
    for language in LANGUAGES:
        parts = (folder / _name(language)).read_text(encoding="utf-8").split()
        found[language] = Counter(dict(zip(parts[::2], map(int, parts[1::2]), strict=True)))
    return found


def _name(language: Language) -> str:
    return f"{SPELLINGS}-{language}.txt"
