"""The table of the 4i stages: what each is, and what serves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hytki_match.corpus.checks import check_tables
from hytki_match.corpus.files import read_side_files
from hytki_match.corpus.schema import STAGES, parts
from hytki_match.corpus.tables import parse_tables
from hytki_match.errors import CorpusError
from hytki_match.records import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hytki_match.records import Corpus


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the 4i model.

    ``signs`` are words, in both languages, of needs in this stage. ``topics`` and ``kinds`` of
    tools serve it. The order of stages is that of the table.
    """

    stage_id: str
    name: Text
    description: Text
    signs: tuple[str, ...]
    topics: tuple[str, ...]
    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    as_of: str


def read_stages(folder: Path, corpus: Corpus) -> tuple[Stage, ...]:
    """Return the stages of a corpus folder; empty if it has no such table.

    Raises
    ------
    CorpusError
    """
    contents, findings = read_side_files(folder)
    frames, unread = parse_tables({t: data for t, data in contents.items() if t == STAGES})
    findings += unread + check_tables(frames, {"topics": tuple(corpus.topics)})
    if findings:
        raise CorpusError(findings)
    return tuple(_stage(row) for frame in frames.values() for row in frame.to_dict("records"))


def _stage(row: Mapping[Any, str]) -> Stage:
    return Stage(
        stage_id=row["id"],
        name=Text(row["name_fi"], row["name_en"]),
        description=Text(row["description_fi"], row["description_en"]),
        signs=(*parts(row["signs_fi"]), *parts(row["signs_en"])),
        topics=parts(row["topics"]),
        kinds=parts(row["kinds"]),
        sources=parts(row["source_url"]),
        as_of=row["as_of"],
    )
