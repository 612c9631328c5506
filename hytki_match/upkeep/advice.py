"""What is allowed in the tables but is likely to be wrong, or to keep a row from being found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hytki_match.corpus.schema import MISSING, TABLES, parts
from hytki_match.errors import Finding
from hytki_match.language.analysis import words
from hytki_match.language.detection import detect_language
from hytki_match.language.function_words import function_words
from hytki_match.records import LANGUAGES, RESOURCE_TABLES, other_language
from hytki_match.upkeep.duplicates import near_pairs, worth_comparing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from hytki_match.corpus.schema import Column
    from hytki_match.corpus.writing import Rows
    from hytki_match.encoder import Encoder, Progress, Vectors
    from hytki_match.matching import Matcher
    from hytki_match.records import Language

FIRST_ROW = 2

FEW_WORDS = 8
"""A description with fewer words gives neither leg much to meet a question with."""

SURE = 0.9
"""How sure the language of a text has to be before we say that it is in the wrong column."""

FOUND_DEPTH = 10
"""Places of an answer in which a record counts as found."""

_LONG_TEXTS = ("description", "summary")


def advise(
    tables: Mapping[str, Rows],
    encoder: Encoder,
    today: date,
    progress: Progress | None = None,
    kept: Mapping[tuple[str, str], Vectors] | None = None,
) -> list[Finding]:
    """Return advice on tables that have no mistakes, by table and row.

    Parameters
    ----------
    progress
        Called with (texts encoded, all texts).
    kept
        The vector of a record's passage by its id and language, where a build has kept it. Then
        only texts that may be near another one are encoded; without any, all are.
    """
    found = [
        finding
        for table, rows in tables.items()
        for number, row in enumerate(rows, start=FIRST_ROW)
        for finding in _row_advice(table, number, row)
    ]
    described = {
        (table, language): {
            row["id"]: text for row in tables[table] if (text := _described(row, language))
        }
        for table in RESOURCE_TABLES
        for language in LANGUAGES
    }
    if kept:
        described = {
            (table, language): worth_comparing(
                texts,
                {i: kept[key] for i in texts if (key := (f"{table}/{i}", language)) in kept},
            )
            for (table, language), texts in described.items()
        }
    # All at once, so that progress can tell what is left.
    texts = list(dict.fromkeys(text for group in described.values() for text in group.values()))
    vectors = dict(zip(texts, encoder.encode_passages(texts, progress), strict=True))
    for table in RESOURCE_TABLES:
        groups = [described[table, language] for language in LANGUAGES]
        found += _near_duplicates(table, tables[table], groups, vectors)
    found += _past_events(tables["events"], today)
    return sorted(found, key=lambda f: (f.table, f.row, f.column))


def _row_advice(table: str, number: int, row: Mapping[str, str]) -> Iterator[Finding]:
    for column in TABLES[table]:
        text = row[column.name]
        # Names are left out: many Finnish things have English ones.
        if column.name.rpartition("_")[0] in _LONG_TEXTS and text != MISSING:
            yield from _language_advice(table, number, column, text)
            yield from _length_advice(table, number, column, text)
    if table == "contacts":
        yield from _contact_advice(number, row)


def _language_advice(table: str, number: int, column: Column, text: str) -> Iterator[Finding]:
    """Doubt by function words, which costs nothing, and make sure by letters, which does."""
    wanted: Language = "fi" if column.name.endswith("_fi") else "en"
    other = other_language(wanted)
    found = words(text)
    own, foreign = (sum(w in function_words(code) for w in found) for code in (wanted, other))
    if foreign <= own:
        return
    language, sure = detect_language(text, wanted)
    if language == other and sure >= SURE:
        problem = f"reads as {'English' if other == 'en' else 'Finnish'}"
        cure = f"Move it to the other column, or write {MISSING} here."
        yield Finding(table, number, column.name, text, problem, cure)


def _length_advice(table: str, number: int, column: Column, text: str) -> Iterator[Finding]:
    if len(words(text)) < FEW_WORDS:
        problem = f"has fewer than {FEW_WORDS} words, so few questions will meet it"
        cure = "Say what it is, for whom, and what is special about it."
        yield Finding(table, number, column.name, text, problem, cure)


def _contact_advice(number: int, row: Mapping[str, str]) -> Iterator[Finding]:
    for language in LANGUAGES:
        if row[f"role_{language}"] == MISSING:
            cure = "Write what to turn to them for."
            yield Finding("contacts", number, f"role_{language}", "", "there is no role", cure)
    if not any(source.startswith("http") for source in parts(row["source_url"])):
        problem = "no page publishes this contact, so nobody can check it"
        cure = "Give the page, or remove the contact."
        yield Finding("contacts", number, "source_url", row["source_url"], problem, cure)


def _near_duplicates(
    table: str,
    rows: Rows,
    groups: Iterable[Mapping[str, str]],
    vectors: Mapping[str, Vectors],
) -> Iterator[Finding]:
    """Point out rows that say nearly the same in one of the languages; texts by id in each."""
    numbers = {row["id"]: number for number, row in enumerate(rows, start=FIRST_ROW)}
    nearest: dict[tuple[str, str], float] = {}
    for texts in groups:
        for pair in near_pairs(texts, lambda chosen: np.stack([vectors[t] for t in chosen])):
            key = (pair.one, pair.other)
            nearest[key] = max(pair.cosine, nearest.get(key, pair.cosine))
    for (one, other), cosine in nearest.items():
        later, earlier = (other, one) if numbers[other] > numbers[one] else (one, other)
        problem = f"says nearly the same as row {numbers[earlier]}, {earlier} ({cosine:.2f})"
        cure = "Keep one of them, or say what tells them apart."
        yield Finding(table, numbers[later], "id", later, problem, cure)


def _described(row: Mapping[str, str], language: Language) -> str:
    texts = (row.get(f"{name}_{language}", MISSING) for name in _LONG_TEXTS)
    return " ".join(text for text in texts if text != MISSING)


def _past_events(rows: Rows, today: date) -> Iterator[Finding]:
    """Say once how many events are over: each keeps its worth as a proof of what a region does."""
    last_days = [row["ends_on"] or row["starts_on"] for row in rows]
    over = [day for day in last_days if day < today.isoformat()]
    if over:
        problem = f"{len(over)} of {len(rows)} events are over, the last on {max(over)}"
        cure = "Add the next ones; answers mark these as past."
        yield Finding("events", 0, "ends_on", "", problem, cure)


def not_found(matcher: Matcher, questions: Iterable[str]) -> list[str]:
    """Return the records that are among the first ten answers of no question, by id."""
    unseen = set(matcher.index.corpus.records)
    for question in questions:
        answer = matcher.match(question, limit=FOUND_DEPTH)
        unseen -= {match.record.doc_id for match in answer.resources}
    return sorted(unseen)


def read_all_questions(paths: Sequence[Path]) -> list[str]:
    """Return the questions of files and folders.

    A folder is read as judged questions; a .csv or .tsv file has a column ``question`` or
    ``query``, any other file one question a line.

    Raises
    ------
    EvaluationError
        When a file cannot be read, or has no such column.
    """
    from hytki_match.upkeep.differences import question_cells, question_text, read_questions

    found: list[str] = []
    for path in paths:
        if path.is_dir():
            found += read_questions(path)
        elif path.suffix in (".csv", ".tsv"):
            delimiter = "\t" if path.suffix == ".tsv" else ","
            found += question_cells(path, ("question", "query"), delimiter)
        else:
            found += [line.strip() for line in question_text(path).splitlines()]
    return [question for question in found if question]
