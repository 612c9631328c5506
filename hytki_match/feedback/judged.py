"""Opinions as judged questions, in the form that ``hytki-match evaluate`` reads."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.feedback.store import Opinion

QUESTION_COLUMNS = (
    "query_id",
    "need_id",
    "language",
    "slice",
    "question",
    "expected_regions",
    "expected_contacts",
)
SLICE = "feedback"
USEFUL = 1
"""Useful to show. Whether a record alone answers the question, a reader was not asked."""


def judged_questions(opinions: Sequence[Opinion]) -> dict[str, str]:
    """Return ``questions.csv`` and ``qrels.txt`` of the questions with a useful hit.

    Where readers disagree on a hit the majority decides, and a tie counts as not useful.
    """
    votes: dict[tuple[str, str], dict[str, int]] = {}
    for opinion in opinions:
        if opinion.doc_id:
            counts = votes.setdefault((opinion.language, opinion.question), {})
            counts.setdefault(opinion.doc_id, 0)
            counts[opinion.doc_id] += 1 if opinion.useful else -1
    useful = {
        question: [doc_id for doc_id, count in sorted(counts.items()) if count > 0]
        for question, counts in sorted(votes.items())
    }
    questions = io.StringIO()
    writer = csv.writer(questions)
    writer.writerow(QUESTION_COLUMNS)
    qrels = []
    kept = [(question, doc_ids) for question, doc_ids in useful.items() if doc_ids]
    for number, ((language, text), doc_ids) in enumerate(kept, start=1):
        need_id = f"F{number:03}"
        query_id = f"{need_id}-{language}"
        writer.writerow((query_id, need_id, language, SLICE, text, "", ""))
        qrels += [f"{query_id}\t0\t{doc_id}\t{USEFUL}\n" for doc_id in doc_ids]
    return {"questions.csv": questions.getvalue(), "qrels.txt": "".join(qrels)}
