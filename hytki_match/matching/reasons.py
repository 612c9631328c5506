"""Why a record was found: worked out from what matched, never written by a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hytki_match.language.analysis import fold, word_terms, words
from hytki_match.language.function_words import is_function_word, never_a_reason
from hytki_match.matching.counts import NUMBER_WORDS
from hytki_match.matching.outside import find_outside
from hytki_match.matching.places import named_regions
from hytki_match.matching.readings import ALIKE_CHARS, WORD_SPANS
from hytki_match.records import LANGUAGES, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hytki_match.encoder import Encoder
    from hytki_match.index import Index
    from hytki_match.matching.readings import Readings
    from hytki_match.records import Hit, Language, Query, Record

MAX_WORDS = 4
"""Matched words shown: the most telling ones; more would not be read."""

MIN_IDF = 1.2
"""Words in more than about three of ten passages (``data``, ``health``) tell nothing."""

MIN_WORD_CHARS = 4
"""Shorter words meet others by accident, unless they are abbreviations (``MDR``, ``AI``)."""


class Reasoner:
    """Gives reasons for the hits of one question.

    It looks only at what a user can see of a record: name, description, topics. A keyword that
    is indexed but not shown cannot be checked, so it is never a reason.
    """

    def __init__(self, index: Index, encoder: Encoder, readings: Readings, query: Query) -> None:
        self._index = index
        self._readings = readings
        text = query.search_text
        self._vector = encoder.encode_briefly([text])[0]
        telling = [word for word in words(text) if _is_telling(word, text, query.language)]
        self._terms = {language: self._telling_terms(telling, language) for language in LANGUAGES}
        self._topics = self._matched_topics(query)
        self._language = query.language

    def reason(self, record: Record, hit: Hit) -> Reason:
        """Return the reason for one hit."""
        sentence, language, closeness = self._closest_sentence(record)
        dense = hit.legs.get("dense")
        return Reason(
            words=self._matched_words(record),
            topics=tuple(topic for topic in record.topics if topic in self._topics),
            sentence=sentence,
            language=language,
            meaning=round(dense.score if dense else closeness, 4),
        )

    def _telling_terms(self, telling: Sequence[str], language: Language) -> frozenset[str]:
        """Return the telling terms of telling words, their compounds' parts among them."""
        lexical = self._index.words[language]
        terms = {
            term for word in telling for term in word_terms(word, language, self._index.compounds)
        }
        return frozenset(
            term
            for term in terms
            if term in lexical.terms and lexical.idf[lexical.terms[term]] >= MIN_IDF
        )

    def _matched_words(self, record: Record) -> tuple[str, ...]:
        """Return words of the record, as they stand there, that share a term with the question."""
        found: dict[str, tuple[float, str]] = {}
        # In the language that is shown: a word that the reader does not see proves nothing.
        for text, language in (record.name.best(self._language), self._described(record)):
            terms = self._terms[language]
            for word in self._readings.words(text, language):
                # Two words of one stem may be a noun and a conjunction: only one is a reason.
                is_empty = word.written.lower() in never_a_reason(language)
                if is_empty or terms.isdisjoint(word.terms):
                    continue
                rarity, term = self._rarest(terms.intersection(word.terms), language)
                found.setdefault(term, (rarity, word.written))
        order = sorted(found.values(), key=lambda pair: (-pair[0], pair[1]))
        return tuple(dict.fromkeys(word for _, word in order))[:MAX_WORDS]

    def _rarest(self, terms: Iterable[str], language: Language) -> tuple[float, str]:
        """Return the inverse document frequency of the rarest term, and the term."""
        lexical = self._index.words[language]
        return max((float(lexical.idf[lexical.terms[term]]), term) for term in terms)

    def _matched_topics(self, query: Query) -> frozenset[str]:
        """Return topics whose label shares a telling term with the question."""
        terms = self._terms[query.language]
        return frozenset(
            topic
            for topic, of_label in self._readings.topic_terms(query.language).items()
            if not terms.isdisjoint(of_label)
        )

    def _described(self, record: Record) -> tuple[str, Language]:
        return record.description.best(self._language)

    def _closest_sentence(self, record: Record) -> tuple[str, Language, float]:
        """Return the description's sentence nearest in meaning, in the asker's language if any."""
        text, language = self._described(record)
        sentences, vectors = self._readings.sentences(text)
        if not sentences:
            return "", language, 0.0
        closeness = vectors @ self._vector
        best = int(closeness.argmax())
        return sentences[best], language, float(closeness[best])


def _is_telling(word: str, question: str, language: Language) -> bool:
    """Tell whether a word of a question in a language says something of a record.

    Function words do not, nor do numbers, nor names of regions, which every reason would then
    repeat; a short word does only as an abbreviation.
    """
    if word.isdigit() or fold(word) in NUMBER_WORDS:
        return False
    if is_function_word(word) or word in never_a_reason(language) or named_regions(word):
        return False
    return len(word) >= MIN_WORD_CHARS or (len(word) > 1 and word.upper() in question)


def unmatched_words(
    query: Query, records: Sequence[Record], index: Index, readings: Readings
) -> tuple[str, ...]:
    """Return telling words of the question that none of the records has, as they were written.

    Words are compared by stem and compound part, once in either language as the words leg does,
    with both texts of each record and its keywords. A stem does not know every case of a Finnish
    word (``unta``, ``unesta``): one is called missing only where none begins like it.
    """

    def stands_there(written: str) -> bool:
        return any(
            term in readings.terms(record.doc_id, language)
            for language in LANGUAGES
            for word in words(written)
            for term in word_terms(word, language, index.compounds)
            for record in records
        )

    def begins_alike(word: str) -> bool:
        return len(word) <= ALIKE_CHARS or any(
            word[:ALIKE_CHARS] in readings.beginnings(record.doc_id) for record in records
        )

    # What lies outside the regions is said as such.
    outside = {
        written
        for place in find_outside(query.topic)
        for written in WORD_SPANS.findall(query.topic[place.start : place.end])
    }
    # Limits are told as limits.
    said = {written for limit in query.constraints for written in WORD_SPANS.findall(limit.words)}
    return tuple(
        dict.fromkeys(
            written
            for written in WORD_SPANS.findall(query.topic)
            if written not in outside
            and _is_telling(written.lower(), query.text, query.language)
            and written not in said
            and not (query.language == "fi" and begins_alike(written.lower()))
            and not stands_there(written)
        )
    )
