"""What a calendar says of itself and of an event: whether it may come in, and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hytki_match.errors import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hytki_match.upkeep.repeating import Event

CANCEL = "CANCEL"
"""The METHOD of a calendar all of whose events are cancelled, whatever their STATUS says."""

NO_EVENTS = {
    "REPLY": "an answer to an invitation: it says who comes",
    "COUNTER": "a proposal of another time, which the organiser has not taken",
    "DECLINECOUNTER": "the organiser's no to a proposal: the event stays as it was",
    "REFRESH": "somebody's wish to be sent the event again",
}
"""What a calendar of such a METHOD is: its events are not what is going to be."""

PRIVATE = frozenset({"PRIVATE", "CONFIDENTIAL"})
"""A CLASS of events that their owner does not want to be told to everybody."""


def no_event(place: str, method: str) -> Iterator[Mistake]:
    """Say why a calendar of this METHOD changes nothing; nothing where it may."""
    if what := NO_EVENTS.get(method):
        problem = f"is {what} (METHOD:{method})"
        yield Mistake(place, problem, "Give the invitation itself, as its organiser sent it")


def without_private(events: Sequence[Event]) -> tuple[list[Event], list[str]]:
    """Return events without those that are private, and a sentence on each of these."""
    kept = [event for event in events if event.cancelled or event.secrecy not in PRIVATE]
    notes = [
        f"Left out: {event} is marked as {event.secrecy.lower()} (CLASS:{event.secrecy}). If all "
        "may know of it: --private"
        for event in events
        if event not in kept
    ]
    return kept, notes


def told(events: Sequence[Event]) -> list[str]:
    """Say which events that come in are private, or not sure to take place."""
    notes = [
        f"{event} is marked as {event.secrecy.lower()} (CLASS:{event.secrecy}), and comes in."
        for event in events
        if event.secrecy in PRIVATE and not event.cancelled
    ]
    return notes + [
        f"Not sure to take place (STATUS:TENTATIVE): {event}. Answers do not say so."
        for event in events
        if event.status == "TENTATIVE" and not event.cancelled
    ]
