"""Texts to unit vectors. The bundled model runs light; any other through sentence-transformers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hytki_match.settings import BUNDLED_MODEL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Progress = Callable[[int, int], None]


class Encoder(Protocol):
    """What turns texts into vectors.

    All vectors are float32 of shape (n, ``dimension``) with rows of length 1, or all zero for a
    text without any known word. Questions and passages are encoded by different calls, because
    some models put another prompt before each.
    """

    name: str
    digest: str
    dimension: int

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions."""
        ...

    def begin_query(self, text: str) -> Future[Vectors]:
        """Begin to encode one question beside what the caller does meanwhile.

        The future holds its vector (dimension,), as :meth:`encode_queries` gives it.
        """
        ...

    def encode_briefly(self, texts: Sequence[str]) -> Vectors:
        """Encode short texts cheaply, to be compared with each other only.

        The vectors are unit ones of a dimension of their own.
        """
        ...

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode passages; ``progress`` is called with (done, all) counts."""
        ...

    def among_questions(self, vectors: Vectors) -> Vectors:
        """Turn vectors of questions (n, dimension) so that they compare with each other.

        Questions with the same answers come nearer. To compare a question with a passage, take
        its vector as it is.
        """
        ...


def load_encoder(model: str) -> Encoder:
    """Load an encoder by name: ``bundled``, a folder, or the name of a model hub's model.

    Raises
    ------
    EncoderError
        When the model is not there or cannot be loaded.
    """
    if model == BUNDLED_MODEL:
        from hytki_match.encoder.light import bundled_encoder

        return bundled_encoder()
    from hytki_match.encoder.sentence import SentenceTransformerEncoder

    return SentenceTransformerEncoder(model)
