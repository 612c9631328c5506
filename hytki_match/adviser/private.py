"""What of a private text must not go on to others: e-mail addresses, phone numbers, identity codes.

A need often is a mail. Its parts stand in documents and in mails to strangers.
"""

from __future__ import annotations

import re

_BEFORE = (
    r"(?:\b(?:p|puh|gsm|tel|t|m|mob|mobile|phone|puhelin|puhelinnumero|numero|s-?posti|"
    r"sähköposti|e-?mail)\b[.:]*[ \t]*)?"
)
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
# Finnish numbers begin with 0, others with + and their country; both in groups of digits.
_PHONE = (
    r"(?<![\w.,/-])(?:\+\d{1,3}[ \t-]?(?:\(0\)[ \t]?)?|\(?0)\d{1,4}\)?"
    r"(?:[ \t-]?\d{2,4}){1,4}(?![\w-]|[.,]\d)"
)
_IDENTITY = r"(?<!\w)\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y](?!\w)"
_PRIVATE = re.compile(
    rf"(?P<comma>,?)(?P<gap>[ \t]*){_BEFORE}(?:mailto:)?<?(?:{_EMAIL}|{_IDENTITY}|{_PHONE})>?",
    re.IGNORECASE,
)
_LEAST_DIGITS = 7
"""A shorter number is a code or an amount."""

_EMPTY = re.compile(r"[ \t]*\([\s,;:./]*\)")
_LEFT_BEHIND = ((re.compile(r"\([ \t]*[,;][ \t]*"), "("), (re.compile(r"[ \t,;]+\)"), ")"))


def without_personal_data(text: str) -> str:
    """Return a text without e-mail addresses, phone numbers and personal identity codes."""
    cut = _PRIVATE.sub(_nothing, text)
    if cut == text:
        return text
    cut = _EMPTY.sub("", cut)
    for pattern, left in _LEFT_BEHIND:
        cut = pattern.sub(left, cut)
    return "\n".join(line.strip() for line in cut.split("\n"))


def _nothing(found: re.Match[str]) -> str:
    is_address = "@" in found[0]
    return "" if is_address or sum(map(str.isdigit, found[0])) >= _LEAST_DIGITS else found[0]
