"""What a question rules out: "not in Turku", "ei yrityksiä", "paitsi Oura", "excluding watches".

"Ilman" and "without" rule out regions, companies, events and names alone: in all 248 known
questions that have them they say how something is to be done ("ilman lupaa", "without cameras").
Who *has* no tools ("meillä on dataa mutta ei työkaluja") looks for them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hytki_match.language.analysis import stem, words
from hytki_match.matching.elsewhere import none_there
from hytki_match.matching.fusion import renumbered
from hytki_match.matching.words import (
    Found,
    blanked,
    find,
    limits,
    list_pattern,
    same_length_fold,
    without_endings,
)
from hytki_match.records import LANGUAGES, Constraint

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from hytki_match.records import ConstraintName, Hit, Query, Record

MAX_WORDS = 3
"""Words of one thing that is ruled out; more are a thought of their own."""

PLAIN_KINDS = frozenset({"companies", "events", "organisations", "tools"})
"""What a plain *ei* or *no* rules out. Of other kinds it mostly says that they are missing: "an
idea but no funding"."""

LEFT_OUT_KINDS = PLAIN_KINDS - {"tools"}
"""What *ilman* and *without* rule out; who does something without tools does not."""

_ANYTHING = (
    r"excluding|except(?:\s+for)?|with\s+the\s+exception\s+of|leaving\s+out|but\s+not|pois\s?lukien"
    r"|paitsi|lukuun\s?ottamatta"
)
"""What rules out whatever comes next; the rest does so for kinds and names alone."""

_SURE = (
    rf"{_ANYTHING}|other\s+than|apart\s+from|(?:anything|all|everything)\s+but"
    r"|(?:mu(?:ita|ut|uta|u|ualta|ualla)|toinen)\s+kuin"
    r"|(?:en|emme|ei)\s+(?:halua|haluu|etsi|hae|tarvitse|tarvii|tarvita|kaipaa|tarkoita"
    r"|(?:ole|oo)\s+kiinnostun\w*)(?:\s+(?:mitaan|enaa|nyt))?"
    r"|al(?:a|kaa)\s+(?:nayta|nayttako|ehdota|ehdottako|tarjoa|tarjotko|listaa|anna)"
    r"|(?:don't|do\s+not|not)\s+(?:want|need|looking\s+for|seeking|interested\s+in|show|suggest|mean)"
    r"(?:\s+(?:me|us))?(?:\s+any)?"
)
_PLAIN = r"(?:ei|eika|not|no)(?:\s+(?:mitaan|mitkaan|enaa|myoskaan|any|an?|the))?"

_WITHOUT = r"(?:ilman|poista|without|skip|leave\s+out|drop|exclude)(?:\s+(?:any|all|the|kaikki))?"

_WITHOUT_BEFORE = re.compile(rf"(?<!\w){_WITHOUT}\s+$")
_SURE_BEFORE = re.compile(rf"(?<!\w)(?:{_SURE})\s+(?:(?:an?|the)\s+)?$")
_PLAIN_BEFORE = re.compile(rf"(?:^|[.,;:!?(–—]|(?<!\w)(?:but|mutta|and|ja|please))\s*{_PLAIN}\s+$")
_OF_ANYTHING = re.compile(rf"(?:{_ANYTHING})\s")
_OF_NAMES = re.compile(
    rf"(?:(?<!\w)(?:{_SURE}|mu(?:tta|t)\s+ei"
    r"|(?:mu(?:ita|ut|uta|u)|other)\s+\w+\s+(?P<than>kuin|than))"
    rf"|(?<!\w)(?P<without>{_WITHOUT})"
    rf"|^\W*(?:and|but|no|ja|mutta|joo|ok)[\s,]+{_PLAIN}|(?:^|[.,;:!?])\W*{_PLAIN})\s+"
)
_LEFT_NAME = re.compile(r"(?<!\w)(?:jata|jatetaan|leave)\s+(?P<name>\w[\w-]*)\s+(?:pois|out)(?!\w)")
_AFTER = re.compile(r"\s+(?:lukuun\s?ottamatta|pois\s?lukien)(?=\s*(?:$|[.,;:!?]))")
_AWAY = re.compile(r"\s+(?:pois|out)(?=\s*(?:$|[.,;:!?]))")
"""After a kind, "yritykset pois"; of anything else it may tell what heals ("kivut pois")."""

