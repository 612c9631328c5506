"""Stage 1, alignment: the student gives a Finnish text the teacher's vector of its translation.

Four losses in each step: cosine to the teacher on both sides of a pair; contrast between the two
sides (InfoNCE, van den Oord et al. 2018) in the batch; a Finnish title against the centroid of
the teacher's vectors of English titles on its concepts; and contrast between related texts.
"""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.rows import read_rows
from training.steps import descend, eased
from training.student import Texts, encode_all, encode_rows, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tokenizers import Tokenizer

    from training.student import Encoding, Student

MAX_TOKENS = 96
NOISE_SHARE = 0.15
"""Share of Finnish texts that get a typing mistake or lose their dots."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. Rates are peaks of a linear rise and a cosine fall."""

    steps: int = 6000
    pairs: int = 2048
    titles: int = 768
    related: int = 384
    body_rate: float = 3e-4
    word_rate: float = 1.5e-3
    frozen_share: float = 0.08
    temperature: float = 0.05
    teacher_weight: float = 4.0
    contrast_weight: float = 0.5
    concept_weight: float = 0.25
    related_weight: float = 0.15
    seed: int = 20


@dataclass
class Material:
    """Everything on the device: texts as tokens, and what they are to be near to."""

    finnish: Texts
    english: Texts
    pair_teacher: Tensor
    pair_groups: list[tuple[float, np.ndarray]]
    titles: Texts
    title_targets: Tensor
    english_titles: Texts
    english_title_teacher: Tensor
    first: Texts
    second: Texts


def load_material(
    folder: Path, teacher: Encoding, teacher_tokenizer: Tokenizer, tokenizer: Tokenizer, device: str
) -> Material:
    """Read the prepared texts, tokenize them and ask the teacher once for every English one."""
    pairs = list(read_rows(folder / "pairs.tsv.gz"))
    english = [row[2] for row in pairs]
    titles = list(read_rows(folder / "titles-en.tsv.gz"))
    vectors = encode_all(
        teacher,
        tokenize(teacher_tokenizer, english + [row[1] for row in titles], MAX_TOKENS, device),
    )
    pair_teacher, title_teacher = vectors[: len(pairs)], vectors[len(pairs) :]
    finnish_titles, targets = _title_targets(folder, [row[0] for row in titles], title_teacher)
    related = list(read_rows(folder / "related.tsv.gz"))
    rng = random.Random(20)  # noqa: S311 - no secret
    weights = np.asarray([float(row[0]) for row in pairs])
    return Material(
        finnish=tokenize(tokenizer, [noisy(row[1], rng) for row in pairs], MAX_TOKENS, device),
        english=tokenize(tokenizer, english, MAX_TOKENS, device),
        pair_teacher=pair_teacher,
        pair_groups=[(float(w), np.flatnonzero(weights == w)) for w in np.unique(weights)],
        titles=tokenize(tokenizer, [noisy(t, rng) for t in finnish_titles], MAX_TOKENS, device),
        title_targets=targets,
        english_titles=tokenize(tokenizer, [row[1] for row in titles], MAX_TOKENS, device),
        english_title_teacher=title_teacher,
        first=tokenize(tokenizer, [row[0] for row in related], MAX_TOKENS, device),
        second=tokenize(tokenizer, [row[1] for row in related], MAX_TOKENS, device),
    )


def _title_targets(
    folder: Path, english_concepts: Sequence[str], vectors: Tensor
) -> tuple[list[str], Tensor]:
    """Return the Finnish titles with a known concept, and their concepts' mean centroid."""
    number: dict[str, int] = {}
    rows, columns = [], []
    for row, concepts in enumerate(english_concepts):
        for concept in concepts.split(","):
            rows.append(row)
            columns.append(number.setdefault(concept, len(number)))
    centroids = torch.zeros(len(number), vectors.shape[1], device=vectors.device)
    at = torch.tensor(columns, device=vectors.device)
    centroids.index_add_(0, at, vectors[torch.tensor(rows, device=vectors.device)].float())
    centroids = functional.normalize(centroids, dim=1)
    titles: list[str] = []
    owners: list[int] = []
    concepts_of: list[int] = []
    for concepts, title in read_rows(folder / "titles-fi.tsv.gz"):
        known = [number[concept] for concept in concepts.split(",") if concept in number]
        if known:
            owners += [len(titles)] * len(known)
            concepts_of += known
            titles.append(title)
    targets = torch.zeros(len(titles), vectors.shape[1], device=vectors.device)
    owner = torch.tensor(owners, device=vectors.device)
    targets.index_add_(0, owner, centroids[torch.tensor(concepts_of, device=vectors.device)])
    # What all centroids share says nothing of any one of them.
    targets = functional.normalize(targets, dim=1)
    return titles, functional.normalize(targets - targets.mean(0), dim=1).half()


