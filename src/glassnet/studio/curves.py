"""The curves of a run, in so much memory however long it goes: loss, accuracy and learning rate by step."""

import math
from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.training.events import Epoch

MOST_POINTS, MOST_JUDGED, MOST_EPOCHS = 2000, 1000, 2000

Array = NDArray[Any]


class Curve:
    """What is drawn of a run, or of one branch of it from its first step on; `step` is the newest.

    Training's curve is averaged over buckets of steps, whose width doubles whenever there would be too many.
    Judgements and epochs are thinned: every so many are kept, and the newest. A number that is not known is
    NaN and is left out of averages.
    """

    def __init__(self) -> None:
        self._rows = np.full((MOST_POINTS, 4), math.nan)  # whole buckets, then the one begun
        self._cells: Any = memoryview(self._rows.reshape(-1).data)  # faster to write one number at a time
        self._whole, self._width = 0, 1  # whole buckets, and the steps in each
        self._judged, self._epochs = _Thinned(MOST_JUDGED, 3), _Thinned(MOST_EPOCHS, 5)
        self.step, self._rate = 0, math.nan  # the newest
        self._empty_bucket()

    def _empty_bucket(self) -> None:
        self._steps = self._losses = self._shares = 0  # counted in: steps, known losses, known accuracies
        self._loss = self._accuracy = 0.0  # their sums

    def add(self, step: int, loss: float | None, accuracy: float | None, learning_rate: float) -> None:
        """Count in a step."""
        self._steps += 1
        if loss is not None and loss == loss:
            self._losses += 1
            self._loss += loss
        if accuracy is not None and accuracy == accuracy:
            self._shares += 1
            self._accuracy += accuracy
        self.step, self._rate = step, learning_rate
        if self._steps == self._width:
            self._write()
            self._empty_bucket()
            self._whole += 1
            if self._whole == MOST_POINTS:
                self._double()

    def _write(self) -> None:
        """Write the means of the bucket, with its last step and learning rate, behind the whole ones."""
        cells, place = self._cells, 4 * self._whole
        cells[place] = self.step
        cells[place + 1] = self._loss / self._losses if self._losses else math.nan
        cells[place + 2] = self._accuracy / self._shares if self._shares else math.nan
        cells[place + 3] = self._rate

    def _double(self) -> None:
        """Make one bucket of every two."""
        first, second = self._rows[::2], self._rows[1::2].copy()
        for column in (1, 2):
            a, b = first[:, column], second[:, column]
            mean = a / 2 + b / 2
            second[:, column] = np.where(np.isnan(mean), np.where(np.isnan(a), b, a), mean)
        self._whole, self._width = len(second), 2 * self._width
        self._rows[: self._whole] = second

    def judge(self, step: int, loss: float | None, accuracy: float | None) -> None:
        """Add what a network of that step is worth on the judged part; an older step is passed over."""
        self._judged.add(step, loss, accuracy)

    def epoch(self, event: Epoch) -> None:
        """Add an epoch's numbers; an older epoch is passed over."""
        self._epochs.add(
            event.step, event.loss, event.accuracy, event.validation_loss, event.validation_accuracy
        )

    def points(self) -> Array:
        """Return step, loss, accuracy and learning rate (n, 4) float32, n ≤ 2,000; the last is the newest."""
        begun = self._steps > 0
        if begun:
            self._write()
        return _single(self._rows[: self._whole + begun])

    def judged(self) -> Array:
        """Return step, loss and accuracy of each judgement (n, 3) float32, n ≤ 1,000."""
        return _single(self._judged.rows)

    def epochs(self) -> Array:
        """Return step, loss, accuracy, validation loss and accuracy of epochs (n, 5) float32, n ≤ 2,000."""
        return _single(self._epochs.rows)

    def at(self, step: int) -> tuple[float, float, float, float] | None:
        """Return the point, as of `points`, that the step counts in; None if there is none."""
        points = self.points()
        place = int(np.searchsorted(points[:, 0], step))
        return tuple(points[place].tolist()) if step and place < len(points) else None

    def upto(self, step: int) -> "Curve":
        """Return the curve as far as `step`, which goes its own way from there.

        A bucket that reaches beyond is left out.
        """
        curve = Curve()
        curve._rows[:], curve._width = self._rows, self._width
        curve._whole = int(np.searchsorted(self._rows[: self._whole, 0], step, side="right"))
        if self.step <= step:  # with the bucket begun
            for name in ("_steps", "_losses", "_shares", "_loss", "_accuracy", "step", "_rate"):
                setattr(curve, name, getattr(self, name))
        elif curve._whole:
            curve.step = int(self._rows[curve._whole - 1, 0])
        curve._judged, curve._epochs = self._judged.upto(step), self._epochs.upto(step)
        return curve


class _Thinned:
    """Rows (n, columns), at most `most`: every so many-th of those added, from the first, and the newest."""

    def __init__(self, most: int, columns: int) -> None:
        self._rows = np.full((most, columns), math.nan)
        self._added, self._stride = 0, 1  # so many in all; every so many-th is kept
        self._kept = self._shown = 0  # rows that stay; with the newest, which the next may take the place of
        self._step = -1

    @property
    def rows(self) -> Array:
        return self._rows[: self._shown]

    def add(self, step: int, *values: float | None) -> None:
        """Add a row; one of the newest step takes its place, one of an older step is passed over."""
        if step == self._step:
            self._rows[self._shown - 1] = (step, *values)
        if step <= self._step:
            return
        if self._kept == len(self._rows):
            self._kept //= 2
            self._rows[: self._kept] = self._rows[::2].copy()
            self._stride *= 2
        self._rows[self._kept] = (step, *values)
        self._step, self._shown = step, self._kept + 1
        if self._added % self._stride == 0:
            self._kept += 1
        self._added += 1

    def upto(self, step: int) -> "_Thinned":
        """Return those as far as `step`, to go on with."""
        other = copy(self)
        other._rows = self._rows.copy()
        if step < self._step:
            other._kept = int(np.searchsorted(self._rows[: self._kept, 0], step, side="right"))
            other._shown, other._added = other._kept, other._kept * self._stride
            other._step = int(self._rows[other._kept - 1, 0]) if other._kept else -1
        return other


def _single(rows: Array) -> Array:
    with np.errstate(over="ignore"):  # what float32 cannot hold is infinite
        return rows.astype(np.float32)
