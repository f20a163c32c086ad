"""An exam is prepared: the code is measured at its own example, recognised, and tried elsewhere."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from glassnet.doctor.exam import MEASURED, Exam, Trial, expected, fitted, same
from glassnet.doctor.measure import Measured, compare, measure, returned
from glassnet.doctor.model import Model
from glassnet.doctor.points import Point, jittered
from glassnet.doctor.recognise import recognise, refit
from glassnet.doctor.subject import Evaluation, Subject
from glassnet.nn.layer import Array


def prepare(subject: Subject, first: Evaluation, seed: int) -> Exam:
    """Measure the example, recognise the network, and try the code elsewhere."""
    own = Point(subject.parameters, subject.x, subject.y)
    first = first._replace(gradients=fitted(first.gradients, own))
    measured = measure(subject, own, first, seed)
    rows = compare(measured, subject.precision)
    model = recognise(subject, seed)
    if model is not None and not _confirmed(model, own, first, measured, subject.precision):
        model = None
    exam = Exam(subject, first, measured, rows, model, None)
    exam.batch_axis = model.batch_axis if model is not None else _batch_axis(subject)
    points = list(_points(exam, own, np.random.default_rng([seed, 3])))
    trials = [_examine_at(exam, point, seed + k) for k, point in enumerate(points)]
    exam.trials = [trial for trial in trials if trial is not None]
    right = exam.trials[0].right
    for name, m in measured.items():  # at a kink the code may take any slope between the two
        if m.kinks and name in right:
            right[name] = np.where(np.isfinite(m.numeric), right[name], np.nan)
    if exam.batch_axis is not None:
        exam.singles = [one for one in _alone(exam, points[1], seed) if one is not None]
    return exam


def _points(exam: Exam, own: Point, generator: np.random.Generator) -> Iterator[Point]:
    """The example, the parameters moved, and the parameters moved again with another batch size."""
    yield own
    yield jittered(exam.subject, generator, 0.3)
    if exam.batch_axis is not None:
        n = np.shape(own.x)[exam.batch_axis]
        moved = jittered(exam.subject, generator, 0.3)
        yield _resized(moved, exam.batch_axis, n - 1 if n > 2 else n + 2, generator)


def _examine_at(exam: Exam, point: Point, seed: int) -> Trial | None:
    """Run the code at a point; None if it raises or gives something that is not finite."""
    subject = exam.subject
    try:
        with np.errstate(all="ignore"):
            code = subject.evaluate(*point)
    except Exception:  # a learner's code may raise anything on a batch of another size
        return None
    gradients = {name: np.asarray(array) for name, array in fitted(returned(code), point).items()}
    n = np.shape(point.x)[exam.batch_axis] if exam.batch_axis is not None else 1
    model = exam.model
    if model is not None and np.shape(point.x) != np.shape(subject.x):
        model = refit(model, subject, point, np.random.default_rng([seed, 5]))
    if model is not None:
        run, right = expected(model, point, code)
        return Trial(point, n, gradients, right, run, model)
    try:
        measured = measure(subject, point, code, seed)
    except Exception:
        return None
    right = {name: _reliable(m, MEASURED[subject.precision]) for name, m in measured.items()}
    return Trial(point, n, gradients, right, None, None)


def _reliable(m: Measured, tolerance: float) -> Array:
    """What was measured, without the entries that are too uncertain to judge by."""
    largest = float(np.nanmax(np.abs(m.numeric), initial=0))
    return np.where(3 * m.uncertainty <= tolerance * largest, m.numeric, np.nan)


def _alone(exam: Exam, point: Point, seed: int) -> Iterator[Trial | None]:
    """Up to three of the examples, each as a batch of its own."""
    axis = exam.batch_axis or 0
    n = np.shape(point.x)[axis]
    for row in range(min(3, n) if n > 1 else 0):
        rows = np.array([row])
        one = Point(point.parameters, np.take(point.x, rows, axis), _take(point.y, rows, n, axis))
        yield _examine_at(exam, one, seed + 9)


def _confirmed(
    model: Model, own: Point, first: Evaluation, measured: dict[str, Measured], precision: str
) -> bool:
    """Whether the model's gradients are those measured: then they may stand for the right ones everywhere."""
    _, right = expected(model, own, first)
    # Below a batch normalization a bias has the gradient 0, and what is measured is noise.
    floor = 1e-4 * max(float(np.abs(gradient).max(initial=0)) for gradient in right.values())
    return all(
        name in right and same(right[name], m.numeric, 10 * MEASURED[precision], floor)
        for name, m in measured.items()
    )


def _batch_axis(subject: Subject) -> int | None:
    """The axis of x that counts examples, by the shapes and by whether the code runs with one more."""
    if np.ndim(subject.x) < 2:
        return None
    fits = {axis: _fits(subject, axis) for axis in ((0,) if np.ndim(subject.x) > 2 else (0, 1))}
    for axis in sorted(fits, key=lambda axis: fits[axis], reverse=True):
        if (fits[axis][0] or subject.y is None) and _runs_with_more(subject, axis):
            return axis
    return None


def _fits(subject: Subject, axis: int) -> tuple[bool, bool]:
    """Whether y has as many examples along the axis as x, and whether some parameter has x's other size."""
    shape, y = np.shape(subject.x), () if subject.y is None else np.shape(subject.y)
    along = 0 if len(y) == 1 else axis
    sizes = {size for value in subject.parameters.values() for size in np.shape(value)}
    return y[along : along + 1] == (shape[axis],), len(shape) > 2 or shape[1 - axis] in sizes


def _runs_with_more(subject: Subject, axis: int) -> bool:
    n = np.shape(subject.x)[axis]
    rows = np.arange(n + 1) % n
    try:
        subject.loss(subject.parameters, np.take(subject.x, rows, axis), _take(subject.y, rows, n, axis))
    except Exception:  # a learner's code may raise anything on a batch of another size
        return False
    return True


def _take(y: Any, rows: Array, n: int, axis: int) -> Any:
    """Some of the n examples of y; y itself if it has no such axis."""
    if y is None:
        return None
    y = np.asarray(y)
    if y.ndim == 1 and len(y) == n:
        return y[rows]
    return np.take(y, rows, axis) if y.ndim > axis and y.shape[axis] == n else y


def _resized(point: Point, axis: int, n: int, generator: np.random.Generator) -> Point:
    """The point with `n` examples: the first ones, or more, which repeat with noise on x."""
    size = np.shape(point.x)[axis]
    rows = np.arange(n) % size
    x = np.take(point.x, rows, axis)
    if n > size and x.dtype.kind == "f":
        x = (x + 0.3 * generator.normal(size=x.shape)).astype(x.dtype)
    return Point(point.parameters, x, _take(point.y, rows, size, axis))