def noisy(text: str, rng: random.Random, share: float = NOISE_SHARE) -> str:
    """Return the text, or in ``share`` of cases as somebody types it in a hurry."""
    if rng.random() > share or len(text) < 8:
        return text
    if rng.random() < 0.4:
        return text.translate(str.maketrans("äöåÄÖÅ", "aoaAOA"))
    at = rng.randrange(1, len(text) - 2)
    kind = rng.randrange(3)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at] + text[at:]


def align(
    student: Student,
    material: Material,
    plan: Plan,
    *,
    seconds: float = math.inf,
    report: Callable[[str], None],
) -> None:
    """Train the student in place.

    Parameters
    ----------
    seconds
        The most time to take: the plan is shortened after the first steps if it would take more.
    report
        Gets a line of progress now and then.
    """
    device = material.finnish.flat.device
    rng = np.random.default_rng(plan.seed)
    optimizer = torch.optim.AdamW(
        rates(student, plan.word_rate, plan.body_rate),
        betas=(0.9, 0.98),
        weight_decay=0.01,
        fused=True,
    )
    peaks = [group["lr"] for group in optimizer.param_groups]
    steps, began = plan.steps, time.monotonic()
    for step in range(plan.steps):
        if step >= steps:
            break
        if step == 60:
            steps = int(min(steps, seconds / ((time.monotonic() - began) / 60)))
        share = step / steps
        rate = eased(share)
        for group, peak in zip(optimizer.param_groups, peaks, strict=True):
            frozen = group is not optimizer.param_groups[0] and share < plan.frozen_share
            group["lr"] = 0.0 if frozen else peak * rate
        with torch.autocast(device.type, torch.bfloat16):
            loss = alignment_loss(student, material, plan, rng)
        descend(loss, optimizer, student.parameters())
        if step % 50 == 0 or step == steps - 1:
            spent = time.monotonic() - began
            report(f"step {step} of {steps}, loss {loss.item():.4f}, {spent:.0f} s")


def rates(student: nn.Module, word_rate: float, body_rate: float) -> list[dict[str, Any]]:
    """Return the parameters with their peak rates: the words first, then the rest, if any."""
    words = student.get_parameter("words.weight")
    body = [parameter for parameter in student.parameters() if parameter is not words]
    groups = [{"params": [words], "lr": word_rate}, {"params": body, "lr": body_rate}]
    return groups if body else groups[:1]


def alignment_loss(
    student: Student, material: Material, plan: Plan, rng: np.random.Generator
) -> Tensor:
    """Return the weighted sum of the four losses on a fresh batch."""

    def draw(count: int, size: int) -> Tensor:
        return torch.from_numpy(rng.integers(0, size, count))

    pairs = torch.from_numpy(_draw_pairs(material, plan.pairs, rng))
    titles = draw(plan.titles, len(material.titles))
    english_titles = draw(plan.titles // 2, len(material.english_titles))
    related = draw(plan.related, len(material.first))
    finnish, english, finnish_title, english_title, first, second = encode_rows(
        student,
        [
            (material.finnish, pairs),
            (material.english, pairs),
            (material.titles, titles),
            (material.english_titles, english_titles),
            (material.first, related),
            (material.second, related),
        ],
        parts=3,
    )
    teacher = material.pair_teacher[pairs].float()
    target = material.title_targets[titles].float()
    title_teacher = material.english_title_teacher[english_titles].float()
    to_teacher = (
        _distance(finnish, teacher)
        + _distance(english, teacher)
        + 0.5 * _distance(english_title, title_teacher)
    )
    total: Tensor = (
        plan.teacher_weight * to_teacher
        + plan.contrast_weight * _contrast(finnish, english, teacher, plan.temperature)
        + plan.concept_weight * _contrast(finnish_title, target, target, plan.temperature)
        + plan.related_weight * _contrast(first, second, second.detach(), plan.temperature)
    )
    return total


def _distance(left: Tensor, right: Tensor) -> Tensor:
    """Return the mean of 1 less the cosine of unit rows."""
    return 1 - (left * right).sum(1).mean()


def _draw_pairs(material: Material, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw pairs, each group of like weight by its weight times its size."""
    mass = np.asarray([weight * len(rows) for weight, rows in material.pair_groups])
    counts = rng.multinomial(count, mass / mass.sum())
    return np.concatenate(
        [rng.choice(rows, n) for (_, rows), n in zip(material.pair_groups, counts, strict=True)]
    )


def _contrast(left: Tensor, right: Tensor, meaning: Tensor, temperature: float) -> Tensor:
    """Return InfoNCE both ways; texts that mean the same (cosine over 0.95) are no negatives."""
    logits = (left @ right.T).float() / temperature
    same = (meaning @ meaning.T) > 0.95
    same.fill_diagonal_(False)
    logits = logits.masked_fill(same, -1e4)
    truth = torch.arange(len(left), device=left.device)
    forward = functional.cross_entropy(logits, truth)
    return (forward + functional.cross_entropy(logits.T, truth)) / 2
