"""A static model from nothing: no earlier model, no question, and no transformer beside it.

Its start is a published English teacher: a piece has the teacher's vector of that piece, in fewer
dimensions, and the longer the rarer it is. Pairs then give Finnish pieces their places. A retrieval
stage of its own may follow; :mod:`training.folds` leaves records out of that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn import functional

from training.retrieval import over_records
from training.static import Bags, StaticStudent, contrast
from training.steps import descend, eased
from training.student import encode_all, tokenize
from training.tokenizer import WORD_START

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Tokenizer
    from torch import Tensor

    from training.student import Student

MODULE = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"
DIMENSION = 256

MAX_PIECE = 16
QUESTIONS = 512
LENGTH = 3.5
"""Mean length of a piece's vector at the start, that of the provisional model's."""


@dataclass(frozen=True, slots=True)
class AlonePlan:
    """How to train: so many texts of each kind in a step."""

    steps: int
    pairs: int = 2048
    related: int = 512
    questions: int = QUESTIONS
    rate: float = 4e-3
    temperature: float = 0.05
    related_weight: float = 0.25
    bare_share: float = 0.25
    seed: int = 20


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of texts; one is drawn by its weight."""

    left: Bags
    right: Bags
    weights: NDArray[np.float64]

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Return the numbers of some pairs; the same pair twice has hardly any chance."""
        return rng.choice(len(self.left), count, p=self.weights)


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions and the records that answer them.

    ``questions`` holds all questions, form after form. ``passages`` holds whole Finnish, whole
    English, bare Finnish and bare English passages of all records. ``truth`` and ``blocked`` are
    those of :func:`training.retrieval.targets`.
    """

    questions: Bags
    passages: Bags
    truth: Tensor
    blocked: Tensor


def start_vectors(tokenizer: Tokenizer, teacher: Student, teachers: Tokenizer) -> Tensor:
    """Return a vector for each piece (pieces, ``DIMENSION``).

    Parameters
    ----------
    tokenizer
        The static model's; its pieces run from common to rare.
    teachers
        The teacher's tokenizer.

    References
    ----------
    Tulkens and van Dongen (2024), Model2Vec: principal components, and weights by Zipf's law.
    """
    pieces = sorted(vocabulary := tokenizer.get_vocab(), key=vocabulary.__getitem__)
    texts = [piece.replace(WORD_START, "") or piece for piece in pieces]
    vectors = encode_all(
        teacher, tokenize(teachers, texts, MAX_PIECE, "cpu"), tokens=20_000
    ).float()
    vectors -= vectors.mean(0)
    _, _, directions = torch.linalg.svd(vectors, full_matrices=False)
    vectors = functional.normalize(vectors @ directions[:DIMENSION].T, dim=1)
    lengths = torch.arange(2, len(vectors) + 2).log()
    return vectors * (lengths * LENGTH / lengths.mean())[:, None]


def train_alone(
    vectors: Tensor,
    pairs: Pairs,
    related: Pairs,
    plan: AlonePlan,
    report: Callable[[str], None],
    asked: Asked | None = None,
) -> Tensor:
    """Return the trained vectors (pieces, dimension).

    Parameters
    ----------
    vectors
        Where to start.
    pairs, related
        Translations, and texts about one thing.
    report
        Gets a line of progress now and then.
    asked
        Questions to learn too: the retrieval stage.
    """
    torch.manual_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    student = StaticStudent(vectors)
    optimizer = torch.optim.Adam(student.parameters(), lr=plan.rate, betas=(0.9, 0.98), fused=True)
    for step in range(plan.steps):
        optimizer.param_groups[0]["lr"] = plan.rate * eased(step / plan.steps)
        loss = _drawn_loss(student, pairs, plan.pairs, plan, rng)
        loss = loss + plan.related_weight * _drawn_loss(student, related, plan.related, plan, rng)
        if asked is not None:
            loss = loss + _asked_loss(student, asked, plan, rng)
        descend(loss, optimizer)
        if step % 50 == 0 or step == plan.steps - 1:
            report(f"step {step} of {plan.steps}, loss {loss.item():.4f}")
    return student.words.weight.detach()


def _drawn_loss(
    student: StaticStudent, pairs: Pairs, count: int, plan: AlonePlan, rng: np.random.Generator
) -> Tensor:
    rows = pairs.draw(count, rng)
    left, right = student.alone(pairs.left, rows), student.alone(pairs.right, rows)
    return contrast(left @ right.T, plan.temperature)


def _asked_loss(
    student: StaticStudent, asked: Asked, plan: AlonePlan, rng: np.random.Generator
) -> Tensor:
    count = len(asked.truth)
    rows = rng.choice(count, plan.questions, replace=False)
    form = rng.integers(0, len(asked.questions) // count, plan.questions) * count
    half = len(asked.passages) // 2
    bare = rng.random(half) < plan.bare_share
    cosines = (
        student.alone(asked.questions, rows + form)
        @ student.alone(asked.passages, np.arange(half) + bare * half).T
    )
    return over_records(cosines, asked.truth[rows], asked.blocked[rows], plan.temperature)


def encode(vectors: Tensor, tokenizer: Tokenizer, texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the unit vectors of some texts (texts, dimension)."""
    with torch.inference_mode():
        found = StaticStudent(vectors).alone(Bags(tokenizer, texts), np.arange(len(texts)))
    return np.asarray(found.numpy(), np.float32)


def save_space(vectors: Tensor, tokenizer: Tokenizer, out: Path) -> None:
    """Write a sentence-transformers ``StaticEmbedding`` folder."""
    out.mkdir(parents=True, exist_ok=True)
    save_file({"embedding.weight": vectors.contiguous()}, out / "model.safetensors")
    tokenizer.save(str(out / "tokenizer.json"))
    module = {"idx": 0, "name": "0", "path": "", "type": MODULE}
    text = json.dumps([module], indent=2) + "\n"
    (out / "modules.json").write_text(text, encoding="utf-8")
