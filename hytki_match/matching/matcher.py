"""``Matcher.match``: the whole path from a question to an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from hytki_match.matching.answering import (
    as_told,
    complements,
    follow_ups,
    is_past,
    names,
    refusal,
    relaxed_limits,
    with_result,
    without_strict,
)
from hytki_match.matching.called import Called
from hytki_match.matching.distress import is_own_illness
from hytki_match.matching.funding import general_query, lacks_funding, with_general
from hytki_match.matching.intents import chat_kind
from hytki_match.matching.notices import notices, of_nobody
from hytki_match.matching.of_named import (
    contacts_of_named,
    is_about_body,
    named_first,
    named_ids,
    of_named,
)
from hytki_match.matching.reasons import Reasoner, unmatched_words
from hytki_match.matching.rollup import EVIDENCE_DEPTH, rank_contacts, rank_regions
from hytki_match.matching.searching import SHOWN_PLACES, Searcher
from hytki_match.matching.tidying import unwrapped
from hytki_match.records import Answer, Notice, ResourceMatch
from hytki_match.settings import MAX_QUESTION_CHARS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.records import AnswerState, Hit, Language, Query, Record, Table

DEFAULT_LIMIT = SHOWN_PLACES
"""Resources in an answer: as many as fit a screen or two with their reasons."""

NEAREST_LIMIT = 3
"""Resources shown as "nearest" when nobody does what was asked."""


class Matcher(Searcher):
    """Answers questions from one index.

    Raises
    ------
    IndexStaleError
        When the index holds vectors of another encoder.
    """

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
        context: str = "",
        however_far: bool = False,
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
        context
            The text that the question is a part of, for what it leaves unsaid ("we need that
            tested on athletes"). Kinds and times that a story names are no limits; and, as it is
            about the field, the probability of the best hit alone says whether it has an answer.
        however_far
            Whether what is nearest is returned where it is hardly near, for whoever judges that by
            more than the question.
        """
        today = today or date.today()
        if not history and len(question) <= MAX_QUESTION_CHARS:
            # Nearly always this is what will be searched; else it is encoded in vain.
            self.vectors.begin(unwrapped(question))
        refused = refusal(question, told=bool(context), goes_on=bool(history))
        query = self.understand(
            question,
            fallback=fallback,
            regions=regions,
            kinds=kinds,
            today=today,
            history=history,
            without=without,
        )
        if refused:
            return self._answer(query, refused, (), limit, today)
        query = as_told(query) if context else query
        _, hits = self.search(query, today)
        hits = of_named(self.callers.called(query), hits, self.index)
        if context:
            hits = self.in_context(query, hits, context, today)
            return self._answer(query, self.state_of(hits), hits, limit, today)
        state = self.state(query, hits)
        if state == "none" and is_own_illness(question):
            return self._answer(query, "chat", (), limit, today)
        if state == "none":
            hits = named_first(self.callers.called(query), hits)
        near = hits[: self.near(hits)]
        if state in ("good", "weak") and lacks_funding(query, near, self.index.corpus.records):
            hits = with_general(hits, self.rank(general_query(query), today))
            return self._answer(query, state, hits, limit, today, (Notice("general_funding"),))
        if state == "none" and not (however_far or query.foreign) and self.is_far(query, hits):
            hits = ()
        return self._answer(query, state, hits, limit, today)

    def _answer(
        self,
        query: Query,
        state: AnswerState,
        hits: Sequence[Hit],
        limit: int,
        today: date,
        told: tuple[Notice, ...] = (),
    ) -> Answer:
        """Roll the hits up and draw the answer together, with what is already known to be told."""
        corpus = self.index.corpus
        probability = self.parameters.probability
        weak = self.parameters.weak_probability
        evidence = self.evidence_of(hits)
        matched = state in ("good", "weak")
        browsed = self.browsed(query) if matched else 0
        regions = rank_regions(evidence, corpus, query) if matched else ()
        called = self.callers.called(query) if matched else Called()
        of_body = is_about_body(called, self.index)
        asked = self._asked_contacts.near(query) if matched and not of_body else {}
        ties = self.contact_evidence(query, hits, today) if matched else ()
        contacts = rank_contacts(ties, regions, asked, corpus, query, called.contacts)
        if of_body:
            contacts = contacts_of_named(called, contacts, self.index)
        likely = hits if browsed else self._likely(hits)
        limit = query.count or limit
        limit = limit if matched else min(limit, NEAREST_LIMIT)
        shown = likely[query.page * limit : (query.page + 1) * limit]
        shown = with_result(query, shown, hits)
        # What is near to a question that nobody here answers is hardly relevant to it.
        certainty = 1.0 if matched else self.answerable(query, hits)
        resources = self._resources(query, shown, today, certainty) if shown else ()
        # A record's table stands before its id; it need not be read for that.
        told += notices(query, resources, regions, state, corpus)
        told += of_nobody(query, resources, contacts) if of_body else ()
        tables = {hit.doc_id.partition("/")[0] for hit in hits if probability(hit.score) >= weak}
        answer = Answer(
            query=query,
            state=state,
            regions=regions,
            contacts=contacts,
            resources=resources,
            notices=told,
            complements=complements(evidence, regions, corpus, weak),
            relaxed=relaxed_limits(query, resources) if matched else (),
            unmatched=unmatched_words(
                query, [match.record for match in resources], self.index, self.readings
            )
            if matched and not called.contacts
            else (),
            follow_ups=follow_ups(query, tables, regions, has_contacts=bool(contacts))
            if matched
            else (),
            browsed=browsed,
            named=named_ids(called, self.index),
            today=today.isoformat(),
            talk=(chat_kind(query.text) or "ill") if state == "chat" else "",
            index_version=self.index.manifest.version,
            corpus_digest=corpus.digest,
        )
        return replace(answer, names=names(answer, corpus))

    def evidence_of(self, hits: Sequence[Hit]) -> list[tuple[Record, float]]:
        """Return the best hits with their probabilities; other records stay unread."""
        records, probability = self.index.corpus.records, self.parameters.probability
        return [(records[hit.doc_id], probability(hit.score)) for hit in hits[:EVIDENCE_DEPTH]]

    def contact_evidence(
        self, query: Query, hits: Sequence[Hit], today: date
    ) -> list[tuple[Record, float]]:
        """Return what ties contacts to a question: its hits.

        Who browses companies is helped by who knows them, which is no company.
        """
        beyond = self.rank(without_strict(query), today) if self.browsed(query) else hits
        return self.evidence_of(beyond)

    def _likely(self, hits: Sequence[Hit]) -> Sequence[Hit]:
        """Return the hits without those that are far less likely than the best."""
        if not hits:
            return ()
        least = self.parameters.shown_share * self.parameters.probability(hits[0].score)
        return [hit for hit in hits if self.parameters.probability(hit.score) >= least]

    def _resources(
        self, query: Query, hits: Sequence[Hit], today: date, certainty: float
    ) -> tuple[ResourceMatch, ...]:
        reasoner = Reasoner(self.index, self.encoder, self.readings, query)
        matches = []
        for hit in hits:
            record = self.index.corpus.records[hit.doc_id]
            matches.append(
                ResourceMatch(
                    record=record,
                    hit=hit,
                    probability=round(certainty * self.parameters.probability(hit.score), 4),
                    reason=reasoner.reason(record, hit),
                    past=is_past(record, today),
                )
            )
        return tuple(matches)
