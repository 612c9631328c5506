"""A town within a region: what is in the town that a question names comes first there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hytki_match.matching.fusion import renumbered
from hytki_match.matching.places import town_in
from hytki_match.matching.words import in_both, same_length_fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hytki_match.records import Hit, Query, Record


def of_town_first(
    query: Query, hits: tuple[Hit, ...], close: int, records: Mapping[str, Record]
) -> tuple[Hit, ...]:
    """Put what speaks of the town that a question names before the rest of its region.

    "Salo" is taken for its region, as few records say more. Only the first ``close`` hits are
    moved, and scores stay.
    """
    towns = {town_in(limit.words) for limit in query.constraints if limit.name == "region"}
    if len(towns) != 1 or not (town := towns.pop()):
        return hits
    pattern = re.compile(rf"(?<!\w){re.escape(town)}\w{{0,6}}")
    own = [hit for hit in hits[:close] if pattern.search(_told(records[hit.doc_id]))]
    moved = {hit.doc_id for hit in own}
    return renumbered([*own, *(hit for hit in hits if hit.doc_id not in moved)])


def _told(record: Record) -> str:
    return same_length_fold(f"{in_both(record.name, record.description)}\n{record.place}")
