"""An evaluation as tables of text: made once, drawn as plain text, Markdown or HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tabulate import tabulate

from hytki_match.evaluation.adviser_cases import case_rows
from hytki_match.evaluation.calibration import DEPTH
from hytki_match.evaluation.dialogues import NOTE as DIALOGUES_NOTE
from hytki_match.evaluation.evaluate import ALL
from hytki_match.evaluation.measures import COLUMNS
from hytki_match.evaluation.outcomes import ON_TOPIC_KIND
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hytki_match.evaluation.evaluate import Evaluation, Scored
    from hytki_match.evaluation.measures import Estimate


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the sentence that a reader needs to read it."""

    title: str
    note: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def drawn(self, form: str) -> str:
        """Return the table in one of tabulate's forms: ``simple``, ``github`` or ``html``."""
        # Figures are text already; tabulate must not read "0.610" as a number and cut it.
        return tabulate(self.rows, self.header, tablefmt=form, disable_numparse=True)


def all_tables(evaluation: Evaluation) -> list[Table]:
    """Return the tables of one evaluation, the most asked first."""
    return [
        _systems(evaluation),
        _by_language(evaluation),
        _slices(evaluation),
        _roll_up(evaluation),
        *_honesty(evaluation),
        *_calibration(evaluation),
        *_dialogues(evaluation),
        _rest(evaluation),
    ]


def figure(value: Estimate | None) -> str:
    """Return a mean with its interval."""
    return f"{value.mean:.3f} [{value.low:.3f}, {value.high:.3f}]" if value else "–"


def percent(value: float) -> str:
    """Return a share in percent."""
    return f"{100 * value:.1f} %"


def _systems(evaluation: Evaluation) -> Table:
    rows = [_system_row(scored) for scored in (evaluation.ours, *evaluation.others)]
    return Table(
        "All questions",
        "Means over needs with 95 % bootstrap intervals. RR and Success count exact answers; "
        "R_cap@10 is R@10 as a share of what ten places can hold.",
        ("system", *COLUMNS),
        rows,
    )


def _system_row(scored: Scored) -> list[str]:
    return [scored.name, *(figure(scored.groups[ALL][measure]) for measure in COLUMNS)]


def _by_language(evaluation: Evaluation) -> Table:
    rows = [
        [scored.name, *(_mean(scored, lang, m) for lang in LANGUAGES for m in COLUMNS)]
        for scored in (evaluation.ours, *evaluation.others)
    ]
    header = ("system", *(f"{m} {lang}" for lang in LANGUAGES for m in COLUMNS))
    return Table("By language of the question", "Means over needs.", header, rows)


def _mean(scored: Scored, group: str, measure: str) -> str:
    values = scored.groups.get(group)
    return f"{values[measure].mean:.3f}" if values else "–"


def _slices(evaluation: Evaluation) -> Table:
    scored = evaluation.ours
    rows = []
    for name in evaluation.judged.slices:
        values = scored.groups[name]
        rows.append(
            [
                name,
                str(values["nDCG@10"].needs),
                figure(values["nDCG@10"]),
                *(f"{values[measure].mean:.3f}" for measure in COLUMNS[1:]),
                *(_mean(other, name, "nDCG@10") for other in evaluation.others),
            ]
        )
    others = [f"nDCG@10 of {other.name}" for other in evaluation.others]
    header = ("slice", "needs", *COLUMNS, *others)
    return Table("By slice", f"Of {scored.name}, and nDCG@10 of the others.", header, rows)


def _roll_up(evaluation: Evaluation) -> Table:
    def row(label: str, found: Mapping[str, Estimate]) -> list[str]:
        return [label, *(figure(found.get(group)) for group in (ALL, *LANGUAGES))]

    rows = [row(f"an expected region in the top {k}", v) for k, v in evaluation.regions.items()]
    rows += [row(f"an expected contact in the top {k}", v) for k, v in evaluation.contacts.items()]
    return Table(
        "Regions and contacts", "Share of needs that expect any.", ("hit", ALL, *LANGUAGES), rows
    )


def _honesty(evaluation: Evaluation) -> Iterator[Table]:
    found = evaluation.honesty
    if not found:
        return
    rows = [["judged questions refused", percent(found.refused)]]
    rows.append(["judged questions answered as weak", percent(found.weak)])
    rows.append(["off-topic questions answered as matches", percent(found.false_answers)])
    for kind, (presented, count) in found.by_kind.items():
        note = " (on topic: should be answered)" if kind == ON_TOPIC_KIND else ""
        rows.append([f"… {kind}{note}", f"{presented} of {count}"])
    note = "Whether results are presented as matches, weak ones included."
    yield Table("Honesty", note, ("", "share"), rows)
    curve = [[f"{t:.2f}", percent(false), percent(refused)] for t, false, refused in found.curve]
    note = "If results were presented from this probability of the best hit on."
    yield Table(
        "Honesty by threshold", note, ("threshold", "false answers", "wrongly refused"), curve
    )


def _calibration(evaluation: Evaluation) -> Iterator[Table]:
    found = evaluation.calibration
    if not found:
        return
    rows = [
        [
            f"{one.low:.1f} to {one.high:.1f}",
            str(one.count),
            f"{one.predicted:.3f}",
            f"{one.observed:.3f}",
        ]
        for one in found.bins
    ]
    note = (
        f"Whether the probability of a hit is true, over the first {DEPTH} hits of each judged "
        "question: the mean probability of the hits in a bin beside the share that was judged "
        f"relevant. Expected calibration error: {found.error:.3f}."
    )
    yield Table("Calibration", note, ("probability", "hits", "predicted", "observed"), rows)


def _dialogues(evaluation: Evaluation) -> Iterator[Table]:
    """Give what the questions have of dialogues and cases."""
    labels = {ALL: "", "fi": ", fi", "en": ", en"}
    counted = [
        (f"dialogues: turns passed{labels.get(group, f', {group}')}", share)
        for group, share in evaluation.dialogues.items()
    ]
    rows = [
        [label, str(share), percent(share.passed / share.count) if share.count else "-"]
        for label, share in (*counted, *case_rows(evaluation.cases))
    ]
    if rows:
        yield Table("Dialogues and cases", DIALOGUES_NOTE, ("", "passed", "share"), rows)


def _rest(evaluation: Evaluation) -> Table:
    language, parity = evaluation.language, evaluation.parity
    rows = []
    if parity:
        rows += [
            ["parity: shared part of the two top fives", percent(parity.overlap)],
            ["parity: nDCG@10 fi less en", f"{parity.difference:+.3f}"],
            ["parity: mean distance of nDCG@10", f"{parity.distance:.3f}"],
        ]
    texts = (("questions", language.questions), ("topic words", language.words))
    for (label, rate), count in zip(
        (*texts, ("word pairs", language.word_pairs)), language.counts, strict=True
    ):
        rows.append([f"language told right: {count} {label}", percent(rate)])
    for when, times in (("", evaluation.times), ("just started, ", evaluation.first_times)):
        rows.append([f"time of an answer, {when}median", f"{times.median:.1f} ms"])
        rows.append([f"time of an answer, {when}p95", f"{times.p95:.1f} ms"])
    return Table("Parity, language, time", "", ("", "value"), rows)
