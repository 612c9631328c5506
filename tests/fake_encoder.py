"""An encoder without a model: a vector counts the first letters of words, hashed by a checksum."""

from __future__ import annotations

import zlib
from concurrent.futures import Future
from pathlib import Path

import numpy as np

from hytki_match.encoder.vectors import to_unit_length
from hytki_match.language.analysis import words
from hytki_match.matching import Matcher
from hytki_match.matching.parameters import parse_parameters

DIMENSION = 2048  # so wide that two words of a small corpus hardly ever meet
PREFIX = 6


class FakeEncoder:
    name = "fake"
    dimension = DIMENSION

    def __init__(self, digest: str = "fake-1") -> None:
        self.digest = digest
        self.encoded = 0

    def encode_queries(self, texts):
        vectors = np.zeros((len(texts), DIMENSION), np.float32)
        for row, text in enumerate(texts):
            for word in words(text):
                vectors[row, zlib.crc32(word[:PREFIX].encode()) % DIMENSION] += 1
        return to_unit_length(vectors)

    def begin_query(self, text):
        future = Future()
        future.set_result(self.encode_queries([text])[0])
        return future

    def among_questions(self, vectors):
        return vectors

    def encode_briefly(self, texts):
        return self.encode_passages(texts)

    def encode_passages(self, texts, progress=None):
        self.encoded += len(texts)
        if progress:
            progress(len(texts), len(texts))
        return self.encode_queries(texts)


def fake_matcher(index, encoder=None):
    """Return a matcher whose parameters suit the fake encoder."""
    file = Path(__file__).parent / "data" / "parameters.toml"
    parameters = parse_parameters(file.read_text(encoding="utf-8"))
    return Matcher(index, encoder or FakeEncoder(), parameters)
