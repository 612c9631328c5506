"""What the text's wishes about regions mean for a case, its parts and their partners."""

from __future__ import annotations

from dataclasses import replace
from operator import eq
from typing import TYPE_CHECKING, Any

from hytki_match.adviser.case import WISHES
from hytki_match.adviser.where import SHARED, read_wishes
from hytki_match.language.analysis import stem, words
from hytki_match.language.function_words import is_function_word
from hytki_match.matching.outside import place_name
from hytki_match.matching.words import same_length_fold
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from hytki_match.adviser.case import Case, Limits, Link, Part
    from hytki_match.records import Corpus, Text

SHORTEST = 4
"""Letters of a word that may tell which part a wish is for."""


OPPOSED = {
    "preferred": ("unwanted",),
    "regions": ("unwanted",),
    "unwanted": ("preferred", "regions"),
}
"""Limits that cannot hold for one region together."""


def with_regions(
    limits: Limits, name: str, regions: Collection[str]
) -> tuple[Limits, tuple[str, ...]]:
    """Return limits with regions that the adviser has chosen, and those that another limit lost.

    The later choice wins: who wants nobody from a region no longer wants somebody from there.

    Parameters
    ----------
    name
        The limit that was set: ``regions``, ``preferred`` or ``unwanted``.
    """
    values: dict[str, Any] = {name: tuple(sorted(regions))}
    lost: list[str] = []
    for other in OPPOSED[name]:
        before = getattr(limits, other) or ()
        if both := [region for region in before if region in regions]:
            values[other] = tuple(region for region in before if region not in both)
            lost += both
    by_hand = tuple(w for w in WISHES if w in values or w in limits.by_hand)
    return replace(limits, **values, by_hand=by_hand), tuple(dict.fromkeys(lost))


def unread(limits: Limits) -> Limits:
    """Return limits without what was read from the text; what the adviser has set stays."""
    preferred, unwanted = (
        getattr(limits, wish) if wish in limits.by_hand else None for wish in WISHES
    )
    return replace(limits, preferred=preferred, unwanted=unwanted)


def with_wishes(case: Case, region_ids: Collection[str]) -> Case:
    """Return a case with the regions that its text wishes for and rules out.

    What the adviser has said stays: wishes that are there, and regions that are the only ones.
    """
    limits, found = case.limits, read_wishes(case.need)
    preferred, unwanted = limits.preferred, limits.unwanted
    if preferred is None:
        preferred = () if limits.regions else _known(found.wanted, region_ids)
    if unwanted is None:
        asked = {*limits.regions, *preferred}
        unwanted = _known([r for r in found.unwanted if r not in asked], region_ids)
    else:
        # Where the adviser wants nobody, nothing is wished for, whatever the text says.
        preferred = tuple(region for region in preferred if region not in unwanted)
    return replace(case, limits=replace(limits, preferred=preferred, unwanted=unwanted))


def _known(regions: Sequence[str], region_ids: Collection[str]) -> tuple[str, ...]:
    return tuple(region for region in regions if region in region_ids)


def preferred_for(part: Part, case: Case) -> tuple[str, ...]:
    """Return the regions where the partner of a part should be.

    Those that the part names itself, unless the adviser has taken them away; else those of the
    whole need, without what other parts name for themselves. Where the adviser lets certain
    regions in only, others cannot be preferred.
    """
    limits, need = case.limits, read_wishes(case.need)
    preferred = [r for r in limits.preferred or () if _may_be(r, limits)]
    own = _said_now(part, read_wishes(part.text).wanted, need.wanted, limits.preferred)
    if own := [r for r in own if _may_be(r, limits)]:
        return tuple(own)
    named = {region for other in case.parts or () for region in read_wishes(other.text).wanted}
    for_all = {
        region
        for region in preferred
        if region not in between_equals(case)
        and not _named_by(case, region)
        and (region in need.general or region not in named)
    }
    return tuple(r for r in preferred if r in for_all or part in _named_by(case, r))


