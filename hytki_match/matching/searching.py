"""From a question to ranked hits: how it is understood, ranked and judged answerable."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from hytki_match.matching.answering import as_told, without_strict
from hytki_match.matching.asked import AskedContacts
from hytki_match.matching.conversation import is_browsing
from hytki_match.matching.each_region import each_region_in
from hytki_match.matching.excluding import without_excluded
from hytki_match.matching.fusion import blend, place_of, renumbered, with_first
from hytki_match.matching.readings import Readings
from hytki_match.matching.scoring import Scorer, searched_texts
from hytki_match.matching.tidying import Spelling, unwrapped
from hytki_match.matching.to_come import asks_for_events_at_a_time, nearest_in_time, upcoming_first
from hytki_match.matching.towns import of_town_first
from hytki_match.matching.understanding import understand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.encoder import Encoder
    from hytki_match.index import Index
    from hytki_match.matching.parameters import Parameters
    from hytki_match.matching.trees import Trees
    from hytki_match.records import AnswerState, Hit, Language, Query, Table

MAX_CONTEXT_CHARS = 600
"""Characters of a context that are read: the beginning says what it is all about."""

CONTEXT_SHARE = 1 / 6
"""How much the whole text counts in the ranking of one of its parts: a third drowns the part."""

SURE_ALONE = 0.8
"""Probability from which the best hit of a part by itself stays the best one in its text. 0.7 gives
the same proposals for the cases of the desk."""

OWN_AND_BEFORE = 1 / 2
"""Share of the whole topic where a follow-up has its own beside that of before ("and who could
anonymise those records?"): together in one text, what was asked before drowns it."""

ALIKE_SHARE = 0.9
"""Share of the probability of the first hit down to which others fit about as well."""

OF_TOWN_SHARE = 0.5
"""The same for what is in the very town that was asked for."""

FAR = 0.05
"""Probability below which what is nearest is not near: of refused questions 57 in 100 of those off
topic are below it, and 2 of those that the corpus answers."""

SHOWN_PLACES = 8
"""Places among which each of several regions that a question names gets one."""


class Searcher(Scorer):
    """Understands questions, ranks the records of one index for them, and tells how sure that is.

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

    def search(self, query: Query, today: date) -> tuple[Query, tuple[Hit, ...]]:
        """Rank records; where nothing near keeps the strict limits, rank again without them.

        Returns
        -------
        tuple
            The query that was ranked by, with its limits as preferences if they had to give way,
            and the hits, best first.
        """
        hits = self.rank(query, today)
        if query.own:
            own = self.rank(replace(query, topic=query.own), today)
            hits = blend(own, hits, OWN_AND_BEFORE)
        if any(limit.strict for limit in query.constraints) and not self._keep(query, hits):
            query = without_strict(query)
            hits = self.rank(query, today)
        records = self.index.corpus.records
        hits = without_excluded(query, hits, records)
        hits = of_town_first(query, hits, self.near(hits, OF_TOWN_SHARE), records)
        near = self.near(hits)
        hits = each_region_in(query, hits, near, records, SHOWN_PLACES)
        hits = upcoming_first(query, hits, near, records)
        hits = nearest_in_time(query, hits, self.near(hits, ALIKE_SHARE), records)
        return query, self._own_first(query, hits) if self.browsed(query) else hits

    def in_context(
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

    def near(self, hits: Sequence[Hit], share: float = 0.0) -> int:
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
        if self.browsed(query):
            return True
        near = [self.index.corpus.records[hit.doc_id] for hit in hits[: self.near(hits)]]
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

    def state(self, query: Query, hits: Sequence[Hit]) -> AnswerState:
        """Tell whether the best hit is good enough to be called an answer, or at all near.

        Who only browses is answered by whatever keeps the limits.
        """
        if hits and self.callers.called(query).alone:
            return self.state_of(hits)
        if hits and is_browsing(query):
            return "good" if self.browsed(query) else "weak"
        is_answerable = self.answerable(query, hits) >= self.parameters.answerable["least"]
        return self.state_of(hits) if is_answerable else "none"

    def is_far(self, query: Query, hits: Sequence[Hit]) -> bool:
        """Tell whether not even the best hit is near to a question that was refused."""
        if not hits:
            return False
        best = self.parameters.probability(hits[0].score)
        return self.answerable(query, hits) * best < FAR

    def browsed(self, query: Query) -> int:
        """Return how many records keep the limits of a question that says nothing else, or 0."""
        if not is_browsing(query) or self.callers.called(query).alone:
            return 0
        return int(self.preferences.browsed(query).sum())

    def state_of(self, hits: Sequence[Hit]) -> AnswerState:
        """Tell by its probability whether the best hit is good enough, or at all near."""
        if not hits:
            return "none"
        best = self.parameters.probability(hits[0].score)
        if best >= self.parameters.good_probability:
            return "good"
        return "weak" if best >= self.parameters.weak_probability else "none"

    def _own_first(self, query: Query, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Put what is of the region asked for before what is of the whole country."""
        own = self.preferences.browsed(query)
        order = sorted(hits, key=lambda hit: not own[place_of(hit)])
        return renumbered(order)
