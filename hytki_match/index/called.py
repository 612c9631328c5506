"""What records are called by: phrases in a file that is looked up, so that no record is read."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.index.arrays import load_array, save_array
from hytki_match.index.layout import CALLED
from hytki_match.index.strings import SortedStrings, write_lines
from hytki_match.language.analysis import fold, words
from hytki_match.language.function_words import is_function_word
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from hytki_match.records import Record, Text

MOST_WORDS = 8
"""A longer name is a description: nobody calls anything by it."""

MIN_CHARS, MIN_PARTIAL_CHARS = 2, 4

BODIES = ("organisations", "companies")
"""Tables of what people call by a name that may be plain words (``Turun yliopisto``)."""

COMPANY_FORMS = frozenset("oy oyj ab abp ltd osk osuuskunta ry ky gmbh plc inc corp".split())
"""Words of names that people leave out, and that tell nothing."""

_ASIDE = re.compile(r"\(([^)]*)\)")
_ADDED = re.compile(r"\s[–—-]\s.*")


@dataclass(frozen=True, slots=True)
class Calls:
    """Phrases that records are called by.

    Attributes
    ----------
    phrases
        Folded words with single spaces between them, sorted.
    starts, records, whole
        The records of phrase p are entries ``starts[p]`` to before ``starts[p + 1]`` of
        ``records``; ``whole`` tells whether the phrase is the whole name, not its first word.
    """

    phrases: SortedStrings
    starts: NDArray[np.int64]
    records: NDArray[np.int32]
    whole: NDArray[np.bool_]

    def called(self, phrase: str) -> list[tuple[int, bool]]:
        """Return the records that a phrase calls, and whether it is their whole name."""
        place = self.phrases.find(phrase)
        if place < 0:
            return []
        entries = slice(self.starts.item(place), self.starts.item(place + 1))
        return list(zip(self.records[entries].tolist(), self.whole[entries].tolist(), strict=True))

    def goes_on(self, phrase: str) -> bool:
        """Tell whether any longer phrase begins with this one."""
        return self.phrases.any_begins(f"{phrase} ")


def phrase_of(found: Sequence[str]) -> str:
    """Return words as a phrase to look up."""
    return " ".join(map(fold, found))


def phrases_of(name: Text, *, is_body: bool = True) -> dict[str, bool]:
    """Return the phrases that call something of this name, and whether each is the whole name.

    The whole name goes without company forms and without what stands aside, which counts as a
    name of its own: it is often the abbreviation. Of organisations and companies (``is_body``) what
    stands before a dash is a whole name, too, and the first word a part of one.
    """
    found: dict[str, bool] = {}
    for text in dict.fromkeys((name.fi, name.en)):
        # In lower case something is said of it: "(cancelled)".
        aside = [part for part in _ASIDE.findall(text) if part[:1].isupper()]
        plain = _ASIDE.sub(" ", text)
        before, *_ = _ADDED.split(plain)
        for part in (plain, *aside, *([before] if is_body else [])):
            if phrase := _phrase(part):
                found[phrase] = True
        first = next((word for word in words(plain) if word not in COMPANY_FORMS), "")
        if is_body and len(first) >= MIN_PARTIAL_CHARS and not is_function_word(first):
            found.setdefault(phrase_of([first]), False)
    return found


def save_calls(records: Iterable[Record], folder: Path) -> None:
    """Write what records are called by."""
    known: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for number, record in enumerate(records):
        is_body = record.table in BODIES
        for phrase, whole in phrases_of(record.name, is_body=is_body).items():
            known[phrase].append((number, whole))
    phrases = sorted(known)
    entries = [entry for phrase in phrases for entry in known[phrase]]
    ends = np.cumsum([0, *(len(known[phrase]) for phrase in phrases)], dtype=np.int64)
    save_array(folder / f"{CALLED}.starts.npy", ends)
    save_array(folder / f"{CALLED}.records.npy", np.array([n for n, _ in entries], np.int32))
    save_array(folder / f"{CALLED}.whole.npy", np.array([w for _, w in entries], bool))
    write_lines(folder / f"{CALLED}.txt", phrases)


def load_calls(folder: Path) -> Calls:
    """Map what :func:`save_calls` wrote."""
    return Calls(
        phrases=SortedStrings(folder / f"{CALLED}.txt"),
        starts=load_array(folder / f"{CALLED}.starts.npy", "r"),
        records=load_array(folder / f"{CALLED}.records.npy", "r"),
        whole=load_array(folder / f"{CALLED}.whole.npy", "r"),
    )


def _phrase(name: str) -> str:
    """Return a name as a phrase; empty where it is a description, or a letter."""
    own = [word for word in words(name) if word not in COMPANY_FORMS]
    phrase = phrase_of(own)
    return phrase if len(own) <= MOST_WORDS and len(phrase) >= MIN_CHARS else ""
