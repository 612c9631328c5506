"""The encoder alone: whether a Finnish text finds its English translation among all others.

Files hold one pair a line, Finnish, tab, English; they stay outside the repository. Published
figures of other models stand in ``published.toml`` with their sources.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.errors import EvaluationError, Mistake
from hytki_match.evaluation.runs import read_lines
from hytki_match.evaluation.tables import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hytki_match.encoder import Encoder, Vectors


@dataclass(frozen=True, slots=True)
class PairAccuracy:
    """Share of texts, 0 to 1, whose nearest text in the other language is the translation."""

    name: str
    pairs: int
    finnish_to_english: float
    english_to_finnish: float


def check_encoder(encoder: Encoder, folder: Path) -> list[PairAccuracy]:
    """Measure an encoder on every ``.tsv`` file of a folder.

    Raises
    ------
    EvaluationError
        When there is no such file, or a line is no pair.
    """
    paths = sorted(folder.glob("*.tsv"))
    if not paths:
        cure = "Name the folder that holds files of Finnish, tab, English."
        raise EvaluationError([Mistake(str(folder), "has no .tsv file", cure)])
    found = []
    for path in paths:
        finnish, english = _read_pairs(path)
        forward, backward = pair_accuracy(
            encoder.encode_queries(finnish), encoder.encode_queries(english)
        )
        found.append(PairAccuracy(path.stem, len(finnish), forward, backward))
    return found


def pair_accuracy(finnish: Vectors, english: Vectors) -> tuple[float, float]:
    """Return retrieval accuracy in both directions.

    Parameters
    ----------
    finnish, english
        Unit vectors of shape (pairs, dimension); row i of one translates row i of the other.
        Of equal cosines the first is taken, so a model that gives one vector for everything
        scores 1 / pairs.
    """
    cosines = finnish @ english.T
    right = np.arange(len(finnish))
    forward = float(np.mean(cosines.argmax(axis=1) == right))
    return forward, float(np.mean(cosines.argmax(axis=0) == right))


def _read_pairs(path: Path) -> tuple[list[str], list[str]]:
    mistakes, pairs = [], []
    for number, line in enumerate(read_lines(path), start=1):
        cells = line.split("\t")
        if len(cells) != 2 or not all(cell.strip() for cell in cells):
            place = f"{path}, line {number}"
            mistakes.append(Mistake(place, "is no pair", "Write Finnish, tab, English."))
        else:
            pairs.append((cells[0], cells[1]))
    if mistakes:
        raise EvaluationError(mistakes)
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def encoder_tables(name: str, found: Sequence[PairAccuracy]) -> list[Table]:
    """Return our figures, and the published ones of others with where they stand."""
    ours = [
        [
            check.name,
            str(check.pairs),
            f"{100 * check.finnish_to_english:.1f}",
            f"{100 * check.english_to_finnish:.1f}",
        ]
        for check in found
    ]
    published = tomllib.loads((files(__package__) / "published.toml").read_text(encoding="utf-8"))[
        "model"
    ]
    others = [
        [m["name"], str(m["parameters"]), m.get("tatoeba", "–"), m.get("ntrex", "–"), m["source"]]
        for m in published
    ]
    header = ("file", "pairs", "fi to en, %", "en to fi, %")
    return [
        Table(f"Translation retrieval: {name}", "Accuracy of the nearest text.", header, ours),
        Table(
            "Published figures of other models",
            "F1 of mining translation pairs, one direction, as published: near to accuracy, and "
            "not the same.",
            ("model", "million parameters", "Tatoeba fin-eng", "NTREX fi to en", "source"),
            others,
        ),
    ]
