"""The ONNX graph of the bundled model: token ids of one text in, its vector out.

Only the shape of the computation stands here. The weights stay in ``model.safetensors``; the graph
names the place of each (ONNX external data). Three operators are onnxruntime's own
(``com.microsoft``): the product of two 8-bit matrices, attention, and the exact Gelu.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import onnx
from onnx import TensorProto, helper

from training.student import EPSILON, HEADS, HIDDEN

if TYPE_CHECKING:
    from pathlib import Path

OPSET, OWN_OPSET, IR_VERSION = 18, 1, 9
"""As old as the operators allow, so that older releases of onnxruntime read the graph."""

OWN = "com.microsoft"
ZERO, STEPS = 128, 127
"""Activations become 1 to 255, with 128 for nothing and 127 steps to the largest of a token."""

TINY = 1e-9
"""Against division by nothing."""

TYPES = {"F32": TensorProto.FLOAT, "I8": TensorProto.INT8}


class Graph:
    """Nodes in order; each method adds some and returns the name of what they give."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.one = self._scalar("one", TensorProto.FLOAT, 1)
        self.zero = self._scalar("zero", TensorProto.UINT8, ZERO)
        self.steps = self._scalar("steps", TensorProto.FLOAT, 1 / STEPS)

    def _scalar(self, name: str, kind: int, value: float) -> str:
        self.constants.append(helper.make_tensor(name, kind, [], [value]))
        return name

    def add(self, operator: str, *inputs: str, domain: str = "", **attributes: object) -> str:
        """Add a node with one output."""
        return self.split(operator, *inputs, parts=1, domain=domain, **attributes)[0]

    def split(
        self,
        operator: str,
        *inputs: str,
        parts: int,
        domain: str = "",
        **attributes: Any,  # noqa: ANN401 - what its operator takes
    ) -> list[str]:
        """Add a node with several outputs."""
        outs = [f"{operator}.{len(self.nodes)}.{part}" for part in range(parts)]
        node = helper.make_node(operator, list(inputs), outs, domain=domain, **attributes)
        self.nodes.append(node)
        return outs

    def constant(self, values: list[int] | list[float]) -> str:
        """Add a small vector of numbers."""
        kind = TensorProto.INT64 if isinstance(values[0], int) else TensorProto.FLOAT
        name = f"constant.{len(self.constants)}"
        self.constants.append(helper.make_tensor(name, kind, [len(values)], values))
        return name

    def rows(self, table: str, ids: str) -> str:
        """Return rows of an 8-bit table, each times its scale."""
        whole = self.add("Cast", self.add("Gather", f"{table}.weight", ids), to=TensorProto.FLOAT)
        scales = self.add("Gather", f"{table}.scale", ids)
        return self.add("Mul", whole, self.add("Unsqueeze", scales, self.constant([-1])))

    def linear(self, layer: str, x: str) -> str:
        """Multiply by 8-bit weights and add the bias.

        Each token's activations get a scale of their own, which onnxruntime's ready operator does
        not give: one scale for all lets the largest activation of one token blur all others.
        """
        x = self.add("Mul", x, f"{layer}.smooth")
        peak = self.add("ReduceMax", self.add("Abs", x), self.constant([-1]), keepdims=1)
        step = self.add("Mul", self.add("Max", peak, self.constant([TINY])), self.steps)
        # Cast cuts the fraction off, so half a step more rounds.
        shifted = self.add("Add", self.add("Div", x, step), self.constant([ZERO + 0.5]))
        whole = self.add("Cast", shifted, to=TensorProto.UINT8)
        inputs = (whole, f"{layer}.weight", self.one, f"{layer}.scale", self.zero)
        product = self.add("MatMulIntegerToFloat", *inputs, domain=OWN)
        return self.add("Add", self.add("Mul", product, step), f"{layer}.bias")

    def norm(self, layer: str, x: str, residual: str) -> str:
        """Add and normalise: onnxruntime's fused operator for it is ten times slower."""
        total = self.add("Add", x, residual)
        inputs = (total, f"{layer}.weight", f"{layer}.bias")
        return self.add("LayerNormalization", *inputs, axis=-1, epsilon=EPSILON)

    def layer(self, name: str, x: str) -> str:
        """Add one transformer layer."""
        thirds = self.constant([HIDDEN, HIDDEN, HIDDEN])
        qkv = self.split("Split", self.linear(f"{name}.qkv", x), thirds, parts=3, axis=-1)
        heads = self.add("MultiHeadAttention", *qkv, domain=OWN, num_heads=HEADS)
        x = self.norm(f"{name}.norm1", x, self.linear(f"{name}.out", heads))
        inner = self.add("Gelu", self.linear(f"{name}.up", x), domain=OWN)
        return self.norm(f"{name}.norm2", x, self.linear(f"{name}.down", inner))


def make_graph(layers: int, static_share: float) -> Graph:
    """Return the graph; its last node gives the vector, shape (1, dimension)."""
    graph = Graph()
    count = graph.add("Shape", "ids")
    places = graph.add("Slice", "positions.weight", graph.constant([0]), count)
    x = graph.norm("norm", graph.rows("words", "ids"), places)
    x = graph.add("Unsqueeze", x, graph.constant([0]))
    for number in range(layers):
        x = graph.layer(f"layers.{number}", x)
    mean = graph.add("ReduceMean", x, graph.constant([1]), keepdims=0)
    total = graph.add(
        "ReduceSum", graph.rows("static", "static_ids"), graph.constant([0]), keepdims=1
    )
    # The inner product of two vectors is the mean of both models' cosines, weighted 1 : share.
    weights = (1 / math.sqrt(1 + static_share), math.sqrt(static_share / (1 + static_share)))
    parts = [
        graph.add("Mul", graph.add("LpNormalization", part, axis=-1), graph.constant([weight]))
        for part, weight in zip((mean, total), weights, strict=True)
    ]
    graph.add("Concat", *parts, axis=-1)
    return graph


def write_graph(graph: Graph, folder: Path, dimension: int) -> None:
    """Write the graph into the folder of the weights that it points at."""
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "encoder",
            [
                helper.make_tensor_value_info("ids", TensorProto.INT64, ["tokens"]),
                helper.make_tensor_value_info("static_ids", TensorProto.INT64, ["pieces"]),
            ],
            [helper.make_tensor_value_info(graph.nodes[-1].output[0], 1, [1, dimension])],
            [*graph.constants, *_pointers(folder / "model.safetensors")],
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(OWN, OWN_OPSET)],
        ir_version=IR_VERSION,
    )
    (folder / "model.onnx").write_bytes(model.SerializeToString())


def _pointers(weights: Path) -> list[onnx.TensorProto]:
    """Return for each tensor of a safetensors file where it lies: after 8 bytes and the header."""
    with weights.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        header = json.loads(stream.read(length))
    header.pop("__metadata__", None)
    pointers = []
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensor = TensorProto(
            name=name,
            dims=entry["shape"],
            data_type=TYPES[entry["dtype"]],
            data_location=TensorProto.EXTERNAL,
        )
        place = {"location": weights.name, "offset": 8 + length + begin, "length": end - begin}
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
        pointers.append(tensor)
    return pointers
