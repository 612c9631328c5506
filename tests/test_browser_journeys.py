"""Ways through the web chat in a real browser, from the first question to what is carried off."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from urllib.parse import unquote

import pytest
from chat_server import ask, free_port, idle, start_chat, streamlits_english, wait_for_answer
from corpus_files import SHIPPED, copy_small_corpus, edit_cell
from icalendar import Calendar
from openpyxl import load_workbook
from playwright.sync_api import expect

from hytki_match.encoder import load_encoder
from hytki_match.index import build_index

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

SYNTHETIC = "Kuka voi auttaa synteettisen terveysdatan kanssa?"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1200, "height": 900}


def shown(page):
    """What an answer shows: its first sentence and its records."""
    items = page.locator(".hm-resources > li").all()
    return page.locator(".hm-summary").inner_text(), [i.get_attribute("data-id") for i in items]


def downloaded(page, button):
    with page.expect_download() as found:
        button.click()
    return found.value.suggested_filename, found.value.path().read_bytes()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_visit_from_the_first_question_to_the_files(browser, page, real_chat, size):
    page.set_viewport_size(size)
    page.goto(real_chat)
    ask(page, SYNTHETIC)
    assert page.locator(".hm-summary").inner_text().startswith("Vahvin vastaus")

    # A limit is set, stands as a chip and in the address, and is removed.
    page.get_by_text("Rajaa alueen tai lajin mukaan").click()
    page.get_by_role("button", name="Kuopio", exact=True).click()
    chip = page.get_by_role("button", name="Alue: Kuopio – poista")
    chip.wait_for()
    page.wait_for_url("**region=kuopio**")
    chip.click()
    page.wait_for_url(lambda url: "region" not in url)
    chip.wait_for(state="detached")
    page.locator(".hm-regions li[data-id=turku]").wait_for()

    # A further question, in English, and its address in another browser.
    page.get_by_role("radio", name="English").click()
    page.get_by_placeholder("Type your question").wait_for()
    ask(page, "Which companies make wearable sensors?")
    page.locator(".hm-answer[lang=en]").wait_for()
    page.wait_for_url("**wearable**lang=en")
    other = browser.new_context().new_page()
    other.goto(page.url)
    other.locator(".hm-answer[lang=en]").wait_for()
    assert shown(other) == shown(page)
    assert other.evaluate("document.documentElement.lang") == "en"
    other.context.close()

    # What is carried off.
    page.get_by_text("Share, print or download").click()
    name, content = downloaded(page, page.get_by_role("button", name="Download CSV"))
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert name == "hytki-match.csv"
    assert {row["Id"] for row in rows} == set(shown(page)[1])
    _, content = downloaded(page, page.get_by_role("button", name="Download Excel"))
    sheet = load_workbook(io.BytesIO(content)).active
    assert next(iter(sheet.values)) == tuple(rows[0])
    assert sheet.max_row == 1 + len(rows)
    _, content = downloaded(page, page.get_by_role("button", name="Download Markdown"))
    assert all(row["Name"] in content.decode() for row in rows)


def test_a_contact_can_be_written_to_and_what_is_over_is_not_entered(page, real_chat):
    page.goto(real_chat)
    ask(page, SYNTHETIC)
    draft = unquote(page.locator("a.hm-write").first.get_attribute("href"))
    assert draft.startswith("mailto:")
    assert SYNTHETIC in draft
    assert "Hei," in draft
    ask(page, "Mitä tapahtumia synteettisestä datasta on ollut?")
    expect(page.get_by_role("button", name="Lisää kalenteriin")).to_have_count(0)


def test_a_coming_event_is_entered_into_a_calendar(page, tmp_path):
    corpus, index = copy_small_corpus(tmp_path), tmp_path / "index"
    process, address = start_chat(corpus, index)
    try:
        page.goto(address)
        ask(page, "Milloin on univiikko?")
        enters_an_event(page)
    finally:
        process.terminate()
        process.wait()


def enters_an_event(page):
    name, content = downloaded(page, page.get_by_role("button", name="Lisää kalenteriin").first)
    assert name.endswith(".ics")
    (event,) = Calendar.from_ical(content.decode()).walk("VEVENT")
    heading = page.locator("li:has([data-hm=calendar]) .hm-name").first.inner_text()
    assert event["SUMMARY"] == heading
    assert b"\r\n" in content


def test_back_edit_and_start_over(page, real_chat):
    page.goto(real_chat)
    ask(page, "Kuka tutkii unta?")
    ask(page, SYNTHETIC)
    page.wait_for_url("**synteettisen**")
    page.go_back()
    page.locator(".hm-asked", has_text="Kuka tutkii unta?").wait_for()
    page.get_by_role("button", name="Muokkaa kysymystä").click()
    box = page.get_by_test_id("stChatInputTextArea")
    expect(box).to_be_focused()
    expect(box).to_have_value("Kuka tutkii unta?")
    box.fill("Kuka tutkii kuntoutusta?")
    box.press("Enter")
    page.locator(".hm-asked", has_text="kuntoutusta").wait_for()
    expect(page.locator("[class*=st-key-earlier-]")).to_have_text([SYNTHETIC])
    page.get_by_role("button", name="Aloita alusta").click()
    page.get_by_role("heading", name="Yritykselle").wait_for()
    assert "q=" not in page.url


def test_back_leads_to_the_first_screen_and_forward_to_the_answer(page, real_chat):
    page.goto(real_chat)
    ask(page, SYNTHETIC)
    page.wait_for_url("**synteettisen**")
    page.go_back()
    page.get_by_role("heading", name="Yritykselle").wait_for()
    page.locator(".hm-answer").wait_for(state="detached")
    assert "q=" not in page.url
    expect(page.locator("[class*=st-key-earlier-]")).to_have_text([SYNTHETIC])
    page.go_forward()
    page.locator(".hm-asked", has_text=SYNTHETIC).wait_for()
    assert "synteettisen" in page.url


@pytest.fixture(scope="module")
def slow_chat(real_index_dir):
    process, address = start_chat(SHIPPED, real_index_dir, app="tests/slow_app.py")
    yield address
    process.terminate()
    process.wait()


def test_a_search_that_takes_long_can_be_stopped(page, slow_chat):
    page.goto(slow_chat)
    slow = "Kuka tutkii hitaasti unta?"
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(slow)
    box.press("Enter")
    stop = page.get_by_role("button", name="Keskeytä")
    stop.wait_for()
    expect(page.get_by_role("status").filter(has_text="Etsitään vastausta")).to_be_visible()
    assert streamlits_english(page) == set()
    stop.press("Enter")
    # The first screen is back, the question stands in the input, and the keyboard with it.
    page.wait_for_function("document.getElementById('hm-live').textContent.startsWith('Haku kesk')")
    page.wait_for_function("document.activeElement.tagName === 'TEXTAREA'")
    expect(box).to_have_value(slow)
    page.get_by_role("heading", name="Yritykselle").wait_for()
    stop.wait_for(state="detached")
    assert "q=" not in page.url

    # After an answer, that one stays; it is the same by mouse, and for a link.
    ask(page, SYNTHETIC)
    before = shown(page)
    box.fill(slow)
    box.press("Enter")
    stop.click()
    page.locator(".hm-notice", has_text="Haku keskeytettiin.").wait_for()
    page.locator(".hm-resources > li").nth(len(before[1]) - 1).wait_for()
    assert shown(page) == before
    page.goto(f"{slow_chat}/?q=Kuka+hitaasti&region=turku&lang=fi")
    stop.click()
    page.wait_for_url(lambda url: "q=" not in url)
    page.wait_for_function("document.querySelector('textarea').value === 'Kuka hitaasti'")


def test_clicks_do_not_lose_a_search_and_a_new_question_takes_its_place(page, slow_chat):
    page.goto(slow_chat)
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill("Kuka testaa hitaasti laitteita?")
    box.press("Enter")
    page.get_by_role("button", name="Keskeytä").wait_for()
    page.get_by_role("radio", name="English").click()
    page.get_by_role("button", name="Stop").wait_for()
    wait_for_answer(page, "Kuka testaa hitaasti laitteita?")
    box.fill("Who slowly works on sleep?")
    box.press("Enter")
    page.get_by_role("button", name="Stop").wait_for()
    ask(page, "Which companies make wearable sensors?")
    page.wait_for_timeout(6000)  # the slow one ends meanwhile, unseen
    assert "wearable" in page.locator(".hm-asked").inner_text()
    expect(page.locator("[class*=st-key-earlier-]")).to_have_count(1)


def test_the_keyboard_is_enough(page, real_chat):
    page.goto(real_chat)
    page.get_by_test_id("stChatInputTextArea").wait_for()
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim()"))
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.type(SYNTHETIC)
    page.keyboard.press("Enter")
    page.locator(".hm-answer").wait_for()
    page.wait_for_function(
        "document.getElementById('hm-live').textContent.startsWith('Vahvin vastaus')"
    )
    page.wait_for_function("document.activeElement.tagName === 'TEXTAREA'")
    idle(page)
    wanted = {"Muokkaa kysymystä", "Kirjoita viesti", "Jaa, tulosta tai lataa", "Aloita alusta"}
    opened = 0
    for _ in range(80):
        page.keyboard.press("Tab")
        text = page.evaluate("document.activeElement.innerText.trim()")
        wanted -= {name for name in wanted if name in text}
        if text.startswith("Miksi juuri tämä?") and not opened:
            page.keyboard.press("Enter")
            opened = page.locator(".hm-card details[open]").count()
        style = "getComputedStyle(document.activeElement)"
        if page.evaluate("document.activeElement.closest('.hm-answer') !== null"):
            assert page.evaluate(f"{style}.outlineStyle") != "none"
        if not wanted:
            break
    assert not wanted
    assert opened == 1


def test_an_answer_is_announced_once(page, real_chat):
    page.goto(real_chat)
    page.get_by_test_id("stChatInputTextArea").wait_for()
    page.wait_for_function("document.getElementById('hm-live')")
    page.evaluate(
        "window.said = []; new MutationObserver(() => said.push("
        "document.getElementById('hm-live').textContent))"
        ".observe(document.getElementById('hm-live'), {childList: true, characterData: true})"
    )
    ask(page, SYNTHETIC)
    page.wait_for_function("said.length > 0")
    page.get_by_text("Rajaa alueen tai lajin mukaan").click()
    page.wait_for_timeout(1000)
    idle(page)
    assert page.evaluate("said") == [page.locator(".hm-summary").inner_text()]


def test_feedback_is_stored_masked_and_only_where_it_is_on(
    page, real_index_dir, tmp_path, real_chat
):
    page.goto(real_chat)
    ask(page, SYNTHETIC)
    assert page.locator("[data-hm=opinion]").count() == 0
    file = tmp_path / "feedback.sqlite"
    process, address = start_chat(SHIPPED, real_index_dir, HYTKI_MATCH_FEEDBACK=str(file))
    try:
        page.goto(address)
        ask(page, f"{SYNTHETIC} Vastaa: maija@example.fi")
        first = page.locator("[data-hm=opinion][data-useful=yes]").first
        doc_id = first.get_attribute("data-id")
        first.click()
        page.locator("[data-hm=opinion][aria-pressed=true]").wait_for()
        page.get_by_role("radio", name="Ei hyödyllinen").click()
        box = page.get_by_label(re.compile("^Miksi"))
        box.fill("Soita 040 123 4567")
        page.get_by_role("button", name="Lähetä", exact=True).click()
        page.get_by_text("Kiitos, palaute tallennettiin.").wait_for()
        page.goto(f"{address}/?page=insights&lang=fi")
        page.locator(".hm-figures").wait_for()
        expect(page.locator(".hm-figures")).to_contain_text("1 kertaa hyödyllinen")
    finally:
        process.terminate()
        process.wait()
    with sqlite3.connect(file) as database:
        rows = list(database.execute("select doc_id, useful, question, reason from opinions"))
    assert [row[:2] for row in rows] == [(doc_id, 1), ("", 0)]
    assert all("[E-MAIL]" in row[2] for row in rows)
    assert rows[1][3] == "Soita [PHONE]"
    assert b"maija" not in file.read_bytes()


def test_an_index_that_is_switched_meanwhile_and_a_restart(page, tmp_path):
    corpus, index = copy_small_corpus(tmp_path), tmp_path / "index"
    port = free_port()
    process, address = start_chat(corpus, index, port)
    try:
        page.goto(address)
        ask(page, "Kuka mittaa unta?")
        edit_cell(corpus, "competences", "oulu-sleep", "name_fi", "Yöunen mittaaminen")
        build_index(corpus, index, load_encoder("bundled"))
        page.get_by_text("Rajaa alueen tai lajin mukaan").click()
        page.get_by_role("radio", name="English").click()
        page.get_by_text("The corpus was updated after this answer").wait_for()
        page.get_by_role("radio", name="Suomi").click()
        page.get_by_placeholder("Kirjoita kysymys").wait_for()
        ask(page, "Kuka mittaa yöunta?")
        page.locator(".hm-resources", has_text="Yöunen mittaaminen").wait_for()

        # The server goes and comes: the page says so in Finnish and finds its answer again.
        process.terminate()
        process.wait()
        page.get_by_text("Yhteys katkesi").wait_for()
        page.wait_for_timeout(500)
        assert streamlits_english(page) == set()
        process, _ = start_chat(corpus, index, port)
        page.get_by_text("Yhteys katkesi").wait_for(state="detached")
        page.locator(".hm-asked", has_text="Kuka mittaa yöunta?").wait_for()
        ask(page, "Kuka mittaa unta?")
    finally:
        process.terminate()
        process.wait()


@pytest.mark.parametrize("width", [360, 768, 1600])
def test_nothing_scrolls_sideways(page, real_chat, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(real_chat)
    ask(page, f"Kuka voi auttaa {'synteettisenterveysdatan' * 20} kanssa?")
    page.get_by_text("Jaa, tulosta tai lataa").click()
    page.wait_for_timeout(500)
    assert page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain], body, html')]"
        ".every(e => e.scrollWidth <= e.clientWidth)"
    )
