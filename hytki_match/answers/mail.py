"""How to reach a contact: links, and a mail draft with the question and what matched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from hytki_match.answers import wording
from hytki_match.language.phrases import say

if TYPE_CHECKING:
    from hytki_match.records import Answer, Contact, ContactMatch

MAX_SUBJECT_CHARS = 80
MAX_QUESTION_IN_MAIL = 600
"""Some mail programs cut addresses at about 2,000 characters; escaped, this stays below."""


def mail_draft(match: ContactMatch, answer: Answer) -> str:
    """Return a ``mailto:`` address that opens a draft, or nothing where there is no e-mail."""
    if not match.contact.email:
        return ""
    language = answer.query.language
    question = " ".join(answer.query.text.split())
    subject = say("mail.subject", language, question=_cut(question, MAX_SUBJECT_CHARS))
    # Without a match of the organisation, what ties the contact to the question are topics.
    tied = wording.names_of(match.through, answer)[: wording.MAX_NAMES]
    tied = tied or wording.names_of([f"topics/{topic}" for topic in match.topics], answer)
    body = say(
        "mail.body",
        language,
        question=_cut(question, MAX_QUESTION_IN_MAIL),
        matches="\n".join(f"- {name}" for name in tied),
    )
    parts = f"subject={quote(subject, safe='')}&body={quote(_mail_lines(body), safe='')}"
    return f"{mail_address(match.contact.email)}?{parts}"


def mail_address(email: str) -> str:
    """Return an e-mail address as a ``mailto:`` address."""
    return f"mailto:{quote(email, safe='@')}"


def phone_address(phone: str) -> str:
    """Return a phone number as a ``tel:`` address (RFC 3966).

    The zero of "+358 (0)29 …" is dialled within the country only.
    """
    number = re.sub(r"^(\+\d+) ?\(0\)", r"\1", phone)
    return f"tel:{re.sub(r'[^+0-9]', '', number)}"


def ways_to(contact: Contact) -> list[tuple[str, str]]:
    """Return how to reach a contact, each as text and link; a page only where nothing else is."""
    ways = [
        (contact.email, mail_address(contact.email)),
        (contact.phone, phone_address(contact.phone)),
    ]
    reached = [(text, link) for text, link in ways if text]
    return reached or [(url, url) for url in wording.web_addresses([contact.url])]


def _mail_lines(text: str) -> str:
    return text.replace("\n", "\r\n")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
