"""The evidence that causes are judged by: the code's gradients at several points, and the right ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from glassnet.doctor.diagnosis import Row
from glassnet.doctor.measure import Measured
from glassnet.doctor.model import Model
from glassnet.doctor.points import Point
from glassnet.doctor.recognise import targets
from glassnet.doctor.steps import Backward, Run
from glassnet.doctor.subject import Evaluation, Subject
from glassnet.nn.layer import Array

AGREES = {"float64": 1e-5, "float32": 5e-4}  # of an array's largest entry, where both sides are exact
MEASURED = {"float64": 1e-5, "float32": 3e-2}  # where one side was measured by differences


@dataclass(frozen=True)
class Trial:
    """The code at one point: what it gave and what it should have given (NaN where that is not known)."""

    point: Point
    n: int  # examples in the batch
    code: dict[str, Array]  # the code's gradients by array, the input's as "x"
    right: dict[str, Array]
    run: Run | None  # the model's trip forward
    model: Model | None  # which gave `right`, with the loss's coefficients at this batch size

    @property
    def exact(self) -> bool:
        """Whether `right` was computed and not measured."""
        return self.model is not None

    @cached_property
    def largest(self) -> float:
        """The largest entry of all right gradients."""
        return max((float(np.nanmax(np.abs(g), initial=0)) for g in self.right.values()), default=0.0)


@dataclass
class Exam:
    """All that is known of the code: at its own example, elsewhere, and with other batches.

    `trials` has the example first, then the parameters moved, then another batch size,
    as far as the code runs on them. `singles` are batches of one.
    """

    subject: Subject
    first: Evaluation
    measured: dict[str, Measured]
    rows: list[Row]
    model: Model | None
    batch_axis: int | None
    trials: list[Trial] = field(default_factory=list)
    singles: list[Trial] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        """The names of the arrays whose gradient is wrong at some trial."""
        return [
            row.name
            for row in self.rows
            if not row.right or not all(agrees(self, t, row.name, t.right) for t in self.trials)
        ]

    @property
    def weights(self) -> list[str]:
        """The names of the arrays that penalties usually reach: matrices."""
        return [
            name
            for name, value in self.subject.parameters.items()
            if np.ndim(value) >= 2 and min(value.shape) > 1
        ]


def fitted(gradients: dict[str, Array], point: Point) -> dict[str, Array]:
    """The gradients, reshaped if only axes of length 1 keep them from their array's shape: (1, 3) for (3,).

    Not those that would spread when they are subtracted: (3,) for (3, 1).
    """
    arrays = {**point.parameters, "x": point.x} if "x" not in point.parameters else point.parameters
    return {
        name: np.reshape(g, np.shape(arrays[name]))
        if name in arrays
        and np.ndim(g) != np.ndim(arrays[name])
        and _bare(g) == _bare(arrays[name])
        and not _spreads(g, arrays[name])
        else g
        for name, g in gradients.items()
    }


def _spreads(gradient: Array, array: Array) -> bool:
    return bool(np.prod(np.broadcast_shapes(np.shape(gradient), np.shape(array))) > np.size(array))


def _bare(array: Array) -> tuple[int, ...]:
    return tuple(size for size in np.shape(array) if size != 1)


def expected(model: Model, point: Point, code: Evaluation) -> tuple[Run, dict[str, Array]]:
    """The model's trip through the point and all right gradients, in the learner's layout."""
    blank = model.run(point.parameters, point.x, np.zeros(0))
    n, outputs = blank.values[-1].shape
    if model.head.kind == "product":
        t = model.inside(point.y)
    else:
        found = targets(point.y, n, outputs, model.batch_axis)
        t = np.zeros((n, outputs)) if found is None else found
    run = blank._replace(targets=t)
    return run, outward(model, run, point, code.input_gradient is not None)


def outward(
    model: Model, run: Run, point: Point, with_input: bool, replaced: Mapping[int, Backward] | None = None
) -> dict[str, Array]:
    """The gradients that the model gives, with some steps replaced, named and laid out as the learner's."""
    with np.errstate(all="ignore"):
        gradients, d = model.gradients(run, replaced)
    if with_input:
        gradients["x"] = model.outside(d, np.asarray(point.x))
    return gradients


def agrees(exam: Exam, trial: Trial, name: str, other: dict[str, Array], factor: float = 1.0) -> bool:
    """Whether the code's gradient of the array is the other one (times a factor), where that is known."""
    if name not in other or name not in trial.code:
        return False
    floor = 1e-6 * abs(factor) * trial.largest  # rounding is all there is of a gradient that is 0
    return same(trial.code[name], factor * other[name], tolerance(exam, trial), floor)


def tolerance(exam: Exam, trial: Trial) -> float:
    """How far apart equal gradients may be there, as a share of the largest entry."""
    return (AGREES if trial.exact else MEASURED)[exam.subject.precision]


def same(found: Array, expected_: Array, share: float, floor: float = 0.0) -> bool:
    """Equal shapes, and entries equal to within a share of the largest expected one, or of `floor`.

    NaN among the expected is not known.
    """
    if found.shape != expected_.shape:
        return False
    known = np.isfinite(expected_)
    if not known.any():
        return True
    if not np.isfinite(found).all():
        return False
    scale = max(float(np.abs(expected_[known]).max()), floor, 1e-9)
    return bool((np.abs(found[known] - expected_[known]) <= share * scale).all())
