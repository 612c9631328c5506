"""What somebody meant who misspelt a name."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str], count: int = 1) -> str:
    """Return a question with the nearest names (``Did you mean 'oulu'?``); empty without one.

    Upper and lower case make no difference.
    """
    by_folded = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=count)
    return f"Did you mean {' or '.join(repr(by_folded[one]) for one in near)}?" if near else ""
