"""``propose``: the whole path from a case to its partners, the same for page and command line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hytki_match.adviser import consortium as sets
from hytki_match.adviser.alike import makers_alike, marked
from hytki_match.adviser.alternatives import alternatives
from hytki_match.adviser.candidates import (
    ask_for,
    best_of_both,
    helps_of,
    known_partner,
    links_of,
    partner_ids,
    topics_of,
)
from hytki_match.adviser.case import Partner, PartProposal, Proposal
from hytki_match.adviser.choosing import Found, about_as_good, instance_of
from hytki_match.adviser.ended import running
from hytki_match.adviser.parameters import parameters
from hytki_match.adviser.preparing import with_parts
from hytki_match.adviser.rivals import refused_kinds
from hytki_match.adviser.sentences import greets
from hytki_match.adviser.splitting import asks_for_researchers, split_need
from hytki_match.adviser.unserved import unserved
from hytki_match.adviser.wishes import (
    limits_for,
    nearest_first,
    preferred_for,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from hytki_match.adviser.case import Case, Link, Part
    from hytki_match.matching import Matcher
    from hytki_match.records import Answer, Corpus

MAX_CONTACTS = 3


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
    told = _left_out(case, matcher)
    refused = refused_kinds(case.need, told, matcher, case.limits.must)
    found = _find(case, matcher, today, told, refused.rivals)
    best = sets.solve(instance_of(case, found, corpus))
    chosen = best.partners if best else ()
    parts = tuple(_part_proposal(one, chosen, case.limits.must_not, corpus) for one in found)
    mentioned = {link.partner_id for part in parts for link in part.links} | set(chosen)
    return Proposal(
        case=case,
        parts=parts,
        partners={i: _partner(i, found, corpus) for i in sorted(mentioned)},
        consortium=best.partners if best else None,
        alternatives=alternatives(best, case, found, corpus, regions_only),
        uncovered=tuple(p.part.part_id for p in parts if not p.covered_by),
        index_version=matcher.index.manifest.version,
        corpus_digest=corpus.digest,
        is_proved=best.is_proved if best else True,
        left_out=tuple(sentence for sentence in told if not greets(sentence)),
        rivals=tuple(sorted(refused.rivals)),
        not_applied=refused.not_applied,
    )


def _left_out(case: Case, matcher: Matcher) -> tuple[str, ...]:
    """Return the sentences of the text that were not taken for a need and are in no part."""
    texts = [part.text for part in case.parts or ()]
    spoken = split_need(case.need, case.language, matcher.encoder).left_out
    return tuple(sentence for sentence in spoken if not any(sentence in text for text in texts))


def _find(
    case: Case,
    matcher: Matcher,
    today: date | None,
    told: Sequence[str],
    rivals: Collection[str],
) -> list[Found]:
    parts = case.parts or ()
    answers = [ask_for(part, case, matcher, today) for part in parts]
    unserved_parts = unserved(answers, matcher)
    alike = makers_alike(told, matcher)
    found = [
        _found(part, answer, case, matcher, today, is_unserved=is_unserved)
        for part, answer, is_unserved in zip(parts, answers, unserved_parts, strict=True)
    ]
    return [
        replace(one, links=tuple(k for k in marked(one.links, alike) if k.partner_id not in rivals))
        for one in found
    ]


def _found(
    part: Part,
    answer: Answer,
    case: Case,
    matcher: Matcher,
    today: date | None,
    *,
    is_unserved: bool,
) -> Found:
    """Turn an answer into links; for a region that is wished for, one of that region is added."""
    corpus, preferred = matcher.index.corpus, preferred_for(part, case)
    links = _links(part, answer, case, corpus)
    if preferred:
        there = ask_for(part, case, matcher, today, preferred)
        links = best_of_both(links, _links(part, there, case, corpus))

    def nearest(found: Sequence[Link]) -> tuple[Link, ...]:
        must = case.limits.must
        return nearest_first(running(found, must, corpus), preferred, must, corpus)

    return Found(part, answer, links, is_unserved, preferred, nearest)


def _links(part: Part, answer: Answer, case: Case, corpus: Corpus) -> tuple[Link, ...]:
    researchers = asks_for_researchers(part.text)
    return links_of(answer, limits_for(part, case), corpus, researchers=researchers)


def _part_proposal(
    one: Found, chosen: Sequence[str], barred: Collection[str], corpus: Corpus
) -> PartProposal:
    """Return what was found for one part; whom the adviser left out is named nowhere in it."""
    links = tuple(link for link in one.links if link.partner_id not in barred)
    able = one.covering(barred)
    inside = [link for link in able if link.partner_id in chosen]
    covering = about_as_good(inside)
    is_weaker = bool(covering) and covering[0] not in one.strong(barred)
    contacts = [m.contact for m in one.answer.contacts]
    return PartProposal(
        part=one.part,
        links=links,
        covered_by=tuple(link.partner_id for link in covering),
        stronger=one.strong(barred)[0].partner_id if is_weaker else "",
        helps=tuple(e for e in helps_of(one.answer) if not _is_only_of(barred, e.doc_id, corpus)),
        contacts=tuple(
            c.doc_id for c in contacts if known_partner(c.organisation_id, corpus) not in barred
        )[:MAX_CONTACTS],
        topics=topics_of(one.answer.resources),
        is_unserved=one.is_unserved,
        preferred=one.preferred,
        able=tuple(link.partner_id for link in able),
        dropped=tuple(k.partner_id for k in one.covering(()) if k.partner_id in barred),
        better=_better(covering, links, one, corpus),
    )


def _is_only_of(barred: Collection[str], doc_id: str, corpus: Corpus) -> bool:
    """Tell whether nobody stands behind a record but whom the adviser left out."""
    behind = partner_ids(corpus.records[doc_id], corpus)
    return bool(behind) and set(behind) <= set(barred)


def _better(covering: Sequence[Link], links: Sequence[Link], one: Found, corpus: Corpus) -> str:
    """Return who elsewhere would be far better than who is proposed for a wish; mostly nobody."""
    if not (one.preferred and covering):
        return ""
    best = running(links, (), corpus)[0]
    is_far = covering[0].probability < parameters().told * best.probability
    return best.partner_id if is_far else ""


def _partner(partner_id: str, found: Sequence[Found], corpus: Corpus) -> Partner:
    """Return a partner with its contacts: those named for the parts, else all of its own."""
    slug = partner_id.partition("/")[2]
    own = [c.doc_id for c in corpus.contacts.values() if c.organisation_id == slug]
    named = [m.contact.doc_id for one in found for m in one.answer.contacts]
    asked = [doc_id for doc_id in named if doc_id in own] or own
    return Partner(corpus.records[partner_id], tuple(dict.fromkeys(asked))[:MAX_CONTACTS])
