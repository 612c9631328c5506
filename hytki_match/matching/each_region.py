"""What a question about several regions wants: something of each, or a word that there is none."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from hytki_match.matching.fusion import renumbered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from hytki_match.records import Hit, Query, Record


def each_region_in(
    query: Query, hits: tuple[Hit, ...], near: int, records: Mapping[str, Record], places: int
) -> tuple[Hit, ...]:
    """Let each of several regions that a question names have one of the first places.

    The best hit of a region that would have none takes the last of them. Only the first ``near``
    hits are moved. Scores stay, so a hit may have a lower one than the next.

    Parameters
    ----------
    places
        How many hits are shown.
    """
    if len(query.named_regions) < 2:
        return hits
    missing = without_one(query.named_regions, [records[hit.doc_id] for hit in hits[:places]])
    moved: dict[str, Hit] = {}
    for region in missing:
        best = (hit for hit in hits[places:near] if region in records[hit.doc_id].region_ids)
        moved |= {hit.doc_id: hit for hit in islice(best, 1)}
    kept = [hit for hit in hits if hit.doc_id not in moved]
    first = max(places - len(moved), 0)
    order = (*kept[:first], *moved.values(), *kept[first:])
    return renumbered(order)


def without_one(regions: Collection[str], records: Sequence[Record]) -> Iterator[str]:
    """Give the regions that none of the records is in, nationwide ones being in none."""
    held = {region for record in records for region in record.region_ids}
    return (region for region in regions if region not in held)
