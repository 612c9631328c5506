"""What the words around a place in a sentence make of it: a wish, a refusal, or neither.

The last such word before a place decides: behind “etsimme” or “we need” it is a wish, behind
“olemme” or “our office” it is where the company itself is, and behind “emme etsi” nobody from there
is wanted. Where none stands before it, one close behind does: “Oulusta löytyisi”.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hytki_match.adviser.place_words import cues, refusal_patterns
from hytki_match.language.analysis import words
from hytki_match.matching.excluding import is_ruled_out
from hytki_match.matching.words import Found

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


MOST_BETWEEN = 3
"""Words between a place and the first word behind it that asks: “from Oulu we would also need”."""

MOST_LEADING = 2
"""Words before such a place in its clause: “siksi Oulusta etsimme”."""

_STRIPPED = re.compile(r"[\s,/]*(?:(?:tai|ja|or|and|nor|seka|eli|either|joko)[\s,/]*)*")
_FROM = re.compile(r"\w(?:sta|lta)(?:kin?|kaan|ko|han|pa)?$")
_AT = re.compile(r"\w(?:ssa|lla)(?:kin?|kaan|ko|han|pa)?$")
_ADJECTIVE = re.compile(r"(?:laisia|laiset|lainen|laista|laisen)$")
_NOUN_FROM = re.compile(r"(?:\s+\w+)?\s+[\w:]{2,}(?:sta|lta)\b|(?:\s+\w+){0,2}\s+kanssa\b")
_INSTITUTION = re.compile(
    r"(?:\s+\w+)?\s+(?:\w*(?:yliopist|sairaala|sairaalo|ammattikorkeakoul)\w*|amk)\b"
)
_NOUN_AT = re.compile(
    r"\s+(?:alue|seudu|suunna|maakunna|ymparisto|tieno|lahisto)\w*(?:ssa|lla)\b|\s+lahella\b"
)
_AREA = re.compile(
    r"\s+(?:alue|seudu|seutu|suunna|suunta|maakunna|ymparisto|tieno|lahisto|lahel)\w*|\s*-?\s*(?:based|area|region)\b"
)
_BEFORE = re.compile(
    r"\b(?P<how>in|from|with|near|around|within|close to|at|of|based in|local to)\s+"
    r"(?:the\s+)?(?:(?:city|town|region|area|university|universities) of\s+)?(?:the\s+)?$"
)
_ARTICLE = re.compile(r"\W*(?:(?:an?|the)\s+)?")
_COMPARED = re.compile(r"\b(?:kuin|than)\s+(?:in\s+|from\s+|with\s+|at\s+)?$")
_NOR = re.compile(r"\b(?:eika|enka|emmeka)\s+$")
_ILLATIVE = re.compile(r"(?:([aeiouy])\1n|seen)$")
_CLAUSES = re.compile(r"[,;:–—]\s*")
_STOPS = re.compile(r"[;:–—]\s*")
_PARTNER = re.compile(r"\s+(?:partner|collaborator)s?\b")
_BASED = re.compile(r"\s*-?\s*(?:based|area|region)\b")
_MINE = re.compile(r"(?P<word>\w+mme)\s+$|\bour (?:(?!is )\w+ ){1,2}(?:in|from|near|at)\s+$")


@dataclass(frozen=True, slots=True)
class Run:
    """Places in a row (“Kuopiosta tai Turusta”), and how they stand: from, at, as, or bare."""

    places: tuple[Found, ...]
    form: str

    @property
    def start(self) -> int:
        """Where the first place begins."""
        return self.places[0].start

    @property
    def end(self) -> int:
        """Behind the last place."""
        return self.places[-1].end


def runs_of(folded: str, places: Sequence[Found]) -> Iterator[Run]:
    """Join places that only a comma or a conjunction parts: they stand in one way."""
    row: list[Found] = []
    for place in places:
        if row and not _STRIPPED.fullmatch(folded[row[-1].end : place.start]):
            yield _run(folded, row)
            row = []
        row.append(place)
    if row:
        yield _run(folded, row)


def _run(folded: str, row: Sequence[Found]) -> Run:
    forms = [form for place in row if (form := _form(folded, place))]
    return Run(tuple(row), forms[0] if forms else "")


def _form(folded: str, place: Found) -> str:
    """Return how a place stands: *from* there, *at* it, or nothing that tells."""
    word, behind = folded[place.start : place.end], folded[place.end :]
    if _FROM.search(word) or _ADJECTIVE.search(word):
        return "from"
    if _AT.search(word):
        return "at"
    before = _BEFORE.search(folded[: place.start])
    if before:
        return "from" if before["how"] == "from" else "at"
    if _NOUN_AT.match(behind) or _BASED.match(behind) or _PARTNER.match(behind):
        return "at"
    if word.endswith("n") and _NOUN_FROM.match(behind):
        return "from"
    return "of" if word.endswith("n") and _INSTITUTION.match(behind) else ""


def with_its_words(folded: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch of a place with its preposition and what makes an area of it."""
    before, behind = _BEFORE.search(folded[:start]), _AREA.match(folded[end:])
    return (before.start() if before else start), end + (behind.end() if behind else 0)


