"""What stands around a time: *before*, *since*, *by the end of*, *from … to*, *… tai myöhemmin*.

Without it, "before 2024" would mean 2024. *Before 2024* begins with the first day that a calendar
can have, *since 2024* ends with the last: these are limits, while *upcoming* is open.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from hytki_match.matching.times import TimeSpan

    Bound = Literal["before", "until", "since", "after"]

_DAY = timedelta(days=1)

# In this order: what is not before a time is since it.
_SAID_BEFORE: tuple[tuple[Bound, str], ...] = (
    (
        "since",
        r"(?:no|not)\s+(?:earlier\s+than|before|until)|(?:on|in)\s+or\s+after|since(?:\s+at\s+least)?"
        r"|starting\s+(?:from|in)|as\s+of|aikaisintaan|alkaen|vuodesta",
    ),
    (
        "until",
        r"(?:no|not)\s+later\s+than|not\s+after|(?:on|in)\s+or\s+before|until|till|up\s+to|by"
        r"|viimeistaan",
    ),
    ("before", r"before|prior\s+to|earlier\s+than|ennen"),
    ("after", r"after|later\s+than"),
)
_LEADS = tuple(
    (
        bound,
        re.compile(
            rf"(?<!\w)(?:{words})(?:\s+(?:the\s+)?(beginning|start|end)\s+of)?"
            r"(?:\s+the)?(?:\s+year)?\s+$"
        ),
    )
    for bound, words in _SAID_BEFORE
)
_LEAD_AT = re.compile(
    rf"(?:{'|'.join(words for _, words in _SAID_BEFORE)})"
    r"(?:\s+(?:the\s+)?(?:beginning|start|end)\s+of)?(?:\s+the)?(?:\s+year)?\s+"
)
_EDGE = re.compile(
    r"\s+(?:(lop(?:pu(?:un|a)?|u(?:n|sta|ssa)))|al(?:ku(?:un|a)?|u(?:n|sta|ssa)))(?!\w)"
)
_INTO = re.compile(r"uun$")
_SAID_AFTER: tuple[tuple[Bound, str], ...] = (
    (
        "since",
        r"(?:or|and)\s+(?:later|after|since)|onwards?|(?:tai|ja)\s+(?:myohemmin|sen\s+jalkeen)"
        r"|alkaen|lahtien|eteenpain",
    ),
    ("until", r"or\s+(?:before|earlier)|at\s+the\s+latest|tai\s+(?:aiemmin|ennen)|mennessa"),
    ("after", r"jalkeen|jalkei\w+"),
    ("before", r"edelta\w+"),
)
_TRAILS = tuple((bound, re.compile(rf"\s+(?:{words})(?!\w)")) for bound, words in _SAID_AFTER)
_UP_TO = re.compile(r"\s+(?:asti|saakka)(?!\w)")
_OUT_OF = re.compile(r"\w*(?:sta|lta)(?:\s+(?:19|20)\d\d)?$")
"""A time that something begins with: *vuodesta 2022 asti* is since, *vuoteen 2022 asti* until."""

_ON = re.compile(r"\s+on(?=[\s.,;:!?]|$)")
_FROM = re.compile(r"(?<!\w)from\s+(?:the\s+year\s+)?$")
_OPENING = re.compile(r"(?<!\w)(?:between|from|vuodesta|vuoteen|vuosien|vuosilta)\s+$")
_BETWEEN = re.compile(r"(?<!\w)between\s+$")
_RANGED = re.compile(
    r"\s*[-\u2013\u2014]\s*|\s+(?:to|until|till|through|vuoteen)\s+(?:the\s+end\s+of\s+)?"
)
_LISTED = re.compile(r"\s+(?:and|or|ja|tai|seka)\s+(?:in\s+)?")
_INTO_ANOTHER = re.compile(r"\s+(?=\w+(?:uun|een|aan|hun)(?!\w))")
_AMID = re.compile(r"\s+(?:valilla|valisena|valiset)(?!\w)")
_FURTHER = re.compile(r",?\s+(?:and|but|ja|mutta)\s+")


def around(span: TimeSpan, folded: str, time_at: Callable[[int], TimeSpan | None]) -> TimeSpan:
    """Return a time with what stands around it.

    Parameters
    ----------
    span
        A time as it was found, closed on both sides.
    folded
        The question, folded.
    time_at
        Gives the time that is said at some place of the question, if one begins there.
    """
    if span.first is None or span.last is None:
        return span
    reached = _to_another(span, folded, time_at)
    bounded = _bounded(reached, folded, span)
    if bounded.last != date.max:
        return bounded
    further = _FURTHER.match(folded, bounded.end)
    lead = _LEAD_AT.match(folded, further.end()) if further else None
    other = time_at(lead.end()) if lead else None
    if other:
        closing = _bounded(other, folded, other)
        if closing.first == date.min:
            return replace(bounded, last=closing.last, end=closing.end)
    return bounded


def _to_another(span: TimeSpan, folded: str, time_at: Callable[[int], TimeSpan | None]) -> TimeSpan:
    """Return a time that reaches to another: *2017–2019*, *from May to July*, *2025 ja 2026*."""
    before = folded[: span.start]
    listed = _LISTED.match(folded, span.end)
    gap = _RANGED.match(folded, span.end) or listed
    if gap is None and _OUT_OF.search(folded[: span.end]):
        gap = _INTO_ANOTHER.match(folded, span.end)
    other = time_at(gap.end()) if gap else None
    if (
        gap is None
        or other is None
        or not (span.first and span.last and other.first and other.last)
    ):
        return span
    first, last = _of_one_year(span, other)
    amid = _AMID.match(folded, other.end)
    if gap is listed and not (
        _BETWEEN.search(before)
        or amid
        or (_is_year(span) and _is_year(other) and not _lead(before))
    ):
        return span
    if other.first <= span.last <= other.last and not _is_year(span):
        last = span.last  # a winter said with both its years
    if last < first:
        return span
    opening = _OPENING.search(before)
    start = opening.start() if opening else span.start
    return replace(span, first=first, last=last, start=start, end=amid.end() if amid else other.end)


def _of_one_year(span: TimeSpan, other: TimeSpan) -> tuple[date, date]:
    """Return the first day of one time and the last of another, whose year may be said once.

    "From January to March 2024"; "marraskuusta helmikuuhun" reaches into the next year.
    """
    first, last = span.first or date.min, other.last or date.max
    if span.dated and not other.dated:
        last = _in_year(last, first.year + (last.month < first.month))
    elif other.dated and not span.dated:
        first = first.replace(year=last.year, day=1)
    if last < first and not span.dated:
        first = first.replace(year=last.year - (last.month < first.month), day=1)
    return first, last


def _in_year(last: date, year: int) -> date:
    """Return the last day of a month in another year."""
    return date(year, last.month, calendar.monthrange(year, last.month)[1])


def _is_year(span: TimeSpan) -> bool:
    """Tell whether a time is one whole year."""
    first, last = span.first, span.last
    return bool(first and last and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31))


def _lead(before: str) -> tuple[Bound, re.Match[str]] | None:
    """Return what bounds a time by standing before it, and where."""
    for bound, pattern in _LEADS:
        found = pattern.search(before)
        if found:
            return bound, found
    return None


def _bounded(span: TimeSpan, folded: str, alone: TimeSpan) -> TimeSpan:
    """Return a time as what stands before or after it bounds it.

    Parameters
    ----------
    alone
        The time without another one that it reaches to.
    """
    edge, end = "", span.end
    found = _EDGE.match(folded, end)
    if found:
        edge, end = "end" if found.group(1) else "start", found.end()
    trail = _trail(folded, end, span)
    if trail is None and found and _INTO.search(found.group()):
        trail = "until", end  # "vuoden 2024 loppuun"
    if trail:
        opening = _OPENING.search(folded[: span.start])
        start = opening.start() if opening else span.start
        return _cut(span, trail[0], edge, start, trail[1])
    lead = _lead(folded[: span.start]) if span == alone else None
    if lead is None:
        return span
    bound, said = lead
    if said.group(1):
        edge = "end" if said.group(1) == "end" else "start"
    return _cut(span, bound, edge, said.start(), end if found else span.end)


def _trail(folded: str, end: int, span: TimeSpan) -> tuple[Bound, int] | None:
    """Return what bounds a time by standing after it, and where that ends."""
    for bound, pattern in _TRAILS:
        found = pattern.match(folded, end)
        if found:
            return bound, found.end()
    found = _UP_TO.match(folded, end)
    if found:
        return "since" if _OUT_OF.search(folded[:end]) else "until", found.end()
    found = _ON.match(folded, end)
    if found and _FROM.search(folded[: span.start]):
        return "since", found.end()
    return None


def _cut(span: TimeSpan, bound: Bound, edge: str, start: int, end: int) -> TimeSpan:
    """Return the days that a bound leaves; ``edge`` is the end of the time that it speaks of."""
    first, last = span.first or date.min, span.last or date.max
    if bound in ("before", "until"):
        whole = edge == "end" or (bound == "until" and not edge)
        return replace(
            span, first=date.min, last=last if whole else first - _DAY, start=start, end=end
        )
    whole = edge == "start" or (bound == "since" and not edge)
    return replace(span, first=first if whole else last + _DAY, last=date.max, start=start, end=end)
