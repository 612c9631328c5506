"""The adviser's desk: the list of cases, and the way to one of them."""

from __future__ import annotations

from importlib.resources import files
from textwrap import shorten
from typing import TYPE_CHECKING

import streamlit as st

from hytki_match.adviser.case import MAX_NEED_CHARS, Case
from hytki_match.adviser.reading import checked_need, read_need
from hytki_match.answers.as_markdown import escape_markdown
from hytki_match.answers.wording import written_date
from hytki_match.errors import CaseMissingError, NeedError
from hytki_match.language.phrases import say
from hytki_match.web.desk_access import current_access
from hytki_match.web.desk_case import show_case
from hytki_match.web.desk_state import CASE, Desk
from hytki_match.web.drawing import draw_heading

if TYPE_CHECKING:
    from hytki_match.adviser.storage import CaseLine
    from hytki_match.records import Language
    from hytki_match.settings import Settings
    from hytki_match.web.desk_access import Access

FILE_KINDS = ["txt", "docx", "pdf"]


TITLE_CHARS = 70
"""Of a need without a title so much of its beginning stands for one."""


def show_desk(settings: Settings, language: Language) -> None:
    """Draw the desk for those who may see it."""
    _style()
    access = current_access()
    if not access.is_open:
        _closed(access, language)
        return
    _who(access, language)
    desk = Desk(settings, access, language)
    case_id = st.query_params.get(CASE)
    if not case_id:
        _list(desk)
        return
    try:
        desk.open(case_id)
    except CaseMissingError:
        st.warning(say("desk.case_missing", language))
        _list(desk)
        return
    show_case(desk, leave=_leave)


def _style() -> None:
    css = (files("hytki_match.web") / "desk.css").read_text(encoding="utf-8")
    st.html(f"<style>{css}</style>")


def _closed(access: Access, language: Language) -> None:
    st.info(say(access.reason, language))
    if access.reason == "desk.log_in":
        st.button(say("desk.log_in_button", language), on_click=st.login, type="primary")
    if access.reason == "desk.no_adviser":
        # Another account may be an adviser's: without a way out the provider would not ask again.
        st.button(say("desk.log_out", language), on_click=st.logout)


def _who(access: Access, language: Language) -> None:
    if access.reason:
        st.caption(say(access.reason, language))
        return
    left, right = st.columns([4, 1])
    left.caption(say("desk.logged_in", language, who=escape_markdown(access.who)))
    right.button(say("desk.log_out", language), on_click=st.logout, type="tertiary")


def _leave() -> None:
    """Go back to the list; the address forgets the case."""
    st.query_params.pop(CASE, None)


def _enter(case_id: str) -> None:
    st.query_params[CASE] = case_id


def _list(desk: Desk) -> None:
    language = desk.language
    _deleted_notice(desk)
    _new(desk)
    lines = desk.store.list_cases(desk.access.hub)
    draw_heading("desk.cases", language)
    if not lines:
        st.write(say("desk.no_cases", language))
    for line in lines:
        left, right = st.columns([3, 2], vertical_alignment="center")
        left.button(
            escape_markdown(line.title),
            key=f"open-{line.case_id}",
            on_click=_enter,
            args=(line.case_id,),
            width="stretch",
        )
        right.caption(_changed(line, language))
    _deleted(desk)


def _changed(line: CaseLine, language: Language) -> str:
    when = written_date(line.changed_at[:10], language)
    return escape_markdown(say("desk.changed", language, when=when, who=line.changed_by))


def _new(desk: Desk) -> None:
    """Draw the form of a new case: a title, and the need typed, pasted or dropped in."""
    language = desk.language
    with st.form("new-case", border=True):
        draw_heading("desk.new", language)
        title = st.text_input(say("desk.case_title", language), max_chars=200)
        need = st.text_area(
            say("desk.need", language), max_chars=MAX_NEED_CHARS, height=180, key="new-need"
        )
        file = st.file_uploader(say("desk.file", language), FILE_KINDS)
        sent = st.form_submit_button(say("desk.create", language), type="primary")
    if not sent:
        return
    try:
        text = read_need(file.name, file.getvalue()) if file else checked_need(need)
    except NeedError as error:
        why = say(f"error.need_{error.reason}", language, **error.facts)
        st.error(f"{say('error.need', language)} {escape_markdown(why)}")
        return
    name = " ".join(title.split()) or shorten(text, TITLE_CHARS, placeholder=" …")
    _enter(desk.create(Case("", name, text, language=language)))
    st.rerun()


def _deleted_notice(desk: Desk) -> None:
    """Offer to undo a deletion right after it."""
    case_id = st.session_state.get("desk_deleted")
    if case_id and any(line.case_id == case_id for line in _away(desk)):
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.success(say("desk.deleted", desk.language))
        right.button(say("desk.undo", desk.language), on_click=_restore, args=(desk, case_id))


def _away(desk: Desk) -> list[CaseLine]:
    return desk.store.list_cases(desk.access.hub, deleted=True)


def _restore(desk: Desk, case_id: str) -> None:
    desk.store.restore(case_id, desk.access.who, desk.access.hub)
    st.session_state.pop("desk_deleted", None)


def _erase(desk: Desk, case_id: str) -> None:
    desk.store.erase(case_id, desk.access.hub)


def _deleted(desk: Desk) -> None:
    away, language = _away(desk), desk.language
    if not away:
        return
    with st.expander(say("desk.deleted_cases", language)):
        st.caption(say("desk.deleted_note", language))
        for line in away:
            title, back, gone = st.columns([3, 1, 1], vertical_alignment="center")
            title.write(escape_markdown(line.title))
            back.button(
                say("desk.restore", language),
                key=f"restore-{line.case_id}",
                on_click=_restore,
                args=(desk, line.case_id),
            )
            with gone.popover(say("desk.erase", language)):
                st.write(say("desk.erase_sure", language))
                st.button(
                    say("desk.erase_yes", language),
                    key=f"erase-{line.case_id}",
                    on_click=_erase,
                    args=(desk, line.case_id),
                )
