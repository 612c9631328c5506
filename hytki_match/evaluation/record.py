"""The record: what the matching achieved, need by need, and whether it has fallen since.

Figures of two versions are compared need by need: the noise of the difference is far smaller than
that of either figure, so a fall is seen that two intervals side by side would hide.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hytki_match.evaluation.measures import interval
from hytki_match.evaluation.outcomes import ON_TOPIC_KIND, region_hits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hytki_match.evaluation.evaluate import Evaluation

    Record = Mapping[str, Mapping[str, float]]

RECORD_FILE = "record.json"
"""Name of the record in a folder of judged questions."""

HIGHER_IS_BETTER = {
    "nDCG@10": True,
    "region in the top 1": True,
    "judged questions refused": False,
    "off-topic questions answered": False,
}


def make_record(evaluation: Evaluation) -> dict[str, dict[str, float]]:
    """Return each figure by need (questions about nothing in the corpus: by question)."""
    questions = evaluation.judged.questions
    asked = evaluation.asked
    refused = {q.query_id: float(not asked[q.query_id].is_presented) for q in questions}
    answered = {
        q.query_id: float(asked[q.query_id].is_presented)
        for q in evaluation.judged.offtopic
        if q.kind != ON_TOPIC_KIND
    }
    return {
        "nDCG@10": _by_need(evaluation, evaluation.ours.values["nDCG@10"]),
        "region in the top 1": _by_need(evaluation, region_hits(questions, asked, 1)),
        "judged questions refused": _by_need(evaluation, refused),
        "off-topic questions answered": answered,
    }


def _by_need(evaluation: Evaluation, values: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for question in evaluation.judged.questions:
        if question.query_id in values:
            found.setdefault(question.need_id, []).append(values[question.query_id])
    return {need: round(sum(v) / len(v), 4) for need, v in sorted(found.items())}


def write_record(evaluation: Evaluation, file: Path) -> None:
    """Write the record; commit it with the reason for the change."""
    text = json.dumps(make_record(evaluation), indent=1, sort_keys=True)
    file.write_text(text + "\n", encoding="utf-8")


def read_record(file: Path) -> Record:
    """Read a record."""
    found: Record = json.loads(file.read_text(encoding="utf-8"))
    return found


def falls(record: Record, now: Record) -> list[str]:
    """Return a sentence for each figure that fell by more than the noise of the difference.

    A figure has fallen when the whole 95 % interval of its mean difference, over what both
    versions measured, lies on the worse side of zero.
    """
    sentences = []
    for name, better in HIGHER_IS_BETTER.items():
        shared = sorted(set(record[name]) & set(now[name]))
        if not shared:
            continue
        differences = [now[name][key] - record[name][key] for key in shared]
        low, high = interval(differences)
        if (high < 0) if better else (low > 0):
            mean = sum(differences) / len(differences)
            sentences.append(
                f"{name} changed by {mean:+.4f}, 95 % interval [{low:+.4f}, {high:+.4f}]"
            )
    return sentences
