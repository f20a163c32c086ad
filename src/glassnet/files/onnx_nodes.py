"""The ONNX nodes of each layer, and of what each loss makes of the outputs: the formulas of `glassnet.nn`.

A layer of your own becomes exportable by an entry in `LAYERS`: a function that is given the layer and the
`Place` where it stands.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from glassnet.nn.activations import GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from glassnet.nn.dense import Dense
from glassnet.nn.dropout import Dropout
from glassnet.nn.flatten import Flatten
from glassnet.nn.layer import Layer
from glassnet.nn.losses import BinaryCrossEntropy, CrossEntropy, Loss, MeanSquaredError
from glassnet.nn.normalization import BatchNorm, LayerNorm


class Graph:
    """Nodes in the order of computing, and the numbers that they hold, of the network's dtype."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        import onnx

        self.onnx = onnx
        self.dtype = dtype
        self.nodes: list[Any] = []
        self.numbers: list[Any] = []


class Place:
    """Where a layer stands: what goes in (`x`), and where its nodes and numbers get their names from."""

    def __init__(self, graph: Graph, name: str, x: str, y: str, prefix: str) -> None:
        self.graph, self.name, self.x, self.y, self.prefix = graph, name, x, y, prefix
        self.dtype = graph.dtype

    def numbers(self, name: str, values: Any, dtype: Any = None) -> str:
        """Keep numbers, of the network's dtype unless another is given, and return their name."""
        whole = f"{self.prefix}.{name}"
        if all(kept.name != whole for kept in self.graph.numbers):
            array = np.array(values, dtype or self.dtype, order="C")
            self.graph.numbers.append(self.graph.onnx.numpy_helper.from_array(array, whole))
        return whole

    def node(self, op: str, inputs: Sequence[str], formula: str, part: str = "", **attributes: Any) -> str:
        """Add a node and return the name of what it gives: the layer's output, or a `part` on the way."""
        name, y = (f"{self.name}/{part}",) * 2 if part else (self.name, self.y)
        make = self.graph.onnx.helper.make_node
        self.graph.nodes.append(make(op, list(inputs), [y], name, formula, **attributes))
        return y


# ---- layers


def _dense(layer: Dense, at: Place) -> None:
    numbers = [at.numbers("W", layer.W), *([at.numbers("b", layer.b)] if layer.bias else [])]
    at.node("Gemm", [at.x, *numbers], "y = x W + b" if layer.bias else "y = x W")


def _leaky_relu(layer: LeakyReLU, at: Place) -> None:
    formula = f"y = x where x > 0, else {layer.slope:g} x"
    if at.dtype == np.float32:
        at.node("LeakyRelu", [at.x], formula, alpha=float(layer.slope))
    else:  # ONNX Runtime has no LeakyRelu of float64
        below = at.node("Mul", [at.x, at.numbers("slope", layer.slope)], "slope · x", part="below")
        at.node("Max", [at.x, below], formula)


def _gelu(layer: GELU, at: Place) -> None:
    formula = f"y = ½ x (1 + tanh(√(2/π) (x + {layer.CUBIC} x³)))"
    at.node("Gelu", [at.x], formula, approximate="tanh")


def _dropout(layer: Dropout, at: Place) -> None:
    formula = f"y = x: only while training are {layer.rate:g} of them silenced"
    at.node("Dropout", [at.x, at.numbers("rate", layer.rate)], formula)


def _batch_norm(layer: BatchNorm, at: Place) -> None:
    names = ("gamma", "beta", "running_mean", "running_variance")
    numbers = [at.numbers(name, getattr(layer, name)) for name in names]
    formula = f"y = γ (x − μ) / √(σ² + {layer.epsilon:g}) + β with the running mean μ and variance σ²"
    at.node("BatchNormalization", [at.x, *numbers], formula, epsilon=layer.epsilon)


def _layer_norm(layer: LayerNorm, at: Place) -> None:
    numbers = [at.numbers(name, getattr(layer, name)) for name in ("gamma", "beta")]
    formula = f"y = γ (x − μ) / √(σ² + {layer.epsilon:g}) + β with each example's own μ and σ²"
    at.node("LayerNormalization", [at.x, *numbers], formula, axis=-1, epsilon=layer.epsilon)


LAYERS: dict[type[Layer], Callable[[Any, Place], object]] = {
    Dense: _dense,
    ReLU: lambda layer, at: at.node("Relu", [at.x], "y = max(x, 0)"),
    LeakyReLU: _leaky_relu,
    Sigmoid: lambda layer, at: at.node("Sigmoid", [at.x], "y = 1 / (1 + e⁻ˣ)"),
    Tanh: lambda layer, at: at.node("Tanh", [at.x], "y = tanh(x)"),
    GELU: _gelu,
    Softmax: lambda layer, at: at.node("Softmax", [at.x], "y = eˣ / Σ eˣ", axis=-1),
    Dropout: _dropout,
    BatchNorm: _batch_norm,
    LayerNorm: _layer_norm,
    Flatten: lambda layer, at: at.node("Flatten", [at.x], "each example as one vector", axis=1),
}

# ---- probabilities


def _of_cross_entropy(at: Place, outputs: int) -> None:
    at.node("Softmax", [at.x], "p = eᶻ / Σ eᶻ", axis=-1)


def _of_binary_cross_entropy(at: Place, outputs: int) -> None:
    if outputs == 1:
        _pair(at, at.node("Sigmoid", [at.x], "p = 1 / (1 + e⁻ᶻ)", part="each"))
        return
    # By its logarithm: ONNX Runtime's Sigmoid is 0 below −18, where shares of very small p still differ.
    below = at.node("Min", [at.x, at.numbers("zero", 0)], "min(z, 0)", part="below")
    size = at.node("Neg", [at.node("Abs", [at.x], "|z|", part="size")], "−|z|", part="negative")
    e = at.node("Exp", [size], "e to the −|z|", part="e")
    under = at.node("Add", [at.numbers("one", 1), e], "1 + e", part="under")
    log = at.node("Log", [under], "log(1 + e)", part="log")
    each = at.node("Sub", [below, log], "log p = min(z, 0) − log(1 + e) with p = 1 / (1 + e⁻ᶻ)", part="each")
    at.node("Softmax", [each], "p / Σ p", axis=-1)


def _of_squared_error(at: Place, outputs: int) -> None:
    bounds = [at.numbers("least", 0), at.numbers("most", 1)]
    p = at.node("Clip", [at.x, *bounds], "p = z cut to 0…1", part="each")
    if outputs == 1:
        _pair(at, p)
        return
    total = at.node("ReduceSum", [p, at.numbers("axis", [-1], np.int64)], "Σ p", part="total", keepdims=1)
    some = at.node("Greater", [total, at.numbers("zero", 0)], "Σ p > 0", part="some")
    divisor = at.node("Where", [some, total, at.numbers("one", 1)], "Σ p, or 1", part="divisor")
    share = at.node("Div", [p, divisor], "p / Σ p", part="share")
    even = at.numbers("even", 1 / outputs)
    at.node("Where", [some, share, even], "p / Σ p, or all alike where all are 0")


def _pair(at: Place, p: str) -> None:
    other = at.node("Sub", [at.numbers("one", 1), p], "1 − p", part="other")
    at.node("Concat", [other, p], "(1 − p, p)", axis=-1)


MEANINGS: dict[type[Loss], Callable[[Place, int], object]] = {
    CrossEntropy: _of_cross_entropy,
    BinaryCrossEntropy: _of_binary_cross_entropy,
    MeanSquaredError: _of_squared_error,
}
