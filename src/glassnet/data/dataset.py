"""A data set: inputs, targets, class names, split into training, validation and test parts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.encoding import Encoding
from glassnet.nn.scaling import Scaling

Array = NDArray[Any]


@dataclass(frozen=True)
class Split:
    """Some rows of a set: the arrays belong to the whole set and are not copied, but for inputs with gaps.

    `inputs` (M, …) are raw, pixels as they were stored; `targets` (M,) class numbers or (M, K) values; `rows`
    (N,) says which of the M belong to this part, None for all.
    """

    inputs: Array
    targets: Array
    rows: NDArray[np.intp] | None = None

    def __post_init__(self) -> None:
        """Lay inputs in one piece: to gather rows of a view with gaps, NumPy copies all of it each time."""
        object.__setattr__(self, "inputs", np.asarray(self.inputs, order="C"))

    def __len__(self) -> int:
        """Count the examples of this part."""
        return len(self.targets) if self.rows is None else len(self.rows)

    def __repr__(self) -> str:
        """Return one line: the count, the shape of one example, and what the targets are."""
        shape = " × ".join(map(str, self.inputs.shape[1:]))
        return f"Split: {len(self):,} examples, {shape} of {self.inputs.dtype}; targets {_kind(self.targets)}"

    def places(self, order: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return where the examples with these numbers stand in `inputs` and `targets`."""
        return order if self.rows is None else self.rows[order]

    @property
    def images(self) -> Array:
        """The raw inputs of this part (N, …); a copy, unless the part is the whole set."""
        return self.inputs if self.rows is None else self.inputs[self.rows]

    @property
    def labels(self) -> Array:
        """The targets of this part (N,) or (N, K); a copy, unless the part is the whole set."""
        return self.targets if self.rows is None else self.targets[self.rows]


