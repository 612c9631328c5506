"""Any sentence-transformers model, by folder or by the name it has on a model hub."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.encoder.vectors import to_unit_length
from hytki_match.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from sentence_transformers import SentenceTransformer

    from hytki_match.encoder import Progress, Vectors

BATCH = 32

OUR_MODULE = "hytki_match.encoder.reference.Reference"

# Models trained with prefixes that their configuration does not carry: (question, passage).
KNOWN_PROMPTS = {"e5": ("query: ", "passage: ")}


class SentenceTransformerEncoder:
    """An encoder behind ``sentence_transformers.SentenceTransformer``.

    The model's own prompts are used where its configuration has them; for the e5 family, whose
    configuration lacks them, the prefixes its authors ask for are added.
    """

    def __init__(self, model: str) -> None:
        # Deferred: this import takes seconds and only users of another model should pay it.
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(model, trust_remote_code=_is_ours(model))
        # Loading passes through several libraries, each with its own exception classes.
        except Exception as error:
            raise EncoderError(
                f"The model {model!r} cannot be loaded: {error}.",
                cure="Give a folder with a sentence-transformers model, or a model name while "
                "this machine has a connection.",
            ) from error
        self.name = model
        self.dimension = len(self._model.encode([""], show_progress_bar=False)[0])
        self._query_prompt, self._passage_prompt = _prompts(model, self._model.prompts)
        self.digest = _model_digest(model, self._model)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="encoder")

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions, with the model's question prompt."""
        vectors = self._model.encode_query(
            list(texts), prompt=self._query_prompt, show_progress_bar=False
        )
        return to_unit_length(np.asarray(vectors, np.float32))

    def begin_query(self, text: str) -> Future[Vectors]:
        """Begin to encode a question in a thread; the future holds its vector (dimension,)."""
        return self._thread.submit(lambda: self.encode_queries([text])[0])

    def among_questions(self, vectors: Vectors) -> Vectors:
        """Return vectors of questions as they are: no lens was learned for this model."""
        return vectors

    def encode_briefly(self, texts: Sequence[str]) -> Vectors:
        """Encode texts as passages: such a model has no cheaper way."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode passages, with the model's passage prompt; ``progress`` gets (done, all)."""
        parts = [np.zeros((0, self.dimension), np.float32)]
        for start in range(0, len(texts), BATCH):
            batch = list(texts[start : start + BATCH])
            vectors = self._model.encode_document(
                batch, prompt=self._passage_prompt, show_progress_bar=False
            )
            parts.append(np.asarray(vectors, np.float32))
            if progress:
                progress(min(start + BATCH, len(texts)), len(texts))
        return to_unit_length(np.vstack(parts))


def _is_ours(model: str) -> bool:
    """Tell whether a folder needs only code of this package, which may then be imported.

    sentence-transformers asks for trust in any class outside its own. No other code is trusted,
    whatever a model's configuration names.
    """
    file = Path(model) / "modules.json"
    if not file.is_file():
        return False
    modules = json.loads(file.read_text(encoding="utf-8"))
    return [module["type"] for module in modules] == [OUR_MODULE]


def _model_digest(model: str, loaded: SentenceTransformer) -> str:
    """Return what tells one set of weights from another.

    For a folder that is the content of its files, for a model hub's model its name and revision.
    """
    folder = Path(model)
    if not folder.is_dir():
        config = getattr(loaded[0], "config", None) or getattr(loaded[0], "auto_model", None)
        revision = getattr(config, "_commit_hash", None) or ""
        return hashlib.sha256(f"{model}@{revision}".encode()).hexdigest()
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _prompts(model: str, configured: dict[str, str | None]) -> tuple[str | None, str | None]:
    """Return the prompts to pass; None leaves the model's own in force."""
    has_own = any(configured.get(key) for key in ("query", "document", "passage"))
    name = Path(model).name.lower()
    for family, prompts in KNOWN_PROMPTS.items():
        if not has_own and family in name.split("-"):
            return prompts
    return None, None
