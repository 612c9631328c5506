"""BM25 as plain arrays: postings by term with the weights worked out at build time."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
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
        for array in _ARRAYS:
            # By Python: numpy's own writing tells of a full disk only that bytes are lacking.
            content = io.BytesIO()
            np.save(content, getattr(self, array), allow_pickle=False)
            (folder / f"{name}.{array}.npy").write_bytes(content.getbuffer())

    @classmethod
    def load(cls, folder: Path, name: str, size: int) -> LexicalIndex:
        """Read what :meth:`save` wrote; ``size`` is the number of passages."""
        lines = (folder / f"{name}.terms").read_text(encoding="utf-8").splitlines()
        arrays = {a: np.load(folder / f"{name}.{a}.npy", allow_pickle=False) for a in _ARRAYS}
        return cls(terms={term: i for i, term in enumerate(lines)}, size=size, **arrays)


def build_lexical(
    passages: Sequence[tuple[int, Sequence[str]]], size: int
) -> LexicalIndex:
    """Count terms into postings with Okapi BM25 weights (k1 = 1.2, b = 0.75).

    weight = idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean length))
    with idf = ln(1 + (N - df + 0.5) / (df + 0.5)), which is never negative.

    Parameters
    ----------
    passages
        Number of the passage, and its terms.
    size
        Number of all passages; the numbers are below it. Passages left out score 0.

    References
    ----------
    Robertson and Zaragoza (2009), The Probabilistic Relevance Framework: BM25 and Beyond.
    """
    counts = [(number, Counter(terms), len(terms)) for number, terms in passages]
    postings: dict[str, list[tuple[int, int, int]]] = {}
    for number, counter, length in counts:
        for term, frequency in counter.items():
            postings.setdefault(term, []).append((number, frequency, length))
    mean_length = max(sum(length for _, _, length in counts) / max(len(counts), 1), 1.0)
    terms = sorted(postings)
    frequencies = np.array([len(postings[term]) for term in terms] + [0], np.float64)
    idf = np.log(1 + (len(counts) - frequencies + 0.5) / (frequencies + 0.5))
    rows = [row for term in terms for row in postings[term]]
    numbers, tf, lengths = np.array(rows, np.float64).reshape(-1, 3).T
    spread = np.repeat(idf[:-1], frequencies[:-1].astype(np.int64))
    weights = spread * tf * (K1 + 1) / (tf + K1 * (1 - B + B * lengths / mean_length))
    return LexicalIndex(
        terms={term: i for i, term in enumerate(terms)},
        starts=np.concatenate([[0], np.cumsum(frequencies[:-1])]).astype(np.int64),
        passages=numbers.astype(np.int32),
        weights=weights.astype(np.float32),
        idf=idf.astype(np.float32),
        size=size,
    )
