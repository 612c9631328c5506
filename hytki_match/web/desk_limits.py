"""What the adviser asks of the set of partners, on the desk."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from hytki_match.adviser.wishes import OPPOSED, unread, with_regions, with_wishes
from hytki_match.answers.as_markdown import escape_markdown
from hytki_match.language.phrases import say
from hytki_match.records import LANGUAGES, RESOURCE_TABLES
from hytki_match.web.desk_state import key_of, saving

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hytki_match.adviser.work import Work
    from hytki_match.web.desk_state import Desk

MOST_PARTNERS = 12
_LOST = "desk_lost_regions"


def show_limits(desk: Desk, work: Work) -> None:
    """Draw what the adviser asks of the set of partners."""
    limits, language, regions = desk.case.limits, desk.language, work.corpus.regions

    def region_name(region: str) -> str:
        return escape_markdown(regions[region].name.best(language)[0])

    choices: dict[str, tuple[Sequence[str], Callable[[str], str]]] = {
        **{name: (list(regions), region_name) for name in ("preferred", "unwanted", "regions")},
        "kinds": (RESOURCE_TABLES, lambda table: say(f"tables.{table}", language)),
        "languages": (LANGUAGES, lambda code: say(f"desk.language_{code}", language)),
    }
    with st.expander(say("desk.limits", language)):
        _wishes_by_hand(desk, work)
        st.number_input(
            say("desk.most", language),
            1,
            MOST_PARTNERS,
            limits.most,
            **saving(desk, "most", partial(_limit, desk, "most")),
        )
        for name, (options, label) in choices.items():
            st.pills(
                say(f"desk.{name}", language),
                options,
                selection_mode="multi",
                default=[value for value in getattr(limits, name) or () if value in options],
                format_func=label,
                **saving(desk, name, partial(_limit, desk, name)),
            )


def _limit(desk: Desk, name: str, value: int | list[str]) -> None:
    """Save one limit; what is chosen from a list is kept in a fixed order."""
    if name in OPPOSED and isinstance(value, list):
        limits, lost = with_regions(desk.case.limits, name, value)
        st.session_state[_LOST] = (name, lost)
        (desk.rearrange if lost else desk.change)(limits=limits)
        return
    kept: Any = value if isinstance(value, int) else tuple(sorted(value))
    desk.change(limits=replace(desk.case.limits, **{name: kept}))


def _wishes_by_hand(desk: Desk, work: Work) -> None:
    """Say which choice had to give way, and offer the text's wishes where they are set by hand."""
    language, regions = desk.language, work.corpus.regions
    name, lost = st.session_state.pop(_LOST, ("", ()))
    if lost:
        names = ", ".join(regions[region].name.best(language)[0] for region in lost)
        st.info(say(f"desk.lost_to_{name}", language, regions=escape_markdown(names)))
    if desk.case.limits.by_hand:
        st.caption(say("desk.by_hand", language))
        st.button(
            say("desk.read_wishes", language),
            key=key_of(desk, "read-wishes"),
            on_click=_read_wishes,
            args=(desk, work),
        )


def _read_wishes(desk: Desk, work: Work) -> None:
    """Put what the text says of regions in place of what was set by hand."""
    limits = unread(replace(desk.case.limits, by_hand=()))
    found = with_wishes(replace(desk.case, limits=limits), work.corpus.regions)
    desk.rearrange(limits=found.limits)
