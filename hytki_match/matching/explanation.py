"""The whole path from a question to its answer as data: what each step saw and what it added.

Nothing here is worked out by other rules than the answer itself: the same legs, features, weights
and evidence are asked once more, so an explanation cannot tell another story than the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from hytki_match.language.analysis import text_terms
from hytki_match.matching.fusion import passage_of
from hytki_match.matching.known import ANSWERED_DEPTH, UNANSWERED_DEPTH
from hytki_match.matching.rollup import BY_ASKED, IN_REGION, pulls, region_shares, ties_of
from hytki_match.matching.to_come import looks_ahead
from hytki_match.records import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from hytki_match.matching.fusion import Ranking
    from hytki_match.matching.matcher import Matcher
    from hytki_match.matching.rollup import Evidence, Pull
    from hytki_match.matching.scoring import Scored
    from hytki_match.records import Answer, Corpus, Hit, Language, Query

TOP_OF_LEG = 5
TOP_OF_FUSION = 10

NOT_SEARCHED = ("chat", "empty", "too_long")
"""States of an answer to what was not searched: there is no path to show."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the words leg, and how many passages of its language have it."""

    term: str
    passages: int


@dataclass(frozen=True, slots=True)
class LegHit:
    """A record in the ranking of one leg; ``passage_id`` is empty where no passage was met."""

    rank: int
    doc_id: str
    score: float
    passage_id: str


