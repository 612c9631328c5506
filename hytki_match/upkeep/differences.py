"""Two versions of the index side by side: their corpora, and what they answer."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hytki_match.corpus.changes import Changes, corpus_changes
from hytki_match.errors import EvaluationError, Mistake
from hytki_match.utf8 import SAVE_AS_UTF8, NotUtf8Error, utf8_text

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
    """Return the texts of ``questions.csv``; none when the folder has no such file.

    Raises
    ------
    EvaluationError
        When the file cannot be read, or has no column ``question``.
    """
    file = folder / "questions.csv"
    return question_cells(file, ("question",)) if file.exists() else []


def question_cells(file: Path, names: Sequence[str], delimiter: str = ",") -> list[str]:
    """Return what a CSV file holds in the first of some columns that it has.

    Raises
    ------
    EvaluationError
        When the file cannot be read, or has none of the columns.
    """
    reader = csv.DictReader(
        io.StringIO(question_text(file), newline=""), delimiter=delimiter, strict=True
    )
    try:
        column = next((name for name in names if name in (reader.fieldnames or ())), "")
        if not column:
            problem = f"has no column {' or '.join(map(repr, names))}"
            mistake = Mistake(f"{file}, line 1", problem, "Add it, with commas between the columns")
            raise EvaluationError([mistake])
        return [row[column] or "" for row in reader]
    except csv.Error as error:
        problem = f"cannot be divided into cells ({error})"
        mistake = Mistake(f"{file}, line {reader.line_num + 1}", problem, "Close the quotation")
        raise EvaluationError([mistake]) from error


def question_text(file: Path) -> str:
    """Return the text of a UTF-8 file.

    Raises
    ------
    EvaluationError
        When it cannot be read.
    """
    try:
        return utf8_text(file.read_bytes())
    except NotUtf8Error as error:
        mistake = Mistake(f"{file}, line {error.line}", f"{error}", SAVE_AS_UTF8)
        raise EvaluationError([mistake]) from error
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
        raise EvaluationError([Mistake(str(file), problem, "Mend its rights")]) from error


def _top(matcher: Matcher, question: str) -> tuple[str, ...]:
    answer = matcher.match(question, limit=TOP)
    return tuple(match.record.doc_id for match in answer.resources)
