"""One evaluation: a matcher, judged questions and baselines in; every figure out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hytki_match.evaluation.adviser_cases import case_shares
from hytki_match.evaluation.calibration import Calibration, run_reliability
from hytki_match.evaluation.dialogues import Share, dialogue_shares
from hytki_match.evaluation.measures import Estimate, estimate, query_values
from hytki_match.evaluation.outcomes import (
    Asked,
    Honesty,
    LanguageAccuracy,
    Parity,
    Times,
    ask_all,
    contact_hits,
    honesty,
    language_accuracy,
    parity,
    region_hits,
    times,
)
from hytki_match.evaluation.systems import OurSystem, run_of
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hytki_match.evaluation.questions import JudgedQuestion, JudgedSet
    from hytki_match.evaluation.runs import Run
    from hytki_match.evaluation.systems import System
    from hytki_match.matching import Matcher

ALL = "all"
WORST = 10


@dataclass(frozen=True, slots=True)
class Scored:
    """One system's run with its measures: by query, and as estimates by group of questions.

    Groups are ``all``, the languages, and the slices.
    """

    name: str
    run: Run
    values: Mapping[str, Mapping[str, float]]
    groups: Mapping[str, Mapping[str, Estimate]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything measured of one matcher.

    None, or an empty mapping, stands for what the questions cannot measure. ``times`` are of a
    matcher at work, which has read the texts of the records that it shows; ``first_times`` of one
    that has just started. The vectors of the questions are worked out in both.
    """

    ours: Scored
    others: tuple[Scored, ...]
    asked: Mapping[str, Asked]
    regions: Mapping[int, Mapping[str, Estimate]]
    contacts: Mapping[int, Mapping[str, Estimate]]
    parity: Parity | None
    honesty: Honesty | None
    calibration: Calibration | None
    language: LanguageAccuracy
    dialogues: Mapping[str, Share]
    cases: Mapping[str, Share]
    times: Times
    first_times: Times
    judged: JudgedSet
    encoder_digest: str

    def worst_needs(self, count: int = WORST) -> list[str]:
        """Return the needs with the lowest nDCG@10 (mean of their wordings), worst first."""
        values = self.ours.values["nDCG@10"]
        means: dict[str, list[float]] = {}
        for question in self.judged.questions:
            means.setdefault(question.need_id, []).append(values[question.query_id])
        return sorted(means, key=lambda need: (sum(means[need]) / len(means[need]), need))[:count]


def evaluate(
    matcher: Matcher, judged: JudgedSet, name: str, systems: Sequence[System] = ()
) -> Evaluation:
    """Measure a matcher, and rank the same questions with other systems."""
    questions = judged.questions
    asked = ask_all(matcher, [*questions, *judged.offtopic])
    ours = score(name, run_of(OurSystem(matcher, name), questions), judged)
    return Evaluation(
        ours=ours,
        others=tuple(score(s.name, run_of(s, questions), judged) for s in systems),
        asked=asked,
        regions={k: _groups(region_hits(questions, asked, k), questions) for k in (1, 3)},
        contacts={k: _groups(contact_hits(questions, asked, k), questions) for k in (1, 3)},
        parity=parity(questions, ours.run, ours.values["nDCG@10"]),
        honesty=honesty(judged, asked),
        calibration=run_reliability(ours.run, judged.qrels, matcher.parameters.probability),
        language=language_accuracy(matcher, judged),
        dialogues=dialogue_shares(matcher, judged.dialogues),
        cases=case_shares(matcher, judged.cases),
        times=times(ask_all(matcher, [*questions, *judged.offtopic])),
        first_times=times(asked),
        judged=judged,
        encoder_digest=matcher.encoder.digest,
    )


def score(name: str, run: Run, judged: JudgedSet) -> Scored:
    """Measure a run."""
    values = query_values(run, judged.qrels)
    by_measure = {measure: _groups(found, judged.questions) for measure, found in values.items()}
    groups = {
        group: {measure: by_measure[measure][group] for measure in by_measure}
        for group in by_measure["nDCG@10"]
    }
    return Scored(name, run, values, groups)


def _groups(
    values: Mapping[str, float], questions: Sequence[JudgedQuestion]
) -> dict[str, Estimate]:
    """Return the estimate of each group that has a value: all, each language, each slice."""
    found: dict[str, Estimate | None] = {ALL: estimate(values, questions)}
    for language in LANGUAGES:
        found[language] = estimate(values, [q for q in questions if q.language == language])
    for name in dict.fromkeys(question.slice for question in questions):
        found[name] = estimate(values, [q for q in questions if q.slice == name])
    return {group: value for group, value in found.items() if value}
