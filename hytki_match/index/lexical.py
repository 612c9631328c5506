"""BM25 as plain arrays: postings by term with the weights worked out at build time."""

from __future__ import annotations

import io
from array import array
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

K1 = 1.2
B = 0.75

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
                scores[self.passages[span]] += self.weights[span]
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
            # By Python: numpy's own writing tells of a full disk only that bytes are lacking.
            content = io.BytesIO()
            np.save(content, getattr(self, part), allow_pickle=False)
            (folder / f"{name}.{part}.npy").write_bytes(content.getbuffer())

    @classmethod
    def load(cls, folder: Path, name: str, size: int) -> LexicalIndex:
        """Map what :meth:`save` wrote into memory; ``size`` is the number of passages.

        Pages that no question touches stay on disk, and processes share the others.
        """
        lines = (folder / f"{name}.terms").read_text(encoding="utf-8").splitlines()
        arrays = {
            part: np.asarray(
                np.load(folder / f"{name}.{part}.npy", mmap_mode="r", allow_pickle=False)
            )
            for part in _ARRAYS
        }
        return cls(terms={term: i for i, term in enumerate(lines)}, size=size, **arrays)


def build_lexical(passages: Iterable[tuple[int, Sequence[str]]], size: int) -> LexicalIndex:
    """Count terms into postings with Okapi BM25 weights (k1 = 1.2, b = 0.75).

    weight = idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean length))
    with idf = ln(1 + (N - df + 0.5) / (df + 0.5)), which is never negative.

    Time grows with the number of postings n as n log n, memory as n.

    Parameters
    ----------
    passages
        Number of the passage, and its terms; read once, numbers rising.
    size
        Number of all passages; the numbers are below it. Passages left out score 0.

    References
    ----------
    Robertson and Zaragoza (2009), The Probabilistic Relevance Framework: BM25 and Beyond.
    """
    counted = _count(passages)
    terms = sorted(counted.vocabulary)
    alphabetic = np.empty(len(terms), np.int32)
    alphabetic[[counted.vocabulary[term] for term in terms]] = np.arange(len(terms))
    by_term = alphabetic[counted.terms]
    order = np.argsort(by_term, kind="stable")
    frequencies = np.bincount(by_term, minlength=len(terms))
    count = len(counted.lengths)
    idf = np.log(1 + (count - np.append(frequencies, 0) + 0.5) / (np.append(frequencies, 0) + 0.5))
    mean_length = max(counted.lengths.sum() / max(count, 1), 1.0)
    tf = counted.frequencies[order].astype(np.float64)
    rows = counted.rows[order]
    norms = K1 * (1 - B + B * counted.lengths / mean_length)
    weights = np.repeat(idf[:-1], frequencies) * tf * (K1 + 1) / (tf + norms[rows])
    return LexicalIndex(
        terms={term: i for i, term in enumerate(terms)},
        starts=np.concatenate([[0], np.cumsum(frequencies)]).astype(np.int64),
        passages=counted.numbers[rows],
        weights=weights.astype(np.float32),
        idf=idf.astype(np.float32),
        size=size,
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """Postings in the order of the passages.

    ``numbers`` (int32) and ``lengths`` (float64) are of the passages; ``rows`` (the passage's
    place in these), ``terms`` and ``frequencies`` (int32) of the postings.
    """

    vocabulary: dict[str, int]
    numbers: NDArray[np.int32]
    lengths: NDArray[np.float64]
    rows: NDArray[np.int32]
    terms: NDArray[np.int32]
    frequencies: NDArray[np.int32]


def _count(passages: Iterable[tuple[int, Sequence[str]]]) -> _Counted:
    """Count the terms of each passage; compact arrays, as a large corpus has tens of millions."""
    vocabulary: dict[str, int] = {}
    numbers, lengths, distinct = array("i"), array("d"), array("i")
    terms, frequencies = array("i"), array("i")
    for number, found in passages:
        counter = Counter(found)
        numbers.append(number)
        lengths.append(len(found))
        distinct.append(len(counter))
        terms.extend(vocabulary.setdefault(term, len(vocabulary)) for term in counter)
        frequencies.extend(counter.values())
    rows = np.repeat(np.arange(len(numbers), dtype=np.int32), np.array(distinct, np.int32))
    return _Counted(
        vocabulary,
        np.array(numbers, np.int32),
        np.array(lengths, np.float64),
        rows,
        np.array(terms, np.int32),
        np.array(frequencies, np.int32),
    )
