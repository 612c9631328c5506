"""Vectors of texts that were encoded before, by hash of encoder and text.

A cache only: whatever is missing or damaged is encoded again. It holds no texts.
"""

from __future__ import annotations

import hashlib
import io
import logging
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.atomic import replace_file
from hytki_match.index import layout
from hytki_match.index.arrays import load_array

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from hytki_match.encoder import Encoder, Progress, Vectors

KEY_BYTES = 32

KEPT_ENCODERS = 2
"""Encoders whose vectors stay, so that trying another one and going back costs nothing."""

_log = logging.getLogger(__name__)


class CachedEncoder:
    """An encoder that encodes a passage only if it never did before.

    Vectors are kept for the passages that were asked for since it was made; :meth:`save` forgets
    all others, so the cache is as large as one index.

    Parameters
    ----------
    reuse
        False encodes everything again and replaces what was kept.
    """

    def __init__(self, encoder: Encoder, index_dir: Path, *, reuse: bool = True) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.digest = encoder.digest
        self.dimension = encoder.dimension
        self._file = _file(index_dir, encoder)
        self._known = _load(self._file, encoder.dimension) if reuse else {}
        self._used: dict[bytes, NDArray[np.float32]] = {}

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions; they are never kept."""
        return self._encoder.encode_queries(texts)

    def encode_briefly(self, texts: Sequence[str]) -> Vectors:
        """Encode short texts cheaply; they are never kept."""
        return self._encoder.encode_briefly(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode passages; ``progress`` counts only those that are new."""
        keys = [self._key(text) for text in texts]
        new = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._known}
        if new:
            vectors = self._encoder.encode_passages(list(new.values()), progress)
            if len(vectors) != len(new):
                return vectors  # what is wrong with it is for the build to say
            self._known.update(zip(new, vectors, strict=True))
        if not keys:
            return np.zeros((0, self.dimension), np.float32)
        found = np.stack([self._known[key] for key in keys])
        # Kept as rows of what is returned: nothing stands in memory twice.
        self._known.update(zip(keys, found, strict=True))
        self._used.update(zip(keys, found, strict=True))
        return found

    def save(self) -> None:
        """Write the vectors that were asked for, and forget encoders not used for long."""
        rows = np.zeros(len(self._used), _row_type(self.dimension))
        for row, key in enumerate(sorted(self._used)):
            rows[row] = (key, self._used[key])
        stream = io.BytesIO()
        np.save(stream, rows, allow_pickle=False)
        data = stream.getbuffer()
        del rows  # as large as all vectors, and so is the buffer
        self._file.parent.mkdir(exist_ok=True)
        replace_file(self._file, data)
        replace_file(_checksum_file(self._file), hashlib.sha256(data).hexdigest().encode())
        files = sorted(self._file.parent.glob("*.npy"), key=lambda file: file.stat().st_mtime)
        for file in files[:-KEPT_ENCODERS]:
            file.unlink()
            _checksum_file(file).unlink(missing_ok=True)

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.digest}\0{text}".encode()).digest()


def _file(index_dir: Path, encoder: Encoder) -> Path:
    name = hashlib.sha256(encoder.digest.encode()).hexdigest()[:16]
    return index_dir / layout.VECTORS / f"{name}.npy"


def _checksum_file(file: Path) -> Path:
    return file.with_suffix(".sha256")


def _row_type(dimension: int) -> np.dtype[np.void]:
    return np.dtype([("key", np.void, KEY_BYTES), ("vector", np.float32, (dimension,))])


def _load(file: Path, dimension: int) -> dict[bytes, NDArray[np.float32]]:
    """Return what was kept; nothing when there is none, or when it is not as it was written."""
    try:
        data = file.read_bytes()
        expected = _checksum_file(file).read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return {}
    if hashlib.sha256(data).hexdigest() != expected:
        _log.warning("%s is damaged: every text is encoded again.", file)
        return {}
    rows = load_array(io.BytesIO(data))
    if rows.dtype != _row_type(dimension):
        return {}
    return {key.tobytes(): vector for key, vector in zip(rows["key"], rows["vector"], strict=True)}
