"""What a place is said to lack, and then looked for: "there is none in Turku, where is one?"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.matching.words import Found

_OURS = re.compile(
    r"(?<!\w)(?:meilla|meidan|minulla|mulla|minun|mun|olemme|olen|our|my|we're|we\s+are|i'm|i\s+am"
    r"|(?:we|i)\s+have)(?!\w)"
)
_NONE_THERE = re.compile(
    r"\s+(?:ei\s+(?:ole|oo|loydy|loytynyt|nayta)|en\s+(?:loyda|loytanyt))(?!\w)"
)
_THERE_IS_NONE = re.compile(
    r"(?<!\w)(?:there(?:\s+is|'s|\s+are)\s+no(?:t\s+an?y?)?|there\s+(?:isn't|aren't)"
    r"|(?:has|have)\s+no|(?:doesn't|does\s+not)\s+have|lacks"
    r"|(?:couldn't|could\s+not|can't|cannot|didn't)\s+find)(?!\w)"
)
_IN = re.compile(r"(?<!\w)(?:in|from|near|around|at)\s+$")
_WHERE_ELSE = re.compile(
    r"(?<!\w)(?:missa|mista|mistapain|mistas|kuka\s+muu|kenella\s+muu\w*|muualla|muualta|where|elsewhere"
    r"|(?:who|somewhere|anywhere)\s+else|(?:which|what)\s+(?:city|region|place))(?!\w)"
)
_PART = re.compile(r"[.,;:!?–—](?:\s|$)|\s(?:mutta|but|joten|so)\s")


def looks_elsewhere(folded: str) -> bool:
    """Tell whether a folded question says that a place lacks what it then looks for."""
    none = _NONE_THERE.search(folded) or _THERE_IS_NONE.search(folded)
    return bool(none and _WHERE_ELSE.search(folded, none.end()))


def none_there(folded: str, place: Found, places: Sequence[Found]) -> tuple[int, int] | None:
    """Return the stretch of a place that is said to lack what is then looked for elsewhere.

    "Kuopiossa ei ole biopankkia, missä olisi?" Who has nothing there *at home* may go on asking.
    """
    if not _WHERE_ELSE.search(folded, place.end):
        return None
    ends = [match.end() for match in _PART.finditer(folded)]
    start = max((end for end in ends if end <= place.start), default=0)
    end = min((end for end in ends if end > place.start), default=len(folded))
    part, rest = folded[start:end], folded[end:]
    if _OURS.search(part) or any(other.start >= end for other in places):
        return None
    none = _NONE_THERE.match(folded, place.end)
    if not (none or _THERE_IS_NONE.search(part)) or not _WHERE_ELSE.search(rest):
        return None
    within = _IN.search(folded[: place.start])
    return within.start() if within else place.start, none.end() if none else place.end