def verdict_of(folded: str, run: Run) -> str:
    """Return “wish”, “refuse” or nothing, by the words that stand before a run, or behind it."""
    before, behind = folded[: run.start], folded[run.end :]
    kind = _last_cue(before)
    if _refuses_run(folded, run) or (_is_ruled_out(folded, run) and _may_be_ruled(kind, folded)):
        return "refuse"
    if cues("fits").match(behind.lstrip()):
        return "wish"
    if _COMPARED.search(before) or _is_who_writes(folded, run):
        return ""
    if _is_asked(folded, run) or (kind == "own" and cues("nearby").search(behind)):
        meant = "wish"
    elif kind in ("own", "neutral") or (_is_mine(before) and kind != "refuse"):
        meant = ""
    else:
        if not kind and run.form in ("from", "at") and _leads(before):
            kind = _next_cue(behind)
            # “Oulussa ei tarvita lupaa” is about a permit.
            if kind == "refuse" and run.form == "at" and not _is_about_partners(folded):
                kind = ""
        meant = _as_meant(kind, run.form, folded)
    return meant or ("refuse" if cues("elsewhere").search(behind) else "")


def _is_who_writes(folded: str, run: Run) -> bool:
    """Tell whether a sentence begins with a place as who writes: “A Turku-based company seeks”."""
    word, behind = folded[run.start : run.end], folded[run.end :]
    is_first = _ARTICLE.fullmatch(folded[: run.start])
    is_plain = word.endswith("lainen") or not _FROM.search(word)
    who = re.match(rf"(?:\s*-?\s*based)?\s+(?:[\w-]+\s+){{0,2}}?{cues('who').pattern}", behind)
    if not (is_first and is_plain and who):
        return False
    return not cues("wanted").match(behind[who.end() :].lstrip())


def _refuses_run(folded: str, run: Run) -> bool:
    """Tell whether the words right around a run rule it out, whatever else the sentence says."""
    before, behind = folded[: run.start], folded[run.end :].lstrip()
    word = folded[run.places[-1].start : run.end]
    is_whose = word.endswith("n") and not _ILLATIVE.search(word)
    if not (is_whose and not _AREA.match(folded[run.end :])) and cues("far").match(behind):
        return True
    if _ILLATIVE.search(word) and cues("stays").match(behind):
        return True
    if _against().search(before):
        return True
    marked = _marked(folded, run)
    if cues("around").search(marked):
        return True
    clauses = _CLAUSES.split(marked.strip(" .!"))
    return any(cues("alone").fullmatch(clause.strip()) for clause in clauses)


def _is_asked(folded: str, run: Run) -> bool:
    """Tell whether a sentence, or what it ends with, is a partner and a place alone."""
    marked = _marked(folded, run).strip(" .!")
    clauses = (marked, *_STOPS.split(marked))
    lists = ("asked", "asked_bare") if run.form else ("asked_bare",)
    return any(cues(name).fullmatch(clause.strip()) for clause in clauses for name in lists)


