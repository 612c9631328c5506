"""Stage 1, alignment: a Finnish text gets the teacher's vector of its English translation.

Four losses in each step: cosine of the transformer to the teacher on both sides of a pair; contrast
between the two sides (InfoNCE, van den Oord et al. 2018) in the batch; a Finnish title against the
centroid of the teacher's vectors of English titles on its concepts; and contrast between related
texts. Where texts are told from each other, both halves of the student do it together, and each
alone.
"""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.rows import read_rows
from training.steps import descend, eased
from training.student import encode_all
from training.texts import tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from training.both import Both, Halves, Sides, Tokenizers
    from training.student import Student

MAX_TOKENS = 96
NOISE_SHARE = 0.15
"""Share of Finnish texts that get a typing mistake or lose their dots."""

DOCUMENTS = frozenset({"csc-user-guide", "ai-courses-microsoft"})
"""Files of pairs whose lines follow each other as in the documents they are from."""

LINES = (2, 5)
LONG_WEIGHT = "2.0"
"""So many lines of a document make a longer pair, and how often it is drawn."""

SAME_MEANING = 0.95
TIMED = 60
"""Steps after which it is known how long one takes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. Rates are peaks of a short rise and a cosine fall."""

    steps: int = 6300
    pairs: int = 2048
    titles: int = 768
    related: int = 384
    body_rate: float = 3e-4
    word_rate: float = 1.5e-3
    static_rate: float = 4e-3
    frozen_share: float = 0.05
    temperature: float = 0.05
    teacher_weight: float = 4.0
    contrast_weight: float = 0.5
    transformer_weight: float = 0.5
    static_weight: float = 0.5
    concept_weight: float = 0.25
    related_weight: float = 0.15
    seed: int = 20


@dataclass
class Material:
    """Texts as numbers, and, on the device, the vectors that they are to be near to."""

    finnish: Sides
    english: Sides
    pair_teacher: Tensor
    pair_groups: list[tuple[float, NDArray[np.int64]]]
    titles: Sides
    title_targets: Tensor
    english_titles: Sides
    english_title_teacher: Tensor
    first: Sides
    second: Sides


def load_material(
    folder: Path,
    teacher: Student,
    teacher_tokenizer: Tokenizer,
    tokenizers: Tokenizers,
    without: Collection[str] = (),
) -> Material:
    """Read the prepared texts, tokenize them and ask the teacher once for every English one.

    Parameters
    ----------
    without
        Names of files of pairs that are left out.
    """
    pairs = [row for row in read_rows(folder / "pairs.tsv.gz") if row[3] not in without]
    pairs += list(joined_lines(pairs))
    english = [row[2] for row in pairs]
    titles = list(read_rows(folder / "titles-en.tsv.gz"))
    texts = english + [row[1] for row in titles]
    vectors = encode_all(teacher, tokenize(teacher_tokenizer, texts, MAX_TOKENS))
    pair_teacher, title_teacher = vectors[: len(pairs)], vectors[len(pairs) :]
    finnish_titles, targets = _title_targets(folder, [row[0] for row in titles], title_teacher)
    related = list(read_rows(folder / "related.tsv.gz"))
    rng = random.Random(20)  # noqa: S311 - no secret
    weights = np.asarray([float(row[0]) for row in pairs])
    return Material(
        finnish=tokenizers([noisy(row[1], rng) for row in pairs], MAX_TOKENS),
        english=tokenizers(english, MAX_TOKENS),
        pair_teacher=pair_teacher,
        pair_groups=[(float(w), np.flatnonzero(weights == w)) for w in np.unique(weights)],
        titles=tokenizers([noisy(t, rng) for t in finnish_titles], MAX_TOKENS),
        title_targets=targets,
        english_titles=tokenizers([row[1] for row in titles], MAX_TOKENS),
        english_title_teacher=title_teacher,
        first=tokenizers([row[0] for row in related], MAX_TOKENS),
        second=tokenizers([row[1] for row in related], MAX_TOKENS),
    )


