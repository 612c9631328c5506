"""The adviser's desk in a real browser: a whole case, two sessions, and the closed door."""

from __future__ import annotations

import io
import re
from datetime import date

import docx
import pypdf
import pypdfium2
import pytest
from chat_server import WAIT_MS, idle, start_chat, with_list_open
from corpus_files import SHIPPED
from playwright.sync_api import expect

from hytki_match.adviser.storage import CaseStore
from hytki_match.web.desk_access import decide

pytestmark = [pytest.mark.filterwarnings("default")]

NEED = (
    "Olemme neljän hengen yritys ja teemme unta mittaavaa sormusta. Laite on jo valmis. "
    "Tarvitsemme puolueettoman tarkistuksen unilaboratoriossa. Emme tiedä, mitkä lääkinnällisen "
    "laitteen vaatimukset koskevat meitä. Etsimme myös rahoitusta vientiin."
)


@pytest.fixture(scope="module")
def desk(real_index_dir, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cases")
    address = f"sqlite:///{folder / 'cases.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HYTKI_MATCH_CASES", address)
        process, chat = start_chat(SHIPPED, real_index_dir)
    yield f"{chat}/?page=desk", address
    process.terminate()
    process.wait()


def saved(page, version):
    """Wait until the page shows a version of the case, and has nothing left to do."""
    page.get_by_text(f"(versio {version})").wait_for()
    page.locator(".desk-partner").first.wait_for()
    idle(page)


def new_case(page, address, title):
    page.goto(address)
    page.get_by_label("Otsikko").fill(title)
    page.get_by_label("Yrityksen tarve omin sanoin").fill(NEED)
    page.get_by_role("button", name="Luo tapaus").click()
    page.wait_for_url("**case=*")
    saved(page, 1)


def partners(page):
    return page.locator(".desk-partner").evaluate_all("all => all.map(p => p.dataset.id)")


def choose(page, box, name):
    option = page.get_by_role("option", name=name, exact=True)
    with_list_open(box, lambda: option.click(timeout=4000), name)
    idle(page)


def download(page, name):
    with page.expect_download() as caught:
        page.get_by_role("button", name=name, exact=True).click()
    return caught.value.path().read_bytes()


def stored(cases, title):
    """Return the case of a title as it stands in the storage."""
    store = CaseStore(cases)
    try:
        (line,) = [line for line in store.list_cases() if line.title == title]
        return store.load(line.case_id).case
    finally:
        store.close()


@pytest.mark.slow
def test_a_whole_case(page, desk):
    address, cases = desk
    new_case(page, address, "Unisormus")
    expect(page.get_by_label(re.compile(r"^Osa \d"))).to_have_count(3)
    edit_the_parts(page)
    before, after = drop_the_first(page)
    write_a_note(page)
    compare_two(page)
    read_the_documents(page)
    page.reload()
    saved(page, 5)
    assert partners(page) == after
    expect(page.get_by_label("Huomio").first).to_have_value("Soita ensin")
    case = stored(cases, "Unisormus")
    assert case.parts[2].text == "Etsimme rahoitusta vientiin ja kasvuun"
    assert case.limits.must_not == (before[0],)
    delete_and_undo(page)


def edit_the_parts(page):
    page.get_by_label("Osa 3").fill("Etsimme rahoitusta vientiin ja kasvuun")
    page.get_by_label("Osa 3").press("Control+Enter")
    saved(page, 2)
    page.get_by_label("Uusi osa").fill("Kuka kouluttaa henkilöstöä tietosuojasta?")
    page.get_by_label("Uusi osa").press("Tab")
    page.get_by_role("button", name="Lisää").first.click()
    saved(page, 3)
    page.get_by_label("Osa 4").wait_for()


def drop_the_first(page):
    before = partners(page)
    page.get_by_role("button", name="Jätä pois").first.click()
    saved(page, 4)
    page.get_by_text("Jätetty pois:").wait_for()
    after = partners(page)
    assert before[0] not in after and after
    return before, after


def write_a_note(page):
    page.get_by_label("Huomio").first.fill("Soita ensin")
    page.get_by_label("Huomio").first.press("Enter")
    saved(page, 5)


def compare_two(page):
    page.get_by_text("Vertaa kumppaneita rinnakkain").click()
    box = page.get_by_label("Valitse kahdesta neljään")
    chosen = page.get_by_test_id("stMultiSelect").filter(has=box).locator("[data-tag-index]")
    titles = page.locator(".desk-partner h3").all_inner_texts()
    for count, title in enumerate(titles[:2], start=1):
        choose(page, box, title[3:])
        if chosen.count() < count:
            # A click on a list that is just drawn anew can go nowhere.
            choose(page, box, title[3:])
        expect(chosen).to_have_count(count)
    page.keyboard.press("Escape")
    expect(page.locator(".desk-compare thead th")).to_have_count(2)


