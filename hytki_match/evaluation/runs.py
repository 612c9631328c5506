"""Runs: the rankings of all judged queries, in memory and as TREC files."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from hytki_match.errors import EvaluationError, Mistake
from hytki_match.utf8 import NotUtf8Error, utf8_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    Ranking = Sequence[tuple[str, float]]
    Run = Mapping[str, Ranking]

DEPTH = 100
"""Records a run keeps of each query."""


def as_ranking(pairs: Ranking) -> list[tuple[str, float]]:
    """Return the first hundred with strictly falling scores.

    Measures libraries order equal scores by their own rule (trec_eval: by id, downwards); scores
    that fall strictly keep our order, which breaks ties by id, upwards.
    """
    ranking: list[tuple[str, float]] = []
    for doc_id, score in pairs[:DEPTH]:
        highest = math.nextafter(ranking[-1][1], -math.inf) if ranking else math.inf
        ranking.append((doc_id, min(float(score), highest)))
    return ranking


def write_run(run: Run, tag: str, file: Path) -> None:
    """Write a run as TREC does: ``query_id Q0 doc_id rank score tag``, rank from 1."""
    name = "-".join(tag.split())
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        for query_id in sorted(run):
            for rank, (doc_id, score) in enumerate(run[query_id], start=1):
                stream.write(f"{query_id} Q0 {doc_id} {rank} {score!r} {name}\n")


def read_run(file: Path) -> tuple[str, dict[str, list[tuple[str, float]]]]:
    """Read a TREC run; return its tag and its rankings by falling score.

    Raises
    ------
    EvaluationError
        Naming file and line of everything that is not a line of a run.
    """
    run: dict[str, list[tuple[str, float]]] = defaultdict(list)
    tag, mistakes = file.stem, []
    for number, line in enumerate(read_lines(file), start=1):
        cells = line.split()
        try:
            query_id, _, doc_id, _, score, tag = cells
            run[query_id].append((doc_id, _finite(score)))
        except ValueError:
            cure = "Write: query_id Q0 doc_id rank score tag."
            mistakes.append(Mistake(f"{file}, line {number}", "is not a line of a run", cure))
    if mistakes:
        raise EvaluationError(mistakes)
    return tag, {
        query_id: as_ranking(sorted(hits, key=lambda hit: (-hit[1], hit[0])))
        for query_id, hits in run.items()
    }


def _finite(score: str) -> float:
    value = float(score)
    if not math.isfinite(value):
        raise ValueError(score)
    return value


def read_lines(file: Path) -> list[str]:
    """Return the lines of a UTF-8 file.

    Raises
    ------
    EvaluationError
        When the file is in another encoding, with the line.
    """
    try:
        return utf8_text(file.read_bytes()).splitlines()
    except NotUtf8Error as error:
        mistake = Mistake(f"{file}, line {error.line}", "is not UTF-8", "Save the file as UTF-8.")
        raise EvaluationError([mistake]) from error
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
        raise EvaluationError([Mistake(str(file), problem, "Mend its rights.")]) from error


def write_qrels(qrels: Mapping[str, Mapping[str, int]], file: Path) -> None:
    """Write judgements as TREC does: ``query_id 0 doc_id relevance``."""
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        for query_id in sorted(qrels):
            for doc_id, relevance in sorted(qrels[query_id].items()):
                stream.write(f"{query_id} 0 {doc_id} {relevance}\n")
