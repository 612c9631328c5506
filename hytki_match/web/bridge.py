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

    from hytki_match.records import Language

KEY = "bridge"

STOPPED = "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in "
BUILT_IN = {
    "Send message": "built_in.send",
    "Main menu": "built_in.main_menu",
    "Skip to main content": "built_in.skip",
    "Close": "built_in.close",
    "Connection error": "built_in.connection",
    f"{STOPPED}your terminal:": "built_in.no_server",
    "Streamlit server is not responding. Are you connected to the internet?": "built_in.no_server",
}
"""Streamlit's own English, and the phrase that stands in its place."""


def draw_bridge(
    language: Language,
    *,
    title: str,
    turn: str = "",
    announcement: str = "",
    ready: bool = False,
    on_opinion: Callable[[], None] | None = None,
) -> None:
    """Put the script on the page.

    Parameters
    ----------
    turn, announcement
        What names the answer shown, and its first sentence: read out once when ``turn`` changes.
    ready
        Tells that the input waits for a question being edited: the keyboard goes there.
    on_opinion
        Called when a reader says whether a hit was useful; :func:`opinion` then tells what.
    """
    data = {
        "language": language,
        "title": title,
        "turn": turn,
        "announcement": announcement,
        "ready": ready,
        "words": _words(language),
        "copied": say("web.copied", language),
    }
    component = st.components.v2.component(
        "hytki_match_bridge", html="<div></div>", js=_script(), isolate_styles=False
    )
    component(key=KEY, data=data, on_opinion_change=on_opinion or _ignore)


def opinion() -> Mapping[str, Any]:
    """Return the opinion that a click gave: ``{"doc_id": …, "useful": …}``, or nothing."""
    state = st.session_state.get(KEY) or {}
    found: Mapping[str, Any] = state.get("opinion") or {}
    return found


def _words(language: Language) -> dict[str, str]:
    """Return the words that Streamlit shows in English, with ours in the page's language."""
    return {built_in: say(key, language) for built_in, key in BUILT_IN.items()}


@lru_cache(maxsize=1)
def _script() -> str:
    return (files("hytki_match.web") / "bridge.js").read_text(encoding="utf-8")


def _ignore() -> None:
    """Do nothing: a page without opinions."""
