"""What is searched of a text: without greetings and stray marks, and as the corpus spells it.

The text of a question is kept untouched; only the search sees the tidied one. What is changed here
carries no meaning, but moved answers when it was left in: a greeting, quotation marks, dots that
a keyboard lacks, a slip of the finger.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from functools import cached_property, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from hytki_match.language.analysis import fold, stem, word_parts, word_terms
from hytki_match.language.function_words import function_words, is_function_word
from hytki_match.matching.places import find_places
from hytki_match.matching.words import limits, same_length_fold
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable

    from hytki_match.index import Index
    from hytki_match.records import Language

REMEMBERED = 256

MIN_TYPO_CHARS = 6
"""A shorter word has too many neighbours."""

MIN_COMMON = 5
"""A word is only taken for a mistake in one that this many texts have: most words that the corpus
lacks are right, and near to another by accident."""

ENDING_CHARS = 1
"""A difference in the last letter is an ending, not a mistake."""

RUN_CHARS = 4
"""A mistake mostly makes a run of so many letters that no known word has. A right word that the
corpus lacks hardly ever does, and is often one letter away from a common one: *tosiaan* from
*toisiaan*, *warming* from *warning*. Of 2,500 right but rare Finnish words 104 were spoilt
before, and 7 are now; 86 of 100 mistakes are still mended."""

LONG_CHARS = 9
INNER_CHARS = 5
"""Two long words that are alike but for one letter, so far from the end, are one word."""

_ENDING = re.compile(
    r"(?:[aä]|(?:[aeiouyä]|tte|de|ie|te)?n|[ij][aäeo]?n?|[aeiuyä]?[td]|i?t[aä]|i?(?:ss|st|ll|lt)[aä]"
    r"|i?lle|i?ksi|i?n[aä]|aan|ään|een|iin|hin|e?s)?"
)
"""What two forms of one word may differ by: *kaatumisen* and *kaatumisten* are both right."""

MIN_STEM_CHARS = 4
MIN_TEXTS = 2
"""A word stands in so many texts before it is known to be Finnish or English: one may be a slip."""

MIN_SHARED_CHARS = 5
"""Beginning that a word without dots must share with a known one to take its dots."""

SURER = 3
"""A spelling with dots must be this many times as common as the one without to take its place."""

_WORD = re.compile(r"[^\W\d_]+")
_EDGES = " \t\r\n\"'”“„»«’*_"
_END = re.compile(r"\s*([?!.…]+)$")
_NOT_BUT = re.compile(
    r"^\W*(?:(?:en|emme)\s+ole\s+\w+\s*,?\s*vaan"
    r"|(?:we're|we\s+are|i'm|i\s+am)\s+not\s+an?\s+\w+\s*,?\s*but(?:\s+an?)?)\s+"
)
"""Who asks is not this: of "emme ole yritys, vaan yhdistys" the company is no part of the topic."""

_BACK = re.compile("[aouåAOUÅ]")
_DOTTED = str.maketrans("aoAO", "äöÄÖ")


class Spelling:
    """Knows the words of an index, and mends those that it does not know."""

    def __init__(self, index: Index) -> None:
        self._counts = index.spellings
        self._index = index
        finnish = self._counts["fi"]
        self._dotted = _by_fold(finnish)
        self._common = {language: _by_first(counts) for language, counts in self._counts.items()}
        self._finnish = sorted({fold(word): word for word in self._dotted.values()}.items())
        self._folded = [folded for folded, _ in self._finnish]
        self.mend = lru_cache(maxsize=REMEMBERED)(self._mend)

    def finnish_odds(self, word: str) -> float:
        """Return the log-odds that a word is Finnish, from the passages of either language."""
        counts = {
            language: sum(
                self._index.words[language].document_count(term)
                for term in word_terms(word, language, self._index.compounds)[:1]
            )
            for language in LANGUAGES
        }
        return math.log((counts["fi"] + 0.5) / (counts["en"] + 0.5))

    def knows(self, word: str) -> bool:
        """Tell whether a word is Finnish or English, by passages and by known questions."""
        if len(word) == 1:
            return False  # English "I" is Swedish for in
        if any(self._counts[language][word] >= MIN_TEXTS for language in LANGUAGES):
            return True
        # A shorter stem is that of some other word: "kan" that of "kana".
        return len(word) >= MIN_STEM_CHARS and bool(self.finnish_odds(word))

    @cached_property
    def _letters(self) -> dict[Language, str]:
        """The known words of each language one after another, their edges marked."""
        return {
            language: "".join(f"_{fold(word)}_" for word in counts)
            for language, counts in self._counts.items()
        }

    def _mend(self, text: str, language: Language) -> str:
        """Return a text with the dots that its Finnish words lack, and mistakes set right.

        Who writes a dot anywhere has the keys for it, and lacks none.
        """
        dotless = language == "fi" and fold(text) == text.lower()
        places = [(place.start, place.end) for place in find_places(text)]
        return _WORD.sub(
            lambda match: self._mended(
                match[0],
                language,
                dotless=dotless,
                is_place=any(start <= match.start() < end for start, end in places),
            ),
            text,
        )

    def _mended(self, word: str, language: Language, *, dotless: bool, is_place: bool) -> str:
        lower = word.lower()
        if dotless and (with_dots := self._with_dots(lower)):
            return _in_case(with_dots, word)
        if is_place or len(word) < MIN_TYPO_CHARS or word.isupper() or self._is_known(lower):
            return word
        nearest = self._nearest(lower, language)
        if not nearest or not self._is_slip(lower, nearest, language):
            return word
        return _in_case(nearest, word)

    def _is_slip(self, word: str, known: str, language: Language) -> bool:
        """Tell whether a word is a slip for a known one, not a right word that is near to it."""
        shared = _shared(word, known)
        if _ENDING.fullmatch(word[shared:]) and _ENDING.fullmatch(known[shared:]):
            return False
        if len(word) >= LONG_CHARS and (
            _undoubled(word) == _undoubled(known) or _shared(word[::-1], known[::-1]) >= INNER_CHARS
        ):
            return True
        letters = self._letters[language]
        return any(run not in letters for run in word_parts(word, (RUN_CHARS,)))

    def _is_known(self, word: str) -> bool:
        return (
            is_function_word(word)
            or any(
                word in self._counts[language]
                or self._index.words[language].document_count(stem(word, language))
                for language in LANGUAGES
            )
            or bool(self._index.compounds.split(word))
        )

    def _with_dots(self, word: str) -> str:
        """Return a Finnish word with its dots; empty where it lacks none or nobody can tell."""
        if word in function_words("fi"):
            return ""
        whole = self._dotted.get(word, "")
        if whole != word and whole and self._is_surer(whole, word):
            return whole
        if whole or self._is_known(word):
            return ""
        return self._by_beginning(word)

    def _is_surer(self, dotted: str, word: str) -> bool:
        counts = self._counts["fi"]
        most = max(counts[word], self._counts["en"][word])
        return counts[dotted] >= SURER * max(most, 1) or not most

    def _by_beginning(self, word: str) -> str:
        """Take the dots of the known word with the longest common beginning, and of its vowels."""
        at = bisect_left(self._folded, word)
        near = self._finnish[max(at - 1, 0) : at + 1]
        shared, known = max(((_shared(word, f), known) for f, known in near), default=(0, ""))
        if shared < max(MIN_SHARED_CHARS, len(word) // 2):
            return ""
        head, tail = known[:shared], word[shared:]
        if not _BACK.search(head):
            tail = tail.translate(_DOTTED)
        return head + tail if head + tail != word else ""

    def _nearest(self, word: str, language: Language) -> str:
        """Return the common word of the same first letter that is one mistake away, if any."""
        common = self._common[language].get(word[0], [])
        found = process.extract(word, common, scorer=OSA.distance, score_cutoff=1, limit=None)
        counts = self._counts[language]
        near = [
            known
            for known, _, _ in found
            if max(len(word), len(known)) - _shared(word, known) > ENDING_CHARS
        ]
        return max(near, key=lambda known: (counts[known], known), default="")


def unwrapped(text: str) -> str:
    """Return a text without a greeting before it, thanks after it, and marks around it.

    What consists of nothing else stays as it is.
    """
    kept = " ".join(text.split()).strip(_EDGES)
    kept = _END.sub(lambda match: "?" if "?" in match[1] else match[1][0], kept)
    for pattern in (_before(), _NOT_BUT, _after()):
        # Folded letter by letter, so that places agree.
        while match := pattern.search(same_length_fold(kept)):
            rest = f"{kept[: match.start()]}{kept[match.end() :]}".strip()
            if not _WORD.search(rest):
                break
            kept = rest
    return kept or text


@lru_cache(maxsize=1)
def _before() -> re.Pattern[str]:
    """Return the pattern of a greeting, or of words that change the subject, before a question.

    Without a mark after it only a word that is nothing else counts: ``terve`` is also healthy.
    """
    sure = _any_of(limits()["polite"]["sure"])
    other = _any_of((*limits()["chat"]["greeting"], *limits()["chat"]["restart"]))
    return re.compile(rf"^\W*(?:(?:{sure}|{other})(?:\s+(?:{sure}))?\s*[,!.:–]+\s*|(?:{sure})\s+)")


@lru_cache(maxsize=1)
def _after() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?<=[?!.,])|(?<=\w))\s*,?\s+(?:{_any_of(limits()['polite']['after'])})\W*$"
    )


def _any_of(phrases: Iterable[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))


def _by_first(counts: Counter[str]) -> dict[str, list[str]]:
    """Return the common words by their first letter."""
    found: dict[str, list[str]] = defaultdict(list)
    for word, count in sorted(counts.items()):
        if count >= MIN_COMMON and len(word) >= MIN_TYPO_CHARS - 1:
            found[word[0]].append(word)
    return found


def _by_fold(counts: Counter[str]) -> dict[str, str]:
    """Return the most common spelling of each folded word."""
    best: dict[str, str] = {}
    for word, count in sorted(counts.items()):
        folded = fold(word)
        if folded not in best or count > counts[best[folded]]:
            best[folded] = word
    return best


def _shared(one: str, other: str) -> int:
    """Return the length of the common beginning."""
    length = min(len(one), len(other))
    return next((n for n in range(length) if one[n] != other[n]), length)


def _undoubled(word: str) -> str:
    """Return a word with each of its double letters once."""
    return "".join(letter for letter, _ in groupby(word))


def _in_case(word: str, like: str) -> str:
    return word.capitalize() if like[:1].isupper() else word
