"""A proposal as plain text, readable in a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from hytki_match.adviser.wording import (
    advice,
    alternative_line,
    covering_name,
    link_reason,
    name_of,
    nearest_line,
    percent,
    place_of,
    summary,
    with_age,
)
from hytki_match.adviser.wording_where import elsewhere_line, refused_line, wishes_line
from hytki_match.language.phrases import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from hytki_match.adviser.case import PartProposal, Proposal
    from hytki_match.records import Corpus, Language

    Style = Callable[[str], str]

WIDTH = 80
SHOWN = 3


def parts_to_text(proposal: Proposal) -> str:
    """Return only the parts, one a line, numbered."""
    lines = [f"{n}. {p.part.text}" for n, p in enumerate(proposal.parts, start=1)]
    return "\n".join(_wrap(line, line.index(" ") + 1) for line in lines) + "\n"


def proposal_to_text(
    proposal: Proposal, corpus: Corpus, bold: Style = str, *, today: str = ""
) -> str:
    """Return the whole proposal in the language of the case.

    Parameters
    ----------
    today
        The ISO day by which a contact may be old; none is called so without it.
    """
    language = proposal.case.language
    blocks = [_wrap(summary(proposal, language), 0)]
    if little := advice(proposal, language):
        blocks.append(_wrap(little, 0))
    if wishes := wishes_line(proposal, corpus, language):
        blocks.append(_wrap(f"{wishes} {say('desk.change_on_line', language)}", 0))
    if refused := refused_line(proposal, corpus, language):
        blocks.append(_wrap(refused, 0))
    for heading, lines in (
        ("desk.heading_consortium", _consortium(proposal, corpus, language, bold, today)),
        ("desk.heading_parts", [_part(p, corpus, language, bold) for p in proposal.parts]),
        ("desk.heading_uncovered", _uncovered(proposal, corpus, language)),
        ("desk.heading_left_out", [_wrap(f"* {s}", 2) for s in proposal.left_out]),
        (
            "desk.heading_alternatives",
            [
                _wrap(f"* {alternative_line(a, proposal, corpus, language)}", 2)
                for a in proposal.alternatives
            ],
        ),
    ):
        if lines:
            blocks.append(bold(say(heading, language).upper()) + "\n" + "\n".join(lines))
    digest = proposal.corpus_digest[:12]
    blocks.append(say("desk.made_from", language, version=proposal.index_version, digest=digest))
    return "\n\n".join(blocks) + "\n"


def _wrap(text: str, indent: int) -> str:
    return textwrap.fill(
        text, WIDTH, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
    )


def _consortium(
    proposal: Proposal, corpus: Corpus, language: Language, bold: Style, today: str
) -> list[str]:
    lines = []
    for partner_id in proposal.consortium or ():
        record = corpus.records[partner_id]
        numbers = [
            str(n) for n, p in enumerate(proposal.parts, start=1) if partner_id in p.covered_by
        ]
        name = bold(name_of(partner_id, corpus, language))
        facts = f"{place_of(record, corpus, language)}; {say('desk.covers', language)}"
        lines.append(f"* {name} ({facts} {', '.join(numbers) or '-'})\n  {partner_id}")
        contacts = [corpus.contacts[c] for c in proposal.partners[partner_id].contacts[:1]]
        ways = [
            with_age(
                f"{c.name.best(language)[0]}, {c.email or c.phone or c.url}", c, language, today
            )
            for c in contacts
        ]
        if ways or record.url:
            found = say("desk.contact", language, contacts="; ".join(ways) or record.url)
            lines.append(_wrap(f"  {found}", 2))
    return lines


def _part(found: PartProposal, corpus: Corpus, language: Language, bold: Style) -> str:
    number = found.part.part_id.removeprefix("p")
    lines = [_wrap(f"{number}. {bold(found.part.text)}", 3)]
    shown = [k for n, k in enumerate(found.links) if n < SHOWN or k.partner_id in found.covered_by]
    # A percentage beside what nobody here does would read as a proposal.
    for link in () if found.is_unserved else shown:
        mark = "+" if link.partner_id in found.covered_by else "-"
        name = covering_name(link.partner_id, found, corpus, language)
        why = link_reason(link, corpus, language)
        lines.append(_wrap(f"   {mark} {percent(link.probability, language)} {name}. {why}", 5))
    if elsewhere := elsewhere_line(found, corpus, language):
        lines.append(_wrap(f"   {elsewhere}", 3))
    return "\n".join(lines)


def _uncovered(proposal: Proposal, corpus: Corpus, language: Language) -> list[str]:
    lines = []
    for found in proposal.parts:
        if found.covered_by:
            continue
        lines.append(_wrap(f"* {found.part.text}", 2))
        lines.append(_wrap(f"  {nearest_line(found, proposal, corpus, language)}", 2))
    return lines
