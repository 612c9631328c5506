"""``propose``: the whole path from a case to its partners, the same for page and command line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hytki_match.adviser import consortium as sets
from hytki_match.adviser.alike import makers_alike, marked
from hytki_match.adviser.candidates import (
    ask_for,
    best_of_both,
    helps_of,
    links_of,
    topics_of,
)
from hytki_match.adviser.case import Alternative, Partner, PartProposal, Proposal
from hytki_match.adviser.ended import running
from hytki_match.adviser.parameters import parameters
from hytki_match.adviser.preparing import with_parts
from hytki_match.adviser.splitting import asks_for_researchers, split_need
from hytki_match.adviser.unserved import unserved
from hytki_match.adviser.wishes import (
    between_equals,
    is_in,
    limits_for,
    nearest_first,
    preferred_for,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import date

    from hytki_match.adviser.case import AlternativeKind, Case, Link, Part
    from hytki_match.matching import Matcher
    from hytki_match.records import Answer, Corpus

MAX_CONTACTS = 3

ALTERNATIVE_S = 3.0
"""Seconds for the proof of each alternative; where the best set had none, they get no time."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What the matcher said for one part."""

    part: Part
    answer: Answer
    links: tuple[Link, ...]
    is_unserved: bool = False
    preferred: tuple[str, ...] = ()
    nearest: Callable[[Sequence[Link]], tuple[Link, ...]] = tuple

    def covering(self, barred: Collection[str]) -> tuple[Link, ...]:
        """Return the links fit to cover the part, beside the best that may come.

        Where some of them are from a region that is wished for, it is only these.
        """
        if self.is_unserved:
            return ()
        links = [link for link in self.links if link.partner_id not in barred]
        return self.nearest(_with_at_least(links, parameters().fair * _best(links)))

    def strong(self, barred: Collection[str]) -> tuple[Link, ...]:
        """Return the links that cover the part about as well as the best that may come."""
        return _about_as_good(self.covering(barred))


def _with_at_least(links: Sequence[Link], probability: float) -> tuple[Link, ...]:
    """Return the links with a probability, and enough to cover at all."""
    least = max(parameters().least, probability)
    return tuple(link for link in links if link.probability >= least)


def _about_as_good(links: Sequence[Link]) -> tuple[Link, ...]:
    """Return the links that cannot be told from the first one, and cover at all."""
    return _with_at_least(links, even_with(_best(links)))


def _best(links: Sequence[Link]) -> float:
    return links[0].probability if links else 0.0


def even_with(probability: float) -> float:
    """Return the least probability that is about as good as another: a share of its odds."""
    share = parameters().even * probability
    return share / (1 - probability + share)


def propose(
    case: Case,
    matcher: Matcher,
    *,
    today: date | None = None,
    regions_only: Sequence[Sequence[str]] = (),
) -> Proposal:
    """Find partners for each part of a case and the smallest set that covers them.

    Parameters
    ----------
    today
        The day from which events are past; the real one if not given.
    regions_only
        Groups of regions for which an alternative set is wanted ("only in Oulu and Turku").
    """
    case = with_parts(case, matcher)
    corpus = matcher.index.corpus
    left_out = _left_out(case, matcher)
    found = _find(case, matcher, today, left_out)
    best = sets.solve(_instance(case, found, corpus))
    chosen = best.partners if best else ()
    parts = tuple(_part_proposal(one, chosen, case.limits.must_not) for one in found)
    mentioned = {link.partner_id for one in found for link in one.links} | set(chosen)
    return Proposal(
        case=case,
        parts=parts,
        partners={i: _partner(i, found, corpus) for i in sorted(mentioned)},
        consortium=best.partners if best else None,
        alternatives=_alternatives(best, case, found, corpus, regions_only),
        uncovered=tuple(p.part.part_id for p in parts if not p.covered_by),
        index_version=matcher.index.manifest.version,
        corpus_digest=corpus.digest,
        is_proved=best.is_proved if best else True,
        left_out=left_out,
    )


def _left_out(case: Case, matcher: Matcher) -> tuple[str, ...]:
    """Return the sentences of the text that were not taken for a need and are in no part."""
    texts = [part.text for part in case.parts or ()]
    spoken = split_need(case.need, case.language, matcher.encoder).left_out
    return tuple(sentence for sentence in spoken if not any(sentence in text for text in texts))


def _find(
    case: Case, matcher: Matcher, today: date | None, left_out: Sequence[str]
) -> list[_Found]:
    parts = case.parts or ()
    answers = [ask_for(part, case, matcher, today) for part in parts]
    unserved_parts = unserved(answers, matcher)
    alike = makers_alike(left_out, matcher)
    found = [
        _found(part, answer, case, matcher, today, is_unserved=is_unserved)
        for part, answer, is_unserved in zip(parts, answers, unserved_parts, strict=True)
    ]
    return [replace(one, links=marked(one.links, alike)) for one in found]


