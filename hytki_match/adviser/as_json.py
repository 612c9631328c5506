"""A proposal as JSON; ``shortlist.schema.json`` beside this file says what stands where."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hytki_match.adviser.ended import has_ended
from hytki_match.adviser.wording import (
    evidence_reason,
    is_unsure,
    link_reason,
    nearest_of,
    summary,
)
from hytki_match.adviser.wording_where import elsewhere_line, refused_line, wishes_line
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from hytki_match.adviser.case import (
        Alternative,
        Case,
        Evidence,
        Link,
        PartProposal,
        Proposal,
    )
    from hytki_match.adviser.steps import NextSteps
    from hytki_match.records import Corpus, Text

MAX_LINKS = 8
"""Partners given for each part, those of the consortium in any case."""


def proposal_to_json(proposal: Proposal, steps: NextSteps, corpus: Corpus) -> str:
    """Return a proposal as JSON text, indented, with a newline at its end."""
    found = proposal_to_dict(proposal, steps, corpus)
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def proposal_to_dict(proposal: Proposal, steps: NextSteps, corpus: Corpus) -> dict[str, Any]:
    """Return a proposal as plain objects."""
    case = proposal.case
    return {
        "case": _case(case),
        "summary": summary(proposal, case.language),
        "wishes": wishes_line(proposal, corpus, case.language),
        "refused": {
            "told": refused_line(proposal, corpus, case.language),
            "rivals": list(proposal.rivals),
            "not_applied": list(proposal.not_applied),
        },
        "parts": [_part(part, proposal, corpus) for part in proposal.parts],
        "left_out": list(proposal.left_out),
        "consortium": _consortium(proposal, corpus),
        "proved": proposal.is_proved,
        "uncovered": [_uncovered(p, proposal, corpus) for p in proposal.parts if not p.covered_by],
        "alternatives": [_alternative(found) for found in proposal.alternatives],
        "next": {
            "tools": list(steps.tools),
            "funding": list(steps.funding),
            "events": list(steps.events),
        },
        "index_version": proposal.index_version,
        "corpus_digest": proposal.corpus_digest,
    }


def _case(case: Case) -> dict[str, Any]:
    limits = case.limits
    return {
        "title": case.title,
        "company": case.company,
        "language": case.language,
        "need": case.need,
        "sector": case.sector,
        "region": case.region,
        "stage": case.stage,
        "limits": {
            "regions": list(limits.regions),
            "kinds": list(limits.kinds),
            "languages": list(limits.languages),
            "must": list(limits.must),
            "must_not": list(limits.must_not),
            "max_partners": limits.most,
            "preferred": list(limits.preferred or ()),
            "unwanted": list(limits.unwanted or ()),
        },
    }


def _text(text: Text) -> dict[str, str]:
    return {language: text.get(language) for language in LANGUAGES}


def _part(found: PartProposal, proposal: Proposal, corpus: Corpus) -> dict[str, Any]:
    chosen = proposal.consortium or ()
    shown = [k for n, k in enumerate(found.links) if n < MAX_LINKS or k.partner_id in chosen]
    return {
        "part_id": found.part.part_id,
        "text": found.part.text,
        "weight": found.part.weight,
        "origin": found.part.origin,
        "topics": list(found.topics),
        "unserved": found.is_unserved,
        "preferred": list(found.preferred),
        "elsewhere": elsewhere_line(found, corpus, proposal.case.language),
        "better_elsewhere": found.better or None,
        "crowded_out": found.is_crowded_out,
        "covered": bool(found.covered_by),
        "covered_by": list(found.covered_by),
        "partners": [_link(link, found, proposal, corpus) for link in shown],
        "helps": [_evidence(evidence, proposal.case, corpus) for evidence in found.helps],
        "contacts": list(found.contacts),
    }


def _link(link: Link, found: PartProposal, proposal: Proposal, corpus: Corpus) -> dict[str, Any]:
    case = proposal.case
    return {
        "doc_id": link.partner_id,
        "name": _text(corpus.records[link.partner_id].name),
        "score": link.probability,
        "reason": link_reason(link, corpus, case.language),
        "makes_alike": link.makes_alike,
        "ended": has_ended(corpus.records[link.partner_id]),
        "covers": link.partner_id in found.covered_by,
        "check_first": is_unsure(link.partner_id, found),
        "through": [_evidence(evidence, case, corpus) for evidence in link.evidence],
    }


def _evidence(evidence: Evidence, case: Case, corpus: Corpus) -> dict[str, Any]:
    return {
        "doc_id": evidence.doc_id,
        "name": _text(corpus.records[evidence.doc_id].name),
        "score": evidence.probability,
        "reason": evidence_reason(evidence, corpus, case.language),
    }


def _consortium(proposal: Proposal, corpus: Corpus) -> list[dict[str, Any]] | None:
    if proposal.consortium is None:
        return None
    return [_partner(partner_id, proposal, corpus) for partner_id in proposal.consortium]


def _partner(partner_id: str, proposal: Proposal, corpus: Corpus) -> dict[str, Any]:
    record = corpus.records[partner_id]
    covers = [p.part.part_id for p in proposal.parts if partner_id in p.covered_by]
    contacts = (corpus.contacts[c] for c in proposal.partners[partner_id].contacts)
    return {
        "doc_id": partner_id,
        "name": _text(record.name),
        "regions": list(record.region_ids),
        "covers": covers,
        "ended": has_ended(record),
        "contacts": [
            {
                "doc_id": c.doc_id,
                "name": _text(c.name),
                "email": c.email,
                "phone": c.phone,
                "url": c.url,
                "as_of": c.as_of,
            }
            for c in contacts
        ],
        "url": record.url,
        "sources": list(record.sources),
        "as_of": record.as_of,
    }


def _uncovered(found: PartProposal, proposal: Proposal, corpus: Corpus) -> dict[str, Any]:
    nearest = nearest_of(found, proposal)
    return {
        "part_id": found.part.part_id,
        "text": found.part.text,
        "nearest": [{"doc_id": i, "name": _text(corpus.records[i].name)} for i in nearest],
        "ask": list(found.contacts),
    }


def _alternative(found: Alternative) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "about": list(found.about),
        "partners": None if found.partners is None else list(found.partners),
        "uncovered": list(found.uncovered),
        "weaker": list(found.weaker),
        "proved": found.is_proved,
    }
