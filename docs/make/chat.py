"""A running chat, and a browser that asks it: what the other scripts of this folder share."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 1800
"""The first start installs everything, which takes its time on a slow line."""

WAIT_MS = 60_000
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu")


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(
    command: Sequence[str], port: int, env: Mapping[str, str], folder: Path
) -> Iterator[str]:
    """Run a command that serves the chat; give its address once it is healthy; stop it."""
    process = subprocess.Popen(command, cwd=folder, env=env, start_new_session=True)
    address = f"http://localhost:{port}"
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _is_healthy(address):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(command)} did not serve a page.")
            time.sleep(0.2)
        yield address
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _is_healthy(address: str) -> bool:
    try:
        urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()  # noqa: S310 - ours
    except OSError:
        return False
    return True


@contextlib.contextmanager
def browser_page(width: int, height: int) -> Iterator[Page]:
    """Give a page of Chromium."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        page = browser.new_page(
            viewport={"width": width, "height": height}, device_scale_factor=1.5
        )
        page.set_default_timeout(WAIT_MS)
        yield page
        browser.close()


def ask(page: Page, question: str) -> str:
    """Type a question, wait for its answer, and return the answer's first sentence."""
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    page.locator(".hm-asked", has_text=question).wait_for()
    return page.locator(".hm-summary").inner_text()
