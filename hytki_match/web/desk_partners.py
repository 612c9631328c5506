"""The partners on the desk: the matrix, the shortlist with its order, and the comparison."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from hytki_match.adviser.case import STATUSES, Entry
from hytki_match.adviser.handover.content import capitalised, contact_name, letter, matrix
from hytki_match.adviser.wording import (
    alternative_line,
    link_reason,
    name_of,
    percent,
    place_of,
    topics_label,
    with_age,
)
from hytki_match.answers import ways_to
from hytki_match.answers.as_markdown import escape_markdown
from hytki_match.answers.wording import kind_label, web_addresses, written_date
from hytki_match.language.phrases import say
from hytki_match.web.desk_state import key_of, saving
from hytki_match.web.drawing import draw

if TYPE_CHECKING:
    from collections.abc import Callable

    from hytki_match.adviser.case import Status
    from hytki_match.adviser.work import Work
    from hytki_match.web.desk_state import Desk

MAX_NOTE_CHARS = 1000
MOST_COMPARED = 4


def show_partners(desk: Desk, work: Work) -> None:
    """Draw the matrix, and the partners in the adviser's order."""
    language = desk.language
    if work.partners:
        draw("desk_matrix.html", language, **_matrix(work, desk))
    for place, partner_id in enumerate(work.partners):
        with st.container(border=True):
            draw("desk_partner.html", language, **_partner(work, desk, place, partner_id))
            _buttons(desk, work, place, partner_id)
            _entry(desk, work, partner_id)
    _dropped(desk, work)
    _pin_another(desk, work)
    if work.alternatives:
        with st.expander(say("desk.heading_alternatives", language)):
            for found in work.alternatives:
                st.write(
                    escape_markdown(alternative_line(found, work.proposal, work.corpus, language))
                )


def _matrix(work: Work, desk: Desk) -> dict[str, Any]:
    grid = matrix(work, desk.language)
    rows = [
        [
            {
                "text": cell.text,
                "strong": cell.strong,
                "fit": f"{cell.shade:.0%}" if cell.shade else "",
            }
            for cell in row
        ]
        for row in grid.rows
    ]
    names = [name_of(partner, work.corpus, desk.language) for partner in work.partners]
    return {"header": grid.header[0], "letters": grid.header[1:], "names": names, "rows": rows}


def _partner(work: Work, desk: Desk, place: int, partner_id: str) -> dict[str, Any]:
    record, language = work.corpus.records[partner_id], desk.language
    reasons = []
    for number, found in enumerate(work.proposal.parts, start=1):
        link = next((k for k in found.links if k.partner_id == partner_id), None)
        if link and partner_id in found.covered_by:
            why = link_reason(link, work.corpus, language)
            reasons.append(say("handover.why", language, number=number, why=why))
    contacts = [work.corpus.contacts[c] for c in work.proposal.partners[partner_id].contacts]
    today = work.today.isoformat()
    return {
        "id": partner_id,
        "title": f"{letter(place)}. {name_of(partner_id, work.corpus, language)}",
        "facts": f"{capitalised(kind_label(record, language))} · "
        f"{place_of(record, work.corpus, language)}",
        "reasons": reasons or [say("handover.pinned", language)],
        "contacts": [
            {"who": with_age(contact_name(c, language), c, language, today), "ways": ways_to(c)}
            for c in contacts
        ],
        "url": next(iter(web_addresses([record.url])), ""),
        "sources": web_addresses(record.sources),
        "date": written_date(record.as_of, language),
    }


def _buttons(desk: Desk, work: Work, place: int, partner_id: str) -> None:
    language, limits = desk.language, desk.case.limits
    pinned = partner_id in limits.must
    name = name_of(partner_id, work.corpus, language)
    with st.container(horizontal=True):
        _button(
            desk,
            "unpin" if pinned else "pin",
            partner_id,
            name,
            lambda: _pin(desk, partner_id, pinned=not pinned),
        )
        _button(desk, "drop", partner_id, name, lambda: _drop(desk, partner_id))
        if place:
            _button(desk, "up", partner_id, name, lambda: _move(desk, work, place, place - 1))
        if place + 1 < len(work.partners):
            _button(desk, "down", partner_id, name, lambda: _move(desk, work, place, place + 1))


def _button(desk: Desk, what: str, partner_id: str, name: str, act: Callable[[], None]) -> None:
    st.button(
        say(f"desk.{what}", desk.language),
        key=key_of(desk, f"{what}-{partner_id}"),
        help=say(f"desk.{what}_help", desk.language, name=escape_markdown(name)),
        on_click=act,
    )


def _entry(desk: Desk, work: Work, partner_id: str) -> None:
    """Draw status and note, which are the adviser's own."""
    entry, language = _find(desk, partner_id), desk.language
    left, right = st.columns([1, 3])
    left.selectbox(
        say("handover.state", language),
        STATUSES,
        index=STATUSES.index(entry.status),
        format_func=lambda status: say(f"status.{status}", language),
        **saving(
            desk, f"status-{partner_id}", lambda status: _set_status(desk, work, entry, status)
        ),
    )
    right.text_input(
        say("handover.remark", language),
        entry.note,
        max_chars=MAX_NOTE_CHARS,
        **saving(
            desk,
            f"note-{partner_id}",
            lambda note: _put(desk, work, replace(_find(desk, partner_id), note=note.strip())),
        ),
    )
    date_of = entry.dates.get(entry.status)
    if date_of:
        left.caption(written_date(date_of, language))


