"""Two versions of the index side by side: their corpora, and what they answer."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hytki_match.corpus.changes import Changes, corpus_changes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hytki_match.matching import Matcher

TOP = 5
"""Places of an answer that are compared: what a reader sees without scrolling."""


@dataclass(frozen=True, slots=True)
class MovedQuestion:
    """A question whose first places differ; the tuples hold the ids in their order."""

    question: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """What two versions differ in.

    ``known_questions`` counts those of the corpora, before and after; ``asked`` is the number of
    questions that were asked of both versions.
    """

    before: str
    after: str
    encoder_changed: bool
    corpus: Changes
    known_questions: tuple[int, int]
    asked: int
    moved: tuple[MovedQuestion, ...]


def differences(before: Matcher, after: Matcher, questions: Sequence[str]) -> Differences:
    """Compare two versions; each answers with the encoder it was built with."""
    pairs = ((question, _top(before, question), _top(after, question)) for question in questions)
    return Differences(
        before=before.index.manifest.version,
        after=after.index.manifest.version,
        encoder_changed=before.encoder.digest != after.encoder.digest,
        corpus=corpus_changes(before.index.corpus, after.index.corpus),
        known_questions=(
            len(before.index.corpus.questions),
            len(after.index.corpus.questions),
        ),
        asked=len(questions),
        moved=tuple(MovedQuestion(q, one, other) for q, one, other in pairs if one != other),
    )


def read_questions(folder: Path) -> list[str]:
    """Return the texts of ``questions.csv``; none when the folder has no such file."""
    file = folder / "questions.csv"
    if not file.is_file():
        return []
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return [row["question"] for row in csv.DictReader(stream)]


def _top(matcher: Matcher, question: str) -> tuple[str, ...]:
    answer = matcher.match(question, limit=TOP)
    return tuple(match.record.doc_id for match in answer.resources)
