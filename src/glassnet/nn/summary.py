"""A network in words: one line, or a table of its layers."""

import math
from typing import TYPE_CHECKING

from glassnet.nn.layer import Shape

if TYPE_CHECKING:
    from glassnet.nn.network import Network


def line(network: "Network") -> str:
    """Return the sizes wherever weights or a new shape make one, the layers, and the count of parameters."""
    sizes = [_text(network.input_shape)]
    for layer in network.layers:
        weights = any(parameter.penalized for parameter in layer.parameters().values())
        if weights or layer.output_shape != layer.input_shape:
            sizes.append(_text(layer.output_shape))
    kinds = ", ".join(layer.kind for layer in network.layers)
    return f"Network {'-'.join(sizes)} ({kinds}), {network.size:,} parameters, {network.dtype}"


def table(network: "Network") -> str:
    """Return a table of layers, output shapes and parameter counts, with the loss it is paired with."""
    scaled = "" if network.scaling is None else f", {network.scaling!r}"
    rows = [("", f"input{scaled}", _text(network.input_shape), "")]
    for place, layer in enumerate(network.layers, 1):
        count = sum(math.prod(p.shape) for p in layer.parameters().values())
        rows.append((str(place), layer.label(), _text(layer.output_shape), f"{count:,}" if count else ""))
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    last = max(len(row[3]) for row in rows)
    lines = [
        f"{a:>{widths[0]}}  {b:<{widths[1]}}  {c:<{widths[2]}}  {d:>{last}}".rstrip() for a, b, c, d in rows
    ]
    paired = f", {network.loss.name}" if network.loss else ""
    if len(network.body) < len(network.layers):
        paired += f" paired with {network.layers[-1].kind}"
    return "\n".join([*lines, f"{network.size:,} parameters, {network.dtype}{paired}"])


def _text(shape: Shape) -> str:
    return " × ".join(map(str, shape))
