"""Take a picture of every state of the web chat: ``make screenshots``.

Writes ``docs/screenshots/``, in both languages, light and dark, on a desktop and on a phone. The
pictures show the whole page and have few colours, so that they stay small.
"""

from __future__ import annotations

import contextlib
import csv
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import click
from chat import FLAGS, ROOT, WAIT_MS, ask, free_port, running
from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

TARGET = ROOT / "docs" / "screenshots"
SIZES = {
    "desktop": (1200, 900),
    "phone": (390, 844),
    "wide": (1600, 900),
    "narrow": (360, 740),
}
COLOURS = 48
SETTLE_MS = 900
BUILD_MS = 600_000
LONGEST_PX = 3600

FINNISH = "Kuka voi auttaa synteettisen terveysdatan kanssa?"
ENGLISH = "Which companies in Oulu make wearable sensors?"
EVENTS = "Which events were there on health data?"
NOTHING = "Mistä ostan halvan polkupyörän?"
WEAK = "Sisäilman mittaaminen sairaalassa"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name, language, scheme and size, and what is done before it is taken."""

    name: str
    language: str
    scheme: str
    size: str
    question: str = ""
    page: str = ""
    limits: tuple[tuple[str, str], ...] = ()
    before: Callable[[Page], None] | None = None

    @property
    def file(self) -> Path:
        """Where the picture goes."""
        return TARGET / f"{self.name}-{self.language}-{self.scheme}-{self.size}.png"

    @property
    def query(self) -> str:
        """The query of the address."""
        pairs = [("page", self.page)] if self.page else list(self.limits)
        return urlencode([*pairs, ("lang", self.language)])


def _open_take_away(page: Page) -> None:
    page.locator("summary", has_text="Jaa, tulosta tai lataa").click()


def _converse(page: Page) -> None:
    ask(page, "Entä Kuopiossa?")
    ask(page, "Kenelle soitan?")


def _open_filters(page: Page) -> None:
    page.locator("summary", has_text="Filter by region").click()


def _judge(page: Page) -> None:
    page.locator("[data-hm=opinion][data-useful=yes]").first.click()
    page.locator("[data-hm=opinion][aria-pressed=true]").wait_for()


SHIPPED = (
    Shot("first", "fi", "light", "desktop"),
    Shot("first", "en", "dark", "desktop"),
    Shot("first", "en", "light", "phone"),
    Shot("first", "fi", "dark", "phone"),
    Shot("answer", "fi", "light", "desktop", FINNISH),
    Shot("answer", "en", "dark", "desktop", ENGLISH),
    Shot("answer", "fi", "dark", "phone", FINNISH),
    Shot("answer", "en", "light", "phone", ENGLISH),
    Shot("answer", "fi", "dark", "wide", FINNISH),
    Shot("answer", "en", "light", "narrow", ENGLISH),
    Shot("past-events", "en", "light", "desktop", EVENTS),
    Shot("none", "fi", "light", "phone", NOTHING),
    Shot("none", "en", "dark", "desktop", "Where can I buy a cheap bicycle?"),
    Shot("weak", "fi", "light", "desktop", WEAK),
    Shot("too-long", "fi", "light", "phone", "Tarvitsemme apua terveysdatan hyödyntämiseen. " * 50),
    Shot("filters", "en", "light", "phone", before=_open_filters),
    Shot(
        "limits",
        "fi",
        "light",
        "desktop",
        limits=(("q", FINNISH), ("region", "turku"), ("kind", "tools")),
    ),
    Shot("conversation", "fi", "dark", "desktop", FINNISH, before=_converse),
    Shot("take-away", "fi", "light", "desktop", FINNISH, before=_open_take_away),
    Shot("privacy", "fi", "light", "desktop", page="privacy"),
    Shot("privacy", "en", "dark", "phone", page="privacy"),
    Shot("accessibility", "fi", "dark", "phone", page="accessibility"),
    Shot("accessibility", "en", "light", "desktop", page="accessibility"),
)
FEEDBACK = (
    Shot("feedback", "fi", "light", "desktop", FINNISH, before=_judge),
    Shot("unanswered", "fi", "light", "desktop", NOTHING),
    Shot("insights", "fi", "light", "desktop", page="insights"),
    Shot("insights", "en", "dark", "phone", page="insights"),
)
ODD = (
    Shot("no-contact", "en", "light", "phone", "Who measures sleep?"),
    Shot("long-names", "fi", "light", "phone", "Kuka mittaa unta?"),
    Shot("other-language", "en", "dark", "desktop", "Which activity tracker is there?"),
    Shot("empty-kind", "fi", "light", "desktop", limits=(("q", "uni"), ("kind", "events"))),
)
SLOW = (
    Shot("searching", "fi", "light", "phone", "Kuka tutkii hitaasti unta?"),
    Shot(
        "stopped",
        "en",
        "light",
        "desktop",
        "Who slowly works on sleep?",
        before=lambda page: page.locator(".st-key-stop button").click(),
    ),
)


def main() -> None:
    """Take all pictures."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        _shipped(browser)
        _feedback(browser, Path(folder))
        _odd(browser, Path(folder))
        _slow(browser)
        _operation(browser, Path(folder))
        browser.close()
    size = sum(file.stat().st_size for file in TARGET.iterdir())
    click.echo(f"Wrote {len(list(TARGET.iterdir()))} pictures, {size / 1e6:.1f} MB.")


