"""Who writes of an emergency or a crisis, their own or of somebody near, is told whom to call.

Those who work with stroke, overdoses or suicide use the same words. They speak of data, devices,
patients or what they make, and not of what happens to somebody near right now.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hytki_match.matching.words import limits, list_pattern, same_length_fold, says

SHORT_WORDS = 9
"""A text up to so long that says somebody had a stroke is no story of what was made of it."""

_CASES = (
    r"(?:n|a|ta|tta|lla|l|lta|lle|ssa|sta|ksi|kse|na|en|in|on|un|an|hin|nen|t)?"
    r"(?:ni|si|nsa|mme|nne)?"
)
"""What Finnish adds to a stem: a case, and whose it is (``äidi|llä|ni``)."""

_CLAUSE_END = r"(?=\s*(?:[.,!?;:]|$))"

_CONDITION = re.compile(r"(?<!\w)(?:if|when|whether|that|jos|kun|etta)\s+(?:the\s+|meidan\s+)?$")

_CRY = re.compile(rf"(?:^|[.,!?;]\s*)(?:apua|help|hjalp){_CLAUSE_END}")


def is_urgent(text: str) -> bool:
    """Tell whether a text tells of an emergency of the asker or of somebody near to them."""
    folded = same_length_fold(text)
    if says("urgent", "works", folded):
        return False
    if says("urgent", "own", folded) or says("urgent", "call", folded):
        return True
    near = _is_near_now(folded)
    somebody = near or says("urgent", "myself", folded)
    if somebody and says("urgent", "has", folded):
        return True
    pleads = says("urgent", "plea", folded) or bool(_CRY.search(folded))
    if (near or pleads) and says("urgent", "event", folded):
        return True
    is_of_now = pleads or len(folded.split()) <= SHORT_WORDS
    return somebody and is_of_now and says("urgent", "told", folded)


def is_crisis(text: str) -> bool:
    """Tell whether a text tells of suicide or despair, of the asker or of somebody near."""
    folded = same_length_fold(text)
    if says("ill", "crisis", folded):
        return True
    if says("urgent", "works", folded):
        return False
    if _near().search(folded) and says("crisis", "of_near", folded):
        return True
    return says("crisis", "despair", folded) or bool(_tired().search(folded))


def is_own_illness(question: str) -> bool:
    """Tell whether somebody speaks of a person near to them, and of a trouble.

    Many founders do, too ("my father had a stroke, so we made …"): it says what a question is
    about only where the corpus has no answer.
    """
    folded = same_length_fold(question)
    if says("urgent", "works", folded):
        return False
    return says("ill", "somebody", folded) and says("ill", "trouble", folded)


def _is_near_now(folded: str) -> bool:
    """Tell whether somebody near is named; "if my father falls" only thinks of what may come."""
    return any(not _CONDITION.search(folded[: found.start()]) for found in _near().finditer(folded))


@lru_cache(maxsize=1)
def _near() -> re.Pattern[str]:
    """Return the pattern of a person who is near, in all cases and with possessive suffixes."""
    lists = limits()["urgent"]
    stems = "|".join(map(re.escape, lists["near_stems"]))
    finnish = rf"(?<!\w)(?:{stems}){_CASES}(?!\w)"
    return re.compile(f"{finnish}|{list_pattern('urgent', 'near').pattern}")


@lru_cache(maxsize=1)
def _tired() -> re.Pattern[str]:
    """Return the pattern of "I cannot go on" with nothing after it that one is only tired of."""
    return re.compile(list_pattern("crisis", "tired").pattern + _CLAUSE_END)