@dataclass(frozen=True)
class Dataset:
    """Training, validation and test parts, the names of the classes, and how inputs are scaled.

    `classes` is None where targets are values. `scaling`, and `target_scaling` of values, become part of a
    network that is trained on the set. `encoding` says how the columns of a table became inputs, and is None
    for other sets. `origin` says in words where the data came from.
    """

    name: str
    train: Split
    validation: Split
    test: Split
    classes: tuple[str, ...] | None
    scaling: Scaling | None = None
    origin: str = ""
    target_scaling: Scaling | None = None
    encoding: Encoding | None = None

    @classmethod
    def from_arrays(
        cls,
        inputs: Any,
        targets: Any,
        test: tuple[Any, Any] | None = None,
        *,
        classes: Sequence[str] | None = None,
        scaling: Scaling | None = None,
        target_scaling: Scaling | None = None,
        name: str = "arrays",
        origin: str = "",
    ) -> "Dataset":
        """Make a set of your own arrays: inputs (N, …) and class numbers (N,) or values (N,) or (N, K).

        Whole-number targets are classes, 0 to the largest unless `classes` names them, and so are one-hot
        rows (N, K); other numbers are values. Nothing is scaled unless `scaling`, of values also
        `target_scaling`, says so. Raises ValueError for empty or unequal arrays, NaN or infinity, and classes
        outside their range.
        """
        if classes is None and _is_one_hot(np.asarray(targets)):
            classes = list(map(str, range(np.shape(targets)[1])))
        train = _checked(name, inputs, targets, classes)
        held = _empty(train) if test is None else _checked(f"{name}, test part", *test, classes)
        if held.inputs.shape[1:] != train.inputs.shape[1:]:
            shape, received = train.inputs.shape[1:], held.inputs.shape[1:]
            raise ValueError(f"{name}: expected test examples of shape {shape}, got {received}")
        if _kind(held.targets) != _kind(train.targets):
            ours, theirs = _kind(train.targets), _kind(held.targets)
            raise ValueError(f"{name}: expected {ours} as test targets, as in training, got {theirs}")
        named = None if classes is None else tuple(map(str, classes))
        if named is None and _kind(train.targets) == "classes":
            highest = max(1, int(train.targets.max()), int(held.targets.max()))
            named = tuple(map(str, range(highest + 1)))
        return cls(name, train, _empty(train), held, named, scaling, origin, target_scaling)

    def split(self, validation: float, seed: int = 0) -> "Dataset":
        """Return the set with a share of the training part, 0 to 0.5, set aside for validation.

        The choice is stratified, each class giving the same share, and the same for the same seed. Values
        are split without strata. A set that is split already is put together first. Raises ValueError for
        another share or if a part would be empty.
        """
        train, held = self._halves("validation", validation, seed)
        return replace(self, train=train, validation=held)

    def set_aside(self, test: float, seed: int = 0) -> "Dataset":
        """Return the set with a share of the training part, 0 to 0.5, as its test part, if it has none yet.

        The choice is made as in `split`, and raises what that raises.
        """
        if len(self.test):
            return self
        train, held = self._halves("test", test, seed)
        return replace(self, train=train, validation=_empty(train), test=held)

    def _halves(self, what: str, share: float, seed: int) -> tuple[Split, Split]:
        if not 0 <= share <= 0.5:
            raise ValueError(f"{what}: expected a share of 0 to 0.5, got {share!r}")
        whole = self._whole()
        if share == 0:
            return whole, _empty(whole)
        everything = np.arange(len(whole))
        if self.classes is None:
            strata = [everything]
        else:
            labels = whole.labels
            strata = [everything[labels == k] for k in range(len(self.classes))]
        generator = np.random.default_rng(seed)
        held = np.sort(_proportionally([generator.permutation(s) for s in strata], share))
        kept = np.setdiff1d(everything, held, assume_unique=True)
        if not len(held) or not len(kept):
            raise ValueError(
                f"{what}: expected a share that leaves examples on both sides, got {share!r}"
                f" of {len(whole)} example{'s' * (len(whole) != 1)}; 0 sets none aside"
            )
        return replace(whole, rows=whole.places(kept)), replace(whole, rows=whole.places(held))

    def with_classes(self, classes: Sequence[str]) -> "Dataset":
        """Return the set with its labels numbered as in `classes`, those of a model.

        Raises ValueError if the set has values instead, or a class that is none of these.
        """
        classes = tuple(map(str, classes))
        if self.classes is None:
            raise ValueError(f"{self.name}: expected classes {_listed(classes)}, got values")
        if self.classes == classes:
            return self
        present = sorted(
            {int(k) for part in (self.train, self.validation, self.test) for k in np.unique(part.labels)}
        )
        if strange := [self.classes[k] for k in present if self.classes[k] not in classes]:
            raise ValueError(
                f"{self.name}: expected classes among the model's {_listed(classes)}, got {_listed(strange)}"
            )
        places = {name: number for number, name in enumerate(classes)}
        number = np.array([places.get(name, 0) for name in self.classes], np.intp)
        train, validation, test = (
            replace(part, targets=number[part.targets]) for part in (self.train, self.validation, self.test)
        )
        return replace(self, classes=classes, train=train, validation=validation, test=test)

    @property
    def judged(self) -> tuple[str, Split]:
        """The part to judge a trained network on: the test part, else validation, else training; its name."""
        if len(self.test):
            return "test", self.test
        return ("validation", self.validation) if len(self.validation) else ("training", self.train)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one example."""
        return self.train.inputs.shape[1:]

    def describe(self) -> str:
        """Return one line: the counts, the shape of one example, and the number of classes."""
        counts = [f"{len(self.train):,} to train"]
        counts += [f"{len(part):,} to {verb}" for part, verb in self._others() if len(part)]
        kinds = "" if self.classes is None else f", {len(self.classes)} classes"
        return f"{', '.join(counts)}; {' × '.join(map(str, self.shape))}{kinds}"

    def __repr__(self) -> str:
        """Return one line: the name and what `describe` says."""
        return f"Dataset {self.name}: {self.describe()}"

    def _whole(self) -> Split:
        """The training part as it was before a split."""
        if not len(self.validation):
            return self.train
        parts = [np.asarray(part.rows) for part in (self.train, self.validation)]
        return replace(self.train, rows=np.sort(np.concatenate(parts)))

    def _others(self) -> list[tuple[Split, str]]:
        return [(self.validation, "validate"), (self.test, "test")]


def _proportionally(strata: list[NDArray[np.intp]], share: float) -> NDArray[np.intp]:
    """Take `share` of each stratum, rounded so that the total is `share` of all."""
    ends = np.round(np.cumsum([share * len(s) for s in strata])).astype(int)
    counts = np.diff(ends, prepend=0)
    return np.concatenate([s[: min(n, len(s))] for s, n in zip(strata, counts)])


def _empty(like: Split) -> Split:
    return replace(like, rows=np.empty(0, np.intp))


def _kind(targets: Array) -> str:
    if targets.ndim == 1 and targets.dtype.kind in "iu":
        return "classes"
    return f"values ({', '.join(['N', *map(str, targets.shape[1:])])})"


def _listed(names: Sequence[str], most: int = 12) -> str:
    return ", ".join(names[:most]) + (f", … ({len(names)} in all)" if len(names) > most else "")


def _is_one_hot(targets: Array) -> bool:
    if targets.ndim != 2 or targets.shape[1] < 2:
        return False
    return bool(((targets == 0) | (targets == 1)).all() and (targets.sum(axis=1) == 1).all())


def _checked(name: str, inputs: Any, targets: Any, classes: Sequence[str] | None) -> Split:
    inputs, targets = np.asarray(inputs), np.asarray(targets)
    if inputs.ndim < 2:
        raise ValueError(f"{name}: expected inputs (N, …), one row an example, got shape {inputs.shape}")
    if len(inputs) == 0 or inputs.shape[:1] != targets.shape[:1]:
        raise ValueError(
            f"{name}: expected as many targets as inputs, at least one, got inputs {inputs.shape} and"
            f" targets {targets.shape}"
        )
    for what, array in (("inputs", inputs), ("targets", targets)):
        if array.dtype.kind not in "buif":
            raise ValueError(f"{name}: expected {what} that are numbers, got an array of {array.dtype}")
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ValueError(f"{name}: expected finite {what}, got NaN or infinity")
    if _is_one_hot(targets):
        targets = targets.argmax(axis=1)
    if targets.dtype.kind in "bui" and targets.ndim == 1:
        targets = targets.astype(np.intp)
        if targets.min() < 0 or (classes is not None and targets.max() >= len(classes)):
            top = len(classes) - 1 if classes is not None else "…"
            raise ValueError(f"{name}: expected classes 0 to {top}, got {targets.min()} to {targets.max()}")
    elif classes is not None:
        raise ValueError(f"{name}: expected class numbers (N,), got {targets.dtype} {targets.shape}")
    return Split(inputs, targets)
