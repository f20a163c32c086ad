"""A part of a set as a CSV file: images as in Kaggle's train.csv and test.csv, points as x1, x2, label."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glassnet.atomic import atomic
from glassnet.data.dataset import Array, Dataset, Split

ROWS = 1000  # at a time
PARTS = ("train", "test", "all")

# The text of each pixel value with what follows it, filled up with spaces: text by looking up is fast.
_TEXT, _TEXT_AT_THE_END = (
    np.array([f"{value}{end}".ljust(4).encode() for value in range(256)], "S4") for end in ",\n"
)


def export_csv(
    data: Dataset, path: Path, *, part: str = "train", labelled: bool = True, count: int | None = None
) -> int:
    """Write a part of a set to a CSV file, whole or not at all, and return how many rows it has.

    `part` is "train" (with what is set aside for validation), "test" or "all"; of it the first `count` rows,
    or all. Images (N, …) uint8 become label, pixel0, pixel1, …: the class's number, then 0 to 255 in the
    order of the array. Points become x1, x2, …, label, or x, y if a value is to be predicted. Numbers read
    back as the same. Without `labelled` there is no label and no y.

    Raises ValueError for an unknown part, one without examples, or a count below 1; OSError if the file
    cannot be written.
    """
    if part not in PARTS:
        raise ValueError(f"part: expected {', '.join(PARTS)}, got {part!r}")
    if count is not None and count < 1:
        raise ValueError(f"count: expected 1 row or more, got {count}")
    whole = data.split(0)
    chosen = {"train": [whole.train], "test": [whole.test], "all": [whole.train, whole.test]}[part]
    total = sum(map(len, chosen))
    if not total:
        raise ValueError(f"part: expected one of {data.name} with examples, got {part}, which has none")
    total = total if count is None else min(count, total)
    lines = _image_lines if _of_images(data) else _point_lines
    left = total
    with atomic(path) as file:
        file.write(_header(data, labelled))
        for split in chosen:
            for rows in _blocks(split, left):
                inputs = split.inputs[rows].reshape(len(rows), -1)
                file.write(lines(inputs, split.targets[rows] if labelled else None))
                left -= len(rows)
    return total


def _of_images(data: Dataset) -> bool:
    return data.train.inputs.dtype == np.uint8 and 0 < len(data.classes or ()) <= len(_TEXT)


def _blocks(split: Split, count: int) -> Iterator[NDArray[np.intp]]:
    """Where the first `count` examples stand, some at a time."""
    for start in range(0, min(count, len(split)), ROWS):
        yield split.places(np.arange(start, min(start + ROWS, count, len(split))))


def _header(data: Dataset, labelled: bool) -> bytes:
    inputs = int(np.prod(data.shape))
    if _of_images(data):
        names = [*(["label"] if labelled else []), *(f"pixel{i}" for i in range(inputs))]
    else:
        names = _numbered("x", inputs)
        if labelled:
            names += ["label"] if data.classes is not None else _numbered("y", data.train.targets[0].size)
    return (",".join(names) + "\n").encode()


def _numbered(letter: str, count: int) -> list[str]:
    return [letter] if count == 1 else [f"{letter}{i}" for i in range(1, count + 1)]


def _image_lines(images: Array, labels: Array | None) -> bytes:
    """The lines of images (B, D) uint8 and class numbers (B,) below 256."""
    values = images if labels is None else np.column_stack([labels.astype(np.uint8), images])
    text = _TEXT[values]
    text[:, -1] = _TEXT_AT_THE_END[values[:, -1]]
    return text.tobytes().replace(b" ", b"")


def _point_lines(points: Array, targets: Array | None) -> bytes:
    """The lines of points (B, D) and class numbers (B,) or values (B,) or (B, K)."""
    columns = [*points.T, *([] if targets is None else targets.reshape(len(points), -1).T)]
    rows = zip(*(map(str, column) for column in columns))  # the shortest text that reads back as the same
    return "".join(",".join(row) + "\n" for row in rows).encode()
