"""From the text of a need to its parts: sentences and clauses that ask, without the background.

Rules find what is asked for; a learned line (``telling.py``) finds what is only told.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.adviser.asking import asking, shared
from hytki_match.adviser.clauses import LEAST_SAID, LEAST_WORDS, NUMBERED, clauses_of
from hytki_match.adviser.place_rest import introduces
from hytki_match.adviser.private import without_personal_data
from hytki_match.adviser.sentences import listed_in, refused_lines, sentences_of, with_lines
from hytki_match.adviser.telling import need_probabilities
from hytki_match.adviser.tongues import stretches_of
from hytki_match.adviser.where import read_wishes

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from hytki_match.adviser.asking import Asking
    from hytki_match.encoder import Encoder
    from hytki_match.records import Language

SAME_MEANING = 0.72
"""Cosine from which two parts ask for one thing, wherever they stand."""

SAME_MEANING_NEIGHBOURS = 0.55
"""The same for two parts in a row, where the second often only says the first more exactly."""

MOST_SAID_BACK = 5
"""Words that say something, of a sentence that goes on in a point of an enumeration."""

MOST_SAID_AHEAD = 4
"""Such words of a sentence that only announces what comes, or is only polite."""

LEAST_NUMBERED = 3
"""Numbered things in one sentence that are all that is asked for."""

TOLD = 0.4
"""Probability from which a sentence tells a need, whatever its words. Of 0.3 to 0.5 the line alone
is best at 0.35, by 0.001 (F1 in the folds of `python -m training telling`)."""

UNLIKELY = 0.02
"""Probability below which a sentence is background though its words ask, unless it begins so."""

MAX_PARTS = 60


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a need, and the sentences that were not taken for one, in the text's order."""

    parts: tuple[str, ...]
    left_out: tuple[str, ...]


def split_need(text: str, language: Language, encoder: Encoder) -> Split:
    """Return the parts of a need, in the order of the text, in its own words.

    A text in which nothing asks is taken as a list of needs: each sentence is a part, but what is
    refused or only polite.
    """
    text = with_lines(without_personal_data(text))
    spoken = sentences_of(text)
    # Where partners should be is read for itself; alone it is no need.
    needed = [s for s in spoken if s not in read_wishes(text).only_where]
    needed = needed or [s for s in spoken if not introduces(s)]
    read = [_Read(*stretch, needed, encoder) for stretch in stretches_of(text, language)]
    if not any(one.asked for one in read):
        for one in read:
            one.take_as_list()
    clauses = [c for one in read for s in one.asked for c in clauses_of(s, asking(one.language))]
    asked = [sentence for one in read for sentence in one.asked]
    parts = _merged(clauses, encoder)[:MAX_PARTS]
    return Split(parts, tuple(s for s in needed if not any(s in sentence for sentence in asked)))


class _Read:
    """A stretch of a text in one language: its sentences, and those of them that ask."""

    def __init__(
        self, text: str, language: Language, needed: Collection[str], encoder: Encoder
    ) -> None:
        heard, listed = asking(language), listed_in(text)
        refused = refused_lines(text, heard)
        wanted = [s for s in sentences_of(text) if s in needed and s not in refused]
        telling = [s for s in wanted if not _only_points(s)] or wanted
        self.language = language
        self.sentences = _with_what_they_mean(_by_point(telling, heard), listed, heard)
        # The line was learned from whole texts: of a sentence alone it knows only that it is first.
        is_alone = len(self.sentences) == 1
        told = None if is_alone else need_probabilities(self.sentences, language, encoder)
        needs = tell_needs(self.sentences, language, told, listed)
        self.asked = [s for s, is_need in zip(self.sentences, needs, strict=True) if is_need]

    def take_as_list(self) -> None:
        """Take what may be a plain list of needs for one."""
        self.asked = _if_nothing_asks(self.sentences, asking(self.language))


