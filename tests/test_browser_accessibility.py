"""The page as axe-core and readers of Finnish see it: no violations, no English of Streamlit's."""

from __future__ import annotations

import pytest
from chat_server import axe_violations, idle, open_folded, start_chat, streamlits_english
from corpus_files import SHIPPED, copy_small_corpus
from playwright.sync_api import expect

from hytki_match.encoder import load_encoder
from hytki_match.index import build_index

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

QUESTION = {
    "fi": "q=Kuka+voi+auttaa+synteettisen+terveysdatan+kanssa%3F",
    "en": "q=Who+can+help+us+with+synthetic+health+data%3F",
}
NOTHING = {
    "fi": "q=Mist%C3%A4+ostan+polkupy%C3%B6r%C3%A4n%3F",
    "en": "q=Where+can+I+buy+a+bicycle%3F",
}


@pytest.fixture(scope="module")
def chat(real_index_dir, tmp_path_factory):
    """A chat with feedback turned on, which shows the most."""
    file = tmp_path_factory.mktemp("feedback") / "feedback.sqlite"
    settings = {
        "HYTKI_MATCH_FEEDBACK": str(file),
        "HYTKI_MATCH_FEEDBACK_ADDRESS": "palaute@example.fi",
    }
    process, address = start_chat(SHIPPED, real_index_dir, **settings)
    yield address
    process.terminate()
    process.wait()


def states(language):
    return [
        f"lang={language}",
        f"{QUESTION[language]}&region=turku&lang={language}",
        f"{NOTHING[language]}&lang={language}",
        f"page=privacy&lang={language}",
        f"page=accessibility&lang={language}",
        f"page=insights&lang={language}",
    ]


def open_state(page, chat, state):
    page.goto(f"{chat}/?{state}")
    page.locator("h1").wait_for()
    page.locator("[class*=st-key-page-]").first.wait_for()
    if "q=" in state:
        page.locator(".hm-answer").wait_for()
    page.wait_for_function("document.getElementById('hm-live')")
    idle(page)
    open_folded(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fi", "en"])
def test_axe_finds_nothing(browser, chat, axe, language, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    found = {}
    for state in states(language):
        open_state(page, chat, state)
        found[state] = axe_violations(page, axe)
        assert page.evaluate("document.documentElement.lang") == language
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => h.tagName)")
        assert levels[0] == "H1"
        assert levels.count("H1") == 1
    context.close()
    assert {state: problems for state, problems in found.items() if problems} == {}


def test_the_finnish_page_has_no_english_of_streamlits(page, chat):
    """Everything but what came from the corpus is looked at: texts, labels, titles, hints."""
    found = {}
    for state in states("fi"):
        open_state(page, chat, state)
        found[state] = streamlits_english(page)
    open_state(page, chat, states("fi")[1])
    page.get_by_role("radio", name="Ei hyödyllinen").click()
    page.get_by_label("Miksi").fill("Liian pitkä")
    found["feedback"] = streamlits_english(page)
    page.get_by_role("button", name="Lähetä", exact=True).hover()
    found["hints"] = streamlits_english(page)
    assert {state: texts for state, texts in found.items() if texts} == {}


def test_an_error_is_told_without_streamlits_english(page, tmp_path):
    corpus, index = copy_small_corpus(tmp_path), tmp_path / "index"
    build_index(corpus, index, load_encoder("bundled"))
    for file in index.glob("versions/*/dense.faiss"):
        file.write_bytes(b"junk")
    process, address = start_chat(corpus, index)
    try:
        page.goto(address)
        page.get_by_text("Palvelun hakemisto on rikki").wait_for()
        page.get_by_text("Ylläpitäjälle").click()
        page.get_by_test_id("stCode").hover()
        page.wait_for_function("document.documentElement.lang === 'fi'")
        texts = streamlits_english(page)
    finally:
        process.terminate()
        process.wait()
    # The operator's own message is English: it names a file and a command.
    assert not {text for text in texts if "dense.faiss" not in text}


def test_switching_the_language_leaves_no_word_of_the_other(page, chat):
    page.goto(f"{chat}/?lang=fi")
    send = page.get_by_test_id("stChatInputSubmitButton")
    page.wait_for_function("document.documentElement.lang === 'fi'")
    for language, name, label in (
        ("en", "English", "Send the question"),
        ("fi", "Suomi", "Lähetä kysymys"),
    ):
        page.get_by_role("radio", name=name).click()
        page.wait_for_function(f"document.documentElement.lang === '{language}'")
        expect(send).to_have_attribute("aria-label", label)


def test_passages_in_the_other_language_are_marked(page, chat):
    page.goto(f"{chat}/?{QUESTION['en']}&lang=fi")
    page.locator(".hm-answer[lang=en]").wait_for()
    # Streamlit's page says "en" until the page's own script has come.
    page.wait_for_function("document.documentElement.lang === 'fi'")
    label, question = page.locator(".hm-asked span").all()
    assert label.evaluate("e => e.closest('[lang]').lang") == "fi"
    assert question.get_attribute("lang") == "en"
