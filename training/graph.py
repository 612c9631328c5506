"""The ONNX graph of the bundled model: token ids of one text in, its vector out.

Only the shape of the computation stands here. The weights stay in ``model.safetensors``; the graph
names the place of each (ONNX external data). Three operators are onnxruntime's own
(``com.microsoft``): the product of two 8-bit matrices, that of a matrix and a turned one, and the
exact Gelu. Attention is written out: for the few tokens of a question that is quicker than
onnxruntime's operator for it.
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

LOW_ZERO = 80
"""What stands for nothing after Gelu, where the negative numbers of a token are small: 175 steps to
its largest, or fewer where 80 do not reach its least."""

TYPES = {"F32": TensorProto.FLOAT, "I8": TensorProto.INT8}


class Graph:
    """Nodes in order; each method adds some and returns the name of what they give."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.one = self._scalar("one", TensorProto.FLOAT, 1)
        self.last = self.constant([-1])
        self._count = self.add("Shape", "ids")
        self._even = self._range("zero", ZERO)
        self._low = self._range("low", LOW_ZERO)

    def _scalar(self, name: str, kind: int, value: float) -> str:
        self.constants.append(helper.make_tensor(name, kind, [], [value]))
        return name

    def _range(self, name: str, zero: int) -> tuple[str, str]:
        """Return what stands for nothing, once and for each token."""
        name = self._scalar(name, TensorProto.UINT8, zero)
        return name, self.add("Expand", name, self._count)

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
        return self.add("Mul", whole, self.add("Unsqueeze", scales, self.last))

    def linear(self, layer: str, x: str, *, smooth: bool = True, after_gelu: bool = False) -> str:
        """Multiply (tokens, inputs) by 8-bit weights and add the bias.

        Each token's activations get a scale of their own, which onnxruntime's ready operator does
        not give: one scale for all lets the largest activation of one token blur all others.

        Parameters
        ----------
        smooth
            Whether the inputs are yet to be smoothed; else what comes before has done it.
        after_gelu
            Whether the inputs are mostly positive, so that the range reaches farther up.
        """
        if smooth:
            x = self.add("Mul", x, f"{layer}.smooth")
        if after_gelu:
            step = self.add("Max", self._up(x, 255 - LOW_ZERO), self._down(x, LOW_ZERO))
        else:
            step = self._up(self.add("Abs", x), STEPS)
        zero, zeros = self._low if after_gelu else self._even
        whole = self.add("QuantizeLinear", x, step, zeros, axis=0)
        inputs = (whole, f"{layer}.weight", self.one, f"{layer}.scale", zero)
        product = self.add("MatMulIntegerToFloat", *inputs, domain=OWN)
        steps = self.add("Unsqueeze", step, self.last)
        return self.add("Add", self.add("Mul", product, steps), f"{layer}.bias")

    def _up(self, x: str, steps: int) -> str:
        """Return each token's step where its largest number is so many steps up."""
        peak = self.add("ReduceMax", x, self.last, keepdims=0)
        return self.add("Mul", peak, self.constant([1 / steps]))

    def _down(self, x: str, steps: int) -> str:
        """Return each token's step where its least number is so many steps down."""
        least = self.add("ReduceMin", x, self.last, keepdims=0)
        return self.add("Mul", least, self.constant([-1 / steps]))

    def norm(self, layer: str, x: str, residual: str) -> str:
        """Add and normalise: onnxruntime's fused operator for it is ten times slower."""
        total = self.add("Add", x, residual)
        inputs = (total, f"{layer}.weight", f"{layer}.bias")
        return self.add("LayerNormalization", *inputs, axis=-1, epsilon=EPSILON)

    def attention(self, qkv: str) -> str:
        """Let tokens look at each other: (tokens, 3 * hidden) to (tokens, hidden)."""
        size = HIDDEN // HEADS
        heads = self.add("Reshape", qkv, self.constant([0, 3 * HEADS, size]))
        heads = self.add("Transpose", heads, perm=[1, 0, 2])
        thirds = self.constant([HEADS, HEADS, HEADS])
        query, key, value = self.split("Split", heads, thirds, parts=3, axis=0)
        scale = 1 / math.sqrt(size)
        near = self.add("FusedMatMul", query, key, domain=OWN, transB=1, alpha=scale)
        seen = self.add("MatMul", self.add("Softmax", near, axis=-1), value)
        seen = self.add("Transpose", seen, perm=[1, 0, 2])
        return self.add("Reshape", seen, self.constant([0, HIDDEN]))

    def layer(self, name: str, x: str) -> str:
        """Add one transformer layer."""
        heads = self.attention(self.linear(f"{name}.qkv", x))
        x = self.norm(f"{name}.norm1", x, self.linear(f"{name}.out", heads, smooth=False))
        inner = self.add("Gelu", self.linear(f"{name}.up", x), domain=OWN)
        return self.norm(f"{name}.norm2", x, self.linear(f"{name}.down", inner, after_gelu=True))

    def places(self) -> str:
        """Return the vectors of the tokens' places."""
        return self.add("Slice", "positions.weight", self.constant([0]), self._count)


def make_graph(layers: int, static_share: float) -> Graph:
    """Return the graph; its last node gives the vector, shape (1, dimension)."""
    graph = Graph()
    x = graph.norm("norm", graph.rows("words", "ids"), graph.places())
    for number in range(layers):
        x = graph.layer(f"layers.{number}", x)
    mean = graph.add("ReduceMean", x, graph.constant([0]), keepdims=1)
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