def _shipped(browser: Browser) -> None:
    with _chat({}) as address:
        for shot in SHIPPED:
            _take(browser, address, shot)
        _print_view(browser, address)


def _feedback(browser: Browser, folder: Path) -> None:
    with _chat({"HYTKI_MATCH_FEEDBACK": str(folder / "feedback.sqlite")}) as address:
        for shot in FEEDBACK:
            _take(browser, address, shot)


def _odd(browser: Browser, folder: Path) -> None:
    """Take the states that the shipped corpus does not have."""
    corpus = Path(shutil.copytree(ROOT / "tests" / "data" / "corpus", folder / "corpus"))
    name = "Erittäin pitkän nimen saanut unenmittauspalvelukokonaisuus " * 3
    _edit(corpus / "competences.csv", lambda row: row | {"name_fi": f"Uni: {name}"})
    _edit(corpus / "contacts.csv", None)
    _edit(corpus / "events.csv", None)
    settings = {"HYTKI_MATCH_CORPUS": str(corpus), "HYTKI_MATCH_INDEX": str(folder / "odd")}
    with _chat(settings) as address:
        for shot in ODD:
            _take(browser, address, shot)


def _slow(browser: Browser) -> None:
    """Take a search that takes long, and what is there once it was stopped."""
    with _chat({}, app="tests/slow_app.py") as address:
        for shot in SLOW:
            with _page(browser, shot) as page:
                page.goto(f"{address}/?{shot.query}")
                box = page.get_by_test_id("stChatInputTextArea")
                box.fill(shot.question)
                box.press("Enter")
                stop = page.locator(".st-key-stop button")
                stop.wait_for()
                if shot.before:
                    shot.before(page)
                _save(page, shot)


def _operation(browser: Browser, folder: Path) -> None:
    """Take what a visitor sees while the index is built, broken, or the server away."""
    index = folder / "fresh"
    settings = {"HYTKI_MATCH_INDEX": str(index)}
    with _chat(settings) as address, _page(browser, Shot("x", "fi", "light", "desktop")) as page:
        page.goto(address)
        page.get_by_text("Rakennetaan hakemistoa").wait_for()
        _save(page, Shot("building", "fi", "light", "desktop"))
        page.get_by_test_id("stChatInputTextArea").wait_for(timeout=BUILD_MS)
        ask(page, FINNISH)
    with _page(browser, Shot("x", "fi", "light", "phone")) as page:
        with _chat(settings) as address:
            page.goto(address)
            ask(page, FINNISH)
            page.wait_for_timeout(SETTLE_MS)  # until all of the answer stands
        page.get_by_text("Yhteys katkesi").wait_for()
        _save(page, Shot("server-away", "fi", "light", "phone"))
    for file in index.glob("versions/*/dense.faiss"):
        file.write_bytes(b"junk")
    with _chat(settings) as address:
        _take(browser, address, Shot("error", "en", "light", "desktop"))
        _take(browser, address, Shot("error", "fi", "dark", "phone"))


def _print_view(browser: Browser, address: str) -> None:
    shot = Shot("print", "fi", "light", "desktop", FINNISH)
    with _page(browser, shot) as page:
        page.goto(f"{address}/?{shot.query}")
        ask(page, FINNISH)
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        _save(page, shot)


@contextlib.contextmanager
def _chat(settings: dict[str, str], app: str = "app.py") -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", app, f"--server.port={port}"]
    with running(command, port, os.environ | settings, ROOT) as address:
        yield address


@contextlib.contextmanager
def _page(browser: Browser, shot: Shot) -> Iterator[Page]:
    width, height = SIZES[shot.size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=shot.scheme
    )
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    yield page
    context.close()


def _take(browser: Browser, address: str, shot: Shot) -> None:
    with _page(browser, shot) as page:
        page.goto(f"{address}/?{shot.query}")
        page.locator("[class*=st-key-page-]").first.wait_for()
        if shot.question:
            ask(page, shot.question)
        if shot.before:
            shot.before(page)
        _save(page, shot)


def _save(page: Page, shot: Shot) -> None:
    """Save the whole page, which scrolls inside its window, in few colours."""
    page.wait_for_timeout(SETTLE_MS)
    width, height = SIZES[shot.size]
    main = "document.querySelector('[data-testid=stMain]')?.scrollHeight ?? 0"
    tall = min(max(height, page.evaluate(main)), LONGEST_PX)
    page.set_viewport_size({"width": width, "height": tall})
    page.evaluate("document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0)")
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=shot.file)
    with Image.open(shot.file) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(shot.file, optimize=True)


def _edit(file: Path, change: Callable[[dict[str, str]], dict[str, str]] | None) -> None:
    """Change every row of a table, or leave no row."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows([change(row) for row in rows] if change else [])


if __name__ == "__main__":
    main()