def read_the_documents(page):
    """Open Word and PDF as their readers would, the first page of the PDF as a picture too."""
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(download(page, "Word"))).paragraphs)
    assert "Kumppaniehdotus: Unisormus" in text and "Soita ensin" in text
    data = download(page, "PDF")
    assert "Unisormus" in pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text()
    picture = pypdfium2.PdfDocument(data)[0].render().to_numpy()
    assert 0 < (picture < 128).mean() < 0.5, "the first page has ink, and is not all ink"


def delete_and_undo(page):
    page.get_by_role("button", name="Poista", exact=True).click()
    undo = page.get_by_role("button", name="Kumoa poisto")
    undo.wait_for()
    idle(page)
    expect(page.get_by_role("button", name="Unisormus")).to_have_count(0)
    undo.click()
    page.get_by_role("button", name="Unisormus").wait_for()


@pytest.mark.slow
def test_each_status_of_a_partner_is_kept_with_its_date(page, desk):
    address, cases = desk
    new_case(page, address, "Tilanteet")
    partner = partners(page)[0]
    today = date.today()
    said = f"{today.day}.{today.month}.{today.year}"
    for version, (status, label) in enumerate(
        (("contacted", "Otettu yhteyttä"), ("agreed", "Sovittu"), ("declined", "Kieltäytyi")), 2
    ):
        choose(page, page.get_by_role("combobox", name="Tilanne").first, label)
        saved(page, version)
        entry = stored(cases, "Tilanteet").shortlist[0]
        assert (entry.partner_id, entry.status) == (partner, status)
        assert entry.dates[status] == today.isoformat()
        page.get_by_text(said, exact=True).first.wait_for()
    assert set(entry.dates) == {"contacted", "agreed", "declined"}
    page.reload()
    saved(page, 4)
    expect(page.get_by_role("combobox", name="Tilanne").first).to_have_value("Kieltäytyi")
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(download(page, "Word"))).paragraphs)
    assert f"Tilanne: Kieltäytyi {said}" in text


@pytest.mark.slow
def test_two_sessions_do_not_overwrite_each_other(browser, page, desk):
    address, cases = desk
    new_case(page, address, "Yhteinen")
    other = browser.new_context().new_page()
    other.set_default_timeout(WAIT_MS)
    other.goto(page.url)
    saved(other, 1)
    other.get_by_label("Otsikko").fill("Toisen otsikko")
    other.get_by_label("Otsikko").press("Enter")
    saved(other, 2)
    page.get_by_label("Otsikko").fill("Oma otsikko")
    page.get_by_label("Otsikko").press("Enter")
    page.get_by_text("eikä mitään kirjoitettu yli").wait_for()
    page.get_by_role("button", name="Avaa uudelleen").click()
    saved(page, 2)
    expect(page.get_by_label("Otsikko")).to_have_value("Toisen otsikko")
    assert stored(cases, "Toisen otsikko").need == NEED
    other.context.close()


@pytest.mark.slow
def test_the_desk_speaks_english_and_the_chat_does_not_name_cases(page, desk):
    address, _ = desk
    page.goto(f"{address}&lang=en")
    page.get_by_role("button", name="Create the case").wait_for()
    page.goto(address.partition("?")[0])
    page.get_by_test_id("stChatInputTextArea").wait_for()
    assert "Unisormus" not in page.content()


LOGIN = {"auth": {}, "desk": {"domains": ["Hub.example"], "emails": ["eva@else.example"]}}


@pytest.mark.parametrize(
    ("secrets", "user", "is_local", "is_open", "hub"),
    [
        ({}, {}, True, True, None),
        ({}, {}, False, False, None),
        ({"auth": {}}, {}, True, False, None),
        (LOGIN, {"is_logged_in": False}, True, False, None),
        (LOGIN, {"is_logged_in": True, "email": "a@hub.example"}, False, True, "hub.example"),
        (LOGIN, {"is_logged_in": True, "email": "A@HUB.EXAMPLE"}, False, True, "hub.example"),
        (LOGIN, {"is_logged_in": True, "email": "a@evilhub.example"}, False, False, None),
        (LOGIN, {"is_logged_in": True, "email": "eva@else.example"}, False, True, "else.example"),
        (LOGIN, {"is_logged_in": True}, False, False, None),
        (
            LOGIN,
            {"is_logged_in": True, "email": "a@hub.example", "email_verified": False},
            False,
            False,
            None,
        ),
        (
            LOGIN | {"desk": {"domains": ["hub.example"], "hubs": {"hub.example": "oulu"}}},
            {"is_logged_in": True, "email": "a@hub.example"},
            False,
            True,
            "oulu",
        ),
        ({"auth": {}}, {"is_logged_in": True, "email": "a@hub.example"}, True, False, None),
    ],
)
def test_the_desk_opens_for_advisers_and_else_only_at_the_machine(
    secrets, user, is_local, is_open, hub
):
    access = decide(secrets, user, is_local=is_local)
    assert (access.is_open, access.hub) == (is_open, hub)


def test_the_public_chat_never_reaches_the_cases():
    import subprocess
    import sys

    code = (
        "import sys, hytki_match.web.page; "
        "sys.exit(any(name.startswith('hytki_match.adviser') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
