"""What the page is told of a network: plain data, and words for those who look at it."""

import re
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import load
from glassnet.files.description import handed_on
from glassnet.nn import Network
from glassnet.nn.dense import Dense
from glassnet.nn.layers import LAYERS

Array = NDArray[Any]

SIDE = 28
DIGITS = tuple("0123456789")
SAMPLE = "mnist-sample"
EACH = 2  # examples of each class
NAMED = 10  # classes, in the heading
LABELS = "".join(digit for digit in DIGITS for _ in range(EACH))
ABOUT = (
    "Digits of MNIST (LeCun, Cortes, Burges; CC BY-SA 3.0), from its part for training:"
    " the network may have learnt from them."
)
ANSWERS = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid", "mse": "values"}
ACCURACIES = {"test_digits": "of MNIST's test images", "validation_digits": "of held-out images"}


def check(network: Network, notes: Mapping[str, Any]) -> None:
    """Raise ValueError, in one line, unless a page can show the network."""
    if not network.classifies:
        raise ValueError("page: expected a network of classes, got one that answers with values")
    if "table" in notes:
        raise ValueError("page: expected a network that reads images, got one that reads columns of a table")
    if tuple(n for n in network.input_shape if n != 1) not in ((SIDE, SIDE), (SIDE * SIDE,)):
        raise ValueError(f"page: expected inputs of {SIDE}×{SIDE} grey pixels, got {network.input_shape}")
    if len(network.output_shape) != 1:
        raise ValueError(f"page: expected one output for each class, got outputs {network.output_shape}")
    if network.meaning.name not in ANSWERS:
        raise ValueError(f"page: expected a loss of {', '.join(ANSWERS)}, got {network.meaning.name}")
    for place, layer in enumerate(network.layers, 1):
        if LAYERS.get(layer.kind) is not type(layer):
            raise ValueError(f"page: expected layers of glassnet, got {layer.kind} as layer {place}")
    for name, array in {**network.parameters, **network.state}.items():
        if not np.isfinite(array).all():
            raise ValueError(f"page: expected finite values in {name}, got NaN or infinity")


def describe(network: Network, notes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page's JavaScript reads; layers up to the logits, their weights apart from it."""
    classes = class_names(network)
    layers = [{**layer.config(), "features": layer.output_shape[-1]} for layer in network.body]
    return {
        "name": widths(network),
        "inputs": prod(network.input_shape),
        "classes": classes,
        "digits": tuple(classes) == DIGITS,
        "scaling": _scaling(network),
        "layers": layers,
        "answers": ANSWERS[network.meaning.name],
        "refusal": dict(notes.get("refusal") or {}),
        "examples": {"labels": LABELS, "about": ABOUT} if tuple(classes) == DIGITS else None,
    }


def class_names(network: Network) -> list[str]:
    """Return the names of the classes, numbers where they have none."""
    return list(network.classes or map(str, range(max(network.output_shape[-1], 2))))


def choice(classes: Sequence[str]) -> str:
    """Return what there is to draw, each name isolated: one in Hebrew does not turn its neighbours round."""
    named = ", ".join(f"\u2068{name}\u2069" for name in classes[:NAMED])
    return named if len(classes) <= NAMED else f"{named}, … ({len(classes)} classes)"


def widths(network: Network) -> str:
    """Return the numbers of inputs and of each dense layer's units: 784-192-10."""
    units = [layer.units for layer in network.layers if isinstance(layer, Dense)]
    return "-".join(map(str, [prod(network.input_shape), *units]))


def facts(network: Network, notes: Mapping[str, Any]) -> str:
    """Return a line on the network, of what its notes say and nothing else."""
    kinds = ", ".join(dict.fromkeys(layer.kind for layer in network.layers))
    told = [f"{widths(network)} ({kinds})", f"{network.size:,} parameters"]
    count = re.match(r"([\d,]+) examples", str(notes.get("trained_on", "")))
    if notes.get("data"):
        told.append(f"trained on {count[1] + ' images of ' if count else ''}{handed_on(notes)['data']}")
    for name, of_what in ACCURACIES.items():
        accuracy = (notes.get(name) or {}).get("accuracy")
        if accuracy is not None:
            told.append(f"{100 * accuracy:.{2 if accuracy > 0.99 else 1}f} % {of_what} right")
            break
    return " · ".join(told)


def _scaling(network: Network) -> dict[str, list[float]] | None:
    """Shift and scale as lists, of one number or of one for each pixel."""
    if network.scaling is None:
        return None
    return {name: np.ravel(value).tolist() for name, value in network.scaling.config().items()}


def examples() -> Array:
    """A few digits (20, 28, 28) uint8, two of each class in order, the same in each page."""
    data = load(SAMPLE, validation=0, test=0, seed=0).train
    chosen = [k for digit in range(10) for k in np.flatnonzero(data.labels == digit)[:EACH]]
    return np.asarray(data.images)[chosen].astype(np.uint8)
