"""Whether an answer was of use: asked and stored only where the operator turned it on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import streamlit as st

from hytki_match.errors import FeedbackError
from hytki_match.language.phrases import say
from hytki_match.web.bridge import opinion
from hytki_match.web.drawing import draw
from hytki_match.web.state import conversation

if TYPE_CHECKING:
    from pathlib import Path

    from hytki_match.feedback import FeedbackStore
    from hytki_match.records import Language
    from hytki_match.settings import Settings
    from hytki_match.web.state import Conversation, Turn

WHOLE_ANSWER = ""
"""Stands for the answer as a whole where a record's id would stand."""

REASON_CHARS = 500

_log = logging.getLogger(__name__)


@st.cache_resource(show_spinner=False)
def feedback_store(file: Path) -> FeedbackStore:
    """Return the store, opened once per server.

    Raises
    ------
    FeedbackError
    """
    # SQLAlchemy takes a fifth of a second to import: only where feedback is on.
    from hytki_match.feedback import FeedbackStore

    return FeedbackStore(file)


def remember_unanswered(turn: Turn, settings: Settings) -> None:
    """Store a question that found nothing; the reader's answer never hangs on it."""
    if not settings.feedback_file or turn.answer.state not in ("weak", "none"):
        return
    try:
        feedback_store(settings.feedback_file).add_unanswered(turn.answer)
    except FeedbackError:
        _log.exception("an unanswered question was not stored")


def given_opinions(talk: Conversation, turn: Turn) -> dict[str, bool]:
    """Return what the visitor said of a turn's hits, by record."""
    return {doc_id: value for (key, doc_id), (_, value) in talk.opinions.items() if key == turn.key}


def hit_was_judged(settings: Settings) -> None:
    """Store what a click on a hit said."""
    said = opinion()
    turn = conversation().shown
    doc_id = str(said.get("doc_id", ""))
    # The browser sends this, so it is believed only of a record that the answer shows.
    if turn and doc_id in {match.record.doc_id for match in turn.answer.resources}:
        _store(turn, doc_id, settings, useful=said.get("useful") is True)


def draw_opinion(turn: Turn, settings: Settings, language: Language) -> None:
    """Ask whether the answer was of use and, once somebody has said it, why."""
    draw("title.html", language, key="feedback.title", level=2)
    st.segmented_control(
        say("feedback.title", language),
        ("yes", "no"),
        format_func=lambda value: say(f"feedback.{value}", language),
        key=f"useful-{abs(hash(turn.key))}",
        label_visibility="collapsed",
        on_change=_answer_was_judged,
        args=(turn, f"useful-{abs(hash(turn.key))}", settings),
    )
    if st.session_state.get("feedback_failed"):
        st.warning(say("error.feedback", language))
    if given_opinions(conversation(), turn):
        _ask_why(turn, settings, language)


def _ask_why(turn: Turn, settings: Settings, language: Language) -> None:
    with st.form("why", clear_on_submit=True, border=False, enter_to_submit=False):
        reason = st.text_input(
            say("feedback.why", language), key="why-text", max_chars=REASON_CHARS
        )
        sent = st.form_submit_button(say("feedback.send", language))
    if sent and reason:
        last = next(n for (key, _), (n, _) in _newest_first() if key == turn.key)
        if settings.feedback_file:
            feedback_store(settings.feedback_file).change_opinion(last, reason=reason)
            draw("notice.html", language, key="feedback.thanks")


def _newest_first() -> list[tuple[tuple[str, str], tuple[int, bool]]]:
    return list(conversation().opinions.items())[::-1]


def _answer_was_judged(turn: Turn, widget: str, settings: Settings) -> None:
    value = st.session_state[widget]
    if value:
        _store(turn, WHOLE_ANSWER, settings, useful=value == "yes")


def _store(turn: Turn, doc_id: str, settings: Settings, *, useful: bool) -> None:
    """Store an opinion; a second one on the same thing changes the first."""
    if not settings.feedback_file:
        return
    opinions = conversation().opinions
    known = opinions.pop((turn.key, doc_id), None)
    st.session_state["feedback_failed"] = False
    try:
        store = feedback_store(settings.feedback_file)
        if known:
            store.change_opinion(known[0], useful=useful)
            number = known[0]
        else:
            number = store.add_opinion(turn.answer, doc_id, useful=useful)
    except FeedbackError:
        _log.exception("an opinion was not stored")
        st.session_state["feedback_failed"] = True
    else:
        opinions[turn.key, doc_id] = (number, useful)