def joined_lines(pairs: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """Give longer pairs: lines that follow each other in one document, joined.

    Most pairs are a word or a sentence; a passage of the corpus is a paragraph.
    """
    rng = random.Random(20)  # noqa: S311 - no secret
    lines = [row for row in pairs if row[3] in DOCUMENTS]
    start = 0
    while start < len(lines):
        part = lines[start : start + rng.randint(*LINES)]
        start += len(part)
        if part[0][3] == part[-1][3]:
            finnish, english = (" ".join(row[side] for row in part) for side in (1, 2))
            yield [LONG_WEIGHT, finnish, english, part[0][3]]


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
    student: Both,
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
    rng = np.random.default_rng(plan.seed)
    optimizer = optimizer_of(student.rates(plan.body_rate, plan.word_rate, plan.static_rate))
    peaks = [group["lr"] for group in optimizer.param_groups]
    steps, began = plan.steps, time.monotonic()
    for step in range(plan.steps):
        if step >= steps:
            break
        if step == TIMED:
            steps = int(min(steps, seconds / ((time.monotonic() - began) / TIMED)))
        share = step / steps
        for number, (group, peak) in enumerate(zip(optimizer.param_groups, peaks, strict=True)):
            # The words find their places before the body moves.
            frozen = number == 0 and share < plan.frozen_share
            group["lr"] = 0.0 if frozen else peak * eased(share)
        with torch.autocast(torch.device(student.device).type, torch.bfloat16):
            loss = alignment_loss(student, material, plan, rng)
        descend(loss, optimizer, student.parameters())
        if step % 50 == 0 or step == steps - 1:
            spent = time.monotonic() - began
            report(f"step {step} of {steps}, loss {loss.item():.4f}, {spent:.0f} s")


def optimizer_of(groups: list[dict[str, Any]]) -> torch.optim.Optimizer:
    """Return the optimizer of both stages."""
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01, fused=True)


def alignment_loss(
    student: Both, material: Material, plan: Plan, rng: np.random.Generator
) -> Tensor:
    """Return the weighted sum of the four losses on a fresh batch."""
    pairs = _draw_pairs(material, plan.pairs, rng)
    titles = rng.integers(0, len(material.titles), plan.titles)
    english_titles = rng.integers(0, len(material.english_titles), plan.titles // 2)
    related = rng.integers(0, len(material.first), plan.related)
    finnish, english, finnish_title, english_title, first, second = student.of(
        [
            (material.finnish, pairs),
            (material.english, pairs),
            (material.titles, titles),
            (material.english_titles, english_titles),
            (material.first, related),
            (material.second, related),
        ]
    )

    def known(vectors: Tensor, rows: NDArray[np.int64]) -> Tensor:
        return vectors[torch.from_numpy(rows).to(vectors.device, non_blocking=True)].float()

    teacher = known(material.pair_teacher, pairs)
    target = known(material.title_targets, titles)
    title_teacher = known(material.english_title_teacher, english_titles)
    to_teacher = (
        _distance(finnish.transformer, teacher)
        + _distance(english.transformer, teacher)
        + 0.5 * _distance(english_title.transformer, title_teacher)
    )
    concepts = (finnish_title.transformer @ target.T).float()
    return (
        plan.teacher_weight * to_teacher
        + plan.contrast_weight * _contrasts(finnish, english, teacher, plan)
        + plan.concept_weight * contrast(concepts, same(target), plan.temperature)
        + plan.related_weight * _contrasts(first, second, second.transformer.detach(), plan)
    )


def _contrasts(left: Halves, right: Halves, meaning: Tensor, plan: Plan) -> Tensor:
    """Return the contrast by both halves together, and by each half alone with less weight."""
    cosines, alike = left.cosines(right), same(meaning)
    total = contrast(cosines.both, alike, plan.temperature)
    for alone, weight in (
        (cosines.transformer, plan.transformer_weight),
        (cosines.static, plan.static_weight),
    ):
        total = total + weight * contrast(alone, alike, plan.temperature)
    return total


def _distance(left: Tensor, right: Tensor) -> Tensor:
    """Return the mean of 1 less the cosine of unit rows."""
    return 1 - (left * right).sum(1).mean()


def _draw_pairs(material: Material, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw pairs, each group of like weight by its weight times its size."""
    mass = np.asarray([weight * len(rows) for weight, rows in material.pair_groups])
    counts = rng.multinomial(count, mass / mass.sum())
    return np.concatenate(
        [rng.choice(rows, n) for (_, rows), n in zip(material.pair_groups, counts, strict=True)]
    )


def same(meaning: Tensor) -> Tensor:
    """Return which texts mean the same as which others, by vectors of their meaning."""
    alike = (meaning @ meaning.T) > SAME_MEANING
    return alike.fill_diagonal_(False)


def contrast(cosines: Tensor, alike: Tensor | None, temperature: float) -> Tensor:
    """Return the loss of finding each text's partner among all, both ways (InfoNCE).

    Parameters
    ----------
    cosines
        (texts, texts): the partners are on the diagonal.
    alike
        What is no negative, of that shape.
    """
    logits = cosines / temperature
    if alike is not None:
        logits = logits.masked_fill(alike, -1e4)
    truth = torch.arange(len(logits), device=logits.device)
    forward = functional.cross_entropy(logits, truth)
    return (forward + functional.cross_entropy(logits.T, truth)) / 2
