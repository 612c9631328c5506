"""Where the text of a need wants its partners to be: wished regions, and those that it rules out.

A place in a text mostly tells where the company itself is, or what it has done there;
``place_cues.py`` tells them apart. The places, and what rules one out, are the chat's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from hytki_match.adviser.place_cues import runs_of, verdict_of, with_its_words
from hytki_match.adviser.place_words import area_patterns, cues, refusal_patterns
from hytki_match.adviser.sentences import sentences_of
from hytki_match.language.analysis import words
from hytki_match.language.function_words import is_function_word
from hytki_match.matching.outside import find_outside
from hytki_match.matching.places import find_places
from hytki_match.matching.words import Found, same_length_fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

REMEMBERED = 512

SHARED = 5
"""Letters at the beginning of a word that make it the same thing: “pilot”, “pilotoida”."""

_ONLY = (
    "search",
    "somebody",
    "wish",
    "prefer",
    "refuse",
    "neutral",
    "fits",
    "far",
    "stays",
    "before",
    "elsewhere",
    "anybody",
    "filler",
)
"""Lists of words that say nothing beside where."""

_AND = re.compile(r",?\s(?:ja|and|sekä)\s|,\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a text says of where partners should be.

    ``wanted`` and ``unwanted`` are ids of regions in the order of the text; ``general`` are those
    that are wanted for the need as a whole, not for one thing in it. ``outside`` are wanted places
    that are in no region, as the list of them writes their names, Finnish and English.
    ``only_where`` are the sentences that say nothing else. ``beside`` has each wanted region that
    holds for one thing only, as the others may be anywhere, with the words that name this thing.
    """

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    general: frozenset[str] = frozenset()
    outside: tuple[str, ...] = ()
    only_where: frozenset[str] = frozenset()
    beside: Mapping[str, frozenset[str]] = field(default_factory=dict)


