"""Vectors of made corpora without hours of encoding: sums of the vectors of their sentences.

The encoder that ships takes about ten milliseconds for a passage, 200,000 of them half an hour.
What is measured at scale is all the rest, so a made passage gets the unit sum of its known
sentences' vectors (of the shipped corpus, encoded once and kept) and a little noise of its own,
as no two passages have the same vector. Questions are encoded truly.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.corpus import load_corpus
from hytki_match.corpus.passages import make_passages
from hytki_match.encoder.vectors import to_unit_length
from hytki_match.index.vectors import VectorCache

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from hytki_match.encoder import Encoder, Progress, Vectors

NOISE = 0.3
"""Length of the noise beside a unit vector."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class StandIn:
    """Like the encoder that it is made of, but for the passages of made corpora.

    Parameters
    ----------
    shipped
        The corpus whose sentences the made ones recombine.
    kept
        A folder for the vectors of its sentences and known questions, so that they are encoded
        once.
    """

    def __init__(self, encoder: Encoder, shipped: Path, kept: Path) -> None:
        self._encoder = encoder
        self.name, self.digest, self.dimension = encoder.name, encoder.digest, encoder.dimension
        corpus = load_corpus(shipped)
        texts = {s for passage in make_passages(corpus) for s in _SENTENCE_END.split(passage.text)}
        texts |= {question.text for question in corpus.questions}
        ordered = sorted(texts)
        kept.mkdir(parents=True, exist_ok=True)
        vectors = VectorCache(encoder, kept).encode(ordered)
        self._known = dict(zip(ordered, vectors[:], strict=True))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions."""
        return self._encoder.encode_queries(texts)

    def begin_query(self, text: str) -> Future[Vectors]:
        """Begin to encode a question."""
        return self._encoder.begin_query(text)

    def among_questions(self, vectors: Vectors) -> Vectors:
        """Turn vectors of questions so that they compare with each other."""
        return self._encoder.among_questions(vectors)

    def encode_briefly(self, texts: Sequence[str]) -> Vectors:
        """Encode short texts cheaply."""
        return self._encoder.encode_briefly(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Make vectors for passages."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._vector(text)
        if progress:
            progress(len(texts), len(texts))
        return to_unit_length(vectors)

    def _vector(self, text: str) -> Vectors:
        if text in self._known:
            return self._known[text]
        found = [self._known[s] for s in _SENTENCE_END.split(text) if s in self._known]
        chance = np.random.default_rng(zlib.crc32(text.encode()))
        noise = chance.standard_normal(self.dimension, np.float32) / self.dimension**0.5
        if not found:
            return noise
        total = np.sum(found, axis=0)
        return np.asarray(total / np.linalg.norm(total) + NOISE * noise, np.float32)
