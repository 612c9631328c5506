"""Take the picture of the README: ``python docs/make/screenshot.py`` after ``hytki-match build``.

Writes ``docs/chat.png``: the chat in Chromium with one question answered.
"""

from __future__ import annotations

import os
import sys

import click
from chat import ROOT, ask, browser_page, free_port, running

QUESTION = "Who can help us use hospital data for R&D in Turku?"
SETTLE_MS = 1000
"""Streamlit fades an answer in."""


def main() -> None:
    """Take the picture."""
    port = free_port()
    command = [sys.executable, "-m", "hytki_match.web.serve", "--port", str(port)]
    with (
        running(command, port, os.environ, ROOT) as address,
        browser_page(1100, 900) as page,
    ):
        page.goto(f"{address}/?lang=en")
        ask(page, QUESTION)
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=ROOT / "docs" / "chat.png")
    click.echo("Wrote docs/chat.png.")


if __name__ == "__main__":
    main()
