"""What one visitor's session holds, and what all sessions share: the matcher and its answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from hytki_match.index.store import current_version
from hytki_match.matching.intents import RESTART
from hytki_match.records import LANGUAGES
from hytki_match.service import is_stale, open_matcher, with_stale_notice
from hytki_match.web.address import MAX_QUESTIONS, Address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.matching import Matcher
    from hytki_match.records import Answer, Language, Query, Table
    from hytki_match.settings import Settings
    from hytki_match.web.search import Search

MAX_TURNS = 30
"""Questions that a session remembers; older ones go, so that a long visit stays small."""

MAX_HISTORY = 6
"""Earlier questions that the matcher is told of: older ones are another conversation."""

SEARCHED = ("good", "weak", "none")
"""States of answers to questions; the others are greetings and what is no question."""

CACHED_ANSWERS = 256
"""Answers kept for everybody: the examples and links that many people open."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with the limits that were in force, and the answer it got.

    ``address`` reproduces the answer.
    """

    question: str
    regions: tuple[str, ...]
    kinds: tuple[Table, ...]
    without: tuple[str, ...]
    answer: Answer
    address: Address

    @property
    def key(self) -> str:
        """A text that names the turn and what it was answered from."""
        return f"{self.address}|{self.answer.index_version}"


@dataclass(slots=True)
class Conversation:
    """The turns of a session, oldest first.

    Parameters
    ----------
    at_start
        Whether the first screen is shown rather than the last turn: somebody went back to it.
    editing
        Whether the next question takes the place of the last one.
    search
        What is being looked for.
    stopped
        Whether the visitor has just ended that.
    address
        What the page last wrote into the address or followed: another one there is a link.
    opinions
        What the visitor said of an answer or a hit: the row in the store, by turn and record.
    """

    turns: list[Turn] = field(default_factory=list)
    at_start: bool = True
    editing: bool = False
    search: Search | None = None
    stopped: bool = False
    address: Address | None = None
    opinions: dict[tuple[str, str], tuple[int, bool]] = field(default_factory=dict)

    @property
    def shown(self) -> Turn | None:
        """The turn that is shown; None on the first screen."""
        return None if self.at_start else self.turns[-1]

    def add(self, turn: Turn, *, instead: bool = False) -> None:
        """Show a new turn, in the place of the last one if asked."""
        if instead and self.turns:
            self.turns.pop()
        self.turns.append(turn)
        del self.turns[:-MAX_TURNS]
        self.at_start = self.editing = False

    def show(self, turn: Turn | None) -> None:
        """Show an earlier turn again, or the first screen; a search that runs is given up."""
        self.begin(None)
        if turn and turn in self.turns:
            self.turns.remove(turn)
        if turn:
            self.turns.append(turn)
        self.at_start, self.editing = turn is None, False

    def begin(self, search: Search | None) -> None:
        """Take up another search, or none, in the place of the one that runs."""
        if self.search:
            self.search.stop()
        self.search, self.stopped = search, False

    def clear(self) -> None:
        """Start over."""
        self.show(None)
        self.turns.clear()
        self.opinions.clear()


def conversation() -> Conversation:
    """Return the conversation of this session."""
    found: Conversation = st.session_state.setdefault("conversation", Conversation())
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


def ask(
    question: str,
    before: Sequence[Turn],
    limits: Address,
    settings: Settings,
    language: Language,
) -> Turn:
    """Answer a question after the turns ``before`` it.

    Parameters
    ----------
    limits
        The regions, kinds and removed constraints in force; its questions are not looked at.
    language
        Of the page: it decides where the question does not tell its own.
    """
    before = [turn for turn in _since_restart(before) if _is_searched(turn.answer)]
    history = tuple(turn.answer.query for turn in before[-MAX_HISTORY:])
    answer = _answer(question, history, limits, settings, language)
    context = _context(question, answer, before, limits, settings, language)
    return _turn((*context, question), question, answer, limits, settings)


def reproduce(address: Address, settings: Settings, language: Language) -> Turn:
    """Answer what an address asks: its earlier questions first, then the last one."""
    question = address.questions[-1]
    answer = _replay(address.questions, address, settings, language)
    return _turn(address.questions, question, answer, address, settings)


def _turn(
    questions: Sequence[str], question: str, answer: Answer, limits: Address, settings: Settings
) -> Turn:
    stale = is_stale(shared_matcher(settings), settings)
    return Turn(
        question=question,
        regions=limits.regions,
        kinds=limits.kinds,
        without=limits.without,
        answer=with_stale_notice(answer, stale=stale),
        address=Address.of(questions, limits.regions, limits.kinds, limits.without),
    )


def _context(
    question: str,
    answer: Answer,
    before: Sequence[Turn],
    limits: Address,
    settings: Settings,
    language: Language,
) -> tuple[str, ...]:
    """Return the fewest earlier questions with which an address gives the same answer."""
    earlier = [turn.question for turn in before]
    most = min(len(earlier), MAX_QUESTIONS - 1)
    for count in range(most):
        context = tuple(earlier[len(earlier) - count :])
        again = _replay((*context, question), limits, settings, language)
        if _same(again, answer):
            return context
    return tuple(earlier[len(earlier) - most :])


def _replay(
    questions: Sequence[str], limits: Address, settings: Settings, language: Language
) -> Answer:
    """Answer questions one after the other; the limits are those of the last one."""
    history: list[Query] = []
    for question in questions[:-1]:
        answer = _answer(question, tuple(history), Address(()), settings, language)
        if _is_searched(answer):
            history.append(answer.query)
    return _answer(questions[-1], tuple(history), limits, settings, language)


def _since_restart(turns: Sequence[Turn]) -> Sequence[Turn]:
    """Return the turns after the last one that began the conversation anew."""
    restarts = [number for number, turn in enumerate(turns) if turn.answer.talk == RESTART]
    return turns[restarts[-1] + 1 :] if restarts else turns


def _is_searched(answer: Answer) -> bool:
    """Tell whether a question had a topic to go on with: a greeting has none."""
    return answer.state in SEARCHED


def _same(one: Answer, other: Answer) -> bool:
    """Tell whether two answers show the same."""
    return (one.state, _shown(one)) == (other.state, _shown(other))


def _shown(answer: Answer) -> tuple[str, ...]:
    regions = tuple(match.region.region_id for match in answer.regions)
    return (*regions, *(match.record.doc_id for match in answer.resources))


def _answer(
    question: str,
    history: tuple[Query, ...],
    limits: Address,
    settings: Settings,
    language: Language,
) -> Answer:
    matcher = shared_matcher(settings)
    known = tuple(r for r in limits.regions if r in matcher.index.corpus.regions)
    # repr: an exact text of the dataclasses, and cheaper to hash than they are.
    key = repr((question, history, known, limits.kinds, limits.without, language, date.today()))
    return _cached(
        matcher.index.manifest.version,
        key,
        matcher,
        question,
        _history=history,
        _limits=limits,
        _known=known,
        _language=language,
    )


@st.cache_resource(show_spinner=False, max_entries=CACHED_ANSWERS)
def _cached(
    version: str,
    key: str,
    _matcher: Matcher,
    _question: str,
    *,
    _history: tuple[Query, ...],
    _limits: Address,
    _known: tuple[str, ...],
    _language: Language,
) -> Answer:
    """Answer once for everybody; ``version`` and ``key`` name all that the answer depends on."""
    return _matcher.match(
        _question,
        fallback=_language,
        regions=_known,
        kinds=_limits.kinds,
        history=_history,
        without=_limits.without,
    )
