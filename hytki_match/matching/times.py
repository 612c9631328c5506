"""Times that a question names, as intervals of days: years, months, seasons, next and last.

Explicit dates and months are read by dateparser, which knows Finnish; seasons and looking back or
ahead, which it does not know, are a small table here. What stands around a time is read by
:mod:`hytki_match.matching.reaching`.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

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
_STEP = {
    "viime": -1,
    "last": -1,
    "edellise": -1,
    "previous": -1,
    "ensi": 1,
    "next": 1,
    "tulevan": 1,
}
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
_MONTHS = "tammi|helmi|maalis|huhti|touko|kesa|heina|elo|syys|loka|marras|joulu"
_EXPLICIT = re.compile(
    rf"(?<!\w)(?:(?:{_MONTHS})kuu(?:n|ta|ssa|sta|hun|lla|lta|lle|ksi|na)?(?:\s+(?:19|20)\d\d)?"
    r"|(?:january|february|march|april|june|july|august|september|october|november|december)"
    r"(?:\s+(?:19|20)\d\d)?|may\s+(?:19|20)\d\d"
    r"|\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d"
    r"|tomorrow|huomenna|today|tanaan)(?!\w)"
)
_MONTH_CASE = re.compile(r"(?i)(?<=\w)(kuu)\w+")
"""dateparser knows some cases of a month's name, but not all."""

_RELATIVE = re.compile(rf"(?<!\w)({_THIS})\s+(viiko\w*|kuu\w*|vuo\w*|week|month|year)(?!\w)")
_AHEAD = re.compile(
    r"(?<!\w)(?:tulossa|tulevia|tulevat|tuleva|tulevista|tulevaisuudessa|seuraava\w*|lahiaikoina|"
    r"upcoming|coming\s+up|in\s+the\s+future|soon|next)(?!\w)"
)
_BACK = re.compile(r"(?<!\w)(?:menneet|menneita|aiemmat|aiempia|past|previous|earlier)(?!\w)")


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Days from ``first`` to ``last``, either open (None) or not, and where they were said."""

    first: date | None
    last: date | None
    start: int
    end: int

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
    found = [finder(text, at) for finder in (_season, _relative, _explicit, _decade, _year)]
    # Of two that begin together the first: a day is no year.
    return min(filter(None, found), key=lambda span: span.start, default=None)


def _season(text: _Text, at: int | None) -> TimeSpan | None:
    match = text.find(_SEASON, at)
    if not match or not (match.group(1) or match.group(3)):
        return None
    first, last = next(
        months for stem, months in _SEASONS.items() if match.group(2).startswith(stem)
    )
    year = int(match.group(3) or text.today.year)
    if match.group(1) and not match.group(3):
        year += _season_step(match.group(1), first, last, text.today)
    end_year = year + (last < first)
    return TimeSpan(date(year, first, 1), _month_end(end_year, last), match.start(), match.end())


def _season_step(word: str, first: int, last: int, today: date) -> int:
    """Return how many years *last* or *next* moves a season of this year."""
    step = next((step for stem, step in _STEP.items() if word.startswith(stem)), 0)
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
    step = next((step for stem, step in _STEP.items() if match.group(1).startswith(stem)), 0)
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
    words = _MONTH_CASE.sub(r"\1", text.question[match.start() : match.end()])
    # Day before month, whatever the language: with full stops a date is written the Finnish way.
    order = "DMY" if "." in words else "YMD"
    found = _parser(text.language, text.today, order).get_date_data(words)
    if found.date_obj is None:
        return None
    day = found.date_obj.date()
    if found.period == "month":
        return TimeSpan(
            day.replace(day=1), _month_end(day.year, day.month), match.start(), match.end()
        )
    return TimeSpan(day, day, match.start(), match.end())


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
    ahead = _AHEAD.search(text.folded)
    if ahead:
        return TimeSpan(text.today, None, ahead.start(), ahead.end())
    back = _BACK.search(text.folded)
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
