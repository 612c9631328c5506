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

from training.align import NOISE_SHARE, Plan, alignment_loss, noisy, rates
from training.rows import read_rows
from training.steps import descend
from training.student import Texts, encode_all, encode_rows, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from tokenizers import Tokenizer

    from training.align import Material
    from training.student import Student

MAX_PASSAGE_TOKENS = 192
MAX_QUESTION_TOKENS = 128
VARIANTS = 4
"""Forms of each question: as written, and with chance mistakes."""

USEFUL_GAIN = 0.35
"""Weight of a record judged 1 against one judged 2."""

SIBLINGS, SIBLING_COSINE = 6, 0.8
"""At most so many records, at least so near to a right one, are left out of the softmax."""


@dataclass(frozen=True, slots=True)
class RetrievalPlan:
    """How to train this stage."""

    epochs: float = 9.0
    batch: int = 512
    body_rate: float = 1e-4
    word_rate: float = 5e-4
    temperature: float = 0.05
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
    """Everything that the runs of this stage share, on the device."""

    def __init__(
        self,
        start: Student,
        tokenizer: Tokenizer,
        passages: Passages,
        material: Material,
        report: Callable[[str], None],
    ) -> None:
        self._start = start
        self._tokenizer = tokenizer
        self._material = material
        self._report = report
        self._device = str(next(start.parameters()).device)
        self.doc_ids = passages.doc_ids
        self._passages = tokenize(tokenizer, passages.texts, MAX_PASSAGE_TOKENS, self._device)
        vectors = encode_all(start, self._passages)[: 2 * len(self.doc_ids)]
        self._siblings = siblings(vectors.float())

    def train(
        self, questions: Sequence[Question], plan: RetrievalPlan, unseen: Collection[str] = ()
    ) -> Student:
        """Train a copy of the start.

        Parameters
        ----------
        unseen
            Records that must not be known to this run: neither as answers nor as negatives.
        """
        known = without(questions, unseen)
        rows = [q for q in known for _ in range(plan.needs_repeat if q.need_id else 1)]
        texts = self._variants(rows, plan.seed)
        truth, blocked = targets(rows, self.doc_ids, self._siblings)
        hidden = torch.tensor([doc_id in unseen for doc_id in self.doc_ids])
        blocked |= hidden.to(self._device)[None]
        student = copy.deepcopy(self._start).train()
        self._run(student, texts, truth, blocked, plan)
        return student.eval()

    def _variants(self, rows: Sequence[Question], seed: int) -> Texts:
        texts = forms_of(rows, random.Random(seed))  # noqa: S311 - no secret
        return tokenize(self._tokenizer, texts, MAX_QUESTION_TOKENS, self._device)

    def _run(
        self, student: Student, texts: Texts, truth: Tensor, blocked: Tensor, plan: RetrievalPlan
    ) -> None:
        rng = np.random.default_rng(plan.seed)
        optimizer = torch.optim.AdamW(
            rates(student, plan.word_rate, plan.body_rate),
            betas=(0.9, 0.98),
            weight_decay=0.01,
            fused=True,
        )
        peaks = [group["lr"] for group in optimizer.param_groups]
        steps = math.ceil(plan.epochs * len(truth) / plan.batch)
        beside = replace(Plan(), pairs=512, titles=128, related=64)
        for step in range(steps):
            rate = min(1.0, (step + 1) / (0.06 * steps)) * (
                0.5 + 0.5 * math.cos(math.pi * step / steps)
            )
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["lr"] = peak * rate
            chosen = torch.from_numpy(rng.choice(len(truth), plan.batch, replace=False))
            form = torch.from_numpy(rng.integers(0, VARIANTS, plan.batch))
            with torch.autocast(truth.device.type, torch.bfloat16):
                rows = chosen + form * len(truth)
                loss = self._loss(student, (texts, rows), truth[chosen], blocked[chosen], plan, rng)
                if plan.align_weight:
                    loss = loss + plan.align_weight * alignment_loss(
                        student, self._material, beside, rng
                    )
            descend(loss, optimizer, student.parameters())
            if step % 50 == 0 or step == steps - 1:
                self._report(f"retrieval step {step} of {steps}, loss {loss.item():.4f}")

    def _loss(
        self,
        student: Student,
        questions: tuple[Texts, Tensor],
        truth: Tensor,
        blocked: Tensor,
        plan: RetrievalPlan,
        rng: np.random.Generator,
    ) -> Tensor:
        count = len(self.doc_ids)
        bare = torch.from_numpy(rng.random(2 * count) < plan.bare_share)
        rows = torch.arange(2 * count) + bare * 2 * count
        asked, passages = encode_rows(student, [questions, (self._passages, rows)], parts=6)
        return over_records((asked @ passages.T).float(), truth, blocked, plan.temperature)

    def vectors(self, student: Student, questions: Sequence[str]) -> dict[str, np.ndarray]:
        """Return what an outside evaluation needs: question and passage vectors, unit, float16.

        ``passages`` holds the Finnish passages of all records, then the English ones.
        """
        asked = tokenize(self._tokenizer, questions, MAX_QUESTION_TOKENS, self._device)
        passages = encode_all(student, self._passages)[: 2 * len(self.doc_ids)]
        return {
            "questions": encode_all(student, asked).cpu().numpy(),
            "passages": passages.cpu().numpy(),
        }