def without_refusals(text: str, language: Language) -> str:
    """Return a text without what it does not want: places and partners named there mislead."""
    for stretch, spoken in stretches_of(text, language):
        heard = asking(spoken)
        under = refused_lines(stretch, heard)
        for sentence in sentences_of(stretch):
            if sentence in under or heard.refuses(sentence):
                text = text.replace(sentence, "")
    return text


def _if_nothing_asks(sentences: Sequence[str], heard: Asking) -> list[str]:
    """Return what may be a plain list of needs; who mostly refuses has none."""
    open_to = [s for s in sentences if _says(s, heard)]
    return open_to if 2 * len(open_to) > len(sentences) else []


def asks_for_researchers(text: str) -> bool:
    """Tell whether a part asks for somebody who does research."""
    return bool(shared()["researchers"].search(text))


def _by_point(sentences: Sequence[str], heard: Asking) -> list[str]:
    """Join the sentences of each point of an enumeration (“Third, …”) that make one need.

    What a point tells first is the reason for what it asks; what then only points back goes on.
    Where no point asks, “first” and “then” tell what was done.
    """
    opens = [bool(shared()["counted"].match(sentence)) for sentence in sentences]
    asking_points = [heard.asks(s) for s, opened in zip(sentences, opens, strict=True) if opened]
    if len(asking_points) < 2 or not any(asking_points):
        return list(sentences)
    joined: list[str] = []
    waits = is_inside = False
    for sentence, opened in zip(sentences, opens, strict=True):
        asks = heard.asks(sentence)
        points = shared()["points"].search(sentence)
        goes_on = is_inside and asks and points and len(heard.said(sentence)) <= MOST_SAID_BACK
        if not opened and (waits or goes_on):
            joined[-1] = f"{_ended(joined[-1])} {sentence}"
        else:
            joined.append(sentence)
        is_inside = opened or (is_inside and (waits or bool(goes_on) or not asks))
        waits = not asks and (opened or waits)
    return joined


def _with_what_they_mean(
    sentences: Sequence[str], listed: Collection[str], heard: Asking
) -> list[str]:
    """Join a sentence that says little itself (“We need that first.”) to the one before it."""
    joined: list[str] = []
    for sentence in sentences:
        asks = heard.asks(sentence) and sentence not in listed and _says(sentence, heard)
        # Nobody goes on with what is not wanted, or with courtesy in between.
        before = next((n for n in reversed(range(len(joined))) if _says(joined[n], heard)), None)
        if before is not None and asks and _goes_on(sentence, joined[before], heard):
            joined[before] = f"{_ended(joined[before])} {sentence}"
        else:
            joined.append(sentence)
    return joined


def _says(sentence: str, heard: Asking) -> bool:
    return not (heard.refuses(sentence) or _is_polite(sentence, heard))


def _goes_on(sentence: str, before: str, heard: Asking) -> bool:
    if _announces(sentence, heard):
        return False
    said = len(heard.said(sentence))
    points = shared()["back"].search(sentence)
    is_example = shared()["goes_on"].match(sentence) and heard.asks(before)
    return said == 0 or bool(is_example) or (said < LEAST_WORDS and bool(points))


def tell_needs(
    sentences: Sequence[str],
    language: Language,
    told: NDArray[np.float64] | None,
    listed: Collection[str] = frozenset(),
) -> list[bool]:
    """Tell for each sentence of a text whether it asks for something, or tells a need.

    Parameters
    ----------
    told
        The probability that each tells a need; None leaves it to the rules.
    listed
        Sentences that stand in a list of their own: who writes a list means each of its lines.
    """
    heard = asking(language)
    ruled = _asked(sentences, listed, heard)
    if told is None:
        return ruled
    # What asks and was left out all the same is a goal, an announcement or courtesy; who begins
    # without asking introduces himself; and what is refused tells no need, however it sounds.
    return [
        (sentence in listed or _asks_plainly(sentence) or probability >= UNLIKELY)
        if asked
        else number > 0
        and probability >= TOLD
        and not (heard.asks(sentence) or heard.refuses(sentence) or _is_polite(sentence, heard))
        for number, (sentence, asked, probability) in enumerate(
            zip(sentences, ruled, told.tolist(), strict=True)
        )
    ]


