"""Times that a question names, as intervals of days: years, months, seasons, next and last.

Explicit dates and months are read by dateparser, which knows Finnish; seasons and looking back or
ahead, which it does not know, are a small table here. What stands around a time is read by
:mod:`hytki_match.matching.reaching`, and of which year a month without one is tells
:mod:`hytki_match.matching.coming`.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from hytki_match.matching.coming import (
    AHEAD,
    BACK,
    asks_of_events,
    coming_year,
    step_of,
    year_beside,
)
from hytki_match.matching.reaching import around
from hytki_match.matching.words import same_length_fold

if TYPE_CHECKING:
    from hytki_match.records import Language

OPEN = ".."

_SEASONS = {
    "kevat": (3, 5), "kevaa": (3, 5), "spring": (3, 5),
    "kesa": (6, 8), "summer": (6, 8),
    "syks": (9, 11), "syys": (9, 11), "autumn": (9, 11), "fall": (9, 11),
    "talv": (12, 2), "winter": (12, 2),
}  # fmt: skip
_THIS = (
    r"tana|tama|taman|talle|talla|tassa|kuluvan|this|viime|edellisen?a?|last|previous|ensi|next|"
    r"tulevana"
)

_YEAR = re.compile(
    r"(?<![\w.:])(?<!\d/)"
    r"(?<!horisontti )(?<!horizon )(?<!agenda )(?<!visio )(?<!vision )(?<!strategy )(?<!strategia )"
    r"((?:vuo(?:nna|den|tta|sina|si)|in(?:\s+the\s+year)?|year)\s+)?((?:19|20)\d\d)"
    r"(?::(?:n|ta|ssa|sta|lla|lta|lle|ksi|na|een|aan))?"
    r"(?!\w|\.\d|/(?!(?:19|20)\d\d(?!\d))\d|-[a-z])"
)
"""No year is the number of an act (2017/745), of a standard (13485:2016) or of a programme."""

_DECADE = re.compile(r"(?<![\w.:/])((?:19|20)\d0)(?:s|-lu(?:ku|vu)\w*)(?!\w)")
ROUND = 2000
YEARS_AHEAD = 15
"""A larger number is hardly a year of anything that is planned."""

_SEASON = re.compile(
    rf"(?<!\w)(?:({_THIS})\s+)?"
    r"(kevat\w*|kevaa\w*|kesa(?:lla|na|n|a|an|sta|ksi|lle)?|syksy\w*|talvi|talve\w*|spring|summer|autumn|fall|winter)"
    r"(?:\s+((?:19|20)\d\d))?(?!\w)"
)
_BARE_SEASON = re.compile(
    r"(?:kevaa(?:n|lla|lle|ksi)|kesa(?:n|lla|lle|ksi)|syksy(?:n|lla|lle|ksi)|talve(?:n|lla|lle|ksi))$"
)
_IN = re.compile(r"(?<!\w)(?:in|during|for)(?:\s+the)?\s+$")
_FIGURE = re.compile(r"\s+['’]?\d")
_IN_THE = re.compile(r"(?<!\w)(?:in|during)\s+the\s+$")
"""In English *fall* alone is mostly no season."""

_MONTHS = "tammi|helmi|maalis|huhti|touko|kesa|heina|elo|syys|loka|marras|joulu"
_EXPLICIT = re.compile(
    rf"(?<!\w)(?:({_THIS})\s+)?((?:{_MONTHS})kuu(?:n|ta|ssa|sta|hun|lla|lta|lle|ksi|na)?(?:\s+(?:19|20)\d\d)?"
    r"|(?:january|february|march|april|june|july|august|september|october|november|december)"
    r"(?:\s+(?:19|20)\d\d)?|may\s+(?:19|20)\d\d|(?<=(?:this|last|next)\s)may|(?<=\bin\s)may"
    r"|\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d"
    r"|tomorrow|huomenna|today|tanaan)(?!\w)"
)
_MONTH_CASE = re.compile(r"(?i)(?<=\w)(kuu)\w+")
"""dateparser knows some cases of a month's name, but not all."""

