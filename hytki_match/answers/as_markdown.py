"""An answer as Markdown, with every text from data escaped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hytki_match.answers import wording
from hytki_match.answers.as_text import notice_text, resources_heading
from hytki_match.answers.summary import summary
from hytki_match.language.phrases import say

if TYPE_CHECKING:
    from hytki_match.records import Answer, ContactMatch, RegionMatch, ResourceMatch

# Characters that start something in CommonMark, GitHub's tables and maths, or HTML.
_SPECIAL = re.compile(r"([\\`*_\[\]<>$~|#&:])")


def escape_markdown(text: str) -> str:
    """Return the text so that Markdown shows it as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def answer_to_markdown(answer: Answer) -> str:
    """Return the answer as a Markdown document."""
    language = answer.query.language
    blocks = [f"> {escape_markdown(answer.query.text)}", escape_markdown(summary(answer))]
    blocks += [f"*{escape_markdown(notice_text(answer, i))}*" for i in range(len(answer.notices))]
    if unmatched := wording.unmatched_said(answer):
        blocks.append(f"*{escape_markdown(unmatched)}*")
    for heading, items in (
        ("heading.regions", [_region(match, answer) for match in answer.regions]),
        ("heading.contacts", [_contact(match, answer) for match in answer.contacts]),
        (resources_heading(answer), [_resource(match, answer) for match in answer.resources]),
    ):
        if items:
            blocks.append(f"## {say(heading, language)}\n\n" + "\n".join(items))
    return "\n\n".join(blocks) + "\n"


def _region(match: RegionMatch, answer: Answer) -> str:
    language = answer.query.language
    name = escape_markdown(match.region.name.best(language)[0])
    strength = wording.strength_label(match, language)
    return f"- **{name}** ({strength}). {escape_markdown(wording.region_reason(match, answer))}"


def _contact(match: ContactMatch, answer: Answer) -> str:
    contact = match.contact
    language = answer.query.language
    name = escape_markdown(contact.name.best(language)[0])
    role = escape_markdown(contact.role.best(language)[0])
    ways = [escape_markdown(way) for way in (contact.email, contact.phone) if way]
    ways += [f"<{url}>" for url in _link_targets([contact.url])]
    reason = escape_markdown(wording.contact_reason(match, answer))
    if wording.is_old(contact.as_of, answer.today):
        reason += f" ({wording.date_label(contact.as_of, language, answer.today)})"
    return f"- **{name}**, {role}. {' · '.join(ways)} {reason}"


def _resource(match: ResourceMatch, answer: Answer) -> str:
    language = answer.query.language
    record = match.record
    facts = [wording.kind_label(record, language), wording.region_names(record, answer)]
    facts += [
        wording.event_dates(record, language),
        say("label.past", language) if match.past else "",
    ]
    facts.append(wording.freshness(match, answer))
    lines = [
        f"{match.hit.rank}. **{escape_markdown(record.name.best(language)[0])}** "
        f"({escape_markdown(', '.join(fact for fact in facts if fact))})  ",
        f"   {escape_markdown(record.description.best(language)[0])}  ",
        f"   {escape_markdown(wording.resource_reason(match, answer))}  ",
    ]
    lines.append(f"   {say('label.source', language)}: {' '.join(_sources(record.sources))}")
    return "\n".join(lines)


def _sources(sources: tuple[str, ...]) -> list[str]:
    """Return web addresses as links, and the names of documents as text."""
    links = set(_link_targets(sources))
    return [f"<{source}>" if source in links else escape_markdown(source) for source in sources]


def _link_targets(values: tuple[str, ...] | list[str]) -> list[str]:
    """Return addresses that can stand between angle brackets."""
    return [url for url in wording.web_addresses(values) if not re.search(r"[<>\s]", url)]
