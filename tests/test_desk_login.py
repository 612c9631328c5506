"""Log-in to the desk with a real OpenID Connect provider on this machine, in a real browser."""

from __future__ import annotations

import logging

import pytest
from chat_server import free_port, start_chat
from corpus_files import SHIPPED

from hytki_match.adviser.case import Case
from hytki_match.adviser.storage import CaseStore

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

SECRETS = """
[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "a-secret-of-this-test-only-0123456789"
client_id = "hytki-match"
client_secret = "of-this-test-only"
server_metadata_url = "{provider}/.well-known/openid-configuration"

[desk]
domains = ["hub.example.org"]
[desk.hubs]
"hub.example.org" = "oulu"
"""


@pytest.fixture(scope="module")
def provider():
    """A provider that knows an adviser, somebody else, and one whose address is unconfirmed."""
    mock = pytest.importorskip("oidc_provider_mock")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    def user(sub, email, confirmed=True):
        return mock.User(sub=sub, claims={"email": email, "email_verified": confirmed})

    users = [
        user("adviser", "Anna@hub.example.org"),
        user("stranger", "eve@else.example.org"),
        user("unconfirmed", "mallory@hub.example.org", confirmed=False),
    ]
    with mock.run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def desk(provider, real_index_dir, tmp_path_factory):
    """The chat with secrets for the provider, and one case of each of two hubs."""
    pytest.importorskip("authlib")
    home = tmp_path_factory.mktemp("home")
    port = free_port()
    (home / ".streamlit").mkdir()
    secrets = SECRETS.format(port=port, provider=provider)
    (home / ".streamlit" / "secrets.toml").write_text(secrets, encoding="utf-8")
    cases = f"sqlite:///{home / 'cases.db'}"
    store = CaseStore(cases)
    for hub in ("oulu", "turku"):
        store.create(Case(hub, f"Tapaus {hub}", "Tarvitsemme apua."), "someone@x.example", hub)
    process, chat = start_chat(
        SHIPPED, real_index_dir, port, HOME=str(home), HYTKI_MATCH_CASES=cases
    )
    yield f"{chat}/?page=desk"
    process.terminate()
    process.wait()


def log_in(page, desk, who):
    page.goto(desk)
    page.get_by_role("button", name="Kirjaudu sisään").click()
    page.get_by_role("button", name=who, exact=True).click()
    page.wait_for_url("**/?page=desk*")


def log_out(page):
    page.get_by_role("button", name="Kirjaudu ulos").click()
    page.get_by_role("button", name="End session").click()  # the provider's own page
    page.wait_for_url(lambda address: "end_session" not in address)


def test_an_adviser_logs_in_sees_the_cases_of_the_hub_and_logs_out(page, desk):
    page.goto(desk)
    page.get_by_text("vaatii kirjautumisen").wait_for()
    assert "Tapaus" not in page.content()
    log_in(page, desk, "adviser")
    page.get_by_text("Kirjautunut: anna@hub.example.org").wait_for()
    page.get_by_text("Tapaus oulu").first.wait_for()
    assert "Tapaus turku" not in page.content()
    log_out(page)
    page.goto(desk)
    page.get_by_text("vaatii kirjautumisen").wait_for()
    assert "Tapaus" not in page.content()


@pytest.mark.parametrize("who", ["stranger", "unconfirmed"])
def test_who_is_no_adviser_is_refused_and_can_change_accounts(page, desk, who):
    log_in(page, desk, who)
    page.get_by_text("ei ole oikeutta neuvojan pöytään").wait_for()
    assert "Tapaus" not in page.content()
    log_out(page)
    page.goto(desk)
    page.get_by_role("button", name="Kirjaudu sisään").wait_for()


def test_the_chat_needs_no_log_in(page, desk):
    page.goto(desk.partition("?")[0])
    page.get_by_test_id("stChatInputTextArea").wait_for()
