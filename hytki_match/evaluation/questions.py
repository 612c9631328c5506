"""Judged questions from a folder, checked against the corpus before anything is measured.

The format is that of ``tests/judged/README.md``.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from hytki_match.corpus.schema import EXTRA_REGIONS, parts
from hytki_match.errors import EvaluationError, Mistake
from hytki_match.records import LANGUAGES, Language
from hytki_match.utf8 import NotUtf8Error, utf8_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from hytki_match.records import Corpus

EXACT = 2
"""Relevance of a record that answers the question alone; 1 is useful to show."""

_QRELS = "qrels.txt"
_COLUMNS = {
    "questions.csv": (
        "query_id",
        "need_id",
        "language",
        "slice",
        "question",
        "expected_regions",
        "expected_contacts",
    ),
    "offtopic.csv": ("query_id", "language", "kind", "question"),
    "dialogues.csv": (
        "dialogue_id",
        "turn",
        "language",
        "question",
        "must_include",
        "must_not_include",
    ),
    "cases.csv": ("case_id", "language", "need_text", "part_no", "part", "acceptable"),
}


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question with what a person would expect; its judgements stand in the qrels."""

    query_id: str
    need_id: str
    language: Language
    slice: str
    text: str
    expected_regions: tuple[str, ...]
    expected_contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OffTopicQuestion:
    """A question outside the corpus; ``kind`` says how."""

    query_id: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class DialogueTurn:
    """One turn of a dialogue, with what its top 5 must and must not hold."""

    dialogue_id: str
    turn: int
    language: Language
    text: str
    must_include: tuple[str, ...]
    must_not_include: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CasePart:
    """One part of the need of an adviser's case, with all that would serve it."""

    case_id: str
    language: Language
    need_text: str
    part_no: int
    part: str
    acceptable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """All that is judged. ``qrels`` maps a query to the relevance of records, 1 or 2."""

    questions: tuple[JudgedQuestion, ...]
    qrels: Mapping[str, Mapping[str, int]]
    offtopic: tuple[OffTopicQuestion, ...]
    dialogues: tuple[DialogueTurn, ...]
    cases: tuple[CasePart, ...]

    @property
    def slices(self) -> tuple[str, ...]:
        """The slices, those with most needs first."""
        counts = Counter(question.slice for question in self.questions)
        return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


