"""What a question about times wants: events of a time, or what is still to come first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hytki_match.matching.answering import meets
from hytki_match.matching.fusion import renumbered
from hytki_match.matching.times import parse_interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hytki_match.records import Hit, Query, Record


def asks_for_events_at_a_time(query: Query) -> bool:
    """Tell whether a question wants events, and only those of some time."""
    strict = any(limit.name == "time" and limit.strict for limit in query.constraints)
    events = any(limit.key == "kind:events" for limit in query.constraints)
    return strict and (events or query.intent == "when")


def looks_ahead(query: Query) -> bool:
    """Tell whether a question wants what is still to come."""
    return any(limit.looks_ahead for limit in query.constraints)


def upcoming_first(
    query: Query, hits: tuple[Hit, ...], near: int, records: Mapping[str, Record]
) -> tuple[Hit, ...]:
    """Put the events still to come before everything else, where a question looks ahead.

    Only the first ``near`` hits are moved: an event on something else is not what was asked for.
    Scores stay, so the first hit may have a lower one than the next.
    """
    if not looks_ahead(query):
        return hits
    limit = next(one for one in query.constraints if one.name == "time")
    to_come = [
        hit
        for hit in hits[:near]
        if records[hit.doc_id].starts_on and meets(records[hit.doc_id], limit)
    ]
    moved = {hit.doc_id for hit in to_come}
    order = (*to_come, *(hit for hit in hits if hit.doc_id not in moved))
    return renumbered(order)


def nearest_in_time(
    query: Query, hits: tuple[Hit, ...], close: int, records: Mapping[str, Record]
) -> tuple[Hit, ...]:
    """Order the events among the first ``close`` hits by nearness to a time that none keeps.

    They change places among themselves alone; scores stay.
    """
    limit = next((one for one in query.constraints if one.name == "time"), None)
    events = [hit for hit in hits[:close] if records[hit.doc_id].starts_on]
    if limit is None or any(meets(records[hit.doc_id], limit) for hit in events):
        return hits
    first, last = parse_interval(limit.value)

    def years_off(hit: Hit) -> int:
        year = int(records[hit.doc_id].starts_on[:4])
        return max(int(first[:4]) - year, year - int(last[:4]))

    ordered = iter(sorted(events, key=years_off))
    moved = {hit.doc_id for hit in events}
    return renumbered([next(ordered) if hit.doc_id in moved else hit for hit in hits])
