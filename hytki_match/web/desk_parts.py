"""The parts of a need on the desk: edited, weighed, merged, removed, added."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from hytki_match.adviser.case import Part
from hytki_match.adviser.wording import (
    covering_name,
    link_reason,
    name_of,
    names_of,
    nearest_line,
    percent,
    topics_label,
)
from hytki_match.adviser.wording_where import elsewhere_line
from hytki_match.answers.as_markdown import escape_markdown
from hytki_match.language.phrases import say
from hytki_match.web.desk_state import key_of, saving
from hytki_match.web.drawing import draw_heading

if TYPE_CHECKING:
    from hytki_match.adviser.case import PartProposal
    from hytki_match.adviser.work import Work
    from hytki_match.web.desk_state import Desk

MAX_PART_CHARS = 1000
WEIGHTS = (1, 2, 3)
SHOWN = 6


def show_parts(desk: Desk, work: Work) -> None:
    """Draw the parts, each with what can be done to it."""
    language = desk.language
    draw_heading("desk.heading_parts", language)
    for number, found in enumerate(work.proposal.parts):
        _part(desk, work, number, found)
    _left_out(desk, work)
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    key = key_of(desk, "new-part")
    left.text_input(say("desk.new_part", language), key=key, max_chars=MAX_PART_CHARS)
    right.button(
        say("desk.add", language),
        key=key_of(desk, "add-part"),
        on_click=lambda: _add(desk, st.session_state[key]),
    )


def _left_out(desk: Desk, work: Work) -> None:
    """Draw the sentences that were not read as needs, each with a way to make it one."""
    sentences, language = work.proposal.left_out, desk.language
    if not sentences:
        return
    with st.expander(say("desk.left_out", language, count=len(sentences))):
        st.caption(say("desk.left_out_note", language))
        for number, sentence in enumerate(sentences):
            written = escape_markdown(sentence)
            left, right = st.columns([5, 1], vertical_alignment="center")
            left.write(written)
            right.button(
                say("desk.make_part", language),
                key=key_of(desk, f"make-part-{number}"),
                help=say("desk.make_part_help", language, sentence=written),
                on_click=_add,
                args=(desk, sentence[:MAX_PART_CHARS]),
            )


def _part(desk: Desk, work: Work, number: int, found: PartProposal) -> None:
    part, language = found.part, desk.language
    st.text_area(
        say("desk.part", language, number=number + 1),
        part.text,
        max_chars=MAX_PART_CHARS,
        height="content",
        **saving(desk, f"part-{part.part_id}", lambda value: _edit(desk, part.part_id, value)),
    )
    st.caption(escape_markdown(_told(work, found, desk)))
    # Side by side on a phone too, where columns would stand below each other.
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            say("handover.weight", language),
            WEIGHTS,
            index=WEIGHTS.index(part.weight),
            width=90,
            **saving(
                desk, f"weight-{part.part_id}", lambda value: _weigh(desk, part.part_id, value)
            ),
        )
        if number:
            st.button(
                say("desk.merge", language),
                key=key_of(desk, f"merge-{part.part_id}"),
                help=say("desk.merge_help", language, number=number + 1),
                on_click=_merge,
                args=(desk, number),
            )
        st.button(
            say("desk.remove_part", language),
            key=key_of(desk, f"remove-{part.part_id}"),
            help=say("desk.remove_part_help", language, number=number + 1),
            on_click=_remove,
            args=(desk, part.part_id),
        )
    if found.links:
        with st.expander(say("desk.candidates", language, number=number + 1)):
            for line in _candidates(work, found, desk):
                st.write(escape_markdown(line))


def _candidates(work: Work, found: PartProposal, desk: Desk) -> list[str]:
    """Return the partners found for a part, with score and reason, and what else would help."""
    language, corpus = desk.language, work.corpus
    lines = []
    for link in found.links[:SHOWN]:
        name, why = name_of(link.partner_id, corpus, language), link_reason(link, corpus, language)
        fit = percent(link.probability, language)
        lines.append(f"{fit} {name}. {why}")
    if found.helps:
        tools = names_of([e.doc_id for e in found.helps], corpus, language)
        lines.append(say("desk.helps", language, tools=tools))
    return lines


def _told(work: Work, found: PartProposal, desk: Desk) -> str:
    """Return the topics of a part and who covers it, or who is nearest and whom to ask."""
    language, corpus = desk.language, work.corpus
    told = [topics_label(found.topics, corpus, language)]
    if found.covered_by:
        names = "; ".join(covering_name(p, found, corpus, language) for p in found.covered_by)
        told.append(say("desk.covered_by", language, partners=names))
        if found.stronger:
            name = name_of(found.stronger, corpus, language)
            told.append(say("handover.stronger", language, partner=name))
        told.append(elsewhere_line(found, corpus, language))
        return " · ".join(filter(None, told))
    if not (found.is_unserved or found.is_crowded_out):
        told.append(say("desk.uncovered", language))
    told.append(nearest_line(found, work.proposal, corpus, language))
    told.append(elsewhere_line(found, corpus, language))
    contacts = "; ".join(corpus.contacts[c].name.best(language)[0] for c in found.contacts[:1])
    if contacts and not found.is_unserved:
        told.append(say("desk.ask", language, contacts=contacts))
    return " · ".join(filter(None, told))


def _parts(desk: Desk) -> tuple[Part, ...]:
    return desk.case.parts or ()


def _edit(desk: Desk, part_id: str, text: str) -> None:
    """Change a part's text; an empty one is removed."""
    if not text.strip():
        _remove(desk, part_id)
        return
    changed = (replace(p, text=text.strip()) if p.part_id == part_id else p for p in _parts(desk))
    desk.change(parts=tuple(changed))


def _weigh(desk: Desk, part_id: str, weight: int) -> None:
    changed = (replace(p, weight=weight) if p.part_id == part_id else p for p in _parts(desk))
    desk.change(parts=tuple(changed))


def _remove(desk: Desk, part_id: str) -> None:
    desk.rearrange(parts=tuple(p for p in _parts(desk) if p.part_id != part_id))


def _merge(desk: Desk, number: int) -> None:
    """Join a part to the one before it; the heavier weight stays."""
    parts = list(_parts(desk))
    first, second = parts[number - 1], parts.pop(number)
    text = f"{first.text.rstrip('. ')}. {second.text}"[:MAX_PART_CHARS]
    parts[number - 1] = replace(first, text=text, weight=max(first.weight, second.weight))
    desk.rearrange(parts=tuple(parts))


def _add(desk: Desk, text: str) -> None:
    if not text.strip():
        return
    taken = {part.part_id for part in _parts(desk)}
    free = next(f"a{n}" for n in range(1, len(taken) + 2) if f"a{n}" not in taken)
    desk.rearrange(parts=(*_parts(desk), Part(free, text.strip(), origin="adviser")))
