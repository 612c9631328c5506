"""What a hand-over says, as blocks that every document format draws in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from hytki_match.adviser.private import without_personal_data
from hytki_match.adviser.wording import (
    alternative_line,
    is_unsure,
    link_reason,
    name_of,
    nearest_line,
    percent,
    place_of,
    summary,
    what_it_is,
    with_age,
)
from hytki_match.adviser.wording_where import elsewhere_line, refused_line, wishes_line
from hytki_match.answers.mail import ways_to
from hytki_match.answers.wording import event_dates, kind_label, web_addresses, written_date
from hytki_match.language.phrases import say, say_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hytki_match.adviser.case import PartProposal
    from hytki_match.adviser.work import Work
    from hytki_match.records import Contact, Language, Record

AS_IT_IS = "%/:?#[]@!$&'()*+,;=~"
"""Signs of an address that are not to be quoted (RFC 3986), and what is quoted already."""
EVIDENCE_SHOWN = 3

PART_WIDTH = 30
"""Least share of the matrix, against 9 of a partner, that the texts of the parts have."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title of the document."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``small`` for notes and sources."""

    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A point of a list: text, and the address it leads to, if any."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: ``shade`` from 0 to 1 colours it, in a heat map."""

    text: str
    shade: float = 0.0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a header row; ``widths`` are shares of the width of the page."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]


Block = Heading | Paragraph | Item | Grid


@dataclass(frozen=True, slots=True)
class Document:
    """A hand-over in one language: its title, facts and blocks, in order."""

    language: Language
    title: str
    blocks: tuple[Block, ...]


def make_document(work: Work, language: Language) -> Document:
    """Return the hand-over of a case in one language; the need stays in its own words."""
    return Document(language, _title(work, language), tuple(_Writer(work, language).blocks()))


def _title(work: Work, language: Language) -> str:
    return say("handover.title", language, title=work.case.title)


