"""Colours that the documents share."""

from __future__ import annotations

ACCENT = (31, 111, 104)
"""The green of the web page; 5.6 : 1 on white."""

_PALE = (255, 255, 255)
_DEEP = (122, 190, 182)
"""The strongest shade of the heat map: black text on it has 9 : 1."""


def shade_of(strength: float) -> tuple[int, int, int]:
    """Return the colour of a cell of the heat map for a strength from 0 to 1."""
    red, green, blue = (
        round(pale + (deep - pale) * strength) for pale, deep in zip(_PALE, _DEEP, strict=True)
    )
    return red, green, blue
