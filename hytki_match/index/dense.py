"""The dense leg's index: inner product over unit vectors with faiss, exact while that is quick."""

from __future__ import annotations

from typing import TYPE_CHECKING

import faiss
import numpy as np

from hytki_match.errors import IndexBrokenError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

EXACT_UP_TO = 15_000
"""Vectors that are searched one by one, which takes some 2 ms for this many of 640 numbers.

More are divided into lists of near ones (IVF), and a question looks at the nearest lists; HNSW was
as quick, took ten times as long to fill and serves filters badly. See docs/performance.md.
"""

RECALL = 0.993
"""Share of the ten nearest that the lists looked at must hold, measured while building."""

PROBED = 200
"""Vectors that this is measured with."""

NEIGHBOURS = 10

TRAINED_ON = 40
"""Vectors a list from which the centres are worked out: more moves them little."""

ROUNDS = 8


class DenseIndex:
    """Vectors of all passages.

    Of the same vectors the same index is made, byte for byte, however they came about.
    """

    def __init__(self, index: faiss.Index) -> None:
        self._index = index
        self._lists = index if isinstance(index, faiss.IndexIVF) else None

    @classmethod
    def build(
        cls,
        vectors: NDArray[np.float32],
        asked: NDArray[np.float32] | None = None,
        *,
        rough: bool = False,
    ) -> DenseIndex:
        """Index float32 unit vectors of shape (passages, dimension).

        Parameters
        ----------
        asked
            Vectors of questions (questions, dimension) by which to tell how many lists a question
            has to look at; some of the vectors themselves if there are none.
        rough
            Whether eight bits a number are enough: cosines are off by up to 0.002, and a search of
            many vectors takes half the time.
        """
        vectors = np.ascontiguousarray(vectors, np.float32)
        count, dimension = vectors.shape
        faiss.omp_set_num_threads(1)
        if count <= EXACT_UP_TO:
            # Of no vectors nothing can be learned that eight bits need.
            index = _rough(dimension) if rough and count else faiss.IndexFlatIP(dimension)
            index.train(vectors)
            index.add(vectors)
            return cls(index)
        return cls(_lists(vectors, _spread(vectors if asked is None or not len(asked) else asked)))

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @property
    def size(self) -> int:
        """Number of passages."""
        return int(self._index.ntotal)

    @property
    def is_exact(self) -> bool:
        """Whether every vector is looked at."""
        return self._lists is None

    @property
    def vectors(self) -> NDArray[np.float32]:
        """All vectors (passages, dimension), in the order in which they were given."""
        if self._lists:
            self._lists.make_direct_map()
        return np.asarray(self._index.reconstruct_n(0, self.size), np.float32)

    def search(
        self, vector: NDArray[np.float32], depth: int, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return cosines (-1 to 1) and numbers of the nearest passages, best first.

        Parameters
        ----------
        vector
            The question, shape (dimension,), unit length.
        depth
            How many to return at most; fewer come when fewer are allowed.
        allowed
            Numbers of the passages to search; None searches all.
        """
        count = self.size if allowed is None else len(allowed)
        depth = min(depth, count)
        if depth == 0:
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        selector = _selector(allowed, self.size) if allowed is not None and count < self.size else None
        # One thread a question: on a busy machine faiss's own threads wait for each other, which
        # made a search of 20,000 vectors ten times as slow. The setting is the calling thread's.
        faiss.omp_set_num_threads(1)
        scores, numbers = self._index.search(
            vector[None, :], depth, params=self._parameters(selector, count)
        )
        found = numbers[0] >= 0  # the lists looked at may hold fewer
        return scores[0][found], numbers[0][found]

    def _parameters(
        self, selector: faiss.IDSelector | None, count: int
    ) -> faiss.SearchParameters | None:
        """Let a search with few allowed look at more lists, so that as many are looked at."""
        if self._lists is None:
            return faiss.SearchParameters(sel=selector) if selector else None  # type: ignore[call-arg]
        lists = min(-(-self._lists.nprobe * self.size // count), self._lists.nlist)
        return faiss.SearchParametersIVF(sel=selector, nprobe=lists)  # type: ignore[call-arg]

    def save(self, file: Path) -> None:
        """Write the index in faiss's form."""
        # By Python, so that a full disk is the OSError it is everywhere else.
        file.write_bytes(faiss.serialize_index(self._index).tobytes())

    @classmethod
    def load(cls, file: Path) -> DenseIndex:
        """Read an index; only after its checksum was found to hold.

        Raises
        ------
        IndexBrokenError
            When it is no index, which its build should have noticed.
        """
        try:
            return cls(faiss.read_index(str(file)))
        except RuntimeError as error:
            raise IndexBrokenError(file, "is no index that faiss reads") from error


def _rough(dimension: int) -> faiss.Index:
    kind = faiss.ScalarQuantizer.QT_8bit
    return faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)


def _lists(vectors: NDArray[np.float32], asked: NDArray[np.float32]) -> faiss.Index:
    """Divide vectors into about two square roots of their number of lists, in half precision.

    The number of lists that a question looks at grows by a quarter until it reaches ``RECALL``.
    Time grows as n times the number of lists, so as n to the power of 1.5.
    """
    count, dimension = vectors.shape
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        2 * int(count**0.5),
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.cp.niter, index.cp.spherical = ROUNDS, True
    index.cp.max_points_per_centroid = TRAINED_ON
    index.train(vectors)
    index.add(vectors)
    exact = np.argpartition(-(asked @ vectors.T), NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    index.nprobe = 1
    while index.nprobe < index.nlist and _recall(index, asked, exact) < RECALL:
        index.nprobe = min(index.nprobe + -(-index.nprobe // 4), index.nlist)
    return index


def _recall(index: faiss.Index, asked: NDArray[np.float32], exact: NDArray[np.int64]) -> float:
    found = index.search(asked, NEIGHBOURS)[1]
    hits = sum(len(set(a) & set(b)) for a, b in zip(found.tolist(), exact.tolist(), strict=True))
    return hits / exact.size


def _spread(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return some of many vectors, evenly spread."""
    return vectors[:: max(len(vectors) // PROBED, 1)][:PROBED]


def _selector(allowed: NDArray[np.int64], size: int) -> faiss.IDSelector:
    """Return what lets faiss look at some passages only: a bit each, far cheaper than a set."""
    mask = np.zeros(size, bool)
    mask[allowed] = True
    bits = np.packbits(mask, bitorder="little")
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
