"""What a question rules out: "not in Turku", "ei yrityksiä", "paitsi Oura", "excluding watches".

"Ilman" and "without" rule nothing out: in all 248 known questions that have them they say how
something is to be done ("ilman lupaa", "without cameras"). Who *has* no tools ("meillä on dataa
mutta ei työkaluja") looks for them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hytki_match.language.analysis import stem, words
from hytki_match.matching.fusion import renumbered
from hytki_match.matching.words import Found, find, limits, same_length_fold
from hytki_match.records import LANGUAGES, Constraint

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from hytki_match.records import ConstraintName, Hit, Query, Record

MAX_WORDS = 3
"""Words of one thing that is ruled out; more are a thought of their own."""

PLAIN_KINDS = frozenset({"companies", "events", "organisations", "tools"})
"""What a plain *ei* or *no* rules out. Of other kinds it mostly says that they are missing: "an
idea but no funding"."""

_ANYTHING = (
    r"excluding|except(?:\s+for)?|leaving\s+out|but\s+not|pois\s?lukien|paitsi|lukuun\s+ottamatta"
)
"""What rules out whatever comes next; the rest does so for kinds and names alone."""

_SURE = (
    rf"{_ANYTHING}|other\s+than|apart\s+from|mu(?:ita|ut|uta|u)\s+kuin"
    r"|(?:en|emme|ei)\s+(?:halua|etsi|hae|tarvitse|kaipaa)(?:\s+(?:mitaan|enaa|nyt))?"
    r"|(?:don't|do\s+not|not)\s+(?:want|need|looking\s+for|seeking|interested\s+in)(?:\s+any)?"
)
_PLAIN = r"(?:ei|eika|not|no)(?:\s+(?:mitaan|mitkaan|enaa|any|an?|the))?"

