"""Where the text of a need wants its partners to be: wished regions, and those that it rules out.

A place in a text mostly tells where the company itself is, or what it has done there;
``place_cues.py`` tells them apart. The places, and what rules one out, are the chat's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from hytki_match.adviser.asking import asking
from hytki_match.adviser.place_clauses import is_aside, is_only_where, read_places, things_of
from hytki_match.adviser.place_cues import with_its_words
from hytki_match.adviser.place_rest import says_no_more
from hytki_match.adviser.place_words import cues
from hytki_match.adviser.sentences import sentences_of
from hytki_match.matching.words import Found, same_length_fold
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REMEMBERED = 512

SHARED = 5
"""Letters at the beginning of a word that make it the same thing: “pilot”, “pilotoida”."""

MOST_OF_A_THING = 2
"""Words of a thing that stands beside a wish, and that the text asks for elsewhere."""

_POINTS = re.compile(r"\b(?:se|sen|sita|siihen|taman?|it|this|that)\b")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a text says of where partners should be.

    ``wanted`` and ``unwanted`` are ids of regions in the order of the text; ``general`` are those
    that are wanted for the need as a whole, not for one thing in it. ``outside`` are wanted places
    that are in no region, as the list of them writes their names, Finnish and English.
    ``only_where`` are the sentences that say nothing else. ``beside`` has each wanted region that
    holds for one thing only, with the words that name this thing; ``is_narrow`` tells whether all
    others may be anywhere. ``soft`` are the wanted regions beside which elsewhere is fine, too.
    """

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    general: frozenset[str] = frozenset()
    outside: tuple[str, ...] = ()
    only_where: frozenset[str] = frozenset()
    beside: Mapping[str, frozenset[str]] = field(default_factory=dict)
    is_narrow: bool = False
    soft: frozenset[str] = frozenset()


@lru_cache(maxsize=REMEMBERED)
def read_wishes(text: str) -> Wishes:
    """Return what a text says of where partners should be; places without such words say nothing.

    A region that is wanted in one sentence and ruled out in another stays wanted.
    """
    sentences = sentences_of(text)
    said = _Said(is_narrow=any(_has("rest", sentence) for sentence in sentences))
    for before, sentence, after in zip(
        ("", *sentences), sentences, (*sentences[1:], ""), strict=False
    ):
        _hear(sentence, before, after, text, said)
    return Wishes(
        tuple(dict.fromkeys(said.wanted)),
        tuple(region for region in dict.fromkeys(said.unwanted) if region not in said.wanted),
        frozenset(said.general),
        tuple(dict.fromkeys(said.outside)),
        frozenset(said.only),
        said.beside,
        said.is_narrow,
        frozenset(said.soft),
    )


@dataclass(slots=True)
class _Said:
    """What the sentences up to one have said; the fields are those of ``Wishes``."""

    is_narrow: bool
    wanted: list[str] = field(default_factory=list)
    unwanted: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    general: set[str] = field(default_factory=set)
    only: set[str] = field(default_factory=set)
    soft: set[str] = field(default_factory=set)
    beside: dict[str, frozenset[str]] = field(default_factory=dict)


def _hear(sentence: str, before: str, after: str, text: str, said: _Said) -> None:
    """Add what one sentence of a text says."""
    read = list(read_places(sentence))
    is_only = is_only_where(sentence) if read else is_aside(sentence)
    named = _named(sentence, before, text, is_narrow=said.is_narrow)
    is_told = is_only or (named is not None and _is_told_beside(sentence, text))
    is_soft = _has("soft", sentence) or (_has("soft", after) and not any(read_places(after)))
    for verdict, run, is_region in read:
        values = [place.value for place in run]
        if verdict == "refuse":
            said.unwanted += values if is_region else []
            continue
        (said.wanted if is_region else said.outside).extend(values)
        said.soft.update(values if is_soft else ())
        if named is not None:
            said.beside |= {v: named | said.beside.get(v, frozenset()) for v in values}
        elif is_only or _has("several", sentence):
            said.general.update(values)
    is_wish = any(verdict == "wish" for verdict, _, _ in read)
    adds = said.wanted and _has("soft", sentence) and says_no_more(sentence)
    if is_only or adds or (is_wish and is_told):
        said.only.add(sentence)


def _has(name: str, sentence: str) -> bool:
    return bool(cues(name).search(same_length_fold(sentence)))


def _named(sentence: str, before: str, text: str, *, is_narrow: bool) -> frozenset[str] | None:
    """Return the words of the one thing that a wish is for; None if it is for all.

    “Preferably it would be tried in Oulu” is for what the sentence before speaks of.
    """
    things = things_of(sentence)
    if is_narrow:
        return frozenset(things or things_of(before))
    if not things:
        points = _POINTS.search(same_length_fold(sentence)) and not _has("anybody", sentence)
        return frozenset(things_of(before)) if points and before else None
    return frozenset(things) if _is_told_beside(sentence, text) else None


def without_wishes(text: str) -> str:
    """Return a text without the places that it wishes for or rules out.

    Whose name or home has the word of a place is no better a partner for it; who is there is told
    by the regions of the records.
    """
    for sentence in sentences_of(text):
        if read := [places for _, places, _ in read_places(sentence)]:
            text = text.replace(sentence, _cut(sentence, read))
    return text


def _cut(sentence: str, runs: Sequence[tuple[Found, ...]]) -> str:
    """Return a sentence without some runs of places, the prepositions and the areas with them."""
    folded = same_length_fold(sentence)
    for run in sorted(runs, key=lambda run: run[0].start, reverse=True):
        start, end = with_its_words(folded, run[0].start, run[-1].end)
        sentence = f"{sentence[:start].rstrip()} {sentence[end:].lstrip()}"
    return re.sub(r"\s+(?=[.,;:!?])", "", sentence).strip(" ,")


def _is_told_beside(sentence: str, text: str) -> bool:
    """Tell whether a text asks elsewhere for the thing that a sentence wishes a place for.

    Where others may be anywhere, any mention of the thing elsewhere will do.
    """
    things = things_of(sentence)
    if _has("search", sentence) or len(things) > MOST_OF_A_THING:
        return False
    others = [s for s in sentences_of(text) if s != sentence]
    if not any(_has("rest", s) for s in (sentence, *others)):
        asked = [s for s in others if any(asking(k).asks(s) for k in LANGUAGES)]
        others = asked if _has("prefer", sentence) else []
    told = same_length_fold(" ".join(others))
    return all(word[:SHARED] in told for word in things)
