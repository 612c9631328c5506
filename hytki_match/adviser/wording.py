"""What a proposal says in words; page, command line and hand-over take their words from here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hytki_match.adviser.ended import has_ended
from hytki_match.adviser.wishes import between_equals, is_in, is_soft, wished_outside
from hytki_match.answers.wording import date_label, from_region, is_old, kind_label
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

WORTH_NAMING = 0.2
"""Probability below which the nearest partner of a region is not near enough to be named."""

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


def wishes_line(proposal: Proposal, corpus: Corpus, language: Language) -> str:
    """Return where partners are wanted and where not, as it was read from the text; often empty."""
    limits, parts = proposal.case.limits, proposal.parts
    groups: dict[tuple[str, ...], list[str]] = {}
    named = (region for found in parts for region in found.preferred)
    equals = between_equals(proposal.case)
    for region in dict.fromkeys((*(limits.preferred or ()), *named)):
        if region in equals:
            continue
        mine = [str(n) for n, found in enumerate(parts, start=1) if region in found.preferred]
        groups.setdefault(tuple(mine) if len(mine) < len(parts) else (), []).append(region)
    said = []
    for numbers, regions in groups.items():
        where = _either(regions, corpus, language)
        if numbers:
            values = {"regions": where, "numbers": ", ".join(numbers)}
            where = say_of("desk.wanted_for", numbers, language, **values)
        said.append(say("desk.wanted_in", language, regions=where))
    said += _between_equals(proposal, corpus, language)
    if limits.unwanted:
        where = _either(limits.unwanted, corpus, language)
        said.append(say("desk.unwanted_in", language, regions=where))
    if limits.preferred is not None and (places := wished_outside(proposal.case)):
        names = [place.best(language)[0] for place in places]
        said.append(say("desk.wanted_outside", language, places=", ".join(names)))
    return " ".join(said)


def _between_equals(proposal: Proposal, corpus: Corpus, language: Language) -> list[str]:
    """Return where a wish only decides between equals, and why."""
    equals = between_equals(proposal.case)
    soft = [region for region in equals if is_soft(region, proposal.case)]
    narrow = [region for region in equals if region not in soft]
    return [
        say(f"desk.wanted_{key}", language, regions=_either(regions, corpus, language))
        for key, regions in (("soft", soft), ("between_equals", narrow))
        if regions
    ]


def elsewhere_line(found: PartProposal, corpus: Corpus, language: Language) -> str:
    """Return that nobody where a part's partner should be covers it, and who is nearest there.

    Empty where somebody there covers it, nothing is wished for, or nobody anywhere does it; and
    where somebody there would, but the set is full: that is told of every part that it leaves open.
    """
    able = [p for p in found.able if is_in(found.preferred, p, corpus)]
    if not found.preferred or found.is_unserved or set(able).intersection(found.covered_by):
        return ""
    if able:
        return _instead_of(able[0], found, corpus, language)
    dropped = [p for p in found.dropped if is_in(found.preferred, p, corpus)]
    where = _either(found.preferred, corpus, language)
    who = say("desk.nobody_else" if dropped else "desk.nobody", language)
    said = [say(f"desk.{_whence(found, corpus)}", language, regions=where, who=who)]
    if dropped:
        name = name_of(dropped[0], corpus, language)
        return f"{said[0]} {say('desk.dropped_there', language, partner=name)}"
    there = [k for k in found.links if is_in(found.preferred, k.partner_id, corpus)]
    if there and there[0].probability >= WORTH_NAMING:
        name, fit = name_of(there[0].partner_id, corpus, language), there[0].probability
        values = {"partner": name, "fit": percent(fit, language)}
        said.append(say("desk.nearest_there", language, **values))
    return " ".join(said)


def _instead_of(able: str, found: PartProposal, corpus: Corpus, language: Language) -> str:
    """Return that a partner from where it is wished for stands back behind a pinned one."""
    if not found.covered_by:
        return ""
    name, instead = name_of(able, corpus, language), names_of(found.covered_by, corpus, language)
    return say("desk.pinned_instead", language, partner=name, pinned=instead)


def _whence(found: PartProposal, corpus: Corpus) -> str:
    """Return the name of the phrase that says where a part's partner is, if not where wished."""
    if not found.covered_by:
        return "nobody_there"
    is_national = all(is_in(("national",), p, corpus) for p in found.covered_by)
    return "only_national" if is_national else "only_elsewhere"


def _either(regions: Sequence[str], corpus: Corpus, language: Language) -> str:
    """Return regions as where somebody is from, with “or” before the last."""
    *first, last = (
        from_region(region, corpus.regions[region].name.best(language)[0], language)
        for region in regions
    )
    if not first:
        return last
    return say("desk.either", language, first=", ".join(first), last=last)


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
        said.append(say("desk.alternative_uncovered", language, count=more))
    if found.weaker:
        parts = enumerate(proposal.parts, start=1)
        numbers = [str(n) for n, one in parts if one.part.part_id in found.weaker]
        values = {"numbers": ", ".join(numbers)}
        said.append(say_of("desk.alternative_weaker", numbers, language, **values))
    if not found.is_proved:
        said.append(say("desk.alternative_not_proved", language))
    return f"{title}: {' '.join(said)}"


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
    if full := sum(found.is_crowded_out for found in proposal.parts):
        most = proposal.case.limits.most
        said.append(say("desk.summary_crowded_out", language, most=most, count=full))
    if not proposal.is_proved:
        said.append(say("desk.not_proved", language))
    return " ".join(said)
