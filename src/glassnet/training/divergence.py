"""What went first when a loss became NaN or infinite, and what usually helps."""

import numpy as np

from glassnet.nn.network import Network
from glassnet.nn.passes import Pass


def first_broken(network: Network, arrays: Pass) -> str:
    """Name the first thing, in the order of the forward pass, that is not finite."""
    if not np.isfinite(arrays.activations[0]).all():
        return "the inputs contain NaN or infinity"
    kept = {**network.parameters, **network.state}
    for place, layer in enumerate(network.body, 1):
        for name in (*layer.parameters(), *layer.state()):
            if not np.isfinite(kept[f"{place}.{name}"]).all():
                return f"{layer.kind} {place}: its {name} is no longer finite"
        if not np.isfinite(arrays.activations[place]).all():
            largest = float(np.abs(arrays.activations[place - 1]).max())
            return f"{layer.kind} {place}: its outputs overflow, from inputs up to {largest:.3g}"
    largest = float(np.abs(arrays.output).max())
    return f"the loss of finite outputs up to {largest:.3g} overflows"


def explain(network: Network, arrays: Pass, when: str, learning_rate: float, *, clipped: bool) -> str:
    """Say in one line when the loss was lost, what went first, and what usually helps."""
    clip = "" if clipped else ", clipping gradients (clip=1)"
    helps = f"a smaller learning rate (it was {learning_rate:.3g}){clip}, He initialization"
    return f"the loss is not finite {when}: {first_broken(network, arrays)}; what usually helps: {helps}"