_LEAVE = re.compile(r"(?<!\w)(?:jat(?:a|takaa|etaan|taisin|taisitko)|leave)\s+$")
_OR = re.compile(r"\s+(?:tai|ja|seka|eika|enka|emmeka|or|and|nor)\s+(?:in\s+|from\s+)?")
_WORDS = re.compile(r"\S+")
_THINGS = re.compile(r"(?:\w+(?:ja|ia|oita|eita)|\w{4,}s)")
"""What is ruled out by a plain *ei* or *no* at the end of a clause: "ei kelloja", "no watches"."""

_ENDS = re.compile(
    r"\s*(?:$|[.,;:!?)])|\s+(?:vaan|but|mutta|please|kiitos|tai|ja|seka|eika|enka|emmeka|or|and|nor"
    r"|in|from|near)(?!\w)"
)
_ENDS_OF_ANYTHING = re.compile(rf"{_ENDS.pattern}|\s+(?:on|about|for|with|dealing|working)(?!\w)")
_LACKING = re.compile(
    r"(?<!\w)(?:meilla|minulla|mulla|heilla|silla|meilta|minulta|multa|heilta|silta|kunnossa|valmi\w*"
    r"|have|has|had|got|there|ready)(?!\w)"
)
_ALSO = re.compile(r"(?<!\w)myos(?!\w)")
_SENTENCE = re.compile(r"[.!?;](?:\s|$)")
_CLAUSE = re.compile(
    r"[.!?;:()]|\s+(?:jo(?:ka|tka|ta|ita|lla|illa|ssa|issa|sta|ista|lta|ilta|iden|nka)|etta|that"
    r"|which|who|where|but|mutta|vaan|please|kiitos|in|from)(?!\w)"
)
_LACKED = re.compile(r"\b(?:ilman|without)\b[^.,;]*", re.IGNORECASE)
"""In the text of a record: it is not about that."""

_LISTED = re.compile(r"\s*,\s*|\s+(?:ja|tai|seka|eika|and|or|nor)\s+")


class Excluded(NamedTuple):
    """What a question rules out, and the stretch of it that says so."""

    limit: Constraint
    start: int
    end: int


def find_excluded(
    question: str,
    places: Sequence[Found],
    kinds: Sequence[Found],
    region_ids: Collection[str],
    called: Callable[[str], Sequence[str]],
) -> list[Excluded]:
    """Find what a question rules out: regions, kinds, and then records and other words.

    Parameters
    ----------
    places, kinds
        What it names, in its order.
    region_ids
        Regions of the corpus; others cannot be ruled out.
    called
        Gives the ids of the records that some words, and nothing beside them, are the name of.
    """
    folded = same_length_fold(question)
    of_corpus = [
        place
        for place in places
        if place.value in region_ids and not is_left_open(folded, place.start)
    ]
    found: list[tuple[ConstraintName, str, int, int]]
    found = [("region", *one) for one in _places(folded, of_corpus)]
    for kind, start, end in _kinds(blanked(folded, places), kinds):
        # Not every event goes with the webinars.
        is_narrow = any(find("narrow", question[kind.start : kind.end]))
        value = question[kind.start : kind.end].casefold() if is_narrow else kind.value
        found.append(("words" if is_narrow else "kind", value, start, end))
    excluded = [
        Excluded(Constraint(name, value, question[start:end], unwanted=True), start, end)
        for name, value, start, end in found
    ]
    named = [*places, *kinds]
    ends = [end for *_, end in found]
    for thing, start, end, by_name in _things(folded):
        # "No companies, except Oura": what is excepted from what is ruled out is not ruled out.
        is_let_in = any(not folded[last:start].strip(" ,") for last in ends if last <= start)
        if is_let_in or any(one.start < thing.end and thing.start < one.end for one in named):
            continue
        words = question[thing.start : thing.end]
        ids, named_end = _called(words, called)
        ruled_out: list[tuple[ConstraintName, str]] = [("record", doc_id) for doc_id in ids]
        if ids:
            # "Jätä Oura pois" goes on behind it.
            end = thing.start + named_end if end == thing.end else end
        elif not by_name or _is_name(words, question[: thing.start]):
            ruled_out = [("words", without_endings(words).casefold())]
        excluded += [
            Excluded(Constraint(name, value, question[start:end], unwanted=True), start, end)
            for name, value in ruled_out
        ]
    return excluded


