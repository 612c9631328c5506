"""What the weights of the encoder fold together stays the same arithmetic."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="only training needs torch")

from training.weights import with_smoothed_values  # noqa: E402


def test_smoothing_goes_over_to_the_values_and_only_once():
    generator = torch.Generator().manual_seed(1)
    hidden, tokens = 4, 3
    tensors = {
        "layers.0.qkv.weight": torch.randint(-127, 128, (hidden, 3 * hidden), generator=generator),
        "layers.0.qkv.scale": torch.rand(3 * hidden, generator=generator),
        "layers.0.qkv.bias": torch.rand(3 * hidden, generator=generator),
        "layers.0.out.smooth": torch.rand(hidden, generator=generator) + 0.5,
    }
    folded = with_smoothed_values(tensors)
    assert "layers.0.out.smooth" not in folded

    def qkv(weights):
        x = torch.linspace(-1, 1, tokens * hidden).view(tokens, hidden)
        matrix = weights["layers.0.qkv.weight"] * weights["layers.0.qkv.scale"]
        return x @ matrix + weights["layers.0.qkv.bias"]

    before, after = qkv(tensors), qkv(folded)
    assert torch.equal(before[:, : 2 * hidden], after[:, : 2 * hidden])
    smoothed = before[:, 2 * hidden :] * tensors["layers.0.out.smooth"]
    assert torch.allclose(after[:, 2 * hidden :], smoothed, rtol=1e-5)
    again = with_smoothed_values(folded)
    assert all(torch.equal(again[name], folded[name]) for name in folded)
