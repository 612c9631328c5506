"""``Matcher.match``: the whole path from a question to an answer."""

from __future__ import annotations

from bisect import bisect_left
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
from hytki_match.matching.asked import AskedContacts
from hytki_match.matching.called import Called
from hytki_match.matching.conversation import is_browsing
from hytki_match.matching.distress import is_own_illness
from hytki_match.matching.each_region import each_region_in
from hytki_match.matching.excluding import without_excluded
from hytki_match.matching.funding import general_query, lacks_funding, with_general
from hytki_match.matching.fusion import blend, place_of, renumbered, with_first
from hytki_match.matching.intents import chat_kind
from hytki_match.matching.notices import notices, of_nobody
from hytki_match.matching.of_named import named_first, named_ids, of_named
from hytki_match.matching.readings import Readings
from hytki_match.matching.reasons import Reasoner, unmatched_words
from hytki_match.matching.rollup import EVIDENCE_DEPTH, rank_contacts, rank_regions
from hytki_match.matching.scoring import Scorer, searched_texts
from hytki_match.matching.tidying import Spelling, unwrapped
from hytki_match.matching.to_come import asks_for_events_at_a_time, nearest_in_time, upcoming_first
from hytki_match.matching.understanding import understand
from hytki_match.records import Answer, Notice, ResourceMatch
from hytki_match.settings import MAX_QUESTION_CHARS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.encoder import Encoder
    from hytki_match.index import Index
    from hytki_match.matching.parameters import Parameters
    from hytki_match.matching.trees import Trees
    from hytki_match.records import AnswerState, Hit, Language, Query, Record, Table

DEFAULT_LIMIT = 8
"""Resources in an answer: as many as fit a screen or two with their reasons."""

MAX_CONTEXT_CHARS = 600
"""Characters of a context that are read: the beginning says what it is all about."""

CONTEXT_SHARE = 1 / 6
"""How much the whole text counts in the ranking of one of its parts: a third drowns the part."""

SURE_ALONE = 0.8
"""Probability from which the best hit of a part by itself stays the best one in its text. 0.7 gives
the same proposals for the cases of the desk."""

NEAREST_LIMIT = 3
"""Resources shown as "nearest" when nobody does what was asked."""

ALIKE_SHARE = 0.9
"""Share of the probability of the first hit down to which others fit about as well."""

FAR = 0.05
"""Probability below which what is nearest is not near: of refused questions 57 in 100 of those off
topic are below it, and 2 of those that the corpus answers."""


