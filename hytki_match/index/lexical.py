"""BM25 as plain arrays: postings by term with the weights worked out at build time."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from hytki_match.index.arrays import load_array, save_array

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

K1 = 1.2
B = 0.75

_AT_ONCE = 4_000_000
"""Postings that are weighed at a time: intermediate results are twice as wide as the weights."""

_ARRAYS = ("starts", "passages", "weights", "idf")


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """Postings of one language.

    Attributes
    ----------
    terms
        Term to its number.
    starts
        int64 (terms + 1): the postings of term t are ``starts[t]`` to ``starts[t + 1]``.
    passages
        int32 (postings): numbers of passages.
    weights
        float32 (postings): the BM25 weight of the term in the passage.
    idf
        float32 (terms + 1): inverse document frequencies, last that of an unknown term.
    size
        Number of passages that scores are given for.
    """

    terms: dict[str, int]
    starts: NDArray[np.int64]
    passages: NDArray[np.int32]
    weights: NDArray[np.float32]
    idf: NDArray[np.float32]
    size: int

    def score(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Return for every passage the share of the question that it covers.

        The BM25 sum over the question's distinct terms, divided by the largest sum that these
        terms could reach, ``(k1 + 1) * sum of idf``: from 0 up to, but not including, 1. A term
        that no passage has counts in the divisor, so an unknown word lowers every score.
        """
        scores = np.zeros(self.size, np.float32)
        reachable = 0.0
        for term in sorted(set(terms)):
            number = self.terms.get(term, -1)
            reachable += float(self.idf[number]) * (K1 + 1)
            if number >= 0:
                span = slice(self.starts[number], self.starts[number + 1])
                # Twice as fast as += here, where no passage comes twice.
                np.add.at(scores, self.passages[span], self.weights[span])
        return scores / np.float32(reachable) if reachable else scores

    def document_count(self, term: str) -> int:
        """Return how many passages have a term."""
        number = self.terms.get(term)
        return 0 if number is None else int(self.starts[number + 1] - self.starts[number])

    def save(self, folder: Path, name: str) -> None:
        """Write ``name.terms`` (a term a line) and one ``.npy`` file per array."""
        lines = "".join(f"{term}\n" for term in self.terms)
        (folder / f"{name}.terms").write_text(lines, encoding="utf-8")
        for part in _ARRAYS:
            save_array(folder / f"{name}.{part}.npy", getattr(self, part))

    @classmethod
    def load(cls, folder: Path, name: str, size: int) -> LexicalIndex:
        """Map what :meth:`save` wrote into memory; ``size`` is the number of passages.

        Pages that no question touches stay on disk, and processes share the others.
        """
        lines = (folder / f"{name}.terms").read_text(encoding="utf-8").splitlines()
        arrays = {part: load_array(folder / f"{name}.{part}.npy", "r") for part in _ARRAYS}
        return cls(terms={term: i for i, term in enumerate(lines)}, size=size, **arrays)


@dataclass(frozen=True, slots=True)
class WordCounts:
    """How often each word stands in each passage of one language.

    Attributes
    ----------
    vocabulary
        The words, in the order of the columns of ``counts``.
    numbers
        int32: number of each row's passage, rising.
    counts
        int32 (passages of the language, words), sparse.
    """

    vocabulary: Sequence[str]
    numbers: NDArray[np.int32]
    counts: sparse.csr_array


def count_words(passages: Iterable[tuple[int, Sequence[str]]]) -> WordCounts:
    """Count the words of passages, given by rising numbers; time and memory grow as n."""
    vocabulary: dict[str, int] = {}
    numbers, ends, found = array("i"), array("q", [0]), array("i")
    for number, in_passage in passages:
        numbers.append(number)
        found.extend([vocabulary.setdefault(word, len(vocabulary)) for word in in_passage])
        ends.append(len(found))
    columns = np.frombuffer(found, np.int32) if found else np.zeros(0, np.int32)
    shape = (len(numbers), len(vocabulary))
    counts = sparse.csr_array((np.ones(len(columns), np.int32), columns, np.array(ends)), shape)
    counts.sum_duplicates()
    return WordCounts(list(vocabulary), np.array(numbers, np.int32), counts)


def build_lexical(
    words: WordCounts, terms_of: Callable[[str], Sequence[str]], size: int
) -> LexicalIndex:
    """Turn words into terms, and their counts into postings with Okapi BM25 weights.

    weight = idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean length)), k1 = 1.2, b = 0.75
    with idf = ln(1 + (N - df + 0.5) / (df + 0.5)), which is never negative.

    Each word of the language is analysed once; time and memory grow as the number of postings.

    Parameters
    ----------
    terms_of
        The terms of one word; one that comes twice counts twice.
    size
        Number of all passages; the numbers are below it. Passages left out score 0.

    References
    ----------
    Robertson and Zaragoza (2009), The Probabilistic Relevance Framework: BM25 and Beyond.
    """
    terms, of_words = _terms_of_words(words.vocabulary, terms_of)
    # Passages by words times words by terms is passages by terms, whose columns are the postings.
    postings = (words.counts @ of_words).tocsc()
    starts = postings.indptr.astype(np.int64)
    frequencies = np.diff(starts)
    count = len(words.numbers)
    idf = np.log(1 + (count - np.append(frequencies, 0) + 0.5) / (np.append(frequencies, 0) + 0.5))
    lengths = np.asarray(postings.sum(axis=1, dtype=np.float64)).ravel()
    mean_length = max(lengths.sum() / max(count, 1), 1.0)
    norms = K1 * (1 - B + B * lengths / mean_length)
    weights = np.empty(postings.nnz, np.float32)
    of_postings = np.repeat(np.arange(len(terms), dtype=np.int32), frequencies)
    for start in range(0, postings.nnz, _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        tf = postings.data[part].astype(np.float64)
        weights[part] = (
            idf[of_postings[part]] * tf * (K1 + 1) / (tf + norms[postings.indices[part]])
        )
    return LexicalIndex(
        terms={term: number for number, term in enumerate(terms)},
        starts=starts,
        passages=words.numbers[postings.indices],
        weights=weights,
        idf=idf.astype(np.float32),
        size=size,
    )


def _terms_of_words(
    vocabulary: Sequence[str], terms_of: Callable[[str], Sequence[str]]
) -> tuple[list[str], sparse.csr_array]:
    """Return all terms in order, and how often each stands in each word (words, terms)."""
    analysed = [terms_of(word) for word in vocabulary]
    terms = sorted({term for of_word in analysed for term in of_word})
    place = {term: number for number, term in enumerate(terms)}
    columns = np.array([place[term] for of_word in analysed for term in of_word], np.int32)
    ends = np.cumsum([0, *map(len, analysed)])
    shape = (len(vocabulary), len(terms))
    counts = sparse.csr_array((np.ones(len(columns), np.int32), columns, ends), shape)
    counts.sum_duplicates()
    return terms, counts
