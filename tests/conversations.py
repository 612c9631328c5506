"""Conversations with a matcher, for tests."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hytki_match.matching import Matcher
    from hytki_match.records import Answer

TODAY = date(2026, 1, 1)


def asked(matcher: Matcher, *questions: str, today: date = TODAY) -> list[Answer]:
    """Return the answers to questions of one conversation."""
    answers: list[Answer] = []
    for question in questions:
        history = [answer.query for answer in answers]
        answers.append(matcher.match(question, history=history, today=today))
    return answers


def ids(answer: Answer) -> list[str]:
    """Return the ids of the records that an answer shows, in its order."""
    return [match.record.doc_id for match in answer.resources]
