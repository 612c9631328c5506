"""An ``Answer`` as a sentence, plain text, Markdown, JSON and a mail draft.

Tables (:mod:`.as_table`) and calendar entries (:mod:`.as_calendar`) stand in modules of their
own, because their libraries take longer to import than a question to answer.
"""

from __future__ import annotations

from hytki_match.answers.as_json import answer_to_dict, answer_to_json
from hytki_match.answers.as_markdown import answer_to_markdown
from hytki_match.answers.as_text import answer_to_text
from hytki_match.answers.explained import explanation_to_text
from hytki_match.answers.mail import mail_draft, ways_to
from hytki_match.answers.summary import summary

__all__ = [
    "answer_to_dict",
    "answer_to_json",
    "answer_to_markdown",
    "answer_to_text",
    "explanation_to_text",
    "mail_draft",
    "summary",
    "ways_to",
]
