"""The bundled model for sentence-transformers: plain torch, no 8-bit arithmetic.

``modules.json`` of the model folder names :class:`Reference`. It turns the stored 8-bit weights
back into float32 once and computes in float32, so it shows what onnxruntime has to give; it is
also the way to use the model in other programs. Needs torch; answering never imports it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file
from sentence_transformers.models import InputModule
from torch import Tensor
from torch.nn import functional

from hytki_match.encoder.tokens import MAX_TOKENS, Tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEADS = 12
EPSILON = 1e-12
TABLES = ("words", "static")


# sentence-transformers has no types.
class Reference(InputModule):  # type: ignore[misc]
    """Texts to unit vectors: the mean of a BERT's token states, beside a sum of token vectors.

    Parameters
    ----------
    weights
        Tensors by name, with their scales, as ``model.safetensors`` holds them.
    tokens
        The tokenizer.
    static_share
        Weight of the static part's cosine against 1 for the transformer's.
    """

    def __init__(self, weights: Mapping[str, Tensor], tokens: Tokens, static_share: float) -> None:
        super().__init__()
        self._tokens = tokens
        self.tokenizer = tokens.tokenizer
        self._shares = (1 / (1 + static_share), static_share / (1 + static_share))
        self._names = {name: name.replace(".", "_") for name in weights}
        for name, tensor in _in_float(weights).items():
            self.register_buffer(self._names[name], tensor)
        self._layers = sum(name.endswith("qkv.weight") for name in weights)

    def _get(self, name: str) -> Tensor:
        found: Tensor = self.get_buffer(self._names[name])
        return found

    @property
    def max_seq_length(self) -> int:
        """How many tokens of a text are read."""
        return MAX_TOKENS

    def get_embedding_dimension(self) -> int:
        """Return the length of a vector."""
        return self._get("words.weight").shape[1] + self._get("static.weight").shape[1]

    def get_sentence_embedding_dimension(self) -> int:
        """Return the length of a vector; the name that older releases ask for."""
        return self.get_embedding_dimension()

    def preprocess(
        self, inputs: Sequence[str], prompt: str | None = None, **_: object
    ) -> dict[str, Tensor]:
        """Return token ids (texts, tokens), padded at the end, and which of them are no padding."""
        rows = self._tokens.ids([(prompt or "") + text for text in inputs])
        length = max(1, *map(len, rows))
        ids = torch.tensor([row + [0] * (length - len(row)) for row in rows])
        counts = torch.tensor([len(row) for row in rows])
        mask = (torch.arange(length) < counts[:, None]).long()
        pieces = [self._tokens.static_ids((prompt or "") + text) for text in inputs]
        most = max(1, *map(len, pieces))
        return {
            "input_ids": ids.long(),
            "attention_mask": mask,
            "static_ids": torch.tensor([row + [0] * (most - len(row)) for row in pieces]),
            "static_counts": torch.tensor([len(row) for row in pieces]),
        }

    def tokenize(self, texts: Sequence[str], **_: object) -> dict[str, Tensor]:
        """Return the same; the name that older releases ask for."""
        return self.preprocess(texts)

    def forward(self, features: dict[str, Tensor], **_: object) -> dict[str, Tensor]:
        """Add ``sentence_embedding``, (texts, dimension): unit rows, or zeros without any token."""
        ids, mask = features["input_ids"], features["attention_mask"].bool()
        some = mask.any(1, keepdim=True)
        inside = mask[:, :, None]
        states = self._states(ids, mask | ~some) * inside
        means = states.sum(1) / inside.sum(1).clamp(min=1)
        pieces = features["static_ids"]
        read = torch.arange(pieces.shape[1]) < features["static_counts"][:, None]
        read = read & some  # a text without words has no static part either
        sums = (self._get("static.weight")[pieces] * read[:, :, None]).sum(1)
        parts = [
            functional.normalize(part, dim=1) * share**0.5
            for part, share in zip((means, sums), self._shares, strict=True)
        ]
        features["sentence_embedding"] = functional.normalize(torch.cat(parts, 1), dim=1)
        return features

    def _states(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the last layer's states (texts, tokens, hidden)."""
        x = self._get("words.weight")[ids] + self._get("positions.weight")[: ids.shape[1]]
        x = self._norm("norm", x)
        for number in range(self._layers):
            layer = f"layers.{number}"
            qkv = self._linear(f"{layer}.qkv", x).view(*ids.shape, 3, HEADS, -1)
            query, key, value = qkv.permute(2, 0, 3, 1, 4)
            heads = functional.scaled_dot_product_attention(
                query, key, value, attn_mask=mask[:, None, None, :]
            )
            heads = heads.transpose(1, 2).flatten(2)
            x = self._norm(f"{layer}.norm1", x + self._linear(f"{layer}.out", heads))
            inner = functional.gelu(self._linear(f"{layer}.up", x))
            x = self._norm(f"{layer}.norm2", x + self._linear(f"{layer}.down", inner))
        return x

    def _linear(self, name: str, x: Tensor) -> Tensor:
        return x @ self._get(f"{name}.weight") + self._get(f"{name}.bias")

    def _norm(self, name: str, x: Tensor) -> Tensor:
        weight, bias = self._get(f"{name}.weight"), self._get(f"{name}.bias")
        return functional.layer_norm(x, weight.shape, weight, bias, EPSILON)

    @classmethod
    def load(cls, model_name_or_path: str, **_: object) -> Reference:
        """Load the model from its folder."""
        folder = Path(model_name_or_path)
        settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        weights = load_file(folder / "model.safetensors")
        return cls(weights, Tokens(folder), settings["static_share"])

    def save(self, output_path: str, *_: object, **__: object) -> None:
        """Refuse: float32 weights in place of the 8-bit ones would be another model.

        Raises
        ------
        NotImplementedError
        """
        raise NotImplementedError(f"Copy the model's folder to {output_path} instead.")


def _in_float(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors in float32: 8-bit ones times their scales, which then are left out."""
    found = {}
    for name, stored in weights.items():
        tensor, (base, _, kind) = stored, name.rpartition(".")
        if kind == "weight" and f"{base}.scale" in weights:
            scale = weights[f"{base}.scale"]
            # A table has a scale a row, a matrix (inputs, outputs) one an output.
            tensor = tensor.float() * (scale[:, None] if base in TABLES else scale)
        if kind == "weight" and f"{base}.smooth" in weights:
            tensor = tensor * weights[f"{base}.smooth"][:, None]
        if kind not in ("scale", "smooth"):
            found[name] = tensor
    return found
