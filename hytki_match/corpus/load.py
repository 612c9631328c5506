"""From checked tables to the nouns of ``records``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from hytki_match.corpus.checks import check_tables
from hytki_match.corpus.files import digest_of, read_files, read_side_files
from hytki_match.corpus.questions import TABLE, read_questions
from hytki_match.corpus.schema import COLUMNS, MISSING, parts
from hytki_match.corpus.tables import parse_tables, rows_of
from hytki_match.errors import CorpusError
from hytki_match.records import RESOURCE_TABLES, Contact, Corpus, Record, Region, Text, Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import pandas as pd

    from hytki_match.errors import Finding
    from hytki_match.records import KnownQuestion, Table

    Row = Mapping[Any, str]

_Noun = TypeVar("_Noun")


class Read(NamedTuple):
    """The tables of a folder as they were read, and what is wrong with them, in their order."""

    digest: str
    frames: dict[str, pd.DataFrame]
    questions: tuple[KnownQuestion, ...]
    findings: list[Finding]


def read(folder: Path, *, sides: bool = False) -> Read:
    """Read and check the tables of a folder; with ``sides`` also those that no search needs."""
    contents, findings = read_files(folder)
    digest = digest_of(contents)
    beside, unread_beside = read_side_files(folder) if sides else ({}, [])
    known = contents | beside
    frames, unread = parse_tables({t: data for t, data in known.items() if t in COLUMNS})
    findings += [*unread_beside, *unread, *check_tables(frames)]
    questions: tuple[KnownQuestion, ...] = ()
    # A table that cannot be read is one mistake, not one in each question that names a row of it.
    if TABLE in contents and frames.keys() >= {*RESOURCE_TABLES, "contacts"}:
        doc_ids, contact_ids = _ids(frames, RESOURCE_TABLES), _ids(frames, ("contacts",))
        questions, wrong = read_questions(contents[TABLE], doc_ids, contact_ids)
        findings += wrong
    findings.sort(key=lambda f: (f.table, f.row, f.column, f.value))
    return Read(digest, frames, questions, findings)


def load(folder: Path) -> Corpus:
    """Read, check and link the tables of a folder; raises ``CorpusError`` with every finding."""
    found = read(folder)
    if found.findings:
        raise CorpusError(found.findings)
    frames = found.frames
    records: dict[str, Record] = {}
    for table in RESOURCE_TABLES:
        # A table goes as soon as its records are there.
        records |= _by_id(frames.pop(table), partial(_record, table), table)
    return Corpus(
        records=dict(sorted(records.items())),
        contacts=_by_id(frames["contacts"], _contact, "contacts"),
        regions=_by_id(frames["regions"], _region),
        topics=_by_id(frames["topics"], _topic),
        digest=found.digest,
        questions=found.questions,
    )


def _ids(frames: Mapping[str, pd.DataFrame], tables: Iterable[str]) -> set[str]:
    return {f"{t}/{i}" for t in tables if t in frames for i in frames[t]["id"]}


def _by_id(frame: pd.DataFrame, make: Callable[[Row], _Noun], prefix: str = "") -> dict[str, _Noun]:
    start = f"{prefix}/" if prefix else ""
    return dict(sorted((start + row["id"], make(row)) for row in rows_of(frame)))


def _record(table: Table, row: Row) -> Record:
    names = {column.name for column in COLUMNS[table]}
    text = "summary" if "summary_fi" in names else "description"
    regions = "region_ids" if "region_ids" in names else "region_id"
    place = "municipality" if "municipality" in names else "place"
    return Record(
        doc_id=f"{table}/{row['id']}",
        table=table,
        kind=row.get("kind", ""),
        name=_text(row, "name") if "name_fi" in names else Text(row["name"], row["name"]),
        description=_text(row, text),
        topics=parts(row.get("topics", "")),
        region_ids=parts(row[regions]),
        organisation_ids=parts(row.get("organisation_ids", "")),
        keywords=_keywords(row),
        url=row["url"],
        sources=parts(row["source_url"]),
        as_of=row["as_of"],
        place=row.get(place, ""),
        starts_on=row.get("starts_on", ""),
        ends_on=row.get("ends_on", ""),
    )


def _contact(row: Row) -> Contact:
    return Contact(
        doc_id=f"contacts/{row['id']}",
        name=Text(row["name"], row["name_en"] or row["name"]),
        role=_text(row, "role"),
        organisation_id=row["organisation_id"],
        region_id=row["region_id"],
        topics=parts(row["topics"]),
        email=row["email"],
        phone=row["phone"],
        url=row["url"],
        sources=parts(row["source_url"]),
        as_of=row["as_of"],
    )


def _region(row: Row) -> Region:
    return Region(
        region_id=row["id"],
        name=_text(row, "name"),
        ecosystem=row["ecosystem"],
        summary=_text(row, "summary"),
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        url=row["url"],
        sources=parts(row["source_url"]),
        as_of=row["as_of"],
    )


def _topic(row: Row) -> Topic:
    return Topic(row["id"], _text(row, "label"))


def _text(row: Row, name: str) -> Text:
    fi, en = (
        "" if row[f"{name}_{language}"] == MISSING else row[f"{name}_{language}"]
        for language in ("fi", "en")
    )
    return Text(fi, en)


def _keywords(row: Row) -> Text:
    return Text(", ".join(parts(row["keywords_fi"])), ", ".join(parts(row["keywords_en"])))
