"""One array's gradient beside the slopes of the loss, along random directions or entry by entry."""

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from glassnet.nn.checks import is_number
from glassnet.nn.gradcheck.report import Entry, Row
from glassnet.nn.gradcheck.slopes import Slope, slope
from glassnet.nn.layer import Array

STEP = 1e-4
SURE = 3  # both sides may differ by so many of the slope's uncertainties, which are estimates
VAGUE = 0.01  # but a slope that may be off by more than this share of the gradient proves nothing
ZERO = 1e-8  # beside the largest gradient; one as small is only held to being so small
EXAMINED = 500  # entries among which the worst is looked for where a direction has shown a mistake


def is_whole(value: object) -> bool:
    """Tell whether `value` is a whole number, Python's or NumPy's, and not a truth value."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


class Settings(NamedTuple):
    """How thoroughly to look."""

    entries: bool
    directions: int
    tolerance: float
    seed: int
    nudge: float = 0.1

    def checked(self) -> "Settings":
        """Return the settings; ValueError for one out of its range."""
        if not (is_whole(self.directions) and self.directions > 0):
            raise ValueError(f"gradient check: expected at least 1 direction, got {self.directions!r}")
        if not (is_number(self.tolerance) and 0 < self.tolerance < 1):
            raise ValueError(f"gradient check: expected 0 < tolerance < 1, got {self.tolerance!r}")
        if not (is_whole(self.seed) and self.seed >= 0):
            raise ValueError(f"gradient check: expected a seed, a whole number from 0, got {self.seed!r}")
        if not (is_number(self.nudge) and 0 <= self.nudge < math.inf):
            raise ValueError(f"gradient check: expected a nudge of at least 0, got {self.nudge!r}")
        return self


class Subject(NamedTuple):
    """An array to move and put back, the gradient by it as backward left it, and the loss as it then is.

    `noise` is the rounding error of the loss, and `largest` the size of the largest gradient beside this one.
    """

    name: str
    array: Array
    gradient: Array
    loss: Callable[[], float]
    noise: float = 0.0
    largest: float = 0.0

    def slope(self, place: Any, direction: Any, step: float = STEP) -> Slope:
        """Measure the slope of the loss along a direction of `array[place]`."""
        before = self.array[place].copy()

        def moved(t: float) -> float:
            self.array[place] = before + t * direction
            return self.loss()

        found = slope(moved, step * max(1.0, rms(self.array)), noise=self.noise)
        self.array[place] = before
        return found

    def entry(self, place: Any, direction: Any, tolerance: float) -> Entry | None:
        """Compare both sides along a direction of `array[place]`; None if a kink or rounding forbids it."""
        found = self.slope(place, direction)
        index = place if isinstance(place, tuple) else None
        analytic = float(np.vdot(self.gradient[place], direction))
        if self._vague(found, analytic):  # rounding is less along a longer step
            found = self.slope(place, direction, 100 * STEP)
        if found.kink or math.isnan(found.value) or self._vague(found, analytic):
            return None
        if not math.isfinite(analytic):
            return Entry(self.name, index, analytic, found.value, found.uncertainty, math.inf)
        off, explained = abs(analytic - found.value), SURE * found.uncertainty
        scale = max(abs(analytic), abs(found.value), rms(self.gradient))
        if off <= tolerance * scale + explained:
            scale += explained / tolerance  # an error is within the tolerance exactly where it is right
        return Entry(self.name, index, analytic, found.value, found.uncertainty, off / scale if off else 0.0)

    def _vague(self, found: Slope, analytic: float) -> bool:
        """Whether rounding leaves too little of the slope to tell a right gradient from a wrong one."""
        size = max(abs(analytic), rms(self.gradient))
        if size <= ZERO * self.largest:
            size = self.largest
        return not found.kink and SURE * found.uncertainty > VAGUE * size > 0


def compare(subject: Subject, settings: Settings) -> Row:
    """Look at one array; where a direction shows a mistake, look for the worst entry too."""
    generator = np.random.default_rng([settings.seed, *subject.name.encode()])
    if settings.entries:
        return _row(subject, settings, np.ndindex(subject.array.shape))
    row = _along_directions(subject, settings, generator)
    if row.right or row.worst is None:
        return row
    closer = _row(subject, settings, _suspects(subject, settings, generator))
    return row if closer.right or closer.worst is None else closer


def _row(subject: Subject, settings: Settings, places: Iterator[tuple[int, ...]]) -> Row:
    return _sum_up(subject, settings, [subject.entry(place, 1.0, settings.tolerance) for place in places])


def _along_directions(subject: Subject, settings: Settings, generator: np.random.Generator) -> Row:
    """Compare along random directions of length 1, and along others in place of those that meet a kink."""
    found: list[Entry | None] = []
    for _ in range(4 * settings.directions):
        direction = generator.normal(size=subject.array.shape)
        found.append(subject.entry(..., direction / np.linalg.norm(direction), settings.tolerance))
        if len(found) - found.count(None) == settings.directions:
            break
    return _sum_up(subject, settings, found)


def _sum_up(subject: Subject, settings: Settings, found: list[Entry | None]) -> Row:
    entries = [entry for entry in found if entry is not None]
    worst = max(entries, key=lambda entry: entry.error, default=None)
    right = worst is not None and worst.error <= settings.tolerance
    return Row(subject.name, len(entries), len(found) - len(entries), worst, right)


def _suspects(
    subject: Subject, settings: Settings, generator: np.random.Generator
) -> Iterator[tuple[int, ...]]:
    """Yield all places of a small array; of a large one some, and one that is surely among the wrong."""
    size, shape = subject.array.size, subject.array.shape
    places = generator.choice(size, min(size, EXAMINED), replace=False).tolist()
    if size > EXAMINED:
        places.append(_halved(subject, settings, generator))
    for i in sorted(set(places)):
        yield tuple(int(k) for k in np.unravel_index(i, shape))


def _halved(subject: Subject, settings: Settings, generator: np.random.Generator) -> int:
    """Halve the places, keeping the half along which the gradient is further off, until one is left."""

    def off(places: Array) -> float:
        direction = generator.normal(size=len(places))
        where = np.unravel_index(places, subject.array.shape)
        entry = subject.entry(where, direction / np.linalg.norm(direction), settings.tolerance)
        if entry is None:
            return 0.0
        return abs(entry.analytic - entry.numeric) if math.isfinite(entry.analytic) else math.inf

    places = generator.permutation(subject.array.size)
    while len(places) > 1:
        places = max(np.array_split(places, 2), key=off)
    return int(places[0])


def rms(array: Array) -> float:
    """Return the root mean square, also where the squares would overflow."""
    peak = float(np.abs(array).max())
    return peak * math.sqrt(float(np.mean(np.square(array / peak)))) if 0 < peak < math.inf else peak
