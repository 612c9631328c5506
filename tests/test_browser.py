"""The web chat in a real browser: asked, switched, and shown text that tries to be markup."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from chat_server import ROOT, ask, idle, start_chat
from corpus_files import copy_small_corpus, edit_cell
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

HOSTILE = (
    "<b>bold</b> $x$ **strong** [link](javascript:alert(1)) :red[red] <img src=x onerror=alert(1)>"
)


@pytest.fixture(scope="module")
def hostile_chat(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    corpus = copy_small_corpus(folder)
    for column in ("name_fi", "name_en", "description_fi", "description_en"):
        edit_cell(corpus, "competences", "oulu-sleep", column, f"Uni sleep {HOSTILE}")
    edit_cell(corpus, "contacts", "test-desk", "name", f"Desk {HOSTILE}")
    edit_cell(corpus, "contacts", "test-desk", "topics", "sleep")
    edit_cell(corpus, "regions", "oulu", "name_fi", f"Oulu {HOSTILE}")
    process, address = start_chat(corpus, folder / "index")
    yield address
    process.terminate()
    process.wait()


def test_a_question_in_finnish_and_one_in_english(page, real_chat):
    page.goto(real_chat)
    ask(page, "Kuka voi auttaa synteettisen terveysdatan kanssa?")
    assert page.locator(".hm-answer").get_attribute("lang") == "fi"
    assert "Vahvin vastaus löytyy" in page.locator(".hm-summary").inner_text()
    ask(page, "Who can help us use hospital data for R&D in Turku?")
    page.locator(".hm-answer[lang=en]").wait_for()
    assert page.locator(".hm-summary").inner_text().startswith("The strongest answer is in Turku")
    expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
    # The first sentence is on the screen without scrolling.
    assert page.locator(".hm-summary").bounding_box()["y"] < 900


def test_the_order_is_that_of_the_command_line(page, real_chat, real_index_dir):
    question = "Missä voi testata lääkinnällistä laitetta?"
    page.goto(real_chat)
    ask(page, question)
    items = page.locator(".hm-resources > li")
    # Grouped by kind, each with its rank.
    ranks = {int(i.get_attribute("value")): i.get_attribute("data-id") for i in items.all()}
    shown = [ranks[rank] for rank in sorted(ranks)]
    command = [sys.executable, "-m", "hytki_match", "--index", str(real_index_dir)]
    done = subprocess.run(
        [*command, "ask", "--json", question], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert shown == [resource["doc_id"] for resource in json.loads(done.stdout)["resources"]]
    assert len(shown) > 2


def test_switching_the_language_of_the_page(page, real_chat):
    page.goto(real_chat)
    page.get_by_placeholder("Kirjoita kysymys").wait_for()
    page.get_by_role("radio", name="English").click()
    page.get_by_placeholder("Type your question").wait_for()
    assert "lang=en" in page.url
    expect(page.locator(".hm-head")).to_contain_text("Ask in your own words")
    page.reload()
    page.get_by_placeholder("Type your question").wait_for()
    page.get_by_role("radio", name="Suomi").click()
    page.get_by_placeholder("Kirjoita kysymys").wait_for()
    # A second click on the language in force does not leave the page without one.
    page.get_by_role("radio", name="Suomi").click()
    page.wait_for_timeout(1000)
    idle(page)
    expect(page.get_by_role("radio", name="Suomi")).to_have_attribute("aria-checked", "true")


def test_an_example_and_a_filter_by_click(page, real_chat):
    page.goto(f"{real_chat}/?lang=en")
    page.get_by_role("button", name=re.compile("wearable sensors")).click()
    page.locator(".hm-answer").wait_for()
    page.get_by_text("Filter by region or kind").click()
    page.get_by_role("button", name="Companies", exact=True).click()
    page.locator(".st-key-chip-kind-companies").wait_for()
    idle(page)
    # The question asks for companies, too, but one limit has one chip.
    assert page.get_by_role("button", name="Kind: Companies – remove").count() == 1
    ids = [item.get_attribute("data-id") for item in page.locator(".hm-resources > li").all()]
    assert ids
    assert all(doc_id.startswith("companies/") for doc_id in ids)


@pytest.mark.parametrize("question", ["Kuka mittaa unta?", "Who measures sleep?"])
def test_text_from_the_corpus_is_never_markup(page, hostile_chat, question):
    page.goto(hostile_chat)
    page.get_by_text("Rajaa alueen tai lajin mukaan").click()
    ask(page, question)
    assert (
        "<b>bold</b> $x$ **strong** [link](javascript:alert(1))"
        in page.locator(".hm-answer").inner_text()
    )
    for markup in ("b", "strong", "img", ".katex", "a[href^=javascript]"):
        assert page.locator(f".hm-answer {markup}").count() == 0, markup
    pills = page.get_by_test_id("stButtonGroup").filter(has_text="Oulu")
    assert pills.locator("b, strong, img, .katex, a").count() == 0
    assert "<b>bold</b>" in pills.text_content()


def test_the_question_is_never_markup(page, real_chat):
    page.goto(real_chat)
    ask(page, HOSTILE)
    ask(page, "uni ja palautuminen")
    earlier = page.get_by_role("button", name=re.compile("bold"))
    assert earlier.locator("b, strong, img, .katex, a").count() == 0
    assert "[link](javascript:alert(1))" in earlier.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_without_scrolling_sideways(browser, real_chat, scheme):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    page.goto(real_chat)
    ask(page, "Kuka voi auttaa synteettisen terveysdatan kanssa?")
    page.wait_for_timeout(500)
    wide = page.evaluate(
        "[...document.querySelectorAll('.hm-answer *')]"
        ".filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.className)"
    )
    assert wide == []
    assert page.locator(".hm-summary").bounding_box()["y"] < 844
    context.close()


def test_nothing_is_fetched_from_elsewhere(page, real_chat):
    page.goto(real_chat)
    ask(page, "Kuka tutkii unta?")
    foreign = [
        a
        for a in page.addresses
        if not a.startswith((real_chat, "data:", "blob:", "ws://localhost"))
    ]
    assert foreign == []


def test_a_port_that_is_taken_is_told(real_chat):
    port = real_chat.rsplit(":", 1)[1]
    done = subprocess.run(
        [sys.executable, "-m", "hytki_match.web.serve", "--port", port],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert f"make chat PORT={int(port) + 1}" in done.stderr
