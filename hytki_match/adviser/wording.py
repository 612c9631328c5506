"""What a proposal says in words; page, command line and hand-over take their words from here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hytki_match.adviser.ended import has_ended
from hytki_match.answers.wording import date_label, is_old, kind_label
from hytki_match.language.analysis import words
from hytki_match.language.function_words import function_words
from hytki_match.language.phrases import quoted, say, say_of
from hytki_match.records import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hytki_match.adviser.case import Alternative, Evidence, Link, PartProposal, Proposal
    from hytki_match.records import Contact, Corpus, Language, Record

TELLING_WORDS = 12
"""Content words below which a need says too little for any proposal to be worth much."""

SURE = 0.5
"""Probability from which a partner is named without "check first": where the chat says "good"."""

MOST_ABLE = 3
"""Partners named for a part that stays open."""

ELSEWHERE = {
    "national": Text("Valtakunnallinen", "National"),
    "international": Text("Kansainvälinen", "International"),
}


def name_of(doc_id: str, corpus: Corpus, language: Language) -> str:
    """Return the name of a record, marked where it is of a programme or project that has ended."""
    record = corpus.records[doc_id]
    name = record.name.best(language)[0]
    return say("desk.ended", language, name=name) if has_ended(record) else name


def covering_name(partner_id: str, found: PartProposal, corpus: Corpus, language: Language) -> str:
    """Return the name of who covers a part, and “check first” if that is unsure."""
    name = name_of(partner_id, corpus, language)
    if not is_unsure(partner_id, found):
        return name
    return f"{name} ({say('handover.check_first', language)})"


def is_unsure(partner_id: str, found: PartProposal) -> bool:
    """Tell whether who covers a part does so with a probability that is to be checked first."""
    covers = partner_id in found.covered_by
    return covers and any(k.partner_id == partner_id and k.probability < SURE for k in found.links)


def names_of(doc_ids: Iterable[str], corpus: Corpus, language: Language) -> str:
    """Return the names of records, with semicolons between them."""
    return "; ".join(name_of(doc_id, corpus, language) for doc_id in doc_ids)


def nearest_of(found: PartProposal, proposal: Proposal) -> list[str]:
    """Return the partners that come nearest to a part, without whom the adviser left out."""
    barred = proposal.case.limits.must_not
    return [k.partner_id for k in found.links if k.partner_id not in barred][:MOST_ABLE]


def nearest_line(
    found: PartProposal, proposal: Proposal, corpus: Corpus, language: Language
) -> str:
    """Return why a part stays open: nobody does it at all, the set is full, or who is nearest."""
    if found.is_unserved:
        return say("desk.unserved", language)
    if found.is_crowded_out:
        able = names_of(found.able[:MOST_ABLE], corpus, language)
        return say("desk.crowded_out", language, partners=able)
    names = names_of(nearest_of(found, proposal), corpus, language)
    return say("desk.nearest" if names else "desk.nearest_none", language, partners=names)


def with_age(text: str, contact: Contact, language: Language, today: str) -> str:
    """Return what is told of a contact, and that it is to be checked if it is old by a day."""
    if not is_old(contact.as_of, today):
        return text
    return f"{text} ({date_label(contact.as_of, language, today)})"


def percent(probability: float, language: Language) -> str:
    """Return a probability from 0 to 1 as a percentage."""
    return say("desk.percent", language, number=round(100 * probability))


def place_of(record: Record, corpus: Corpus, language: Language) -> str:
    """Return the regions of a record in words."""
    names = [ELSEWHERE[r] if r in ELSEWHERE else corpus.regions[r].name for r in record.region_ids]
    return ", ".join(name.best(language)[0] for name in names)


def topics_label(topics: Iterable[str], corpus: Corpus, language: Language) -> str:
    """Return the labels of topics, with commas between them."""
    return ", ".join(corpus.topics[topic].label.best(language)[0] for topic in topics)


def evidence_reason(evidence: Evidence, corpus: Corpus, language: Language) -> str:
    """Return one line that says why a record speaks for a part."""
    reason = evidence.reason
    found = []
    if reason.words:
        found.append(
            say_of("reason.word", reason.words, language, words=quoted(reason.words, language))
        )
    if reason.topics:
        topics = topics_label(reason.topics, corpus, language)
        found.append(say_of("reason.topic", reason.topics, language, topics=topics))
    if not found and reason.sentence:
        found.append(say("reason.sentence", language, sentence=reason.sentence))
    return " ".join(found) or say("desk.reason_meaning", language)


def link_reason(link: Link, corpus: Corpus, language: Language) -> str:
    """Return why a partner is proposed for a part: through which record, and why that one.

    And that it may be a rival, if it makes something like the company's own.
    """
    best = link.evidence[0]
    why = evidence_reason(best, corpus, language)
    if best.doc_id != link.partner_id:
        kind = kind_label(corpus.records[best.doc_id], language)
        values = {"name": name_of(best.doc_id, corpus, language), "kind": kind}
        why = say("desk.reason_through", language, why=why, **values)
    return f"{why} {say('desk.makes_alike', language)}" if link.makes_alike else why


def what_it_is(link: Link, corpus: Corpus, language: Language) -> str:
    """Return the sentence, of the record through which a partner is proposed, nearest to the part.

    In the language that the part is not written in, it is the first sentence. Empty for a
    partner's own row, which is told in full, and where the reason quotes the record.
    """
    best = link.evidence[0]
    reason = best.reason
    if best.doc_id == link.partner_id or not (reason.words or reason.topics):
        return ""
    if reason.sentence and reason.language == language:
        return reason.sentence
    text = corpus.records[best.doc_id].description.best(language)[0]
    return re.split(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])", text, maxsplit=1)[0]


def alternative_title(found: Alternative, corpus: Corpus, language: Language) -> str:
    """Return what an alternative set is."""
    if found.kind == "regions":
        names = [corpus.regions[r].name.best(language)[0] for r in found.about]
        return say("desk.alternative_regions", language, regions=", ".join(names))
    about = names_of(found.about, corpus, language)
    return say(f"desk.alternative_{found.kind}", language, partner=about)


def alternative_line(
    found: Alternative, proposal: Proposal, corpus: Corpus, language: Language
) -> str:
    """Return an alternative set in one line: what it changes, and what is wrong with it.

    Only who comes and who goes is named; who stays stands in the proposal.
    """
    title = alternative_title(found, corpus, language)
    if not found.partners:
        return f"{title}: {say('desk.alternative_impossible', language)}"
    before = proposal.consortium or ()
    come = [partner for partner in found.partners if partner not in before]
    go = [p for p in before if p not in found.partners and p not in found.about]
    said = []
    for key, partners in (("come", come), ("go", go)):
        if partners:
            names = names_of(partners, corpus, language)
            said.append(say(f"desk.alternative_{key}", language, partners=names))
    more = len(found.uncovered) - len(proposal.uncovered)
    if not said:
        key = "nobody" if more > 0 else "others" if found.weaker else "same"
        said.append(say(f"desk.alternative_{key}", language))
    if more > 0:
        fresh = [part for part in found.uncovered if part not in proposal.uncovered]
        said.append(_numbered("desk.alternative_uncovered", fresh, proposal, language))
    if found.weaker:
        said.append(_numbered("desk.alternative_weaker", found.weaker, proposal, language))
    if not found.is_proved:
        said.append(say("desk.alternative_not_proved", language))
    return f"{title}: {' '.join(said)}"


def _numbered(key: str, part_ids: Sequence[str], proposal: Proposal, language: Language) -> str:
    """Return a phrase about some parts, with their numbers."""
    parts = enumerate(proposal.parts, start=1)
    numbers = [str(n) for n, one in parts if one.part.part_id in part_ids]
    return say_of(key, numbers, language, numbers=", ".join(numbers))


def advice(proposal: Proposal, language: Language) -> str:
    """Return what to ask the company first where its text says too little; empty if it does not."""
    need = proposal.case.need
    told = [word for word in words(need) if word not in function_words(proposal.case.language)]
    return say("desk.says_little", language) if len(told) < TELLING_WORDS else ""


def summary(proposal: Proposal, language: Language) -> str:
    """Return how many partners cover how many parts, and whether that is proved to be the best."""
    parts, partners = len(proposal.parts), len(proposal.consortium or ())
    covered = parts - len(proposal.uncovered)
    if proposal.consortium is None:
        return say("desk.summary_impossible", language)
    if not parts:
        return say("desk.summary_no_parts", language)
    key = "all" if covered == parts else "some" if covered else "none"
    said = [say(f"desk.summary_{key}", language, partners=partners, covered=covered, parts=parts)]
    full = [str(n) for n, found in enumerate(proposal.parts, start=1) if found.is_crowded_out]
    if full:
        values = {"most": proposal.case.limits.most, "numbers": ", ".join(full)}
        said.append(say_of("desk.summary_crowded_out", full, language, **values))
    if not proposal.is_proved:
        said.append(say("desk.not_proved", language))
    return " ".join(said)
