"""The scale on which a passage stands for the known question that nobody has asked yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.day import TODAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.evaluation.questions import JudgedSet
    from hytki_match.matching import Matcher


def unasked(parts: Sequence[tuple[Matcher, JudgedSet]]) -> tuple[float, float]:
    """Return offset and slope from the cosine of a passage to that of a known question.

    The line through the two means of right answers and the two means of what is no answer, over
    records that both legs found, so that a record without known questions is neither ahead of
    others nor behind.
    """
    pairs: dict[int, list[tuple[float, float]]] = {0: [], 1: [], 2: []}
    for matcher, part in parts:
        for question in part.questions:
            query = matcher.understand(question.text, today=TODAY)
            dense = matcher.retrieve(query)["dense"]
            grades = part.qrels[question.query_id]
            nearest = _nearest_questions(matcher, query.search_text)
            for record, cosine in zip(dense.records.tolist(), dense.scores.tolist(), strict=True):
                doc_id = matcher.preferences.doc_ids[record]
                if doc_id in nearest:
                    pairs[grades.get(doc_id, 0)].append((cosine, nearest[doc_id]))
    (dense_wrong, asked_wrong), (dense_right, asked_right) = (
        np.mean(pairs[grade], axis=0) for grade in (0, 2)
    )
    slope = (asked_right - asked_wrong) / (dense_right - dense_wrong)
    return float(asked_right - slope * dense_right), float(slope)


def _nearest_questions(matcher: Matcher, text: str) -> dict[str, float]:
    """Return the cosine of the nearest known question that each record answers."""
    found = matcher.known.near(text)
    nearest: dict[str, float] = {}
    for cosine, number in zip(found.cosines.tolist(), found.numbers.tolist(), strict=True):
        for doc_id in matcher.known.questions[number].answers:
            nearest.setdefault(doc_id, cosine)
    return nearest
