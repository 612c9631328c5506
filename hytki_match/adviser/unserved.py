"""Parts of a need that nobody in the corpus serves: the chat's own test, for a text that tells.

The matcher names the nearest records for anything, and in the context of a whole text even more
readily. Whether anybody serves a part at all is told by its own words, and by those of the other
parts: a text about welding has no part for a hospital, though one may sound like it.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

from hytki_match.adviser.parameters import parameters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.matching import Matcher
    from hytki_match.records import Answer

NEVER_CERTAIN = 0.001
"""How far a probability stays from 0 and 1, so that one part does not decide for the others."""


def unserved(answers: Sequence[Answer], matcher: Matcher) -> tuple[bool, ...]:
    """Tell for the answer to each part of a need whether nobody in the corpus serves the part.

    What has no answer at all, such as a command to the machine, says nothing about the others.
    """
    odds = {
        number: _log_odds(matcher.answerable(answer.query, [m.hit for m in answer.resources]))
        for number, answer in enumerate(answers)
        if answer.resources
    }
    if not odds:
        return (False,) * len(answers)
    share, mean = parameters().whole, sum(odds.values()) / len(odds)
    likely = {n: 1 / (1 + exp(-((1 - share) * own + share * mean))) for n, own in odds.items()}
    return tuple(likely.get(n, 1.0) < parameters().answerable for n in range(len(answers)))


def _log_odds(probability: float) -> float:
    kept = min(max(probability, NEVER_CERTAIN), 1 - NEVER_CERTAIN)
    return log(kept / (1 - kept))
