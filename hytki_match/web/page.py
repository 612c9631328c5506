"""The chat: question in, answer out, the newest on top."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from hytki_match.answers import summary
from hytki_match.answers.as_markdown import escape_markdown
from hytki_match.answers.wording import written_date
from hytki_match.errors import IndexMissingError
from hytki_match.language.phrases import say
from hytki_match.records import RESOURCE_TABLES
from hytki_match.service import build_if_needed
from hytki_match.settings import MAX_QUESTION_CHARS
from hytki_match.web.address import Address, read_address
from hytki_match.web.bridge import tell
from hytki_match.web.drawing import draw, render
from hytki_match.web.opinions import hit_was_judged, remember_unanswered
from hytki_match.web.search import Search, start, wait_for
from hytki_match.web.state import ask, conversation, page_language, reproduce, shared_matcher
from hytki_match.web.turn import draw_turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.delta_generator import DeltaGenerator

    from hytki_match.matching import Matcher
    from hytki_match.records import Corpus, Language, Table
    from hytki_match.settings import Settings
    from hytki_match.web.search import Cause
    from hytki_match.web.state import Conversation, Turn

ROLES = ("company", "researcher", "public")
EXAMPLES_PER_ROLE = 2

NEED_EXAMPLES = ("none", "chat", "empty")
HELP = ("crisis", "ill")
"""Talk that is answered by whom to call, and by nothing beside it."""
"""States of an answer after which a reader may wonder what to ask."""


def show_chat(settings: Settings, language: Language) -> None:
    """Draw the chat.

    Raises
    ------
    HytkiMatchError
        When the index cannot be opened or built.
    """
    matcher = open_index(settings, language)
    corpus = matcher.index.corpus
    talk = conversation()
    _follow_address(talk, corpus, settings, language)
    head = st.empty()
    # In a container of its own the input stands here rather than at the bottom of the window,
    # where each answer would scroll past its own first sentence.
    with st.container():
        question = st.chat_input(
            say("web.ask", language), key="question", max_chars=2 * MAX_QUESTION_CHARS
        )
    question = question or st.session_state.pop("picked", None)
    regions, kinds = _filters(corpus, language)
    place = st.empty()
    # What stands above the input stays until the answer comes, so that the input does not jump.
    _head(head, corpus, language, short=bool(talk.shown or _is_linked(talk)))
    _answer(talk, question, Address((), regions, kinds), settings, language, place)
    _head(head, corpus, language, short=bool(talk.shown))
    _write_address(talk, language)
    # Before the answer, so that its buttons are heard from the first moment.
    _bridge(talk, settings, language)
    if talk.stopped:
        # Where the button stood: what comes after it stays in its place.
        place.html(render("notice.html", language, key="web.stopped"))
        talk.stopped = False
    if talk.shown:
        newest = matcher.index.manifest.version
        draw_turn(talk.shown, talk, settings, language, newest=newest, start_over=_start_over)
    needs_help = talk.shown is not None and talk.shown.answer.talk in HELP
    if not needs_help and (not talk.shown or talk.shown.answer.state in NEED_EXAMPLES):
        _examples(language)
    _earlier(talk, language)


def open_index(settings: Settings, language: Language) -> Matcher:
    """Open the index, after building it where there is none yet.

    Raises
    ------
    HytkiMatchError
    """
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


def _follow_address(
    talk: Conversation, corpus: Corpus, settings: Settings, language: Language
) -> None:
    """Show what the address asks where it is not as the page wrote it: a link, or "back"."""
    parameters = {name: st.query_params.get_all(name) for name in st.query_params}
    wanted = read_address(parameters, corpus.regions)
    if wanted == talk.address:
        return
    talk.address = wanted
    known = next((turn for turn in talk.turns if turn.address == wanted), None)
    if known or not wanted:
        talk.show(known)
    else:
        job = partial(reproduce, wanted, settings, language)
        talk.begin(Search(wanted.questions[-1], "address", False, start(job)))
    _set_filters(*((wanted.regions, wanted.kinds) if wanted else ((), ())))


def _is_linked(talk: Conversation) -> bool:
    """Tell whether the first answer of a visit is on its way: somebody followed a link to it."""
    return talk.search is not None and talk.search.cause == "address"


def _answer(
    talk: Conversation,
    question: str | None,
    limits: Address,
    settings: Settings,
    language: Language,
    place: DeltaGenerator,
) -> None:
    """Answer a new question, or the one shown again when its limits have changed."""

    def begin(text: str, cause: Cause, before: Sequence[Turn], limits: Address) -> None:
        job = partial(ask, text, tuple(before), limits, settings, language)
        instead = cause == "limits" or talk.editing
        talk.begin(Search(text, cause, instead, start(job)))

    without = st.session_state.pop("without", None)
    if question:
        kept = talk.shown.without if talk.shown else ()
        before = talk.turns[:-1] if talk.editing else talk.turns
        begin(question, "question", before, replace(limits, without=kept))
    _finish(talk, settings, language, place)
    shown = talk.shown
    if not shown:
        return
    limits = replace(limits, without=shown.without if without is None else tuple(sorted(without)))
    if (shown.regions, shown.kinds, shown.without) != (
        limits.regions,
        limits.kinds,
        limits.without,
    ):
        begin(shown.question, "limits", talk.turns[:-1], limits)
        _finish(talk, settings, language, place)


def _finish(
    talk: Conversation, settings: Settings, language: Language, place: DeltaGenerator
) -> None:
    """Wait for the search that runs, if any, and show its answer."""
    search = talk.search
    if not search:
        return
    wait_for(search, place, language, _stop)
    talk.search = None
    turn = search.found.result()
    talk.add(turn, instead=search.instead)
    if search.cause == "question":
        remember_unanswered(turn, settings)


def _stop() -> None:
    """End the search: the page is again what it was, and the question waits in the input."""
    talk = conversation()
    search = talk.search
    if not search:
        return
    talk.begin(None)
    talk.stopped = True
    if search.cause != "limits":
        st.session_state["question"] = search.question
    if talk.shown:
        _set_filters(talk.shown.regions, talk.shown.kinds)
    _go_to(talk)


def _set_filters(regions: Sequence[str], kinds: Sequence[Table]) -> None:
    st.session_state["regions"] = list(regions)
    st.session_state["kinds"] = list(kinds)


def _go_to(talk: Conversation) -> None:
    """Let the address say what is shown."""
    talk.address = talk.shown.address if talk.shown else None
    parameters = talk.address.parameters() if talk.address else {}
    st.query_params.from_dict({**parameters, "lang": page_language()})


def _filters(corpus: Corpus, language: Language) -> tuple[tuple[str, ...], tuple[Table, ...]]:
    """Draw the filters and return what is chosen, in a fixed order."""
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


def _head(place: DeltaGenerator, corpus: Corpus, language: Language, *, short: bool) -> None:
    """Say what this is and what it knows; nothing more once somebody has asked."""
    if short:
        place.empty()
        return
    names = [region.name.best(language)[0] for region in corpus.regions.values()]
    newest = max((record.as_of for record in corpus.records.values()), default="")
    html = render(
        "head.html",
        language,
        lead=say(
            "web.lead",
            language,
            records=len(corpus.records),
            regions=len(names),
            # A date is one word, also at the end of a line.
            date=written_date(newest, language).replace("-", "\N{NON-BREAKING HYPHEN}"),
        ),
        # What stands in brackets explains a region; here its name is enough.
        regions=", ".join(name.split(" (")[0] for name in names),
    )
    place.html(html)


def _write_address(talk: Conversation, language: Language) -> None:
    """Let the address say what is shown, where it does not yet."""
    wanted = talk.shown.address.parameters() if talk.shown else {}
    said = {name: st.query_params.get_all(name) for name in st.query_params}
    if said != {**wanted, "lang": [language]} and (wanted or said):
        _go_to(talk)


def _examples(language: Language) -> None:
    """Offer questions that have good answers, by the role of who might ask them."""
    draw("title.html", language, key="web.examples", level=2)
    for column, role in zip(st.columns(len(ROLES)), ROLES, strict=True):
        with column:
            draw("title.html", language, key=f"role.{role}", level=3)
            for number in range(1, EXAMPLES_PER_ROLE + 1):
                text = say(f"example.{role}_{number}", language)
                key = f"example-{role}-{number}"
                st.button(text, key=key, width="stretch", on_click=_pick, args=(text,))


def _earlier(talk: Conversation, language: Language) -> None:
    """List the earlier questions; a click shows the answer again as it was."""
    # One line for a question, also where it was asked within several limits.
    newest = {turn.question: turn for turn in talk.turns}
    earlier = [turn for turn in newest.values() if turn is not talk.shown][::-1]
    if not earlier:
        return
    draw("title.html", language, key="web.earlier", level=2)
    for number, turn in enumerate(earlier):
        st.button(
            escape_markdown(turn.question),
            key=f"earlier-{number}",
            type="tertiary",
            on_click=_show_again,
            args=(turn,),
        )


def _pick(question: str) -> None:
    st.session_state["picked"] = question


def _start_over() -> None:
    talk = conversation()
    talk.clear()
    _set_filters((), ())
    _go_to(talk)


def _show_again(turn: Turn) -> None:
    """Bring an earlier turn to the top, with the filters it had."""
    talk = conversation()
    talk.show(turn)
    _set_filters(turn.regions, turn.kinds)
    _go_to(talk)


def _bridge(talk: Conversation, settings: Settings, language: Language) -> None:
    turn = talk.shown
    tell(
        say("web.page_title", language, question=turn.question) if turn else "HYTKI Match",
        turn=turn.key if turn else "",
        announcement=summary(turn.answer) if turn else "",
        spoken=turn.answer.query.language if turn else None,
        note=say("web.stopped", language) if talk.stopped else "",
        ready=talk.editing or talk.stopped,
        on_opinion=lambda: hit_was_judged(settings),
    )
