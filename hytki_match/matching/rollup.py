"""From ranked records to regions and contacts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from hytki_match.records import ContactMatch, RegionMatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.records import Contact, Corpus, Query, Record

    Evidence = Sequence[tuple[Record, float]]

EVIDENCE_DEPTH = 15
"""Hits that count as evidence; what comes after them is too weak to move a region."""

PROOFS = 3
MAX_REGIONS = 5
MAX_CONTACTS = 5

MIN_CONTACT_SHARE = 0.3
"""Contacts far weaker than the best are only tied by a broad topic, and would be called in vain."""

TABLE_WEIGHT = {
    "competences": 1.0,
    "organisations": 0.8,
    "tools": 0.7,
    "companies": 0.6,
    "events": 0.5,
}
"""What one record says of its region's strength: a competence is the region's own claim."""

THROUGH_ORGANISATION = 1.0
THROUGH_TOPIC = 0.5
IN_REGION = 0.25
RANK_DISCOUNT = 0.8


def rank_regions(evidence: Evidence, corpus: Corpus, query: Query) -> tuple[RegionMatch, ...]:
    """Rank regions by their records among the best hits.

    strength = 1 - product over records of (1 - p * weight of the table / number of its regions)

    so evidence saturates: one exact competence beats five weak companies, and a national service
    that names every region moves none of them.

    Parameters
    ----------
    evidence
        Records with the probability that they are relevant, best first.
    query
        Its filters and named regions: when there are any, only these regions are returned, unless
        none of them has evidence.
    """
    doubt: dict[str, float] = defaultdict(lambda: 1.0)
    shares: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for record, probability in evidence[:EVIDENCE_DEPTH]:
        regions = [region for region in record.region_ids if region in corpus.regions]
        for region in regions:
            share = probability * TABLE_WEIGHT[record.table] / len(regions)
            doubt[region] *= 1 - share
            shares[region].append((share, record.doc_id))
    wanted = set(query.regions or query.named_regions) & set(doubt)
    order = sorted(wanted or doubt, key=lambda region: (doubt[region], region))
    return tuple(
        RegionMatch(
            region=corpus.regions[region],
            strength=round(1 - doubt[region], 4),
            proofs=_best(shares[region]),
        )
        for region in order[:MAX_REGIONS]
    )


def rank_contacts(
    evidence: Evidence, regions: Sequence[RegionMatch], corpus: Corpus, query: Query
) -> tuple[ContactMatch, ...]:
    """Rank contacts by the best hits of their organisation, their topics and their region.

    A contact without a matched record or a shared topic is never returned. Equal ones are ordered
    with desks before persons (a desk has no topic of its own to be narrow about), then by id.
    """
    wanted = set(query.regions or query.named_regions)
    leading = {match.region.region_id: match.strength for match in regions}
    ties = [
        _Tie(
            record,
            probability * RANK_DISCOUNT**rank,
            frozenset(_organisations(record)),
            frozenset(record.topics),
        )
        for rank, (record, probability) in enumerate(evidence[:EVIDENCE_DEPTH])
    ]
    matches = []
    for contact in corpus.contacts.values():
        if wanted and contact.region_id not in wanted:
            continue
        match = _contact_match(contact, ties, leading.get(contact.region_id, 0.0))
        if match.through or match.topics:
            matches.append(match)
    matches.sort(key=lambda match: (-match.score, match.contact.doc_id))
    least = MIN_CONTACT_SHARE * matches[0].score if matches else 0.0
    return tuple(match for match in matches[:MAX_CONTACTS] if match.score >= least)


class _Tie(NamedTuple):
    """A hit that may tie a contact to the question: its worth, who is behind it, its topics."""

    record: Record
    value: float
    organisations: frozenset[str]
    topics: frozenset[str]


def _contact_match(contact: Contact, ties: Sequence[_Tie], region_strength: float) -> ContactMatch:
    """Add up what ties a contact to the hits; later hits count less."""
    score = 0.0
    through: list[tuple[float, str]] = []
    topics: list[str] = []
    for record, value, organisations, of_record in ties:
        if contact.organisation_id in organisations:
            score += value * THROUGH_ORGANISATION
            through.append((value, record.doc_id))
        if of_record.isdisjoint(contact.topics):
            continue
        shared = [topic for topic in contact.topics if topic in of_record]
        score += value * THROUGH_TOPIC * len(shared) / len(record.topics)
        topics += shared
    score += IN_REGION * region_strength
    return ContactMatch(
        contact=contact,
        score=round(score, 6),
        through=_best(through),
        topics=tuple(dict.fromkeys(topics))[:PROOFS],
    )


def _organisations(record: Record) -> tuple[str, ...]:
    """Return the ids of the organisations behind a record; an organisation is behind itself."""
    own = record.doc_id.removeprefix("organisations/")
    return (*record.organisation_ids, own) if own != record.doc_id else record.organisation_ids


def _best(shares: list[tuple[float, str]]) -> tuple[str, ...]:
    """Return the ids with the largest shares."""
    ordered = sorted(shares, key=lambda pair: (-pair[0], pair[1]))
    return tuple(doc_id for _, doc_id in ordered[:PROOFS])
