"""A search beside the page's own run: one that takes long can be stopped, and none gets lost.

Streamlit ends the run of a page whenever a visitor clicks anything. The search goes on meanwhile,
and the next run waits for it, unless it was stopped or another question took its place.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import streamlit as st

from hytki_match.language.phrases import say
from hytki_match.web.drawing import draw

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.delta_generator import DeltaGenerator

    from hytki_match.records import Language
    from hytki_match.web.state import Turn

THREADS = 4
"""Searches at a time, of all visitors together: more would only slow each other down."""

PATIENCE_SECONDS = 0.6
"""An answer usually comes within this; a word about waiting would only flash by."""

LISTEN_SECONDS = 0.05
"""How often a waiting page looks whether its visitor has clicked anything."""


Cause = Literal["question", "limits", "address"]
"""What a search came from: a new question, changed limits of the last one, or an address."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search that runs.

    Parameters
    ----------
    instead
        Whether its answer takes the place of the last one.
    """

    question: str
    cause: Cause
    instead: bool
    found: Future[Turn]

    def stop(self) -> None:
        """Give it up: it never begins or, having begun, ends unseen."""
        self.found.cancel()


def start(job: Callable[[], Turn]) -> Future[Turn]:
    """Let a search begin as soon as a thread is free."""
    return _threads().submit(job)


def wait_for(
    search: Search, place: DeltaGenerator, language: Language, on_stop: Callable[[], None]
) -> None:
    """Wait for the answer; after a moment, show that the search runs and a button to stop it.

    Streamlit ends the run in here when the visitor does anything or leaves.
    """
    if not wait([search.found], PATIENCE_SECONDS).done:
        with place.container(horizontal=True, vertical_alignment="center", key="searching"):
            draw("searching.html", language)
            st.button(say("web.stop", language), key="stop", on_click=on_stop)
        while not wait([search.found], LISTEN_SECONDS).done:
            # Reading the session's state is where Streamlit looks for clicks.
            st.session_state.get("question")
        place.empty()


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="search")
