"""The hand-over: documents, spreadsheet, calendar, mails and reporting of one case.

Each is determined by the case, the index and the day; the index' version is printed on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hytki_match.adviser.as_json import proposal_to_json
from hytki_match.adviser.handover.as_docx import make_docx
from hytki_match.adviser.handover.as_markdown import make_markdown
from hytki_match.adviser.handover.as_pdf import make_pdf
from hytki_match.adviser.handover.as_xlsx import make_xlsx
from hytki_match.adviser.handover.letters import mail_drafts, make_calendar, make_report
from hytki_match.adviser.handover.packing import packed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.adviser.work import Work
    from hytki_match.records import Language

__all__ = [
    "mail_drafts",
    "make_calendar",
    "make_docx",
    "make_everything",
    "make_markdown",
    "make_pdf",
    "make_report",
    "make_xlsx",
]


def make_everything(work: Work, languages: Sequence[Language]) -> bytes:
    """Return a zip with every file of the hand-over."""
    files = {
        "handover.docx": make_docx(work, languages),
        "handover.pdf": make_pdf(work, languages),
        "handover.xlsx": make_xlsx(work, languages),
        "handover.md": make_markdown(work, languages).encode(),
        "proposal.json": proposal_to_json(work.proposal, work.steps, work.corpus).encode(),
        "report.csv": make_report([work]).encode("utf-8-sig"),
    }
    if work.steps.events:
        files["events.ics"] = make_calendar(work, languages[0])
    for draft in mail_drafts(work, languages[0]):
        files[f"mail/{draft.partner_id.replace('/', '-')}.eml"] = draft.as_eml()
    return packed(files)
