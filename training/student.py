"""The student: a small BERT whose sentence vector is the mean of its token states.

Plain torch, with the names of the published checkpoint, so that the teacher and the student are
the same code and any release of the model libraries can load what is saved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from training.texts import pack

if TYPE_CHECKING:
    from pathlib import Path

    from training.texts import Batch, Texts

HIDDEN, HEADS, INNER = 384, 12, 1536
MAX_POSITIONS = 256
EPSILON = 1e-12
APART = -1e4
"""Added to the attention between two texts."""


class Norm(nn.LayerNorm):
    """A layer norm that keeps half precision where autocast would go back to single."""

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x`` with mean 0 and variance 1 in each row, scaled and moved."""
        with torch.autocast(x.device.type, enabled=False):
            weight, bias = self.weight.to(x.dtype), self.bias.to(x.dtype)
            return functional.layer_norm(x, self.normalized_shape, weight, bias, self.eps)


class Layer(nn.Module):
    """One transformer layer, normalised after each residual sum as in BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = Norm(HIDDEN, eps=EPSILON)
        self.up = nn.Linear(HIDDEN, INNER)
        self.down = nn.Linear(INNER, HIDDEN)
        self.norm2 = Norm(HIDDEN, eps=EPSILON)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Return states of the shape of ``x``, (rows, width, ``HIDDEN``).

        Parameters
        ----------
        bias
            What is added to the attention of each token (rows, 1, width, width): none within a
            text, and so little across texts that nothing is seen there.
        """
        rows, width, _ = x.shape
        query, key, value = self.qkv(x).view(rows, width, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        mask = bias.expand(-1, HEADS, -1, -1)
        heads = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        x = self.norm1(x + self.out(heads.transpose(1, 2).reshape(rows, width, HIDDEN)))
        normed: Tensor = self.norm2(x + self.down(functional.gelu(self.up(x))))
        return normed


class Student(nn.Module):
    """Packed texts to unit vectors."""

    def __init__(self, vocabulary: int, layers: int) -> None:
        super().__init__()
        self.dimension = HIDDEN
        self.words = nn.Embedding(vocabulary, HIDDEN)
        self.positions = nn.Embedding(MAX_POSITIONS, HIDDEN)
        self.norm = Norm(HIDDEN, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))

    def forward(self, batch: Batch) -> Tensor:
        """Return the unit vectors of all texts (texts, ``HIDDEN``)."""
        x = self.words(batch.ids) + self.positions(batch.places)
        if torch.is_autocast_enabled(x.device.type):
            x = x.to(torch.get_autocast_dtype(x.device.type))
        x = self.norm(x)
        strange = batch.owners[:, :, None] != batch.owners[:, None, :]
        bias = torch.zeros_like(strange, dtype=x.dtype).masked_fill_(strange, APART)[:, None]
        for layer in self.layers:
            x = layer(x, bias)
        sums = torch.zeros(batch.count + 1, HIDDEN, device=x.device)
        sums = sums.index_add(0, batch.owners.flatten(), x.flatten(0, 1).float())
        # The mean has the direction of the sum.
        return functional.normalize(sums[:-1], dim=-1)


@torch.inference_mode()
def encode_all(model: Student, texts: Texts, tokens: int = 200_000) -> Tensor:
    """Encode every text, about ``tokens`` at a time; returns (texts, dimension) in float16."""
    device = next(model.parameters()).device
    order = np.argsort(texts.lengths, kind="stable")
    result = torch.empty(len(texts), model.dimension, dtype=torch.float16, device=device)
    ends = np.cumsum(texts.lengths[order])
    parts = np.split(order, np.searchsorted(ends, np.arange(tokens, int(ends[-1]), tokens)))
    for part in filter(len, parts):
        with torch.autocast(device.type, torch.bfloat16):
            found = model(pack(*texts.take(part), str(device)))
        result[torch.from_numpy(part).to(device)] = found.half()
    return result


def load_published(folder: Path) -> Student:
    """Load a BERT checkpoint of this hidden size from its ``model.safetensors``."""
    found = load_file(folder / "model.safetensors")
    found = {name.removeprefix("bert."): tensor.float() for name, tensor in found.items()}
    layers = 1 + max(int(n.split(".")[2]) for n in found if n.startswith("encoder.layer."))
    model = Student(len(found["embeddings.word_embeddings.weight"]), layers)
    state = {
        "words.weight": found["embeddings.word_embeddings.weight"],
        # There is one kind of segment, so its vector is part of every position.
        "positions.weight": found["embeddings.position_embeddings.weight"][:MAX_POSITIONS]
        + found.get("embeddings.token_type_embeddings.weight", torch.zeros(1, HIDDEN))[:1],
    }
    for own, theirs in _names(layers).items():
        state[own] = torch.cat([found[name] for name in theirs])
    model.load_state_dict(state)
    return model


def save_published(model: Student, path: Path) -> None:
    """Write a student under the names of a BERT checkpoint, in float16."""
    state = {name: tensor.detach().cpu().half() for name, tensor in model.state_dict().items()}
    out = {
        "embeddings.word_embeddings.weight": state["words.weight"],
        "embeddings.position_embeddings.weight": state["positions.weight"],
    }
    for own, theirs in _names(len(model.layers)).items():
        for name, part in zip(theirs, state[own].chunk(len(theirs)), strict=True):
            out[name] = part.contiguous()
    save_file(out, path, metadata={"format": "pt"})


def _names(layers: int) -> dict[str, list[str]]:
    """Return our tensor names with the published names of their parts."""
    names = {}
    for kind in ("weight", "bias"):
        names[f"norm.{kind}"] = [f"embeddings.LayerNorm.{kind}"]
        for number in range(layers):
            base = f"encoder.layer.{number}"
            for own, theirs in (
                ("qkv", [f"attention.self.{part}" for part in ("query", "key", "value")]),
                ("out", ["attention.output.dense"]),
                ("norm1", ["attention.output.LayerNorm"]),
                ("up", ["intermediate.dense"]),
                ("down", ["output.dense"]),
                ("norm2", ["output.LayerNorm"]),
            ):
                names[f"layers.{number}.{own}.{kind}"] = [f"{base}.{n}.{kind}" for n in theirs]
    return names
