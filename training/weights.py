"""The weights of the folder that ships: 8-bit numbers and their scales from those of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from training.student import MAX_POSITIONS, tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tokenizers import Tokenizer
    from torch import Tensor

    from training.student import Student

LEVELS = 127
"""8-bit numbers without the one that has no opposite."""

SMOOTHING = 0.65
"""How much of the largest inputs' size goes over to their weights, 0 to 1."""


def largest_inputs(
    student: Student, tokenizer: Tokenizer, texts: Sequence[str]
) -> dict[str, Tensor]:
    """Return for each linear layer the largest size that each of its inputs takes."""
    largest: dict[str, Tensor] = {}

    def watch(name: str, inputs: tuple[Tensor]) -> None:
        sizes = inputs[0].abs().amax(0)
        largest[name] = torch.maximum(largest.get(name, sizes), sizes)

    hooks = [
        module.register_forward_pre_hook(lambda _, inputs, name=name: watch(name, inputs))
        for name, module in student.named_modules()
        if isinstance(module, nn.Linear)
    ]
    tokens = tokenize(tokenizer, texts, MAX_POSITIONS, "cpu")
    with torch.inference_mode():
        for number in range(len(texts)):
            student([tokens.group(torch.tensor([number]))])
    for hook in hooks:
        hook.remove()
    return largest


def student_tensors(student: Student, largest: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the student's tensors: vocabulary and matrices in 8 bits, all others as they are."""
    tensors: dict[str, Tensor] = {}
    for name, tensor in student.state_dict().items():
        base, _, kind = name.rpartition(".")
        if base == "words":
            tensors |= rows_in_8_bits(base, tensor)
        elif kind == "weight" and base in largest:
            tensors |= _matrix_in_8_bits(base, tensor, largest[base])
        else:
            tensors[name] = tensor.float().contiguous()
    return tensors


def rows_in_8_bits(name: str, table: Tensor) -> dict[str, Tensor]:
    """Return a table as 8-bit numbers with a scale a row."""
    scale = table.float().abs().amax(1).clamp(min=1e-12) / LEVELS
    whole = (table.float() / scale[:, None]).round().to(torch.int8)
    return {f"{name}.weight": whole.contiguous(), f"{name}.scale": scale}


def _matrix_in_8_bits(name: str, matrix: Tensor, largest: Tensor) -> dict[str, Tensor]:
    """Return a layer's matrix as (inputs, outputs), with a scale an output.

    What an input is divided by (``smooth`` holds the inverse) its weights are multiplied by, so
    that the few inputs that grow large cost the others less of their 8 bits.

    References
    ----------
    Xiao et al. (2023), SmoothQuant.
    """
    weights = matrix.float()
    factors = largest.clamp(min=1e-5) ** SMOOTHING
    factors /= weights.abs().amax(0).clamp(min=1e-5) ** (1 - SMOOTHING)
    weights = weights * factors
    scale = weights.abs().amax(1).clamp(min=1e-12) / LEVELS
    whole = (weights / scale[:, None]).round().to(torch.int8)
    return {
        f"{name}.weight": whole.T.contiguous(),
        f"{name}.scale": scale,
        f"{name}.smooth": 1 / factors,
    }


def with_smoothed_values(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors with what smooths attention's outputs in the scales of its values.

    Attention only mixes values, so that what each number is multiplied by can be done before.
    """
    found = dict(tensors)
    for name in tensors:
        layer, _, kind = name.rpartition(".out.")
        if kind == "smooth":
            smooth = found.pop(name)
            for part in ("scale", "bias"):
                whole = found[f"{layer}.qkv.{part}"]
                rest, values = whole[: -len(smooth)], whole[-len(smooth) :]
                found[f"{layer}.qkv.{part}"] = torch.cat([rest, values * smooth])
    return found
