"""What the desk's numbers are chosen by: needs put together from judged questions.

The cases that people judged are few, and what is chosen on them fits them. So the numbers of
``hytki_match/adviser/parameters.toml`` are chosen on these needs, and only measured on the cases:
change a number there and run ``python -m training desk`` again. A need has three to five questions
in a row as its parts; the index that is asked knows none of them.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hytki_match.adviser.case import Case, Part
from hytki_match.adviser.proposal import propose
from hytki_match.evaluation.adviser_cases import PARTNERS, shown_records, smallest_set
from hytki_match.evaluation.questions import CasePart
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hytki_match.adviser.case import Link, Proposal
    from hytki_match.evaluation.questions import JudgedQuestion, JudgedSet
    from hytki_match.matching import Matcher

SEED = 1
PARTS = (3, 4, 4, 5)
GAPS = (0.0, 0.15, 0.25, 0.35, 0.5, 0.75, 1.0)
"""Differences of log-odds between the best partner and another one, in classes."""


@dataclass(slots=True)
class Counts:
    """What was counted over all needs."""

    questions: int = 0
    best_is_right: int = 0
    covered: int = 0
    needs: int = 0
    partners: int = 0
    sizes: int = 0

    def __str__(self) -> str:
        """Return one line."""
        return (
            f"{self.questions} parts: best partner right {self.best_is_right}, covered "
            f"{self.covered}; {self.needs} needs: {self.partners / max(self.needs, 1):.2f} "
            f"partners, size within one {self.sizes}"
        )


def measure(
    parts: Iterable[tuple[Matcher, JudgedSet]],
) -> tuple[Counts, dict[float, list[int]]]:
    """Propose partners for every need of some folds, each by a matcher that knows none of them.

    Returns
    -------
    tuple
        The counts, and for each class of ``GAPS``: pairs, the other one right, the best one right.
    """
    counts, gaps = Counts(), defaultdict[float, list[int]](lambda: [0, 0, 0])
    for blinded, part in parts:
        for case, acceptable in _needs(part):
            proposal = propose(case, blinded)
            _count(counts, proposal, acceptable)
            for found, right in zip(proposal.parts, acceptable, strict=True):
                for gap, pair in _pairs(found.links, right):
                    gaps[gap] = [a + b for a, b in zip(gaps[gap], (1, *pair), strict=True)]
    return counts, dict(sorted(gaps.items()))


def _needs(judged: JudgedSet) -> Iterator[tuple[Case, list[set[str]]]]:
    """Yield needs, and for each of their parts the records that answer it."""
    rng = random.Random(SEED)  # noqa: S311 - no secret
    right = {
        query_id: {doc_id for doc_id, grade in grades.items() if grade}
        for query_id, grades in judged.qrels.items()
    }
    for language in LANGUAGES:
        pool = [
            question
            for question in judged.questions
            if question.language == language
            and any(doc_id.startswith(PARTNERS) for doc_id in right[question.query_id])
        ]
        rng.shuffle(pool)
        while len(pool) >= max(PARTS):
            count = rng.choice(PARTS)
            chosen, pool = pool[:count], pool[count:]
            yield _case(chosen), [right[question.query_id] for question in chosen]


def _case(questions: Sequence[JudgedQuestion]) -> Case:
    name, language = questions[0].query_id, questions[0].language
    parts = tuple(Part(question.query_id, question.text) for question in questions)
    return Case(name, name, " ".join(q.text for q in questions), language=language, parts=parts)


def _count(counts: Counts, proposal: Proposal, acceptable: Sequence[set[str]]) -> None:
    shown, size = shown_records(proposal), len(proposal.consortium or ())
    best = [found.links[0].partner_id if found.links else "" for found in proposal.parts]
    smallest = smallest_set([CasePart("", "fi", "", 0, "", tuple(a)) for a in acceptable])
    counts.questions += len(acceptable)
    counts.best_is_right += sum(b in a for b, a in zip(best, acceptable, strict=True))
    counts.covered += sum(not a.isdisjoint(shown) for a in acceptable)
    counts.needs += 1
    counts.partners += size
    counts.sizes += smallest is not None and abs(size - smallest) <= 1


def _pairs(links: Sequence[Link], right: set[str]) -> Iterator[tuple[float, tuple[int, int]]]:
    """Yield for each partner behind the best its class, and which of the two are right."""
    for link in links[1:]:
        gap = _log_odds(links[0].probability) - _log_odds(link.probability)
        below = max(start for start in GAPS if start <= gap)
        yield below, (int(link.partner_id in right), int(links[0].partner_id in right))


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability)) if probability else -math.inf
