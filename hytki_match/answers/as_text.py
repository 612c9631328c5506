"""An answer as plain text, readable in a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from hytki_match.answers import wording
from hytki_match.answers.summary import summary
from hytki_match.language.phrases import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hytki_match.records import Answer, ContactMatch, RegionMatch, ResourceMatch

    Style = Callable[[str], str]

WIDTH = 80


def plain(text: str) -> str:
    """Return the text without emphasis."""
    return text


def answer_to_text(answer: Answer, *, width: int = WIDTH, bold: Style = plain) -> str:
    """Return the answer as text.

    Parameters
    ----------
    width
        Columns; only an address that is longer on its own goes past them.
    bold
        Put around names and headings; a terminal's emphasis, or nothing.
    """
    language = answer.query.language
    blocks = [wrapped(summary(answer), width)]
    blocks += [wrapped(f"! {notice_text(answer, i)}", width) for i in range(len(answer.notices))]
    if unmatched := wording.unmatched_said(answer):
        blocks.append(wrapped(unmatched, width))
    for heading, lines in (
        ("heading.regions", [_region(match, answer, width, bold) for match in answer.regions]),
        ("heading.contacts", [_contact(match, answer, width, bold) for match in answer.contacts]),
        (resources_heading(answer), _resources(answer, width, bold)),
    ):
        if lines:
            blocks.append(bold(say(heading, language).upper()) + "\n" + "\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def notice_text(answer: Answer, number: int) -> str:
    """Return one notice in the asker's language."""
    notice = answer.notices[number]
    return say(f"notice.{notice.key}", answer.query.language, **notice.values)


def resources_heading(answer: Answer) -> str:
    """Return the phrase key over the resources: matches, or only what is nearest."""
    return "heading.nearest" if answer.state == "none" else "heading.resources"


def _region(match: RegionMatch, answer: Answer, width: int, bold: Style) -> str:
    language = answer.query.language
    name = match.region.name.best(language)[0]
    head = f"  {bold(name)}: {wording.strength_label(match, language)}"
    return "\n".join([head, wrapped(wording.region_reason(match, answer), width, 4)])


def _contact(match: ContactMatch, answer: Answer, width: int, bold: Style) -> str:
    language = answer.query.language
    contact = match.contact
    lines = [
        f"  {bold(contact.name.best(language)[0])}",
        wrapped(contact.role.best(language)[0], width, 4),
    ]
    ways = [way for way in (contact.email, contact.phone) if way]
    lines += [f"    {way}" for way in (*ways, *wording.web_addresses([contact.url])[:1])]
    lines.append(wrapped(wording.contact_reason(match, answer), width, 4))
    if wording.is_old(contact.as_of, answer.today):
        lines.append(f"    {wording.date_label(contact.as_of, language, answer.today)}")
    return "\n".join(line for line in lines if line.strip())


def _resources(answer: Answer, width: int, bold: Style) -> list[str]:
    return [_resource(match, answer, width, bold) for match in answer.resources]


def _resource(match: ResourceMatch, answer: Answer, width: int, bold: Style) -> str:
    language = answer.query.language
    record = match.record
    facts = [wording.kind_label(record, language), wording.region_names(record, answer)]
    facts += [
        wording.event_dates(record, language),
        say("label.past", language) if match.past else "",
    ]
    facts.append(wording.freshness(match, answer))
    name = wrapped(f"{match.hit.rank}. {record.name.best(language)[0]}", width, 2)
    lines = [bold(name), wrapped(" · ".join(fact for fact in facts if fact), width, 5)]
    lines.append(wrapped(record.description.best(language)[0], width, 5))
    lines.append(wrapped(wording.resource_reason(match, answer), width, 5))
    lines += _addresses(record.url, record.sources, answer)
    return "\n".join(line for line in lines if line.strip())


def _addresses(url: str, sources: Iterable[str], answer: Answer) -> list[str]:
    """Return the link and the sources, each on a line of its own so that it can be clicked."""
    language = answer.query.language
    lines = [f"     {say('label.source', language)}: {source}" for source in sources]
    if url and url not in sources:
        lines.insert(0, f"     {say('label.link', language)}: {url}")
    return lines


def wrapped(text: str, width: int, indent: int = 0) -> str:
    """Return a text in lines of a width, each after some spaces."""
    margin = " " * indent
    return textwrap.fill(
        text,
        width,
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
