"""What comes next in the 4i stage of a case, and what a weak maturity asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.adviser.case import DIMENSIONS, STAGES, Part
from hytki_match.language.phrases import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hytki_match.adviser.case import Case, Proposal, StageId
    from hytki_match.corpus.stages import Stage
    from hytki_match.encoder import Encoder
    from hytki_match.records import Corpus, Record

WEAK_MATURITY = 40
"""A dimension of the maturity assessment scored below this asks for help of its own."""

MAX_TOOLS = 5
MAX_FUNDING = 3
MAX_EVENTS = 4


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What serves the stage: doc_ids of tools and funding, best first, and of coming events."""

    tools: tuple[str, ...] = ()
    funding: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


def suggest_stage(
    texts: Sequence[str], stages: Sequence[Stage], encoder: Encoder
) -> StageId | None:
    """Return the stage whose signs are nearest in meaning to the parts; None without stages."""
    if not stages or not texts:
        return None
    parts = encoder.encode_queries(list(texts))
    closeness = [
        float(np.mean((parts @ encoder.encode_queries(list(stage.signs)).T).max(axis=1)))
        for stage in stages
    ]
    best = stages[int(np.argmax(np.round(closeness, 6)))].stage_id
    return next((stage for stage in STAGES if stage == best), None)


def maturity_parts(case: Case) -> tuple[Part, ...]:
    """Return a part for each weak dimension that the case has no part for yet."""
    taken = {part.part_id for part in case.parts or ()}
    weak = [d for d in DIMENSIONS if case.maturity.get(d, 100) < WEAK_MATURITY]
    return tuple(
        Part(f"m-{d}", say(f"maturity.part.{d}", case.language), origin="maturity")
        for d in weak
        if f"m-{d}" not in taken
    )


def next_steps(
    proposal: Proposal, stages: Iterable[Stage], corpus: Corpus, today: date | None = None
) -> NextSteps:
    """Return tools, funding and coming events for the stage and the topics of a case."""
    stage = next((s for s in stages if s.stage_id == proposal.case.stage), None)
    likely = {
        evidence.doc_id: evidence.probability
        for part in reversed(proposal.parts)
        for evidence in part.helps
    }
    topics = _topic_weights(proposal, stage)
    tools = [r for r in corpus.records.values() if r.table == "tools"]
    kinds = stage.kinds if stage else ()
    ranked = sorted(tools, key=lambda r: (-_worth(r, likely, topics), r.doc_id))
    useful = [r for r in ranked if r.doc_id in likely or _shares(r, topics)]
    return NextSteps(
        tools=tuple(r.doc_id for r in useful if r.kind in kinds and r.kind != "funding")[
            :MAX_TOOLS
        ],
        funding=tuple(r.doc_id for r in useful if r.kind == "funding")[:MAX_FUNDING],
        events=_events(corpus, topics, today or date.today()),
    )


def _topic_weights(proposal: Proposal, stage: Stage | None) -> dict[str, float]:
    """Weigh topics: those of the parts by their place, those of the stage a little."""
    weights: dict[str, float] = {}
    for part in proposal.parts:
        for place, topic in enumerate(part.topics):
            weights[topic] = weights.get(topic, 0.0) + part.part.weight / (place + 1)
    for topic in stage.topics if stage else ():
        weights[topic] = weights.get(topic, 0.0) + 0.5
    return weights


def _worth(record: Record, likely: dict[str, float], topics: dict[str, float]) -> float:
    """Return how much a tool serves: what the matcher said first, then its topics."""
    shared = sum(topics.get(topic, 0.0) for topic in record.topics) / max(len(record.topics), 1)
    return round(4 * likely.get(record.doc_id, 0.0) + shared, 6)


def _shares(record: Record, topics: dict[str, float]) -> bool:
    return any(topics.get(topic, 0.0) >= 1 for topic in record.topics)


def _events(corpus: Corpus, topics: dict[str, float], today: date) -> tuple[str, ...]:
    """Return coming events on the topics, the soonest first."""
    coming = [
        record
        for record in corpus.records.values()
        if record.table == "events" and (record.ends_on or record.starts_on) >= today.isoformat()
    ]
    fitting = [r for r in coming if any(topic in topics for topic in r.topics)]
    fitting.sort(key=lambda r: (r.starts_on, r.doc_id))
    return tuple(r.doc_id for r in fitting)[:MAX_EVENTS]
