"""The bundled model without torch: tokenizers, and one small graph for onnxruntime.

The graph (``model.onnx``) holds no weights; it points at those in ``model.safetensors``, so that
they lie on disk once. sentence-transformers loads the same folder through
:mod:`hytki_match.encoder.reference`, and a test holds the two to one result.

Each text runs through the graph alone: activations are quantised by the range that they have in
one run, so in a batch the vector of a text would depend on its neighbours. Batches are not faster
on a CPU either; several texts run side by side instead, one on each core.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from threading import Event
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.encoder.vectors import to_unit_length
from hytki_match.errors import EncoderError
from hytki_match.settings import BUNDLED_MODEL, PACKAGE_DIR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

    from hytki_match.encoder import Progress, Vectors

BUNDLED_DIR = PACKAGE_DIR / "encoder" / "bundled"
FILES = ("tokenizer.json", "static-tokenizer.json", "model.safetensors", "model.onnx")
"""The files that decide the vectors."""

LENS = "lens.npy"
"""A matrix (dimension, dimension) for vectors of questions; a model may lack it."""

REPORT_EVERY = 64
ERRORS_ONLY = 3


class LightEncoder:
    """A small transformer and a sum of subword vectors, side by side in one vector.

    Parameters
    ----------
    folder
        The model, as :mod:`training.export` writes it.
    name
        What the index's manifest calls this encoder.
    """

    def __init__(self, folder: Path, *, name: str) -> None:
        from hytki_match.encoder.tokens import Tokens

        try:
            self._tokens = Tokens(folder)
            self._session = _open(folder / "model.onnx")
            self.lens = _load_lens(folder)
            self.digest = folder_digest(folder)
        # Both libraries raise plain Exception, or classes of their own, for a file that they
        # cannot read.
        except Exception as error:
            raise EncoderError(
                f"The encoder in {folder} cannot be loaded: {error}.",
                cure="Reinstall the package, or name another model with --model.",
            ) from error
        self._static_table = lru_cache(maxsize=1)(lambda: _load_static(folder))
        self._questions = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="question")
        self.name = name
        self.dimension = int(self._session.get_outputs()[0].shape[-1])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions."""
        return self.encode_passages(texts)

    def begin_query(self, text: str) -> Future[Vectors]:
        """Begin to encode a question on another core; the future holds its vector (dimension,).

        This returns when the graph runs, which needs no Python. A thread that only waits to begin
        would wait for Python's lock, up to 5 ms, while the caller holds it.
        """
        running = Event()
        inputs = self._inputs(text, self._tokens.ids([text])[0])

        def encode() -> Vectors:
            running.set()
            vector: Vectors = to_unit_length(self._run(inputs)[None])[0]
            return vector

        future = self._questions.submit(encode)
        running.wait()
        return future

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode passages; ``progress`` is called with (done, all) now and then."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        rows = self._tokens.ids(texts)
        if len(rows) == 1:
            vectors[0] = self._encode(texts[0], rows[0])
            return to_unit_length(vectors)
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            for done, vector in enumerate(threads.map(self._encode, texts, rows), start=1):
                vectors[done - 1] = vector
                if progress and (done % REPORT_EVERY == 0 or done == len(rows)):
                    progress(done, len(rows))
        return to_unit_length(vectors)

    def encode_briefly(self, texts: Sequence[str]) -> Vectors:
        """Encode texts by the static half alone: for many short texts at once."""
        table, scale = self._static_table()
        rows = [self._tokens.static_ids(text) for text in texts]
        ids = np.array([piece for row in rows for piece in row], np.intp)
        pieces = table[ids] * scale[ids, None]
        vectors, start = np.zeros((len(texts), table.shape[1]), np.float32), 0
        for row, found in enumerate(rows):
            pieces[start : start + len(found)].sum(axis=0, out=vectors[row])
            start += len(found)
        return to_unit_length(vectors)

    def among_questions(self, vectors: Vectors) -> Vectors:
        """Look at vectors of questions through the lens that was learned for them, if any."""
        if self.lens is None:
            return vectors
        return to_unit_length(vectors @ self.lens)

    def _encode(self, text: str, ids: list[int]) -> Vectors:
        return self._run(self._inputs(text, ids))

    def _inputs(self, text: str, ids: list[int]) -> Mapping[str, NDArray[np.int64]]:
        """Return what the graph is fed with; nothing for a text without tokens."""
        if not ids:
            return {}
        static_ids = self._tokens.static_ids(text)
        return {"ids": np.asarray(ids, np.int64), "static_ids": np.asarray(static_ids, np.int64)}

    def _run(self, inputs: Mapping[str, NDArray[np.int64]]) -> Vectors:
        """Return the vector of one text (dimension,); without tokens zeros, never NaN."""
        if not inputs:
            return np.zeros(self.dimension, np.float32)
        found: Vectors = self._session.run(None, inputs)[0][0]
        return found


def _load_lens(folder: Path) -> Vectors | None:
    if not (folder / LENS).exists():
        return None
    lens: Vectors = np.load(folder / LENS, allow_pickle=False).astype(np.float32)
    return lens


def _load_static(folder: Path) -> tuple[NDArray[np.int8], Vectors]:
    """Return the static half's 8-bit vectors (pieces, dimension) and their scales (pieces,)."""
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", framework="numpy") as weights:
        return weights.get_tensor("static.weight"), weights.get_tensor("static.scale")


def _open(graph: Path) -> InferenceSession:
    # Deferred: `--help` and `check` need no encoder.
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    # One thread a text: a question takes few milliseconds, and threads that wait for work spin.
    options.intra_op_num_threads = 1
    options.log_severity_level = ERRORS_ONLY
    # Without VNNI a processor adds two products in 16 bits, and large ones are cut off there
    # (cosine to float32 0.995 instead of 0.9995): unsigned weights go another way, cut nothing.
    options.add_session_config_entry("session.x64quantprecision", "1")
    return InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def folder_digest(folder: Path) -> str:
    """Return the SHA-256 of the files that decide the vectors."""
    digest = hashlib.sha256()
    for name in (*FILES, *([LENS] if (folder / LENS).exists() else [])):
        digest.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return digest.hexdigest()


def bundled_encoder() -> LightEncoder:
    """Load the encoder that ships in the package."""
    return LightEncoder(BUNDLED_DIR, name=BUNDLED_MODEL)
