"""Kinds of partner that a text does not want: rivals, whom the desk leaves out, and others.

Who makes what a rival makes is told by meaning and by words together; what a hardware vendor or a
consultant is, no row of the corpus says. A refusal that could not be applied is told as such.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hytki_match.adviser.alike import makers_alike, nearest_companies
from hytki_match.adviser.asking import shared
from hytki_match.adviser.place_clauses import read_places
from hytki_match.adviser.private import without_personal_data
from hytki_match.adviser.sentences import sentences_of
from hytki_match.language.analysis import words
from hytki_match.language.function_words import is_function_word
from hytki_match.matching.words import same_length_fold
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from hytki_match.matching import Matcher
    from hytki_match.records import Record

NAMED_ALIKE = 0.35
"""Cosine of a company's own words with what a rival makes, if the company has these words too."""

SHARED = 8
"""Letters at the beginning of a word that make it the same thing: “lääkeannostelija”."""

_CLAUSES = re.compile(r"[;,]\s+")
_RELATIVE = re.compile(r",\s+((?:jotka|jota|joka|who|that|which)\b[^,;]*),?")

_TELLS = re.compile(r"\b(?:to (?:be|become)|has|have|had|was|were|ryhtyä|alkaa|tulla|ole|oo)\b")
"""Who does not want to be somebody, or has found nobody, refuses nobody."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Who is not proposed as a rival, and the sentences whose refusal could not be applied."""

    rivals: frozenset[str] = frozenset()
    not_applied: tuple[str, ...] = ()


def refused_kinds(
    text: str, background: Sequence[str], matcher: Matcher, must: Collection[str] = ()
) -> Refused:
    """Return what a need's refusals of kinds of partner mean.

    Parameters
    ----------
    background
        The sentences of the need that ask for nothing: what the company makes itself.
    must
        Partners that the adviser has pinned: these are welcome all the same.
    """
    rivals, not_applied = set[str](), []
    for sentence, clause in _refusals(without_personal_data(text)):
        found = set[str]()
        if shared()["rivals"].search(clause):
            found = {*makers_alike(background, matcher), *_makers_of(clause, matcher)}
        rivals |= found
        not_applied += [] if found else [sentence]
    return Refused(frozenset(rivals.difference(must)), tuple(dict.fromkeys(not_applied)))


def _refusals(text: str) -> Iterator[tuple[str, str]]:
    """Give each sentence that wants no partner of some kind, with the clause that says so."""
    for sentence in sentences_of(text):
        # Whom it wants from nowhere near is told by the places.
        if any(verdict == "refuse" for verdict, _, _ in read_places(sentence)):
            continue
        # “No rivals, who make rings” says in its relative clause which rivals.
        for clause in _CLAUSES.split(_RELATIVE.sub(r" \1", sentence)):
            refusing = shared()["refusing"].search(clause)
            kind = shared()["kinds"].search(clause)
            if refusing and kind and not _TELLS.search(clause):
                yield sentence, clause
                break


def _makers_of(clause: str, matcher: Matcher) -> set[str]:
    """Return the companies that make what a clause names, by meaning and by its words."""
    thing = clause
    for name in ("refusing", "rivals", "kinds", "nothing"):
        thing = shared()[name].sub(" ", thing)
    named = [w for w in words(same_length_fold(thing)) if len(w) > 2 and not is_function_word(w)]
    if not named:
        return set()
    records = matcher.index.corpus.records
    return {
        doc_id
        for doc_id in nearest_companies([" ".join(words(thing))], NAMED_ALIKE, matcher)
        if all(_has(records[doc_id], word) for word in named)
    }


def _has(record: Record, word: str) -> bool:
    """Tell whether a record has a word, by its beginning."""
    texts = (record.name, record.description, record.keywords)
    told = " ".join(text.get(language) for text in texts for language in LANGUAGES)
    return word[:SHARED] in same_length_fold(told)
