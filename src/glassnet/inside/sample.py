"""The example that is looked at: found, given its target, and sent through, forth and back, alone."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset
from glassnet.data.judged import judged_part
from glassnet.inside.explanation import Sample
from glassnet.nn.network import Network
from glassnet.nn.passes import Pass

Array = NDArray[Any]


class Sent(NamedTuple):
    """What became of it: what is told of it, its target as the loss takes it (1, …), and its loss."""

    sample: Sample
    target: Array
    loss: float


def find(network: Network, arrays: Pass, sample: Any, label: Any, data: Dataset | None) -> Sent:
    """Send the example through the arrays, a pass for one, as in predicting, and back from its own loss.

    Raises ValueError for an example or a label that cannot be.
    """
    index: int | None = None
    if isinstance(sample, int | np.integer) and not isinstance(sample, bool):
        if data is None:
            raise ValueError("sample: expected data with the number of an example, got none")
        index = int(sample)
        name, part = judged_part(data)
        if not 0 <= index < len(part):
            raise ValueError(f"sample: expected a {name} example, 0 to {len(part) - 1:,}, got {index}")
        row = part.places(np.array([index]))
        x, right = part.inputs[row], part.targets[row]
    else:
        x, right = _one(network, np.asarray(sample)), None
    assert network.loss is not None
    network.load(network.examples(x), arrays)
    z = arrays.forward()
    predicted = network.loss.classify(z) if network.classifies else z[0].astype(np.float64)
    assumed = label is None and right is None
    if label is not None:
        right = _given(network, label)
    elif right is None:
        if not network.classifies:
            raise ValueError("label: expected the right value of an example of your own, got none")
        right = predicted
    target = _encoded(network, right)
    loss = float(network.loss(z, target, arrays.output_gradient, 1.0))
    arrays.backward()
    return Sent(_told(network, index, right, assumed, predicted), target, loss)


def _one(network: Network, x: Array) -> Array:
    if x.dtype.kind not in "buif":
        raise ValueError(f"sample: expected a number or an array of numbers, got an array of {x.dtype}")
    if x.size != math.prod(network.input_shape):
        raise ValueError(f"sample: expected one example of shape {network.input_shape}, got {x.shape}")
    return x.reshape(1, *network.input_shape)


def _given(network: Network, label: Any) -> Array:
    right = np.asarray(label)
    if network.classifies and right.ndim == 0:
        classes = max(network.output_shape[-1], 2)
        if right.dtype.kind not in "iu" or not 0 <= right < classes:
            raise ValueError(f"label: expected a class, 0 to {classes - 1}, got {label!r}")
        return right.reshape(1).astype(np.intp)
    if right.dtype.kind not in "iuf" or not np.isfinite(right).all():
        raise ValueError(f"label: expected finite numbers, got {label!r}")
    return right.reshape(1, -1).astype(np.float64)


def _encoded(network: Network, right: Array) -> Array:
    """The right answer as the loss takes it; of values in the units of training."""
    assert network.loss is not None
    scaling = network.target_scaling
    dtype = network.dtype if scaling is None else np.dtype(np.float64)
    target = network.loss.encode(right, network.output_shape[-1], dtype)
    if scaling is None:
        return target
    values = np.empty(target.shape, network.dtype)
    scaling(target, values)
    return values


def _told(network: Network, index: int | None, right: Array, assumed: bool, predicted: Array) -> Sample:
    if not network.classifies:
        answer = predicted[None]
        answer = answer if network.target_scaling is None else network.target_scaling.inverse(answer)
        return Sample(index, _plain(right), assumed, _plain(answer))
    label, named = _plain(right), int(predicted[0])
    names = network.classes or [str(k) for k in range(max(network.output_shape[-1], 2))]
    return Sample(
        index, label, assumed, named, names[label] if isinstance(label, int) else None, names[named]
    )


def _plain(answer: Array) -> Any:
    row = answer.reshape(-1)
    if len(row) > 1:
        return [float(number) for number in row]
    return int(row[0]) if row.dtype.kind in "iu" else float(row[0])
