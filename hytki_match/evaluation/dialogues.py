"""Dialogues: whether follow-ups keep their sense. Each turn is asked with those before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from hytki_match.evaluation.questions import CasePart, DialogueTurn
    from hytki_match.matching import Matcher
    from hytki_match.records import Answer, Query

NOTE = (
    "Each turn of a dialogue is asked with those before it. A case is what the adviser's desk "
    "proposes for its text alone; docs/adviser.md says how it is counted."
)

TURN_DEPTH = 5
"""How many records, contacts and regions of a turn are looked at."""

PRESENTED = ("good", "weak")
"""States of an answer whose results are presented as matches."""


@dataclass(frozen=True, slots=True)
class Share:
    """``passed`` of ``count``."""

    passed: int
    count: int

    def __str__(self) -> str:
        return f"{self.passed} of {self.count}"


def shown_ids(answer: Answer, depth: int | None = None) -> set[str]:
    """Return the ids of the first records, contacts and regions presented as matches."""
    if answer.state not in PRESENTED:
        return set()
    return {
        *(match.record.doc_id for match in answer.resources[:depth]),
        *(match.contact.doc_id for match in answer.contacts[:depth]),
        *(match.region.region_id for match in answer.regions[:depth]),
    }


def turn_passes(turn: DialogueTurn, shown: Collection[str]) -> bool:
    """Tell whether one of what must be shown is, and nothing of what must not be."""
    wanted = not turn.must_include or any(i in shown for i in turn.must_include)
    return wanted and not any(i in shown for i in turn.must_not_include)


def dialogue_shares(matcher: Matcher, turns: Iterable[DialogueTurn]) -> dict[str, Share]:
    """Return the share of turns passed: all, by language, opening turns and follow-ups."""
    outcomes = []
    history: dict[str, list[Query]] = {}
    for turn in turns:
        before = history.setdefault(turn.dialogue_id, [])
        answer = matcher.match(turn.text, history=before)
        before.append(answer.query)
        outcomes.append((turn, turn_passes(turn, shown_ids(answer, TURN_DEPTH))))
    first: dict[str, int] = {}
    for turn, _ in outcomes:
        first[turn.dialogue_id] = min(turn.turn, first.get(turn.dialogue_id, turn.turn))
    groups: dict[str, list[bool]] = {}
    for turn, passed in outcomes:
        place = "opening turns" if turn.turn == first[turn.dialogue_id] else "follow-ups"
        for group in ("all", turn.language, place):
            groups.setdefault(group, []).append(passed)
    return _shares(groups)


def part_shares(parts: Iterable[CasePart], proposed: Mapping[str, set[str]]) -> dict[str, Share]:
    """Return the share of need parts that a proposed partner serves: all, and by language.

    Parameters
    ----------
    proposed
        The ids proposed for each case.
    """
    groups: dict[str, list[bool]] = {}
    for part in parts:
        covered = not proposed[part.case_id].isdisjoint(part.acceptable)
        for group in ("all", part.language):
            groups.setdefault(group, []).append(covered)
    return _shares(groups)


def _shares(groups: Mapping[str, list[bool]]) -> dict[str, Share]:
    return {group: Share(sum(passed), len(passed)) for group, passed in groups.items()}
