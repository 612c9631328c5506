"""Around the documents: calendar, mail drafts, and the row for an EDIH's reporting."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from icalendar import Calendar, Event

from hytki_match.adviser.handover.content import evidence_ids
from hytki_match.adviser.wording import name_of, names_of
from hytki_match.answers.wording import web_addresses
from hytki_match.language.phrases import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.adviser.work import Work
    from hytki_match.records import Contact, Language

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
REPORT_COLUMNS = (
    "date",
    "service_type",
    "case_title",
    "organisation",
    "organisation_size",
    "sector",
    "region",
    "stage",
    "partners",
    "parts",
    "parts_covered",
    "index_version",
)


@dataclass(frozen=True, slots=True)
class MailDraft:
    """A mail to one partner, for the adviser to read over and send."""

    partner_id: str
    to: str
    subject: str
    body: str

    def as_eml(self) -> bytes:
        """Return the draft as a file that mail programs open for sending."""
        message = EmailMessage(SMTP)
        message["X-Unsent"] = "1"
        message["Subject"] = self.subject
        if self.to:
            message["To"] = self.to
        message.set_content(self.body)
        return bytes(message)


def mail_drafts(work: Work, language: Language) -> tuple[MailDraft, ...]:
    """Return a draft for each partner, in the order of the shortlist."""
    return tuple(_draft(partner_id, work, language) for partner_id in work.partners)


def _draft(partner_id: str, work: Work, language: Language) -> MailDraft:
    contact = _contact_with_mail(partner_id, work)
    body = "\n\n".join(_body(partner_id, work, language, contact))
    subject = say("letter.subject", language, title=" ".join(work.case.title.split()))
    return MailDraft(partner_id, contact.email if contact else "", subject, body + "\n")


def _contact_with_mail(partner_id: str, work: Work) -> Contact | None:
    contacts = (work.corpus.contacts[c] for c in work.proposal.partners[partner_id].contacts)
    return next((contact for contact in contacts if contact.email), None)


def _body(partner_id: str, work: Work, language: Language, contact: Contact | None) -> list[str]:
    greeting = say("letter.greeting", language)
    if contact:
        greeting = say("letter.greeting_named", language, name=contact.name.best(language)[0])
    company = work.case.company
    key = "letter.opening_company" if company else "letter.opening"
    opening = say(key, language, company=company)
    parts = [p.part.text for p in work.proposal.parts if partner_id in p.covered_by]
    lines = [greeting, opening]
    if parts:
        lines.append("\n".join(f"- {part}" for part in parts))
    through = names_of(evidence_ids(work, partner_id), work.corpus, language)
    if through:
        lines.append(say("letter.background", language, names=through))
    return [*lines, say("letter.question", language), say("letter.closing", language)]


def make_calendar(work: Work, language: Language) -> bytes:
    """Return the coming events of a case as an iCalendar file."""
    calendar = Calendar()
    calendar.add("prodid", "-//HYTKI Match//adviser//EN")
    calendar.add("version", "2.0")
    for doc_id in work.steps.events:
        record = work.corpus.records[doc_id]
        event = Event()
        first = date.fromisoformat(record.starts_on)
        last = date.fromisoformat(record.ends_on or record.starts_on)
        event.add("uid", f"{doc_id.replace('/', '-')}@hytki-match")
        event.add("dtstamp", datetime.combine(work.today, time(), UTC))
        event.add("dtstart", first)
        event.add("dtend", last + timedelta(days=1))  # the day after, as RFC 5545 has it
        event.add("summary", record.name.best(language)[0])
        event.add("description", record.description.best(language)[0])
        if record.place:
            event.add("location", record.place)
        for url in web_addresses([record.url]):
            event.add("url", url)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def make_report(works: Sequence[Work]) -> str:
    """Return cases as rows of an EDIH's reporting, as CSV with a header."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(REPORT_COLUMNS)
    for work in works:
        writer.writerow([safe_cell(value) for value in _report_row(work)])
    return out.getvalue()


def _report_row(work: Work) -> list[str]:
    case, proposal = work.case, work.proposal
    region = work.corpus.regions.get(case.region)
    return [
        work.today.isoformat(),
        say("report.service_type", "en"),
        case.title,
        case.company,
        case.size,
        case.sector,
        region.name.best("en")[0] if region else case.region,
        case.stage,
        "; ".join(name_of(partner, work.corpus, "en") for partner in work.partners),
        str(len(proposal.parts)),
        str(len(proposal.parts) - len(proposal.uncovered)),
        proposal.index_version,
    ]


def safe_cell(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
