"""The limits that a question sets: regions, kinds of record, times. What is left is its topic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hytki_match.matching.counts import find_count
from hytki_match.matching.excluding import find_excluded, is_left_open
from hytki_match.matching.places import find_places
from hytki_match.matching.times import OPEN, find_time
from hytki_match.matching.words import (
    Found,
    blanked,
    find,
    limits,
    list_pattern,
    same_length_fold,
)
from hytki_match.records import Constraint

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date

    from hytki_match.records import ConstraintName, Language

_GAP = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_CLAUSE = re.compile(r"[.!?:;,–—]\s|\s-\s")
"""What ends a sentence, or a part of one after which a new thought begins."""

_SENTENCE = re.compile(r"[.!?:;]\s")
_INTO_PLACE = re.compile(r"\s+(?:(?:in|from|near|around|tai|or|and|ja)\s+)*")
MOST_LISTED_WORDS = 7
"""Words of a question that asks for a list of organisations of a kind, and little beside."""

_ASKER = re.compile(
    r"(?<!\w)(?:(?:we're|we\s+are|i'm|i\s+am|our|my|i\s+(?:run|own|have)|we\s+(?:run|own)"
    r"|olemme|olen|oon|ollaan|meidan|minun)(?:\s+[\w-]+){0,3}|as\s+an?(?:\s+\w+)?)\s+$"
)
_MACHINE = re.compile(
    r"(?:for|of)\s+(?:ai|ml|models?|algorithms?)\s+training(?!\w)"
    r"|training\s+(?:(?:an?|the|our|its)\s+)?"
    r"(?:data|sets?|ai|ml|algorithms?|models?|neural|classifiers?|networks?)(?!\w)"
    r"|(?:tekoaly|mallin|mallien|algoritmi|koneoppimis|neuroverk)\w*\s+koulutukseen(?!\w)"
)
_NOT = re.compile(r"(?<!\w)(?:not|ei|eika|en|enka|emme|eivat|never)\s+$")

ONLY_REACH = 3
"""Words that may stand between *only* and the nearest of the limits that it makes strict."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What limits a question: constraints, what it rules out, and the rest of its words.

    ``topic`` is the question without the words of its constraints. ``count`` is how many results
    it asks for, 0 where it does not say.
    """

    constraints: tuple[Constraint, ...]
    unwanted: tuple[Constraint, ...]
    topic: str
    count: int = 0


def find_limits(
    question: str,
    language: Language,
    region_ids: Collection[str],
    today: date,
    without: Collection[str] = (),
    called: Callable[[str], Sequence[str]] = lambda _: (),
) -> Limits:
    """Find the limits of a question.

    Parameters
    ----------
    region_ids
        Regions of the corpus; a place outside them is no constraint.
    today
        The day that relative times are counted from.
    without
        Keys of constraints that the asker removed: their words stay part of the topic.
    called
        Gives the ids of the records that some words, and nothing beside them, are the name of.
    """
    folded, places, count = same_length_fold(question), find_places(question), find_count(question)
    # "Yritystä Turusta, jotka": a place between is no part of what a list of words says.
    placeless = blanked(question, places)
    # Some only count as a kind right after a number.
    counted = (one for one in find("counted", question) if _is_counted(placeless, one, count))
    named = (*find("kind", placeless), *_listed(placeless))
    wanted = (
        one for one in named if not (_of_machines(placeless, one) or _is_asker(placeless, one))
    )
    kinds = (*wanted, *counted)
    excluded = find_excluded(question, places, kinds, region_ids, called)
    negated = [Found("", one.start, one.end) for one in excluded]
    # Taking "not Turku" off asks for no Turku, either.
    excluded = [one for one in excluded if one.limit.key not in without]
    cut = [Found("", one.start, one.end) for one in excluded]
    regions = [place for place in places if place.value in region_ids and _is_where(folded, place)]
    found: list[tuple[ConstraintName, Found]] = [("region", place) for place in regions]
    found += [("kind", kind) for kind in kinds if not is_left_open(folded, kind.start)]
    found = [(name, one) for name, one in found if not _is_within(one, negated)]
    span = find_time(question, language, today)
    # "Innovation and Skills 2021–2027" is a name.
    if span and not called(question.strip(" ?!.")):
        found.append(("time", Found(span.value, span.start, span.end)))
    constraints: dict[str, Constraint] = {}
    strict_spans = [*_only_spans(question, [one for _, one in found])]
    strict_spans += _counted_spans(placeless, kinds, places, count)
    for name, one in found:
        words = _said(question, one, places) if name == "kind" else question[one.start : one.end]
        strict = any(start <= one.start < end for start, end in strict_spans)
        strict = strict or (name == "time" and OPEN not in one.value)
        asked = name == "kind" and _is_asked_for(question, placeless, one, count)
        constraint = Constraint(name, one.value, words, strict=strict, asked=asked)
        if constraint.key in without:
            continue
        if asked or constraint.key not in constraints:
            constraints[constraint.key] = constraint
        if name != "kind":
            cut.append(one)
    cut += [count] if count else []
    return Limits(
        tuple(constraints.values()),
        tuple({one.limit.key: one.limit for one in excluded}.values()),
        _without_spans(question, cut),
        int(count.value) if count else 0,
    )


def _of_machines(text: str, kind: Found) -> bool:
    """Tell whether a training is one of models: "data for AI training", "mallin koulutukseen"."""
    if kind.value != "training":
        return False
    spans = _MACHINE.finditer(same_length_fold(text))
    return any(span.start() <= kind.start < span.end() for span in spans)


def _listed(text: str) -> Iterator[Found]:
    """Give the kinds of organisation of which a list is asked for, and nothing beside them."""
    folded = same_length_fold(text)
    is_short = len(_WORD.findall(folded)) <= MOST_LISTED_WORDS
    asks = is_short and list_pattern("listed", "asks").match(folded.lstrip())
    for kind in limits()["listed"]:
        said = list_pattern("listed", kind).search(folded) if asks and kind != "asks" else None
        if said:
            yield Found(kind, *said.span())


def _is_asker(text: str, kind: Found) -> bool:
    """Tell whether a company is who asks, or whom somebody sells to: "we are a company making"."""
    if kind.value != "companies":
        return False
    before = same_length_fold(text)[: kind.start]
    return bool(_ASKER.search(_CLAUSE.split(before)[-1]))


def _is_where(folded: str, place: Found) -> bool:
    """Tell whether a place says where something is wanted, not for whom ("oululaiselle")."""
    of_whom = folded[place.start : place.end].endswith(("laiselle", "laisille"))
    return not (of_whom or is_left_open(folded, place.start))


def _counted_spans(
    placeless: str, kinds: Sequence[Found], places: Sequence[Found], count: Found | None
) -> list[tuple[int, int]]:
    """Return where limits filter that stand right after how many are asked for.

    "Three companies in Oulu" are no association of the whole country.
    """
    counted = [kind for kind in kinds if _is_counted(placeless, kind, count)]
    near = [
        place
        for place in places
        for kind in counted
        if (count and count.end <= place.start < kind.start)
        or (place.start >= kind.end and _INTO_PLACE.fullmatch(placeless[kind.end : place.start]))
    ]
    return [(one.start, one.end) for one in (*counted, *near)]


def _is_counted(placeless: str, kind: Found, count: Found | None) -> bool:
    """Tell whether a kind stands right after the number of results that are asked for."""
    return count is not None and not placeless[count.end : kind.start].strip()


def _is_within(one: Found, spans: Sequence[Found]) -> bool:
    return any(span.start <= one.start < span.end for span in spans)


def _only_spans(question: str, found: Sequence[Found]) -> list[tuple[int, int]]:
    """Return the sentences whose limits an *only* makes filters: it stands near to one of them.

    "Only companies in Oulu or Turku", "Turku or nearby only"; in "they have only tried it" it is
    about nothing of the kind, and "not only in Oulu" says the opposite.
    """
    spans = []
    folded = same_length_fold(question)
    for word in find("only", question):
        if _NOT.search(folded[: word.start]):
            continue
        ends = [match.end() for match in _SENTENCE.finditer(question)]
        start = max((end for end in ends if end <= word.start), default=0)
        end = min((end for end in ends if end > word.start), default=len(question))
        for one in found:
            first, second = sorted((word, one), key=lambda span: span.start)
            between = question[first.end : second.start]
            if start <= one.start < end and len(_WORD.findall(between)) <= ONLY_REACH:
                spans.append((start, end))
    return spans


def _said(question: str, kind: Found, places: Sequence[Found]) -> str:
    """Return the words of a kind, up to a place that stands among them."""
    ends = [place.start for place in places if kind.start < place.start < kind.end]
    return question[kind.start : min(ends, default=kind.end)].strip()


def _is_asked_for(question: str, placeless: str, kind: Found, count: Found | None) -> bool:
    """Tell whether a kind stands where the thing that is asked for stands."""
    lists = limits()["asked_for"]
    if kind.value not in lists["kinds"]:
        return False
    if _is_counted(placeless, kind, count):
        return True
    # "Mitka yritykset" is a word of the list itself.
    words = same_length_fold(question[kind.start : kind.end]).split()
    clause = _WORD.findall(_CLAUSE.split(same_length_fold(question[: kind.start]))[-1])
    # For whom it is says nothing of what is asked for: "pienelle yritykselle rahoitusta".
    clause = [word for word in clause if not word.endswith("lle")]
    if any(word in lists["after"] for word in (*clause[-2:], *words[:-1])):
        return True
    return len(clause) <= 1 and not set(clause) & set(lists["not_after"])


def _without_spans(text: str, spans: Sequence[Found]) -> str:
    """Return a text without some stretches of it."""
    kept, at = [], 0
    for span in sorted(spans, key=lambda one: one.start):
        kept.append(text[at : max(at, span.start)])
        at = max(at, span.end)
    return _GAP.sub(" ", "".join((*kept, text[at:]))).strip()


def mentions(section: str, text: str) -> bool:
    """Tell whether a text has one of the words of a section of ``limits.toml``."""
    return any(find(section, text))
