"""What the static half learns from, with the exported transformer's vectors, computed once."""

from __future__ import annotations

import random
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.encoder.light import LightEncoder
from training.align import noisy
from training.alone import Pairs
from training.retrieval import forms_of, read_passages
from training.rows import read_rows
from training.static import Bags, Side, StaticMaterial
from training.student import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from training.retrieval import Question

SEED = 20


def static_material(
    work: Path,
    model: Path,
    tokenizer: Tokenizer,
    questions: Sequence[Question],
    most: int,
    without: Collection[str] = (),
) -> StaticMaterial:
    """Draw pairs, make forms of the questions, and ask the transformer for all of them.

    The transformer's vectors are kept in ``work``: remove ``beside-*.npy`` after another one.

    Parameters
    ----------
    model
        The exported model folder.
    tokenizer
        The static half's.
    most
        How many pairs to draw, by weight, and to ask the transformer for.
    without
        Names of files of pairs that are left out. They are drawn first and left out then, so that
        what the transformer was asked for stays the same.
    """
    rng = random.Random(SEED)  # noqa: S311 - no secret
    rows = list(read_rows(work / "pairs.tsv.gz"))
    weights = np.array([float(row[0]) for row in rows])
    chosen = np.random.default_rng(SEED).choice(
        len(rows), min(most, len(rows)), replace=False, p=weights / weights.sum()
    )
    finnish = [noisy(rows[i][1], rng) for i in chosen]
    english = [rows[i][2] for i in chosen]
    rest = np.setdiff1d(np.arange(len(rows)), chosen)
    allowed = np.array([row[3] not in without for row in rows])
    further = [(noisy(rows[i][1], rng), rows[i][2]) for i in rest]
    further = list(compress(further, allowed[rest]))
    texts = forms_of(questions, rng)
    records = read_passages(work / "passages.tsv.gz")
    encoder = LightEncoder(model, name="exported")

    def side(name: str, texts: Sequence[str], taken: NDArray[np.bool_] | None = None) -> Side:
        beside = _beside(encoder, texts, work / f"beside-{name}.npy")
        if taken is None:
            return Side(Bags(tokenizer, texts), beside)
        return Side(Bags(tokenizer, list(compress(texts, taken))), beside[taken])

    return StaticMaterial(
        finnish=side("finnish", finnish, allowed[chosen]),
        english=side("english", english, allowed[chosen]),
        others=(
            Bags(tokenizer, [pair[0] for pair in further]),
            Bags(tokenizer, [pair[1] for pair in further]),
        ),
        questions=side("questions", texts),
        passages=side("passages", records.texts),
        known=questions,
        records=records,
    )


def _beside(encoder: LightEncoder, texts: Sequence[str], kept: Path) -> NDArray[np.float16]:
    """Return the transformer's part of each vector, unit length (texts, hidden)."""
    if kept.exists():
        return np.asarray(np.load(kept, allow_pickle=False))
    vectors = encoder.encode_passages(texts)[:, :HIDDEN]
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    found: NDArray[np.float16] = (vectors / np.maximum(norms, 1e-9)).astype(np.float16)
    np.save(kept, found, allow_pickle=False)
    return found


def alone_pairs(
    work: Path, tokenizer: Tokenizer, without: Collection[str], most: int | None = None
) -> tuple[Pairs, Pairs]:
    """Read translations and related texts for a static model that is trained alone.

    Parameters
    ----------
    without
        Names of files of pairs that are left out.
    most
        How many of each to take, by chance; all if none is told.
    """
    rng = random.Random(SEED)  # noqa: S311 - no secret
    rows = [row for row in read_rows(work / "pairs.tsv.gz") if row[3] not in without]
    related = list(read_rows(work / "related.tsv.gz"))
    if most is not None:
        rows = rng.sample(rows, min(most, len(rows)))
        related = rng.sample(related, min(most, len(related)))
    weights = np.array([float(row[0]) for row in rows])
    return (
        Pairs(
            Bags(tokenizer, [noisy(row[1], rng) for row in rows]),
            Bags(tokenizer, [row[2] for row in rows]),
            weights / weights.sum(),
        ),
        Pairs(
            Bags(tokenizer, [row[0] for row in related]),
            Bags(tokenizer, [row[1] for row in related]),
            np.full(len(related), 1 / len(related)),
        ),
    )
