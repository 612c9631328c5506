"""Stage 2, retrieval: a question is near to the passages of the records that answer it.

Softmax over all records (not over the batch), once with the Finnish passages, once with the
English ones and once with the better of the two, as the index is searched. A record that is
nearly the same as a right one is no negative. Stage 1 goes on beside it in small steps, so that
translation is not forgotten.
"""

from __future__ import annotations

import copy
import csv
import math
import random
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.align import NOISE_SHARE, Plan, alignment_loss, noisy, optimizer_of
from training.rows import read_rows
from training.steps import descend, eased
from training.student import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from training.align import Material
    from training.both import Both, Sides, Tokenizers

MAX_PASSAGE_TOKENS = 192
MAX_QUESTION_TOKENS = 128
VARIANTS = 4
"""Forms of each question: as written, and with chance mistakes."""

USEFUL_GAIN = 0.35
"""Weight of a record judged 1 against one judged 2."""

SIBLINGS, SIBLING_COSINE = 6, 0.8
"""At most so many records, at least so near to a right one, are left out of the softmax."""

BESIDE = Plan(pairs=1024, titles=256, related=128)
"""What of stage 1 goes on in each step."""


@dataclass(frozen=True, slots=True)
class RetrievalPlan:
    """How to train this stage."""

    epochs: float = 6.0
    batch: int = 512
    body_rate: float = 4e-4
    word_rate: float = 2e-3
    static_rate: float = 4e-3
    temperature: float = 0.05
    transformer_weight: float = 0.5
    static_weight: float = 0.5
    align_weight: float = 0.5
    needs_repeat: int = 2
    bare_share: float = 0.25
    seed: int = 20


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its gains by ``doc_id``; a question for one record has no ``need_id``."""

    text: str
    gains: Mapping[str, float]
    need_id: str = ""


@dataclass(frozen=True, slots=True)
class Passages:
    """Both passages of each record, whole and without keywords; rows run in parallel."""

    doc_ids: list[str]
    whole: dict[str, list[str]]
    bare: dict[str, list[str]]

    @property
    def texts(self) -> list[str]:
        """All of them: whole Finnish, whole English, bare Finnish, bare English."""
        return [
            text for part in (self.whole, self.bare) for code in ("fi", "en") for text in part[code]
        ]


def read_passages(path: Path) -> Passages:
    """Read the passages file: doc_id, language, whole text, text without keywords."""
    rows: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for doc_id, language, whole, bare in read_rows(path):
        rows[doc_id][language] = (whole, bare)
    ids = sorted(rows)
    return Passages(
        ids,
        {language: [rows[i][language][0] for i in ids] for language in ("fi", "en")},
        {language: [rows[i][language][1] for i in ids] for language in ("fi", "en")},
    )


def read_questions(single: Sequence[Path], needs: Path | None) -> list[Question]:
    """Read questions written for one record each, and needs judged against all records."""
    questions = []
    for path in single:
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
                questions.append(Question(row["query"], {row["doc_id"]: 1.0}))
    if needs is None:
        return questions
    gains: dict[str, dict[str, float]] = defaultdict(dict)
    for line in (needs / "qrels.txt").read_text(encoding="utf-8").splitlines():
        query_id, _, doc_id, relevance = line.split("\t")
        gains[query_id][doc_id] = 1.0 if relevance == "2" else USEFUL_GAIN
    with (needs / "questions.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            questions.append(Question(row["question"], gains[row["query_id"]], row["need_id"]))
    return questions


def without(questions: Iterable[Question], unseen: Collection[str]) -> list[Question]:
    """Return the questions that may be trained on when some records must not be known.

    A question goes when one of the unseen records is an exact answer to it, or when nothing else
    is left; another one only loses the unseen records from its answers.
    """
    known = []
    for question in questions:
        if any(gain == 1 and doc_id in unseen for doc_id, gain in question.gains.items()):
            continue
        gains = {doc_id: gain for doc_id, gain in question.gains.items() if doc_id not in unseen}
        if gains:
            known.append(replace(question, gains=gains))
    return known


def siblings(vectors: Tensor) -> Tensor:
    """Return which records are nearly the same as which (records, records).

    Parameters
    ----------
    vectors
        Unit vectors of the Finnish passages of all records, then of the English ones.
    """
    finnish, english = vectors.chunk(2)
    cosines = (finnish @ finnish.T + english @ english.T) / 2
    cosines.fill_diagonal_(-1)
    near, at = cosines.topk(SIBLINGS)
    found = torch.zeros_like(cosines, dtype=torch.bool)
    return found.scatter_(1, at, near >= SIBLING_COSINE)


def targets(
    questions: Sequence[Question], doc_ids: Sequence[str], siblings: Tensor
) -> tuple[Tensor, Tensor]:
    """Return the share of each record in a question's answer, and what is no negative.

    Both are (questions, records) and lie where ``siblings`` does.
    """
    number = {doc_id: place for place, doc_id in enumerate(doc_ids)}
    gains = torch.zeros(len(questions), len(doc_ids))
    for row, question in enumerate(questions):
        for doc_id, gain in question.gains.items():
            gains[row, number[doc_id]] = gain
    gains = gains.to(siblings.device)
    blocked = ((gains > 0).float() @ siblings.float()).bool() & (gains == 0)
    single = torch.tensor([not q.need_id for q in questions], device=siblings.device)
    # Needs were judged against every record: what is not listed there is a true negative.
    return gains / gains.sum(1, keepdim=True), blocked & single[:, None]


def forms_of(questions: Sequence[Question], rng: random.Random) -> list[str]:
    """Return the texts of questions, and then all of them again, ``VARIANTS`` in all, as typed."""
    texts = [q.text for q in questions]
    for _ in range(VARIANTS - 1):
        texts += [noisy(q.text, rng, share=2 * NOISE_SHARE) for q in questions]
    return texts


def over_records(cosines: Tensor, truth: Tensor, blocked: Tensor, temperature: float) -> Tensor:
    """Return the loss of finding the records that answer each question among all.

    Parameters
    ----------
    cosines
        (questions, passages): the Finnish passages of all records, then the English ones.
    truth
        Share of each record in each question's answer (questions, records).
    blocked
        What is neither right nor wrong, of that shape.
    """
    finnish, english = (cosines / temperature).chunk(2, dim=1)
    views = (finnish, english, torch.maximum(finnish, english))
    found = [functional.cross_entropy(v.masked_fill(blocked, -1e4), truth) for v in views]
    return torch.stack(found).mean()


class RetrievalStage:
    """Everything that the runs of this stage share.

    Parameters
    ----------
    start
        The student after stage 1, which has read no question.
    report
        Gets a line of progress now and then.
    """

    def __init__(
        self,
        start: Both,
        tokenizers: Tokenizers,
        passages: Passages,
        material: Material,
        report: Callable[[str], None],
    ) -> None:
        self._start = start
        self._tokenizers = tokenizers
        self._material = material
        self._report = report
        self.doc_ids = passages.doc_ids
        self._passages = tokenizers(passages.texts, MAX_PASSAGE_TOKENS)
        # By the transformer alone, whose cosines mean what the teacher's mean.
        self._siblings = siblings(functional.normalize(self._whole(start)[:, :HIDDEN], dim=1))

    def train(
        self, questions: Sequence[Question], plan: RetrievalPlan, unseen: Collection[str] = ()
    ) -> Both:
        """Train a copy of the start.

        Parameters
        ----------
        unseen
            Records that must not be known to this run: no question that they answer exactly is
            read, and they are neither right nor wrong for any other.
        """
        known = without(questions, unseen)
        rows = [q for q in known for _ in range(plan.needs_repeat if q.need_id else 1)]
        rng = random.Random(plan.seed)  # noqa: S311 - no secret
        texts = self._tokenizers(forms_of(rows, rng), MAX_QUESTION_TOKENS)
        truth, blocked = targets(rows, self.doc_ids, self._siblings)
        hidden = torch.tensor([doc_id in unseen for doc_id in self.doc_ids])
        blocked |= hidden.to(blocked.device)[None]
        student = copy.deepcopy(self._start)
        self._run(student, texts, (truth, blocked), plan)
        return student

    def _run(
        self, student: Both, texts: Sides, wanted: tuple[Tensor, Tensor], plan: RetrievalPlan
    ) -> None:
        rng = np.random.default_rng(plan.seed)
        optimizer = optimizer_of(student.rates(plan.body_rate, plan.word_rate, plan.static_rate))
        peaks = [group["lr"] for group in optimizer.param_groups]
        count = len(wanted[0])
        steps = math.ceil(plan.epochs * count / plan.batch)
        for step in range(steps):
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["lr"] = peak * eased(step / steps)
            chosen = rng.choice(count, min(plan.batch, count), replace=False)
            form = rng.integers(0, VARIANTS, len(chosen))
            at = torch.from_numpy(chosen).to(wanted[0].device)
            with torch.autocast(torch.device(student.device).type, torch.bfloat16):
                asked = (texts, chosen + form * count)
                loss = self._loss(student, asked, (wanted[0][at], wanted[1][at]), plan, rng)
                if plan.align_weight:
                    beside = alignment_loss(student, self._material, BESIDE, rng)
                    loss = loss + plan.align_weight * beside
            descend(loss, optimizer, student.parameters())
            if step % 50 == 0 or step == steps - 1:
                self._report(f"retrieval step {step} of {steps}, loss {loss.item():.4f}")

    def _loss(
        self,
        student: Both,
        questions: tuple[Sides, NDArray[np.int64]],
        wanted: tuple[Tensor, Tensor],
        plan: RetrievalPlan,
        rng: np.random.Generator,
    ) -> Tensor:
        count = 2 * len(self.doc_ids)
        rows = np.arange(count) + (rng.random(count) < plan.bare_share) * count
        asked, passages = student.of([questions, (self._passages, rows)])
        cosines = asked.cosines(passages)
        return (
            over_records(cosines.both, *wanted, plan.temperature)
            + plan.transformer_weight * over_records(cosines.transformer, *wanted, plan.temperature)
            + plan.static_weight * over_records(cosines.static, *wanted, plan.temperature)
        )

    def _whole(self, student: Both) -> Tensor:
        """Return the vectors of the whole passages, Finnish ones of all records, then English."""
        return student.encode(self._passages)[: 2 * len(self.doc_ids)]

    def vectors(self, student: Both, questions: Sequence[str]) -> dict[str, NDArray[np.float16]]:
        """Return what an outside evaluation needs: question and passage vectors, unit, float16.

        ``passages`` holds the Finnish passages of all records, then the English ones.
        """
        asked = student.encode(self._tokenizers(questions, MAX_QUESTION_TOKENS))
        found = {"questions": asked, "passages": self._whole(student)}
        return {name: vectors.half().cpu().numpy() for name, vectors in found.items()}
