"""Which sentences of a text tell a need: a line learned from labelled sentences.

The words of asking (``asking.toml``) find a need that is asked for. Many are only told: what fails,
what nobody knows, what is done by hand, what a customer demands. ``python -m training telling``
learns a logistic line over a sentence's vector, parts of its words, whether its words ask, and
where it stands. A vector says what a sentence is about; parts of words say how it is told: that
something is not so, not yet, by hand, every time.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from scipy.special import expit

from hytki_match.adviser.asking import asking
from hytki_match.encoder.vectors import to_unit_length
from hytki_match.language.analysis import word_parts, words
from hytki_match.settings import BUNDLED_MODEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hytki_match.encoder import Encoder, Vectors
    from hytki_match.records import Language

    Array = NDArray[np.float64]

VECTOR_SCALE = 5.0
"""What vectors are multiplied by, so that one pull towards zero suits all features."""

PART_CHARS = (2, 3, 4, 5)
PART_SCALE = 8.0
BUCKETS = 4096
"""Parts of words of so many letters, edges marked, share so many features by their checksum."""

WEIGHTS = "telling.npy"


def need_probabilities(
    sentences: Sequence[str], language: Language, encoder: Encoder
) -> Array | None:
    """Return for each sentence of a text the probability that it tells a need of its own.

    None for another encoder than the bundled one, whose vectors the line was learned with.
    """
    if encoder.name != BUNDLED_MODEL or not sentences:
        return None
    return probabilities(_line(), features(sentences, language, encoder))


def probabilities(line: Array, known: Array) -> Array:
    """Return what a line, its offset and weights, makes of features (sentences, features)."""
    values: Array = expit(line[0] + known @ line[1:])
    return values


def features(sentences: Sequence[str], language: Language, encoder: Encoder) -> Array:
    """Return what is known of each sentence of one text, in its order (sentences, features)."""
    heard, count = asking(language), len(sentences)
    asked = [(heard.is_strong(sentence), heard.asks(sentence)) for sentence in sentences]
    place = np.arange(count) / max(1, count - 1)
    vectors = VECTOR_SCALE * encoder.encode_queries(list(sentences))
    parts = PART_SCALE * _parts(sentences)
    return np.column_stack([vectors, np.array(asked, float), place, place == 0, parts])


def _parts(sentences: Sequence[str]) -> Vectors:
    """Return how often parts of words stand in each sentence, unit rows (sentences, buckets)."""
    counts = np.zeros((len(sentences), BUCKETS))
    for row, sentence in enumerate(sentences):
        parts = [part for word in words(sentence) for part in word_parts(word, PART_CHARS)]
        buckets = [crc32(part.encode()) % BUCKETS for part in parts]
        counts[row] = np.bincount(np.array(buckets, np.intp), minlength=BUCKETS)
    return to_unit_length(np.log1p(counts).astype(np.float32))


@lru_cache(maxsize=1)
def _line() -> Array:
    """Return offset and weights."""
    with as_file(files("hytki_match.adviser") / WEIGHTS) as file:
        line: Array = np.load(file, allow_pickle=False).astype(np.float64)
    return line