def _find(desk: Desk, partner_id: str) -> Entry:
    found = (entry for entry in desk.case.shortlist if entry.partner_id == partner_id)
    return next(found, Entry(partner_id))


def _entries(desk: Desk, work: Work) -> list[Entry]:
    """Return an entry for each partner in order, and those of earlier partners behind them."""
    shown = [_find(desk, partner_id) for partner_id in work.partners]
    return [*shown, *(e for e in desk.case.shortlist if e.partner_id not in work.partners)]


def _put(desk: Desk, work: Work, changed: Entry) -> None:
    entries = _entries(desk, work)
    desk.change(
        shortlist=tuple(changed if e.partner_id == changed.partner_id else e for e in entries)
    )


def _set_status(desk: Desk, work: Work, entry: Entry, status: Status) -> None:
    dates = {**entry.dates, status: date.today().isoformat()}
    _put(desk, work, replace(_find(desk, entry.partner_id), status=status, dates=dates))


def _move(desk: Desk, work: Work, place: int, to: int) -> None:
    entries = _entries(desk, work)
    entries.insert(to, entries.pop(place))
    desk.rearrange(shortlist=tuple(entries))


def _pin(desk: Desk, partner_id: str, *, pinned: bool) -> None:
    limits = desk.case.limits
    must = tuple(p for p in limits.must if p != partner_id)
    must_not = tuple(p for p in limits.must_not if p != partner_id)
    if pinned:
        must = (*must, partner_id)
    desk.rearrange(limits=replace(limits, must=must, must_not=must_not))


def _drop(desk: Desk, partner_id: str) -> None:
    limits = desk.case.limits
    must = tuple(p for p in limits.must if p != partner_id)
    must_not = (*limits.must_not, partner_id)
    desk.rearrange(limits=replace(limits, must=must, must_not=must_not))


def _dropped(desk: Desk, work: Work) -> None:
    for partner_id in desk.case.limits.must_not:
        if partner_id not in work.corpus.records:
            continue
        name = name_of(partner_id, work.corpus, desk.language)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(escape_markdown(say("desk.dropped", desk.language, name=name)))
            _button(desk, "take_back", partner_id, name, partial(_take_back, desk, partner_id))


def _take_back(desk: Desk, partner_id: str) -> None:
    limits = desk.case.limits
    must_not = tuple(p for p in limits.must_not if p != partner_id)
    desk.rearrange(limits=replace(limits, must_not=must_not))


def _pin_another(desk: Desk, work: Work) -> None:
    """Offer every partner that was found for a part, and is not in the set."""
    others = [p for p in work.proposal.partners if p not in work.partners]
    key = key_of(desk, "another")
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    left.selectbox(
        say("desk.another", desk.language),
        others,
        index=None,
        placeholder=say("desk.choose", desk.language),
        format_func=lambda p: name_of(p, work.corpus, desk.language),
        key=key,
    )
    right.button(
        say("desk.add", desk.language),
        key=key_of(desk, "pin-another"),
        on_click=partial(_pin_chosen, desk, key),
    )


def _pin_chosen(desk: Desk, key: str) -> None:
    if st.session_state[key]:
        _pin(desk, st.session_state[key], pinned=True)


def show_compare(desk: Desk, work: Work) -> None:
    """Draw two to four partners side by side."""
    language, corpus = desk.language, work.corpus
    with st.expander(say("desk.compare", language)):
        ordered = [*work.partners, *(p for p in work.proposal.partners if p not in work.partners)]
        chosen = st.multiselect(
            say("desk.compare_choose", language),
            ordered,
            max_selections=MOST_COMPARED,
            placeholder=say("desk.choose", language),
            format_func=lambda p: name_of(p, corpus, language),
            key=key_of(desk, "compare"),
        )
        if len(chosen) > 1:
            draw("desk_compare.html", language, partners=[_compared(work, desk, p) for p in chosen])


def _compared(work: Work, desk: Desk, partner_id: str) -> dict[str, Any]:
    record, language = work.corpus.records[partner_id], desk.language
    fits = [
        (number, work.proposal.probability(partner_id, found.part.part_id))
        for number, found in enumerate(work.proposal.parts, start=1)
    ]
    evidence = [
        e.doc_id
        for found in work.proposal.parts
        for link in found.links
        if link.partner_id == partner_id
        for e in link.evidence
    ]
    topics = {topic: None for e in evidence for topic in work.corpus.records[e].topics}
    return {
        "name": name_of(partner_id, work.corpus, language),
        "kind": kind_label(record, language),
        "region": place_of(record, work.corpus, language),
        "text": record.description.best(language)[0],
        "fits": [f"{number}: {percent(fit, language)}" for number, fit in fits if fit],
        "topics": topics_label(list(topics)[:6], work.corpus, language),
    }
