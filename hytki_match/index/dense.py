"""The dense leg's index: inner product over unit vectors with faiss, exact while that is quick."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import faiss
import numpy as np

from hytki_match.errors import IndexBrokenError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from hytki_match.index.vectors import KeptVectors

EXACT_UP_TO = 15_000
"""Vectors that are searched one by one, which takes some 2 ms for this many of 640 numbers.

Of more a code is searched first, and the best by the code again by their vectors: half a
millisecond for 20,000. Lists (IVF) and HNSW were slower, missed more, or both. See
docs/performance.md.
"""

NUMBERS_A_CODE = 2
"""Numbers of a vector that one code of four bits stands for: 160 bytes for 640 numbers."""

CANDIDATES = 4
"""Vectors compared exactly for each that is wanted: 99 of 100 of the nearest 200 are then found,
whatever their number."""

MIN_CANDIDATES = 400
"""Vectors compared exactly however few are wanted: all of the nearest ten are then found."""

TRAINED_ON = 2_000
"""Vectors that the codes are learned from: ten times as many find as much, and take seconds."""

ROUNDS = 4

PART = 16_384
"""Vectors that are read and indexed at a time: 40 MB of 640 numbers."""


class DenseIndex:
    """Vectors of all passages.

    Of the same vectors the same index is made, byte for byte, however they came about.
    """

    def __init__(self, index: faiss.Index) -> None:
        self._index = index
        self._vectors = index
        self._candidates = 1.0
        if isinstance(index, faiss.IndexRefine):
            self._vectors = faiss.downcast_index(index.refine_index)
            self._candidates = index.k_factor

    @classmethod
    def build(
        cls,
        vectors: NDArray[np.float32] | KeptVectors,
        *,
        exact_up_to: int = EXACT_UP_TO,
        candidates: int = CANDIDATES,
        teaching: NDArray[np.float32] | None = None,
    ) -> DenseIndex:
        """Index float32 unit vectors of shape (passages, dimension).

        Parameters
        ----------
        vectors
            An array, or what gives one when it is sliced: only parts are taken at a time.
        exact_up_to
            How many are searched one by one; more of them by codes first.
        candidates
            How many are compared exactly, then, for each that is wanted.
        teaching
            Vectors that codes are learned from, if not evenly from all.
        """
        count, dimension = vectors.shape
        faiss.omp_set_num_threads(1)
        if count > exact_up_to:
            if teaching is None:
                teaching = np.asarray(vectors[:: -(-count // TRAINED_ON)], np.float32)
            return cls(_coded(vectors, candidates, teaching))
        index = faiss.IndexFlatIP(dimension)
        index.add(np.ascontiguousarray(vectors[:], np.float32))
        return cls(index)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @property
    def size(self) -> int:
        """Number of passages."""
        return int(self._vectors.ntotal)

    @property
    def is_exact(self) -> bool:
        """Whether every vector is looked at."""
        return self._vectors is self._index

    @property
    def vectors(self) -> NDArray[np.float32]:
        """All vectors (passages, dimension), in the order in which they were given."""
        return np.asarray(self._vectors.reconstruct_n(0, self.size), np.float32)

    def vectors_of(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of some passages, by their numbers (passages, dimension)."""
        return np.asarray(self._vectors.reconstruct_batch(numbers), np.float32)

    def search(
        self, vector: NDArray[np.float32], depth: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return cosines (-1 to 1) and numbers of the nearest passages, best first.

        Parameters
        ----------
        vector
            The question, shape (dimension,), unit length.
        depth
            How many to return at most; fewer come when fewer are allowed.
        allowed
            Whether each passage may be found (passages,); None allows all.
        """
        count = self.size if allowed is None else int(np.count_nonzero(allowed))
        depth = min(depth, count)
        if depth == 0:
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        selector = None
        if allowed is not None and count < self.size:
            # A bit for each passage, far cheaper than a set of numbers.
            selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[call-arg, arg-type]
        # One thread a question: on a busy machine faiss's own threads wait for each other, which
        # made a search of 20,000 vectors ten times as slow. The setting is the calling thread's.
        faiss.omp_set_num_threads(1)
        scores, numbers = self._index.search(
            vector[None, :], depth, params=self._parameters(selector, depth, count)
        )
        found = numbers[0] >= 0
        return scores[0][found], numbers[0][found]

    def _parameters(
        self, selector: faiss.IDSelector | None, depth: int, count: int
    ) -> faiss.SearchParameters | None:
        if self.is_exact:
            return faiss.SearchParameters(sel=selector) if selector else None  # type: ignore[call-arg]
        candidates = min(max(self._candidates * depth, MIN_CANDIDATES), count)
        return faiss.IndexRefineSearchParameters(  # type: ignore[call-arg]
            k_factor=candidates / depth,
            base_index_params=faiss.SearchParametersIVF(sel=selector),  # type: ignore[call-arg]
        )

    def save(self, file: Path) -> None:
        """Write the index in faiss's form."""
        # By Python, so that a full disk is the OSError it is everywhere else.
        with file.open("wb") as stream:
            faiss.write_index(self._index, faiss.PyCallbackIOWriter(stream.write))  # type: ignore[attr-defined]

    @classmethod
    def load(cls, file: Path) -> DenseIndex:
        """Map an index into memory; only after its checksum was found to hold.

        Vectors that no question comes near stay on disk, and processes share the others.

        Raises
        ------
        IndexBrokenError
            When it is no index, which its build should have noticed.
        """
        try:
            return cls(faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC))
        except RuntimeError as error:
            raise IndexBrokenError(file, "is no index that faiss reads") from error


def _coded(
    vectors: NDArray[np.float32] | KeptVectors, candidates: int, teaching: NDArray[np.float32]
) -> faiss.Index:
    """Return codes of four bits that are searched in registers, and the vectors in half precision.

    References
    ----------
    André, Kermarrec and Le Scouarnec (2015), Cache locality is not enough: high-performance nearest
    neighbor search with product quantization fast scan.
    """
    count, dimension = vectors.shape
    # All in one list: faiss looks at filters only where there are lists.
    one_list = faiss.IndexFlatIP(dimension)
    codes = faiss.IndexIVFPQFastScan(
        one_list,
        dimension,
        1,
        dimension // math.gcd(dimension, NUMBERS_A_CODE),
        4,
        faiss.METRIC_INNER_PRODUCT,
    )
    codes.by_residual = False
    codes.cp.niter, codes.pq.cp.niter = 1, ROUNDS
    codes.train(np.ascontiguousarray(teaching))
    fine = faiss.IndexScalarQuantizer(
        dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    fine.train(np.zeros((1, dimension), np.float32))
    for start in range(0, count, PART):
        part = np.ascontiguousarray(vectors[start : start + PART], np.float32)
        codes.add(part)
        fine.add(part)
    index = faiss.IndexRefine(codes, fine)
    index.k_factor = candidates
    return index
