"""The vital signs of each layer: how its numbers are spread, how fast it learns, how many units are stuck."""

import math
from typing import NamedTuple

import numpy as np

from glassnet.nn import GELU, Dropout, LeakyReLU, Network, ReLU, Sigmoid, Tanh
from glassnet.nn.layer import Array, Layer
from glassnet.nn.passes import Pass

BINS = 40
MOST = 2048  # numbers that are looked at, of more
MOST_OF_BATCH = 1 << 18  # numbers, whole examples, among which a dead unit is looked for
FLAT = 0.05  # where the slope is less of the steepest, an S-shaped activation is saturated
GELU_IS_FLAT = -4.0  # below it GELU's slope is less than 0.001


class Histogram(NamedTuple):
    """Counts (BINS,) of the finite numbers in equal parts of `low` to `high`."""

    low: float
    high: float
    counts: Array


class Vitals(NamedTuple):
    """What one layer's numbers look like after a step; None where it has none of the kind.

    `weights` of its weight matrix, `activations` of what it gives for the batch, `gradients` of the loss by
    its weights or, if it has none, by its output. `ratio` is ‖ΔW‖ / ‖W‖ of the last update, `dead` the share
    of units that answer nothing, and let no gradient through, for any example of the batch, and `saturated`
    the share of activations in the flat ends of a sigmoid or tanh.
    """

    place: int
    kind: str
    label: str
    weights: Histogram | None
    activations: Histogram | None
    gradients: Histogram | None
    ratio: float | None
    dead: float | None
    saturated: float | None


def vitals(network: Network, flow: Pass | None, update: Array | None) -> list[Vitals]:
    """Return the vital signs of each layer of `network.body`, of the training step that `flow` went through.

    `update` (P,) is how far the last update moved the parameters. Of many numbers some thousand are looked
    at, evenly spaced, always the same ones. Without a flow, as before the first step, activations and
    gradients are None.
    """
    moved = {} if update is None else _named(network, update)
    with np.errstate(all="ignore"):  # a diverged network is looked at like any other
        found: list[Vitals] = []
        for place, layer in enumerate(network.body, 1):
            idle = isinstance(layer, Dropout) and not layer.rate and found and found[-1].weights is None
            look = _handed_on(found[-1], place, layer) if idle else None
            found.append(look or _of_layer(network, flow, moved, place, layer))
        return found


def _handed_on(before: Vitals, place: int, layer: Layer) -> Vitals:
    """What the layer before gives, which this one changes nothing about: its numbers need no second look."""
    return before._replace(place=place, kind=layer.kind, label=layer.label(), dead=None, saturated=None)


def _of_layer(
    network: Network, flow: Pass | None, moved: dict[str, Array], place: int, layer: Layer
) -> Vitals:
    matrix = next((f"{place}.{name}" for name, p in layer.parameters().items() if p.penalized), None)
    weights = None if matrix is None else thinned(network.parameters[matrix])
    outputs = None if flow is None else thinned(flow.activations[place])
    return Vitals(
        place,
        layer.kind,
        layer.label(),
        weights=_histogram(weights),
        activations=_histogram(outputs),
        gradients=_histogram(_gradients(network, flow, place, matrix)),
        ratio=_ratio(moved.get(matrix or ""), weights),
        dead=None if flow is None else _dead(layer, flow.activations[place - 1], flow.activations[place]),
        saturated=None if outputs is None else _saturated(layer, outputs),
    )


def _gradients(network: Network, flow: Pass | None, place: int, matrix: str | None) -> Array | None:
    if flow is None:
        return None
    found = flow.gradients[place] if matrix is None else network.gradients[matrix]
    return None if found is None else thinned(found)


def _named(network: Network, vector: Array) -> dict[str, Array]:
    """Cut a vector (P,) as the network's parameters are cut."""
    parts, start = {}, 0
    for name, view in network.parameters.items():
        parts[name] = vector[start : start + view.size].reshape(view.shape)
        start += view.size
    return parts


def thinned(array: Array) -> Array:
    """Return at most about `MOST` of the numbers, evenly spaced over all rows and columns, in float64."""
    flat = array.reshape(-1)
    stride = max(1, -(-flat.size // MOST))
    width = array.shape[-1] if array.ndim > 1 else 1
    while math.gcd(stride, width) > 1:  # else the same few columns each time
        stride += 1
    return flat[::stride].astype(np.float64)


def _histogram(numbers: Array | None) -> Histogram | None:
    if numbers is None:
        return None
    low, high = (float(numbers.min()), float(numbers.max())) if numbers.size else (math.nan, math.nan)
    if not (math.isfinite(low) and math.isfinite(high)):
        numbers = numbers[np.isfinite(numbers)]
        return _histogram(numbers) if numbers.size else None
    if high - low == math.inf:  # of the very largest numbers, whose halves can be told apart as well
        half = _histogram(numbers / 2)
        return half and Histogram(low, high, half.counts)
    if high - low < 1e-300:  # all alike: in the middle of some room
        margin = max(0.5, abs(low) / 2)
        low, high = low - margin, high + margin
    parts = numbers - low
    parts *= BINS / (high - low)
    counts = np.bincount(parts.astype(np.intp), minlength=BINS + 1)
    counts[BINS - 1] += counts[BINS]  # the highest itself
    return Histogram(low, high, counts[:BINS])


def _ratio(moved: Array | None, weights: Array | None) -> float | None:
    """‖ΔW‖ / ‖W‖, None if that is no finite number."""
    if moved is None or weights is None:
        return None
    ratio = float(np.linalg.norm(thinned(moved)) / np.linalg.norm(weights))
    return ratio if math.isfinite(ratio) else None


def _dead(layer: Layer, x: Array, y: Array) -> float | None:
    """The share of units of a rectifier that are on its flat side for all examples."""
    if isinstance(layer, GELU):
        highest, flat = _highest(x), GELU_IS_FLAT
    elif isinstance(layer, ReLU) or (isinstance(layer, LeakyReLU) and layer.slope == 0):
        highest, flat = _highest(y), 0.0
    else:
        return None
    return float(np.count_nonzero(highest <= flat) / highest.size)


def _highest(batch: Array) -> Array:
    """The highest of each unit over the batch; over some hundred examples of a very large one."""
    rows = max(1, MOST_OF_BATCH // max(1, batch[0].size))
    highest: Array = batch[:: -(-len(batch) // rows)].max(axis=0)
    return highest


def _saturated(layer: Layer, outputs: Array) -> float | None:
    """The share of outputs where the slope is almost flat: 1 − y² of tanh, 4 y (1 − y) of a sigmoid."""
    if isinstance(layer, Tanh):
        slope = 1 - outputs * outputs
    elif isinstance(layer, Sigmoid):
        slope = 4 * outputs * (1 - outputs)
    else:
        return None
    return float(np.count_nonzero(slope < FLAT) / slope.size)
