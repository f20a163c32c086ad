"""NumPy archives (.npz) as data sets: Keras's mnist.npz, and arrays under the names that people give them."""

from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import categories
from glassnet.data.dataset import Dataset
from glassnet.data.encoding import standardization
from glassnet.data.labels import DIGITS, MOST_CLASSES, are_classes
from glassnet.data.pixels import PIXELS_OF_DIGIT, SHAPE
from glassnet.nn.scaling import PIXELS, Scaling

Array = NDArray[Any]
Part = tuple[Array, Array | None]
"""Inputs (N, …) and their targets (N,) or (N, K), if there are any."""

PAIRS = (("x", "y"), ("images", "labels"), ("inputs", "targets"), ("data", "target"))
TRAIN, TEST, VALIDATION = ("", "_train"), ("_test",), ("_val", "_valid", "_validation")


def load_arrays(
    path: str | PathLike[str],
    *,
    task: str = "auto",
    validation: float = 0.1,
    test: float = 0.0,
    seed: int = 0,
    classes: Sequence[str] | None = None,
) -> Dataset:
    """Return the data set in a NumPy archive.

    Its arrays are x and y, images and labels, inputs and targets, or data and target, in any case of letters;
    of a training and a test part x_train, y_train, x_test, y_test and so on, and of a validation part x_val
    and y_val. Targets of integers or texts (N,) and one-hot rows (N, K) are classes; floats are values, or
    classes if they are whole numbers that look so (`labels.are_classes`). `task`, "classes" or "values",
    decides.

    Images, of rank 3 or more or of 784 numbers, which become (N, 28, 28), have one scaling for all pixels:
    1/255 for numbers from 0 to 255, none for those from -1 to 1, else mean 0 and variance 1. Other inputs are
    standardized one by one. Shares `test` and `validation`, where there is no such part, are set aside first,
    and only what is left is measured. `classes` are those of a model.

    Raises ValueError for an archive that is damaged, holds pickled objects, or lacks such arrays; OSError if
    the file cannot be read.
    """
    path = Path(path)
    data, held = _stored(path, "classes" if classes else task)
    if task != "auto" and (data.classes is None) != (task == "values"):
        raise ValueError(f"{path}: expected targets that are {task}, got others")
    if classes is not None:
        data = data.with_classes(classes)
    data = data.set_aside(test, seed)
    if len(held):
        data = replace(data, validation=replace(data.train, rows=held))
    else:
        data = data.split(validation, seed)
    data = replace(data, scaling=_scaling(data.train.images))
    if data.classes is not None:
        return data
    shift, scale = standardization(data.train.labels.astype(np.float64))
    if not np.all(scale):
        raise ValueError(f"{path}: expected targets that differ, got the same value in every row")
    return replace(data, target_scaling=Scaling(shift, scale))


def _stored(path: Path, task: str) -> tuple[Dataset, NDArray[np.intp]]:
    """The training and test parts, and which rows of the training part's arrays are for validation."""
    arrays = read(path)
    parts = [TRAIN, *(part for part in (VALIDATION, TEST) if _has(arrays, part))]
    found = [_part(path, arrays, part) for part in parts]
    targets = [y for _, y in found if y is not None]
    if len(targets) < len(found):
        raise ValueError(f"{path}: expected targets beside the inputs, got only {', '.join(arrays)}")
    inputs = [x.reshape(-1, *SHAPE) if x.shape[1:] == (PIXELS_OF_DIGIT,) else x for x, _ in found]
    numbered, names = _numbered(path, targets, inputs[0].ndim > 2, task)
    pairs = dict(zip(parts, zip(inputs, numbered)))
    (x, y), n = pairs[TRAIN], len(inputs[0])
    if VALIDATION in pairs:
        x_held, y_held = pairs[VALIDATION]
        if x_held.shape[1:] != x.shape[1:] or y_held.shape[1:] != y.shape[1:]:
            got = f"{x_held.shape} and {y_held.shape}"
            raise ValueError(
                f"{path}: expected examples and targets for validation like the others, got {got}"
            )
        x, y = np.concatenate([x, x_held]), np.concatenate([y, y_held])
    name = path.name[: -len(path.suffix)] or path.name
    data = Dataset.from_arrays(x, y, pairs.get(TEST), classes=names, name=name, origin=f"read from {path}")
    if VALIDATION in pairs:
        data = replace(data, train=replace(data.train, rows=np.arange(n)))
    return data, np.arange(n, len(x))


