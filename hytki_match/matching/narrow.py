"""Words of a kind that name one sort of it: a hackathon is not any event."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from hytki_match.matching.answering import meets
from hytki_match.matching.words import in_both, limits, pattern_of, same_length_fold

if TYPE_CHECKING:
    import re

    from hytki_match.records import Constraint, Record


def is_of_sort(record: Record, limit: Constraint) -> bool:
    """Tell whether a record is of a kind and, where the asker's word for it is narrow, has that."""
    if not meets(record, limit):
        return False
    asked = same_length_fold(limit.words)
    sorts = [pattern for pattern in _sorts() if pattern.search(asked)]
    told = same_length_fold(in_both(record.name, record.description))
    return not sorts or any(pattern.search(told) for pattern in sorts)


@lru_cache(maxsize=1)
def _sorts() -> tuple[re.Pattern[str], ...]:
    return tuple(pattern_of([word]) for words in limits()["narrow"].values() for word in words)
