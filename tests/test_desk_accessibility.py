"""The adviser's desk as axe-core and readers of Finnish see it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from chat_server import (
    axe_violations,
    idle,
    open_folded,
    start_chat,
    streamlits_english,
    with_list_open,
)
from corpus_files import SHIPPED

from hytki_match.adviser.case import Case, Part
from hytki_match.adviser.storage import CaseStore

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

CASE = Case(
    "",
    "Unisormus",
    "Tarvitsemme unen mittauksen tarkistusta. Etsimme rahoitusta.",
    parts=(
        Part("p1", "Tarvitsemme unen mittauksen tarkistusta."),
        Part("p2", "Etsimme rahoitusta."),
        Part("p3", "Kvanttikoneiden jäähdytys"),
    ),
)


@pytest.fixture(scope="module")
def states(real_index_dir, tmp_path_factory):
    """The address of the desk, and of one case that stands in it beside a deleted one."""
    cases = f"sqlite:///{tmp_path_factory.mktemp('cases') / 'cases.db'}"
    store = CaseStore(cases)
    case_id = store.create(CASE, "localhost", "").case.case_id
    deleted = store.create(CASE, "localhost", "").case.case_id
    store.delete(deleted, "localhost", None)
    store.close()
    process, chat = start_chat(SHIPPED, real_index_dir, HYTKI_MATCH_CASES=cases)
    yield [f"{chat}/?page=desk", f"{chat}/?page=desk&case={case_id}"]
    process.terminate()
    process.wait()


def open_all(page, state, language):
    page.goto(f"{state}&lang={language}")
    page.locator(".desk-partner, .desk-title").first.wait_for()
    page.locator("[class*=st-key-page-]").first.wait_for()
    page.wait_for_function(f"document.documentElement.lang === '{language}'")
    idle(page)
    open_folded(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fi", "en"])
def test_axe_finds_nothing_on_the_desk(browser, states, axe, language, scheme):
    page = browser.new_context(color_scheme=scheme).new_page()
    found = {}
    for state in states:
        open_all(page, state, language)
        found[state] = axe_violations(page, axe)
        levels = page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])"
        )
        assert levels[0] == 1 and levels.count(1) == 1
        steps = [after - before for before, after in pairwise(levels)]
        assert max(steps) <= 1, "no level of the headings is left out"
    page.context.close()
    assert {state: problems for state, problems in found.items() if problems} == {}


def test_the_finnish_desk_has_no_english_of_streamlits(page, states):
    found = {}
    for state in states:
        open_all(page, state, "fi")
        found[state] = streamlits_english(page)
    box = page.get_by_label("Valitse kahdesta neljään")
    with_list_open(box, lambda: page.get_by_role("option").first.wait_for(timeout=4000))
    found["a list"] = streamlits_english(page)
    box.fill("ei tällaista")
    page.get_by_text("Ei osumia").wait_for()
    found["an empty list"] = streamlits_english(page)
    assert {state: texts for state, texts in found.items() if texts} == {}
