"""The static half once more, beside the transformer, which is finished and stands still.

The transformer's vectors of some pairs, of all passages and of the questions are computed once, by
the 8-bit graph that ships. The loss is that of both halves together, as they are used, so the
static half learns what the transformer gets wrong; it also has a loss of its own. It needs no GPU,
and takes longer over the questions than is good for the transformer.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from hytki_match.encoder.light import LightEncoder
from training.align import contrast, noisy, same
from training.both import MAX_PIECES, STATIC_SHARE
from training.retrieval import VARIANTS, forms_of, over_records, siblings, targets
from training.rows import read_rows
from training.steps import descend, eased
from training.student import HIDDEN
from training.texts import bag, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from training.retrieval import Passages, Question
    from training.texts import Texts

SEED = 20


@dataclass(frozen=True, slots=True)
class StaticPlan:
    """How to train.

    ``pairs`` have the transformer's vectors beside them, ``others`` have not and train the static
    half alone. Questions are asked in each step of ``every``, because all passages have to be
    summed for them.
    """

    steps: int = 2400
    drawn: int = 60_000
    pairs: int = 1024
    others: int = 1024
    questions: int = 512
    every: int = 3
    rate: float = 4e-3
    temperature: float = 0.05
    alone_weight: float = 0.5
    bare_share: float = 0.25
    needs_repeat: int = 2
    seed: int = SEED


@dataclass(frozen=True, slots=True)
class Beside:
    """Texts as the static half reads them, and the transformer's unit vectors of them."""

    pieces: Texts
    vectors: Tensor


@dataclass(frozen=True, slots=True)
class StaticMaterial:
    """What the static half learns from.

    ``finnish`` and ``english`` are the pairs with the transformer's vectors, ``others`` all pairs
    with the sums of their weights, ``questions`` the forms of each question, form after form, and
    ``passages`` whole Finnish, whole English, bare Finnish and bare English ones of all records.
    ``truth`` and ``blocked`` are those of :func:`training.retrieval.targets`, ``chances`` how often
    each question is drawn.
    """

    finnish: Beside
    english: Beside
    others: tuple[Texts, Texts]
    shares: NDArray[np.float64]
    questions: Beside
    passages: Beside
    truth: Tensor
    blocked: Tensor
    chances: NDArray[np.float64]


def static_material(
    work: Path,
    model: Path,
    tokenizer: Tokenizer,
    questions: Sequence[Question],
    records: Passages,
    plan: StaticPlan,
    without: Collection[str] = (),
) -> StaticMaterial:
    """Draw pairs, make forms of the questions, and ask the transformer for all of them.

    Parameters
    ----------
    model
        The exported model folder.
    tokenizer
        The static half's.
    without
        Names of files of pairs that are left out.
    """
    rng = random.Random(SEED)  # noqa: S311 - no secret
    rows = [row for row in read_rows(work / "pairs.tsv.gz") if row[3] not in without]
    weights = np.array([float(row[0]) for row in rows])
    weights /= weights.sum()
    most = min(plan.drawn, len(rows))
    drawn = np.random.default_rng(SEED).choice(len(rows), most, replace=False, p=weights)
    encoder = LightEncoder(model, name="exported")

    def pieces(texts: Sequence[str]) -> Texts:
        return tokenize(tokenizer, texts, MAX_PIECES, special=False)

    def beside(texts: Sequence[str]) -> Beside:
        vectors = torch.from_numpy(encoder.encode_passages(texts)[:, :HIDDEN])
        return Beside(pieces(texts), functional.normalize(vectors, dim=1))

    passages = beside(records.texts)
    near = siblings(passages.vectors[: 2 * len(records.doc_ids)])
    truth, blocked = targets(questions, records.doc_ids, near)
    counts = np.array([plan.needs_repeat if q.need_id else 1 for q in questions], np.float64)
    return StaticMaterial(
        finnish=beside([noisy(rows[i][1], rng) for i in drawn]),
        english=beside([rows[i][2] for i in drawn]),
        others=(pieces([noisy(row[1], rng) for row in rows]), pieces([row[2] for row in rows])),
        shares=np.cumsum(weights),
        questions=beside(forms_of(questions, rng)),
        passages=passages,
        truth=truth,
        blocked=blocked,
        chances=counts / counts.sum(),
    )


def train_static(
    vectors: Tensor, material: StaticMaterial, plan: StaticPlan, report: Callable[[str], None]
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
    for step in range(plan.steps):
        optimizer.param_groups[0]["lr"] = plan.rate * eased(step / plan.steps)
        loss = _pair_loss(words, material, plan, rng)
        if step % plan.every == 0:
            loss = loss + _question_loss(words, material, plan, rng)
        descend(loss, optimizer)
        if step % 100 == 0 or step == plan.steps - 1:
            report(f"static half, step {step} of {plan.steps}, loss {loss.item():.4f}")
    return words.weight.detach()


def _sums(words: nn.EmbeddingBag, texts: Texts, rows: NDArray[np.int64]) -> Tensor:
    taken = bag(*texts.take(rows), "cpu")
    return functional.normalize(words(taken.ids, taken.starts), dim=-1)


def _both(own: Tensor, transformer: Tensor) -> Tensor:
    return (transformer + STATIC_SHARE * own) / (1 + STATIC_SHARE)


def _pair_loss(
    words: nn.EmbeddingBag,
    material: StaticMaterial,
    plan: StaticPlan,
    rng: np.random.Generator,
) -> Tensor:
    count = len(material.shares)
    others = np.searchsorted(material.shares, rng.random(plan.others)).clip(max=count - 1)
    left, right = (_sums(words, texts, others) for texts in material.others)
    alone = contrast(left @ right.T, None, plan.temperature)
    pairs = len(material.finnish.vectors)
    rows = rng.choice(pairs, min(plan.pairs, pairs), replace=False)
    finnish, english = material.finnish, material.english
    meaning = english.vectors[rows]
    alike = same(meaning)
    own = _sums(words, finnish.pieces, rows) @ _sums(words, english.pieces, rows).T
    both = _both(own, finnish.vectors[rows] @ meaning.T)
    return contrast(both, alike, plan.temperature) + plan.alone_weight * (
        alone + contrast(own, alike, plan.temperature)
    )


def _question_loss(
    words: nn.EmbeddingBag,
    material: StaticMaterial,
    plan: StaticPlan,
    rng: np.random.Generator,
) -> Tensor:
    count = len(material.truth)
    chosen = rng.choice(count, min(plan.questions, count), replace=False, p=material.chances)
    asked = chosen + rng.integers(0, VARIANTS, len(chosen)) * count
    whole = len(material.passages.vectors) // 2
    at = np.arange(whole) + (rng.random(whole) < plan.bare_share) * whole
    questions, passages = material.questions, material.passages
    own = _sums(words, questions.pieces, asked) @ _sums(words, passages.pieces, at).T
    both = _both(own, questions.vectors[asked] @ passages.vectors[at].T)
    wanted = (material.truth[chosen], material.blocked[chosen])
    return over_records(both, *wanted, plan.temperature) + plan.alone_weight * over_records(
        own, *wanted, plan.temperature
    )