@lru_cache(maxsize=REMEMBERED)
def read_wishes(text: str) -> Wishes:
    """Return what a text says of where partners should be; places without such words say nothing.

    A region that is wanted in one sentence and ruled out in another stays wanted.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    outside: list[str] = []
    general, only = set[str](), set[str]()
    beside: dict[str, frozenset[str]] = {}
    sentences = sentences_of(text)
    is_narrow = any(cues("rest").search(same_length_fold(sentence)) for sentence in sentences)
    for before, sentence in zip(("", *sentences), sentences, strict=False):
        read = list(_read(sentence))
        is_only = _is_only_where(sentence) if read else _is_aside(sentence)
        if is_only:
            only.add(sentence)
        for verdict, run, is_region in read:
            values = [place.value for place in run]
            if verdict == "refuse":
                unwanted += values if is_region else []
                continue
            (wanted if is_region else outside).extend(values)
            if is_narrow:
                named = frozenset(_left_of(sentence) or _left_of(before))
                if _is_told_beside(sentence, text):
                    only.add(sentence)
                beside |= {value: named | beside.get(value, frozenset()) for value in values}
            elif is_only or cues("several").search(same_length_fold(sentence)):
                general.update(values)
    return Wishes(
        tuple(dict.fromkeys(wanted)),
        tuple(region for region in dict.fromkeys(unwanted) if region not in wanted),
        frozenset(general),
        tuple(dict.fromkeys(outside)),
        frozenset(only),
        beside,
    )


def _read(sentence: str) -> Iterator[tuple[str, tuple[Found, ...], bool]]:
    """Give what a sentence says of each run of its places: wish or refuse, and whether regions."""
    inside = _regions_in(sentence)
    if not inside and not find_outside(sentence):
        return
    folded = same_length_fold(sentence)
    for places, is_region in ((inside, True), (find_outside(sentence), False)):
        for run in runs_of(folded, places):
            verdict = verdict_of(folded, run)
            if verdict:
                yield verdict, run.places, is_region


def _regions_in(sentence: str) -> tuple[Found, ...]:
    """Return the regions that a sentence names, those of a larger area (“Northern Finland”) too."""
    folded = same_length_fold(sentence)
    wider = [
        Found(region, *match.span())
        for region, pattern in area_patterns().items()
        for match in pattern.finditer(folded)
    ]
    return tuple(sorted((*find_places(sentence), *wider), key=lambda place: place.start))


def without_wishes(text: str) -> str:
    """Return a text without the places that it wishes for or rules out.

    Whose name or home has the word of a place is no better a partner for it; who is there is told
    by the regions of the records.
    """
    for sentence in sentences_of(text):
        if read := [places for _, places, _ in _read(sentence)]:
            text = text.replace(sentence, _cut(sentence, read))
    return text


def _cut(sentence: str, runs: Sequence[tuple[Found, ...]]) -> str:
    """Return a sentence without some runs of places, the prepositions and the areas with them."""
    folded = same_length_fold(sentence)
    for run in sorted(runs, key=lambda run: run[0].start, reverse=True):
        start, end = with_its_words(folded, run[0].start, run[-1].end)
        sentence = f"{sentence[:start].rstrip()} {sentence[end:].lstrip()}"
    return re.sub(r"\s+(?=[.,;:!?])", "", sentence).strip(" ,")


def _is_only_where(sentence: str) -> bool:
    """Tell whether a sentence says nothing but where, or who asks and then where.

    “We are a start-up in Oulu and look for partners in Turku” asks for nothing else either.
    """
    folded = same_length_fold(sentence)
    reason = cues("breaks").search(folded) or cues("reasons").search(folded)
    if reason and not cues("search").search(same_length_fold(sentence[reason.end() :])):
        sentence = sentence[: reason.start()]
    if _says_no_more(sentence):
        return True
    first, _, last = _AND.sub("\0", sentence).rpartition("\0")
    said = same_length_fold(first)
    introduces = cues("own").search(said) and not cues("search").search(said)
    return bool(introduces) and _says_no_more(last) and bool(list(_read(last)))


def introduces(sentence: str) -> bool:
    """Tell whether a sentence says only who writes and where they are: “We are a firm in Oulu”."""
    has_place = _regions_in(sentence) or find_outside(sentence)
    folded = same_length_fold(sentence)
    is_own = cues("own").search(folded) and not cues("search").search(folded)
    return bool(has_place and is_own) and _says_no_more(sentence, ("own", "who", "small"))


def _is_aside(sentence: str) -> bool:
    """Tell whether a sentence without a wish says only who writes, or “the rest anywhere”."""
    is_rest = cues("rest").search(same_length_fold(sentence)) and _says_no_more(sentence)
    return bool(is_rest) or introduces(sentence)


def _is_told_beside(sentence: str, text: str) -> bool:
    """Tell whether a text asks elsewhere for the thing that a sentence wishes a place for."""
    if cues("search").search(same_length_fold(sentence)):
        return False
    others = same_length_fold(text.replace(sentence, " "))
    return all(word[:SHARED] in others for word in _left_of(sentence))


def _says_no_more(sentence: str, more: Sequence[str] = ()) -> bool:
    """Tell whether a text has no word beside its places, those of asking, and some more lists."""
    return not _left_of(sentence, more)


def _left_of(sentence: str, more: Sequence[str] = ()) -> list[str]:
    """Return the words of a sentence, folded, that are none of places, asking and these lists."""
    rest = same_length_fold(sentence)
    places = chain(_regions_in(sentence), find_outside(sentence))
    for start, end in sorted({(place.start, place.end) for place in places}, reverse=True):
        rest = f"{rest[:start]} {rest[end:]}"
    for pattern in chain((cues("rest"),), refusal_patterns(), map(cues, (*_ONLY, *more))):
        rest = pattern.sub(" ", rest)
    return [word for word in words(rest) if not is_function_word(word) and len(word) > 2]
