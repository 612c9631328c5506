"""From words to postings with BM25 weights, as sparse matrices: only a build needs this."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from hytki_match.index.lexical import BLOCK, K1, MOST, B, LexicalIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray


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


def build_lexical(words: WordCounts, terms_of: Callable[[str], Sequence[str]]) -> LexicalIndex:
    """Turn words into terms, and their counts into postings with Okapi BM25 weights.

    weight = idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean length)), k1 = 1.2, b = 0.75
    with idf = ln(1 + (N - df + 0.5) / (df + 0.5)), which is never negative.

    Each word of the language is analysed once; time and memory grow as the number of postings.

    Parameters
    ----------
    terms_of
        The terms of one word; one that comes twice counts twice.

    References
    ----------
    Robertson and Zaragoza (2009), The Probabilistic Relevance Framework: BM25 and Beyond.
    """
    terms, of_words = _terms_of_words(words.vocabulary, terms_of)
    count = len(words.numbers)
    # Passages by words times words by terms is passages by terms, whose columns are the postings.
    blocks = [
        (words.counts[start : start + BLOCK] @ of_words).tocsc()
        for start in range(0, max(count, 1), BLOCK)
    ]
    frequencies = np.append(sum(np.diff(block.indptr) for block in blocks), 0)
    idf = np.log(1 + (count - frequencies + 0.5) / (frequencies + 0.5))
    lengths = [np.asarray(block.sum(axis=1, dtype=np.float64)).ravel() for block in blocks]
    mean_length = max(sum(of_block.sum() for of_block in lengths) / max(count, 1), 1.0)
    weights = np.concatenate(
        [
            _weights(block, idf, K1 * (1 - B + B * of_block / mean_length))
            for block, of_block in zip(blocks, lengths, strict=True)
        ]
    )
    ends = np.cumsum([0, *(block.nnz for block in blocks)])
    starts = np.array(
        [end + block.indptr for end, block in zip(ends[:-1], blocks, strict=True)], np.int64
    )
    most = np.zeros(len(terms), np.uint16)
    for of_block in starts:
        used = np.flatnonzero(np.diff(of_block))
        if len(used):
            highest = np.maximum.reduceat(weights[: of_block[-1]], of_block[used])
            most[used] = np.maximum(most[used], highest)
    return LexicalIndex(
        terms={term: number for number, term in enumerate(terms)},
        starts=starts,
        passages=np.concatenate([block.indices.astype(np.uint16) for block in blocks]),
        weights=weights,
        most=most,
        idf=idf.astype(np.float32),
        numbers=words.numbers,
    )


def _weights(
    block: sparse.csc_array, idf: NDArray[np.float64], norms: NDArray[np.float64]
) -> NDArray[np.uint16]:
    """Return the weights of a block's postings as whole numbers."""
    tf = block.data.astype(np.float32)
    shares = tf / (tf + norms.astype(np.float32)[block.indices])
    of_terms = (idf[:-1] / idf[-1] * MOST).astype(np.float32)
    shares *= np.repeat(of_terms, np.diff(block.indptr))
    return np.maximum(np.rint(shares), 1).astype(np.uint16)


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
