"""``Matcher.match``: the whole path from a question to an answer."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import TYPE_CHECKING

from hytki_match.errors import IndexStaleError
from hytki_match.language.analysis import word_terms
from hytki_match.matching.fusion import fuse
from hytki_match.matching.parameters import RETRIEVAL_DEPTH, Parameters, default_parameters
from hytki_match.matching.reasons import Reasoner
from hytki_match.matching.retrieval import Allowed, make_legs
from hytki_match.matching.rollup import rank_contacts, rank_regions
from hytki_match.matching.understanding import understand
from hytki_match.records import LANGUAGES, Answer, Notice, ResourceMatch, Text
from hytki_match.settings import MAX_QUESTION_CHARS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.encoder import Encoder
    from hytki_match.index import Index
    from hytki_match.records import AnswerState, Hit, Language, Query, Record, Table

DEFAULT_LIMIT = 8
"""Resources in an answer: as many as fit a screen or two with their reasons."""

NEAREST_LIMIT = 3
"""Resources shown as "nearest" when nobody does what was asked."""


class Matcher:
    """Answers questions from one index.

    Raises
    ------
    IndexStaleError
        When the index holds vectors of another encoder.
    """

    def __init__(
        self, index: Index, encoder: Encoder, parameters: Parameters | None = None
    ) -> None:
        if index.manifest.encoder_digest != encoder.digest:
            raise IndexStaleError(
                f"The index was built with the encoder {index.manifest.encoder_name!r} in another "
                f"version than the {encoder.name!r} at hand."
            )
        self.index = index
        self.encoder = encoder
        self.parameters = parameters or default_parameters()
        self.legs = make_legs(index, encoder)

    def match(
        self,
        question: str,
        *,
        fallback: Language = "fi",
        regions: Sequence[str] = (),
        kinds: Sequence[Table] = (),
        limit: int = DEFAULT_LIMIT,
        today: date | None = None,
        history: Sequence[Query] = (),
        without: Sequence[str] = (),
    ) -> Answer:
        """Answer a question.

        Parameters
        ----------
        fallback
            Language of the page, for a question too short to tell its own.
        regions, kinds
            Filters: region ids, and tables of resources. Empty means all.
        limit
            How many resources at most.
        today
            The day from which events are past; the real one if not given.
        history
            The queries of the conversation so far, oldest first: a question that only changes a
            limit keeps their topic.
        without
            Keys of constraints that are not to be taken from the question.
        """
        query = self.understand(question, fallback=fallback, regions=regions, kinds=kinds)
        refused = _refusal(question)
        if refused:
            return self._answer(query, refused, (), limit, today)
        hits = self.rank(query)
        return self._answer(query, self._state(hits), hits, limit, today)

    def understand(
        self,
        question: str,
        *,
        fallback: Language = "fi",
        regions: Sequence[str] = (),
        kinds: Sequence[Table] = (),
    ) -> Query:
        """Tell what a question asks; the parameters are those of :meth:`match`."""
        return understand(
            question,
            fallback=fallback,
            region_ids=self.index.corpus.regions,
            evidence=self._finnish_odds,
            regions=regions,
            kinds=kinds,
        )

    def rank(self, query: Query) -> tuple[Hit, ...]:
        """Rank the records that the query's filters allow, best first."""
        allowed = Allowed(self.index, self._allowed(query))
        rankings = {leg.name: leg.retrieve(query, RETRIEVAL_DEPTH, allowed) for leg in self.legs}
        return fuse(rankings, self.parameters.leg_weights, self._bonus(query))

    def _finnish_odds(self, word: str) -> float:
        """Return the log-odds that a word is Finnish, from the passages of either language."""
        counts = {
            language: sum(
                self.index.words[language].document_count(term)
                for term in word_terms(word, language, self.index.compounds)[:1]
            )
            for language in LANGUAGES
        }
        return math.log((counts["fi"] + 0.5) / (counts["en"] + 0.5))

    def _allowed(self, query: Query) -> set[str]:
        """Return the records that pass the filters; national ones pass every region filter."""
        wanted = {*query.regions, "national"}
        return {
            record.doc_id
            for record in self.index.corpus.records.values()
            if (not query.kinds or record.table in query.kinds)
            and (not query.regions or wanted.intersection(record.region_ids))
        }

    def _bonus(self, query: Query) -> dict[str, float]:
        """Prefer records of the regions that the question names or the filter asks for."""
        wanted = set(query.named_regions) | set(query.regions)
        if not wanted:
            return {}
        preference = self.parameters.region_preference
        bonus = {}
        for record in self.index.corpus.records.values():
            if wanted.intersection(record.region_ids):
                bonus[record.doc_id] = preference
            elif "national" in record.region_ids:
                bonus[record.doc_id] = preference / 2
        return bonus

    def _state(self, hits: Sequence[Hit]) -> AnswerState:
        if not hits:
            return "none"
        best = self.parameters.probability(hits[0].score)
        if best >= self.parameters.good_probability:
            return "good"
        return "weak" if best >= self.parameters.weak_probability else "none"

    def _answer(
        self,
        query: Query,
        state: AnswerState,
        hits: Sequence[Hit],
        limit: int,
        today: date | None,
    ) -> Answer:
        """Roll the hits up and draw the answer together."""
        corpus = self.index.corpus
        evidence = [
            (corpus.records[hit.doc_id], self.parameters.probability(hit.score)) for hit in hits
        ]
        matched = state in ("good", "weak")
        regions = rank_regions(evidence, corpus, query) if matched else ()
        contacts = rank_contacts(evidence, regions, corpus, query) if matched else ()
        shown = self._shown(hits, limit if matched else min(limit, NEAREST_LIMIT))
        resources = self._resources(query, shown, today or date.today()) if shown else ()
        answer = Answer(
            query=query,
            state=state,
            regions=regions,
            contacts=contacts,
            resources=resources,
            notices=_notices(query, resources, state),
            index_version=self.index.manifest.version,
            corpus_digest=corpus.digest,
        )
        return _with_names(answer, self.index)

    def _shown(self, hits: Sequence[Hit], limit: int) -> Sequence[Hit]:
        """Leave out hits that are far less likely than the best; the first is always shown."""
        if not hits:
            return ()
        least = self.parameters.shown_share * self.parameters.probability(hits[0].score)
        return [hit for hit in hits[:limit] if self.parameters.probability(hit.score) >= least]

    def _resources(
        self, query: Query, hits: Sequence[Hit], today: date
    ) -> tuple[ResourceMatch, ...]:
        reasoner = Reasoner(self.index, self.encoder, query)
        matches = []
        for hit in hits:
            record = self.index.corpus.records[hit.doc_id]
            matches.append(
                ResourceMatch(
                    record=record,
                    hit=hit,
                    probability=round(self.parameters.probability(hit.score), 4),
                    reason=reasoner.reason(record, hit),
                    past=is_past(record, today),
                )
            )
        return tuple(matches)


