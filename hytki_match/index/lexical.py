"""BM25 as plain arrays: postings by term with the weights that ``weighing`` worked out.

A weight is a whole number of 16 bits, so sums are exact whatever the order of additions: what cannot
be among the best is skipped, and the answer is the same to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from hytki_match.index.arrays import load_array, save_array

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

K1 = 1.2
B = 0.75

BLOCK = 1 << 16
"""Passages whose numbers fit 16 bits, and whose sums fit the processor's cache."""

MOST = (1 << 16) - 1
"""What the greatest weight a term could have is written as."""

LOOK_EVERY = 65_536
"""Postings that are added before looking whether the rest can be skipped: a look costs as much."""

GROUP = 32
"""Passages of which only the best is looked at to tell what the best reach."""

LOOKUP = 32
"""Postings that are added in the time in which one passage is looked up among them."""

_ARRAYS = ("starts", "passages", "weights", "most", "idf", "numbers")


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """Postings of one language, in blocks of 65,536 of its passages.

    Attributes
    ----------
    terms
        Term to its number.
    starts
        int64 (blocks, terms + 1): the postings of term t in a block b are ``starts[b, t]`` to
        ``starts[b, t + 1]``.
    passages
        uint16 (postings): places of passages in the block, rising.
    weights
        uint16 (postings): the BM25 weight of the term in the passage, in ``unit``; 1 at least.
    most
        uint16 (terms): the greatest weight of each term.
    idf
        float32 (terms + 1): inverse document frequencies, last that of an unknown term.
    numbers
        int32 (passages of the language): the number of each among all passages, rising.
    """

    terms: dict[str, int]
    starts: NDArray[np.int64]
    passages: NDArray[np.uint16]
    weights: NDArray[np.uint16]
    most: NDArray[np.uint16]
    idf: NDArray[np.float32]
    numbers: NDArray[np.int32]

    def best(
        self, terms: Sequence[str], count: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Return shares of the question that passages cover, and their numbers, best first.

        A share is the BM25 sum over the question's distinct terms, divided by the largest sum that
        these terms could reach, ``(k1 + 1) * sum of idf``: above 0 and below 1. A term that no
        passage has counts in the divisor, so an unknown word lowers every share.

        Parameters
        ----------
        count
            How many to return at most; equal shares are ordered by number.
        allowed
            Whether each of all passages may be found; None allows all.
        """
        asked = np.array([self.terms.get(term, -1) for term in sorted(set(terms))], np.intp)
        reachable = float(self.idf[asked].sum(dtype=np.float64)) * (K1 + 1)
        known = asked[asked >= 0]
        # Rare terms first: they tell most, and what then still may come is soon too little.
        known = known[np.argsort(self._frequencies(known), kind="stable")]
        sums, numbers = np.zeros(0, np.uint32), np.zeros(0, np.int32)
        for block, starts in enumerate(self.starts):
            here = self.numbers[block * BLOCK : (block + 1) * BLOCK]
            postings = _Postings(self, starts, known, None if allowed is None else allowed[here])
            least = int(sums[-1]) if len(sums) == count else 1
            found, places = postings.best(len(here), count, least)
            sums = np.concatenate([sums, found])
            numbers = np.concatenate([numbers, here[places]])
            # Numbers rise from block to block and in each, so equal sums are in order already.
            order = np.argsort(~sums, kind="stable")[:count]
            sums, numbers = sums[order], numbers[order]
        return (sums * (self.unit / max(reachable, self.unit))).astype(np.float32), numbers

    @property
    def unit(self) -> float:
        """The BM25 weight that a weight of 1 stands for."""
        return float(self.idf[-1]) * (K1 + 1) / MOST

    def document_count(self, term: str) -> int:
        """Return how many passages have a term."""
        number = self.terms.get(term)
        if number is None:
            return 0
        # Plain numbers: asked of single words, for which arrays would take ten times as long.
        return sum(starts.item(number + 1) - starts.item(number) for starts in self.starts)

    def _frequencies(self, numbers: NDArray[np.intp]) -> NDArray[np.int64]:
        return np.asarray((self.starts[:, numbers + 1] - self.starts[:, numbers]).sum(axis=0))

    def save(self, folder: Path, name: str) -> None:
        """Write ``name.terms`` (a term a line) and one ``.npy`` file per array."""
        lines = "".join(f"{term}\n" for term in self.terms)
        (folder / f"{name}.terms").write_text(lines, encoding="utf-8")
        for part in _ARRAYS:
            save_array(folder / f"{name}.{part}.npy", getattr(self, part))

    @classmethod
    def load(cls, folder: Path, name: str) -> LexicalIndex:
        """Map what :meth:`save` wrote into memory.

        Pages that no question touches stay on disk, and processes share the others.
        """
        lines = (folder / f"{name}.terms").read_text(encoding="utf-8").splitlines()
        arrays = {part: load_array(folder / f"{name}.{part}.npy", "r") for part in _ARRAYS}
        return cls(terms={term: i for i, term in enumerate(lines)}, **arrays)


def _reached(sums: NDArray[np.uint32], count: int) -> int:
    """Return a sum that at least ``count`` passages reach: of groups, so many have a best that does.

    Of all sums it would be a little more, and take a hundred times as long.
    """
    groups = len(sums) // GROUP
    if not 0 < count <= groups:
        return 0
    best = sums[: groups * GROUP].reshape(GROUP, groups).max(axis=0)
    return int(np.partition(best, -count)[-count])


def _joined(parts: list[NDArray[np.uint16]], kind: type[np.generic]) -> NDArray[Any]:
    """Return parts as one array of wider numbers, made in one go."""
    return np.concatenate(parts, dtype=kind, casting="unsafe")


class _Postings:
    """The postings of a question's terms in one block.

    Parameters
    ----------
    starts
        Of the block.
    terms
        Numbers of the terms, rare ones first.
    allowed
        Whether each passage of the block may be found.
    """

    def __init__(
        self,
        index: LexicalIndex,
        starts: NDArray[np.int64],
        terms: NDArray[np.intp],
        allowed: NDArray[np.bool_] | None,
    ) -> None:
        firsts, ends = starts[terms], starts[terms + 1]
        self._spans = list(map(slice, firsts.tolist(), ends.tolist()))
        self._passages, self._weights = index.passages, index.weights
        # What the terms before each, and those from each on, add up to at most.
        self._ends = np.append(0, np.cumsum(ends - firsts))
        most = np.cumsum(index.most[terms][::-1], dtype=np.int64)[::-1]
        # Python's own numbers: one of numpy's 64 bits would have all sums turned into such.
        self._rest: list[int] = [*most.tolist(), 0]
        self._allowed = allowed

    def best(
        self, size: int, count: int, least: int
    ) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
        """Return sums and places of all passages that may be among the best, and few others.

        As soon as the terms that are left cannot bring a passage past the best so far, only those
        that they can still bring there are looked up among the postings: MaxScore.

        Parameters
        ----------
        size
            Passages of the block.
        least
            The least sum that is wanted.

        References
        ----------
        Turtle and Flood (1995), Query evaluation: strategies and optimizations.
        """
        sums = np.zeros(size, np.uint32)
        at, last = 0, len(self._spans)
        while at < last:
            stop = int(np.searchsorted(self._ends, self._ends[at] + LOOK_EVERY, "right")) - 1
            stop = max(stop, at + 1)
            spans = self._spans[at:stop]
            # In these types: for others numpy adds one by one, ten times as slowly.
            np.add.at(
                sums,
                _joined([self._passages[span] for span in spans], np.intp),
                _joined([self._weights[span] for span in spans], np.uint32),
            )
            at = stop
            if self._allowed is not None:
                sums *= self._allowed
            least = max(least, _reached(sums, count))
            if least > self._rest[at]:
                is_near = sums >= least - self._rest[at]
                lookups = np.count_nonzero(is_near) * (last - at)
                if lookups * LOOKUP <= self._ends[-1] - self._ends[at]:
                    near = np.flatnonzero(is_near)
                    return self._looked_up(sums[near], near, at, count)
        near = np.flatnonzero(sums)
        return sums[near], near

    def _looked_up(
        self, sums: NDArray[np.uint32], places: NDArray[np.intp], first: int, count: int
    ) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
        """Add the weights of the terms from the first on in a few passages only, ever fewer."""
        for at, span in enumerate(self._spans[first:], start=first):
            postings = self._passages[span]
            if len(postings):
                found = np.searchsorted(postings, places.astype(np.uint16))
                found[found == len(postings)] = 0
                has = postings[found] == places
                sums[has] += self._weights[span][found[has]]
            if len(sums) > count:
                least = int(np.partition(sums, -count)[-count])
                near = sums >= max(least - self._rest[at + 1], 0)
                sums, places = sums[near], places[near]
        return sums, places