def _is_name(words: str, before: str) -> bool:
    """Tell whether words look like a name: with a capital, inside a sentence."""
    is_name = all(re.match(r"[A-ZÅÄÖ]\w", word) for word in words.split())
    return is_name and bool(re.search(r"\w[\s,]+$", before))


def _called(text: str, called: Callable[[str], Sequence[str]]) -> tuple[Sequence[str], int]:
    """Return the records that the longest beginning of some words calls, and where that ends."""
    ends = [match.end() for match in _WORDS.finditer(text)]
    for end in reversed(ends):
        if ids := called(text[:end]):
            return ids, end
    return (), 0


def is_ruled_out(folded: str, place: Found) -> bool:
    """Tell whether a folded question says around a place that it is not wanted."""
    return _around(folded, place) is not None


def is_left_open(folded: str, start: int) -> bool:
    """Tell whether a folded question says of what begins there that it is only one of several.

    "Not only in Oulu"; and "I'm not in Turku" tells where somebody is.
    """
    return bool(_before("open").search(folded[:start]))


def _around(folded: str, place: Found) -> tuple[int, int] | None:
    """Return the stretch that rules a place out, with the place; None without any."""
    before = _before("words").search(folded[: place.start])
    if before and not _adds(folded, before.start()):
        return before.start(), place.end
    after = _ruled_after().match(folded, place.end)
    return (_left_from(folded, place.start), after.end()) if after else None


def _left_from(folded: str, start: int) -> int:
    """Return where a stretch begins with a *jätä* or *leave* that stands before it."""
    leave = _LEAVE.search(folded[:start])
    return leave.start() if leave else start