_ENDS_IN_YEAR = re.compile(r"\d{4}$")

_RELATIVE = re.compile(rf"(?<!\w)({_THIS})\s+(viiko\w*|kuu\w*|vuo\w*|week|month|year)(?!\w)")


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Days from ``first`` to ``last``, either open (None) or not, and where they were said.

    ``dated`` tells that their year was said.
    """

    first: date | None
    last: date | None
    start: int
    end: int
    dated: bool = True

    @property
    def value(self) -> str:
        """The interval in ISO form: ``2026-03-01/2026-05-31``, open ends as two dots.

        *Since* and *before* a day end with the last and begin with the first day of all,
        ``9999-12-31`` and ``0001-01-01``.
        """
        ends = (day.isoformat() if day else OPEN for day in (self.first, self.last))
        return "/".join(ends)


def parse_interval(value: str) -> tuple[str, str]:
    """Return the ends of an interval as ISO days, open ends as the least and the largest text."""
    first, _, last = value.partition("/")
    return ("" if first == OPEN else first, "9999" if last == OPEN else last)


@dataclass(frozen=True, slots=True)
class _Text:
    """A question that is looked through."""

    question: str
    folded: str
    language: Language
    today: date

    def find(self, pattern: re.Pattern[str], at: int | None) -> re.Match[str] | None:
        """Return the first match, or the one that begins at a place."""
        return pattern.search(self.folded) if at is None else pattern.match(self.folded, at)


def find_time(question: str, language: Language, today: date) -> TimeSpan | None:
    """Return the first time that a question names, or None.

    Parameters
    ----------
    today
        The day that *next* and *last* are counted from.
    """
    text = _Text(question, same_length_fold(question), language, today)
    found = _time(text, None)
    if found is None:
        return _direction(text)
    return around(found, text.folded, partial(_time, text))


def _time(text: _Text, at: int | None) -> TimeSpan | None:
    """Return the first closed time of a text, or the one that begins at a place."""
    found = [finder(text, at) for finder in (_season, _explicit, _relative, _decade, _year)]
    # Of two that begin together the first: a day is no year, a month of last year not all of it.
    return min(filter(None, found), key=lambda span: span.start, default=None)


def _season(text: _Text, at: int | None) -> TimeSpan | None:
    match = text.find(_SEASON, at)
    while match and not (match[1] or match[3] or _is_asked_of(match, text)):
        # Such a word says more often when an asker is on the move than what is looked for.
        match = None if at is not None else _SEASON.search(text.folded, match.end())
    if not match:
        return None
    first, last = next(months for stem, months in _SEASONS.items() if match[2].startswith(stem))
    start, end = match.span()
    beside = None if match[1] or match[3] else year_beside(text.folded, start, end, text.today)
    if match[3]:
        year = int(match[3])
    elif match[1]:
        year = text.today.year + _season_step(match[1], first, last, text.today)
    elif beside:
        year, start, end = beside
    else:
        year = coming_year(text.folded, start, first, last, text.today)
    dated = bool(match[1] or match[3] or beside)
    end_year = year + (last < first)
    return TimeSpan(date(year, first, 1), _month_end(end_year, last), start, end, dated)


def _is_asked_of(match: re.Match[str], text: _Text) -> bool:
    """Tell whether a season without a year says when what is asked for is to be."""
    start, end = match.span()
    if _FIGURE.match(text.folded, end):
        return False  # "keväällä 24" is of a year that two figures do not tell for sure
    before = (_IN_THE if match[2] == "fall" else _IN).search(text.folded[:start])
    if not (before or _BARE_SEASON.match(match[2])):
        return False
    beside = year_beside(text.folded, start, end, text.today)
    return bool(beside) or asks_of_events(text.folded, start)


def _season_step(word: str, first: int, last: int, today: date) -> int:
    """Return how many years *last* or *next* moves a season of this year."""
    step = step_of(word)
    if last < first and today.month <= last:
        return step - 1  # in January the winter that goes on is that of the year before
    if step < 0:
        # Last autumn, said in November of the same year's autumn or later, is this year's.
        return 0 if first <= last < today.month else -1
    return int(step > 0 and first <= today.month)


def _relative(text: _Text, at: int | None) -> TimeSpan | None:
    match = text.find(_RELATIVE, at)
    if not match:
        return None
    today = text.today
    step = step_of(match.group(1))
    unit = match.group(2)
    if unit.startswith(("vuo", "year")):
        year = today.year + step
        first, last = date(year, 1, 1), date(year, 12, 31)
    elif unit.startswith(("kuu", "month")):
        number = today.year * 12 + today.month - 1 + step
        first = date(number // 12, number % 12 + 1, 1)
        last = _month_end(first.year, first.month)
    else:
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        last = first + timedelta(days=6)
    return TimeSpan(first, last, match.start(), match.end())


def _explicit(text: _Text, at: int | None) -> TimeSpan | None:
    match = text.find(_EXPLICIT, at)
    if not match:
        return None
    if match[2] == "may" and not match[1] and not asks_of_events(text.folded, match.start()):
        return None  # "in May" says mostly when the asker does something
    words = _MONTH_CASE.sub(r"\1", text.question[match.start(2) : match.end()])
    # Day before month, whatever the language: with full stops a date is written the Finnish way.
    order = "DMY" if "." in words else "YMD"
    found = _parser(text.language, text.today, order).get_date_data(words)
    if found.date_obj is None:
        return None
    day = found.date_obj.date()
    if found.period != "month":
        return TimeSpan(day, day, match.start(2), match.end())
    if _ENDS_IN_YEAR.search(words):
        return _month(day.year, day.month, match.start(2), match.end())
    return _month_without_year(text, match, day.month)


def _month_without_year(text: _Text, match: re.Match[str], month: int) -> TimeSpan:
    """Return a month whose year other words tell, or none do."""
    start, end, this_year = *match.span(), text.today.year
    if match[1]:
        step = step_of(match[1])
        ahead = month > text.today.month
        behind = month < text.today.month
        year = this_year + (step > 0 and not ahead) - (step < 0 and not behind)
        return _month(year, month, start, end)
    if beside := year_beside(text.folded, start, end, text.today):
        return _month(beside[0], month, *beside[1:])
    year = coming_year(text.folded, start, month, month, text.today)
    return replace(_month(year, month, start, end), dated=False)


def _month(year: int, month: int, start: int, end: int) -> TimeSpan:
    return TimeSpan(date(year, month, 1), _month_end(year, month), start, end)


def _decade(text: _Text, at: int | None) -> TimeSpan | None:
    match = text.find(_DECADE, at)
    if not match:
        return None
    year = int(match.group(1))
    return TimeSpan(date(year, 1, 1), date(year + 9, 12, 31), match.start(), match.end())


def _year(text: _Text, at: int | None) -> TimeSpan | None:
    match = text.find(_YEAR, at)
    if not match:
        return None
    year = int(match.group(2))
    # "2000 beds", "2050 patients": such a number is a year only where it is called one.
    is_odd = year == ROUND or year > text.today.year + YEARS_AHEAD
    if is_odd and not match.group(1):
        return None
    return TimeSpan(date(year, 1, 1), date(year, 12, 31), match.start(), match.end())


def _direction(text: _Text) -> TimeSpan | None:
    ahead = AHEAD.search(text.folded)
    if ahead:
        return TimeSpan(text.today, None, ahead.start(), ahead.end())
    back = BACK.search(text.folded)
    return TimeSpan(None, text.today, back.start(), back.end()) if back else None


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


@lru_cache(maxsize=8)
def _parser(language: Language, today: date, order: str) -> Any:  # noqa: ANN401 - dateparser has no types
    # Deferred: only a question that names a month or a day needs it.
    from dateparser.date import DateDataParser

    base = datetime(today.year, today.month, today.day)
    settings = {"RELATIVE_BASE": base, "PREFER_DAY_OF_MONTH": "first", "DATE_ORDER": order}
    languages = ["fi", "en"] if language == "fi" else ["en", "fi"]
    return DateDataParser(languages=languages, settings=settings)