def _marked(folded: str, run: Run) -> str:
    """Return a sentence with a mark for a run, without the preposition."""
    before, behind = folded[: run.start], folded[run.end :].lstrip()
    return f"{_BEFORE.sub('', before).rstrip()} PLACE {behind}"


def _is_ruled_out(folded: str, run: Run) -> bool:
    if is_ruled_out(folded, Found("", run.start, run.end)):
        return True
    # “The course should be here, eikä Turkuun” is about where to go.
    goes_there = _ILLATIVE.search(folded[: run.end])
    return bool(_NOR.search(folded[: run.start])) and not goes_there


def _may_be_ruled(kind: str, folded: str) -> bool:
    """Tell whether a “not” before a place is about partners, not about where somebody is."""
    return kind != "own" and bool(kind or _is_about_partners(folded))


@lru_cache(maxsize=1)
def _against() -> re.Pattern[str]:
    """Return the pattern of what rules out the place right behind it, with its preposition."""
    said = cues("before").pattern
    return re.compile(rf"{said}\s+(?:in\s+|from\s+|with\s+|the\s+)*$")


def _as_meant(kind: str, form: str, folded: str) -> str:
    """Return what a place means after a cue of some kind, by how it stands."""
    if kind == "refuse" and form:
        return "refuse"
    if kind == "search" and form == "from":
        return "wish"
    if kind in ("search", "wish") and form:
        return "wish" if _is_about_partners(folded) else ""
    return "wish" if kind == "prefer" else ""


def _last_cue(before: str) -> str:
    """Return the kind of the last word before a place that says how it is meant."""
    kind = ""
    for found in _kinds(before):
        if found == "but":
            kind = "search" if kind == "refuse" else ""
        elif found == "somebody":
            # "Emme etsi ketään" refuses.
            kind = kind if kind == "refuse" else "search"
        else:
            kind = "" if found == "breaks" else found
    return kind


def _next_cue(behind: str) -> str:
    """Return the kind of the first such word behind a place, if it stands near enough."""
    first = next(iter(sorted(_spans(behind))), None)
    if first is None or first[2] not in ("search", "somebody", "refuse", "wish", "prefer"):
        return ""
    kind = "search" if first[2] == "somebody" else first[2]
    between = behind[: first[0]]
    parted = re.search(r"[.;:]|\b(?:ja|and|jo\w+|that|which|who)\b", between)
    is_own = any(_MINE.search(f"{word} ") for word in words(between))
    return "" if parted or is_own or len(words(between)) > MOST_BETWEEN else kind


def _leads(before: str) -> bool:
    """Tell whether a place stands at the beginning of its clause."""
    return len(words(re.split(r"[,;:]", before)[-1])) <= MOST_LEADING


def _kinds(text: str) -> list[str]:
    """Return the kinds of the cues of a text, in the order of their ends."""
    return [kind for _, _, kind in sorted(_spans(text), key=lambda span: (span[1], -span[0]))]


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Give start, end and kind of each cue of a folded text."""
    for kind in (
        "search",
        "somebody",
        "wish",
        "prefer",
        "own",
        "neutral",
        "refuse",
        "but",
        "breaks",
    ):
        for match in cues(kind).finditer(text):
            yield *match.span(), kind
    for pattern in refusal_patterns():
        for match in pattern.finditer(text):
            yield *match.span(), "refuse"


def _is_mine(before: str) -> bool:
    """Tell whether what stands right before a place is the company's own (“asiakkaamme”)."""
    mine = _MINE.search(before)
    if mine is None:
        return False
    word = mine["word"] or ""
    tries = cues("tries").search(before)
    return not (tries or any(cues(kind).fullmatch(word) for kind in ("search", "wish")))


def _is_about_partners(folded: str) -> bool:
    return any(cues(name).search(folded) for name in ("anybody", "somebody", "others", "tries"))
