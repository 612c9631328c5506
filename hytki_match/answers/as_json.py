"""An answer as JSON; ``answer.schema.json`` beside this file says what stands where."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hytki_match.answers import wording
from hytki_match.answers.as_text import notice_text
from hytki_match.answers.summary import summary
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from hytki_match.matching.explanation import Explanation
    from hytki_match.records import (
        Answer,
        Complement,
        ContactMatch,
        RegionMatch,
        ResourceMatch,
        Text,
    )


def answer_to_json(answer: Answer, path: Explanation | None = None) -> str:
    """Return the answer, with its path if there is one, as indented JSON that ends in a newline."""
    found = answer_to_dict(answer)
    if path:
        found["explanation"] = explanation_to_dict(path)
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """Return the answer as plain objects; keywords stay out, because they are not for showing."""
    query = asdict(answer.query)
    return {
        "query": {key: list(v) if isinstance(v, tuple) else v for key, v in query.items()},
        "state": answer.state,
        "summary": summary(answer),
        "notices": [
            {"key": notice.key, "text": notice_text(answer, number)}
            for number, notice in enumerate(answer.notices)
        ],
        "regions": [_region(match, answer) for match in answer.regions],
        "contacts": [_contact(match, answer) for match in answer.contacts],
        "resources": [_resource(match, answer) for match in answer.resources],
        "complements": [_complement(added) for added in answer.complements],
        "relaxed": [asdict(limit) for limit in answer.relaxed],
        "unmatched": list(answer.unmatched),
        "follow_ups": list(answer.follow_ups),
        "browsed": answer.browsed,
        "named": list(answer.named),
        "talk": answer.talk,
        "today": answer.today,
        "index_version": answer.index_version,
        "corpus_digest": answer.corpus_digest,
    }


def explanation_to_dict(path: Explanation) -> dict[str, Any]:
    """Return the path of an answer as plain objects."""
    found = asdict(path)
    for hit, parts in zip(found["hits"], (hit.parts for hit in path.hits), strict=True):
        for part, of in zip(hit["parts"], parts, strict=True):
            part["added"] = of.added
    # Named tuples: asdict leaves them, and JSON would forget what stands where.
    for contact, one in zip(found["contacts"], path.contacts, strict=True):
        contact["evidence"] = [pull._asdict() for pull in one.evidence]
    return found


def _text(text: Text) -> dict[str, str]:
    return {language: text.get(language) for language in LANGUAGES}


def _region(match: RegionMatch, answer: Answer) -> dict[str, Any]:
    region = match.region
    return {
        "region_id": region.region_id,
        "name": _text(region.name),
        "strength": match.strength,
        "proofs": list(match.proofs),
        "reason": wording.region_reason(match, answer),
        "url": region.url,
        "sources": list(region.sources),
        "as_of": region.as_of,
    }


def _contact(match: ContactMatch, answer: Answer) -> dict[str, Any]:
    contact = match.contact
    return {
        "doc_id": contact.doc_id,
        "name": _text(contact.name),
        "role": _text(contact.role),
        "organisation_id": contact.organisation_id,
        "region_id": contact.region_id,
        "email": contact.email,
        "phone": contact.phone,
        "url": contact.url,
        "score": match.score,
        "through": list(match.through),
        "topics": list(match.topics),
        "reason": wording.contact_reason(match, answer),
        "sources": list(contact.sources),
        "as_of": contact.as_of,
        "old": wording.is_old(contact.as_of, answer.today),
    }


def _complement(added: Complement) -> dict[str, Any]:
    return {
        "region_id": added.region.region_id,
        "doc_id": added.doc_id,
        "topics": list(added.topics),
    }


def _resource(match: ResourceMatch, answer: Answer) -> dict[str, Any]:
    record = match.record
    return {
        "doc_id": record.doc_id,
        "rank": match.hit.rank,
        "score": match.hit.score,
        "probability": match.probability,
        "table": record.table,
        "kind": record.kind,
        "name": _text(record.name),
        "description": _text(record.description),
        "topics": list(record.topics),
        "region_ids": list(record.region_ids),
        "organisation_ids": list(record.organisation_ids),
        "place": record.place,
        "starts_on": record.starts_on,
        "ends_on": record.ends_on,
        "past": match.past,
        "reason": {
            "text": wording.resource_reason(match, answer),
            "words": list(match.reason.words),
            "topics": list(match.reason.topics),
            "sentence": match.reason.sentence,
            "sentence_language": match.reason.language,
            "meaning": match.reason.meaning,
        },
        "legs": {name: asdict(leg) for name, leg in match.hit.legs.items()},
        "url": record.url,
        "sources": list(record.sources),
        "as_of": record.as_of,
        "old": wording.is_old(record.as_of, answer.today),
    }
