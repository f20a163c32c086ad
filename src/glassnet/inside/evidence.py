"""What spoke for an answer and what against it: gradient times input, and what covering a spot changes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.inside.picture import colours_first, picture_shape
from glassnet.nn.layer import Shape
from glassnet.nn.network import Network
from glassnet.nn.passes import Pass

Array = NDArray[Any]
PATCH = 3  # pixels that are covered at a time, across and down


@dataclass(frozen=True)
class Evidence:
    """For the class `k`, whose logit for this input is `value` and whose probability is `probability`.

    `gradient`, in the shape of the input, is (∂zₖ/∂x) x, in the units of the logit. `occlusion` (H, W) is how
    much the logit falls when the spot around a pixel becomes background. Above 0 is for the class, below
    against it.
    """

    k: int
    name: str
    value: float
    probability: float
    gradient: Array
    occlusion: Array


def evidence(
    network: Network, x: Any, k: int | None = None, *, patch: int = PATCH, background: float = 0.0
) -> Evidence:
    """Return what in the raw input `x` spoke for the class `k`, by default the one that the network names.

    Where the network is piecewise linear (ReLU, LeakyReLU, BatchNorm) the numbers of `gradient` add up to
    the logit without what the biases give it; elsewhere they are a first guess at what each pixel did.
    A picture has spots of `patch` × `patch` covered with `background`, other inputs each one alone. Raises
    ValueError for an input or a class that does not fit, and a network of values.
    """
    raw = np.asarray(x)
    if not network.classifies:
        raise ValueError("evidence: expected a network of classes, got one of values")
    if raw.dtype.kind not in "buif" or raw.size != np.prod(network.input_shape):
        raise ValueError(f"evidence: expected one example of shape {network.input_shape}, got {raw.shape}")
    shape, network = raw.shape, network.snapshot()
    raw = raw.reshape(1, *network.input_shape)
    arrays = network.new_pass(1, input_gradient=True)
    network.load(raw, arrays)
    with np.errstate(all="ignore"):
        z = arrays.forward()
        shares = network.predict_proba(raw)[0]
        k = int(shares.argmax()) if k is None else _class(k, len(shares))
        gradient = _by_input(arrays, k).reshape(shape)
        side = patch if picture_shape(shape)[0] > 1 else 1
        drop = _logit(z, k)[0] - _covered(network, raw, shape, k, side, background)
    name = network.classes[k] if network.classes else str(k)
    return Evidence(k, name, float(_logit(z, k)[0]), float(shares[k]), gradient, drop)


def _class(k: int, classes: int) -> int:
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or not 0 <= k < classes:
        raise ValueError(f"class: expected 0 to {classes - 1}, got {k!r}")
    return int(k)


def _logit(z: Array, k: int) -> Array:
    """The logits (N,) of a class; a single output is that of class 1, and its negative that of class 0."""
    if z.shape[-1] == 1:
        return z[:, 0] if k == 1 else -z[:, 0]
    logit: Array = z[:, k]
    return logit


def _by_input(arrays: Pass, k: int) -> Array:
    """∂zₖ/∂x · x, for the example that lies in the arrays."""
    by_output = arrays.output_gradient
    by_output[...] = 0
    by_output[:, min(k, by_output.shape[-1] - 1)] = -1 if by_output.shape[-1] == 1 and k == 0 else 1
    arrays.backward()
    gradient = arrays.gradients[0]
    assert gradient is not None
    product: Array = gradient * arrays.activations[0]
    return product


def _covered(network: Network, raw: Array, shape: Shape, k: int, patch: int, background: float) -> Array:
    """The class's logit (H, W) with the spot around each pixel covered; unchanged where nothing is there."""
    rows, columns, colours = picture_shape(shape)
    first = colours_first(shape)
    picture = raw.reshape((colours, rows, columns) if first else (rows, columns, colours))
    if first:
        picture = np.moveaxis(picture, 0, -1)
    before, after = patch // 2, patch - patch // 2  # the spot reaches from the one to the other
    where = np.argwhere(_touched(picture, background, patch))
    many = np.repeat(picture[None], len(where), axis=0)
    for one, (row, column) in zip(many, where):
        one[max(row - before, 0) : row + after, max(column - before, 0) : column + after] = background
    if first:
        many = np.moveaxis(many, -1, 1)
    logits = np.full((rows, columns), _logit(network.outputs(raw), k)[0], np.float64)
    if len(where):
        logits[tuple(where.T)] = _logit(network.outputs(many.reshape(len(where), *raw.shape[1:])), k)
    return logits


def _touched(picture: Array, background: float, patch: int) -> Array:
    """Around which pixels (H, W) a spot covers anything that is not background."""
    before, after = patch // 2, patch - patch // 2
    ink: Array = np.logical_or.reduce(picture != background, axis=-1)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(ink, (before, after - 1)), (patch, patch))
    touched: Array = np.logical_or.reduce(windows, axis=(2, 3))
    return touched
