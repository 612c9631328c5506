"""One step of gradient descent, as every stage takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor, nn


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
