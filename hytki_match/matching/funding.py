"""Funding for a subject that none of the corpus is for: what is for any subject comes first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hytki_match.matching.conversation import is_browsing
from hytki_match.matching.fusion import renumbered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hytki_match.records import Constraint, Hit, Query, Record

MOST_GENERAL = 3
"""Kinds of funding for any subject that are shown before what is on the subject."""


SOUGHT = ("rahoitu", "funding")
"""How words for it begin that only say what is looked for; grants are also what somebody pays, or
counts."""


def lacks_funding(query: Query, hits: Sequence[Hit], records: Mapping[str, Record]) -> bool:
    """Tell whether a question about some subject asks for funding, and no near hit is any."""
    limit = _asked_limit(query)
    if limit is None or is_browsing(query):
        return False
    return all(records[hit.doc_id].kind != limit.value for hit in hits)


def general_query(query: Query) -> Query:
    """Return the query for funding alone, with the limits that it has beside its subject."""
    limit = _asked_limit(query)
    words = limit.words if limit else query.text
    strict = tuple(replace(one, strict=True) for one in query.constraints if one == limit)
    return replace(
        query, text=words, topic=words, tidied="", goes_on=False, constraints=strict, unwanted=()
    )


def with_general(hits: Sequence[Hit], general: Sequence[Hit]) -> tuple[Hit, ...]:
    """Put the best general funding before the hits."""
    first = general[:MOST_GENERAL]
    named = {hit.doc_id for hit in first}
    return renumbered((*first, *(hit for hit in hits if hit.doc_id not in named)))


def _asked_limit(query: Query) -> Constraint | None:
    return next(
        (
            limit
            for limit in query.constraints
            if limit.key == "kind:funding"
            and (limit.asked or limit.strict)
            and limit.words.casefold().startswith(SOUGHT)
        ),
        None,
    )