def between_equals(case: Case) -> tuple[str, ...]:
    """Return the regions whose wish decides between partners that are equal, and nothing else.

    Those beside which elsewhere is fine, too, and those wished for one thing that no part names,
    where all others may be anywhere.
    """
    need = read_wishes(case.need)
    wished = [r for r in case.limits.preferred or () if _may_be(r, case.limits)]
    narrow = [r for r in wished if r in need.beside and need.is_narrow]
    lost = [r for r in narrow if not _named_by(case, r)]
    return tuple(r for r in wished if r in lost or is_soft(r, case))


def is_soft(region: str, case: Case) -> bool:
    """Tell whether a text wishes for a region, and says that elsewhere is fine, too."""
    return region in read_wishes(case.need).soft and "preferred" not in case.limits.by_hand


def _named_by(case: Case, region: str) -> tuple[Part, ...]:
    """Return the parts that name the one thing for which a region is wished.

    A word that stands there as it is decides, else one that begins alike.
    """
    if is_soft(region, case):
        return ()
    beside, parts = read_wishes(case.need).beside.get(region, frozenset()), case.parts or ()
    # “The clinic” is a clinic rather than “clinical evidence”.
    for is_one in (eq, _is_same, _begins_alike):
        if named := tuple(part for part in parts if _names(part, beside, is_one)):
            return named
    return ()


def _names(part: Part, beside: Collection[str], is_one: Callable[[str, str], bool]) -> bool:
    """Tell whether a part has one of some words."""
    told = [word for word in words(same_length_fold(part.text)) if len(word) >= SHORTEST]
    return any(
        is_one(word, other)
        for word in told
        for other in beside
        if len(other) >= SHORTEST and not is_function_word(word)
    )


def _is_same(word: str, other: str) -> bool:
    return any(stem(word, language) == stem(other, language) for language in LANGUAGES)


def _begins_alike(word: str, other: str) -> bool:
    """Tell whether words begin alike, alone or in a compound."""
    return word[:SHARED] in other or other[:SHARED] in word


def _may_be(region: str, limits: Limits) -> bool:
    is_let_in = not limits.regions or region in limits.regions
    return is_let_in and region not in (limits.unwanted or ())


def limits_for(part: Part, case: Case) -> Limits:
    """Return the limits of a case with the regions that a part of its own rules out."""
    limits = case.limits
    unwanted = read_wishes(part.text).unwanted
    own = _said_now(part, unwanted, read_wishes(case.need).unwanted, limits.unwanted)
    return replace(limits, unwanted=tuple(dict.fromkeys((*(limits.unwanted or ()), *own))))


def _said_now(
    part: Part, own: Sequence[str], in_need: Sequence[str], kept: Sequence[str] | None
) -> list[str]:
    """Return the regions that a part names and that still hold.

    What the adviser wrote holds; what the text of the need says, as long as it is kept.
    """
    return [
        region
        for region in own
        if part.origin == "adviser" or kept is None or region in kept or region not in in_need
    ]


def wished_outside(case: Case) -> tuple[Text, ...]:
    """Return the places that the text wishes for and that no region of the corpus holds."""
    return tuple(place_name(value) for value in read_wishes(case.need).outside)


def nearest_first(
    links: Sequence[Link], preferred: Collection[str], must: Collection[str], corpus: Corpus
) -> tuple[Link, ...]:
    """Return the links from the preferred regions; without any the national ones, or else all.

    Whoever the adviser has pinned is welcome wherever they are.
    """
    for regions in ({*preferred}, {"national"}) if preferred else ():
        if there := [link for link in links if is_in(regions, link.partner_id, corpus)]:
            return tuple(link for link in links if link in there or link.partner_id in must)
    return tuple(links)


def is_in(regions: Collection[str], partner_id: str, corpus: Corpus) -> bool:
    """Tell whether a partner is in one of some regions; a national one is in none."""
    return not set(regions).isdisjoint(corpus.records[partner_id].region_ids)
