"""The chat as a server of its own, and a hand that asks in the browser."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import TimeoutError as TookTooLong

ROOT = Path(__file__).parent.parent
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WAIT_MS = 30_000
# Words of the page that are no Finnish: names, and the switch to the other language.
NO_FINNISH = re.compile(r"English|HYTKI Match|Markdown|CSV|Excel")
BUILT_IN = re.compile(
    r"\b(the|your|you|press|enter|apply|submit|send|message|menu|running|stop|rerun|clear|close|"
    r"choose|select|option|options|search|results|copy|download|upload|skip|main|content|view|"
    r"fullscreen|settings|error|loading|show|hide|expand|collapse|link|heading|more|connecting)\b",
    re.IGNORECASE,
)
VISIBLE = """() => {
  const own = (e) =>
    e.checkVisibility() && !e.closest(".hm-answer, .hm-text, [data-testid=stIconMaterial]");
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walker.nextNode(); n; n = walker.nextNode()) {
    const e = n.parentElement;
    if (own(e) && !["SCRIPT", "STYLE", "PRE", "NOSCRIPT"].includes(e.tagName)) texts.push(n.data);
  }
  for (const e of document.querySelectorAll("[aria-label],[title],[placeholder],[alt]"))
    if (own(e)) for (const a of ["aria-label", "title", "placeholder", "alt"])
      texts.push(e.getAttribute(a) ?? "");
  return [...texts, document.title];
}"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_chat(corpus, index, port=None, app="", **settings):
    """Start the chat, or another app, on a free port; give its process and address once healthy."""
    port = port or free_port()
    environment = os.environ | {"HYTKI_MATCH_CORPUS": str(corpus), "HYTKI_MATCH_INDEX": str(index)}
    environment |= settings
    command = [sys.executable, "-m", "hytki_match.web.serve", "--port", str(port)]
    if app:
        command = [sys.executable, "-m", "streamlit", "run", app, f"--server.port={port}"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://localhost:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)  # noqa: S310 - our own
        except OSError:
            time.sleep(0.25)
        else:
            return process, address
    process.kill()
    raise AssertionError("the chat did not start within a minute")


def idle(page):
    """Wait until the page has nothing left to draw: no run of its script, nothing of an old one."""
    page.wait_for_function(
        "document.querySelector('[data-test-script-state=notRunning]')"
        " && !document.querySelector('[data-stale=true]')"
    )


def ask(page, question):
    """Ask, and wait until the page shows the answer to this question rather than the last one."""
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    wait_for_answer(page, question)


def wait_for_answer(page, question):
    page.locator(".hm-asked", has_text=question).wait_for()
    # What is read out comes with the answer and is its first sentence.
    page.wait_for_function(
        "document.querySelector('.hm-summary')?.textContent"
        " === document.getElementById('hm-live')?.textContent"
    )
    idle(page)


def open_folded(page):
    """Open all parts of the page that are folded."""
    page.evaluate(
        "document.querySelectorAll('details:not([open]) > summary').forEach(e => e.click())"
    )
    page.wait_for_timeout(400)  # the expanders of Streamlit open slowly


def axe_violations(page, axe):
    """Return what axe-core finds on the page: rules, and the elements that break them."""
    page.add_script_tag(path=axe)
    violations = page.evaluate("axe.run()")["violations"]
    return [(v["id"], [node["html"][:150] for node in v["nodes"]]) for v in violations]


def with_list_open(box, act, text=""):
    """Open the list of a box and do something with it, again where a rerun has closed it."""
    for _ in range(6):
        box.click()
        box.fill(text)
        box.press("ArrowDown")
        try:
            act()
        except TookTooLong:
            box.fill("")
        else:
            return
    raise AssertionError("the list does not stay open")


def streamlits_english(page):
    """Return what stands on a Finnish page in words of Streamlit's English."""
    texts = page.evaluate(VISIBLE)
    return {text.strip() for text in texts if BUILT_IN.search(NO_FINNISH.sub("", text))}
