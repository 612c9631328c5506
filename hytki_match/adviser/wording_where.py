"""What a proposal says in words of where partners are wanted, and whom the text does not want."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hytki_match.adviser.wishes import between_equals, is_in, is_soft, wished_outside
from hytki_match.adviser.wording import name_of, names_of, percent, place_of
from hytki_match.answers.wording import from_region
from hytki_match.language.phrases import quoted, say, say_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.adviser.case import PartProposal, Proposal
    from hytki_match.records import Corpus, Language

WORTH_NAMING = 0.2
"""Probability below which the nearest partner of a region is not near enough to be named."""


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


def refused_line(proposal: Proposal, corpus: Corpus, language: Language) -> str:
    """Return which rivals are not proposed, and which refusals were not applied."""
    said = []
    if proposal.rivals:
        names = names_of(proposal.rivals, corpus, language)
        said.append(say("desk.rivals_left_out", language, partners=names))
    if proposal.not_applied:
        told = quoted(proposal.not_applied, language)
        said.append(say("desk.refusal_not_applied", language, sentences=told))
    return " ".join(said)


def elsewhere_line(found: PartProposal, corpus: Corpus, language: Language) -> str:
    """Return what a wish for a place means for a part: who covers it instead, who would do better.

    Empty where nothing is wished for, and where somebody there covers it about as well as others.
    """
    said = [_nobody_there(found, corpus, language)]
    if found.better:
        name = name_of(found.better, corpus, language)
        place = place_of(corpus.records[found.better], corpus, language)
        fit = next(k.probability for k in found.links if k.partner_id == found.better)
        values = {"partner": name, "place": place, "fit": percent(fit, language)}
        said.append(say("desk.better_elsewhere", language, **values))
    return " ".join(filter(None, said))


def _nobody_there(found: PartProposal, corpus: Corpus, language: Language) -> str:
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
