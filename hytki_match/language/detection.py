"""Finnish or English: langdetect with these two profiles only, and a rule for short texts."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, cast

from hytki_match.language.analysis import words
from hytki_match.language.function_words import function_words, is_function_word
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from hytki_match.records import Language

    Evidence = Callable[[str], float]
    Known = Callable[[str], bool]

MIN_DETECTION_CHARS = 15
"""With fewer letters langdetect is wrong while sure: it says "en" of "hei" at p = 1.0."""

MIN_DETECTION_PROBABILITY = 0.9

CERTAIN = 3.0
"""Log-odds of a function word or of a dotted letter: 20 to 1."""

MIN_WORD_ODDS = 0.7
"""Words must make one language twice as likely as the other to decide."""

MAX_SHORT_WORDS = 6
SURE_WORD_ODDS = 2.0
"""Of 15,963 known questions 164 get the wrong language with these, 213 without (166 with ten words
or with odds of 3)."""

MIN_FOREIGN_WORDS = 4
"""Fewer words tell Estonian or Norwegian from Finnish with a loan word no better than chance."""

MAX_KNOWN_SHARE = 0.5
"""With more words known than this share, a text is Finnish or English whatever its letters say."""

HARDLY_KNOWN_SHARE = 0.3
HARDLY_KNOWN_PROBABILITY = 0.8
"""Where hardly a word is known, less certainty about the third language is enough."""

REMEMBERED = 256
"""Texts whose language stays known: a question is asked again on each page that it is shown on."""

Foreign = Literal["sv", "et", "de", "no", "da", "fr", "es", "ru"]

ALL_PROFILES = ("en", "fi", "sv", "et", "de", "no", "da", "fr", "es", "ru")

_FINNISH_LETTERS = re.compile("[äöåÄÖÅ]")


@lru_cache(maxsize=2)
def _factory(languages: tuple[str, ...]) -> Any:  # noqa: ANN401 - langdetect has no types
    """Return a detector factory that knows some languages, and nothing else."""
    import json

    from langdetect.detector_factory import DetectorFactory
    from langdetect.utils.lang_profile import LangProfile

    factory = DetectorFactory()
    factory.seed = 0
    profiles = files("langdetect") / "profiles"
    for index, language in enumerate(languages):
        loaded = json.loads((profiles / language).read_text(encoding="utf-8"))
        factory.add_profile(LangProfile(**loaded), index, len(languages))
    return factory


def detect_language(
    text: str, fallback: Language, evidence: Evidence | None = None
) -> tuple[Language, float]:
    """Tell the language of a question and how sure that is.

    Parameters
    ----------
    text
        The question.
    fallback
        The language of the conversation or the page, for a text that says too little.
    evidence
        Log-odds that a lower-case word is Finnish rather than English (0 when it says nothing);
        asked only where statistics over letters are not to be trusted.

    Returns
    -------
    language, probability
        The probability is 0.5 when only the fallback decided.
    """
    language, probability = "en", 0.0
    if _letters(text) >= MIN_DETECTION_CHARS:
        language, probability = _statistics(text)
    by_letters: Language = "fi" if language == "fi" else "en"
    is_sure = probability >= MIN_DETECTION_PROBABILITY
    if is_sure and len(words(text)) > MAX_SHORT_WORDS:
        return by_letters, probability
    odds = _word_odds(text, evidence)
    by_words: Language = "fi" if odds > 0 else "en"
    # The letters of a short text are few, and those of a loan word or a name many of them.
    if is_sure and (by_words == by_letters or abs(odds) < SURE_WORD_ODDS):
        return by_letters, probability
    if abs(odds) >= MIN_WORD_ODDS:
        return by_words, 1 / (1 + math.exp(-abs(odds)))
    return fallback, 0.5


def foreign_language(
    text: str, is_known: Known | None = None, names: Collection[str] = ()
) -> Foreign | None:
    """Return the language of a text in another one than Finnish and English; else None.

    Asked of langdetect with the profiles of our neighbours too, and only where few words are
    known to be Finnish or English: with all profiles langdetect takes short Finnish for Estonian.

    Parameters
    ----------
    is_known
        Tells whether a lower-case word is known to be Finnish or English, beside function words.
    names
        Lower-case words that tell no language, such as those of towns.
    """
    found = [word for word in words(text) if word not in names]
    if _letters(text) < MIN_DETECTION_CHARS or len(found) < MIN_FOREIGN_WORDS:
        return None
    known = sum(is_function_word(word) or bool(is_known and is_known(word)) for word in found)
    if known > MAX_KNOWN_SHARE * len(found):
        return None
    language, probability = _statistics(text, ALL_PROFILES)
    hardly = known <= HARDLY_KNOWN_SHARE * len(found)
    least = HARDLY_KNOWN_PROBABILITY if hardly else MIN_DETECTION_PROBABILITY
    is_foreign = language not in LANGUAGES and probability >= least
    return cast("Foreign", language) if is_foreign else None


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _word_odds(text: str, evidence: Evidence | None) -> float:
    """Add up what the words say: the evidence, function words, and dots over letters."""
    odds = 0.0
    for word in words(text):
        odds += evidence(word) if evidence else 0.0
        odds += CERTAIN * (word in function_words("fi"))
        odds -= CERTAIN * (word in function_words("en"))
        odds += CERTAIN * bool(_FINNISH_LETTERS.search(word))
    return odds


@lru_cache(maxsize=REMEMBERED)
def _statistics(text: str, languages: tuple[str, ...] = ("en", "fi")) -> tuple[str, float]:
    """Ask langdetect; (``en``, 0) when the text has no letters that it knows."""
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory(languages).create()
    detector.seed = 0
    # Statistics over letters know capitals as those of English names and abbreviations.
    detector.append(text.lower() if text.isupper() else text)
    try:
        best = detector.get_probabilities()
    except LangDetectException:
        return "en", 0.0
    if not best:
        return "en", 0.0
    return str(best[0].lang), float(best[0].prob)
