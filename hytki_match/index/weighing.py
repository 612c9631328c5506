"""From words to postings with BM25 weights, as sparse matrices: only a build needs this."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from hytki_match.index.lexical import BLOCK, K1, MOST, B, LexicalIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows of strings as numbers of them: words of passages, or terms of words.

    Attributes
    ----------
    vocabulary
        The distinct strings.
    ends
        int64 (rows + 1): row r is ``found[ends[r]:ends[r + 1]]``.
    found
        int32: the number of each string that was found.
    """

    vocabulary: Sequence[str]
    ends: NDArray[np.int64]
    found: NDArray[np.int32]

    def counts(self, first: int, last: int) -> sparse.csr_array:
        """Return how often each string stands in each of some rows, int32 (rows, strings)."""
        ends = self.ends[first : last + 1]
        columns = self.found[ends[0] : ends[-1]].copy()  # they are put in order in place
        shape = (len(ends) - 1, len(self.vocabulary))
        ones = np.ones(len(columns), np.int32)
        # Of 64 bits they would make all of a product's places so.
        ends = (ends - ends[0]).astype(np.int32)
        counts = sparse.csr_array((ones, columns, ends), shape)
        counts.sum_duplicates()
        return counts


def _count(rows: Iterable[Sequence[str]]) -> Counted:
    vocabulary: dict[str, int] = {}
    ends, found = array("q", [0]), array("i")
    for row in rows:
        found.extend([vocabulary.setdefault(one, len(vocabulary)) for one in row])
        ends.append(len(found))
    return Counted(list(vocabulary), np.array(ends, np.int64), np.array(found, np.int32))


@dataclass(frozen=True, slots=True)
class WordCounts:
    """How often each word stands in each passage of one language.

    Attributes
    ----------
    numbers
        int32: number of each passage, rising.
    words
        The words of each of them.
    """

    numbers: NDArray[np.int32]
    words: Counted


def count_words(passages: Iterable[tuple[int, Sequence[str]]]) -> WordCounts:
    """Count the words of passages, given by rising numbers; time and memory grow as n."""
    numbers = array("i")

    def rows() -> Iterator[Sequence[str]]:
        for number, words in passages:
            numbers.append(number)
            yield words

    words = _count(rows())
    return WordCounts(np.array(numbers, np.int32), words)


def build_lexical(counted: WordCounts, terms_of: Callable[[str], Sequence[str]]) -> LexicalIndex:
    """Turn words into terms, and their counts into postings with Okapi BM25 weights.

    weight = idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean length)), k1 = 1.2, b = 0.75
    with idf = ln(1 + (N - df + 0.5) / (df + 0.5)), which is never negative.

    Each word of the language is analysed once; time and memory grow as the number of postings, of
    which those of one block are there as a matrix at a time.

    Parameters
    ----------
    terms_of
        The terms of one word; one that comes twice counts twice.

    References
    ----------
    Robertson and Zaragoza (2009), The Probabilistic Relevance Framework: BM25 and Beyond.
    """
    words, count = counted.words, len(counted.numbers)
    terms, of_words = _terms_of_words(words.vocabulary, terms_of)
    frequencies = np.zeros(len(terms) + 1, np.int64)
    starts, passages, tfs, lengths = [], [], [], []
    end = 0
    for start in range(0, max(count, 1), BLOCK):
        # Passages by words times words by terms is passages by terms, whose columns are postings.
        block = (words.counts(start, min(start + BLOCK, count)) @ of_words).tocsc()
        lengths.append(np.asarray(block.sum(axis=1, dtype=np.float64)).ravel())
        frequencies[:-1] += np.diff(block.indptr)
        starts.append(block.indptr.astype(np.int64) + end)
        passages.append(block.indices.astype(np.uint16))
        tfs.append(block.data.astype(np.min_scalar_type(block.data.max(initial=0))))
        end += block.nnz
    idf = np.log(1 + (count - frequencies + 0.5) / (frequencies + 0.5))
    mean_length = max(sum(of_block.sum() for of_block in lengths) / max(count, 1), 1.0)
    weights = np.empty(end, np.uint16)
    most = np.zeros(len(terms), np.uint16)
    for of_block, places, tf, length in zip(starts, passages, tfs, lengths, strict=True):
        norms = (K1 * (1 - B + B * length / mean_length)).astype(np.float32)
        found = _weights(tf, norms[places], idf, np.diff(of_block))
        weights[of_block[0] : of_block[-1]] = found
        used = np.flatnonzero(np.diff(of_block))
        if len(used):
            highest = np.maximum.reduceat(found, of_block[used] - of_block[0])
            most[used] = np.maximum(most[used], highest)
    return LexicalIndex(
        terms={term: number for number, term in enumerate(terms)},
        starts=np.array(starts, np.int64),
        passages=np.concatenate(passages),
        weights=weights,
        most=most,
        idf=idf.astype(np.float32),
        numbers=counted.numbers,
    )


def _weights(
    tf: NDArray[np.unsignedinteger],
    norms: NDArray[np.float32],
    idf: NDArray[np.float64],
    frequencies: NDArray[np.int64],
) -> NDArray[np.uint16]:
    """Return the weights of a block's postings as whole numbers.

    Parameters
    ----------
    tf, norms
        Of each posting.
    frequencies
        Postings of each term in the block.
    """
    shares = tf.astype(np.float32)
    shares /= shares + norms
    shares *= np.repeat((idf[:-1] / idf[-1] * MOST).astype(np.float32), frequencies)
    return np.maximum(np.rint(shares), 1).astype(np.uint16)


def _terms_of_words(
    vocabulary: Sequence[str], terms_of: Callable[[str], Sequence[str]]
) -> tuple[list[str], sparse.csr_array]:
    """Return all terms in order, and how often each stands in each word (words, terms)."""
    counted = _count(map(terms_of, vocabulary))
    found = counted.vocabulary
    places = sorted(range(len(found)), key=found.__getitem__)
    ranks = np.argsort(places).astype(np.int32)
    terms = [found[place] for place in places]
    ordered = Counted(terms, counted.ends, ranks[counted.found])
    return terms, ordered.counts(0, len(vocabulary))
