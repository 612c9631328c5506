"""A sentence about places, read clause by clause: a refusal in one is none in the next."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hytki_match.adviser.place_cues import Run, runs_of, verdict_of
from hytki_match.adviser.place_rest import introduces, left_of, regions_in, says_no_more
from hytki_match.adviser.place_words import cues
from hytki_match.language.analysis import words
from hytki_match.matching.outside import find_outside
from hytki_match.matching.words import same_length_fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hytki_match.matching.words import Found

_BOUNDS = re.compile(
    r"\s*[;–—]\s*|,\s+|\s+(?=(?:ja|mutta|mut|and|but|while|emmeka|eika|enka)\s)", re.IGNORECASE
)
_INSIDE = re.compile(r"\b(?:who|which|that|if|jos|jo(?:ka|ta|lla|lta|ssa|tka))\b")
_NOT = re.compile(r"\b(?:ei|eika|emme|emmeka|en|enka|eivat|alkaa|not|no|nobody|none|never)\b|n't\b")
_STOPS = re.compile(r"\s*[;–—]\s*")
_COMMAS = re.compile(r",\s+(?:(?:ja|mutta|mut|and|but|so|joten)\s+)?", re.IGNORECASE)
_AND = re.compile(r",?\s(?:ja|and|sekä)\s|,\s", re.IGNORECASE)


def read_places(sentence: str) -> Iterator[tuple[str, tuple[Found, ...], bool]]:
    """Give what a sentence says of each run of its places: wish or refuse, and whether regions."""
    inside, outside = regions_in(sentence), find_outside(sentence)
    if not inside and not outside:
        return
    folded = same_length_fold(sentence)
    refusing = list(_refusing(sentence, [*inside, *outside]))
    rest = folded
    for start, end in refusing:
        rest = f"{rest[:start]}{' ' * (end - start)}{rest[end:]}"
    for places, is_region in ((inside, True), (outside, False)):
        refused = tuple(place for place in places if _is_in(place, refusing))
        for run in runs_of(rest, [place for place in places if place not in refused]):
            # What is wanted instead is known by the refusal before it: “vaan Kuopiosta”.
            verdict = verdict_of(rest, run) or verdict_of(folded, run)
            # A “not” that no list knows refuses nobody for sure, but wishes for nobody either.
            if verdict and not (verdict == "wish" and _is_denied(folded, run)):
                yield verdict, run.places, is_region
        if refused:
            yield "refuse", refused, is_region


def _is_denied(folded: str, run: Run) -> bool:
    """Tell whether a negation stands beside a run in its own clause, if the sentence has others."""
    bounds = [
        bound for bound in _BOUNDS.finditer(folded) if not run.start <= bound.start() < run.end
    ]
    start = max((bound.end() for bound in bounds if bound.end() <= run.start), default=0)
    stop = min((bound.start() for bound in bounds if bound.start() >= run.end), default=len(folded))
    clause = _INSIDE.split(folded[run.end : stop], maxsplit=1)[0]
    said = f"{folded[start : run.start]} {clause}"
    return bool(bounds) and bool(_NOT.search(said)) and not cues("but").search(said)


def _is_in(place: Found, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place.start and place.end <= end for start, end in spans)


def _refusing(sentence: str, places: Sequence[Found]) -> Iterator[tuple[int, int]]:
    """Give the stretches of the clauses that want nobody from where they name."""
    folded, start = same_length_fold(sentence), 0
    rows = list(runs_of(folded, sorted(places, key=lambda place: place.start)))
    cuts = [bound.span() for bound in _BOUNDS.finditer(folded)]
    for stop, following in [*cuts, (len(sentence), len(sentence))]:
        # “Oulusta, Turusta ja Kuopiosta emme etsi ketään”: a row of places is of one clause,
        # unless a wish stands before it.
        row = next((run for run in rows if run.start <= stop < run.end), None)
        if row and not _is_wished(folded[start : row.start]):
            continue
        here = [place for place in places if start <= place.start and place.end <= stop]
        if here and _refuses(sentence[start:stop]):
            yield start, stop
        start = following


def _is_wished(before: str) -> bool:
    return any(cues(kind).search(before) for kind in ("search", "wish", "prefer"))


def _refuses(clause: str) -> bool:
    """Tell whether a clause says no more than that nobody from its place is wanted."""
    folded = same_length_fold(clause)
    anybody, bare = (cues(name).sub(" ", folded) for name in ("wants_nobody", "wants_not"))
    rest = anybody if anybody != folded else bare
    if rest == folded or any(
        cues(kind).search(rest) for kind in ("search", "wish", "prefer", "but", "own")
    ):
        return False
    return rest is anybody or says_no_more(bare)


def is_only_where(sentence: str) -> bool:
    """Tell whether a sentence says nothing but where, and why, or who asks and then where.

    “We are a start-up in Oulu and look for partners in Turku” asks for nothing else either.
    """
    return all(_is_only_where(clause) for clause in _STOPS.split(sentence) if words(clause))


def _is_only_where(sentence: str) -> bool:
    told = without_reason(sentence)
    if says_no_more(told):
        return True
    first, _, last = _AND.sub("\0", told).rpartition("\0")
    said = same_length_fold(first)
    is_own = cues("own").search(said) and not cues("search").search(said)
    if is_own and says_no_more(last) and any(read_places(last)):
        return True
    return all(introduces(clause) or says_no_more(clause) for clause in _COMMAS.split(told))


def without_reason(sentence: str) -> str:
    """Return a sentence without why partners should be there, unless that asks for something."""
    folded = same_length_fold(sentence)
    reason = cues("breaks").search(folded) or cues("reasons").search(folded)
    if reason and not cues("search").search(folded[reason.end() :]):
        return sentence[: reason.start()]
    return sentence


def is_aside(sentence: str) -> bool:
    """Tell whether a sentence without a wish says only who writes, or where."""
    is_about = cues("rest").search(same_length_fold(sentence)) or regions_in(sentence)
    return bool(is_about and says_no_more(sentence)) or introduces(sentence)


def things_of(sentence: str) -> list[str]:
    """Return the words of the thing for which a sentence wishes a place, without the reason."""
    return left_of(without_reason(sentence))
