"""What the desk's session holds: the case as it was read, its work, and how it is saved."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import streamlit as st

from hytki_match.adviser.codec import case_to_dict
from hytki_match.adviser.preparing import read_again, with_parts
from hytki_match.adviser.storage import CaseStore
from hytki_match.adviser.work import work_on
from hytki_match.corpus import load_stages
from hytki_match.errors import CaseConflictError
from hytki_match.web.state import shared_matcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from hytki_match.adviser.case import Case
    from hytki_match.adviser.storage import StoredCase
    from hytki_match.adviser.work import Work
    from hytki_match.records import Language
    from hytki_match.settings import Settings
    from hytki_match.web.desk_access import Access

CASE = "case"
"""Name of the case in the address: ``?page=desk&case=…``."""

_STORED, _CONFLICT, _WORK = "desk_stored", "desk_conflict", "desk_work"
_GENERATION = "desk_generation"


class Desk:
    """The desk of one session on one rerun.

    Parameters
    ----------
    access
        Who works here; every call to the store is limited to their hub.
    """

    def __init__(self, settings: Settings, access: Access, language: Language) -> None:
        self.settings, self.access, self.language = settings, access, language
        self.store = _store(settings.cases_url)

    @property
    def stored(self) -> StoredCase:
        """The case as this session last read or saved it."""
        found: StoredCase = st.session_state[_STORED]
        return found

    @property
    def case(self) -> Case:
        """The case that is open."""
        return self.stored.case

    @property
    def conflict(self) -> CaseConflictError | None:
        """The conflict that stopped the last save, until the case is opened again."""
        found: CaseConflictError | None = st.session_state.get(_CONFLICT)
        return found

    @property
    def generation(self) -> int:
        """How often the case has changed under the widgets of this session."""
        found: int = st.session_state.setdefault(_GENERATION, 0)
        return found

    def open(self, case_id: str, *, again: bool = False) -> None:
        """Read a case, unless this session has it open."""
        held: StoredCase | None = st.session_state.get(_STORED)
        if again or held is None or held.case.case_id != case_id:
            self._hold(self.store.load(case_id, self.access.hub))
            self._renew()

    def create(self, case: Case) -> str:
        """Split and store a new case and open it; return its id."""
        case = with_parts(case, shared_matcher(self.settings))
        self._hold(self.store.create(case, self.access.who, self.access.hub or ""))
        self._renew()
        return self.case.case_id

    def change(self, **values: Any) -> None:  # noqa: ANN401 - fields of a case
        """Save the case with other values; a conflict is kept to be shown, and nothing is lost."""
        self.save(replace(self.case, **values))

    def split(self) -> None:
        """Read parts and wishes about regions from the text; what was set by hand stays."""
        case = read_again(self.case, shared_matcher(self.settings))
        self.rearrange(parts=case.parts, language=case.language, limits=case.limits)

    def rearrange(self, **values: Any) -> None:  # noqa: ANN401 - fields of a case
        """Save a change that other widgets have to show as well."""
        self.change(**values)
        self._renew()

    def save(self, case: Case) -> None:
        """Save the case as it is now."""
        try:
            self._hold(self.store.save(case, self.stored.version, self.access.who, self.access.hub))
        except CaseConflictError as error:
            st.session_state[_CONFLICT] = error

    def work(self) -> Work:
        """Return the case worked through; the same case is worked through once."""
        matcher = shared_matcher(self.settings)
        today, version = date.today(), matcher.index.manifest.version
        key = json.dumps([case_to_dict(self.case), version, today.isoformat()], sort_keys=True)
        held = st.session_state.get(_WORK)
        if held is None or held[0] != key:
            stages = load_stages(self.settings.corpus_dir, matcher.index.corpus)
            held = (key, work_on(self.case, matcher, stages, today=today))
            st.session_state[_WORK] = held
        work: Work = held[1]
        return work

    def _renew(self) -> None:
        st.session_state[_GENERATION] = self.generation + 1

    def _hold(self, stored: StoredCase) -> None:
        st.session_state[_STORED] = stored
        st.session_state.pop(_CONFLICT, None)


@st.cache_resource(show_spinner=False, max_entries=2)
def _store(address: str) -> CaseStore:
    store = CaseStore(address)
    store.erase_outdated()
    return store


def key_of(desk: Desk, name: str) -> str:
    """Return the key of a widget that shows something of the case.

    It stays while the adviser types, and changes when the case changes under the widgets: when it
    is opened again, or when one button changes what several widgets show.
    """
    return f"desk-{name}-{desk.case.case_id}-{desk.generation}"


def saving(desk: Desk, name: str, save: Callable[[Any], None]) -> dict[str, Any]:
    """Return the arguments that make a widget save what it holds as soon as it changes."""
    key = key_of(desk, name)

    def changed() -> None:
        save(st.session_state[key])

    return {"key": key, "on_change": changed}
