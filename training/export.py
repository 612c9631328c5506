"""From two trained students to the folder that ships: 8-bit weights, a graph, a tokenizer.

sentence-transformers loads the folder by ``modules.json``, onnxruntime by ``model.onnx``; both read
the same ``model.safetensors``. The model card (``README.md``) is written by hand.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from safetensors.torch import load_file, save_file
from tokenizers import Regex, Tokenizer, normalizers

from hytki_match.encoder.light import LENS
from training.graph import make_graph, write_graph
from training.static import STATIC_SHARE
from training.weights import largest_inputs, rows_in_8_bits, student_tensors, with_smoothed_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from torch import Tensor

    from training.student import Student

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
    tensors = student_tensors(student, largest_inputs(student, tokenizer, calibration))
    vectors, pieces = static
    tensors |= rows_in_8_bits("static", vectors)
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
    save_file(with_smoothed_values(tensors), path, metadata={"format": "pt"})
    path.chmod(0o644)
    # It was learned from the vectors of other weights.
    (path.parent / LENS).unlink(missing_ok=True)


def put_static(out: Path, vectors: Tensor) -> None:
    """Put other static vectors (pieces, dimension) into an exported model folder."""
    weights = out / "model.safetensors"
    tensors = load_file(weights) | rows_in_8_bits("static", vectors)
    _save(tensors, weights)
    layers = sum(name.endswith(".qkv.bias") for name in tensors)
    dimension = tensors["words.weight"].shape[1] + vectors.shape[1]
    write_graph(make_graph(layers, STATIC_SHARE), out, dimension)
    _write_json(out / "config.json", {"static_share": STATIC_SHARE})


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
