"""Texts to token ids, for both ways to run the bundled model."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tokenizers import Tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAX_TOKENS = 256
"""As many as the model has positions; the rest of a longer text is not read."""

SAYS_NOTHING = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "▁")
"""A text of these tokens alone has no word that the model knows."""

REMEMBERED = 64

UNKNOWN_PIECE = 0
"""The static half's id of what it does not know."""


class Tokens:
    """The two tokenizers of a model folder.

    Parameters
    ----------
    folder
        Where ``tokenizer.json`` and ``static-tokenizer.json`` lie. Reading them raises plain
        ``Exception``, as the tokenizers library does.
    """

    def __init__(self, folder: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.tokenizer.no_padding()
        # A question is asked for by both halves, one after the other.
        self.static_ids = lru_cache(maxsize=REMEMBERED)(self._static_ids)
        self._static = Tokenizer.from_file(str(folder / "static-tokenizer.json"))
        self._nothing = {self.tokenizer.token_to_id(token) for token in SAYS_NOTHING}

    def _static_ids(self, text: str) -> list[int]:
        """Return the ids of a text for the static half, which has a vocabulary of its own."""
        return self._static.encode(text, add_special_tokens=False).ids or [UNKNOWN_PIECE]

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text; none for a text without any known word."""
        encodings = self.tokenizer.encode_batch_fast(list(texts))
        return [[] if self._nothing.issuperset(found.ids) else found.ids for found in encodings]
