"""Partners for one part of a need: the chat's matcher, rolled up to organisations and companies."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from hytki_match.adviser.case import Evidence, Link
from hytki_match.adviser.ended import has_ended
from hytki_match.adviser.parameters import parameters
from hytki_match.adviser.splitting import without_refusals
from hytki_match.adviser.where import without_wishes
from hytki_match.matching.searching import MAX_CONTEXT_CHARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hytki_match.adviser.case import Case, Limits, Part
    from hytki_match.matching import Matcher
    from hytki_match.records import Answer, Corpus, Record, ResourceMatch

MAX_TOPICS = 3
MAX_HELPS = 5
MOST_CERTAIN = 0.99
WRITTEN = ("guide", "checklist")
PARTNER_TABLES = ("organisations", "companies")


def ask_for(
    part: Part,
    case: Case,
    matcher: Matcher,
    today: date | None,
    regions: Sequence[str] = (),
) -> Answer:
    """Ask the matcher for one part, in the language of the case.

    A part out of the text leaves unsaid what the rest of the text says; what the adviser wrote, or
    a weak dimension asked for, stands alone.

    Parameters
    ----------
    regions
        Look only there and nationwide; by default where the limits of the case let it.
    """
    answer = matcher.match(
        without_wishes(part.text) or part.text,
        fallback=case.language,
        regions=regions or case.limits.regions,
        kinds=case.limits.kinds,
        limit=parameters().depth,
        today=today,
        context=_context(case) if part.origin == "text" else "",
        however_far=True,
    )
    unwanted = case.limits.unwanted or ()
    contacts = tuple(m for m in answer.contacts if m.contact.region_id not in unwanted)
    return replace(answer, contacts=contacts)


def _context(case: Case) -> str:
    """Return the beginning of the text without what it refuses: a place named there misleads."""
    beginning = case.need[:MAX_CONTEXT_CHARS]
    return without_wishes(without_refusals(beginning, case.language))


def partner_ids(record: Record, corpus: Corpus) -> tuple[str, ...]:
    """Return who stands behind a record: itself, or its organisations, the first one first.

    A company that is in both tables is one partner: the company.
    """
    if record.table == "companies":
        return (record.doc_id,)
    if record.table == "organisations":
        return (_one(record.doc_id.partition("/")[2], corpus),)
    return tuple(dict.fromkeys(_one(slug, corpus) for slug in record.organisation_ids))


def known_partner(text: str, corpus: Corpus) -> str | None:
    """Return the partner that a doc_id or a bare id names, or None."""
    candidates = [text] if "/" in text else [f"{table}/{text}" for table in PARTNER_TABLES]
    records = [corpus.records[i] for i in candidates if i in corpus.records]
    partners = [r for r in records if r.table in PARTNER_TABLES]
    return partner_ids(partners[0], corpus)[0] if partners else None


def _one(slug: str, corpus: Corpus) -> str:
    company = f"companies/{slug}"
    return company if company in corpus.records else f"organisations/{slug}"


def links_of(
    answer: Answer, limits: Limits, corpus: Corpus, *, researchers: bool = False
) -> tuple[Link, ...]:
    """Return the partners that an answer speaks for, best first.

    Events are no evidence: that somebody held a seminar does not make a partner.

    Parameters
    ----------
    researchers
        Whether somebody who does research is asked for: companies then count less.
    """
    found: dict[str, list[tuple[float, Evidence]]] = {}
    for match in answer.resources:
        if match.record.table == "events":
            continue
        for place, partner in enumerate(partner_ids(match.record, corpus)):
            if is_allowed(partner, limits, corpus):
                voice = _voice(match.record, place) * _reach(corpus.records[partner])
                if researchers and partner.startswith("companies/"):
                    voice *= parameters().company_as_researcher
                weighed = (voice * match.probability, _evidence(match))
                found.setdefault(partner, []).append(weighed)
    links = [_link(partner, weighed) for partner, weighed in found.items()]
    return tuple(sorted(links, key=lambda link: (-link.probability, link.partner_id)))


def best_of_both(*found: tuple[Link, ...]) -> tuple[Link, ...]:
    """Return the links of several answers for one part, each partner once, best first."""
    ordered = sorted(chain(*found), key=lambda link: (-link.probability, link.partner_id))
    best: dict[str, Link] = {}
    for link in ordered:
        best.setdefault(link.partner_id, link)
    return tuple(best.values())


def is_allowed(partner_id: str, limits: Limits, corpus: Corpus) -> bool:
    """Tell whether the limits on regions and languages let a partner in."""
    record = corpus.records[partner_id]
    wanted = {*limits.regions, "national"}
    here = not limits.regions or bool(wanted.intersection(record.region_ids))
    here = here and not set(limits.unwanted or ()).intersection(record.region_ids)
    spoken = not limits.languages or any(record.description.get(k) for k in limits.languages)
    return here and spoken


def _voice(record: Record, place: int) -> float:
    """Return how far a record speaks for the partner that stands at a place behind it."""
    if record.table in PARTNER_TABLES:
        return parameters().own
    voice = parameters().first if place == 0 else parameters().not_first
    return voice * (parameters().guide if record.kind in WRITTEN else 1)


def _reach(partner: Record) -> float:
    """Return how well a partner can be called: one abroad less, one that has ended less, too."""
    reach = parameters().abroad if partner.region_ids == ("international",) else 1.0
    return reach * (parameters().ended if has_ended(partner) else 1.0)


def _evidence(match: ResourceMatch) -> Evidence:
    return Evidence(match.record.doc_id, match.probability, match.reason)


def _link(partner_id: str, weighed: list[tuple[float, Evidence]]) -> Link:
    """Join the evidence: each further record takes away a part of what is still open."""
    ordered = sorted(weighed, key=lambda w: (-w[0], w[1].doc_id))[: parameters().evidence]
    still_open = 1 - ordered[0][0]
    for strength, _ in ordered[1:]:
        still_open *= 1 - parameters().further * strength
    # Evidence joined is never certainty, whatever its figures multiply to.
    strength = round(min(1 - still_open, MOST_CERTAIN), 4)
    return Link(partner_id, strength, tuple(e for _, e in ordered))


def helps_of(answer: Answer) -> tuple[Evidence, ...]:
    """Return the tools that serve a part: guides, data, funding and the like, best first."""
    tools = [match for match in answer.resources if match.record.table == "tools"]
    return tuple(_evidence(match) for match in tools[:MAX_HELPS])


def topics_of(matches: Iterable[ResourceMatch]) -> tuple[str, ...]:
    """Return the topics that the best records share, weighed by how probably they are right."""
    weights: dict[str, float] = {}
    for match in list(matches)[:MAX_HELPS]:
        for topic in match.record.topics:
            weights[topic] = weights.get(topic, 0.0) + match.probability
    return tuple(sorted(weights, key=lambda topic: (-round(weights[topic], 6), topic))[:MAX_TOPICS])
