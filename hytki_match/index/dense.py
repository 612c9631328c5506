"""The dense leg's index: exact inner product over unit vectors with faiss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import faiss
import numpy as np

from hytki_match.errors import IndexBrokenError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


class DenseIndex:
    """Vectors of all passages; exact search, so a rank is never a matter of luck."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> DenseIndex:
        """Index float32 unit vectors of shape (passages, dimension)."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @property
    def size(self) -> int:
        """Number of passages."""
        return int(self._index.ntotal)

    @property
    def vectors(self) -> NDArray[np.float32]:
        """All vectors (passages, dimension), in the order in which they were given."""
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
        depth = min(depth, self.size if allowed is None else len(allowed))
        if depth == 0:
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        params = None
        if allowed is not None and len(allowed) < self.size:
            params = faiss.SearchParameters(sel=_selector(allowed, self.size))  # type: ignore[call-arg]
        # One thread a question: on a busy machine faiss's own threads wait for each other, which
        # made a search of 20,000 vectors ten times as slow. The setting is the calling thread's.
        faiss.omp_set_num_threads(1)
        scores, numbers = self._index.search(vector[None, :], depth, params=params)
        return scores[0], numbers[0]

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


def _selector(allowed: NDArray[np.int64], size: int) -> faiss.IDSelector:
    """Return what lets faiss look at some passages only: a bit each, far cheaper than a set."""
    mask = np.zeros(size, bool)
    mask[allowed] = True
    bits = np.packbits(mask, bitorder="little")
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
