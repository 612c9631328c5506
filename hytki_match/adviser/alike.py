"""Companies that make something like what the company of a need makes itself.

Such a one may be a rival rather than a partner. The desk proposes it all the same, since it knows
the subject, and says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hytki_match.adviser.asking import shared
from hytki_match.settings import BUNDLED_MODEL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from hytki_match.adviser.case import Link
    from hytki_match.matching import Matcher

ALIKE = 0.5
"""Cosine of a company's own words with another's product from which both make the like."""

NEAREST = 20
"""Passages of companies that are looked at for each sentence."""


def makers_alike(background: Iterable[str], matcher: Matcher) -> frozenset[str]:
    """Return the companies of the corpus that make what some sentences say is made.

    None with another encoder than the bundled one, whose cosines the line was chosen for.

    Parameters
    ----------
    background
        The sentences of a need that ask for nothing.
    """
    told = [sentence for sentence in background if shared()["makes"].search(sentence)]
    return nearest_companies(told, ALIKE, matcher)


def nearest_companies(texts: Sequence[str], least: float, matcher: Matcher) -> frozenset[str]:
    """Return the companies whose own words have at least a cosine with one of some texts."""
    index, encoder = matcher.index, matcher.encoder
    if not texts or encoder.name != BUNDLED_MODEL:
        return frozenset()
    partners = index.facts.tables == index.facts.sorts.get("companies", -1)
    found = set[str]()
    for vector in encoder.encode_queries(list(texts)):
        cosines, passages = index.dense.search(vector, NEAREST, partners[index.owners])
        near = index.owners[passages[cosines >= least]]
        found.update(index.doc_ids[owner] for owner in near)
    return frozenset(found)


def marked(links: Iterable[Link], alike: Collection[str]) -> tuple[Link, ...]:
    """Return links with those marked whose partner makes something like the company's own."""
    return tuple(
        replace(link, makes_alike=True) if link.partner_id in alike else link for link in links
    )
