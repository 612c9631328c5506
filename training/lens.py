"""The lens: a matrix that draws questions together whose answers are alike.

The encoder was made for a question and its passages. Known questions are compared with each other,
too, and what tells two needs apart is not what tells texts apart: who asks, how politely, and in
which language weigh in a vector, and decide nothing. The lens is learned through the leg that uses
it (``hytki_match/matching/asked.py``): each judged question is asked of the known questions of all
other needs, and the records that these promise are compared with its judgements.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from hytki_match.matching.asked import GROUND, LEAST_GAIN, ONE_RECORD_SAY, WIDTH
from hytki_match.matching.asked import USEFUL_GAIN as PROMISED
from training.day import TODAY
from training.ranking import USEFUL_GAIN

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from hytki_match.evaluation.questions import JudgedSet
    from hytki_match.matching import Matcher

DENSE_WEIGHT = 1.5
"""Weight of the passages beside the known questions, as in matching: the lens has to learn what
they do not find."""


@dataclass(frozen=True, slots=True)
class LensPlan:
    """How to learn.

    ``pull`` draws the lens towards the identity: few needs, no wild turns. ``aside`` is how much of
    another question's vector is added to every other question: people put other matter around what
    they ask, and a part of a story is nothing else.
    """

    steps: int = 100
    questions: int = 192
    rate: float = 1e-3
    pull: float = 0.02
    aside: float = 0.4
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Lessons:
    """Judged questions, and the known questions that they are asked of.

    ``known`` (k, dimension) are vectors of known questions as the encoder gives them, ``gains``
    (k, records) what a record gains from each, ``says`` (k,) how much each counts. ``asked``
    (n, dimension) are the judged questions, ``shares`` (n, records) their gains, summing to 1,
    ``passages`` (n, records) the weighted cosine of each record's best passage. ``of_need`` maps
    a need to the places of its own texts among the known ones, ``needs`` names that of each judged
    question.
    """

    known: Tensor
    gains: Tensor
    says: Tensor
    asked: Tensor
    shares: Tensor
    passages: Tensor
    needs: tuple[str, ...]
    of_need: dict[str, list[int]]


def lessons(matcher: Matcher, sets: Sequence[JudgedSet]) -> Lessons:
    """Encode the known questions of a matcher and judged ones, and lay their answers beside."""
    index, encoder = matcher.index, matcher.encoder
    place = {doc_id: number for number, doc_id in enumerate(matcher.preferences.doc_ids)}
    known = index.corpus.questions
    gains = torch.zeros(len(known), len(place))
    for row, question in enumerate(known):
        for found, gain in ((question.useful, PROMISED), (question.answers, 1.0)):
            gains[row, [place[doc_id] for doc_id in found]] = gain
    asked = [
        (q, grades) for one in sets for q in one.questions if (grades := one.qrels.get(q.query_id))
    ]
    shares = torch.zeros(len(asked), len(place))
    for row, (_, grades) in enumerate(asked):
        for doc_id, grade in grades.items():
            shares[row, place[doc_id]] = {0: 0.0, 1: USEFUL_GAIN, 2: 1.0}[grade]
    texts = [matcher.understand(q.text, today=TODAY).search_text for q, _ in asked]
    vectors = torch.from_numpy(encoder.encode_queries(texts))
    every = vectors @ torch.from_numpy(np.asarray(index.dense.vectors, np.float32)).T
    owners = torch.from_numpy(np.asarray(index.owners, np.int64)).expand(len(every), -1)
    passages = torch.full((len(every), len(place)), -1.0)
    passages.scatter_reduce_(1, owners, every, "amax")
    places: dict[str, list[int]] = {}
    for number, question in enumerate(known):
        places.setdefault(question.text, []).append(number)
    of_need: dict[str, list[int]] = {}
    for judged, _ in asked:
        own = places.get(" ".join(judged.text.split()), [])
        of_need.setdefault(judged.need_id, []).extend(own)
    return Lessons(
        known=torch.from_numpy(encoder.encode_queries([q.text for q in known])),
        gains=gains,
        says=torch.where((gains > 0).sum(dim=1) == 1, ONE_RECORD_SAY, 1.0),
        asked=vectors,
        shares=shares / shares.sum(dim=1, keepdim=True),
        passages=DENSE_WEIGHT * passages,
        needs=tuple(q.need_id for q, _ in asked),
        of_need=of_need,
    )


def learn_lens(
    given: Lessons, left_out: Collection[str] = (), plan: LensPlan | None = None
) -> NDArray[np.float32]:
    """Return the lens (dimension, dimension), learned without some needs.

    The loss is the listwise one of ``training.ranking.fit``, over all records, plus ``pull`` times
    the squares of what the lens adds to the identity.

    Parameters
    ----------
    left_out
        Ids of needs that neither ask nor are known.
    """
    plan = plan or LensPlan()
    dimension = given.known.shape[1]
    added = torch.zeros(dimension, dimension, requires_grad=True)
    steps = torch.optim.Adam([added], lr=plan.rate)
    chance = np.random.default_rng(plan.seed)
    usable = [row for row, need in enumerate(given.needs) if need not in left_out]
    says = given.says.clone()
    says[[place for need in left_out for place in given.of_need[need]]] = 0
    for step in range(plan.steps):
        rows = chance.choice(usable, plan.questions, replace=False)
        counted = says.repeat(len(rows), 1)
        for row, number in enumerate(rows.tolist()):
            counted[row, given.of_need[given.needs[number]]] = 0
        others = given.asked[chance.integers(len(given.asked), size=len(rows))]
        share = plan.aside * torch.arange(len(rows))[:, None].remainder(2)
        asked = functional.normalize(given.asked[rows] + share * others, dim=1)
        scores = _promised(given, asked, added, counted) + given.passages[rows]
        loss = -(given.shares[rows] * torch.log_softmax(scores, dim=1)).sum(dim=1).mean()
        loss = loss + plan.pull * (added**2).sum()
        steps.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        for group in steps.param_groups:
            group["lr"] = plan.rate * (1 - step / plan.steps)
        steps.step()
    learned: NDArray[np.float32] = (torch.eye(dimension) + added.detach()).numpy()
    return learned


def _promised(given: Lessons, asked: Tensor, added: Tensor, counted: Tensor) -> Tensor:
    """Return the score of the leg of known questions (rows, records), as matching works it out."""
    asked, known = (
        functional.normalize(vectors + vectors @ added, dim=1) for vectors in (asked, given.known)
    )
    kernel = counted * torch.exp((asked @ known.T - 1) / WIDTH)
    every = kernel.sum(dim=1, keepdim=True) + float(np.exp((GROUND - 1) / WIDTH))
    return torch.log(kernel @ given.gains / every + LEAST_GAIN)
