"""The input that a unit likes best: gradient ascent from grey, with a penalty that keeps it a picture."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.inside.picture import colours_first, picture_shape
from glassnet.nn.activations import GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from glassnet.nn.dropout import Dropout
from glassnet.nn.layer import Shape
from glassnet.nn.network import Network
from glassnet.nn.passes import Pass

Array = NDArray[Any]
STEPS, LENGTH, SMOOTHNESS = 120, 1.0, 1.0
RATE = 0.05  # of the range of pixels, at the first step
_RISING = (ReLU, LeakyReLU, Sigmoid, Tanh, GELU, Softmax, Dropout)  # who like what the unit below them likes


@dataclass(frozen=True)
class Favourite:
    """The `image`, in the network's input shape and the raw range, for which the unit's `value` is large.

    `place` is the layer whose output that is. `trace` has the value before each step, and at last.
    """

    place: int
    unit: int
    image: Array
    value: float
    trace: tuple[float, ...]


def favourite(
    network: Network,
    place: int,
    unit: int,
    *,
    steps: int = STEPS,
    length: float = LENGTH,
    smoothness: float = SMOOTHNESS,
    pixels: tuple[float, float] = (0.0, 255.0),
) -> Favourite:
    """Climb from a grey picture to one that the unit of the layer at `place` likes, always the same.

    What is climbed is the unit's value, in units of its slope at grey, less `length` / 2 · ‖x‖² (Simonyan et
    al. 2014, arXiv:1312.6034, section 2), x as the network is given it, and less `smoothness` times the total
    variation of the picture, whose numbers stay within `pixels`, the raw range. So where nothing is liked it
    turns to background. Of a unit behind an activation it is the weighted sum before it that is climbed,
    which does not flatten out. Raises ValueError for a unit that is not there.
    """
    network = network.snapshot()
    place = _rising_from(network, place, unit)
    arrays = Pass(network.layers[:place], 1, network.parameters.vector, input_gradient=True)
    low, high = _scaled(network, pixels)
    shape, rate = network.input_shape, RATE
    x = (low + high) / 2
    span = high - low
    m, v, trace = np.zeros_like(x), np.zeros_like(x), []
    unit_slope = 0.0
    with np.errstate(all="ignore"):
        for step in range(1, steps + 1):
            value, slope = _climb(arrays, x, unit)
            trace.append(value)
            slope = slope * span  # by numbers from 0 to 1
            unit_slope = unit_slope or float(np.sqrt(np.mean(slope**2))) or 1.0
            shown = (x - low) / span
            slope = slope / unit_slope - length * x / span - smoothness * _variation(shown, shape)
            m = 0.9 * m + 0.1 * slope
            v = 0.99 * v + 0.01 * float(np.mean(slope**2))
            size = rate * math.cos(math.pi / 2 * (step - 1) / steps)
            x = x + size * span * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-12)
            x = np.minimum(np.maximum(x, low), high)
        trace.append(_climb(arrays, x, unit)[0])
    image = pixels[0] + (x - low) / span * (pixels[1] - pixels[0])
    return Favourite(place, unit, image[0].astype(np.float32), trace[-1], tuple(trace))


def _rising_from(network: Network, place: int, unit: int) -> int:
    """Check the unit, and return the place of the layer on whose output one climbs."""
    if not 1 <= place <= len(network.layers):
        raise ValueError(f"layer: expected 1 to {len(network.layers)}, got {place!r}")
    size = math.prod(network.layers[place - 1].output_shape)
    if not 0 <= unit < size:
        raise ValueError(f"unit: expected 0 to {size - 1} of layer {place}, got {unit!r}")
    while place > 1 and isinstance(network.layers[place - 1], _RISING):
        place -= 1
    return place


def _scaled(network: Network, pixels: tuple[float, float]) -> tuple[Array, Array]:
    """The ends of the raw range as the first layer is given them (1, …), the smaller first."""
    ends = np.empty((2, *network.input_shape))
    for end, raw in zip(ends, pixels):
        end[...] = raw
    if network.scaling is not None:
        network.scaling(ends.copy(), ends)
    return ends[:1], ends[1:]


def _climb(arrays: Pass, x: Array, unit: int) -> tuple[float, Array]:
    """The unit's value, and its slope by the input."""
    arrays.resize(1)[...] = x
    value = float(arrays.forward().reshape(-1)[unit])
    by_output = arrays.output_gradient.reshape(-1)
    by_output[...] = 0
    by_output[unit] = 1
    arrays.backward()
    slope = arrays.gradients[0]
    assert slope is not None
    return value, slope.astype(np.float64)


def _variation(x: Array, shape: Shape) -> Array:
    """The slope of the total variation, Σ √(Δrow² + Δcolumn² + ε), of a picture (1, …)."""
    rows, columns, colours = picture_shape(shape)
    first = colours_first(shape)
    picture = x.reshape((colours, rows, columns) if first else (rows, columns, colours))
    axes = (1, 2) if first else (0, 1)
    steps = [np.diff(picture, axis=axis, append=np.take(picture, [-1], axis)) for axis in axes]
    size = np.sqrt(steps[0] ** 2 + steps[1] ** 2 + 1e-4)
    slope = np.zeros_like(picture)
    for axis, step in zip(axes, steps):
        pull = step / size
        slope -= pull
        moved = np.roll(pull, 1, axis)  # the last is 0: nothing comes round
        slope += moved
    return slope.reshape(x.shape)
