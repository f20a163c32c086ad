"""The examples of a set as the page shows them: images, points, or the rows of a table."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset, Split
from glassnet.data.encoding import Feature
from glassnet.data.pixels import PIXELS_OF_DIGIT, SHAPE
from glassnet.plots.images import channels_last

Array = NDArray[Any]
Indices = NDArray[np.intp]
Message = tuple[dict[str, Any], dict[str, Array]]

MOST_SHOWN, MOST_POINTS = 100, 1000
_LOOKED_AT = 200  # images by which the range of their pixels is found
WHITE = 255.0
_DARK = 127  # where no pixel is brighter, the numbers do not go up to 255


# ---- what the set is


def kind(data: Dataset) -> str:
    """Tell what the examples are: "images", "points", or rows of a "table".

    Points are those of which one can see all that is learnt: two inputs and a class, or one and a value.
    """
    if _image_shape(data) is not None:
        return "images"
    return "points" if data.shape == ((1,) if data.classes is None else (2,)) else "table"


def columns(data: Dataset) -> list[str]:
    """Return the names of a table's columns: those it was read from, else x1, x2 and so on."""
    if data.encoding is None:
        return [f"x{number}" for number in range(1, math.prod(data.shape) + 1)]
    return [feature.name for feature in data.encoding.features]


def about(data: Dataset, part: str) -> dict[str, Any]:
    """Return what the page is told of the set; `part` is the name of the one to judge on."""
    inputs = None
    if kind(data) != "images":
        inputs = columns(data) if data.encoding is None else list(data.encoding.inputs)
    return {
        "name": data.name,
        "kind": kind(data),
        "origin": data.origin,
        "train": len(data.train),
        "validation": len(data.validation),
        "test": len(data.test),
        "shape": list(data.shape),
        "classes": data.classes and list(data.classes),
        "inputs": inputs,
        "target": data.encoding and data.encoding.label,
        "part": part,
    }


# ---- some of its examples, by their place within a part


def message(data: Dataset, part: Split) -> Message:
    """Return fields and arrays of `data`: up to 100 examples of the part to judge on, to choose from.

    Their order looks random, is always the same, and shows all classes early. Of points there are up to
    1,000, of the training part too; these have the `index` -1.
    """
    fields: dict[str, Any] = {"samples": kind(data)}
    if kind(data) == "points":
        return fields, _points(data, part)
    chosen = _mixed(data, part)[:MOST_SHOWN]
    if kind(data) == "images":
        answers = _answers(data, part.targets[part.places(chosen)])
        return fields, {"images": images(data, part, chosen), **answers, "index": chosen.astype(np.int32)}
    told = [
        {"index": int(index), "label": _label(data, part, index), "text": text}
        for index, text in zip(chosen, rows(data, part, chosen))
    ]
    return {**fields, "columns": columns(data), "rows": told}, {}


@dataclass(frozen=True, eq=False)
class Sample:
    """One raw input `x`: example number `index` of the part to judge on, or with None a drawing.

    `label` is its class number or, of several the first, value; `text` of a table the texts by the names of
    the columns. Of a drawing nobody knows them.
    """

    x: Array
    index: int | None = None
    label: int | float | None = None
    text: dict[str, str] | None = None

    def fields(self) -> dict[str, Any]:
        """Return what the page is told of it."""
        return {"index": self.index, "drawing": self.index is None, "label": self.label, "text": self.text}


def example(data: Dataset, part: Split, index: int) -> Sample:
    """Return an example of a part by its number. Raises ValueError if there is none."""
    if not 0 <= index < len(part):
        raise ValueError(f"sample: expected the number of an example, 0 to {len(part) - 1}, got {index}")
    text, one = None, np.array([index])
    if kind(data) == "table":
        text = dict(zip(columns(data), rows(data, part, one)[0]))
    return Sample(part.inputs[part.places(one)][0], index, _label(data, part, index), text)


def takes_drawings(data: Dataset) -> bool:
    """Whether the examples are grey images of 28×28 pixels from 0 to 255, so that a drawing can be one."""
    shape = _image_shape(data)
    if shape is None or math.prod(shape) != PIXELS_OF_DIGIT or _pixel_range(data.train) != (0, WHITE):
        return False
    laid = channels_last(np.empty((0, *shape)), shape)
    return laid is not None and laid.shape[1:] == SHAPE


def drawing(data: Dataset, image: NDArray[np.uint8]) -> Sample:
    """Return a drawing (28, 28) as an example of the set. Raises ValueError where it cannot be one."""
    if not takes_drawings(data):
        raise ValueError(f"{data.name}: expected grey images of 28×28 pixels, got examples of another kind")
    return Sample(image.reshape(data.shape).astype(data.train.inputs.dtype))


def pixels(data: Dataset, x: Array) -> NDArray[np.uint8]:
    """Return one raw input as an image (H, W) or (H, W, 3). Raises ValueError where examples are none."""
    image: NDArray[np.uint8] = images(data, Split(x[np.newaxis], np.zeros(1)), np.zeros(1, np.intp))[0]
    return image


