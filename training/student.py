"""The student: a small BERT whose sentence vector is the mean of its token states.

Plain torch, with the names of the published checkpoint, so that the teacher and the student are
the same code and any release of the model libraries can load what is saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tokenizers import Tokenizer

HIDDEN, HEADS, INNER = 384, 12, 1536
MAX_POSITIONS = 256
EPSILON = 1e-12


@dataclass(frozen=True, slots=True)
class Group:
    """Texts of like length: ids (texts, tokens), padded at the end, and which are no padding."""

    ids: Tensor
    inside: Tensor


class Layer(nn.Module):
    """One transformer layer, normalised after each residual sum as in BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.up = nn.Linear(HIDDEN, INNER)
        self.down = nn.Linear(INNER, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, eps=EPSILON)

    def forward(self, x: Tensor, groups: Sequence[Group]) -> Tensor:
        """Return states of the shape of ``x``, (tokens of all groups, ``HIDDEN``).

        Only attention looks across tokens; all the rest runs once over all groups.
        """
        qkv = self.qkv(x)
        parts, start = [], 0
        for group in groups:
            texts, tokens = group.ids.shape
            rows = qkv[start : start + texts * tokens].view(texts, tokens, 3, HEADS, -1)
            query, key, value = rows.permute(2, 0, 3, 1, 4)
            heads = functional.scaled_dot_product_attention(
                query, key, value, attn_mask=group.inside[:, None, None, :]
            )
            parts.append(heads.transpose(1, 2).reshape(texts * tokens, HIDDEN))
            start += texts * tokens
        x = self.norm1(x + self.out(torch.cat(parts)))
        normed: Tensor = self.norm2(x + self.down(functional.gelu(self.up(x))))
        return normed


class Student(nn.Module):
    """Token ids to unit vectors."""

    def __init__(self, vocabulary: int, layers: int) -> None:
        super().__init__()
        self.dimension = HIDDEN
        self.words = nn.Embedding(vocabulary, HIDDEN)
        self.positions = nn.Embedding(MAX_POSITIONS, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))

    def forward(self, groups: Sequence[Group]) -> Tensor:
        """Return the unit vectors of all texts (texts, ``HIDDEN``), group after group."""
        places = [
            torch.arange(g.ids.shape[1], device=g.ids.device).expand_as(g.ids) for g in groups
        ]
        x = self.words(torch.cat([g.ids.flatten() for g in groups]))
        x = self.norm(x + self.positions(torch.cat([place.flatten() for place in places])))
        for layer in self.layers:
            x = layer(x, groups)
        means, start = [], 0
        for group in groups:
            states = x[start : start + group.ids.numel()].view(*group.ids.shape, HIDDEN).float()
            inside = group.inside[:, :, None]
            means.append((states * inside).sum(1) / inside.sum(1))
            start += group.ids.numel()
        return functional.normalize(torch.cat(means), dim=-1)


class Encoding(Protocol):
    """What both students are to the stages: groups of tokens in, unit vectors out."""

    dimension: int

    def __call__(self, groups: Sequence[Group]) -> Tensor:
        """Return the unit vectors (texts, dimension) of all groups' texts."""
        ...


@dataclass
class Texts:
    """Token ids of many texts, one after the other, with where each begins.

    ``flat`` is on the device; ``starts`` and ``lengths`` are not, so that batches are laid out
    without waiting for it.
    """

    flat: Tensor
    starts: Tensor
    lengths: Tensor

    def __len__(self) -> int:
        return len(self.lengths)

    def group(self, rows: Tensor) -> Group:
        """Return some texts (``rows`` not on the device) as one padded group on the device."""
        device = self.flat.device
        lengths = self.lengths[rows].to(device, non_blocking=True)
        places = torch.arange(int(self.lengths[rows].max()), device=device)
        at = self.starts[rows].to(device, non_blocking=True)[:, None] + places[None]
        ids = self.flat[at.clamp_(max=len(self.flat) - 1)].long()
        return Group(ids, places[None] < lengths[:, None])


def tokenize(tokenizer: Tokenizer, texts: Sequence[str], most: int, device: str) -> Texts:
    """Tokenize texts, each cut at ``most`` tokens, and keep them on the device."""
    tokenizer.enable_truncation(most)
    parts, lengths = [], []
    for start in range(0, len(texts), 100_000):
        for encoding in tokenizer.encode_batch_fast(list(texts[start : start + 100_000])):
            parts.append(np.asarray(encoding.ids, np.int32))
            lengths.append(len(encoding.ids))
    counts = np.asarray(lengths, np.int64)
    return Texts(
        torch.from_numpy(np.concatenate(parts)).to(device),
        torch.from_numpy(np.cumsum(counts) - counts),
        torch.from_numpy(counts),
    )


def encode_rows(
    model: Encoding, wanted: Sequence[tuple[Texts, Tensor]], parts: int
) -> list[Tensor]:
    """Encode rows of several sets of texts in one pass.

    Parameters
    ----------
    wanted
        Texts, and which of them (not on the device).
    parts
        Groups of like length for each set: more groups, less padding.

    Returns
    -------
    list of Tensor
        The vectors of each set, in the order of its rows.
    """
    groups, orders = [], []
    for texts, rows in wanted:
        order = torch.argsort(texts.lengths[rows])
        groups += [texts.group(rows[part]) for part in order.chunk(parts)]
        orders.append(torch.argsort(order))
    vectors = torch.split(model(groups), [len(order) for order in orders])
    return [v[order.to(v.device)] for v, order in zip(vectors, orders, strict=True)]


@torch.inference_mode()
def encode_all(model: Encoding, texts: Texts, tokens: int = 400_000) -> Tensor:
    """Encode every text, about ``tokens`` at a time; returns (texts, dimension) in float16."""
    order = torch.argsort(texts.lengths)
    result = torch.empty(len(texts), model.dimension, dtype=torch.float16, device=texts.flat.device)
    start = 0
    lengths = texts.lengths[order]
    while start < len(order):
        longest = int(lengths[min(start + 2000, len(order) - 1)])
        group = order[start : start + max(1, tokens // longest)]
        with torch.autocast(texts.flat.device.type, torch.bfloat16):
            result[group.to(texts.flat.device)] = model([texts.group(group)]).half()
        start += len(group)
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
