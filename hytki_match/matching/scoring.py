"""From a query to ranked records: the legs, what they add up to, and what is mended after that."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hytki_match.errors import IndexStaleError
from hytki_match.matching.asked import AskedLeg
from hytki_match.matching.called import Called, Callers
from hytki_match.matching.companions import Companions
from hytki_match.matching.conversation import has_topic, is_browsing
from hytki_match.matching.fusion import SCORE_DIGITS, best_hits, best_of, found_by, fuse
from hytki_match.matching.known import KnownQuestions
from hytki_match.matching.parameters import RETRIEVAL_DEPTH, Parameters, default_parameters
from hytki_match.matching.preferences import Preferences, is_open
from hytki_match.matching.ranker import Ranker, Seen, default_trees
from hytki_match.matching.retrieval import (
    Allowed,
    DenseLeg,
    Leg,
    LexicalLeg,
    NearPassages,
    QuestionVectors,
    passages_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hytki_match.encoder import Encoder
    from hytki_match.index import Index
    from hytki_match.matching.companions import Lift
    from hytki_match.matching.fusion import Ranking
    from hytki_match.matching.trees import Trees
    from hytki_match.records import Hit, Query

    Array = NDArray[np.float64]


CALLED_PROBABILITY = 0.95
"""Probability that what a question calls, and asks nothing else about, is what is wanted."""

AMONG_FIRST = 3
"""Where a record comes at least that a longer question calls by its whole name."""

STEP = 10.0**-SCORE_DIGITS


class Scored(NamedTuple):
    """The best records, by place among all and in their order, and what their scores are made of.

    ``scores`` are those of legs and preferences, ``unkind`` is what of them missing the kind asked
    for costs (0 or less), ``lift`` what companions add, ``mended`` what the learned ranker adds to
    both, ``called`` what being called by name adds, ``final`` all together.
    """

    rankings: dict[str, Ranking]
    records: NDArray[np.int64]
    scores: Array
    unkind: Array
    lift: Lift
    mended: Array
    called: Array
    final: Array


class Scorer:
    """Ranks the records of one index.

    Raises
    ------
    IndexStaleError
        When the index holds vectors of another encoder.
    """

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        parameters: Parameters | None = None,
        trees: Trees | None = None,
    ) -> None:
        if index.manifest.encoder_digest != encoder.digest:
            raise IndexStaleError(
                f"The index was built with the encoder {index.manifest.encoder_name!r} in another "
                f"version than the {encoder.name!r} at hand."
            )
        self.index = index
        self.encoder = encoder
        self.parameters = parameters or default_parameters()
        self.vectors = QuestionVectors(encoder)
        self._near_passages = NearPassages(index, self.vectors)
        self.known = KnownQuestions(
            index, self.vectors, self._near_passages, self.parameters.unasked
        )
        asked = AskedLeg(index, self.vectors, self.known, self._near_passages)
        self.legs: tuple[Leg, ...] = (
            DenseLeg(index, self._near_passages),
            asked,
            LexicalLeg("words", index, index.words),
            LexicalLeg("grams", index, index.grams),
        )
        self.preferences = Preferences(index)
        self.companions = Companions(index, self.parameters.companions)
        self.callers = Callers(index)
        self.ranker = Ranker(asked, self.known, trees or default_trees())

    def rank(self, query: Query, today: date | None = None) -> tuple[Hit, ...]:
        """Rank the records that the query's filters allow, best first."""
        found = self.scored(query, today or date.today())
        ids = self.preferences.doc_ids
        return best_hits(found.rankings, found.records, found.final, RETRIEVAL_DEPTH, ids)

    def scored(self, query: Query, today: date) -> Scored:
        """Return the best records with all parts of their scores.

        Where a question says nothing but limits, its legs have nothing to tell: no score is mended.
        """
        rankings, records, scores, unkind = self._fused(query, today)
        lift = self.companions.lift(records, scores)
        nothing = np.zeros(len(records))
        lifted = self.companions.lifted(scores, lift)
        found = Scored(rankings, records, scores, unkind, lift, nothing, nothing, lifted)
        called = self.callers.called(query)
        if is_browsing(query) and not called.alone:
            return found
        mended = self.ranker.corrections(query, self.seen(found))
        raised = self._raised(called, records, lifted + mended)
        return found._replace(mended=mended, called=raised, final=lifted + mended + raised)

    def _raised(self, called: Called, records: NDArray[np.int64], scores: Array) -> Array:
        """Return what is added to the scores of records that a question calls by name.

        Where it asks for nothing else they come first, organisations and companies before other
        things of that name, and whole names before first words; where it asks for a price or the
        like, a service of theirs may come before them. Else those by whole names come among the
        first ones.
        """
        added = np.zeros(len(records))
        is_whole = np.isin(records, list(called.whole))
        if called.alone:
            is_called = np.isin(records, called.records)
            sure = self.parameters.score_of(CALLED_PROBABILITY)
            is_body = np.isin(records, list(called.bodies))
            first = max(sure, scores.max(initial=-np.inf)) + STEP * (1 + is_whole + is_body)
            least = np.full(len(records), sure) if called.aspect else first
        else:
            is_called = is_whole
            least = np.sort(scores)[-min(AMONG_FIRST, len(scores)) :][:1] + STEP
        np.maximum(least - scores, 0.0, out=added, where=is_called)
        return added

    def seen(self, found: Scored) -> Seen:
        """Return what the ranker sees of scored records."""
        scores = found.scores - found.unkind
        lifted = self.companions.lifted(scores, found.lift)
        return Seen(found.rankings, found.records, scores, found.lift, lifted)

    def _fused(
        self, query: Query, today: date
    ) -> tuple[dict[str, Ranking], NDArray[np.int64], Array, Array]:
        """Return the legs' rankings, the best records, by place, their scores, and ``unkind``."""
        called = self._called(query)  # while the question is encoded
        rankings = self.retrieve(query)
        every = np.union1d(found_by(rankings), called)
        features = self.preferences.features(query, today, every)
        weights = self.parameters.preferences
        bonus = sum((weights[name] * values for name, values in features.items()), np.zeros(1))
        scores = fuse(rankings, self.parameters.leg_weights, every) + bonus
        records, scores = best_of(every, scores, RETRIEVAL_DEPTH, called)
        missed = features["asked_kind_miss"][np.searchsorted(every, records)].astype(float)
        return rankings, records, scores, weights["asked_kind_miss"] * missed

    def _called(self, query: Query) -> NDArray[np.int64]:
        """Return the places of records that a question calls by name and that it allows."""
        called = np.array(self.callers.called(query).records, np.int64)
        return called if is_open(query) else called[self.preferences.within(query)[called]]

    def retrieve(self, query: Query) -> dict[str, Ranking]:
        """Ask every leg: first those that need no vector, which is worked out meanwhile."""
        allowed = self._near_passages.everything
        if not is_open(query):
            allowed = Allowed(self.index, self.preferences.within(query))
        first, *others = searched_texts(query)
        depth = passages_of(RETRIEVAL_DEPTH)
        self._near_passages.begin(first, depth, allowed)
        found = self._asked(query, allowed, by_meaning=False)
        for text in others:
            # Asked for when it is told whether the question has an answer.
            self._near_passages.begin(text, depth, self._near_passages.everything)
        return self._asked(query, allowed, by_meaning=True) | found

    def _asked(self, query: Query, allowed: Allowed, *, by_meaning: bool) -> dict[str, Ranking]:
        legs = [leg for leg in self.legs if leg.by_meaning == by_meaning]
        return {leg.name: leg.retrieve(query, RETRIEVAL_DEPTH, allowed) for leg in legs}


def searched_texts(query: Query) -> tuple[str, ...]:
    """Return the texts whose vectors a question needs: its own, and without places its topic's.

    "Best hotel in Turku" is no more about health data than "best hotel", though many known
    questions name Turku.
    """
    if query.named_regions and has_topic(query):
        return query.search_text, query.topic
    return (query.search_text,)
