"""The learner's gradient beside finite differences of the learner's own loss, array by array."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from glassnet.doctor.diagnosis import Row
from glassnet.doctor.points import Point
from glassnet.doctor.subject import Evaluation, Subject
from glassnet.nn.gradcheck import slope
from glassnet.nn.layer import Array

ENTRIES = 48  # of a large array; a small one is checked whole, a large one along random directions as well
DIRECTIONS = 3
EPSILON = {"float64": 2.3e-16, "float32": 6e-8}
TOLERANCE = {"float64": 1e-5, "float32": 2e-2}


class Measured(NamedTuple):
    """One array's gradient: the code's, and what finite differences say (NaN where not measured)."""

    analytic: Array
    numeric: Array
    uncertainty: Array
    kinks: int
    directions: list[tuple[Array, float, float]]  # direction, slope along it, uncertainty


def returned(code: Evaluation) -> dict[str, Array]:
    """All gradients that the code returned, the input's as "x"."""
    found = dict(code.gradients)
    return found if code.input_gradient is None else {**found, "x": code.input_gradient}


def measure(subject: Subject, point: Point, code: Evaluation, seed: int = 0) -> dict[str, Measured]:
    """Measure all parameters, and the input if the code returned a gradient for it."""
    generator = np.random.default_rng([seed, 2])
    arrays, analytic = dict(point.parameters), returned(code)
    if code.input_gradient is not None:
        arrays["x"] = point.x
    return {
        name: _array(subject, point, name, np.asarray(array), analytic[name], generator)
        for name, array in arrays.items()
    }


def _array(
    subject: Subject, point: Point, name: str, array: Array, analytic: Array, generator: np.random.Generator
) -> Measured:
    scale = float(np.abs(array).max(initial=0)) or 1.0
    precision = EPSILON[subject.precision]
    step = (1e-3 if subject.precision == "float64" else 3e-2) * min(max(scale, 0.1), 10.0)

    def along(direction: Array) -> tuple[float, float, bool]:
        def loss(t: float) -> float:
            moved = array + (t * direction).astype(array.dtype)
            if name == "x" and name not in point.parameters:
                return subject.loss(point.parameters, moved, point.y)
            return subject.loss({**point.parameters, name: moved}, point.x, point.y)

        return slope(loss, step=step, precision=precision)

    numeric = np.full(array.shape, np.nan)
    uncertainty = np.zeros(array.shape)
    kinks = 0
    for place in _places(array.shape, generator):
        unit = np.zeros(array.shape)
        unit[place] = 1
        value, unsure, kink = along(unit)
        if kink:
            kinks += 1
        else:
            numeric[place], uncertainty[place] = value, unsure
    directions = []
    if array.size > ENTRIES:
        for _ in range(DIRECTIONS):
            direction = generator.choice([-1.0, 1.0], array.shape) / np.sqrt(array.size)
            value, unsure, kink = along(direction)
            if not kink:
                directions.append((direction, value, unsure))
    return Measured(np.asarray(analytic), numeric, uncertainty, kinks, directions)


def _places(shape: tuple[int, ...], generator: np.random.Generator) -> Iterator[tuple[int, ...]]:
    size = int(np.prod(shape))
    chosen = range(size) if size <= ENTRIES else sorted(generator.choice(size, ENTRIES, replace=False))
    for index in chosen:
        yield tuple(int(i) for i in np.unravel_index(index, shape))


def compare(measured: dict[str, Measured], precision: str) -> list[Row]:
    """One row for each array: its worst entry and whether it is right."""
    every = [np.nanmax(np.abs(m.numeric), initial=0) for m in measured.values() if m.numeric.size]
    largest = max(every, default=0.0)
    return [_row(name, m, largest, precision) for name, m in measured.items()]


def _row(name: str, m: Measured, largest: float, precision: str) -> Row:
    known = np.isfinite(m.numeric)
    checked = int(known.sum())
    row = Row(name, m.numeric.shape, checked, m.kinks, (), np.nan, np.nan, np.nan, False)
    if m.analytic.shape != m.numeric.shape:
        return row._replace(problem=f"expected shape {m.numeric.shape}, got {m.analytic.shape}")
    analytic = np.asarray(m.analytic, float)
    if not np.isfinite(analytic).all():
        return row._replace(problem=f"expected finite numbers, got {_first_bad(analytic)}")
    if not checked:
        return row._replace(right=True, error=0.0, problem="no entry could be measured")
    # An array whose gradient is all but zero is judged by the size of the others.
    scale = max(float(np.abs(m.numeric[known]).max()), 1e-6 * largest, 1e-12)
    off = np.where(known, np.abs(analytic - m.numeric), 0)
    excess = np.where(known, off - 3 * m.uncertainty, -np.inf)
    worst = np.unravel_index(int(np.argmax(off if excess.max() <= 0 else excess)), off.shape)
    error = float(off[worst]) / scale
    right = bool(excess.max() <= TOLERANCE[precision] * scale)
    for direction, value, unsure in m.directions:
        along = float((analytic * direction).sum())
        spread = max(float(np.sqrt((analytic**2).mean())), scale / 10)
        if abs(along - value) > 3 * unsure + 10 * TOLERANCE[precision] * spread:
            right, error = False, max(error, abs(along - value) / spread)
    index = tuple(int(i) for i in worst)
    return row._replace(
        index=index,
        analytic=float(analytic[worst]),
        numeric=float(m.numeric[worst]),
        error=error,
        right=right,
    )


def _first_bad(array: Array) -> str:
    index = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
    return f"{array[index]} at {index if index else 'the only entry'}"
