"""Texts as reasons look at them, worked out once and remembered: their terms and sentences."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from hytki_match.language.analysis import word_terms, words
from hytki_match.language.function_words import function_words
from hytki_match.records import LANGUAGES

if TYPE_CHECKING:
    from hytki_match.encoder import Encoder, Vectors
    from hytki_match.index import Index
    from hytki_match.records import Language

REMEMBERED_TEXTS = 4096
"""Enough for the names and descriptions of some thousand records; the oldest go first."""

REMEMBERED_WORDS = 50_000

ALIKE_CHARS = 4
"""Letters that forms of a Finnish word have in common: case and gradation change the rest."""

WORD_SPANS = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ0-9\"”])")


class ReadWord(NamedTuple):
    """A word as it stands in a text, and its terms."""

    written: str
    terms: tuple[str, ...]


class Readings:
    """What the records that an index may show say, word by word and sentence by sentence."""

    def __init__(self, index: Index, encoder: Encoder) -> None:
        self._index = index
        self._encoder = encoder
        self._of_word = lru_cache(maxsize=REMEMBERED_WORDS)(
            lambda word, language: tuple(word_terms(word, language, index.compounds))
        )
        self._read_word = lru_cache(maxsize=REMEMBERED_WORDS)(self._as_read)
        self.words = lru_cache(maxsize=REMEMBERED_TEXTS)(self._words)
        self.sentences = lru_cache(maxsize=REMEMBERED_TEXTS)(self._sentences)
        self.terms = lru_cache(maxsize=REMEMBERED_TEXTS)(self._terms)
        self.beginnings = lru_cache(maxsize=REMEMBERED_TEXTS)(self._beginnings)
        self.topic_terms = lru_cache(maxsize=len(LANGUAGES))(self._topic_terms)

    def _words(self, text: str, language: Language) -> tuple[ReadWord, ...]:
        """Return the words of a text that have terms, in order."""
        read = [self._read_word(written, language) for written in WORD_SPANS.findall(text)]
        return tuple([word for word in read if word.terms])

    def _as_read(self, written: str, language: Language) -> ReadWord:
        """Return a word with its terms, of which function words have none."""
        known = function_words(language)
        parts = [part for part in words(written) if part not in known]
        return ReadWord(
            written, tuple([t for part in parts for t in self._of_word(part, language)])
        )

    def _topic_terms(self, language: Language) -> dict[str, frozenset[str]]:
        """Return the terms of each topic's label."""
        return {
            topic.topic_id: frozenset(
                term
                for word in self.words(topic.label.get(language), language)
                for term in word.terms
            )
            for topic in self._index.corpus.topics.values()
        }

    def _terms(self, doc_id: str, language: Language) -> frozenset[str]:
        """Return all terms of a record's texts in one language, keywords among them."""
        found = {self._of_word(word, language) for word in self._words_of(doc_id, language)}
        return frozenset(chain.from_iterable(found))

    def _beginnings(self, doc_id: str) -> frozenset[str]:
        """Return how the words of a record's Finnish texts begin."""
        return frozenset([word[:ALIKE_CHARS] for word in self._words_of(doc_id, "fi")])

    def _words_of(self, doc_id: str, language: Language) -> set[str]:
        record = self._index.corpus.records[doc_id]
        texts = (record.name, record.description, record.keywords)
        return {word for text in texts for word in words(text.get(language))}

    def _sentences(self, text: str) -> tuple[tuple[str, ...], Vectors]:
        """Return the sentences of a text and their brief vectors (sentences, any dimension)."""
        sentences = split_sentences(text)
        return sentences, self._encoder.encode_briefly(sentences)


def split_sentences(text: str) -> tuple[str, ...]:
    """Split a description where a sentence ends: a full stop before a capital or a figure."""
    return tuple(sentence for sentence in _SENTENCE_END.split(text.strip()) if sentence)
