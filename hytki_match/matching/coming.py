"""Of which year a month or a season is that a question names without one.

The coming one, as a calendar is read, and the one that goes on counts as it: unless the words look
back ("viime tammikuussa", "what was there in January").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hytki_match.matching.words import find

if TYPE_CHECKING:
    from datetime import date

AHEAD = re.compile(
    r"(?<!\w)(?:tulossa|tulevia|tulevat|tuleva|tulevista|tulevaisuudessa|seuraava\w*|lahiaikoina|"
    r"upcoming|coming\s+up|in\s+the\s+future|soon|next)(?!\w)"
)
BACK = re.compile(r"(?<!\w)(?:menneet|menneita|aiemmat|aiempia|past|previous|earlier)(?!\w)")
STEPS = {
    "viime": -1,
    "last": -1,
    "edellise": -1,
    "previous": -1,
    "ensi": 1,
    "next": 1,
    "tulevan": 1,
}

# Not every "-ttiin" is a past tense: robottiin, nettiin.
_PAST = re.compile(
    r"(?<!\w)(?:oli(?:ko|vat|vatko|n|nko|mme|mmeko)?|oliks|ollut|olleet|oltu|jarjestet(?:tiin|ty)\w*"
    r"|pidet(?:tiin|ty)\w*|tapahtui(?:ko|vat)?|tapahtunut|kokoontui(?:vat)?|kokoonnuttiin"
    r"|puhuttiin|kasiteltiin|esiteltiin|keskusteltiin"
    r"|(?:was|were)(?!\s+(?:just\s+)?(?:wondering|thinking|hoping))|did|had|took\s+place|happened"
    r"|(?:has|have)\s+been|been\s+held|went\s+on|attended|missed)(?!\w)"
)
_SINCE = re.compile(r"(?<!\w)since(?:\s+at\s+least)?(?:\s+the)?\s+$")
_SENTENCE = re.compile(r"[.!?]\s")
_WHOLE_YEAR = r"(?:viime|edellisen|tana|taman|kuluvan|ensi|tulevan)a?\s+vuo(?:nna|den)"
_YEAR_BEFORE = re.compile(rf"(?<!\w)({_WHOLE_YEAR})\s+$")
_YEAR_AFTER = re.compile(rf"\s+(?:of\s+)?({_WHOLE_YEAR}|(?:this|last|next)\s+year)(?!\w)")


def step_of(word: str) -> int:
    """Return -1 for a word of *last*, 1 for one of *next*, 0 for another."""
    return next((step for stem, step in STEPS.items() if word.startswith(stem)), 0)


def year_beside(folded: str, start: int, end: int, today: date) -> tuple[int, int, int] | None:
    """Return the year that is told beside a month ("tammikuussa viime vuonna"), and all of it.

    Returns
    -------
    year, start, end
        The stretch has the words of the year and of the month.
    """
    if before := _YEAR_BEFORE.search(folded[:start]):
        return today.year + step_of(before[1]), before.start(), end
    if after := _YEAR_AFTER.match(folded, end):
        return today.year + step_of(after[1]), start, after.end()
    return None


def coming_year(folded: str, start: int, first: int, last: int, today: date) -> int:
    """Return the year in which some months begin that are named without a year.

    Parameters
    ----------
    start
        Where they are named.
    first, last
        Numbers of the months; of a winter the last one is the smaller.
    """
    year = today.year
    if last < first and today.month <= last:
        return year - 1  # in January the winter that goes on is that of the year before
    if _looks_back(folded, start):
        return year - (first > today.month)
    return year + (first <= last < today.month)


def asks_of_events(folded: str, start: int) -> bool:
    """Tell whether the sentence that names a time asks for what is on then."""
    sentence = _sentence(folded, start)
    return bool(AHEAD.search(sentence)) or any(
        found.value == "events" for found in find("kind", sentence)
    )


def _looks_back(folded: str, start: int) -> bool:
    sentence = _sentence(folded, start)
    return bool(_PAST.search(sentence) or BACK.search(sentence) or _SINCE.search(folded[:start]))


def _sentence(folded: str, start: int) -> str:
    """Return the sentence that has a place in it."""
    ends = [match.end() for match in _SENTENCE.finditer(folded)]
    return folded[
        max((end for end in ends if end <= start), default=0) : min(
            (end for end in ends if end > start), default=len(folded)
        )
    ]