@dataclass(frozen=True, slots=True)
class LegTop:
    """The top of one leg; a record that is not among the ``found`` counts as ``floor``."""

    leg: str
    weight: float
    found: int
    floor: float
    top: tuple[LegHit, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one thing (a leg, a preference …) adds to a score: ``weight`` times ``value``.

    ``listed`` is false where a leg does not list the record, so that ``value`` is its floor.
    """

    name: str
    source: Literal["leg", "preference", "companions", "ranker", "name"]
    weight: float
    value: float
    listed: bool = True

    @property
    def added(self) -> float:
        """The part of the score."""
        return self.weight * self.value


@dataclass(frozen=True, slots=True)
class FusedHit:
    """A hit with the parts of its score, and the probability that a person calls it relevant."""

    rank: int
    doc_id: str
    score: float
    probability: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A known question near to the asked one, with its cosine; without answers nobody has one."""

    text: str
    cosine: float
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a score became a state.

    ``can_tell`` says whether there are enough known questions to judge by; ``margin`` is by how
    much the question is nearer to answered ones, ``best_score`` what stands beside it in the
    judgement, ``answerable`` the probability that the corpus answers such questions and ``least``
    what is asked of it. ``good`` and ``weak`` are the least probabilities of the best hit.
    """

    offset: float
    slope: float
    good: float
    weak: float
    can_tell: bool
    margin: float
    best_score: float
    answerable: float
    least: float
    answered: tuple[Neighbour, ...]
    unanswered: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What one record adds to the strength of a region, 0 to 1."""

    doc_id: str
    share: float


@dataclass(frozen=True, slots=True)
class RegionPath:
    """A region of the answer with every record that counts for it."""

    region_id: str
    strength: float
    evidence: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class ContactPath:
    """A contact of the answer: what each hit adds to its score, its region, and near questions."""

    doc_id: str
    score: float
    by_region: float
    by_asked: float
    evidence: tuple[Pull, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The path of one answer; what was understood of the question stands in its query.

    ``searched`` is the text that the legs got. ``loosened`` tells that strict limits gave way
    because nothing near kept them, ``upcoming_first`` that events to come stand before what
    has a higher score. ``terms`` are those of the words leg. ``names`` are those of
    the records and contacts. Where nothing was searched, all is empty and ``calibration`` None.
    """

    searched: str = ""
    loosened: bool = False
    upcoming_first: bool = False
    terms: Mapping[Language, tuple[Term, ...]] = field(default_factory=dict)
    legs: tuple[LegTop, ...] = ()
    hits: tuple[FusedHit, ...] = ()
    calibration: Calibration | None = None
    regions: tuple[RegionPath, ...] = ()
    contacts: tuple[ContactPath, ...] = ()
    names: Mapping[str, Text] = field(default_factory=dict)

    def mentioned(self) -> set[str]:
        """Return the ids of the records and contacts that the path tells of."""
        return {
            *(hit.doc_id for leg in self.legs for hit in leg.top),
            *(hit.doc_id for hit in self.hits),
            *(contact.doc_id for contact in self.contacts),
            *(share.doc_id for region in self.regions for share in region.evidence),
            *(pull.doc_id for contact in self.contacts for pull in contact.evidence),
            *(doc_id for known in self.answered() for doc_id in known.answers),
        }

    def answered(self) -> tuple[Neighbour, ...]:
        """Return the nearest known questions that have an answer."""
        return self.calibration.answered if self.calibration else ()


def explain(matcher: Matcher, answer: Answer, today: date) -> Explanation:
    """Return the path of an answer that this matcher gave.

    Parameters
    ----------
    today
        The day that the answer was given for.
    """
    if answer.state in NOT_SEARCHED:
        return Explanation()
    query, hits = matcher.search(answer.query, today)
    scored = matcher.scored(query, today)
    corpus = matcher.index.corpus
    evidence = matcher.evidence_of(hits)
    path = Explanation(
        searched=query.search_text,
        loosened=query != answer.query,
        upcoming_first=looks_ahead(query),
        terms={language: _terms(matcher, query, language) for language in LANGUAGES},
        legs=tuple(_top(matcher, leg, ranking) for leg, ranking in scored.rankings.items()),
        hits=_fused(matcher, query, hits[:TOP_OF_FUSION], scored, today),
        calibration=_calibration(matcher, query, hits),
        regions=_regions(answer, evidence, matcher),
        contacts=_contacts(answer, matcher.contact_evidence(query, hits, today)),
    )
    return replace(path, names=_names(path, corpus))


def _names(path: Explanation, corpus: Corpus) -> dict[str, Text]:
    contacts = {c.doc_id: c.name for c in corpus.contacts.values()}
    return {
        doc_id: contacts.get(doc_id) or corpus.records[doc_id].name
        for doc_id in sorted(path.mentioned())
    }


def _terms(matcher: Matcher, query: Query, language: Language) -> tuple[Term, ...]:
    lexical = matcher.index.words[language]
    terms = dict.fromkeys(text_terms(query.search_text, language, matcher.index.compounds))
    return tuple(Term(term, lexical.document_count(term)) for term in terms)


def _top(matcher: Matcher, leg: str, ranking: Ranking) -> LegTop:
    columns = (ranking.records, ranking.scores, ranking.languages)
    rows = zip(*(column[:TOP_OF_LEG].tolist() for column in columns), strict=True)
    ids = matcher.preferences.doc_ids
    return LegTop(
        leg=leg,
        weight=matcher.parameters.leg_weights[leg],
        found=len(ranking.records),
        floor=ranking.floor,
        top=tuple(
            LegHit(rank, ids[record], score, passage_of(ids[record], language))
            for rank, (record, score, language) in enumerate(rows, start=1)
        ),
    )


def _fused(
    matcher: Matcher,
    query: Query,
    hits: Sequence[Hit],
    scored: Scored,
    today: date,
) -> tuple[FusedHit, ...]:
    features = matcher.preferences.features(query, today)
    weights = matcher.parameters
    found = []
    for hit in hits:
        number = matcher.preferences.doc_ids.find(hit.doc_id)
        parts = [
            Part(leg, "leg", weights.leg_weights[leg], hit.legs[leg].score)
            if leg in hit.legs
            else Part(leg, "leg", weights.leg_weights[leg], ranking.floor, listed=False)
            for leg, ranking in scored.rankings.items()
        ]
        parts += [
            Part(name, "preference", weights.preferences[name], float(values[number]))
            for name, values in features.items()
            if values[number]
        ]
        parts += _later_parts(matcher, number, scored)
        probability = weights.probability(hit.score)
        found.append(FusedHit(hit.rank, hit.doc_id, hit.score, probability, tuple(parts)))
    return tuple(found)


def _later_parts(matcher: Matcher, number: int, scored: Scored) -> list[Part]:
    """Return what companions and the learned ranker add to the score of a record."""
    place = int(np.searchsorted(scored.records, number))
    lift, weight = scored.lift, matcher.companions.weight
    parts = [
        Part("companions", "companions", weight, float(lift.nearness[place])),
        Part("held", "companions", 1.0, float(lift.held[place])),
        Part("mended", "ranker", 1.0, float(scored.mended[place])),
        Part("called", "name", 1.0, float(scored.called[place])),
    ]
    return [part for part in parts if part.value]


def _calibration(matcher: Matcher, query: Query, hits: Sequence[Hit]) -> Calibration:
    parameters = matcher.parameters
    can_tell = bool(hits) and matcher.known.can_tell
    margin, best = matcher.evidence(query, hits) if can_tell else (0.0, 0.0)
    return Calibration(
        offset=parameters.calibration_offset,
        slope=parameters.calibration_slope,
        good=parameters.good_probability,
        weak=parameters.weak_probability,
        can_tell=can_tell,
        margin=margin,
        best_score=best,
        answerable=parameters.answerable_probability(margin, best) if can_tell else 1.0,
        least=parameters.answerable["least"],
        answered=_neighbours(matcher, query, ANSWERED_DEPTH, answered=True) if can_tell else (),
        unanswered=_neighbours(matcher, query, UNANSWERED_DEPTH, answered=False)
        if can_tell
        else (),
    )


def _neighbours(
    matcher: Matcher, query: Query, depth: int, *, answered: bool
) -> tuple[Neighbour, ...]:
    """Return the nearest known questions of one sort: those that the margin is made of."""
    near = matcher.known.near(query.search_text, told=query.told)
    found = (
        Neighbour(question.text, cosine, question.answers)
        for number, cosine in zip(near.numbers.tolist(), near.cosines.tolist(), strict=True)
        if bool((question := matcher.known.questions[number]).answers) is answered
    )
    return tuple(neighbour for neighbour, _ in zip(found, range(depth), strict=False))


def _regions(answer: Answer, evidence: Evidence, matcher: Matcher) -> tuple[RegionPath, ...]:
    shares = region_shares(evidence, matcher.index.corpus)
    return tuple(
        RegionPath(
            match.region.region_id,
            match.strength,
            tuple(
                Share(doc_id, share)
                for share, doc_id in sorted(shares[match.region.region_id], reverse=True)
            ),
        )
        for match in answer.regions
    )


def _contacts(answer: Answer, evidence: Evidence) -> tuple[ContactPath, ...]:
    strengths = {match.region.region_id: match.strength for match in answer.regions}
    ties = ties_of(evidence)
    return tuple(
        ContactPath(
            match.contact.doc_id,
            match.score,
            IN_REGION * strengths.get(match.contact.region_id, 0.0),
            BY_ASKED * match.asked,
            tuple(pulls(match.contact, ties)),
        )
        for match in answer.contacts
    )
