"""The line that tells needs from background, learned from texts with labelled sentences.

``questions/told.jsonl`` holds invented texts of small companies, one a line: ``sentences`` are
pairs of a sentence and its label, N for one that tells a need of its own, C for one that goes on
with a need, B for background.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, precision_score, recall_score, roc_auc_score

from hytki_match.adviser.splitting import tell_needs
from hytki_match.adviser.telling import features, probabilities

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from hytki_match.encoder import Encoder
    from hytki_match.records import Language

    Array = NDArray[np.float64]

INVERSE_PULL = 0.2
"""Inverse strength of the pull of weights towards zero (L2), as scikit-learn has it."""

FOLDS = 6


@dataclass(frozen=True, slots=True)
class Told:
    """One text: its sentences, and whether each tells a need of its own."""

    language: Language
    sentences: tuple[str, ...]
    is_need: tuple[bool, ...]


def read_told(file: Path) -> list[Told]:
    """Read labelled texts."""
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [
        Told(
            row["language"],
            tuple(sentence.removeprefix("- ") for sentence, _ in row["sentences"]),
            tuple(label == "N" for _, label in row["sentences"]),
        )
        for row in rows
    ]


def learn_telling(texts: list[Told], encoder: Encoder) -> NDArray[np.float32]:
    """Return offset and weights of the logistic line."""
    known = [features(text.sentences, text.language, encoder) for text in texts]
    return _line(known, texts)


def check(texts: list[Told], encoder: Encoder) -> dict[str, float]:
    """Return figures of lines that were learned without the texts that they are asked about.

    ``rules`` are those of splitting alone, ``both`` those with the line, as splitting uses them.
    """
    known = [features(text.sentences, text.language, encoder) for text in texts]
    scores: list[Array] = [np.zeros(0)] * len(texts)
    for fold in range(FOLDS):
        kept = [n for n in range(len(texts)) if n % FOLDS != fold]
        line = _line([known[n] for n in kept], [texts[n] for n in kept]).astype(np.float64)
        for number in range(fold, len(texts), FOLDS):
            scores[number] = probabilities(line, known[number])
    truth = np.concatenate([text.is_need for text in texts])
    found = {"area under the curve, line alone": roc_auc_score(truth, np.concatenate(scores))}
    rules = np.concatenate([tell_needs(t.sentences, t.language, None) for t in texts])
    both = np.concatenate(
        [tell_needs(t.sentences, t.language, s) for t, s in zip(texts, scores, strict=True)]
    )
    for name, told in (("rules", rules), ("both", both)):
        found[f"precision, {name}"] = precision_score(truth, told)
        found[f"recall, {name}"] = recall_score(truth, told)
        found[f"F1, {name}"] = f1_score(truth, told)
    return {name: float(value) for name, value in found.items()}


def _line(known: list[Array], texts: list[Told]) -> NDArray[np.float32]:
    truth = np.concatenate([text.is_need for text in texts])
    model = LogisticRegression(C=INVERSE_PULL, max_iter=1000).fit(np.vstack(known), truth)
    return np.concatenate([model.intercept_, model.coef_[0]]).astype(np.float32)
