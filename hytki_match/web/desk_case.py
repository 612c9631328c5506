"""One case on the desk: its facts and limits, and around them the other parts of the page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from hytki_match.adviser.case import COMPANY_SIZES, DIMENSIONS, MAX_NEED_CHARS, STAGES
from hytki_match.adviser.steps import maturity_parts
from hytki_match.adviser.wording import advice, summary
from hytki_match.adviser.wording_where import refused_line, wishes_line
from hytki_match.answers.as_markdown import escape_markdown
from hytki_match.answers.wording import written_date
from hytki_match.language.phrases import knows, say
from hytki_match.web.desk_handover import show_handover
from hytki_match.web.desk_limits import show_limits
from hytki_match.web.desk_partners import show_compare, show_partners
from hytki_match.web.desk_parts import show_parts
from hytki_match.web.desk_state import key_of, saving
from hytki_match.web.drawing import draw_heading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hytki_match.adviser.case import Dimension
    from hytki_match.adviser.work import Work
    from hytki_match.web.desk_state import Desk


def show_case(desk: Desk, leave: Callable[[], None]) -> None:
    """Draw the open case."""
    language = desk.language
    if desk.case.parts is None and not desk.conflict:
        desk.split()
    _top(desk, leave)
    if desk.conflict:
        _conflict(desk)
        return
    with st.spinner(say("desk.working", language)):
        work = desk.work()
    # The answer first: how many partners cover how much.
    st.write(escape_markdown(summary(work.proposal, language)))
    if little := advice(work.proposal, language):
        st.info(little)
    _facts(desk, work)
    show_parts(desk, work)
    draw_heading("desk.heading_consortium", language)
    if wishes := wishes_line(work.proposal, work.corpus, language):
        st.write(escape_markdown(f"{wishes} {say('desk.change_in_limits', language)}"))
    if refused := refused_line(work.proposal, work.corpus, language):
        st.write(escape_markdown(refused))
    show_limits(desk, work)
    show_partners(desk, work)
    show_compare(desk, work)
    show_handover(desk, work)
    _history(desk)


def _top(desk: Desk, leave: Callable[[], None]) -> None:
    language, stored = desk.language, desk.stored
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.button(say("desk.back", language), on_click=leave, type="tertiary")
    right.button(say("desk.delete", language), on_click=_delete, args=(desk, leave))
    when = written_date(stored.changed_at[:10], language)
    said = say(
        "desk.saved",
        language,
        version=stored.version,
        when=f"{when} {stored.changed_at[11:16]}",
        who=stored.changed_by,
    )
    st.caption(escape_markdown(said))


def _delete(desk: Desk, leave: Callable[[], None]) -> None:
    desk.store.delete(desk.case.case_id, desk.access.who, desk.access.hub)
    st.session_state["desk_deleted"] = desk.case.case_id
    leave()


def _conflict(desk: Desk) -> None:
    """Say who was faster; nothing was overwritten, and nothing can be until it is read again."""
    error, language = desk.conflict, desk.language
    if error is None:
        return
    when = f"{written_date(error.when[:10], language)} {error.when[11:16]}"
    st.error(escape_markdown(say("desk.conflict", language, who=error.who, when=when)))
    st.button(
        say("desk.open_again", language),
        on_click=desk.open,
        args=(desk.case.case_id,),
        kwargs={"again": True},
        type="primary",
    )


def _facts(desk: Desk, work: Work) -> None:
    case, language = desk.case, desk.language
    st.text_input(
        say("desk.case_title", language),
        case.title,
        max_chars=200,
        **saving(desk, "title", partial(_set_text, desk, "title")),
    )
    with st.expander(say("desk.facts", language)):
        st.text_area(
            say("desk.need", language),
            case.need,
            max_chars=MAX_NEED_CHARS,
            height=180,
            **saving(desk, "need", partial(_set, desk, "need")),
        )
        st.button(
            say("desk.split_again", language),
            key=key_of(desk, "split"),
            help=say("desk.split_help", language),
            on_click=desk.split,
        )
        left, right = st.columns(2)
        for place, name in ((left, "company"), (right, "sector")):
            place.text_input(
                say(f"handover.{name}", language),
                getattr(case, name),
                max_chars=200,
                **saving(desk, name, partial(_set_text, desk, name)),
            )
        _choices(desk, work)
    _maturity(desk)


def _set(desk: Desk, name: str, value: str) -> None:
    desk.change(**{name: value})


def _set_text(desk: Desk, name: str, text: str) -> None:
    """Save a text on one line; a title is never empty."""
    tidied = " ".join(text.split())
    if tidied or name != "title":
        desk.change(**{name: tidied})


def _choices(desk: Desk, work: Work) -> None:
    """Draw the facts that are chosen from a list: region, size and stage."""
    case, language = desk.case, desk.language
    regions = work.corpus.regions
    lists: dict[str, tuple[Sequence[str], Callable[[str], str]]] = {
        "region": (("", *regions), lambda r: regions[r].name.best(language)[0] if r else "–"),
        "size": (COMPANY_SIZES, lambda s: say(f"size.{s}", language) if s else "–"),
        "stage": (("", *STAGES), lambda s: say(f"stage.{s}", language) if s else "–"),
    }
    for place, (name, (options, label)) in zip(st.columns(3), lists.items(), strict=True):
        chosen = getattr(case, name)
        place.selectbox(
            say(f"handover.{name}", language),
            options,
            index=options.index(chosen) if chosen in options else 0,
            format_func=label,
            **saving(desk, name, partial(_set, desk, name)),
        )
    if work.suggested_stage and not case.stage:
        stage = say(f"stage.{work.suggested_stage}", language)
        st.caption(say("desk.stage_suggested", language, stage=stage))


def _maturity(desk: Desk) -> None:
    language = desk.language
    with st.expander(say("desk.maturity", language)):
        st.caption(say("desk.maturity_note", language))
        for number, dimension in enumerate(DIMENSIONS):
            if number % 2 == 0:
                places = st.columns(2)
            places[number % 2].number_input(
                say(f"maturity.{dimension}", language),
                min_value=0,
                max_value=100,
                value=desk.case.maturity.get(dimension),
                **saving(desk, dimension, partial(_score, desk, dimension)),
            )
        found = maturity_parts(desk.case)
        if found:
            st.button(
                say("desk.maturity_add", language, count=len(found)),
                key=key_of(desk, "maturity"),
                on_click=lambda: desk.rearrange(parts=(*(desk.case.parts or ()), *found)),
            )


def _score(desk: Desk, dimension: Dimension, score: int | None) -> None:
    scores = {d: s for d, s in desk.case.maturity.items() if d != dimension}
    if score is not None:
        scores[dimension] = score
    desk.change(maturity=scores)


def _history(desk: Desk) -> None:
    language = desk.language
    with st.expander(say("desk.history", language)):
        for change in desk.store.history(desk.case.case_id, desk.access.hub):
            when = f"{written_date(change.at[:10], language)} {change.at[11:16]}"
            what = ", ".join(_field(name, desk) for name in change.what.split(", "))
            st.caption(escape_markdown(f"{change.version}. {when} {change.who}: {what}"))


def _field(name: str, desk: Desk) -> str:
    key = f"desk.change_{name}"
    return say(key, desk.language) if knows(key) else name
