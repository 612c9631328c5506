"""From ranked records to regions and contacts."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from hytki_match.records import ContactMatch, RegionMatch

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hytki_match.records import Contact, Corpus, Query, Record

    Evidence = Sequence[tuple[Record, float]]

EVIDENCE_DEPTH = 15
"""Hits that count as evidence; what comes after them is too weak to move a region."""

PROOFS = 3
MAX_REGIONS = 5
MAX_CONTACTS = 5

MIN_CONTACT_SHARE = 0.3
"""Contacts far weaker than the best tied one are only tied by a broad topic, and would be called in
vain, unless near known questions name them."""

AGREED = 0.02
"""How much near known questions agree on a contact at least to tie it. What shares no more than a
topic is nearly never right (1 of 51 on the judged questions)."""

MAX_BY_TOPIC = 2
"""Contacts by shared topics alone, where nobody is tied more closely: somebody to begin with."""

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
BY_ASKED = 8.0
"""What it adds when all near known questions name a contact: more than all hits together do."""

BY_NAME = 100.0
"""Score of a contact that is called by name: more than all else adds up to."""

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
    shares = region_shares(evidence, corpus)
    doubt = {region: math.prod(1 - share for share, _ in found) for region, found in shares.items()}
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


def region_shares(evidence: Evidence, corpus: Corpus) -> dict[str, list[tuple[float, str]]]:
    """Return what each record adds to its regions, 0 to 1, best hit first: (share, doc_id)."""
    shares: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for record, probability in evidence[:EVIDENCE_DEPTH]:
        regions = [region for region in record.region_ids if region in corpus.regions]
        for region in regions:
            share = probability * TABLE_WEIGHT[record.table] / len(regions)
            shares[region].append((share, record.doc_id))
    return shares


def rank_contacts(
    evidence: Evidence,
    regions: Sequence[RegionMatch],
    asked: Mapping[str, float],
    corpus: Corpus,
    query: Query,
    called: Collection[str] = (),
) -> tuple[ContactMatch, ...]:
    """Rank contacts by the best hits of their organisation, their topics and their region.

    A contact without a matched record or a shared topic is never returned. Equal ones are ordered
    with desks before persons (a desk has no topic of its own to be narrow about), then by id.

    Parameters
    ----------
    asked
        For some contacts how much the near known questions agree on them, 0 to 1.
    called
        Contacts that the question calls by name: they come first, wherever they are.
    """
    wanted = set(query.regions or query.named_regions)
    leading = {match.region.region_id: match.strength for match in regions}
    ties = ties_of(evidence)
    of_organisations, of_topics = _worths(ties)
    pulled = []
    best_tied = 0.0
    for contact in corpus.contacts.values():
        region = contact.region_id
        pull = of_organisations.get(contact.organisation_id, 0.0)
        if contact.doc_id in called:
            pulled.append((BY_NAME, contact))
            continue
        # Whose service of the whole country fits helps in every region.
        own = region in wanted or (pull and region == "national")
        if region in query.unwanted_regions or (wanted and not own):
            continue
        if contact.organisation_id in query.unwanted_organisations:
            continue
        pull += sum([of_topics.get(topic, 0.0) for topic in contact.topics])
        if pull:
            tied = pull + IN_REGION * leading.get(contact.region_id, 0.0)
            best_tied = max(best_tied, tied)
            score = tied + BY_ASKED * asked.get(contact.doc_id, 0.0)
            pulled.append((round(score, 6), contact))
    pulled.sort(key=lambda entry: (-entry[0], entry[1].doc_id))
    least = MIN_CONTACT_SHARE * best_tied
    found = [
        _contact_match(score, contact, pulls(contact, ties), asked.get(contact.doc_id, 0.0), called)
        for score, contact in pulled[:MAX_CONTACTS]
        if score >= least
    ]
    close = tuple(match for match in found if _is_close(match))
    return close or tuple(found[:MAX_BY_TOPIC])


def _is_close(match: ContactMatch) -> bool:
    """Tell whether a contact is tied by more than topics.

    A record of their organisation ties those who share a topic with the matches: a university has
    somebody for anything.
    """
    return match.called or match.asked >= AGREED or bool(match.through and match.topics)


def _worths(ties: Sequence[Tie]) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Return what all hits together add to a contact of each organisation and on each topic."""
    of_organisations: dict[str, float] = defaultdict(float)
    of_topics: dict[str, float] = defaultdict(float)
    for tie in ties:
        for organisation in tie.organisations:
            of_organisations[organisation] += tie.by_organisation
        for topic in tie.topics:
            of_topics[topic] += tie.by_topic
    return of_organisations, of_topics


class Tie(NamedTuple):
    """A hit that may tie a contact to the question: who is behind it, its topics, and their worth.

    ``by_organisation`` is what it adds to a contact of such an organisation, ``by_topic`` what it
    adds for each topic that is shared.
    """

    doc_id: str
    by_organisation: float
    by_topic: float
    organisations: frozenset[str]
    topics: frozenset[str]


def ties_of(evidence: Evidence) -> list[Tie]:
    """Return the hits that may tie a contact; later hits are worth less."""
    return [
        _tie(record, probability * RANK_DISCOUNT**rank)
        for rank, (record, probability) in enumerate(evidence[:EVIDENCE_DEPTH])
    ]


def _tie(record: Record, value: float) -> Tie:
    topics = frozenset(record.topics)
    return Tie(
        doc_id=record.doc_id,
        by_organisation=value * THROUGH_ORGANISATION,
        by_topic=value * THROUGH_TOPIC / max(len(topics), 1),
        organisations=frozenset(_organisations(record)),
        topics=topics,
    )


class Pull(NamedTuple):
    """What one hit adds to a contact: as a record of its organisation, and by shared topics."""

    doc_id: str
    by_organisation: float
    by_topics: float
    topics: tuple[str, ...]


def pulls(contact: Contact, ties: Sequence[Tie]) -> list[Pull]:
    """Return what each hit adds to the score of a contact, best hit first."""
    found = []
    organisation, topics = contact.organisation_id, contact.topics
    for tie in ties:
        own = organisation in tie.organisations
        if not own and tie.topics.isdisjoint(topics):
            continue
        shared = tuple([topic for topic in topics if topic in tie.topics])
        by_topics = tie.by_topic * len(shared)
        found.append(Pull(tie.doc_id, tie.by_organisation * own, by_topics, shared))
    return found


def _contact_match(
    score: float,
    contact: Contact,
    found: Sequence[Pull],
    asked: float,
    called: Collection[str],
) -> ContactMatch:
    through = [(pull.by_organisation, pull.doc_id) for pull in found if pull.by_organisation]
    topics = [topic for pull in found for topic in pull.topics]
    return ContactMatch(
        contact=contact,
        score=score,
        through=_best(through),
        topics=tuple(dict.fromkeys(topics))[:PROOFS],
        asked=asked,
        called=contact.doc_id in called,
    )


def _organisations(record: Record) -> tuple[str, ...]:
    """Return the ids of the organisations behind a record; an organisation is behind itself."""
    own = record.doc_id.removeprefix("organisations/")
    return (*record.organisation_ids, own) if own != record.doc_id else record.organisation_ids


def _best(shares: list[tuple[float, str]]) -> tuple[str, ...]:
    """Return the ids with the largest shares."""
    ordered = sorted(shares, key=lambda pair: (-pair[0], pair[1]))
    return tuple(doc_id for _, doc_id in ordered[:PROOFS])
