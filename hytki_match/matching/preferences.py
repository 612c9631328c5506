"""How well each record keeps what a question asks for beside its topic: kind, region, time, name.

A kept kind or region adds nothing and a broken one costs, so that scores of questions with limits
and without stay comparable.

Every feature is a number between 0 and 1 for a record. The weights that turn them into a bonus
on the legs' scores were learned; they stand in ``parameters.toml``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.matching.names import NameFinder
from hytki_match.matching.times import parse_interval
from hytki_match.records import RESOURCE_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from hytki_match.index import Index
    from hytki_match.records import Constraint, Query

    Feature = NDArray[np.float32]

FEATURES = (
    "kind_miss",
    "asked_kind_miss",
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

EVERY = slice(None)

REMEMBERED = 16
"""Queries of which it stays known who keeps their limits: those that are being answered."""


class Preferences:
    """Compares the facts of an index's records with questions.

    ``doc_ids`` are those of the records, in their order.
    """

    def __init__(self, index: Index) -> None:
        self.doc_ids = index.doc_ids
        facts = index.facts
        self._sorts, self._tables, self._kinds = facts.sorts, facts.tables, facts.kinds
        self._areas, self._regions = facts.areas, facts.regions
        self._first, self._last = facts.first, facts.last
        self._names = NameFinder(index)
        # Asked for several times on the way to an answer.
        self.browsed = lru_cache(maxsize=REMEMBERED)(self._browsed)

    def features(
        self, query: Query, today: date, numbers: NDArray[np.int64] | None = None
    ) -> Mapping[str, Feature]:
        """Return each feature of some records by the names of ``FEATURES``.

        Parameters
        ----------
        numbers
            The places of the records; None takes all.

        Returns
        -------
        mapping of str to ndarray (records asked for,)
        """
        chosen = np.arange(len(self.doc_ids)) if numbers is None else numbers
        tables, found = self._tables[chosen], dict[str, "NDArray[np.bool_] | Feature"]()
        found |= self._kind(query, chosen)
        found |= self._region(query, chosen)
        found |= self._time(query, chosen)
        found["name"] = self._names.score(query.search_text, chosen)
        # Who asks for a kind, or when something is, has said more than a habit of the corpus.
        unasked = query.intent != "when" and not any(c.name == "kind" for c in query.constraints)
        for table in RESOURCE_TABLES:
            found[f"is_{table}"] = (tables == self._sort(table)) & unasked
        found["who_organisations"] = (tables == self._sort("organisations")) & (
            query.intent in ("who", "contact")
        )
        ahead = unasked and not any(c.name == "time" for c in query.constraints)
        past = self._last[chosen] < today.isoformat().encode()
        found["past_event"] = past & (tables == self._sort("events")) & ahead
        return {name: found[name].astype(np.float32) for name in FEATURES}

    def _kind(self, query: Query, chosen: NDArray[np.int64]) -> dict[str, NDArray[np.bool_]]:
        """Compare kinds: a record keeps them by its table or by its narrower kind."""
        limits = [c for c in query.constraints if c.name == "kind"]
        asked = [c.value for c in limits if c.asked]
        named = [c.value for c in limits if not c.asked]
        if query.intent == "when":
            named.append("events")
        return {
            "kind_miss": ~self._of_sorts(named, chosen) & bool(named),
            "asked_kind_miss": ~self._of_sorts(asked, chosen) & bool(asked),
        }

    def _region(self, query: Query, chosen: NDArray[np.int64]) -> dict[str, NDArray[np.bool_]]:
        """Compare regions: a national record is in all of them, and says less of each."""
        wanted = {*query.named_regions, *query.regions}
        hit = self._in_regions(wanted, chosen)
        national = self._in_regions(("national",), chosen) & ~hit
        missing = ~hit & ~national
        asked = bool(wanted)
        return {
            "region_national": national & asked,
            "region_miss": missing & asked,
        }

    def _time(self, query: Query, chosen: NDArray[np.int64]) -> dict[str, NDArray[np.bool_]]:
        """Compare days: an event keeps a time that it overlaps; other records have none."""
        is_event = self._tables[chosen] == self._sort("events")
        interval = next((c.value for c in query.constraints if c.name == "time"), None)
        if interval is None:
            return {"time_hit": is_event & False, "time_miss": is_event & False}
        overlaps = self._overlap(interval, chosen)
        return {"time_hit": is_event & overlaps, "time_miss": is_event & ~overlaps}

    def within(self, query: Query) -> NDArray[np.bool_]:
        """Tell of every record whether it passes the query's filters and strict limits (records,).

        As ``answering.meets`` tells of one. A national record passes every region filter.
        """
        passed = np.ones(len(self.doc_ids), bool)
        if query.kinds:
            wanted = [self._sort(table) for table in query.kinds]
            passed &= np.isin(self._tables, wanted)
        if query.regions:
            passed &= self._in_regions({*query.regions, "national"})
        if query.unwanted:
            passed &= ~self._in_regions(query.unwanted_regions)
            passed &= ~self._of_sorts(c.value for c in query.unwanted if c.name == "kind")
            passed &= ~self._named([c.value for c in query.unwanted if c.name == "record"])
        strict = [limit for limit in query.constraints if limit.strict]
        for name in {limit.name for limit in strict}:
            # Of two regions, or two kinds, a record keeps one.
            passed &= np.any([self._meet(one) for one in strict if one.name == name], axis=0)
        return passed

    def _browsed(self, query: Query) -> NDArray[np.bool_]:
        """Tell which records keep all limits of a query; in a region, its own ones alone."""
        regions = {limit.value for limit in query.constraints if limit.name == "region"}
        kept = self.within(query)
        return kept & self._in_regions(regions) if regions else kept

    def _meet(self, limit: Constraint) -> NDArray[np.bool_]:
        if limit.name == "region":
            return self._in_regions({limit.value, "national"})
        if limit.name == "kind":
            return self._of_sorts([limit.value])
        # What has no day keeps every time.
        met = np.ones(len(self.doc_ids), bool)
        dated = np.flatnonzero(self._first != b"")
        met[dated] = self._overlap(limit.value, dated)
        return met

    def _overlap(self, interval: str, chosen: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which of some records have days in an interval."""
        first, last = (end.encode() for end in parse_interval(interval))
        begins = self._first[chosen]
        # "~" is after every figure: the last of December is within a year.
        met: NDArray[np.bool_] = (begins != b"") & (begins <= last + b"~")
        return met & (self._last[chosen] >= first)

    def _of_sorts(
        self, wanted: Iterable[str], chosen: NDArray[np.int64] | slice = EVERY
    ) -> NDArray[np.bool_]:
        """Tell which of some records are of a table or a kind."""
        tables, kinds = self._tables[chosen], self._kinds[chosen]
        found = np.zeros(len(tables), bool)
        for sort in map(self._sort, wanted):
            found |= (tables == sort) | (kinds == sort)
        return found

    def _in_regions(
        self, regions: Iterable[str], chosen: NDArray[np.int64] | slice = EVERY
    ) -> NDArray[np.bool_]:
        """Tell which of some records are in one of the regions."""
        found = np.zeros(len(self._tables[chosen]), bool)
        for region in regions:
            if region in self._areas:
                found |= self._regions[self._areas[region]][chosen]
        return found

    def _named(self, ids: Sequence[str]) -> NDArray[np.bool_]:
        """Tell which records have one of the ids."""
        found = np.zeros(len(self.doc_ids), bool)
        places = [self.doc_ids.find(id_) for id_ in ids]
        found[[place for place in places if place >= 0]] = True
        return found

    def _sort(self, name: str) -> int:
        """Return the number of a table or a kind, -1 where no record has it."""
        return self._sorts.get(name, -1)


def is_open(query: Query) -> bool:
    """Tell whether a query lets every record through: nothing for ``within`` to do."""
    strict = any(limit.strict for limit in query.constraints)
    return not (strict or query.kinds or query.regions or query.unwanted)
