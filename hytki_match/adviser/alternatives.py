"""Other sets of partners than the proposed one, and what each covers less well."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hytki_match.adviser import consortium as sets
from hytki_match.adviser.case import Alternative
from hytki_match.adviser.choosing import instance_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from hytki_match.adviser.case import AlternativeKind, Case
    from hytki_match.adviser.choosing import Found
    from hytki_match.records import Corpus

ALTERNATIVE_S = 3.0
"""Seconds for the proof of each alternative; where the best set had none, they get no time."""


def alternatives(
    best: sets.Consortium | None,
    case: Case,
    found: Sequence[Found],
    corpus: Corpus,
    regions_only: Iterable[Sequence[str]],
) -> tuple[Alternative, ...]:
    """Return the second-best set, the best without each partner, and those of some regions."""
    if best is None or not best.partners:
        return ()
    limit_s = ALTERNATIVE_S if best.is_proved else 0.0

    def other(
        kind: AlternativeKind, about: Sequence[str], chosen: sets.Consortium | None
    ) -> Alternative:
        if chosen is None:
            return Alternative(kind, tuple(about), None)
        weaker = _weaker(chosen, best, found, case.limits.must_not)
        return Alternative(
            kind, tuple(about), chosen.partners, chosen.uncovered, weaker, chosen.is_proved
        )

    without = []
    for partner in best.partners:
        rest = instance_of(case, found, corpus, frozenset({partner}))
        without.append(other("without", (partner,), sets.solve(rest, limit_s)))
    second = sets.second_best(instance_of(case, found, corpus), best, limit_s)
    others = [_second(other("second", (), second), without, found), *without]
    for regions in regions_only:
        inside = instance_of(case, found, corpus, _outside(regions, found, corpus))
        others.append(other("regions", regions, sets.solve(inside, limit_s)))
    return tuple(others)


def _second(
    second: Alternative, without: Sequence[Alternative], found: Sequence[Found]
) -> Alternative:
    """Return the best other set: a set without one of the partners is another set, too.

    Where a partner is left out, others may come that had to stand back behind it before. Of sets
    that lose as much, it is the one that is told for a partner that cannot take part.
    """
    weights = {one.part.part_id: one.part.weight for one in found}

    def lost(alternative: Alternative) -> tuple[int, int, int]:
        is_open = sum(weights[part] for part in alternative.uncovered)
        is_weaker = sum(weights[part] for part in alternative.weaker)
        return is_open + is_weaker, is_open, len(alternative.partners or ())

    possible = [other for other in (second, *without) if other.partners]
    best = min(possible, key=lost, default=second)
    same = (
        other
        for other in without
        if other in possible
        and lost(other) == lost(best)
        and not set(other.about).intersection(best.partners or ())
    )
    best = next(same, best)
    return replace(best, kind="second", about=())


def _weaker(
    chosen: sets.Consortium,
    best: sets.Consortium,
    found: Sequence[Found],
    barred: Collection[str],
) -> tuple[str, ...]:
    """Return the parts that another set covers, but not as strongly as the best one does."""
    weaker = []
    for one in found:
        strong = {link.partner_id for link in one.strong(barred)}
        is_lost = strong.intersection(best.partners) and not strong.intersection(chosen.partners)
        if is_lost and one.part.part_id not in chosen.uncovered:
            weaker.append(one.part.part_id)
    return tuple(weaker)


def _outside(regions: Sequence[str], found: Sequence[Found], corpus: Corpus) -> frozenset[str]:
    """Return the partners outside some regions; here a national one is outside too."""
    partners = {link.partner_id for one in found for link in one.links}
    return frozenset(
        p for p in partners if not set(regions).intersection(corpus.records[p].region_ids)
    )
