"""Both roads together: a transformer, and beside it the sum of subword vectors.

A text's vector is the two unit vectors one after the other, so that the cosine of two texts is a
weighted mean of both cosines. The halves learn in one run from the loss of that mean, so each
learns what the other gets wrong; each also has a loss of its own, so that neither leans on the
other. In the static half rare, telling words get long vectors and common ones short ones: the
weights that inverse frequency would give are learned with the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.student import Student
from training.texts import bag, pack, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from training.texts import Bag, Batch, Texts

STATIC_SHARE = 0.75
"""Weight of the static half's cosine against 1 for the transformer's."""

MAX_PIECES = 256


@dataclass(frozen=True, slots=True)
class Sides:
    """The same texts as the transformer reads them, and as the static half does."""

    tokens: Texts
    pieces: Texts

    def __len__(self) -> int:
        return len(self.tokens)


@dataclass(frozen=True, slots=True)
class Tokenizers:
    """The tokenizers of the two halves."""

    transformer: Tokenizer
    static: Tokenizer

    def __call__(self, texts: Sequence[str], most: int) -> Sides:
        """Tokenize texts; the transformer reads at most ``most`` tokens of each."""
        return Sides(
            tokenize(self.transformer, texts, most),
            tokenize(self.static, texts, MAX_PIECES, special=False),
        )


@dataclass(frozen=True, slots=True)
class Halves:
    """Unit vectors of some texts by each half, (texts, 384) and (texts, 256)."""

    transformer: Tensor
    static: Tensor

    def split(self, counts: Sequence[int]) -> list[Halves]:
        """Return the vectors of each of several runs of texts."""
        parts = (torch.split(part, list(counts)) for part in (self.transformer, self.static))
        return [Halves(*pair) for pair in zip(*parts, strict=True)]

    def cosines(self, others: Halves) -> Cosines:
        """Return the cosines with other texts."""
        alone = (
            (self.transformer @ others.transformer.T).float(),
            (self.static @ others.static.T).float(),
        )
        return Cosines((alone[0] + STATIC_SHARE * alone[1]) / (1 + STATIC_SHARE), *alone)

    def joined(self) -> Tensor:
        """Return the unit vectors whose cosine is that of both halves together."""
        weights = (1 / (1 + STATIC_SHARE), STATIC_SHARE / (1 + STATIC_SHARE))
        parts = (self.transformer, self.static)
        return torch.cat([part * w**0.5 for part, w in zip(parts, weights, strict=True)], dim=1)


@dataclass(frozen=True, slots=True)
class Cosines:
    """Cosines by both halves together, and by each; all (texts, other texts)."""

    both: Tensor
    transformer: Tensor
    static: Tensor


class Both(nn.Module):
    """Texts of both kinds to their vectors by each half."""

    def __init__(self, transformer: Student, vectors: Tensor) -> None:
        super().__init__()
        self.transformer = transformer
        self.static = nn.EmbeddingBag.from_pretrained(vectors.clone(), freeze=False, mode="sum")

    @property
    def device(self) -> str:
        """Where it is."""
        return str(self.static.weight.device)

    def forward(self, batch: Batch, pieces: Bag) -> Halves:
        """Return the vectors of the same texts, packed for one half and bagged for the other."""
        with torch.autocast(self.static.weight.device.type, enabled=False):
            sums = self.static(pieces.ids, pieces.starts)
        return Halves(self.transformer(batch), functional.normalize(sums, dim=-1))

    def of(self, wanted: Sequence[tuple[Sides, NDArray[np.int64]]]) -> list[Halves]:
        """Encode some rows of several sets of texts in one pass; the vectors of each set."""
        taken = [sides.tokens.take(rows) for sides, rows in wanted]
        pieces = [sides.pieces.take(rows) for sides, rows in wanted]
        found: Halves = self(pack(*_joined(taken), self.device), bag(*_joined(pieces), self.device))
        return found.split([len(rows) for _, rows in wanted])

    @torch.inference_mode()
    def encode(self, sides: Sides, at_once: int = 1000) -> Tensor:
        """Return the joined unit vectors of all texts (texts, 640), float32, on the device."""
        parts = []
        for start in range(0, len(sides), at_once):
            rows = np.arange(start, min(start + at_once, len(sides)))
            with torch.autocast(self.static.weight.device.type, torch.bfloat16):
                parts.append(self.of([(sides, rows)])[0].joined().float())
        return torch.cat(parts)

    def rates(self, body: float, words: float, static: float) -> list[dict[str, Any]]:
        """Return all parameters in three groups with their peak rates: the body first."""
        table = self.transformer.words.weight
        rest = [p for p in self.transformer.parameters() if p is not table]
        return [
            {"params": rest, "lr": body},
            {"params": [table], "lr": words},
            {"params": [self.static.weight], "lr": static, "weight_decay": 0.0},
        ]


def _joined(
    parts: Sequence[tuple[NDArray[np.int32], NDArray[np.int64]]],
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    ids, lengths = zip(*parts, strict=True)
    return np.concatenate(ids), np.concatenate(lengths)
