"""Which page an address shows: ``?page=privacy``; without a page, the chat.

A new page is one line in ``PAGES``; its name in the footer is the phrase ``page.<name>``.
"""

from __future__ import annotations

import logging
from pkgutil import resolve_name
from typing import TYPE_CHECKING, cast

import streamlit as st

from hytki_match.errors import HytkiMatchError
from hytki_match.language.phrases import say
from hytki_match.records import LANGUAGES
from hytki_match.settings import Settings
from hytki_match.web.bridge import draw_bridge, tell
from hytki_match.web.desk_access import has_just_logged_in
from hytki_match.web.drawing import draw, draw_style
from hytki_match.web.state import conversation, page_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from hytki_match.records import Language

CHAT = "chat"
PAGES = {
    CHAT: "hytki_match.web.page:show_chat",
    "privacy": "hytki_match.web.statements:show_privacy",
    "accessibility": "hytki_match.web.statements:show_accessibility",
    "insights": "hytki_match.web.insights:show_insights",
    "desk": "hytki_match.web.desk:show_desk",
}
"""Where the function of each page stands, which takes the settings and the language. It is
imported when the page is opened, so that nobody waits for what another page needs."""

HEADED = {CHAT: "web.title", "desk": "page.desk"}
"""Pages under a title that stands before anything of theirs can fail; the others draw their own."""

IN_FOOTER = (CHAT, "privacy", "accessibility")
"""Pages for everybody; the others are opened by their address."""

LANGUAGE_NAMES = {"fi": "Suomi", "en": "English"}

_log = logging.getLogger(__name__)


def show_site() -> None:
    """Draw the page that the address names; the one place of the web where errors become words."""
    st.set_page_config(page_title="HYTKI Match", page_icon="🧭", layout="centered")
    draw_style()
    draw_bridge(page_language())
    language = _language_switch()
    settings = Settings.from_environment()
    if not st.query_params and has_just_logged_in():
        st.query_params["page"] = "desk"
    name = page_name()
    if name in HEADED:
        draw("title.html", language, key=HEADED[name], level=1)
    try:
        _page(name)(settings, language)
        if name != CHAT:
            tell(say(f"page.{name}", language))
    except HytkiMatchError as error:
        _error(name, f"error.{error.code}", language, detail=str(error))
    # What no error of ours foresees: Streamlit would show it in English, and as one for developers.
    except Exception:
        _log.exception("the page %s could not be drawn", name)
        _error(name, "error.error", language)
    _footer(name, language)


def page_name() -> str:
    """Return the page that the address names; an unknown one is the chat."""
    name = st.query_params.get("page", CHAT)
    return name if name in PAGES else CHAT


def _page(name: str) -> Callable[[Settings, Language], None]:
    return cast("Callable[[Settings, Language], None]", resolve_name(PAGES[name]))


def _error(name: str, key: str, language: Language, *, detail: str = "") -> None:
    if name not in HEADED:
        draw("title.html", language, key=f"page.{name}", level=1)
    st.error(say(key, language))
    if detail:
        with st.expander(say("web.operator", language)):
            st.code(detail, language=None, wrap_lines=True)
    # Of its own: the page may have told the script something before it failed.
    tell("HYTKI Match", key="bridge-error")


def _language_switch() -> Language:
    language = page_language()
    st.session_state.setdefault("language_switch", language)
    st.segmented_control(
        say("web.language", language),
        LANGUAGES,
        format_func=LANGUAGE_NAMES.__getitem__,
        key="language_switch",
        label_visibility="collapsed",
        on_change=_switch_language,
    )
    return language


def _switch_language() -> None:
    """Carry the choice into the address; a second click on a language does not unchoose it."""
    chosen = st.session_state["language_switch"] or page_language()
    st.session_state["language_switch"] = chosen
    st.query_params["lang"] = chosen


def _footer(shown: str, language: Language) -> None:
    """Name the other pages; buttons rather than links, which would end the conversation."""
    draw("footer.html", language)
    with st.container(horizontal=True, key="footer"):
        for name in IN_FOOTER:
            if name != shown:
                st.button(
                    say(f"page.{name}", language),
                    key=f"page-{name}",
                    type="tertiary",
                    on_click=_go,
                    args=(name,),
                )


def _go(name: str) -> None:
    language = page_language()
    shown = conversation().shown
    if name == CHAT:
        parameters = shown.address.parameters() if shown else {}
        st.query_params.from_dict({**parameters, "lang": language})
    else:
        st.query_params.from_dict({"page": name, "lang": language})
