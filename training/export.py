"""From two trained students to the folder that ships: 8-bit weights, a graph, a tokenizer.

sentence-transformers loads the folder by ``modules.json``, onnxruntime by ``model.onnx``; both read
the same ``model.safetensors``. The model card (``README.md``) is written by hand.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Regex, Tokenizer, normalizers
from torch import nn

from hytki_match.encoder.light import LENS
from training.graph import make_graph, write_graph
from training.static import STATIC_SHARE
from training.student import MAX_POSITIONS, tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from torch import Tensor

    from training.student import Student

LEVELS = 127
"""8-bit numbers without the one that has no opposite."""

SMOOTHING = 0.65
"""How much of the largest inputs' size goes over to their weights, 0 to 1."""

MODULE = "hytki_match.encoder.reference.Reference"


def export(
    student: Student,
    static: tuple[Tensor, Tokenizer],
    tokenizer: Tokenizer,
    calibration: Sequence[str],
    out: Path,
) -> None:
    """Write the model folder.

    Parameters
    ----------
    static
        The static model's vectors (pieces, dimension), and its own tokenizer.
    calibration
        Texts of the field, from which the largest activations are learned.
    out
        The folder; files of the same names are overwritten, and a lens goes.
    """
    out.mkdir(parents=True, exist_ok=True)
    tensors = _student_tensors(student, _largest_inputs(student, tokenizer, calibration))
    vectors, pieces = static
    tensors |= _rows("static", vectors)
    weights = out / "model.safetensors"
    _save(tensors, weights)
    dimension = student.dimension + vectors.shape[1]
    write_graph(make_graph(len(student.layers), STATIC_SHARE), out, dimension)
    _with_plain_spaces(tokenizer).save(str(out / "tokenizer.json"))
    pieces.save(str(out / "static-tokenizer.json"))
    _write_json(out / "config.json", {"static_share": STATIC_SHARE})
    _write_json(out / "modules.json", [{"idx": 0, "name": "0", "path": "", "type": MODULE}])
    settings = {"prompts": {"query": "", "document": ""}, "similarity_fn_name": "cosine"}
    _write_json(out / "config_sentence_transformers.json", settings)


def _save(tensors: Mapping[str, Tensor], path: Path) -> None:
    save_file(_smoothed_values(tensors), path, metadata={"format": "pt"})
    path.chmod(0o644)
    # It was learned from the vectors of other weights.
    (path.parent / LENS).unlink(missing_ok=True)


def put_static(out: Path, vectors: Tensor) -> None:
    """Put other static vectors (pieces, dimension) into an exported model folder."""
    weights = out / "model.safetensors"
    tensors = load_file(weights) | _rows("static", vectors)
    _save(tensors, weights)
    layers = sum(name.endswith(".qkv.bias") for name in tensors)
    dimension = tensors["words.weight"].shape[1] + vectors.shape[1]
    write_graph(make_graph(layers, STATIC_SHARE), out, dimension)
    _write_json(out / "config.json", {"static_share": STATIC_SHARE})


def _largest_inputs(
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


def _student_tensors(student: Student, largest: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the student's tensors: vocabulary and matrices in 8 bits, all others as they are."""
    tensors: dict[str, Tensor] = {}
    for name, tensor in student.state_dict().items():
        base, _, kind = name.rpartition(".")
        if base == "words":
            tensors |= _rows(base, tensor)
        elif kind == "weight" and base in largest:
            tensors |= _matrix(base, tensor, largest[base])
        else:
            tensors[name] = tensor.float().contiguous()
    return tensors


def _rows(name: str, table: Tensor) -> dict[str, Tensor]:
    """Return a table as 8-bit numbers with a scale a row."""
    scale = table.float().abs().amax(1).clamp(min=1e-12) / LEVELS
    whole = (table.float() / scale[:, None]).round().to(torch.int8)
    return {f"{name}.weight": whole.contiguous(), f"{name}.scale": scale}


def _matrix(name: str, matrix: Tensor, largest: Tensor) -> dict[str, Tensor]:
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


def _smoothed_values(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
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


def _with_plain_spaces(tokenizer: Tokenizer) -> Tokenizer:
    """Return a copy that takes line ends and tabs for spaces, as the training texts had none."""
    copy: Tokenizer = Tokenizer.from_str(tokenizer.to_str())
    copy.no_truncation()
    copy.no_padding()
    spaces = [normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    copy.normalizer = normalizers.Sequence([*copy.normalizer, *spaces])
    return copy


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
