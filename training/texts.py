"""Many texts as numbers, and some of them packed into one batch.

Texts of a batch lie one after the other in rows of one width, so hardly anything is padding and a
step costs few, large operations whatever the lengths are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from tokenizers import Tokenizer
    from torch import Tensor

WIDTH_STEP, LEAST_WIDTH = 64, 128
ROWS_STEP = 32
"""Rows and width go up in steps: a GPU's kernels are planned anew for each shape they meet."""

AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Texts:
    """Token ids of many texts, one after the other, with where each begins."""

    flat: NDArray[np.int32]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.lengths)

    def take(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the ids of some texts, one after the other, and how many each has."""
        lengths = self.lengths[rows]
        ends = np.cumsum(lengths)
        at = np.arange(int(ends[-1]) if len(ends) else 0)
        return self.flat[at + np.repeat(self.starts[rows] - ends + lengths, lengths)], lengths


def tokenize(
    tokenizer: Tokenizer, texts: Sequence[str], most: int, *, special: bool = True
) -> Texts:
    """Tokenize texts, each cut at ``most`` tokens.

    Parameters
    ----------
    special
        Whether the tokenizer's marks of start and end are added.
    """
    tokenizer.enable_truncation(most)
    parts = [np.zeros(0, np.int32)]
    lengths = []
    for start in range(0, len(texts), AT_ONCE):
        part = list(texts[start : start + AT_ONCE])
        for encoding in tokenizer.encode_batch_fast(part, add_special_tokens=special):
            ids = encoding.ids or [0]
            parts.append(np.asarray(ids, np.int32))
            lengths.append(len(ids))
    counts = np.asarray(lengths, np.int64)
    return Texts(np.concatenate(parts), np.cumsum(counts) - counts, counts)


@dataclass(frozen=True, slots=True)
class Batch:
    """Packed texts on the device.

    ``ids``, ``places`` and ``owners`` are (rows, width): the token, where it stands in its text,
    and the number of its text; where no text is, the owner is ``count``.
    """

    ids: Tensor
    places: Tensor
    owners: Tensor
    count: int


def pack(ids: NDArray[np.int32], lengths: NDArray[np.int64], device: str) -> Batch:
    """Lay texts into rows, each into the row of the one before it if it has room there.

    Parameters
    ----------
    ids, lengths
        What :meth:`Texts.take` returns.
    """
    ends = np.cumsum(lengths)
    longest = max(LEAST_WIDTH, int(lengths.max()))
    width = -(-longest // WIDTH_STEP) * WIDTH_STEP
    firsts = [0]
    while (taken := int(ends[firsts[-1] - 1]) if firsts[-1] else 0) + width < ends[-1]:
        firsts.append(int(np.searchsorted(ends, taken + width, side="right")))
    first_of = np.repeat(firsts, np.diff([*firsts, len(lengths)]))
    begins = ends - lengths
    row_of = np.repeat(np.arange(len(firsts)), np.diff([*firsts, len(lengths)]))
    places = np.arange(len(ids)) - np.repeat(begins, lengths)
    at = np.repeat(row_of * width + begins - begins[first_of], lengths) + places
    step = 1 if device == "cpu" else ROWS_STEP
    shape = (-(-len(firsts) // step) * step, width)
    laid = np.zeros((2, *shape), np.int32)
    laid[0].reshape(-1)[at] = ids
    laid[1].reshape(-1)[at] = places
    owners = np.full(shape, len(lengths), np.int64)
    owners.reshape(-1)[at] = np.repeat(np.arange(len(lengths)), lengths)
    moved = _to(laid, device)
    return Batch(moved[0], moved[1], _to(owners, device), len(lengths))


@dataclass(frozen=True, slots=True)
class Bag:
    """Texts on the device as EmbeddingBag wants them: ids, and where each text begins."""

    ids: Tensor
    starts: Tensor


def bag(ids: NDArray[np.int32], lengths: NDArray[np.int64], device: str) -> Bag:
    """Return texts without regard to the order of their tokens, for what :func:`pack` takes."""
    starts = (np.cumsum(lengths) - lengths).astype(np.int32)
    return Bag(_to(ids, device), _to(starts, device))


def _to(array: NDArray[np.generic], device: str) -> Tensor:
    tensor = torch.from_numpy(np.ascontiguousarray(array))
    if device == "cpu":
        return tensor
    # Pinned, so that the next batch is laid out while the device still works on this one.
    return tensor.pin_memory().to(device, non_blocking=True)
