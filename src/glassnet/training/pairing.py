"""What a set's targets are to a network: classes or values, and the loss that goes with them."""

from dataclasses import replace
from typing import Any

from glassnet.data.dataset import Dataset
from glassnet.nn import losses
from glassnet.nn.losses import Loss, MeanSquaredError
from glassnet.nn.network import Network


def pair(network: Network, data: Dataset | tuple[Any, Any], loss: str | Loss | None) -> tuple[Loss, Dataset]:
    """Pair the network with its loss, let it take over the set's scaling and class names, and return both.

    The set may be given as two arrays, inputs and targets.
    Without a loss it is the network's own, else mse for values and a cross-entropy for classes. Whole-number
    targets of a single output under mse are values, unless they are just 0 and 1. Raises ValueError, saying
    what to write, if targets, outputs and loss do not go together.
    """
    if not isinstance(data, Dataset):
        if not isinstance(data, tuple) or len(data) != 2:
            raise ValueError(f"Training: expected a Dataset or (inputs, targets), got {type(data).__name__}")
        data = Dataset.from_arrays(*data)
    outputs = network.output_shape[-1]
    chosen = loss or network.loss or _usual(data, outputs)
    if isinstance(losses.get(chosen), MeanSquaredError) and outputs == 1 and len(data.classes or ()) > 2:
        data = replace(data, classes=None)
    if data.classes is not None and max(outputs, 2) != len(data.classes):
        count = len(data.classes)
        raise ValueError(f"{data.name}: expected a network of {count} outputs, one a class, got {outputs}")
    network.scaling = network.scaling or data.scaling
    network.classes = network.classes or data.classes
    paired = network.pair(chosen)
    if not network.classifies:
        network.target_scaling = network.target_scaling or data.target_scaling
    if data.classes is None:
        _check_values(data, paired, outputs)
    return paired, data


def _usual(data: Dataset, outputs: int) -> str:
    if data.classes is None:
        return "mse"
    return "cross_entropy" if outputs > 1 else "binary_cross_entropy"


def _check_values(data: Dataset, loss: Loss, outputs: int) -> None:
    targets = data.train.targets
    received = f"{targets.dtype} targets ({', '.join(['N', *map(str, targets.shape[1:])])})"
    if loss.of_classes and (targets.ndim == 1 or loss.name != "cross_entropy"):
        raise ValueError(
            f"{data.name}: expected class numbers for {loss.name}, as whole numbers (y.astype(int)),"
            f" got {received}"
        )
    if targets.ndim == 1 and outputs > 1:
        raise ValueError(
            f"{data.name}: expected targets (N, {outputs}), or class numbers as whole numbers"
            f" (y.astype(int)), got {received}"
        )
