"""One step of gradient descent, as every stage takes it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor, nn


def eased(share: float) -> float:
    """Return the rate's factor when a share of the steps is done: a short rise, then a cosine."""
    return min(1.0, share / 0.03 + 0.01) * (0.5 + 0.5 * math.cos(math.pi * share))


def descend(
    loss: Tensor, optimizer: torch.optim.Optimizer, clipped: Iterable[nn.Parameter] = ()
) -> None:
    """Take a step down the slope of a loss.

    Parameters
    ----------
    clipped
        Parameters whose gradients are cut to a norm of 1 together.
    """
    optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(loss)
    torch.nn.utils.clip_grad_norm_(clipped, 1.0)
    optimizer.step()
