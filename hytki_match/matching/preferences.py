"""How well each record keeps what a question asks for beside its topic: kind, region, time, name.

Every feature is a number between 0 and 1 for each record. The weights that turn them into a bonus
on the legs' scores were learned; they stand in ``parameters.toml``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hytki_match.matching.names import NameFinder
from hytki_match.matching.times import parse_interval
from hytki_match.records import RESOURCE_TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray

    from hytki_match.index import Index
    from hytki_match.records import Query

    Feature = NDArray[np.float32]

FEATURES = (
    "kind_hit",
    "kind_miss",
    "region_hit",
    "region_national",
    "region_miss",
    "time_hit",
    "time_miss",
    "name",
    *(f"is_{table}" for table in RESOURCE_TABLES),
    "who_organisations",
    "past_event",
)
"""The features, in the order of their columns."""


class Preferences:
    """The facts of all records as arrays, made once for an index."""

    def __init__(self, index: Index) -> None:
        records = list(index.corpus.records.values())
        self.doc_ids = [record.doc_id for record in records]
        self.number = {doc_id: number for number, doc_id in enumerate(self.doc_ids)}
        self._tables = np.array([record.table for record in records])
        self._kinds = np.array([record.kind for record in records])
        self._regions = {
            region: np.array([region in record.region_ids for record in records], bool)
            for region in (*index.corpus.regions, "national")
        }
        self._first = np.array([record.starts_on or "" for record in records])
        self._last = np.array([_last_day(r.ends_on or r.starts_on) for r in records])
        self._names = NameFinder(index)

    def features(self, query: Query, today: date) -> Mapping[str, Feature]:
        """Return each feature of each record (records,), by the names of ``FEATURES``."""
        found: dict[str, NDArray[np.bool_] | Feature] = {}
        found |= self._kind(query)
        found |= self._region(query)
        found |= self._time(query)
        found["name"] = self._names.score(query.search_text)
        unasked = not any(c.name == "kind" for c in query.constraints)
        for table in RESOURCE_TABLES:
            found[f"is_{table}"] = (self._tables == table) & unasked
        found["who_organisations"] = (self._tables == "organisations") & (
            query.intent in ("who", "contact")
        )
        ahead = not any(c.name == "time" for c in query.constraints)
        found["past_event"] = (self._last < today.isoformat()) & (self._tables == "events") & ahead
        return {name: found[name].astype(np.float32) for name in FEATURES}

    def _kind(self, query: Query) -> dict[str, NDArray[np.bool_]]:
        """Compare kinds: a record keeps them by its table or by its narrower kind."""
        wanted = [c.value for c in query.constraints if c.name == "kind"]
        hit = np.isin(self._tables, wanted) | np.isin(self._kinds, wanted)
        if query.intent == "when":
            hit |= self._tables == "events"
            wanted = [*wanted, "events"]
        return {"kind_hit": hit & bool(wanted), "kind_miss": ~hit & bool(wanted)}

    def _region(self, query: Query) -> dict[str, NDArray[np.bool_]]:
        """Compare regions: a national record is in all of them, and says less of each."""
        wanted = {*query.named_regions, *query.regions}
        none = np.zeros(len(self.doc_ids), bool)
        hit = none
        for region in wanted:
            hit = hit | self._regions.get(region, none)
        national = self._regions["national"] & ~hit
        missing = ~hit & ~national
        asked = bool(wanted)
        return {
            "region_hit": hit & asked,
            "region_national": national & asked,
            "region_miss": missing & asked,
        }

    def _time(self, query: Query) -> dict[str, NDArray[np.bool_]]:
        """Compare days: an event keeps a time that it overlaps; other records have none."""
        is_event = self._tables == "events"
        interval = next((c.value for c in query.constraints if c.name == "time"), None)
        if interval is None:
            return {"time_hit": is_event & False, "time_miss": is_event & False}
        first, last = parse_interval(interval)
        overlaps = (self._first <= last + "~") & (self._last >= first) & (self._first != "")
        return {"time_hit": is_event & overlaps, "time_miss": is_event & ~overlaps}

    def unwanted(self, regions: tuple[str, ...]) -> set[str]:
        """Return the records of regions that the question rules out."""
        return {
            self.doc_ids[number]
            for region in regions
            for number in np.flatnonzero(self._regions.get(region, np.zeros(0, bool)))
        }


def _last_day(day: str) -> str:
    """Return the last possible day of a date that may be a year or a month only."""
    return f"{day}-99-99"[:10] if day else ""