def _found(
    part: Part,
    answer: Answer,
    case: Case,
    matcher: Matcher,
    today: date | None,
    *,
    is_unserved: bool,
) -> _Found:
    """Turn an answer into links; for a region that is wished for, one of that region is added."""
    corpus, preferred = matcher.index.corpus, preferred_for(part, case)
    links = _links(part, answer, case, corpus)
    if preferred:
        there = ask_for(part, case, matcher, today, preferred)
        links = best_of_both(links, _links(part, there, case, corpus))

    def nearest(found: Sequence[Link]) -> tuple[Link, ...]:
        must = case.limits.must
        return nearest_first(running(found, must, corpus), preferred, must, corpus)

    return _Found(part, answer, links, is_unserved, preferred, nearest)


def _links(part: Part, answer: Answer, case: Case, corpus: Corpus) -> tuple[Link, ...]:
    researchers = asks_for_researchers(part.text)
    return links_of(answer, limits_for(part, case), corpus, researchers=researchers)


def _instance(
    case: Case, found: Sequence[_Found], corpus: Corpus, barred: frozenset[str] = frozenset()
) -> sets.Instance:
    """Build the choice; who is barred does not set the measure for the others either."""
    barred |= set(case.limits.must_not)
    must = frozenset(case.limits.must) - barred
    equals = between_equals(case)
    strengths: dict[str, dict[str, int]] = {}
    strong: dict[str, set[str]] = {}
    topics: dict[str, set[str]] = {}
    for one in found:
        for link in one.strong(barred):
            strong.setdefault(link.partner_id, set()).add(one.part.part_id)
        for link in one.covering(barred):
            mine = strengths.setdefault(link.partner_id, {})
            tie = is_in(equals, link.partner_id, corpus)
            mine[one.part.part_id] = round(1000 * link.probability) + tie
            shown = (corpus.records[e.doc_id].topics for e in link.evidence)
            topics.setdefault(link.partner_id, set()).update(*shown)
    return sets.Instance(
        weights={one.part.part_id: one.part.weight for one in found},
        strengths=strengths,
        strong=strong,
        regions={p: _places(p, corpus) for p in {*strengths, *must}},
        topics=topics,
        must=must,
        must_not=barred,
        most=case.limits.most,
        region_points=parameters().region_points,
        topic_points=parameters().topic_points,
    )


def _places(partner_id: str, corpus: Corpus) -> tuple[str, ...]:
    """Return the regions that a partner brings in; a national one brings none."""
    regions = corpus.records[partner_id].region_ids
    return tuple(region for region in regions if region in corpus.regions)


def _part_proposal(one: _Found, chosen: Sequence[str], barred: Collection[str]) -> PartProposal:
    able = one.covering(barred)
    inside = [link for link in able if link.partner_id in chosen]
    covering = _about_as_good(inside)
    is_weaker = bool(covering) and covering[0] not in one.strong(barred)
    return PartProposal(
        part=one.part,
        links=one.links,
        covered_by=tuple(link.partner_id for link in covering),
        stronger=one.strong(barred)[0].partner_id if is_weaker else "",
        helps=helps_of(one.answer),
        contacts=tuple(m.contact.doc_id for m in one.answer.contacts[:MAX_CONTACTS]),
        topics=topics_of(one.answer.resources),
        is_unserved=one.is_unserved,
        preferred=one.preferred,
        able=tuple(link.partner_id for link in able),
        dropped=tuple(k.partner_id for k in one.covering(()) if k.partner_id in barred),
    )


def _partner(partner_id: str, found: Sequence[_Found], corpus: Corpus) -> Partner:
    """Return a partner with its contacts: those named for the parts, else all of its own."""
    slug = partner_id.partition("/")[2]
    own = [c.doc_id for c in corpus.contacts.values() if c.organisation_id == slug]
    named = [m.contact.doc_id for one in found for m in one.answer.contacts]
    asked = [doc_id for doc_id in named if doc_id in own] or own
    return Partner(corpus.records[partner_id], tuple(dict.fromkeys(asked))[:MAX_CONTACTS])


def _alternatives(
    best: sets.Consortium | None,
    case: Case,
    found: Sequence[_Found],
    corpus: Corpus,
    regions_only: Iterable[Sequence[str]],
) -> tuple[Alternative, ...]:
    if best is None or not best.partners:
        return ()
    limit_s = ALTERNATIVE_S if best.is_proved else 0.0
    second = sets.second_best(_instance(case, found, corpus), best, limit_s)
    others = [_alternative("second", (), second)]
    for partner in best.partners:
        rest = _instance(case, found, corpus, frozenset({partner}))
        others.append(_alternative("without", (partner,), sets.solve(rest, limit_s)))
    for regions in regions_only:
        inside = _instance(case, found, corpus, _outside(regions, found, corpus))
        others.append(_alternative("regions", tuple(regions), sets.solve(inside, limit_s)))
    return tuple(others)


def _alternative(
    kind: AlternativeKind, about: tuple[str, ...], found: sets.Consortium | None
) -> Alternative:
    if found is None:
        return Alternative(kind, about, None)
    return Alternative(kind, about, found.partners, found.uncovered, found.is_proved)


def _outside(regions: Sequence[str], found: Sequence[_Found], corpus: Corpus) -> frozenset[str]:
    """Return the partners outside some regions; here a national one is outside too."""
    partners = {link.partner_id for one in found for link in one.links}
    return frozenset(
        p for p in partners if not set(regions).intersection(corpus.records[p].region_ids)
    )
