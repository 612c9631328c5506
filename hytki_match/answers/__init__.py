"""An ``Answer`` as a sentence, plain text, Markdown, JSON, a table, a calendar and a mail."""

from __future__ import annotations

from hytki_match.answers.as_calendar import event_to_calendar
from hytki_match.answers.as_json import answer_to_dict, answer_to_json
from hytki_match.answers.as_markdown import answer_to_markdown
from hytki_match.answers.as_table import answer_to_csv, answer_to_xlsx
from hytki_match.answers.as_text import answer_to_text
from hytki_match.answers.mail import mail_draft
from hytki_match.answers.wording import summary

__all__ = [
    "answer_to_csv",
    "answer_to_dict",
    "answer_to_json",
    "answer_to_markdown",
    "answer_to_text",
    "answer_to_xlsx",
    "event_to_calendar",
    "mail_draft",
    "summary",
]
