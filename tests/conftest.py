"""What tests share: the small corpus with a fake encoder, and the real corpus with the real one."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

# Nothing in the tests may leave the machine; set before any library reads it.
os.environ["HF_HUB_OFFLINE"] = "1"

import pytest
from chat_server import FLAGS, WAIT_MS, start_chat
from corpus_files import SHIPPED, SMALL, copy_small_corpus
from fake_encoder import FakeEncoder, fake_matcher
from filelock import FileLock

from hytki_match.index import build_index, open_index
from hytki_match.matching import Matcher


@pytest.fixture
def corpus(tmp_path):
    """A copy of the small corpus to spoil."""
    return copy_small_corpus(tmp_path)


@pytest.fixture
def index_dir(tmp_path):
    return tmp_path / "index"


@pytest.fixture(scope="session")
def small_matcher(tmp_path_factory):
    """Answers from the small corpus."""
    encoder = FakeEncoder()
    return fake_matcher(build_index(SMALL, tmp_path_factory.mktemp("small"), encoder), encoder)


@pytest.fixture(scope="session")
def real_index_dir(tmp_path_factory):
    """An index of the shipped corpus by the bundled encoder: built once, and copied by each worker.

    Encoding takes most of it, and two workers would encode side by side on the same two cores.
    """
    from hytki_match.encoder import load_encoder

    run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent
    built = run / "built"
    with FileLock(run / "built.lock"):
        if not built.exists():
            build_index(SHIPPED, run / "building", load_encoder("bundled"))
            (run / "building").rename(built)
    return Path(shutil.copytree(built, tmp_path_factory.mktemp("real") / "index"))


@pytest.fixture(scope="session")
def real_matcher(real_index_dir):
    from hytki_match.encoder import load_encoder

    return Matcher(open_index(real_index_dir), load_encoder("bundled"))


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import expect, sync_playwright

    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        reason = "no Chromium on this machine; on Debian: apt-get install chromium"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def axe():
    """The script of axe-core."""
    script = Path(sys.prefix) / "axe" / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        reason = "no axe-core; make axe installs it with npm"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    return script


@pytest.fixture(scope="session")
def real_chat(real_index_dir):
    process, address = start_chat(SHIPPED, real_index_dir)
    yield address
    process.terminate()
    process.wait()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("dialog", lambda dialog: (page.problems.append("a script ran"), dialog.dismiss()))
    page.addresses = []
    page.on("request", lambda request: page.addresses.append(request.url))
    yield page
    assert page.problems == []
    context.close()
