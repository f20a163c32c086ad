"""Our own layers by name, and a layer, ours or yours, from its description."""

from typing import Any

from glassnet.nn.activations import GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from glassnet.nn.dense import Dense
from glassnet.nn.dropout import Dropout
from glassnet.nn.flatten import Flatten
from glassnet.nn.layer import KINDS, Layer
from glassnet.nn.names import unknown
from glassnet.nn.normalization import BatchNorm, LayerNorm

LAYERS: dict[str, type[Layer]] = {
    layer.__name__: layer
    for layer in (
        Dense, ReLU, LeakyReLU, Sigmoid, Tanh, GELU, Softmax, Dropout, BatchNorm, LayerNorm, Flatten,
    )
}  # fmt: skip
ACTIVATIONS: dict[str, type[Layer]] = {
    "relu": ReLU, "leaky_relu": LeakyReLU, "sigmoid": Sigmoid, "tanh": Tanh, "gelu": GELU,
}  # fmt: skip


def from_config(config: dict[str, Any]) -> Layer:
    """Make a layer from what its `config()` gave. Raises ValueError for an unknown kind or option."""
    kind = config.get("kind")
    if kind not in KINDS:
        hint = "a layer of your own must be defined or imported first"
        raise ValueError(f"{unknown('layer', kind, KINDS)}; {hint}")
    layer = KINDS[kind]
    options = {name: value for name, value in config.items() if name != "kind"}
    for name in options:
        if name not in layer.options:
            raise ValueError(unknown(f"option of {kind}", name, layer.options))
    try:
        return layer(**options)
    except TypeError:
        hint = "" if layer.options else f"; {kind}.options lists none"
        raise ValueError(f"{kind}: expected the options it needs, got {options}{hint}") from None
