"""Records and contacts that a question calls by their names.

What somebody calls by its name is what they want, however little else the question says of it:
"Optomed", "What does Optomed do?". Legs compare what questions are about, and there it is lost.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hytki_match.index.called import BODIES, COMPANY_FORMS, MOST_WORDS, phrase_of, phrases_of
from hytki_match.language.analysis import fold, stem, words
from hytki_match.language.function_words import is_function_word
from hytki_match.matching.limits import mentions
from hytki_match.matching.places import named_regions
from hytki_match.matching.words import limits, list_pattern, without_endings
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hytki_match.index import Index
    from hytki_match.records import Contact, Query

_PERSON = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)? [^\W\d_]+(?:-[^\W\d_]+)?")
"""A first name and a surname."""

_ILLATIVE = re.compile(r"([aeiouy])\1n$")
"""Into something, folded: ``Kuopioon``."""

_NEN = re.compile(r"s(?:en|ta|elle|ella|elta|esta|essa|een|ena|eksi)$")
"""Cases of words in -nen, folded, of which names of people are full: ``Reposen``."""

REMEMBERED = 64
REMEMBERED_PHRASES = 8192

MIN_BASE_CHARS = 4
"""Endings are not taken off shorter words: ``kysellä`` would call KYS."""

MIN_TELLING_CHARS = 3

MAX_TEXT_SHARE = 0.02
"""Share of passages: a name all of whose words stand in more is a subject, too ("synthetic data"),
and calls something only where nothing else is asked."""

MAX_WORD_SHARE = 0.006
"""The same of a name of one word; the first word of a longer one calls nothing above it."""

OWN_PASSAGES = 4
"""In so many passages a name stands in any corpus, however small: its own, and one about it."""

MAX_CALLED = 4
"""A phrase that calls more records calls none."""


class Called(NamedTuple):
    """What a question calls by name.

    ``records`` are places among the records, by whole names or first words of them, ``whole`` those
    by whole names, ``bodies`` organisations and companies among these, ``contacts`` ids. ``alone``
    tells that the question asks for nothing else, ``aspect`` that it asks what something of them
    costs, or the like, which one of their services may tell better.
    """

    records: tuple[int, ...] = ()
    whole: frozenset[int] = frozenset()
    bodies: frozenset[int] = frozenset()
    contacts: tuple[str, ...] = ()
    alone: bool = False
    aspect: bool = False


class Callers:
    """Finds what questions call by name."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._contacts = {
            phrase: doc_id
            for doc_id, contact in index.corpus.contacts.items()
            for phrase, whole in phrases_of(contact.name).items()
            if whole and " " in phrase
        }
        self._surnames = _by_surname(index.corpus.contacts.values())
        self._longer = {
            " ".join(phrase.split()[:length])
            for phrase in self._contacts
            for length in range(1, len(phrase.split()))
        }
        self._called = lru_cache(maxsize=REMEMBERED)(self._find)
        # The same words stand in question after question, and each is looked up in all its forms.
        self._calls = lru_cache(maxsize=REMEMBERED_PHRASES)(index.calls.called)
        self._goes_on = lru_cache(maxsize=REMEMBERED_PHRASES)(index.calls.goes_on)

    def called(self, query: Query) -> Called:
        """Return what a question calls; a part of a story tells of names and asks for none."""
        if query.told:
            return Called()
        of_result = query.place or query.about
        return self._called(query.search_text if of_result else query.wanted_text)

    def records_of(self, text: str) -> list[str]:
        """Return the ids of the records that a text, and nothing beside, is a name of.

        Unlike :meth:`called` it takes all that begin with it: who does not want Auria wants none of
        Auria's. What only describes ("Oura-sormus") may follow a hyphen.
        """
        for name in (text, *([] if " " in text else [text.partition("-")[0]])):
            asked = [word for word in words(name) if word not in COMPANY_FORMS]
            if not asked or all(map(is_function_word, asked)):
                continue
            before = phrase_of(asked[:-1])
            for form in base_forms(asked[-1]):
                found = self._calls(f"{before} {form}".strip())
                ids = [self._index.doc_ids[record] for record, _ in found]
                if any(doc_id.startswith(BODIES) for doc_id in ids) or (ids and len(asked) > 1):
                    return ids
        return []

    def _find(self, text: str) -> Called:
        asked = [word for word in words(without_endings(text)) if word not in COMPANY_FORMS]
        records: dict[int, bool] = {}
        contacts: dict[str, None] = {}
        rest: list[str] = []
        plain: set[int] = set()
        at = 0
        while at < len(asked):
            length, found, contact = self._longest(asked, at)
            if not length:
                rest.append(asked[at])
            for record, whole, is_plain in found:
                records[record] = records.get(record, False) or whole
                plain |= {record} if is_plain else set()
            if contact:
                contacts[contact] = None
                records |= {place: True for place in self._organisation_of(contact)}
            at += length or 1
        if not (records or contacts):
            for contact in self._by_surname(rest):
                contacts[contact] = None
                records |= {place: True for place in self._organisation_of(contact)}
                rest = []
        alone = bool(records or contacts) and not any(map(_asks_more, rest))
        kept = [record for record in records if alone or record not in plain]
        by_whole = frozenset(record for record in kept if records[record])
        bodies = frozenset(
            record for record in by_whole if self._index.doc_ids[record].startswith(BODIES)
        )
        aspect = alone and any(mentions("aspect", word) for word in rest)
        return Called(tuple(sorted(kept)), by_whole, bodies, tuple(contacts), alone, aspect)

    def _longest(
        self, asked: Sequence[str], at: int
    ) -> tuple[int, list[tuple[int, bool, bool]], str]:
        """Return how many words from one on call something, which records, and which contact.

        Of each record comes whether this is its whole name, and whether it is made of plain words.
        """
        best: tuple[int, list[tuple[int, bool, bool]], str] = (0, [], "")
        for length in range(1, min(MOST_WORDS, len(asked) - at) + 1):
            before = phrase_of(asked[at : at + length - 1])
            if before and not (before in self._longer or self._goes_on(before)):
                break
            for form in base_forms(asked[at + length - 1]):
                phrase = f"{before} {form}".strip()
                contact = self._contacts.get(phrase, "")
                found = self._records(phrase, asked[at : at + length])
                if found or contact:
                    best = (length, found, contact)
                    break
        return best

    def _records(self, phrase: str, asked: Sequence[str]) -> list[tuple[int, bool, bool]]:
        found = self._calls(phrase)
        # "Charles River (Kuopio)" is not called by its place.
        if not found or len(found) > MAX_CALLED or all(map(named_regions, asked)):
            return []
        count = min(map(self._count, asked))
        every = len(self._index.passages)
        of_word = max(MAX_WORD_SHARE * every, OWN_PASSAGES)
        is_plain = count > (max(MAX_TEXT_SHARE * every, of_word) if len(asked) > 1 else of_word)
        return [
            (record, whole, is_plain)
            for record, whole in found
            if (whole or count <= of_word)
            and (not is_plain or self._index.doc_ids[record].startswith(BODIES))
        ]

    def _by_surname(self, asked: Sequence[str]) -> Sequence[str]:
        """Return the contacts of a surname that is all that somebody asks about."""
        telling = [word for word in asked if _asks_more(word)]
        if len(telling) not in (1, 2):
            return ()
        before = phrase_of(telling[:-1])
        forms = (f"{before} {form}".strip() for form in base_forms(telling[-1]))
        return next((self._surnames[form] for form in forms if form in self._surnames), ())

    def _count(self, word: str) -> int:
        """Return in how many passages of one language a word stands."""
        texts = self._index.words
        return max(texts[lang].document_count(stem(word, lang)) for lang in LANGUAGES)

    def _organisation_of(self, contact_id: str) -> Iterator[int]:
        contact = self._index.corpus.contacts[contact_id]
        place = self._index.doc_ids.find(f"organisations/{contact.organisation_id}")
        if place >= 0:
            yield place


