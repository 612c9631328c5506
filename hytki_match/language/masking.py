"""Hide what tells who somebody is before a text is stored or put into an address."""

from __future__ import annotations

import re

_MASKS = (
    # Finnish personal identity code, with the separators of 2023 too.
    (re.compile(r"\b[0-3]\d[01]\d{3}[-+A-FU-Y]\d{3}[0-9A-Z]\b", re.IGNORECASE), "[ID]"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[E-MAIL]"),
    # International or Finnish trunk number of at least seven digits. A year, an amount or an ISO
    # date has neither prefix, so that what the question is about stays.
    (re.compile(r"(?<![\w-])(?:\+|00\d|0[1-9])(?:[ \-()]{0,2}\d){5,14}(?!\w)"), "[PHONE]"),
)


def mask_personal(text: str) -> str:
    """Return the text with identity codes, e-mail addresses and phone numbers replaced."""
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text
