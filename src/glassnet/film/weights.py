"""The first layer's weights as they form: a tile a unit, or of a table the matrix."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.pixels import PIXELS_OF_DIGIT, SHAPE
from glassnet.film.canvas import Canvas
from glassnet.film.curves import SMALL, TITLE, Rect
from glassnet.film.look import Pixels
from glassnet.film.pace import blend
from glassnet.film.recording import Recording
from glassnet.plots.images import channels_last
from glassnet.plots.matrix import strongest

Array = NDArray[Any]

HEAD = 24  # room for the title
GAP = 3  # between tiles
FOOT = 18  # room for a line below a matrix
ENOUGH = 18  # tiles; larger ones are chosen as long as so many fit
MOST_COLUMNS, NAME = 48, 92  # of a matrix; the room for a name
ROW, HIGHEST_ROW = 12, 44  # a row of a matrix with its name


def image_shape(recording: Recording) -> tuple[int, ...] | None:
    """Return the shape of the inputs if they are images, by the data or, without, by their number."""
    inputs = recording.first_weights(recording.shots[0]).shape[0]
    if recording.data is not None:
        shape = recording.data.shape
        if shape == (PIXELS_OF_DIGIT,) and recording.data.encoding is None:
            shape = SHAPE
        is_image = len(shape) > 1 and math.prod(shape) == inputs
        return shape if is_image and channels_last(np.empty((0, *shape)), shape) is not None else None
    return SHAPE if inputs == PIXELS_OF_DIGIT else None


class Weights:
    """The weights into the first layer's units, blended from one recorded state to the next.

    Images: those of the units whose weights are largest at the end, as many as fit. Else a matrix, a row an
    input and a column a unit. The scale is that of the end, so that colours mean the same all the time.
    """

    def __init__(self, where: Rect, recording: Recording) -> None:
        self._where = where
        self._places = recording.pace.place([shot.step for shot in recording.shots])
        matrices = [recording.first_weights(shot) for shot in recording.shots]
        self._units, last = matrices[0].shape[1], matrices[-1].astype(np.float64)
        self.limit = limit_of(last)
        self._shape = image_shape(recording)
        if self._shape is not None:
            probe = channels_last(np.empty((1, *self._shape)), self._shape)
            assert probe is not None
            self._tile = probe.shape[1:3]
            self._columns, self._rows = _grid(where, self._tile, self._units)
            self._most = min(self._units, self._columns * self._rows)
        else:
            self._most = min(self._units, MOST_COLUMNS)
        self.shown = strongest(last, self._most)
        self._names: list[str] = []
        rows = np.arange(len(last))
        if self._shape is None:
            rows = strongest(last.T, max(1, int((where.height - HEAD - FOOT) / ROW)))
            self._names = _names(recording, rows)
        states = [matrix[np.ix_(rows, self.shown)] for matrix in matrices]
        if self._shape is not None:
            tiles = [channels_last(np.ascontiguousarray(state.T), self._shape) for state in states]
            states = [tile for tile in tiles if tile is not None]
        self._states = states
        self._all_rows = len(rows) == len(last)

    def lay(self, canvas: Canvas) -> None:
        """Write what it is, and what its colours mean."""
        where, look = self._where, canvas.look
        title = "first layer" if self._shape is None else "what each unit looks for"
        canvas.text(where.x, where.y + 12, title, TITLE, look.ink, bold=True)
        after = where.x + canvas.text_width(title + " ", TITLE, bold=True) + 4
        few = f"{len(self.shown)} of {self._units:,} units" if len(self.shown) < self._units else ""
        left = self._lay_scale(canvas)
        if after + canvas.text_width(few, SMALL) < left - 8:
            canvas.text(after, where.y + 12, few, SMALL, look.quiet)
        if self._shape is not None:
            self._gap = canvas.at(GAP)
            (tall, wide), columns, rows = self._tile, self._columns, self._rows
            room = canvas.at(where.width) + self._gap, canvas.at(where.height - HEAD) + self._gap
            across, down = room[0] // columns - self._gap, room[1] // rows - self._gap
            self.pixels = max(min(across // wide, down // tall), 1)
            self._every = max(-(-wide // across), -(-tall // down), 1)  # of an image that is too large
            width = columns * (-(-wide // self._every) * self.pixels + self._gap) - self._gap
            self._left = canvas.at(where.x) + max((canvas.at(where.width) - width) // 2, 0)
            self._top = canvas.at(where.y + HEAD)
        else:
            self._lay_matrix(canvas)

    def _lay_scale(self, canvas: Canvas) -> float:
        """Draw the scale at the right; return where it begins."""
        look, y = canvas.look, self._where.y + 12
        right = self._where.x + self._where.width
        if self._shape is not None and len(self._shape) == 3 and self._states[0].ndim == 4:
            words = "red, green, blue: brighter above zero"
            canvas.text(right, y, words, SMALL, look.quiet, "r")
            return right - canvas.text_width(words, SMALL)
        limit = f"{self.limit:.2g}"
        most = f"+{limit}"
        canvas.text(right, y, most, SMALL, look.quiet, "r")
        right -= canvas.text_width(most, SMALL) + 5
        width = canvas.at(70)
        bar = look.shades(np.linspace(-1, 1, width)[None].repeat(canvas.at(9), axis=0), 1.0)
        canvas.paste(right - 70, y - 8, bar)
        canvas.frame(right - 70, y - 8, 70, 9, 0.5, look.rule)
        canvas.text(right - 75, y, f"−{limit}", SMALL, look.quiet, "r")
        return right - 75 - canvas.text_width(f"−{limit}", SMALL)

    def _lay_matrix(self, canvas: Canvas) -> None:
        where, look = self._where, canvas.look
        rows, columns = self._states[0].shape
        names = NAME if self._names else 0
        self._cell = (
            max(1, min(canvas.at(30), canvas.at(where.width - names) // columns)),
            max(1, min(canvas.at(HIGHEST_ROW), canvas.at(where.height - HEAD - FOOT) // rows)),
        )
        self._left, self._top = canvas.at(where.x + names), canvas.at(where.y + HEAD)
        for row, name in enumerate(self._names):
            y = (self._top + (row + 0.5) * self._cell[1]) / canvas.scale + 4
            canvas.text(where.x + names - 6, y, canvas.fit(name, names - 8, SMALL), SMALL, look.quiet, "r")
        low = (self._top + rows * self._cell[1]) / canvas.scale + 14
        words = "a row an input, a column a unit" if self._all_rows else "the inputs with the largest weights"
        canvas.text(self._left / canvas.scale, low, words, SMALL, look.quiet)

    def state(self, place: float) -> Array:
        """Return the weights at a place of the film: tiles (n, h, w) or (n, h, w, 3), or rows and columns."""
        before, after, share = blend(self._places, place)
        if share == 0.0:
            return self._states[before]
        return self._states[before] + np.float32(share) * (self._states[after] - self._states[before])

    def corner(self, number: int) -> tuple[int, int]:
        """Return the left and upper pixel of a tile, each weight of which takes `pixels` by as many."""
        h, w = (-(-side // self._every) * self.pixels + self._gap for side in self._tile)
        return self._left + number % self._columns * w, self._top + number // self._columns * h

    def draw(self, canvas: Canvas, place: float) -> None:
        """Draw the weights as they were at a place of the film."""
        now = self.state(place)
        if self._shape is None:
            cells = canvas.look.shades(now, self.limit)
            wide, tall = self._cell
            _lay(canvas.pixels, self._left, self._top, cells.repeat(tall, axis=0).repeat(wide, axis=1))
            x, y = self._left / canvas.scale, self._top / canvas.scale
            size = now.shape[1] * wide / canvas.scale, now.shape[0] * tall / canvas.scale
            canvas.frame(x, y, *size, 0.5, canvas.look.rule)
            return
        colours = in_colour(now, self.limit) if now.ndim == 4 else canvas.look.shades(now, self.limit)
        colours = colours[:, :: self._every, :: self._every]
        for number, tile in enumerate(colours.repeat(self.pixels, axis=1).repeat(self.pixels, axis=2)):
            h, w = tile.shape[:2]
            left, top = self.corner(number)
            canvas.pixels[top - 1 : top + h + 1, left - 1 : left + w + 1] = canvas.look.rule
            _lay(canvas.pixels, left, top, tile)


def limit_of(W: Array) -> float:
    """Return a round number beyond which at most one weight in two hundred lies: the end of the scale."""
    sizes = np.abs(W[np.isfinite(W)])
    most = float(np.quantile(sizes, 0.995)) if sizes.size else 0.0
    if not most > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most))
    return next(n * power for n in (1, 1.5, 2, 3, 5, 7, 10) if n * power >= 0.999 * most)


def in_colour(tiles: Array, limit: float) -> Pixels:
    """Return weights of red, green and blue as a colour: grey where all are zero."""
    levels = np.rint(16 * (1 + tiles / limit)).clip(0, 32) / 32  # steps, which a GIF can share
    return np.asarray(np.rint(255 * levels), np.uint8)


def _lay(pixels: Pixels, left: int, top: int, picture: Pixels) -> None:
    pixels[top : top + picture.shape[0], left : left + picture.shape[1]] = picture


def _grid(where: Rect, tile: tuple[int, int], units: int) -> tuple[int, int]:
    """Return columns and rows of the largest tiles of which enough fit, in a film 800 pixels wide."""
    columns = rows = 1
    for pixels in range(1, 24):
        across = int((where.width + GAP) / (tile[1] * pixels + GAP))
        down = int((where.height - HEAD + GAP) / (tile[0] * pixels + GAP))
        if across * down >= min(units, ENOUGH) or (pixels == 1 and across * down):
            columns, rows = across, down
    return columns, -(-min(units, columns * rows) // columns)


def _names(recording: Recording, rows: NDArray[np.intp]) -> list[str]:
    data = recording.data
    if data is None or data.encoding is None:
        return [f"x{row + 1}" for row in rows]
    return [data.encoding.inputs[row] for row in rows]
