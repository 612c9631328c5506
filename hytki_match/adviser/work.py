"""One case worked through: what page, command line and hand-over all draw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from hytki_match.adviser.preparing import with_parts
from hytki_match.adviser.proposal import propose
from hytki_match.adviser.steps import next_steps, suggest_stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.adviser.case import Alternative, Case, Proposal, StageId
    from hytki_match.adviser.steps import NextSteps
    from hytki_match.corpus.stages import Stage
    from hytki_match.matching import Matcher
    from hytki_match.records import Corpus


@dataclass(frozen=True, slots=True)
class Work:
    """A case with its proposal, and what comes next.

    ``suggested_stage`` is what the text points to; the stage of the case is the adviser's, or
    the suggested one as long as nobody has decided. ``today`` is the day that is printed.
    """

    proposal: Proposal
    steps: NextSteps
    stages: tuple[Stage, ...]
    suggested_stage: StageId | None
    corpus: Corpus
    today: date

    @property
    def case(self) -> Case:
        """The case, with its parts."""
        return self.proposal.case

    @property
    def partners(self) -> tuple[str, ...]:
        """Partners of the consortium in the adviser's order; the others as their parts come."""
        chosen = self.proposal.consortium or ()
        ordered = [entry.partner_id for entry in self.case.shortlist if entry.partner_id in chosen]
        by_part = [p for part in self.proposal.parts for p in part.covered_by if p in chosen]
        return tuple(dict.fromkeys((*ordered, *by_part, *chosen)))

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """The alternatives, those without a partner in the order of the partners."""
        partners = self.partners

        def place(found: Alternative) -> int:
            if found.kind == "without":
                return partners.index(found.about[0])
            return -1 if found.kind == "second" else len(partners)

        return tuple(sorted(self.proposal.alternatives, key=place))


def work_on(
    case: Case,
    matcher: Matcher,
    stages: tuple[Stage, ...],
    *,
    today: date | None = None,
    regions_only: Sequence[Sequence[str]] = (),
) -> Work:
    """Split, propose and look ahead; the parameters are those of ``propose``."""
    day = today or date.today()
    case = with_parts(case, matcher)
    texts = [part.text for part in case.parts or ()]
    suggested = suggest_stage(texts, stages, matcher.encoder)
    staged = replace(case, stage=case.stage or suggested or "")
    proposal = propose(staged, matcher, today=day, regions_only=regions_only)
    corpus = matcher.index.corpus
    steps = next_steps(proposal, stages, corpus, day)
    return Work(proposal, steps, stages, suggested, corpus, day)