_SURE_BEFORE = re.compile(rf"(?<!\w)(?:{_SURE})\s+(?:(?:an?|the)\s+)?$")
_PLAIN_BEFORE = re.compile(rf"(?:^|[.,;:!?(–—]|(?<!\w)(?:but|mutta|and|ja|please))\s*{_PLAIN}\s+$")
_OF_ANYTHING = re.compile(rf"(?:{_ANYTHING})\s")
_OF_NAMES = re.compile(rf"(?:(?<!\w)(?:{_SURE}|mutta\s+ei)|^\W*(?:ei|not|no))\s+")
_AFTER = re.compile(r"\s+(?:lukuun\s+ottamatta|pois\s?lukien)(?=\s*(?:$|[.,;:!?]))")
_OR = re.compile(r"\s+(?:tai|ja|seka|eika|or|and|nor)\s+(?:in\s+|from\s+)?")
_ENDS = re.compile(
    r"\s*(?:$|[.,;:!?)])|\s+(?:vaan|but|mutta|please|kiitos|tai|ja|seka|eika|or|and|nor)(?!\w)"
)
_LACKING = re.compile(
    r"(?<!\w)(?:meilla|minulla|mulla|heilla|silla|meilta|minulta|multa|heilta|silta"
    r"|have|has|had|got|there)(?!\w)"
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
    of_corpus = [place for place in places if place.value in region_ids]
    found: list[tuple[ConstraintName, str, int, int]]
    found = [("region", *one) for one in _places(folded, of_corpus)]
    for kind, start, end in _kinds(folded, kinds):
        # Not every event goes with the webinars.
        is_narrow = any(find("narrow", question[kind.start : kind.end]))
        value = question[kind.start : kind.end].casefold() if is_narrow else kind.value
        found.append(("words" if is_narrow else "kind", value, start, end))
    excluded = [
        Excluded(Constraint(name, value, question[start:end], unwanted=True), start, end)
        for name, value, start, end in found
    ]
    named = [*places, *kinds]
    for thing, start, end, by_name in _things(folded):
        if any(one.start < thing.end and thing.start < one.end for one in named):
            continue
        words, said = question[thing.start : thing.end], question[start:end]
        records = [Constraint("record", id_, said, unwanted=True) for id_ in called(words)]
        if not (records or by_name):
            records = [Constraint("words", words.casefold(), said, unwanted=True)]
        excluded += [Excluded(limit, start, end) for limit in records]
    return excluded


def is_ruled_out(folded: str, start: int) -> bool:
    """Tell whether a folded question says before a place that it is not wanted."""
    return _negation_before(folded, start) is not None


def _negation_before(folded: str, start: int) -> int | None:
    """Return where the words begin that rule out a place right after them, None without any."""
    match = _negation().search(folded[:start])
    return None if match is None or _adds(folded, match.start()) else match.start()


@lru_cache(maxsize=1)
def _negation() -> re.Pattern[str]:
    """Return the pattern of words that rule out the place right after them."""
    no = "|".join(map(re.escape, limits()["negation"]["words"]))
    return re.compile(rf"(?<!\w)(?:{no})\s+(?:in\s+|from\s+|around\s+)?$")


def _places(folded: str, places: Sequence[Found]) -> list[tuple[str, int, int]]:
    """Return the places that are ruled out, each with the stretch that says so."""
    found: list[tuple[str, int, int]] = []
    for place in places:
        start = _negation_before(folded, place.start)
        if start is None and found and _OR.fullmatch(folded[found[-1][2] : place.start]):
            start = found[-1][2]
        if start is not None:
            found.append((place.value, start, place.end))
    return found


def _kinds(folded: str, kinds: Sequence[Found]) -> list[tuple[Found, int, int]]:
    """Return the kinds that are ruled out, each with the stretch that says so."""
    found: list[tuple[Found, int, int]] = []
    for kind in kinds:
        after = _AFTER.match(folded, kind.end)
        if after:
            found.append((kind, kind.start, after.end()))
            continue
        start = _kind_ruled_from(folded, kind)
        if found and _OR.fullmatch(folded[found[-1][2] : kind.start]):
            start = found[-1][2]
        if start is not None and _ENDS.match(folded, kind.end):
            found.append((kind, start, kind.end))
    return found


def _kind_ruled_from(folded: str, kind: Found) -> int | None:
    """Return where the words begin that rule out a kind right after them, None without any."""
    before = folded[: kind.start]
    sure = _SURE_BEFORE.search(before)
    if sure:
        return None if _adds(folded, sure.start()) else sure.start()
    plain = _PLAIN_BEFORE.search(before)
    if plain and kind.value in PLAIN_KINDS:
        sentence = _SENTENCE.split(before)[-1]
        return None if _LACKING.search(sentence) else plain.start()
    return None


def _things(folded: str) -> Iterator[tuple[Found, int, int, bool]]:
    """Give what is ruled out in other words: the thing, the stretch, whether only as a name."""
    for match in _OF_NAMES.finditer(folded):
        if _adds(folded, match.start()):
            continue
        by_name = not _OF_ANYTHING.match(folded, match.start())
        clause = _CLAUSE.search(folded, match.end())
        said = match.start()
        for start, end in _parts(folded, match.end(), clause.start() if clause else len(folded)):
            if len(folded[start:end].split()) > MAX_WORDS:
                break
            yield Found(folded[start:end], start, end), said, end, by_name
            said = end
    for match in _AFTER.finditer(folded):
        start = folded.rfind(" ", 0, match.start()) + 1
        yield Found(folded[start : match.start()], start, match.start()), start, match.end(), False


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


def without_words(
    query: Query, hits: tuple[Hit, ...], records: Mapping[str, Record]
) -> tuple[Hit, ...]:
    """Leave out the hits whose record speaks of something that the question rules out."""
    ruled_out = [limit.value for limit in query.unwanted if limit.name == "words"]
    if not ruled_out:
        return hits
    kept = [hit for hit in hits if not _speaks_of(records[hit.doc_id], ruled_out)]
    return renumbered(kept)


def _speaks_of(record: Record, things: Sequence[str]) -> bool:
    """Tell whether the texts of a record have, in one language, all words of one of some things."""
    for language in LANGUAGES:
        parts = (text.get(language) for text in (record.name, record.description, record.keywords))
        told = {stem(word, language) for word in words(_LACKED.sub("", "\n".join(parts)))}
        if any({stem(word, language) for word in words(thing)} <= told for thing in things):
            return True
    return False