def is_past(record: Record, today: date) -> bool:
    """Tell whether an event was over before ``today``; other records never are."""
    last_day = record.ends_on or record.starts_on
    return bool(last_day) and last_day < today.isoformat()[: len(last_day)]


def _refusal(question: str) -> AnswerState | None:
    """Return the state of an answer to what is no question, or None when it can be searched."""
    if len(question) > MAX_QUESTION_CHARS:
        return "too_long"
    if not re.search(r"[^\W\d_]{2}", question):
        return "empty"
    return None


def _notices(
    query: Query, resources: Sequence[ResourceMatch], state: AnswerState
) -> tuple[Notice, ...]:
    """Say what a reader of the answer should know before trusting it."""
    notices = []
    if state == "weak":
        notices.append(Notice("weak"))
    if query.confidence < 0.6:
        notices.append(Notice("language_guessed"))
    if resources and all(match.past for match in resources if match.record.table == "events"):
        events = [match for match in resources if match.record.table == "events"]
        if events and events[0] is resources[0]:
            notices.append(Notice("past_events"))
    return tuple(notices)


def _with_names(answer: Answer, index: Index) -> Answer:
    """Add the names that the answer's ids stand for."""
    from dataclasses import replace

    corpus = index.corpus
    ids = {doc_id for match in answer.regions for doc_id in match.proofs}
    ids |= {doc_id for match in answer.contacts for doc_id in match.through}
    ids |= {
        f"organisations/{organisation}"
        for match in answer.resources
        for organisation in match.record.organisation_ids
    }
    ids |= {f"organisations/{match.contact.organisation_id}" for match in answer.contacts}
    names = {doc_id: corpus.records[doc_id].name for doc_id in ids if doc_id in corpus.records}
    topics = {topic for match in answer.resources for topic in match.record.topics}
    topics |= {topic for match in answer.contacts for topic in match.topics}
    names |= {f"topics/{topic}": corpus.topics[topic].label for topic in topics}
    names |= {f"regions/{region.region_id}": region.name for region in corpus.regions.values()}
    for name, fi, en in (
        ("national", "Valtakunnallinen", "National"),
        ("international", "Kansainvälinen", "International"),
    ):
        names[f"regions/{name}"] = Text(fi, en)
    return replace(answer, names=dict(sorted(names.items())))
