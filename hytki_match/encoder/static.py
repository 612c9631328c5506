"""The bundled model without torch: tokens to rows of one matrix, their mean, unit length.

It reads the same folder that sentence-transformers loads as a ``StaticEmbedding``; a test holds
the two to one result.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.errors import EncoderError
from hytki_match.settings import BUNDLED_MODEL, PACKAGE_DIR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hytki_match.encoder import Progress, Vectors

BUNDLED_DIR = PACKAGE_DIR / "encoder" / "bundled"
BATCH = 256


class StaticEncoder:
    """Mean of subword vectors.

    Parameters
    ----------
    folder
        A sentence-transformers folder with ``tokenizer.json`` and ``model.safetensors``, whose
        tensor ``embedding.weight`` has the shape (tokens, dimension).
    name
        What the index's manifest calls this encoder.
    """

    def __init__(self, folder: Path, *, name: str) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._matrix = load_file(folder / "model.safetensors")["embedding.weight"]
        # The tokenizers library raises plain Exception for a file that it cannot read.
        except Exception as error:
            raise EncoderError(
                f"The encoder in {folder} cannot be loaded: {error}.",
                cure="Reinstall the package, or name another model with --model.",
            ) from error
        self.name = name
        self.digest = folder_digest(folder)
        self.dimension = int(self._matrix.shape[1])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions."""
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode passages; ``progress`` is called with (done, all) after every batch."""
        parts = []
        for start in range(0, len(texts), BATCH):
            parts.append(self._encode(texts[start : start + BATCH]))
            if progress:
                progress(min(start + BATCH, len(texts)), len(texts))
        return np.vstack(parts) if parts else np.zeros((0, self.dimension), np.float32)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        """Return the unit means (n, dimension); a text without tokens gives zeros, never NaN."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        for row, encoding in enumerate(encodings):
            if encoding.ids:
                vectors[row] = self._matrix[encoding.ids].astype(np.float32).mean(axis=0)
        return to_unit_length(vectors)


def to_unit_length(vectors: Vectors) -> Vectors:
    """Scale rows to length 1; rows of zeros stay zeros."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = (vectors / np.where(norms > 0, norms, 1)).astype(np.float32)
    return scaled


def folder_digest(folder: Path) -> str:
    """Return the SHA-256 of the files that decide the vectors."""
    digest = hashlib.sha256()
    for name in ("tokenizer.json", "model.safetensors"):
        digest.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return digest.hexdigest()


def bundled_encoder() -> StaticEncoder:
    """Load the encoder that ships in the package."""
    return StaticEncoder(BUNDLED_DIR, name=BUNDLED_MODEL)
