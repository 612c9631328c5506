"""The one page of the chat: question in, answer out, newest on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from hytki_match.answers.as_markdown import escape_markdown
from hytki_match.errors import HytkiMatchError, IndexMissingError
from hytki_match.language.phrases import say
from hytki_match.records import LANGUAGES, RESOURCE_TABLES
from hytki_match.service import build_if_needed
from hytki_match.settings import MAX_QUESTION_CHARS, Settings
from hytki_match.web.drawing import draw, draw_style
from hytki_match.web.state import (
    MAX_TURNS,
    Turn,
    answer_question,
    page_language,
    shared_matcher,
    turns,
)
from hytki_match.web.view import answer_view

if TYPE_CHECKING:
    from collections.abc import MutableSequence

    from hytki_match.matching import Matcher
    from hytki_match.records import Language, Table

LANGUAGE_NAMES = {"fi": "Suomi", "en": "English"}
EXAMPLES = 6


def show_page() -> None:
    """Draw the page; the one place of the web where errors become words."""
    st.set_page_config(page_title="HYTKI Match", page_icon="🧭", layout="centered")
    draw_style()
    language = _language_switch()
    settings = Settings.from_environment()
    try:
        _chat(_matcher(settings, language), settings, language)
    except HytkiMatchError as error:
        st.error(say(f"error.{error.code}", language))
        with st.expander(say("web.operator", language)):
            st.code(str(error), language=None, wrap_lines=True)


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


def _matcher(settings: Settings, language: Language) -> Matcher:
    """Open the index, after building it where there is none yet."""
    try:
        with st.spinner(say("web.loading", language)):
            return shared_matcher(settings)
    except IndexMissingError:
        bar = st.progress(0.0)

        def show(done: int, count: int) -> None:
            text = say("web.building", language, done=done, count=count)
            bar.progress(done / count, text=text)

        build_if_needed(settings, show)
        bar.empty()
        return shared_matcher(settings)


def _chat(matcher: Matcher, settings: Settings, language: Language) -> None:
    asked = turns()
    head = st.container()
    # In a container of its own the input stands here rather than at the bottom of the window,
    # where each answer would scroll past its own first sentence.
    with st.container():
        question = st.chat_input(
            say("web.ask", language), key="question", max_chars=2 * MAX_QUESTION_CHARS
        )
    question = question or st.session_state.pop("picked", None)
    regions, kinds = _filters(matcher, language)
    if question:
        asked.append(answer_question(question, regions, kinds, settings, language))
        del asked[:-MAX_TURNS]
    elif asked and (asked[-1].regions, asked[-1].kinds) != (regions, kinds):
        asked[-1] = answer_question(asked[-1].question, regions, kinds, settings, language)
    with head:
        _head(matcher, language, short=bool(asked))
    if asked:
        _conversation(asked, language)
    else:
        _examples(language)
    st.caption(say("web.about", language, version=matcher.index.manifest.version))


def _head(matcher: Matcher, language: Language, *, short: bool) -> None:
    corpus = matcher.index.corpus
    names = ", ".join(region.name.best(language)[0] for region in corpus.regions.values())
    lead = say("web.lead", language, records=len(corpus.records), regions=names)
    draw("head.html", language, lead="" if short else lead)


def _filters(matcher: Matcher, language: Language) -> tuple[tuple[str, ...], tuple[Table, ...]]:
    """Draw the filters and return what is chosen, in a fixed order."""
    corpus = matcher.index.corpus
    with st.expander(say("web.filters", language)):
        regions = st.pills(
            say("web.region", language),
            list(corpus.regions),
            selection_mode="multi",
            format_func=lambda region: escape_markdown(
                corpus.regions[region].name.best(language)[0]
            ),
            key="regions",
        )
        kinds = st.pills(
            say("web.kind", language),
            RESOURCE_TABLES,
            selection_mode="multi",
            format_func=lambda table: say(f"tables.{table}", language),
            key="kinds",
        )
    return tuple(sorted(regions)), tuple(sorted(kinds))


def _examples(language: Language) -> None:
    draw("title.html", language, key="web.examples")
    for number in range(1, EXAMPLES + 1):
        text = say(f"example.{number}", language)
        if st.button(text, key=f"example-{number}", width="stretch"):
            st.session_state["picked"] = text
            st.rerun()


def _conversation(asked: MutableSequence[Turn], language: Language) -> None:
    """Draw the newest answer in full, and the earlier ones folded under it."""
    _turn(asked[-1], language)
    if st.button(say("web.start_over", language), key="start-over"):
        asked.clear()
        st.rerun()
    earlier = asked[-2::-1]
    if not earlier:
        return
    draw("title.html", language, key="web.earlier")
    for number, turn in enumerate(earlier):
        if st.button(escape_markdown(turn.question), key=f"earlier-{number}", width="stretch"):
            st.session_state["picked"] = turn.question
            st.rerun()


def _turn(turn: Turn, language: Language) -> None:
    draw("question.html", language, question=turn.question)
    draw("answer.html", turn.answer.query.language, **answer_view(turn.answer))
