"""Ask the questions of ``docs/transcripts/first-answer.toml`` and write the answers beside it.

Run ``python docs/make/transcript.py`` after ``hytki-match build``. Answers are cut to what decides
whether one would act on them; remarks are those of the TOML file.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hytki_match.answers import wording
from hytki_match.answers.as_markdown import escape_markdown
from hytki_match.answers.summary import summary
from hytki_match.records import LANGUAGES
from hytki_match.service import open_matcher
from hytki_match.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hytki_match.matching import Matcher
    from hytki_match.records import Answer, Language

SOURCE = Path(__file__).resolve().parents[1] / "transcripts" / "first-answer.toml"
TITLES: dict[Language, str] = {"fi": "In Finnish", "en": "In English"}
REGIONS, CONTACTS, RESOURCES = 3, 3, 5


def main() -> None:
    """Write the transcript and say how many answers wait for a remark."""
    asked = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    matcher = open_matcher(Settings.from_environment())
    blocks = ["# First answers: forty questions", _about(matcher, asked)]
    waiting = 0
    for language in LANGUAGES:
        blocks.append(f"## {TITLES[language]}")
        for number, item in enumerate(asked[language], start=1):
            blocks += _turn(number, item, matcher.match(item["question"]))
            waiting += not item.get("remark")
    target = SOURCE.with_suffix(".md")
    target.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    click.echo(f"Wrote {target.name}; {waiting} answers have no remark yet.")


def _about(matcher: Matcher, asked: Mapping[str, Any]) -> str:
    manifest = matcher.index.manifest
    read = f"The remarks are of {asked['read_on']}." if asked["read_on"] else "Not read yet."
    facts = (
        f"Asked on {datetime.now(UTC):%Y-%m-%d} with `python docs/make/transcript.py`: encoder "
        f"{manifest.encoder_name}, corpus {manifest.corpus_digest[:12]}. {read}"
    )
    return "\n\n".join(part.strip() for part in (facts, asked["remarks"]) if part)


def _turn(number: int, item: Mapping[str, str], answer: Answer) -> list[str]:
    blocks = [
        f"### {number}. {escape_markdown(item['question'])}",
        escape_markdown(summary(answer)),
        "\n".join(_lines(answer)),
    ]
    if item.get("remark"):
        blocks.append(f"**Remark.** {item['remark'].strip()}")
    return [block for block in blocks if block]


def _lines(answer: Answer) -> Iterator[str]:
    """Yield one line each for the regions and the contacts, and one for each resource."""
    language = answer.query.language
    regions = [match.region.name.best(language)[0] for match in answer.regions[:REGIONS]]
    if regions:
        yield f"- Regions: {escape_markdown(', '.join(regions))}"
    contacts = [
        f"{match.contact.name.best(language)[0]} ({match.contact.role.best(language)[0]})"
        for match in answer.contacts[:CONTACTS]
    ]
    if contacts:
        yield f"- Contacts: {escape_markdown('; '.join(contacts))}"
    for match in answer.resources[:RESOURCES]:
        name = escape_markdown(match.record.name.best(language)[0])
        kind = escape_markdown(wording.kind_label(match.record, language))
        reason = escape_markdown(wording.resource_reason(match, answer))
        yield f"- **{name}** ({kind}, {match.probability:.2f}). {reason}"


if __name__ == "__main__":
    main()
