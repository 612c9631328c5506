"""The web chat of a busy server: a question with "hitaasti" or "slowly" in it takes its time."""

from __future__ import annotations

import time

from hytki_match.matching import Matcher
from hytki_match.web.navigation import show_site

SECONDS = 4.0
SLOW = ("hitaasti", "slowly")

match = Matcher.match


def slow_match(self, question, **options):
    if any(word in question for word in SLOW):
        time.sleep(SECONDS)
    return match(self, question, **options)


# Streamlit runs this file anew for every click.
if match.__name__ == "match":
    Matcher.match = slow_match

show_site()