class Matcher(Scorer):
    """Answers questions from one index.

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
        super().__init__(index, encoder, parameters, trees)
        self._asked_contacts = AskedContacts(self.known)
        self.spelling = Spelling(index)
        self.readings = Readings(index, encoder)

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
        refused = refusal(question, told=bool(context))
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
            hits = self._in_context(query, hits, context, today)
            return self._answer(query, self._state_of(hits), hits, limit, today)
        state = self._state(query, hits)
        if state == "none" and is_own_illness(question):
            return self._answer(query, "chat", (), limit, today)
        if state == "none":
            hits = named_first(self.callers.called(query), hits)
        near = hits[: self._near(hits)]
        if state in ("good", "weak") and lacks_funding(query, near, self.index.corpus.records):
            hits = with_general(hits, self.rank(general_query(query), today))
            return self._answer(query, state, hits, limit, today, (Notice("general_funding"),))
        if state == "none" and not (however_far or query.foreign) and self._is_far(query, hits):
            hits = ()
        return self._answer(query, state, hits, limit, today)

    def search(self, query: Query, today: date) -> tuple[Query, tuple[Hit, ...]]:
        """Rank records; where nothing near keeps the strict limits, rank again without them.

        Returns
        -------
        tuple
            The query that was ranked by, with its limits as preferences if they had to give way,
            and the hits, best first.
        """
        hits = self.rank(query, today)
        if any(limit.strict for limit in query.constraints) and not self._keep(query, hits):
            query = without_strict(query)
            hits = self.rank(query, today)
        records = self.index.corpus.records
        hits = without_excluded(query, hits, records)
        near = self._near(hits)
        hits = each_region_in(query, hits, near, records, DEFAULT_LIMIT)
        hits = upcoming_first(query, hits, near, records)
        hits = nearest_in_time(query, hits, self._near(hits, ALIKE_SHARE), records)
        return query, self._own_first(query, hits) if self._browsed(query) else hits

    def _in_context(
        self, query: Query, hits: Sequence[Hit], context: str, today: date
    ) -> tuple[Hit, ...]:
        """Let what the whole text asks for count a little in the ranking of its part.

        Who says enough alone needs no context: a sure first hit stays the first.
        """
        whole = self.understand(
            f"{context[:MAX_CONTEXT_CHARS]} {query.text}",
            fallback=query.language,
            regions=query.regions,
            kinds=query.kinds,
            today=today,
        )
        # What the story rules out somewhere else stays possible here.
        whole = replace(as_told(whole), unwanted=query.unwanted)
        mixed = blend(hits, self.rank(whole, today), CONTEXT_SHARE)
        if hits and self.parameters.probability(hits[0].score) >= SURE_ALONE:
            return with_first(mixed, hits[0].doc_id)
        return mixed

    def understand(
        self,
        question: str,
        *,
        fallback: Language = "fi",
        regions: Sequence[str] = (),
        kinds: Sequence[Table] = (),
        today: date | None = None,
        history: Sequence[Query] = (),
        without: Sequence[str] = (),
    ) -> Query:
        """Tell what a question asks; the parameters are those of :meth:`match`."""
        return understand(
            question,
            fallback=fallback,
            region_ids=self.index.corpus.regions,
            evidence=self.spelling.finnish_odds,
            is_known=self.spelling.knows,
            regions=regions,
            kinds=kinds,
            today=today or date.today(),
            history=history,
            without=without,
            tidy=self.tidy,
            called=self.callers.records_of,
        )

    def tidy(self, text: str, language: Language) -> str:
        """Return what is searched of a text: no greetings, no stray marks, mended words."""
        return self.spelling.mend(unwrapped(text), language)

    def _near(self, hits: Sequence[Hit], share: float = 0.0) -> int:
        """Return how many hits, from the first on, may be shown as matches.

        With a share, of those how many are at least so likely as that share of the first.
        """
        probability = self.parameters.probability
        least = self.parameters.weak_probability
        least = max(least, share * probability(hits[0].score)) if hits else least
        return bisect_left(hits, True, key=lambda hit: probability(hit.score) < least)

    def _keep(self, query: Query, hits: Sequence[Hit]) -> bool:
        """Tell whether anything near keeps the limits: of events at a time, an event.

        Who only browses has said nothing that could be near or far.
        """
        if self._browsed(query):
            return True
        near = [self.index.corpus.records[hit.doc_id] for hit in hits[: self._near(hits)]]
        if not asks_for_events_at_a_time(query):
            return bool(near)
        return any(record.table == "events" for record in near)

    def answerable(self, query: Query, hits: Sequence[Hit]) -> float:
        """Return the probability that the corpus answers such questions; 1 where it cannot tell."""
        if not hits or not self.known.can_tell:
            return float(bool(hits))
        return self.parameters.answerable_probability(*self.evidence(query, hits))

    def evidence(self, query: Query, hits: Sequence[Hit]) -> tuple[float, float]:
        """Return what tells whether a question has an answer: its margin and its best score.

        Places count half in the margin, as it is the mean of those with and without them.
        """
        margins = [self.known.margin(text) for text in searched_texts(query)]
        return sum(margins) / len(margins), hits[0].score

    def _state(self, query: Query, hits: Sequence[Hit]) -> AnswerState:
        """Tell whether the best hit is good enough to be called an answer, or at all near.

        Who only browses is answered by whatever keeps the limits.
        """
        if hits and self.callers.called(query).alone:
            return self._state_of(hits)
        if hits and is_browsing(query):
            return "good" if self._browsed(query) else "weak"
        is_answerable = self.answerable(query, hits) >= self.parameters.answerable["least"]
        return self._state_of(hits) if is_answerable else "none"

    def _is_far(self, query: Query, hits: Sequence[Hit]) -> bool:
        """Tell whether not even the best hit is near to a question that was refused."""
        if not hits:
            return False
        best = self.parameters.probability(hits[0].score)
        return self.answerable(query, hits) * best < FAR

    def _browsed(self, query: Query) -> int:
        if not is_browsing(query) or self.callers.called(query).alone:
            return 0
        return int(self.preferences.browsed(query).sum())

    def _state_of(self, hits: Sequence[Hit]) -> AnswerState:
        """Tell by its probability whether the best hit is good enough, or at all near."""
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
        today: date,
        told: tuple[Notice, ...] = (),
    ) -> Answer:
        """Roll the hits up and draw the answer together, with what is already known to be told."""
        corpus = self.index.corpus
        probability = self.parameters.probability
        weak = self.parameters.weak_probability
        evidence = self.evidence_of(hits)
        matched = state in ("good", "weak")
        browsed = self._browsed(query) if matched else 0
        regions = rank_regions(evidence, corpus, query) if matched else ()
        called = self.callers.called(query) if matched else Called()
        asked = self._asked_contacts.near(query) if matched and not called.alone else {}
        ties = self.contact_evidence(query, hits, today) if matched else ()
        contacts = rank_contacts(ties, regions, asked, corpus, query, called.contacts)
        if called.alone:
            contacts = tuple(match for match in contacts if match.called or match.through)
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
        told += of_nobody(query, resources, contacts) if called.alone else ()
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
        beyond = self.rank(without_strict(query), today) if self._browsed(query) else hits
        return self.evidence_of(beyond)

    def _own_first(self, query: Query, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Put what is of the region asked for before what is of the whole country."""
        own = self.preferences.browsed(query)
        order = sorted(hits, key=lambda hit: not own[place_of(hit)])
        return renumbered(order)

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
