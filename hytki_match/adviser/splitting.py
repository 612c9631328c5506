"""From the text of a need to its parts: sentences and clauses that ask, without the background.

Rules find what is asked for; a learned line (``telling.py``) finds what is only told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.adviser.asking import announced_count, asking, shared
from hytki_match.adviser.private import without_personal_data
from hytki_match.adviser.sentences import listed_in, refused_lines, sentences_of, with_lines
from hytki_match.adviser.telling import need_probabilities
from hytki_match.adviser.where import read_wishes
from hytki_match.language.analysis import words

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

LEAST_WORDS = 3
"""Content words that each side of a cut must have to stand alone."""

LEAST_SAID = 2
"""Of these, how many must say what is asked for."""

MOST_SAID_BACK = 5
"""Such words of a sentence that goes on with the one before, in a point of an enumeration."""

MOST_SAID_AHEAD = 4
"""Such words of a sentence that only announces what comes, or is only polite."""

MOST_WORDS = 5
"""Content words of a thing in a plain list; a longer piece is a clause."""

LEAST_NUMBERED = 3
"""Numbered things in one sentence that are all that is asked for."""

TOLD = 0.4
"""Probability from which a sentence tells a need, whatever its words. Of 0.3 to 0.5 the line alone
is best at 0.35, by 0.001 (F1 in the folds of `python -m training telling`)."""

UNLIKELY = 0.02
"""Probability below which a sentence is background though its words ask."""

MAX_PARTS = 60

_NUMBERED = re.compile(r"[,;:]?(?:\s+(?:and|or|ja|sekä|tai))?\s+\(?[1-9]\)\s*")
_JOINING = re.compile(r"^\s*(?:and|plus|ja|sekä)\s+", re.IGNORECASE)


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
    heard, listed = asking(language), listed_in(text)
    refused = refused_lines(text, heard)
    spoken = sentences_of(text)
    # Where partners should be is read for itself; alone it is no need.
    needed = [s for s in spoken if s not in read_wishes(text).only_where] or spoken
    wanted = [s for s in needed if s not in refused]
    telling = [s for s in wanted if not _only_points(s)] or wanted
    sentences = _with_what_they_mean(_by_point(telling, heard), listed, heard)
    told = need_probabilities(sentences, language, encoder)
    needs = tell_needs(sentences, language, told, listed)
    asked = [sentence for sentence, is_need in zip(sentences, needs, strict=True) if is_need]
    asked = asked or _if_nothing_asks(sentences, heard)
    clauses = [clause for sentence in asked for clause in _clauses(sentence, heard)]
    parts = _merged(clauses, encoder)[:MAX_PARTS]
    return Split(parts, tuple(s for s in needed if not any(s in sentence for sentence in asked)))


def without_refusals(text: str, language: Language) -> str:
    """Return a text without what it does not want: places and partners named there mislead."""
    heard = asking(language)
    under = refused_lines(text, heard)
    for sentence in sentences_of(text):
        if sentence in under or heard.refuses(sentence):
            text = text.replace(sentence, "")
    return text


def _if_nothing_asks(sentences: Sequence[str], heard: Asking) -> list[str]:
    """Return what may be a plain list of needs; who mostly refuses has none."""
    open_to = [s for s in sentences if not (heard.refuses(s) or _is_polite(s, heard))]
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
        asks = heard.asks(sentence) and sentence not in listed
        if joined and asks and _goes_on(sentence, joined[-1], heard):
            joined[-1] = f"{_ended(joined[-1])} {sentence}"
        else:
            joined.append(sentence)
    return joined


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
        (sentence in listed or probability >= UNLIKELY)
        if asked
        else number > 0
        and probability >= TOLD
        and not (heard.asks(sentence) or heard.refuses(sentence))
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
        head, *things = _NUMBERED.split(sentence)
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
    return rest != sentence and len(heard.said(rest)) <= MOST_SAID_AHEAD


def _only_points(sentence: str) -> bool:
    return bool(shared()["pointing"].search(sentence))


def _clauses(sentence: str, heard: Asking) -> list[str]:
    """Cut a sentence where both sides ask for something of their own."""
    numbered = _NUMBERED.split(sentence)[1:]
    if len(numbered) > 1:
        return [_tidy(piece) for piece in numbered if words(piece)]
    if behind := _behind_colon(sentence, heard):
        return behind
    for cut in heard.cuts.finditer(sentence):
        left, right = sentence[: cut.start()], sentence[cut.end() :]
        if heard.asks(left) and _stands_alone(left, heard) and _is_own(right, heard):
            return [*_clauses(_tidy(left), heard), *_clauses(_tidy(right), heard)]
    return _items(sentence, heard)


def _behind_colon(sentence: str, heard: Asking) -> list[str]:
    """Take apart what a colon lists: “needed: A; B”, and “two things: A and B” by their number."""
    head, _, tail = sentence.partition(": ")
    if ";" in tail and heard.asks(head):
        pieces = tail.split(";")
    else:
        *first, last = tail.split(", ")
        pieces = [*first, *heard.last_item.split(f" {last}", maxsplit=1)]
        is_counted = len([p for p in pieces if p.strip()]) == announced_count(head)
        if not is_counted or any(len(heard.said(p)) < LEAST_SAID for p in pieces if p.strip()):
            return []
    return [_tidy(_JOINING.sub("", piece)) for piece in pieces if words(piece)]


def _is_own(right: str, heard: Asking) -> bool:
    """Tell whether what stands behind a cut asks for a thing of its own, which it names."""
    asks = heard.carried.match(right) or heard.asks(right)
    aside, comma, rest = right.partition(", ")
    is_aside = comma and not heard.clauses.match(rest) and len(heard.content(aside)) < LEAST_WORDS
    is_whole = not is_aside and not shared()["points"].search(right)
    return bool(asks) and is_whole and _stands_alone(right, heard)


def _items(sentence: str, heard: Asking) -> list[str]:
    """Take a plain list of three or more things apart: “we need A, B and C”."""
    head, colon, tail = sentence.partition(": ")
    listed = tail if colon and heard.asks(head) else sentence
    *first, last = listed.rstrip(".!? ").split(", ")
    ends = heard.last_item.split(f" {last}", maxsplit=1)
    items = [item.strip() for item in (*first, *ends) if item]
    is_list = len(items) > 2 and not heard.clauses.search(listed)
    is_asked = listed is tail or heard.strong.search(items[0])
    if is_list and is_asked and _are_things(items, heard):
        return [_tidy(item) for item in items]
    return [sentence]


def _are_things(items: Sequence[str], heard: Asking) -> bool:
    """Tell whether the items of a list are short, say something, and ask no more themselves."""
    is_plain = not any(heard.asks(i) or shared()["examples"].match(i) for i in items[1:])
    return is_plain and all(0 < len(heard.content(item)) <= MOST_WORDS for item in items)


def _stands_alone(text: str, heard: Asking) -> bool:
    return len(heard.content(text)) >= LEAST_WORDS and len(heard.said(text)) >= LEAST_SAID


def _tidy(text: str) -> str:
    text = text.strip(" ,;.")
    return text[:1].upper() + text[1:]


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
