"""A word space of both languages from nothing: where the words of both halves start.

Its own start is a published English teacher: a piece has the teacher's vector of that piece, in
fewer dimensions, and the longer the rarer it is. Pairs then give Finnish pieces their places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from training.align import contrast
from training.steps import descend, eased
from training.student import encode_all
from training.texts import bag, tokenize
from training.tokenizer import WORD_START

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from tokenizers import Tokenizer
    from torch import Tensor

    from training.align import Material
    from training.student import Student
    from training.texts import Texts

DIMENSION = 256
MAX_PIECE = 16
LENGTH = 3.5
"""Mean length of a piece's vector at the start."""


@dataclass(frozen=True, slots=True)
class SpacePlan:
    """How to train: so many texts of each kind in a step."""

    steps: int = 1000
    pairs: int = 2048
    related: int = 512
    rate: float = 4e-3
    temperature: float = 0.05
    related_weight: float = 0.25
    seed: int = 20


def start_vectors(tokenizer: Tokenizer, teacher: Student, teachers: Tokenizer) -> Tensor:
    """Return a vector for each piece (pieces, ``DIMENSION``), where the teacher is.

    Parameters
    ----------
    tokenizer
        The static half's; its pieces run from common to rare.
    teachers
        The teacher's tokenizer.

    References
    ----------
    Tulkens and van Dongen (2024), Model2Vec: principal components, and weights by Zipf's law.
    """
    pieces = sorted(vocabulary := tokenizer.get_vocab(), key=vocabulary.__getitem__)
    texts = [piece.replace(WORD_START, "") or piece for piece in pieces]
    vectors = encode_all(teacher, tokenize(teachers, texts, MAX_PIECE)).float()
    vectors -= vectors.mean(0)
    _, _, directions = torch.linalg.svd(vectors, full_matrices=False)
    vectors = functional.normalize(vectors @ directions[:DIMENSION].T, dim=1)
    lengths = torch.arange(2, len(vectors) + 2, device=vectors.device).log()
    return vectors * (lengths * LENGTH / lengths.mean())[:, None]


def train_space(
    vectors: Tensor, material: Material, plan: SpacePlan, report: Callable[[str], None]
) -> Tensor:
    """Return the trained vectors (pieces, dimension).

    Parameters
    ----------
    vectors
        Where to start.
    report
        Gets a line of progress now and then.
    """
    rng = np.random.default_rng(plan.seed)
    words = nn.EmbeddingBag.from_pretrained(vectors.clone(), freeze=False, mode="sum")
    optimizer = torch.optim.Adam(words.parameters(), lr=plan.rate, betas=(0.9, 0.98), fused=True)
    weights = np.zeros(len(material.finnish))
    for weight, rows in material.pair_groups:
        weights[rows] = weight
    chances = np.cumsum(weights / weights.sum())

    def of(texts: Texts, rows: NDArray[np.int64]) -> Tensor:
        taken = bag(*texts.take(rows), str(vectors.device))
        return functional.normalize(words(taken.ids, taken.starts), dim=-1)

    def loss_of(left: Texts, right: Texts, rows: NDArray[np.int64]) -> Tensor:
        return contrast(of(left, rows) @ of(right, rows).T, None, plan.temperature)

    for step in range(plan.steps):
        optimizer.param_groups[0]["lr"] = plan.rate * eased(step / plan.steps)
        drawn = np.searchsorted(chances, rng.random(plan.pairs)).clip(max=len(weights) - 1)
        related = rng.integers(0, len(material.first), plan.related)
        loss = loss_of(material.finnish.pieces, material.english.pieces, drawn)
        beside = loss_of(material.first.pieces, material.second.pieces, related)
        descend(loss + plan.related_weight * beside, optimizer)
        if step % 100 == 0 or step == plan.steps - 1:
            report(f"word space, step {step} of {plan.steps}, loss {loss.item():.4f}")
    return words.weight.detach()
