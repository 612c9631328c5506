"""One sentence that asks, cut into the things that it asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hytki_match.adviser.asking import announced_count, shared
from hytki_match.language.analysis import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.adviser.asking import Asking

LEAST_WORDS = 3
"""Content words that each side of a cut must have to stand alone."""

LEAST_SAID = 2
"""Of these, how many must say what is asked for."""

MOST_WORDS = 5
"""Content words of a thing in a plain list; a longer piece is a clause."""

LONG_WORD = 10
"""Letters of a word that says enough alone: “käyttäjätestaajia”."""

NUMBERED = re.compile(r"[,;:]?(?:\s+(?:and|or|ja|sekä|tai))?\s+\(?[1-9]\)\s*")
"""What stands between the numbered things of one sentence."""

_TO_DO = re.compile(r"\b(?:to|who|that) \w")
_LAST_AND = re.compile(r",?\s(?:and|plus|ja|sekä)\s+$", re.IGNORECASE)

_JOINING = re.compile(r"^\s*(?:and|plus|ja|sekä)\s+", re.IGNORECASE)


def clauses_of(sentence: str, heard: Asking) -> list[str]:
    """Cut a sentence where both sides ask for something of their own."""
    numbered = NUMBERED.split(sentence)[1:]
    if len(numbered) > 1:
        return [_tidy(piece) for piece in numbered if words(piece)]
    if behind := _behind_colon(sentence, heard):
        return behind
    for cut in heard.cuts.finditer(sentence):
        left, right = sentence[: cut.start()], sentence[cut.end() :]
        if heard.asks(left) and (
            (_stands_alone(left, heard) and _is_own(right, heard))
            or _starts_anew(left, right, heard)
        ):
            return [*clauses_of(_tidy(left), heard), *clauses_of(_tidy(right), heard)]
    items = _items(sentence, heard)
    if items != [sentence]:
        return items
    return _two_things(sentence, heard) or _both(sentence, heard)


def _two_things(sentence: str, heard: Asking) -> list[str]:
    """Take apart two things of few words that stand right behind what asks; each gets the head.

    “Tarvitsemme tietoturvatestauksen ja laboratoriotilat.” is two; “unen ja sykkeen mittauksen” is
    one, and so is all that a place or a purpose follows.
    """
    found = heard.two_things.match(sentence)
    if not found:
        return []
    head = found["head"]
    return [
        _tidy(f"{head} {found['one']}"),
        _tidy(f"{head} {found['other']}{sentence[found.end() :]}"),
    ]


def _both(sentence: str, heard: Asking) -> list[str]:
    """Take apart the two things to be done that one head asks for; each gets the head.

    “Help with MDR certification and finding pilot hospitals” is two; “sleep and heart rate data”
    is one, and so is what is done to one thing (“collecting and storing data”).
    """
    for heads, joins in heard.pairs:
        for cut in joins.finditer(sentence):
            left, right = sentence[: cut.start()], sentence[cut.end() :]
            head = heads.search(left)
            is_plain = head and _says_enough(left, heard) and not _has_clause(left, head, heard)
            points = shared()["points"].search(right) or shared()["back"].match(right)
            if head and is_plain and heard.said(right) and not points:
                asked = f"{left[: head.end()]} {right}"
                return [*_first_things(left, head, heard), _tidy(_alone(asked, head, heard))]
    return [sentence]


def _has_clause(left: str, head: re.Match[str], heard: Asking) -> bool:
    rest = f"{left[: head.start()]} {left[head.end() :]}"
    return bool(heard.clauses.search(rest))


def _first_things(left: str, head: re.Match[str], heard: Asking) -> list[str]:
    """Return what a head asks for, and before it what stands there for itself.

    “We need testers and help with the file and with funding” asks for testers once.
    """
    alone = _alone(left, head, heard)
    before = left[: head.start()]
    return [_tidy(left)] if alone == left else [_tidy(_LAST_AND.sub("", before)), _tidy(alone)]


def _alone(asked: str, head: re.Match[str], heard: Asking) -> str:
    """Return what is asked behind a head, without another thing that is asked before it."""
    first = _LAST_AND.search(asked[: head.start()])
    asks = heard.strong.search(asked[: head.start()])
    if not (first and asks and heard.said(asked[: first.start()])):
        return asked
    verb = re.match(r"\w*", asked[asks.end() :])
    return f"{asked[: asks.end() + (verb.end() if verb else 0)]} {asked[head.start() :]}"


def _starts_anew(left: str, right: str, heard: Asking) -> bool:
    """Tell whether somebody else or other help is asked for, of which both sides say enough."""
    starts, points = shared()["anew"].match(right), shared()["points"].search(right)
    if right.startswith("help ") and _TO_DO.search(left):
        return False  # “A nurse to try it and help with the analysis” is one nurse.
    return bool(starts) and not points and _says_enough(left, heard) and _says_enough(right, heard)


def _says_enough(text: str, heard: Asking) -> bool:
    said = heard.said(text)
    return len(said) >= LEAST_SAID or any(len(word) >= LONG_WORD for word in said)


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
