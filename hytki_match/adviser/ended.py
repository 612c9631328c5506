"""Partners whose time is over: ended programmes and projects that the corpus still tells of.

No column says so. A record that is over tells it of itself at once, after its name: “Hyteairo was a
programme …”, “DigiHealth Hub oli … osaamiskeskittymä”.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hytki_match.adviser.case import Link
    from hytki_match.records import Corpus, Record

MOST_BETWEEN = 60
"""Letters between the name and the verb; in a longer sentence the verb is another's."""

_WAS = {
    "fi": re.compile(rf"[^.,;:]{{0,{MOST_BETWEEN}}}?\boli (?!yksi\b|toinen\b|mukana\b|perusta)"),
    "en": re.compile(rf"[^.,;:]{{0,{MOST_BETWEEN}}}?\bwas (?:an?|the) (?!first\b|only\b)"),
}


def has_ended(record: Record) -> bool:
    """Tell whether a record says of itself, in either language, that it was and no longer is."""
    return any(
        text.startswith(name.split()[0]) and bool(_WAS[language].match(text))
        for language in LANGUAGES
        if (text := record.description.get(language))
        and (name := record.name.best(language)[0].strip())
    )


def running(links: Sequence[Link], must: Collection[str], corpus: Corpus) -> Sequence[Link]:
    """Return the links without those of partners that have ended, if others are among them.

    Parameters
    ----------
    must
        Partners that the adviser has pinned: they stay.
    """
    left = [link for link in links if not has_ended(corpus.records[link.partner_id])]
    if not left:
        return links
    return [link for link in links if link in left or link.partner_id in must]
