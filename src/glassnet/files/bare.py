"""Bare weights: `W1`, `b1`, `W2`, `b2`, … of a ReLU and softmax network on pixels, as courses write them.

Upper or lower case; W (inputs, units) for y = xW + b or W (units, inputs) for y = Wx + b; b (units,),
(1, units) or (units, 1). Which way the matrices lie is decided for all of them at once: the layers must fit
one another and their biases. Both ways fit only if all matrices are square and of one size; then biases
(1, units) say the first and (units, 1) the second. Without them the file is refused: both ways would give
answers, and one of them wrong ones.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from glassnet.files.description import HEADER, Arrays, fill
from glassnet.nn.activations import ReLU, Softmax
from glassnet.nn.dense import Dense
from glassnet.nn.layer import Array, Layer
from glassnet.nn.network import Network
from glassnet.nn.scaling import PIXELS

NAME = re.compile(r"[WwBb][0-9]+")
SHOWN = 4  # layers whose shapes a message lists

Weights = Sequence[tuple[Array, Array]]  # W and b of each layer


def network(arrays: Arrays) -> Network:
    """Return the network of these weights: inputs of 0 to 255, classes 0 to K − 1, float64 if a weight is.

    Raises ValueError unless the names are W1, b1, W2, b2, … alone, all of finite floats whose shapes fit in
    exactly one way.
    """
    weights = _upright(_weights(arrays))
    units = [b.size for _, b in weights]
    if units[-1] < 2:
        raise ValueError(f"expected at least 2 outputs, one for each class, got {units[-1]}")
    layers: list[Layer] = []
    for n in units:
        layers += [Dense(n, initializer="zeros"), ReLU()]
    layers[-1] = Softmax()
    single = all(array.dtype.itemsize <= 4 for pair in weights for array in pair)
    net = Network(
        layers,
        len(weights[0][0]),
        dtype="float32" if single else "float64",
        scaling=PIXELS,
        classes=[str(k) for k in range(units[-1])],
    )
    for number, (W, b) in enumerate(weights, 1):
        fill(f"W{number}", net.parameters[f"{2 * number - 1}.W"], W)
        fill(f"b{number}", net.parameters[f"{2 * number - 1}.b"], b.ravel())
    return net


def _weights(arrays: Arrays) -> Weights:
    """Return W and b of each layer from 1, as they are stored."""
    if not any(NAME.fullmatch(name) for name in arrays):
        raise ValueError(
            f"expected a glassnet model, got a NumPy file without {HEADER} and without weights W1, b1, …"
        )
    layers = max(1, len(arrays) // 2)
    wanted = [f"{letter}{number}" for number in range(1, layers + 1) for letter in "Wb"]
    found = {name.upper().replace("B", "b"): array for name, array in arrays.items()}
    if set(found) != set(wanted) or len(found) < len(arrays):
        raise ValueError(f"expected weights W1, b1, W2, b2, … without a gap and alone, got {_listed(arrays)}")
    for name, array in found.items():
        if array.dtype.kind != "f" or not array.size:
            raise ValueError(f"expected {name} of floats, got {array.shape} of {array.dtype}")
    return [(found[f"W{number}"], found[f"b{number}"]) for number in range(1, layers + 1)]


def _upright(weights: Weights) -> Weights:
    """Return the weights with each W (inputs, units)."""
    turned = [(W.T, b) for W, b in weights]
    ways = [way for way in (weights, turned) if _fits(way)]
    if len(ways) == 2:
        lying = {b.shape.index(1) for _, b in weights if b.ndim == 2 and b.size > 1}
        if len(lying) != 1:
            raise ValueError(
                f"expected to see which axis of W is the inputs, got square matrices ({_shapes(weights)});"
                " biases of shape (1, units) say the first axis, (units, 1) the second"
            )
        return ways[lying.pop()]
    if not ways:
        raise ValueError(
            "expected all W (inputs, units) or all (units, inputs), b (units,), and each layer to fit the"
            f" next, got {_shapes(weights)}"
        )
    return ways[0]


def _fits(weights: Weights) -> bool:
    """Whether these are layers in a row with each W (inputs, units)."""
    return (
        all(W.ndim == 2 and b.ndim in (1, 2) and b.size == max(b.shape) == W.shape[1] for W, b in weights)
        and all(W.shape[1] == V.shape[0] for (W, _), (V, _) in pairwise(weights))
    )  # fmt: skip


def _shapes(weights: Weights) -> str:
    shown = [f"W{i} {W.shape}, b{i} {b.shape}" for i, (W, b) in enumerate(weights[:SHOWN], 1)]
    return ", ".join([*shown, *(["…"] if len(weights) > SHOWN else [])])


def _listed(arrays: Arrays) -> str:
    names = [name[:20] for name in arrays]
    return ", ".join([*names[: 4 * SHOWN], *(["…"] if len(names) > 4 * SHOWN else [])])