class _Writer:
    """Writes the blocks of one document."""

    def __init__(self, work: Work, language: Language) -> None:
        self._work, self._language = work, language
        self._corpus, self._proposal = work.corpus, work.proposal
        self._today = work.today.isoformat()

    def blocks(self) -> Iterator[Block]:
        yield Heading(_title(self._work, self._language), 1)
        yield from self._facts()
        yield Paragraph(summary(self._proposal, self._language))
        if wishes := wishes_line(self._proposal, self._corpus, self._language):
            yield Paragraph(wishes)
        if refused := refused_line(self._proposal, self._corpus, self._language):
            yield Paragraph(refused)
        yield self._heading("need")
        for line in without_personal_data(self._work.case.need).split("\n"):
            if line:
                yield Paragraph(line)
        yield self._heading("parts")
        yield self._parts()
        if self._is_any_unsure():
            yield Paragraph(self._say("check_first_note"), small=True)
        yield from self._left_out()
        if self._work.partners:
            yield self._heading("matrix")
            yield matrix(self._work, self._language)
            yield Paragraph(self._say("matrix_note"), small=True)
            yield self._heading("partners")
            for partner_id in self._work.partners:
                yield from self._partner(partner_id)
        yield from self._uncovered()
        yield from self._alternatives()
        yield from self._next()
        yield Paragraph(self._made_by(), small=True)

    def _say(self, key: str, **values: object) -> str:
        return say(f"handover.{key}", self._language, **values)

    def _heading(self, key: str) -> Heading:
        return Heading(self._say(key), 2)

    def _facts(self) -> Iterator[Block]:
        facts = case_facts(self._work, self._language)
        yield Paragraph("   ·   ".join(f"{label}: {value}" for label, value in facts))

    def _made_by(self) -> str:
        version, digest = self._proposal.index_version, self._proposal.corpus_digest[:12]
        return self._say("made_by", version=version, digest=digest)

    def _parts(self) -> Grid:
        rows = []
        for number, found in enumerate(self._proposal.parts, start=1):
            lettered = [
                self._judged(p, found) for p in self._work.partners if p in found.covered_by
            ]
            if found.stronger:
                name = name_of(found.stronger, self._corpus, self._language)
                lettered.append(self._say("stronger", partner=name))
            told = ["; ".join(lettered) or self._say("nobody")]
            told.append(elsewhere_line(found, self._corpus, self._language))
            by = Cell(". ".join(filter(None, told)), strong=not lettered)
            rows.append((Cell(str(number)), Cell(found.part.text), by))
        header = (self._say("number"), self._say("part"), self._say("by"))
        return Grid(header, tuple(rows), (7, 58, 35))

    def _left_out(self) -> Iterator[Block]:
        if self._proposal.left_out:
            yield Heading(say("desk.heading_left_out", self._language), 3)
            yield Paragraph(say("desk.left_out_note", self._language), small=True)
            yield from map(Item, self._proposal.left_out)

    def _is_any_unsure(self) -> bool:
        return any(_is_unsure(found) for found in self._proposal.parts)

    def _judged(self, partner_id: str, found: PartProposal) -> str:
        name = self._lettered(partner_id)
        return f"{name} ({self._say('check_first')})" if is_unsure(partner_id, found) else name

    def _lettered(self, partner_id: str) -> str:
        name = name_of(partner_id, self._corpus, self._language)
        return f"{letter(self._work.partners.index(partner_id))}. {name}"

    def _partner(self, partner_id: str) -> Iterator[Block]:
        record = self._corpus.records[partner_id]
        language = self._language
        yield Heading(self._lettered(partner_id), 3)
        kind, place = kind_label(record, language), place_of(record, self._corpus, language)
        yield Paragraph(f"{capitalised(kind)} · {place}. {record.description.best(language)[0]}")
        yield from self._reasons(partner_id)
        yield from self._entry(partner_id)
        for contact_id in self._proposal.partners[partner_id].contacts:
            contact = self._corpus.contacts[contact_id]
            text = self._say("contact", contact=contact_line(contact, language, self._today))
            yield Item(text, next(iter(web_addresses([contact.url])), ""))
        for url in web_addresses([record.url]):
            yield Item(self._say("site", url=url), url)
        yield from self._sources(partner_id)

    def _reasons(self, partner_id: str) -> Iterator[Block]:
        reasons = []
        for number, found in enumerate(self._proposal.parts, start=1):
            link = next((k for k in found.links if k.partner_id == partner_id), None)
            if link and partner_id in found.covered_by:
                why = link_reason(link, self._corpus, self._language)
                what = what_it_is(link, self._corpus, self._language)
                said = self._say("why", number=number, why=why)
                reasons.append(Item(f"{said} {what}".strip()))
        yield from reasons or [Item(self._say("pinned"))]

    def _entry(self, partner_id: str) -> Iterator[Block]:
        entry = next((e for e in self._work.case.shortlist if e.partner_id == partner_id), None)
        if entry is None:
            return
        status = say(f"status.{entry.status}", self._language)
        date = entry.dates.get(entry.status, "")
        if date:
            written = written_date(date, self._language)
            yield Item(self._say("status_on", status=status, date=written))
        if entry.note:
            yield Item(self._say("note", note=entry.note))

    def _sources(self, partner_id: str) -> Iterator[Block]:
        """Name the sources of the partner and of the records that speak for it."""
        shown = [partner_id, *evidence_ids(self._work, partner_id)]
        lines: dict[str, str] = {}
        for doc_id in shown:
            record = self._corpus.records[doc_id]
            date = written_date(record.as_of, self._language) or say(
                "label.no_date", self._language
            )
            for source in record.sources:
                # No font has every sign, and one address written in two ways is one source.
                written = quote(source, AS_IT_IS) if source.startswith("http") else source
                lines.setdefault(written, self._say("source", source=written, date=date))
        for line in lines.values():
            yield Paragraph(line, small=True)

    def _uncovered(self) -> Iterator[Block]:
        yield self._heading("uncovered")
        is_open = [
            (number, found)
            for number, found in enumerate(self._proposal.parts, start=1)
            if not found.covered_by
        ]
        if not is_open:
            yield Paragraph(self._all_covered())
        for number, found in is_open:
            yield Item(f"{number}. {found.part.text} {self._nearest(found)}")

    def _all_covered(self) -> str:
        """Say that every part has a partner, and which of them are to be checked first."""
        said = self._say("uncovered_none")
        unsure = [
            str(number)
            for number, found in enumerate(self._proposal.parts, start=1)
            if _is_unsure(found)
        ]
        if not unsure:
            return said
        numbers = ", ".join(unsure)
        more = say_of("handover.uncovered_unsure", unsure, self._language, numbers=numbers)
        return f"{said} {more}"

    def _nearest(self, found: PartProposal) -> str:
        language = self._language
        said = nearest_line(found, self._proposal, self._corpus, language)
        # Whom to ask is found as the nearest are: where nobody does it, nobody knows.
        asking = () if found.is_unserved else found.contacts[:1]
        contacts = [self._corpus.contacts[c] for c in asking]
        asked = "; ".join(contact_line(contact, language, self._today) for contact in contacts)
        return f"{said.rstrip('.')}. {say('desk.ask', language, contacts=asked)}" if asked else said

    def _alternatives(self) -> Iterator[Block]:
        if self._work.alternatives:
            yield self._heading("alternatives")
        for found in self._work.alternatives:
            yield Item(alternative_line(found, self._proposal, self._corpus, self._language))

    def _next(self) -> Iterator[Block]:
        steps, language = self._work.steps, self._language
        yield self._heading("next")
        stage = next((s for s in self._work.stages if s.stage_id == self._work.case.stage), None)
        if stage:
            name, text = stage.name.best(language)[0], stage.description.best(language)[0]
            yield Paragraph(self._say("stage_is", stage=name, description=text))
        for key, ids in (("tools", steps.tools), ("funding", steps.funding)):
            if ids:
                yield Heading(self._say(key), 3)
                yield from (self._step(self._corpus.records[doc_id]) for doc_id in ids)
        yield Heading(self._say("events"), 3)
        if not steps.events:
            yield Paragraph(self._say("events_none"))
        yield from (self._event(self._corpus.records[doc_id]) for doc_id in steps.events)

    def _step(self, record: Record) -> Item:
        name = record.name.best(self._language)[0]
        url = next(iter(web_addresses([record.url])), "")
        return Item(f"{name} ({kind_label(record, self._language)})", url)

    def _event(self, record: Record) -> Item:
        when, name = event_dates(record, self._language), record.name.best(self._language)[0]
        place = f", {record.place}" if record.place else ""
        return Item(f"{when}: {name}{place}", next(iter(web_addresses([record.url])), ""))


