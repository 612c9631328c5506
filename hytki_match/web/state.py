"""What one visitor's session holds, and the matcher that all sessions share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from hytki_match.index.store import current_version
from hytki_match.records import LANGUAGES
from hytki_match.service import is_stale, open_matcher, with_stale_notice

if TYPE_CHECKING:
    from collections.abc import MutableSequence

    from hytki_match.matching import Matcher
    from hytki_match.records import Answer, Language, Table
    from hytki_match.settings import Settings

MAX_TURNS = 50
"""Questions that a session remembers; older ones go, so that a long visit stays small."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with the filters that were in force, and the answer it got."""

    question: str
    regions: tuple[str, ...]
    kinds: tuple[Table, ...]
    answer: Answer


def turns() -> MutableSequence[Turn]:
    """Return the questions of this session, oldest first."""
    found: MutableSequence[Turn] = st.session_state.setdefault("turns", [])
    return found


def page_language() -> Language:
    """Return the language of the page, which the address carries (``?lang=en``)."""
    return "en" if st.query_params.get("lang") == LANGUAGES[1] else "fi"


def shared_matcher(settings: Settings) -> Matcher:
    """Return the matcher of the version that serves now; a new version is opened when it comes.

    Raises
    ------
    IndexMissingError, IndexBrokenError, IndexStaleError, EncoderError
    """
    version, _ = current_version(settings.index_dir)
    return _open(settings, version)


@st.cache_resource(show_spinner=False, max_entries=2)
def _open(settings: Settings, version: str) -> Matcher:
    return open_matcher(settings)


def answer_question(
    question: str,
    regions: tuple[str, ...],
    kinds: tuple[Table, ...],
    settings: Settings,
    language: Language,
) -> Turn:
    """Answer a question; the page's language decides where the question does not tell its own."""
    matcher = shared_matcher(settings)
    known = [region for region in regions if region in matcher.index.corpus.regions]
    answer = matcher.match(question, fallback=language, regions=known, kinds=kinds)
    return Turn(
        question,
        regions,
        kinds,
        with_stale_notice(answer, stale=is_stale(matcher, settings)),
    )
