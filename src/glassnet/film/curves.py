"""Curves that grow: loss, and accuracy or R², over the steps, on axes that never move."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.film.axes import FINE, band, scale_of, shown_value, smoothed
from glassnet.film.canvas import Canvas
from glassnet.film.recording import Recording
from glassnet.plots.scales import column

Array = NDArray[np.float64]

SMALL, TITLE, NUMBER = 11, 12, 15  # sizes of text
LEFT, RIGHT, TOP, BOTTOM = 40, 6, 26, 18  # room for numbers around the axes


@dataclass(frozen=True)
class Rect:
    """A place in a picture, in its units."""

    x: float
    y: float
    width: float
    height: float


class Curves:
    """One measure of a run, drawn once as a whole, and uncovered as far as the film has come."""

    def __init__(self, where: Rect, recording: Recording, what: str) -> None:
        self._where, self._what, self._pace = where, what, recording.pace
        steps, epochs = recording.steps, recording.epochs
        self._title = {"loss": "loss", "accuracy": "accuracy", "r2": "R²"}[what]
        batches = column(steps, what) if what != "r2" else np.full(len(steps), np.nan)
        self._at = self._pace.place([step.step for step in steps])
        self._batches = batches
        self._smooth = smoothed(self._at, batches)
        self._ends = self._pace.place([epoch.step for epoch in epochs])
        self._training = column(epochs, what)
        self._validation = column(epochs, f"validation_{what}")
        self._end = None
        if recording.end and recording.end.reason == "diverged":
            self._end = float(self._pace.place(recording.end.step))
        self._scale = scale_of(what, batches, self._smooth, self._training, self._validation)
        self._axes = Rect(
            where.x + LEFT, where.y + TOP, where.width - LEFT - RIGHT, where.height - TOP - BOTTOM
        )

    def _x(self, places: Any) -> Any:
        return self._axes.x + np.asarray(places) * self._axes.width

    def _y(self, values: Any) -> Any:
        return self._axes.y + (1 - self._scale.place(values)) * self._axes.height

    def lay(self, canvas: Canvas) -> None:
        """Draw what does not move: title, axes and their numbers. Keep the curves as they will end."""
        look, axes = canvas.look, self._axes
        canvas.text(self._where.x, self._where.y + 12, self._title, TITLE, look.ink, bold=True)
        if self._scale.log:
            after = self._where.x + canvas.text_width(self._title + " ", TITLE, bold=True)
            canvas.text(after, self._where.y + 12, "log", SMALL, look.quiet)
        for value, words in self._scale.ticks:
            y = float(self._y(value))
            canvas.box(axes.x, y, axes.width, 0.5, look.rule)
            canvas.text(axes.x - 6, y + 4, words, SMALL, look.quiet, "r")
        canvas.box(axes.x, axes.y + axes.height, axes.width, 0.5, look.quiet)
        self._lay_steps(canvas)
        full = canvas.copy()
        self._draw(full)
        left, right = canvas.at(axes.x), canvas.at(axes.x + axes.width + RIGHT)
        top, bottom = canvas.at(axes.y - 6), canvas.at(axes.y + axes.height + 3)
        self._box = left, right, top, bottom
        self._full = full.pixels[top:bottom, left:right].copy()

    def _lay_steps(self, canvas: Canvas) -> None:
        y, quiet = self._axes.y + self._axes.height + 14, canvas.look.quiet
        first = float(self._x(0.0))
        canvas.text(first, y, "0", SMALL, quiet, "m")
        free = math.inf  # left of this there is room; the later ones are read, the first ones crowd
        for step in reversed(self._pace.ticks()):
            x, words = float(self._x(self._pace.place(step))), f"{step:,}"
            half = canvas.text_width(words, SMALL) / 2 + 4
            if x - half > first + 6 and x + half < free:
                canvas.text(x, y, words, SMALL, quiet, "m")
                free = x - half

    def _draw(self, canvas: Canvas) -> None:
        look = canvas.look
        if self._what == "loss" and len(self._at):
            x, low, high = band(self._at, self._batches, round(self._axes.width * canvas.scale))
            for place, a, b in zip(self._x(x), self._y(high), self._y(low)):
                if np.isfinite(a + b):
                    pale(canvas, place, a, b)
        canvas.line(_path(self._x(np.linspace(0, 1, FINE)), self._y(self._smooth)), 2.0, look.blue)
        if not np.isfinite(self._smooth).any():
            canvas.line(_path(self._x(self._ends), self._y(self._training)), 2.0, look.blue)
            canvas.dots(_path(self._x(self._ends), self._y(self._training)), 2.6, look.blue)
        x, y = self._x(self._ends), self._y(self._validation)
        canvas.line(_path(x, y), 1.4, look.orange)
        some = max(1, -(-len(x) // 24))
        shown = _path(x, y)[::-1][::some]
        canvas.dots(shown, 4.2, look.page, diamond=True)
        canvas.dots(shown, 3.2, look.orange, diamond=True)
        if self._end is not None:
            x0 = float(self._x(self._end))
            for y0 in np.arange(self._axes.y, self._axes.y + self._axes.height, 6):
                canvas.box(x0, float(y0), 0.8, 3, look.wrong)

    def draw(self, canvas: Canvas, place: float) -> None:
        """Uncover the curves as far as that place, with a dot at their head and their values in numbers."""
        left, _, top, bottom = self._box
        head = float(self._x(place))
        until = max(canvas.at(head) - left, 0)
        if place >= 1:
            until = self._full.shape[1]
        canvas.pixels[top:bottom, left : left + until] = self._full[:, :until]
        value = _latest(np.linspace(0, 1, FINE), self._smooth, place)
        if value is not None and place < 1:
            y = float(self._y(value))
            canvas.dots([(head, y)], 4.6, canvas.look.page)
            canvas.dots([(head, y)], 3.4, canvas.look.blue)
        if value is None:
            value = _latest(self._ends, self._training, place)
        self._tell(canvas, value, _latest(self._ends, self._validation, place))

    def _tell(self, canvas: Canvas, value: float | None, held: float | None) -> None:
        """Write the values in numbers, and which is which where there is room."""
        look, y = canvas.look, self._where.y + 13
        told = [("training", value, look.blue), ("validation", held, look.orange)]
        words = [(name, shown_value(self._what, number), c) for name, number, c in told if number is not None]
        room = (
            self._where.width
            - RIGHT
            - canvas.text_width(self._title + " " + "log " * self._scale.log, TITLE, bold=True)
        )
        numbers = sum(canvas.text_width(text, NUMBER, bold=True) + 14 for _, text, _ in words)
        named = numbers + sum(canvas.text_width(name, SMALL) + 5 for name, _, _ in words) <= room
        right = self._where.x + self._where.width - RIGHT
        for name, text, colour in reversed(words):
            canvas.text(right, y, text, NUMBER, colour, "r", bold=True)
            right -= canvas.text_width(text, NUMBER, bold=True)
            if named:
                canvas.text(right - 5, y, name, SMALL, look.quiet, "r")
                right -= canvas.text_width(name, SMALL) + 5
            right -= 14


def pale(canvas: Canvas, x: float, top: float, bottom: float) -> None:
    """Draw a pale upright stroke: what the batches of one place range over."""
    height = max(1, canvas.at(bottom) - canvas.at(top))
    canvas.stain(canvas.at(x), canvas.at(top), np.full((height, 1), 56, np.uint8), canvas.look.blue)


def measures(recording: Recording) -> list[str]:
    """Return what there is to draw of a run."""
    records: list[Sequence[Any]] = [recording.steps, recording.epochs]

    def known(name: str) -> bool:
        return any(np.isfinite(column(some, name)).any() for some in records if some)

    return [name for name in ("loss", "accuracy", "r2") if known(name)]


def _latest(at: Array, values: Array, place: float) -> float | None:
    """Return the last value at or before a place, if it is a number."""
    past = np.flatnonzero((at <= place + 1e-9) & np.isfinite(values))
    return float(values[past[-1]]) if len(past) else None


def _path(x: Array, y: Array) -> Array:
    return np.stack([np.asarray(x, np.float64), np.asarray(y, np.float64)], axis=-1)
