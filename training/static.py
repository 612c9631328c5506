"""The other road: a text is the sum of its pieces' vectors. Trained beside the transformer.

Rare, telling words get long vectors and common ones short ones: the weights that inverse frequency
would give are learned with the rest. The static half starts as an earlier static model and keeps
its vocabulary. The transformer is finished by then and stands still: its vectors are computed once,
and the loss is that of the sum of both cosines, as the two are used, so the static half learns what
the transformer gets wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.retrieval import over_records, siblings, targets
from training.steps import descend, eased

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from training.retrieval import Passages, Question

STATIC_SHARE = 0.75
"""Weight of the static student's cosine against 1 for the transformer's."""

MAX_PIECES = 256
SAME_MEANING = 0.95


@dataclass(frozen=True, slots=True)
class StaticPlan:
    """How to train.

    ``share`` is the static cosine's weight against 1 for the transformer's; questions are asked in
    each step of ``every``, because all passages have to be summed for them. ``pairs`` have the
    transformer's vectors beside them, ``others`` have not and train the static half alone.
    """

    steps: int = 2000
    pairs: int = 1024
    others: int = 1024
    questions: int = 512
    every: int = 4
    rate: float = 4e-3
    temperature: float = 0.05
    alone_weight: float = 0.5
    question_weight: float = 0.5
    share: float = STATIC_SHARE
    seed: int = 20


class Bags:
    """Piece ids of many texts, one after the other."""

    def __init__(self, tokenizer: Tokenizer, texts: Sequence[str]) -> None:
        rows = [
            encoding.ids[:MAX_PIECES] or [0]
            for encoding in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        ]
        self.lengths = np.array([len(row) for row in rows], np.int64)
        self.starts = np.cumsum(self.lengths) - self.lengths
        self.flat = np.concatenate([np.asarray(row, np.int32) for row in rows])

    def __len__(self) -> int:
        return len(self.lengths)

    def of(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Return the pieces of some texts and where each text begins, as EmbeddingBag wants."""
        parts = [self.flat[self.starts[r] : self.starts[r] + self.lengths[r]] for r in rows]
        lengths = self.lengths[rows]
        offsets = np.cumsum(lengths) - lengths
        return torch.from_numpy(np.concatenate(parts).astype(np.int64)), torch.from_numpy(offsets)


@dataclass
class Side:
    """One set of texts for both halves: pieces, and the transformer's unit vectors."""

    bags: Bags
    beside: NDArray[np.float16]


class StaticStudent(nn.Module):
    """Piece ids to the unit sums of their vectors."""

    def __init__(self, vectors: Tensor) -> None:
        super().__init__()
        self.words = nn.EmbeddingBag.from_pretrained(vectors.clone(), freeze=False, mode="sum")
        self.dimension = vectors.shape[1]

    def alone(self, bags: Bags, rows: NDArray[np.int64]) -> Tensor:
        """Return the unit vectors of some texts (texts, dimension)."""
        return functional.normalize(self.words(*bags.of(rows)), dim=-1)

    def of(self, side: Side, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Return the unit vectors of some texts by this half and by the other."""
        return self.alone(side.bags, rows), torch.from_numpy(side.beside[rows]).float()


@dataclass
class StaticMaterial:
    """What the static half learns from.

    ``others`` are further pairs, Finnish and English. ``passages`` holds whole Finnish, whole
    English, bare Finnish and bare English passages of all records; ``questions`` one or more forms
    of each question, form after form.
    """

    finnish: Side
    english: Side
    others: tuple[Bags, Bags]
    questions: Side
    passages: Side
    known: Sequence[Question]
    records: Passages


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
    torch.manual_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    student = StaticStudent(vectors)
    optimizer = torch.optim.Adam(student.parameters(), lr=plan.rate, betas=(0.9, 0.98), fused=True)
    whole = torch.from_numpy(material.passages.beside[: len(material.passages.bags) // 2]).float()
    truth, blocked = targets(material.known, material.records.doc_ids, siblings(whole))
    for step in range(plan.steps):
        optimizer.param_groups[0]["lr"] = plan.rate * eased(step / plan.steps)
        rows = rng.choice(len(material.finnish.bags), plan.pairs, replace=False)
        loss = _pair_loss(student, material, rows, plan)
        rows = rng.choice(len(material.others[0]), plan.others, replace=False)
        sides = [student.alone(bags, rows) for bags in material.others]
        alone = contrast(sides[0] @ sides[1].T, plan.temperature)
        loss = loss + plan.alone_weight * alone
        if step % plan.every == 0:
            asked = rng.choice(len(truth), plan.questions, replace=False)
            forms = len(material.questions.bags) // len(truth)
            form = rng.integers(0, forms, plan.questions) * len(truth)
            bare = rng.random(len(material.passages.bags) // 2) < 0.25
            at = np.arange(len(bare)) + bare * len(bare)
            loss = loss + plan.question_weight * _question_loss(
                student.of(material.questions, asked + form),
                student.of(material.passages, at),
                (truth[asked], blocked[asked]),
                plan,
            )
        descend(loss, optimizer)
        if step % 100 == 0 or step == plan.steps - 1:
            report(f"step {step} of {plan.steps}, loss {loss.item():.4f}")
    return student.words.weight.detach()


def _pair_loss(
    student: StaticStudent, material: StaticMaterial, rows: NDArray[np.int64], plan: StaticPlan
) -> Tensor:
    finnish, beside_fi = student.of(material.finnish, rows)
    english, beside_en = student.of(material.english, rows)
    # Pairs that mean the same are no negatives.
    same = (beside_en @ beside_en.T) > SAME_MEANING
    same.fill_diagonal_(False)
    mine, other = finnish @ english.T, beside_fi @ beside_en.T
    both = (other + plan.share * mine) / (1 + plan.share)
    alone = contrast(mine.masked_fill(same, -1), plan.temperature)
    return contrast(both.masked_fill(same, -1), plan.temperature) + plan.alone_weight * alone


def contrast(cosines: Tensor, temperature: float) -> Tensor:
    """Return the loss of finding each text's translation among all, both ways (InfoNCE)."""
    logits, truth = cosines / temperature, torch.arange(len(cosines))
    there = functional.cross_entropy(logits, truth)
    return (there + functional.cross_entropy(logits.T, truth)) / 2


def _question_loss(
    asked: tuple[Tensor, Tensor],
    passages: tuple[Tensor, Tensor],
    wanted: tuple[Tensor, Tensor],
    plan: StaticPlan,
) -> Tensor:
    truth, blocked = wanted
    mine, other = (a @ p.T for a, p in zip(asked, passages, strict=True))
    both = (other + plan.share * mine) / (1 + plan.share)
    alone = over_records(mine, truth, blocked, plan.temperature)
    return over_records(both, truth, blocked, plan.temperature) + plan.alone_weight * alone
