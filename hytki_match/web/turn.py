"""One question with its answer, and what a reader can do with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from hytki_match.answers import answer_to_markdown, answer_to_text
from hytki_match.answers.as_markdown import escape_markdown
from hytki_match.answers.limits import kind_name, limit_label, region_label
from hytki_match.language.phrases import say
from hytki_match.web.drawing import draw
from hytki_match.web.opinions import draw_opinion, given_opinions
from hytki_match.web.state import SEARCHED, conversation
from hytki_match.web.view import answer_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from hytki_match.records import Answer, Language
    from hytki_match.settings import Settings
    from hytki_match.web.state import Conversation, Turn

FOLLOW_UPS = 3
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_turn(
    turn: Turn,
    talk: Conversation,
    settings: Settings,
    language: Language,
    *,
    newest: str,
    start_over: Callable[[], None],
) -> None:
    """Draw a turn; ``newest`` is the index version that serves now."""
    draw(
        "question.html",
        language,
        question=turn.question,
        spoken=turn.answer.query.language,
        before=turn.address.questions[:-1],
    )
    _chips(turn, language, start_over)
    if turn.answer.index_version not in ("", newest):
        draw("notice.html", language, key="web.newer_index")
    answer = turn.answer
    feedback = bool(settings.feedback_file)
    draw(
        "answer.html",
        answer.query.language,
        **answer_view(answer),
        page_language=language,
        feedback=feedback,
        opinions=given_opinions(talk, turn),
    )
    _follow_ups(turn)
    if answer.resources:
        _take_away(turn, language)
    if feedback:
        draw_opinion(turn, settings, language)


def _chips(turn: Turn, language: Language, start_over: Callable[[], None]) -> None:
    """Show what was understood as limits, each with a click to remove it, "edit", "start over"."""
    answer = turn.answer
    with st.container(horizontal=True, key="chips"):
        for region in turn.regions:
            label = say("limit.region", language, value=region_label(region, answer, language))
            _chip(label, f"region-{region}", language, partial(_unfilter, "regions", region))
        for kind in turn.kinds:
            label = say("limit.kind", language, value=kind_name(kind, language))
            _chip(label, f"kind-{kind}", language, partial(_unfilter, "kinds", kind))
        # Of what was not searched no limit is in force.
        searched = answer.state in SEARCHED
        limits = (*answer.query.constraints, *answer.query.unwanted)
        # What is also set as a filter has its chip already.
        shown = {f"region:{one}" for one in turn.regions} | {f"kind:{one}" for one in turn.kinds}
        for constraint in limits if searched else ():
            if constraint.key not in turn.without and constraint.key not in shown:
                label = limit_label(constraint, answer, language)
                _chip(label, constraint.key, language, partial(_remove, constraint.key))
        st.button(
            say("web.edit", language),
            key="edit",
            type="tertiary",
            on_click=_edit,
            args=(turn,),
        )
        st.button(
            say("web.start_over", language), key="start-over", type="tertiary", on_click=start_over
        )


def _chip(label: str, key: str, language: Language, remove: Callable[[], None]) -> None:
    text = say("web.remove_limit", language, limit=escape_markdown(label))
    st.button(text, key=f"chip-{key}", on_click=remove)


def _unfilter(name: str, value: str) -> None:
    st.session_state[name] = [kept for kept in st.session_state[name] if kept != value]


def _remove(key: str) -> None:
    shown = conversation().shown
    st.session_state["without"] = (*(shown.without if shown else ()), key)


def _edit(turn: Turn) -> None:
    """Put the question back into the input; what is asked next takes its place."""
    st.session_state["question"] = turn.question
    conversation().editing = True


def _follow_ups(turn: Turn) -> None:
    """Offer further questions; they speak the answer's language."""
    language = turn.answer.query.language
    questions = turn.answer.follow_ups[:FOLLOW_UPS]
    if not questions:
        return
    draw("title.html", language, key="web.follow_ups", level=2)
    with st.container(horizontal=True, key=f"lang-{language}-follow-ups"):
        for number, question in enumerate(questions):
            st.button(
                escape_markdown(question),
                key=f"follow-up-{number}",
                on_click=_ask,
                args=(question,),
            )


def _ask(question: str) -> None:
    st.session_state["picked"] = question


def _take_away(turn: Turn, language: Language) -> None:
    """Let the answer be carried onward; the files are made when they are asked for."""
    answer = turn.answer
    with st.expander(say("web.take_away", language)):
        draw("take_away.html", language, text=answer_to_text(answer))
        with st.container(horizontal=True, key="downloads"):
            for name, kind, make in (
                ("md", "text/markdown", lambda: answer_to_markdown(answer).encode()),
                ("csv", "text/csv", partial(_table, answer, "csv")),
                ("xlsx", XLSX_TYPE, partial(_table, answer, "xlsx")),
            ):
                st.download_button(
                    say(f"web.download_{name}", language),
                    make,
                    file_name=f"hytki-match.{name}",
                    mime=kind,
                    key=f"download-{name}",
                    on_click="ignore",
                )


def _table(answer: Answer, form: str) -> bytes:
    """Return the resources as a file; its library is imported only when somebody wants one."""
    from hytki_match.answers.as_table import answer_to_csv, answer_to_xlsx

    return answer_to_csv(answer).encode() if form == "csv" else answer_to_xlsx(answer)
