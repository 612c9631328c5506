"""The page's own script: language of the document, announcement, copying, printing, opinions.

Streamlit gives a page neither a language nor words of its own, so this small component does.
What it gets is data; it never makes markup of it.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import streamlit as st

from hytki_match.language.phrases import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streamlit.components.v2.types import ComponentRenderer

    from hytki_match.records import Language

KEY = "bridge"
NAME = "hytki_match_bridge"

STOPPED = "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in "
BUILT_IN = {
    "Send message": "built_in.send",
    "Main menu": "built_in.main_menu",
    "Skip to main content": "built_in.skip",
    "Close": "built_in.close",
    "Copy to clipboard": "built_in.copy",
    "Copied": "web.copied",
    "Upload": "built_in.upload",
    "file upload": "built_in.upload",
    "#MB per file • TXT, DOCX, PDF": "built_in.upload_limit",
    "#MB per file": "built_in.upload_limit",
    "Drag and drop a file here": "built_in.drop",
    "Choose an option": "built_in.choose",
    "Choose options": "built_in.choose",
    "Select all": "built_in.select_all",
    "Clear all": "built_in.clear",
    "Clear value": "built_in.clear",
    "No results": "built_in.no_results",
    "# options available.": "built_in.options",
    "# option available.": "built_in.option",
    "close icon": "built_in.remove",
    "Connection error": "built_in.connection",
    f"{STOPPED}your terminal:": "built_in.no_server",
    "Streamlit server is not responding. Are you connected to the internet?": "built_in.no_server",
}
"""Streamlit's own English, and the phrase that stands in its place; "#" is any number."""


def draw_bridge(language: Language) -> None:
    """Put the script on the page: first of all, so that the document soon has its language."""
    words = {built_in: say(key, language) for built_in, key in BUILT_IN.items()}
    data = {"language": language, "words": words, "copied": say("web.copied", language)}
    _component()(key=f"{KEY}-page", data=data)


def tell(
    title: str,
    *,
    key: str = KEY,
    turn: str = "",
    announcement: str = "",
    spoken: Language | None = None,
    note: str = "",
    ready: bool = False,
    on_opinion: Callable[[], None] | None = None,
) -> None:
    """Tell the script what the page shows.

    Parameters
    ----------
    title
        Of the document.
    key
        Another one where a page tells twice in one run.
    turn, announcement
        What names the answer shown, and its first sentence: read out once when ``turn`` changes.
    spoken
        The language of the announcement; None for that of the page.
    note
        Something else to read out, once.
    ready
        Tells that the input waits for a question being edited: the keyboard goes there.
    on_opinion
        Called when a reader says whether a hit was useful; :func:`opinion` then tells what.
    """
    data = {
        "title": title,
        "turn": turn,
        "announcement": announcement,
        "spoken": spoken,
        "note": note,
        "ready": ready,
    }
    _component()(key=key, data=data, on_opinion_change=on_opinion or _ignore)


def opinion() -> Mapping[str, Any]:
    """Return the opinion that a click gave: ``{"doc_id": …, "useful": …}``, or nothing."""
    state = st.session_state.get(KEY) or {}
    found: Mapping[str, Any] = state.get("opinion") or {}
    return found


def _component() -> ComponentRenderer:
    return st.components.v2.component(NAME, html="<div></div>", js=_script(), isolate_styles=False)


@lru_cache(maxsize=1)
def _script() -> str:
    return (files("hytki_match.web") / "bridge.js").read_text(encoding="utf-8")


def _ignore() -> None:
    """Do nothing: a page without opinions."""