def _asked(sentences: Sequence[str], listed: Collection[str], heard: Asking) -> list[bool]:
    """Leave out what does not ask, is polite, announces the needs, or is the goal behind them."""
    asks = [
        not heard.rejects(s) if s in listed else heard.asks(s) and not _is_polite(s, heard)
        for s in sentences
    ]
    wishes = [not (heard.is_strong(s) or s in listed) for s in sentences]
    announced = False
    for number, (sentence, follower) in enumerate(pairwise([*sentences, ""])):
        is_goal = bool(shared()["first"].match(follower)) or follower in listed
        is_goal |= number == 0 and sum(asks[1:]) > (0 if shared()["aim"].search(sentence) else 1)
        if wishes[number] and is_goal and not shared()["counted"].match(sentence):
            asks[number] = False
        # Behind an announcement each point counts as asked, and a wish before it is the goal.
        asks[number] |= announced and bool(shared()["counted"].match(sentence))
        if _announces(sentence, heard) and any(asks[number + 1 :]):
            announced = True
            asks[number] = False
            for before in range(number):
                asks[before] &= not wishes[before]
    for before in range(_numbering(sentences, heard)):
        asks[before] = False
    return asks


def _numbering(sentences: Sequence[str], heard: Asking) -> int:
    """Return the place of a sentence that asks for numbered things, which are all needs; else 0."""
    for number, sentence in enumerate(sentences):
        head, *things = NUMBERED.split(sentence)
        if len(things) >= LEAST_NUMBERED and heard.asks(head) and not shared()["more"].search(head):
            return number
    return 0


def _announces(sentence: str, heard: Asking) -> bool:
    """Tell whether a sentence only says that needs follow (“We need help with three things.”)."""
    limits = {"announced": MOST_SAID_AHEAD, "several": LEAST_SAID}
    rests = ((shared()[name].sub(" ", sentence), most) for name, most in limits.items())
    return any(rest != sentence and len(heard.said(rest)) <= most for rest, most in rests)


def _is_polite(sentence: str, heard: Asking) -> bool:
    rest = shared()["courtesy"].sub(" ", sentence)
    is_timing = bool(shared()["timing"].match(sentence)) and not heard.is_strong(sentence)
    return is_timing or (rest != sentence and len(heard.said(rest)) <= MOST_SAID_AHEAD)


def _asks_plainly(sentence: str) -> bool:
    return bool(shared()["plain"].match(sentence)) and not sentence.endswith(":")


def _only_points(sentence: str) -> bool:
    return bool(shared()["pointing"].search(sentence))


def _merged(clauses: Sequence[str], encoder: Encoder) -> tuple[str, ...]:
    """Join clauses that mean the same; the joined part stands where the first one stood."""
    if len(clauses) < 2:
        return tuple(clauses)
    vectors = encoder.encode_queries(list(clauses))
    closeness = np.asarray(vectors @ vectors.T)
    groups: list[list[int]] = []
    for number in range(len(clauses)):
        home = next((g for g in groups if _belongs(number, g, closeness)), None)
        if home is None:
            groups.append([number])
        else:
            home.append(number)
    return tuple(
        " ".join(_ended(clauses[n]) for n in g) if g[1:] else clauses[g[0]] for g in groups
    )


def _belongs(number: int, group: Sequence[int], closeness: np.ndarray) -> bool:
    return any(
        closeness[number, other]
        >= (SAME_MEANING_NEIGHBOURS if number - other == 1 else SAME_MEANING)
        for other in group
    )


def _ended(clause: str) -> str:
    return clause if clause.endswith((".", "!", "?")) else f"{clause}."