def read(path: Path) -> dict[str, Array]:
    """Return the arrays of an archive by their names in lower case.

    Raises ValueError for anything else than an archive of plain arrays, OSError if it cannot be read.
    """
    try:
        with path.open("rb") as file:
            if not file.read(8).startswith((b"PK", b"\x93NUMPY")):
                raise ValueError("a file of another kind")
            file.seek(0)
            archive = np.load(file, allow_pickle=False)
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise ValueError("a single array; see numpy.savez")
            return {name.lower(): archive[name] for name in archive.files}
    except OSError:
        raise
    except Exception as error:  # whatever a damaged archive may lead to
        reason = "pickled objects, which are not read" if "allow_pickle" in str(error) else str(error)
        raise ValueError(f"{path}: expected a NumPy archive of plain arrays, got {reason}") from None


def part_of(path: Path) -> Part:
    """Return the examples of an archive: its test part, else all it has; targets only if there are any."""
    arrays = read(path)
    return _part(path, arrays, TEST if _has(arrays, TEST) else TRAIN)


def texts_of(labels: Array) -> list[str] | None:
    """Return labels (N,) or (N, 1), whole numbers or texts, as texts; None for other targets."""
    labels = labels[:, 0] if labels.ndim == 2 and labels.shape[1] == 1 else labels
    if labels.ndim != 1 or labels.dtype.kind not in "buifUS":
        return None
    if labels.dtype.kind == "f" and not (np.isfinite(labels) & (labels == np.rint(labels))).all():
        return None
    plain = labels.astype(np.str_) if labels.dtype.kind == "S" else labels
    whole = plain.dtype.kind in "buif"
    return [str(label) for label in plain.astype(np.int64 if whole else np.str_).tolist()]


def _has(arrays: dict[str, Array], part: Sequence[str]) -> bool:
    return any(name + ending in arrays for pair in PAIRS for name in pair for ending in part)


def _part(path: Path, arrays: dict[str, Array], endings: Sequence[str]) -> Part:
    for x, y in PAIRS:
        for ending in endings:
            inputs, targets = arrays.get(x + ending), arrays.get(y + ending)
            if inputs is None:
                continue
            if inputs.ndim < 2 or inputs.dtype.kind not in "buif" or inputs.size == 0:
                got = f"{inputs.dtype} {inputs.shape}"
                raise ValueError(f"{path}: expected {x}{ending} (N, …) of numbers, at least one, got {got}")
            if targets is not None and targets.shape[:1] != inputs.shape[:1]:
                raise ValueError(
                    f"{path}: expected {len(inputs)} targets {y}{ending}, one for each of {x}{ending},"
                    f" got {targets.shape}"
                )
            return inputs, targets
    known = ", ".join(f"{x} and {y}" for x, y in PAIRS)
    raise ValueError(
        f"{path}: expected arrays {known}, perhaps with _train and _test, got {', '.join(arrays) or 'none'}"
    )


def _numbered(
    path: Path, targets: list[Array], images: bool, task: str
) -> tuple[list[Array], Sequence[str] | None]:
    """Labels as class numbers with the names of the classes; other targets as they are."""
    texts = [texts_of(y) for y in targets]
    numeric = all(y.dtype.kind in "buif" for y in targets)
    of_classes = all(t is not None for t in texts) and task != "values"
    if of_classes and task == "auto" and numeric and any(y.dtype.kind == "f" for y in targets):
        of_classes = are_classes(np.concatenate([y.ravel() for y in targets]), f"{path}: targets")
    if not of_classes:
        if not numeric:
            raise ValueError(f"{path}: expected targets that are numbers, got texts")
        flat = [y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y for y in targets]
        return [y.astype(np.float64) if task == "values" else y for y in flat], None
    distinct = {label for part in texts for label in part or ()}
    names = sorted(distinct, key=int) if numeric else sorted(distinct)
    if not 2 <= len(names) <= MOST_CLASSES:
        more = "; for values: --task values" if len(names) > 1 else f", {names[0]!r}"
        raise ValueError(f"{path}: expected 2 to {MOST_CLASSES:,} classes, got {len(names):,}{more}")
    if images and distinct <= set(DIGITS):
        names = list(DIGITS)
    return [categories.places(part or (), names)[0] for part in texts], names


def _scaling(inputs: Array) -> Scaling | None:
    """What brings the inputs of the training part to where a network learns from them."""
    if inputs.ndim == 2:
        return Scaling(*standardization(inputs.reshape(len(inputs), -1).astype(np.float64)))
    low, high = float(inputs.min()), float(inputs.max())
    if inputs.dtype == np.uint8 or (low >= 0 and 1 < high <= 255):
        return PIXELS
    if low >= -1 and high <= 1:
        return None
    mean, spread = float(inputs.mean(dtype=np.float64)), float(inputs.std(dtype=np.float64))
    return Scaling(mean, 1 / spread if spread else 0.0)