@lru_cache(maxsize=2)
def _before(name: str) -> re.Pattern[str]:
    """Return the pattern of words of one list right before a place."""
    said = "|".join(map(re.escape, sorted(limits()["negation"][name], key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{said})(?:\s+|(?<=-))(?:in\s+|from\s+|around\s+|an?\s+)?$")


@lru_cache(maxsize=1)
def _ruled_after() -> re.Pattern[str]:
    """Return the pattern of words that rule out the place right before them."""
    return re.compile(rf"\s+{list_pattern('negation', 'after').pattern}")


def _places(folded: str, places: Sequence[Found]) -> list[tuple[str, int, int]]:
    """Return the places that are ruled out, each with the stretch that says so."""
    found: list[tuple[str, int, int]] = []
    for place in places:
        around = _around(folded, place) or none_there(folded, place, places)
        if around is None and found and _OR.fullmatch(folded[found[-1][2] : place.start]):
            around = found[-1][2], place.end
        if around:
            found.append((place.value, *around))
    return found


def _kinds(folded: str, kinds: Sequence[Found]) -> list[tuple[Found, int, int]]:
    """Return the kinds that are ruled out, each with the stretch that says so."""
    found: list[tuple[Found, int, int]] = []
    for kind in kinds:
        after = _AFTER.match(folded, kind.end) or _AWAY.match(folded, kind.end)
        if after:
            found.append((kind, _left_from(folded, kind.start), after.end()))
            continue
        start = _kind_ruled_from(folded, kind)
        if found and _OR.fullmatch(folded[found[-1][2] : kind.start]):
            start = found[-1][2]
        if start is None:
            continue
        ends = _ENDS_OF_ANYTHING if _OF_ANYTHING.match(folded, start) else _ENDS
        if ends.match(folded, kind.end):
            found.append((kind, start, kind.end))
    return found


def _kind_ruled_from(folded: str, kind: Found) -> int | None:
    """Return where the words begin that rule out a kind right after them, None without any."""
    before = folded[: kind.start]
    sure = _SURE_BEFORE.search(before)
    if sure:
        # "We have everything except funding."
        excepts = _OF_ANYTHING.match(folded, sure.start()) and _lacks(folded, sure.start())
        return None if excepts or _adds(folded, sure.start()) else sure.start()
    without = _WITHOUT_BEFORE.search(before)
    if without and kind.value in LEFT_OUT_KINDS:
        return without.start()
    plain = _PLAIN_BEFORE.search(before)
    is_plain = plain and kind.value in PLAIN_KINDS and not _lacks(folded, plain.start())
    return plain.start() if plain and is_plain else None


def _things(folded: str) -> Iterator[tuple[Found, int, int, bool]]:
    """Give what is ruled out in other words: the thing, the stretch, whether only as a name."""
    for match in _OF_NAMES.finditer(folded):
        if _adds(folded, match.start()):
            continue
        lacks = _lacks(folded, match.start())
        sure = bool(_OF_ANYTHING.match(folded, match.start()))
        clause = _CLAUSE.search(folded, match.end())
        stop = clause.start() if clause else len(folded)
        # Of "muut biopankit kuin" the first two are wanted.
        said = match.start("than") if match["than"] else match.start()
        for start, end in _parts(folded, match.end(), stop):
            thing = folded[start:end]
            if len(thing.split()) > MAX_WORDS:
                break
            by_name = bool(lacks or match["without"]) or not (
                sure or (end == stop and _THINGS.fullmatch(thing))
            )
            yield Found(thing, start, end), said, end, by_name
            said = end
    for match in _LEFT_NAME.finditer(folded):
        yield Found(match["name"], *match.span("name")), match.start(), match.end(), True
    for match in _AFTER.finditer(folded):
        start = folded.rfind(" ", 0, match.start()) + 1
        yield Found(folded[start : match.start()], start, match.start()), start, match.end(), False


def _lacks(folded: str, start: int) -> bool:
    """Tell whether the sentence so far says that somebody has something: they lack what follows."""
    return bool(_LACKING.search(_SENTENCE.split(folded[:start])[-1]))


def _parts(folded: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Give the parts of a list, without their gaps."""
    gaps = [match.span() for match in _LISTED.finditer(folded, start, stop)]
    for end, after in (*gaps, (stop, stop)):
        part = folded[start:end]
        if part.strip():
            yield start + len(part) - len(part.lstrip()), start + len(part.rstrip())
        start = after


def _adds(folded: str, start: int) -> bool:
    """Tell whether a *paitsi* goes on with *myös*: "paitsi Oulussa myös Turussa" means both."""
    rest = _SENTENCE.split(folded[start:])[0]
    return rest.startswith("paitsi") and bool(_ALSO.search(rest))


def without_excluded(
    query: Query, hits: tuple[Hit, ...], records: Mapping[str, Record]
) -> tuple[Hit, ...]:
    """Leave out the hits of an organisation, or about something, that the question rules out."""
    things = [limit.value for limit in query.unwanted if limit.name == "words"]
    bodies = query.unwanted_organisations
    if not (things or bodies):
        return hits
    kept = [
        hit
        for hit in hits
        if bodies.isdisjoint(records[hit.doc_id].organisation_ids)
        and not _speaks_of(records[hit.doc_id], things)
    ]
    return renumbered(kept)


def _speaks_of(record: Record, things: Sequence[str]) -> bool:
    """Tell whether the texts of a record have, in one language, all words of one of some things."""
    for language in LANGUAGES:
        parts = (text.get(language) for text in (record.name, record.description, record.keywords))
        told = {stem(word, language) for word in words(_LACKED.sub("", "\n".join(parts)))}
        if any({stem(word, language) for word in words(thing)} <= told for thing in things):
            return True
    return False