def _by_surname(contacts: Iterable[Contact]) -> dict[str, list[str]]:
    """Return the ids of the persons among contacts by their surnames; a double one in two words."""
    found: dict[str, list[str]] = defaultdict(list)
    for contact in contacts:
        if _PERSON.fullmatch(contact.name.fi):
            found[phrase_of(words(contact.name.fi.split()[-1]))].append(contact.doc_id)
    return found


def base_forms(word: str) -> list[str]:
    """Return what a word may be a Finnish case of, folded, itself first.

    >>> base_forms("Findatalla")[:2]
    ['findatalla', 'findata']
    """
    folded = fold(word)
    forms = [folded]
    for ending in _endings():
        base = folded.removesuffix(ending)
        if base != folded and len(base) >= MIN_BASE_CHARS:
            forms += [base, *_strong(base), *([f"{base[:-2]}s"] if base.endswith("ks") else [])]
            if base.endswith("kse"):
                forms.append(f"{base[:-3]}s")
    if _ILLATIVE.search(folded) and len(folded) - 2 >= MIN_BASE_CHARS:
        forms.append(folded[:-2])
    if (nominative := _NEN.sub("nen", folded)) != folded:
        forms.append(nominative)
    return list(dict.fromkeys(forms))


def _strong(base: str) -> list[str]:
    """Return the strong grade of a base whose last consonant may be a weak one: ``biopankki``."""
    if len(base) > MIN_BASE_CHARS and base[-1] in "aeiouy" and base[-2] in "kpt":
        return [f"{base[:-2]}{base[-2]}{base[-2:]}"]
    return []


def _asks_more(word: str) -> bool:
    """Tell whether a word beside a name asks for more than who or what that is."""
    folded = fold(word)
    return not (
        len(folded) < MIN_TELLING_CHARS
        or is_function_word(word)
        or list_pattern("called", "about").fullmatch(folded)
    )


@lru_cache(maxsize=1)
def _endings() -> tuple[str, ...]:
    return tuple(sorted(limits()["called"]["endings"], key=len, reverse=True))
