"""An answer's address: the question and its limits in query parameters, nothing personal.

``?q=…&region=turku&kind=tools&without=time:2026&lang=en``; a question that needs those before it
for its topic carries them too, oldest first, each as ``q``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hytki_match.language.masking import mask_personal
from hytki_match.records import RESOURCE_TABLES
from hytki_match.settings import MAX_QUESTION_CHARS

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from hytki_match.records import Table

MAX_QUESTIONS = 4
"""Questions in an address: the last one and those that give it its topic."""

MAX_VALUES = 20
"""Values of one parameter that are read; an address is anybody's text."""


@dataclass(frozen=True, slots=True)
class Address:
    """What an address says of an answer; ``questions`` are oldest first."""

    questions: tuple[str, ...]
    regions: tuple[str, ...] = ()
    kinds: tuple[Table, ...] = ()
    without: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        questions: Sequence[str],
        regions: Sequence[str],
        kinds: Sequence[Table],
        without: Sequence[str],
    ) -> Address:
        """Return the address of a question; what tells who somebody is stays out of it."""
        # One character too many is enough for the answer to say that a question is too long.
        shown = [mask_personal(q)[: MAX_QUESTION_CHARS + 1] for q in questions[-MAX_QUESTIONS:]]
        return cls(
            tuple(shown), tuple(sorted(regions)), tuple(sorted(kinds)), tuple(sorted(without))
        )

    def parameters(self) -> dict[str, list[str]]:
        """Return the query parameters."""
        values: dict[str, list[str]] = {
            "q": list(self.questions),
            "region": list(self.regions),
            "kind": list(self.kinds),
            "without": list(self.without),
        }
        return {name: found for name, found in values.items() if found}


def read_address(
    parameters: Mapping[str, Sequence[str]], known_regions: Container[str]
) -> Address | None:
    """Return what an address asks for, or None where it asks nothing; unknown values are left out.

    A question that is too long stays too long: the answer will say so.
    """
    questions = [text for text in _values(parameters, "q") if text]
    if not questions:
        return None
    kinds = [table for table in RESOURCE_TABLES if table in _values(parameters, "kind")]
    regions = [region for region in _values(parameters, "region") if region in known_regions]
    return Address.of(questions, regions, kinds, _values(parameters, "without"))


def _values(parameters: Mapping[str, Sequence[str]], name: str) -> Sequence[str]:
    return list(parameters.get(name, ()))[:MAX_VALUES]
