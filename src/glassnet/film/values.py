"""What a network of values answers: the line it fits along its one input, or predicted against actual.

Each output has a square or a strip of its own, on a scale of its own: outputs have units of their own.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import Dataset
from glassnet.film.canvas import Canvas
from glassnet.film.curves import SMALL, TITLE, Rect
from glassnet.film.look import mixed
from glassnet.film.pace import blend
from glassnet.film.plane import extent
from glassnet.film.recording import Recording

Array = NDArray[Any]

ALONG = 200  # places asked along a line
MOST_POINTS, MOST_DOTS = 400, 250
MOST_OUTPUTS = 9
HEAD, FOOT, LABEL, GAP = 24, 18, 20, 12


class Values:
    """What the two have in common: each state's answers (N, K) to some inputs, a cell an output."""

    _about: str
    cells: list[Rect]

    def __init__(self, recording: Recording, inputs: Array, targets: Array, room: float) -> None:
        self.inputs = inputs
        self._places = recording.pace.place([shot.step for shot in recording.shots])
        self._outputs = math.prod(targets.shape[1:])
        self._targets = _columns(targets)
        with np.errstate(all="ignore"):
            self._states = [_columns(recording.at(shot).predict(inputs)) for shot in recording.shots]
        low, high = self._targets.min(axis=0), self._targets.max(axis=0)
        span = np.where(high > low, high - low, 1.0)
        self._low, self._span = low - room * span, (1 + 2 * room) * span

    @property
    def _several(self) -> bool:
        return self._outputs > 1

    @property
    def _shown(self) -> int:
        return len(self._span)

    @property
    def title(self) -> str:
        """What is shown, and of which outputs."""
        if self._shown < self._outputs:
            return f"{self._about}: the first {self._shown} of {self._outputs} outputs"
        return f"{self._about}, of each of {self._outputs} outputs" if self._several else self._about

    def _label(self, canvas: Canvas) -> None:
        """Lay the ground of each cell and, if there are several, number them."""
        for number, cell in enumerate(self.cells, 1):
            canvas.box(cell.x, cell.y, cell.width, cell.height, canvas.look.panel)
            if self._several:
                canvas.text(cell.x, cell.y - 5, f"output {number}", SMALL, canvas.look.quiet)

    def state(self, place: float) -> Array:
        """Return the answers (N, K) at a place of the film."""
        before, after, share = blend(self._places, place)
        return (1 - share) * self._states[before] + share * self._states[after]

    def _up(self, values: Array) -> list[Array]:
        """Return the height of values (N, K) in the cell of each; what is beyond lies at the edge."""
        shares = np.clip((values - self._low) / self._span, 0.0, 1.0)
        return [cell.y + (1 - share) * cell.height for cell, share in zip(self.cells, shares.T, strict=True)]


class Line(Values):
    """The values that the network predicts along its one input, over the examples."""

    _about = "the fit"

    def __init__(self, where: Rect, recording: Recording) -> None:
        data = _data(recording)
        self._where = where
        self._part, split = data.judged
        low, high = extent(data)
        self._x = np.linspace(low[0], high[0], ALONG)
        chosen = np.random.default_rng(0).permutation(len(split))[:MOST_POINTS]
        self._at = split.images[chosen].reshape(len(chosen))
        super().__init__(recording, self._x[:, None], split.labels[chosen], 0.15)
        inside = Rect(where.x, where.y + HEAD, where.width, where.height - HEAD - FOOT)
        self.cells = _cells(inside, self._shown, math.ceil(self._shown / 3))

    def lay(self, canvas: Canvas) -> None:
        """Draw the examples."""
        where, look = self._where, canvas.look
        canvas.text(where.x, where.y + 12, self.title, TITLE, look.ink, bold=True)
        note = f"dots: {self._part} examples · line: what the network predicts"
        canvas.text(where.x, where.y + where.height - 2, note, SMALL, look.quiet)
        self._label(canvas)
        for cell, heights in zip(self.cells, self._up(self._targets), strict=True):
            points = np.stack([self._across(self._at, cell), heights], axis=-1)
            canvas.dots(points, 1.6 if self._several else 2.4, mixed(look.blue, 0.55, look.page))

    def _across(self, x: Array, cell: Rect) -> Array:
        share: Array = (x - self._x[0]) / (self._x[-1] - self._x[0])
        return cell.x + share * cell.width

    def draw(self, canvas: Canvas, place: float) -> None:
        """Draw each line as it was."""
        for cell, heights in zip(self.cells, self._up(self.state(place)), strict=True):
            points = np.stack([self._across(self._x, cell), heights], axis=-1)
            canvas.line(points, 2.0 if self._several else 3.0, canvas.look.orange)


class Agreement(Values):
    """What is predicted against what is so: the closer to the diagonal, the better."""

    _about = "predicted and actual"

    def __init__(self, where: Rect, recording: Recording) -> None:
        data = _data(recording)
        self._where = where
        self._part, split = data.judged
        chosen = np.random.default_rng(0).permutation(len(split))[:MOST_DOTS]
        super().__init__(recording, split.images[chosen], split.labels[chosen], 0.1)
        if not self._several:
            label = data.encoding.label if data.encoding is not None else None
            self._about = f"{label or 'value'}: {self._about}"
        side = min(where.width, where.height - HEAD - FOOT)
        square = Rect(where.x, where.y + HEAD, side, side)
        self.cells = _cells(square, self._shown, math.ceil(math.sqrt(self._shown)), square=True)

    def lay(self, canvas: Canvas) -> None:
        """Draw the diagonals."""
        where, look = self._where, canvas.look
        title = canvas.fit(self.title, where.width, TITLE, bold=True)
        canvas.text(where.x, where.y + 12, title, TITLE, look.ink, bold=True)
        self._label(canvas)
        for cell in self.cells:
            ends = [(cell.x, cell.y + cell.height), (cell.x + cell.width, cell.y)]
            canvas.line(ends, 1.2, look.quiet)
        note = f"→ actual, ↑ predicted: {len(self._targets)} {self._part} rows"
        last = self.cells[-1]
        canvas.text(where.x, last.y + last.height + 15, note, SMALL, look.quiet)

    def draw(self, canvas: Canvas, place: float) -> None:
        """Draw a dot for each of the examples."""
        across = (self._targets - self._low) / self._span
        small = 1.0 if self._several else 0.0
        for k, heights in enumerate(self._up(self.state(place))):
            cell = self.cells[k]
            points = np.stack([cell.x + across[:, k] * cell.width, heights], axis=-1)
            canvas.dots(points, 3.6 - small, canvas.look.page)
            canvas.dots(points, 2.8 - small, canvas.look.blue)


def _data(recording: Recording) -> Dataset:
    assert recording.data is not None
    return recording.data


def _columns(values: Any) -> Array:
    """Return values (N,) or (N, …) as columns (N, K), no more than are shown."""
    return np.asarray(values, np.float64).reshape(len(values), -1)[:, :MOST_OUTPUTS]


def _cells(where: Rect, count: int, columns: int, square: bool = False) -> list[Rect]:
    """Part a place into so many cells, row by row, each below a line of text; one has it all to itself."""
    if count == 1:
        return [where]
    rows = math.ceil(count / columns)
    width = (where.width - (columns - 1) * GAP) / columns
    height = where.height / rows - LABEL
    if square:
        width = height = min(width, height)
    return [
        Rect(where.x + column * (width + GAP), where.y + row * (height + LABEL) + LABEL, width, height)
        for row, column in (divmod(number, columns) for number in range(count))
    ]