def _is_unsure(found: PartProposal) -> bool:
    return any(is_unsure(partner_id, found) for partner_id in found.covered_by)


def capitalised(text: str) -> str:
    """Return a text with a capital first letter, and the rest as it is."""
    return text[:1].upper() + text[1:]


def case_facts(work: Work, language: Language) -> list[tuple[str, str]]:
    """Return the facts of a case that are known, each with its label."""
    case = work.case
    region = work.corpus.regions.get(case.region)
    facts = (
        ("company", case.company),
        ("sector", case.sector),
        ("region", region.name.best(language)[0] if region else ""),
        ("size", say(f"size.{case.size}", language) if case.size else ""),
        ("stage", say(f"stage.{case.stage}", language) if case.stage else ""),
        ("date", written_date(work.today.isoformat(), language)),
    )
    return [(say(f"handover.{key}", language), value) for key, value in facts if value]


def matrix(work: Work, language: Language) -> Grid:
    """Return the coverage matrix: parts by partners, each with how probably it suits."""
    rows = []
    for number, found in enumerate(work.proposal.parts, start=1):
        cells = [Cell(f"{number}. {found.part.text}")]
        for partner_id in work.partners:
            fit = work.proposal.probability(partner_id, found.part.part_id)
            text = percent(fit, language) if fit else ""
            cells.append(Cell(text, fit, strong=partner_id in found.covered_by))
        rows.append(tuple(cells))
    letters = (letter(place) for place in range(len(work.partners)))
    widths = (max(PART_WIDTH, 100 - 9 * len(work.partners)), *[9] * len(work.partners))
    return Grid((say("handover.part", language), *letters), tuple(rows), widths)


def letter(place: int) -> str:
    """Return the letter by which a document names the partner at a place of the shortlist."""
    return chr(ord("A") + place)


def evidence_ids(work: Work, partner_id: str) -> list[str]:
    """Return the records through which a partner covers its parts, without repeats."""
    found = [
        evidence.doc_id
        for part in work.proposal.parts
        if partner_id in part.covered_by
        for link in part.links
        if link.partner_id == partner_id
        for evidence in link.evidence[:EVIDENCE_SHOWN]
    ]
    return list(dict.fromkeys(doc_id for doc_id in found if doc_id != partner_id))


def contact_line(contact: Contact, language: Language, today: str) -> str:
    """Return a contact in one line: name, role, how to reach it, and its age if that is old."""
    ways = [text for text, _ in ways_to(contact)]
    line = ", ".join([contact_name(contact, language), *ways])
    return with_age(line, contact, language, today)


def contact_name(contact: Contact, language: Language) -> str:
    """Return who a contact is: name and role."""
    texts = (contact.name.best(language)[0], contact.role.best(language)[0])
    return ", ".join(text for text in texts if text)