class _Reader:
    """Reads the files of a folder and collects every mistake with its place."""

    def __init__(self, folder: Path, corpus: Corpus) -> None:
        self.folder = folder
        self.mistakes: list[Mistake] = []
        self.regions = corpus.regions
        self.records = corpus.records
        self._ids: dict[str, tuple[str, int]] = {}
        self._known = {*corpus.records, *corpus.contacts, *corpus.regions, *EXTRA_REGIONS}

    def wrong(self, file: str, line: int, problem: str, cure: str) -> None:
        place = f"{self.folder / file}, line {line}" if line else str(self.folder / file)
        self.mistakes.append(Mistake(place, problem, cure))

    def rows(self, file: str, *, needed: bool = True) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield the rows of a CSV file with the line on which each ends."""
        text = self.text(file, needed=needed)
        if text is None:
            return
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        try:
            lacking = [c for c in _COLUMNS[file] if c not in (reader.fieldnames or ())]
            if lacking:
                self.wrong(file, 1, f"the header lacks {', '.join(lacking)}", "Add the columns.")
                return
            for row in reader:
                if None in row or None in row.values():
                    self.wrong(file, reader.line_num, "has too many or too few cells", "Mend it.")
                    continue
                yield reader.line_num, row
        except csv.Error as error:
            problem = f"cannot be divided into cells ({error})"
            self.wrong(file, reader.line_num + 1, problem, "Close the quotation.")

    def text(self, file: str, *, needed: bool) -> str | None:
        """Return what a file holds; None, and a mistake where it is needed, if it is not there."""
        path = self.folder / file
        if not path.is_file():
            if needed:
                self.wrong(file, 0, "is missing", "See tests/judged/README.md for the files.")
            return None
        try:
            return utf8_text(path.read_bytes())
        except NotUtf8Error as error:
            self.wrong(file, error.line, "is not UTF-8", "Save the file as UTF-8.")
        except OSError as error:
            self.wrong(file, 0, f"cannot be read ({error.strerror or error})", "Mend its rights.")
        return None

    def number(self, file: str, line: int, value: str) -> int:
        if value.strip().isdecimal():
            return int(value)
        self.wrong(file, line, f"{value!r} is not a number", "Write a whole number.")
        return 0

    def language(self, file: str, line: int, value: str) -> Language:
        if value not in get_args(Language):
            problem = f"{value!r} is not a language"
            self.wrong(file, line, problem, f"Write {' or '.join(LANGUAGES)}.")
        return "en" if value == "en" else "fi"

    def known(self, file: str, line: int, cell: str) -> tuple[str, ...]:
        """Return the ids of a cell, each of which must be in the corpus."""
        ids = parts(cell)
        for unknown in (i for i in ids if i not in self._known):
            problem = f"{unknown!r} is not in the corpus"
            self.wrong(file, line, problem, "Mend the id, or judge again for this corpus.")
        return ids

    def unique(self, file: str, line: int, query_id: str) -> None:
        """Note an id, and a mistake when it is taken; questions and off-topic ones share ids."""
        if query_id in self._ids:
            first_file, first_line = self._ids[query_id]
            place = "" if first_file == file else f"{first_file}, "
            problem = f"{query_id!r} is the id of {place}line {first_line} already"
            self.wrong(file, line, problem, "Give each question an id of its own.")
        self._ids.setdefault(query_id, (file, line))


def load_judged(folder: Path, corpus: Corpus) -> JudgedSet:
    """Read a folder of judged questions.

    ``questions.csv`` and ``qrels.txt`` must be there; the other files may be missing, and what
    they measure is then left out.

    Raises
    ------
    EvaluationError
        Naming file and line of every id that is not in the corpus, question without judgements,
        duplicate id and malformed row.
    """
    reader = _Reader(folder, corpus)
    questions = _questions(reader)
    qrels = _qrels(reader, {question.query_id for _, question in questions})
    for line, question in questions:
        if not qrels.get(question.query_id):
            problem = f"{question.query_id!r} has no judgement in {_QRELS}"
            reader.wrong("questions.csv", line, problem, "Judge it, or remove the question.")
    judged = JudgedSet(
        tuple(question for _, question in questions),
        qrels,
        _offtopic(reader),
        _dialogues(reader),
        _cases(reader),
    )
    if reader.mistakes:
        raise EvaluationError(reader.mistakes)
    return judged


def _questions(reader: _Reader) -> list[tuple[int, JudgedQuestion]]:
    file = "questions.csv"
    found = []
    for line, row in reader.rows(file):
        reader.unique(file, line, row["query_id"])
        # "national" is true of a record but is no region that an answer could name.
        regions = reader.known(file, line, row["expected_regions"])
        question = JudgedQuestion(
            row["query_id"],
            row["need_id"],
            reader.language(file, line, row["language"]),
            row["slice"],
            row["question"],
            tuple(region for region in regions if region in reader.regions),
            reader.known(file, line, row["expected_contacts"]),
        )
        found.append((line, question))
    if not found and not reader.mistakes:
        reader.wrong(file, 0, "has no question", "Add questions with judgements.")
    return found


def _qrels(reader: _Reader, query_ids: set[str]) -> dict[str, dict[str, int]]:
    """Read TREC judgements: ``query_id 0 doc_id relevance`` with white space between."""
    qrels: dict[str, dict[str, int]] = defaultdict(dict)
    strangers: dict[str, int] = {}
    lines = (reader.text(_QRELS, needed=True) or "").splitlines()
    for number, cells in ((n, line.split()) for n, line in enumerate(lines, start=1)):
        if not cells:
            continue
        if len(cells) != 4 or cells[3] not in ("0", "1", "2"):
            cure = "Write: query_id 0 doc_id relevance, with a relevance of 0, 1 or 2."
            reader.wrong(_QRELS, number, "is no judgement", cure)
            continue
        query_id, _, doc_id, relevance = cells
        if query_id not in query_ids:
            strangers.setdefault(query_id, number)
        if doc_id not in reader.records:
            cure = "Mend the id, or judge again for this corpus."
            reader.wrong(_QRELS, number, f"{doc_id!r} is not a record of the corpus", cure)
        if doc_id in qrels[query_id]:
            reader.wrong(_QRELS, number, f"{query_id} {doc_id} is judged twice", "Remove one.")
        qrels[query_id][doc_id] = int(relevance)
    for query_id, number in strangers.items():
        problem = f"{query_id!r} is judged but is no question"
        reader.wrong(_QRELS, number, problem, "Add it to questions.csv, or remove its lines.")
    return {
        query_id: {doc_id: grade for doc_id, grade in judged.items() if grade}
        for query_id, judged in qrels.items()
    }


def _offtopic(reader: _Reader) -> tuple[OffTopicQuestion, ...]:
    file = "offtopic.csv"
    found = []
    for line, row in reader.rows(file, needed=False):
        reader.unique(file, line, row["query_id"])
        found.append(OffTopicQuestion(row["query_id"], row["kind"], row["question"]))
    return tuple(found)


def _dialogues(reader: _Reader) -> tuple[DialogueTurn, ...]:
    file = "dialogues.csv"
    return tuple(
        DialogueTurn(
            row["dialogue_id"],
            reader.number(file, line, row["turn"]),
            reader.language(file, line, row["language"]),
            row["question"],
            reader.known(file, line, row["must_include"]),
            reader.known(file, line, row["must_not_include"]),
        )
        for line, row in reader.rows(file, needed=False)
    )


def _cases(reader: _Reader) -> tuple[CasePart, ...]:
    file = "cases.csv"
    return tuple(
        CasePart(
            row["case_id"],
            reader.language(file, line, row["language"]),
            row["need_text"],
            reader.number(file, line, row["part_no"]),
            row["part"],
            reader.known(file, line, row["acceptable"]),
        )
        for line, row in reader.rows(file, needed=False)
    )