def images(data: Dataset, part: Split, indices: Indices) -> NDArray[np.uint8]:
    """Return images (n, H, W) or (n, H, W, 3): bytes as they are stored, other numbers brought to 0 … 255."""
    shape = _image(data)
    stored = part.inputs[part.places(indices)]
    low, high = _pixel_range(data.train)
    if stored.dtype != np.uint8 or high != WHITE:
        scaled = (stored.astype(np.float64) - low) * (WHITE / (high - low))
        stored = np.rint(scaled.clip(0, WHITE)).astype(np.uint8)
    laid = channels_last(stored, shape)
    assert laid is not None
    return np.ascontiguousarray(laid)


def pixel_range(data: Dataset) -> tuple[float, float]:
    """Return which raw numbers are black and white. Raises ValueError where inputs are no images."""
    _image(data)
    return _pixel_range(data.train)


def levels(data: Dataset, x: Array) -> NDArray[np.float32]:
    """Return one raw input as an image (H, W) or (H, W, 3) of 0 … 255, not rounded."""
    shape = _image(data)
    low, high = _pixel_range(data.train)
    laid = channels_last(x.reshape(1, *shape), shape)
    assert laid is not None
    scaled: NDArray[np.float32] = ((laid[0] - low) * (WHITE / (high - low))).clip(0, WHITE).astype(np.float32)
    return scaled


def rows(data: Dataset, part: Split, indices: Indices) -> list[list[str]]:
    """Return each example's inputs as text, in the order of `columns`; a category by its name."""
    inputs = part.inputs[part.places(indices)].reshape(len(indices), math.prod(part.inputs.shape[1:]))
    if data.encoding is None:
        return [[_number(x) for x in row] for row in inputs]
    features = data.encoding.features
    ends = np.cumsum([len(feature.inputs) for feature in features])[:-1]
    return [[_text(f, cells) for f, cells in zip(features, np.split(row, ends))] for row in inputs]


def lines(data: Dataset, part: Split, indices: Indices) -> list[str]:
    """Return each example's inputs in one line of text, each after the name of its column."""
    names = columns(data)
    return [
        ", ".join(f"{name} {text}" for name, text in zip(names, row)) for row in rows(data, part, indices)
    ]


def _label(data: Dataset, part: Split, index: int) -> int | float:
    target = part.targets[part.places(np.array([index]))].reshape(-1)[0]
    return float(target) if data.classes is None else int(target)


def _answers(data: Dataset, targets: Array) -> dict[str, Array]:
    if data.classes is not None:
        return {"labels": targets.astype(np.int32)}
    return {"values": targets.reshape(len(targets), -1)[:, 0].astype(np.float32)}


def _points(data: Dataset, judged: Split) -> dict[str, Array]:
    """Points of the training part and of the one judged on, the same share of each."""
    parts = [data.train, judged] if judged is data.validation else [judged]
    share = min(1.0, MOST_POINTS / sum(map(len, parts)))
    points, targets, held, index = [], [], [], []
    for part in parts:
        chosen = np.sort(_mixed(data, part)[: max(1, math.floor(share * len(part)))])
        points.append(part.inputs[part.places(chosen)])
        targets.append(part.targets[part.places(chosen)])
        held.append(np.full(len(chosen), judged is data.validation and part is judged, np.uint8))
        index.append(chosen if part is judged else np.full(len(chosen), -1))
    return {
        "points": np.concatenate(points).astype(np.float32),
        **_answers(data, np.concatenate(targets)),
        "held": np.concatenate(held),
        "index": np.concatenate(index).astype(np.int32),
    }


def _mixed(data: Dataset, part: Split) -> Indices:
    """All examples in an order that looks random, of classes first one of each, then a second of each …"""
    order = np.random.default_rng(0).permutation(len(part))
    if data.classes is None:
        return order
    labels = part.targets[part.places(order)]
    by_class = np.argsort(labels, kind="stable")
    rank = np.empty_like(by_class)  # of each among those of its class
    rank[by_class] = np.arange(len(order)) - np.searchsorted(labels[by_class], labels[by_class])
    return order[np.argsort(rank, kind="stable")]


# ---- pixels and texts


def _image_shape(data: Dataset) -> tuple[int, ...] | None:
    shape = SHAPE if data.shape == (PIXELS_OF_DIGIT,) and data.encoding is None else data.shape
    is_image = len(shape) > 1 and channels_last(np.empty((0, *shape)), shape) is not None
    return shape if is_image else None


def _image(data: Dataset) -> tuple[int, ...]:
    shape = _image_shape(data)
    if shape is None:
        raise ValueError(f"{data.name}: expected images, got examples of shape {data.shape}")
    return shape


def _pixel_range(part: Split) -> tuple[float, float]:
    """What is black and what is white: 0 and 1, -1 and 1 or 0 and 255 where it fits, else all there is."""
    some = part.inputs[part.places(np.arange(min(len(part), _LOOKED_AT)))]
    low, high = float(some.min()), float(some.max())
    if low < 0:
        return (-1.0, 1.0) if low >= -1 and high <= 1 else (low, max(high, low + 1))
    if high <= 1:
        return 0.0, 1.0
    return 0.0, WHITE if _DARK < high <= WHITE else high


def _text(feature: Feature, cells: Array) -> str:
    if feature.categories is None:
        return _number(cells[0])
    return feature.categories[int(cells.argmax())] if cells.any() else "–"


def _number(value: Any) -> str:
    value = float(value) + 0.0  # never -0
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.6g}"
