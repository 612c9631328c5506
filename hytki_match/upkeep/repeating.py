"""Events of a calendar that repeat: which of their days come in, and what is told of the others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from icalendar import Component


@dataclass(frozen=True, slots=True)
class Origin:
    """Which event of which calendar it is.

    ``uid`` is the calendar's name of it, ``repetition`` the day (ISO) of the repetition that it
    stands for, both empty where there is none. ``sequence`` counts its revisions.
    """

    uid: str
    repetition: str = ""
    sequence: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same when the event moves or is renamed."""
        return self.uid, self.repetition


@dataclass(frozen=True, slots=True)
class Event:
    """An event as a calendar has it: its cells, and what is no cell of a table.

    ``repeats`` says how in words, empty when it does not; ``left_out`` are days (ISO) on which it
    then does not take place. ``status`` and ``secrecy`` are its STATUS and its CLASS.
    """

    number: int
    cells: Mapping[str, str]
    origin: Origin
    cancelled: bool
    repeats: str
    left_out: frozenset[str]
    status: str = ""
    secrecy: str = ""

    def __str__(self) -> str:
        return called(self.cells)


def called(cells: Mapping[str, str]) -> str:
    """Return what a sentence calls an event: its name and its first day."""
    name = cells.get("name_fi") or cells.get("name_en") or "an event without a name"
    return f"{name} ({cells.get('starts_on') or 'without a day'})"


def one_day_each(events: Sequence[Event]) -> tuple[list[Event], list[str]]:
    """Return events to bring in, and sentences on what of those that repeat comes in and what not.

    A repetition that the calendar writes out is an event of its own; written out for the first day,
    it takes that day's place. A name of a calendar that several events have tells them not apart:
    it is taken away.
    """
    times = Counter(event.origin.key for event in events if event.origin.uid)
    notes = [_shared(uid, count) for (uid, _), count in times.items() if count > 1]
    events = [
        replace(event, origin=Origin("")) if times[event.origin.key] > 1 else event
        for event in events
    ]
    series = {e.origin.uid: e for e in events if e.repeats and e.origin.uid and not e.cancelled}
    changed = {e.origin.key: e for e in events if e.origin.repetition}
    kept = []
    for event in events:
        whole = series.get(event.origin.uid)
        if event.repeats and not event.cancelled:
            first = event.cells["starts_on"]
            instead = changed.get((event.origin.uid, first))
            is_out = first in event.left_out or (instead and instead.cancelled)
            notes.append(_without_first(event) if is_out else _only_first(event))
            kept += [] if is_out or instead else [event]
        elif whole and event.origin.repetition == whole.cells["starts_on"]:
            if not event.cancelled:
                kept.append(replace(event, origin=replace(event.origin, repetition="")))
        else:
            if event.origin.repetition and not event.cancelled:
                notes.append(f"A changed repetition comes in as an event of its own: {event}.")
            kept.append(event)
    return kept, notes


def _shared(uid: str, count: int) -> str:
    return (
        f"{count} events have the UID {uid!r}, so it does not tell which is which: they are "
        "recognised by name and first day."
    )


def _only_first(event: Event) -> str:
    return (
        f"Repeats {event.repeats}, and only the first day comes in: {event}. The other days do "
        "not: those that matter need rows of their own."
    )


def _without_first(event: Event) -> str:
    return (
        f"Repeats {event.repeats}, but not on its first day (EXDATE, or cancelled), so nothing of "
        f"it comes in: {event}. Days that matter need rows of their own."
    )


def how_it_repeats(component: Component) -> str:
    """Say how an event repeats (``weekly, 10 times``); empty when it does not."""
    rules = [_in_words(rule) for rule in _all(component, "RRULE")]
    more = [day for days in _all(component, "RDATE") for day in getattr(days, "dts", ())]
    if more:
        rules.append(f"on more days that it lists ({len(more)})")
    return " and ".join(rules)


def _in_words(rule: object) -> str:
    """Say what a rule is, without its finer parts (``every second Tuesday``)."""
    if not isinstance(rule, dict):
        return "by a rule that cannot be read"
    frequency, count, until = (_first(rule, name) for name in ("FREQ", "COUNT", "UNTIL"))
    ends = f"{count} times" if count else f"until {until:%Y-%m-%d}" if until else "without an end"
    return f"{str(frequency or 'by a rule').lower()}, {ends}"


def _first(rule: dict[str, Any], name: str) -> Any:  # noqa: ANN401 - a word, number or day
    found = rule.get(name, [])
    return next(iter(found), None) if isinstance(found, list | tuple) else found


def days_left_out(component: Component) -> Iterator[date]:
    """Yield the days or times on which an event that repeats does not take place."""
    for days in _all(component, "EXDATE"):
        for day in getattr(days, "dts", ()):
            if isinstance(day.dt, date):
                yield day.dt


def _all(component: Component, name: str) -> list[Any]:
    found = component.get(name, [])
    return found if isinstance(found, list) else [found]
