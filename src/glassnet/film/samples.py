"""Some examples that the network does not learn from, and what it takes them for as it learns."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import Dataset
from glassnet.film.canvas import Canvas
from glassnet.film.curves import SMALL, TITLE, Rect
from glassnet.film.look import Colour, Pixels, mixed
from glassnet.film.pace import blend
from glassnet.film.recording import Recording
from glassnet.view import samples as view

Array = NDArray[Any]

PICTURE, BARS = 56, 20  # the sides of a picture; the height of the bars
WIDEST = 22  # bar
SHORT = 2  # letters of a class that can be written large


class Samples:
    """A cell an example: its picture, what the network names it, how probable, and all classes as bars."""

    def __init__(self, where: Rect, recording: Recording) -> None:
        data = recording.data
        assert data is not None
        assert data.classes is not None
        self._where, self._classes = where, data.classes
        part, split = data.judged
        self._part = part
        short = all(len(name) <= SHORT for name in data.classes)
        self._short = short
        self._what = called(data)
        fields, arrays = view.message(data, split)
        count = min(7 if short else 6, len(split))
        if fields["samples"] == "images":
            self.index = arrays["index"][:count]
            self._pictures: list[Pixels] | None = list(arrays["images"][:count])
        else:
            self.index = np.array([row["index"] for row in fields["rows"][:count]])
            self._pictures = None
        places = split.places(self.index.astype(np.intp))
        inputs, self.labels = split.inputs[places], split.targets[places].astype(np.intp)
        self._places = recording.pace.place([shot.step for shot in recording.shots])
        with np.errstate(all="ignore"):
            self.probabilities = [
                np.nan_to_num(recording.at(shot).predict_proba(inputs)) for shot in recording.shots
            ]

    def lay(self, canvas: Canvas) -> None:
        """Draw the pictures, and what it is about."""
        where, look = self._where, canvas.look
        title = f"{self._part} {self._what}"
        canvas.text(where.x, where.y + 12, title, TITLE, look.ink, bold=True)
        after = where.x + canvas.text_width(title + " ", TITLE, bold=True) + 4
        said = "" if self._part == "training" else "never learnt from, and "
        canvas.text(after, where.y + 12, f"{said}what the network takes them for", SMALL, look.quiet)
        for number in range(len(self.labels)):
            x, y = self._corner(number)
            if self._pictures is not None:
                canvas.paste(x, y, fitted(self._pictures[number], canvas.at(PICTURE)))
            else:
                name = canvas.fit(self._classes[self.labels[number]], self._width - 10, 13)
                canvas.text(x, y + 14, name, 13, look.ink, bold=True)
            if not self._short and self._pictures is not None:
                name = canvas.fit(self._classes[self.labels[number]], self._width - PICTURE - 14, SMALL)
                canvas.text(x + PICTURE + 6, y + 10, name, SMALL, look.quiet)

    @property
    def _width(self) -> float:
        return self._where.width / len(self.labels)

    def _corner(self, number: int) -> tuple[float, float]:
        return self._where.x + number * self._width, self._where.y + 24

    def state(self, place: float) -> Array:
        """Return the probabilities (n, classes) at a place of the film."""
        before, after, share = blend(self._places, place)
        now: Array = (1 - share) * self.probabilities[before] + share * self.probabilities[after]
        return now

    def draw(self, canvas: Canvas, place: float) -> None:
        """Draw what the network said at a place of the film."""
        for number, row in enumerate(self.state(place)):
            self._draw_one(canvas, number, row)

    def _draw_one(self, canvas: Canvas, number: int, row: Array) -> None:
        x, y = self._corner(number)
        look, named, label = canvas.look, int(row.argmax()), int(self.labels[number])
        colour = look.right if named == label else look.wrong
        said, percent = self._classes[named], f"{100 * row[named]:.0f} %"
        if not row[named] > 0:  # its answer is NaN
            said, percent, colour = "–", "NaN", look.wrong
        if self._pictures is None:
            canvas.text(x, y + 34, canvas.fit(said, self._width - 10, 13), 13, colour)
            canvas.text(x, y + 50, percent, SMALL, look.quiet)
        else:
            canvas.frame(x, y, PICTURE, PICTURE, 1.6, colour)
            beside = x + PICTURE + 6
            if self._short:
                canvas.text(beside + 1, y + 29, said, 26, colour, bold=True)
                canvas.text(beside, y + 50, percent, SMALL, look.quiet)
            else:
                name = canvas.fit(said, self._width - PICTURE - 14, SMALL, bold=True)
                canvas.text(beside, y + 34, name, SMALL, colour, bold=True)
                canvas.text(beside, y + 50, percent, SMALL, look.quiet)
        bars(canvas, Rect(x, y + PICTURE + 7, self._width - 10, BARS), row, colour, label)


def bars(canvas: Canvas, where: Rect, row: Array, colour: Colour, label: int) -> None:
    """Draw a bar a class from the ground up; the named one in colour, a dot under the right one."""
    look, n = canvas.look, len(row)
    pitch = min(where.width / n, WIDEST)
    width = max(pitch - 1.5, pitch * 0.6)
    named = int(row.argmax())
    ground = where.y + where.height
    canvas.box(where.x, ground, n * pitch - (pitch - width), 0.5, look.rule)
    for k, p in enumerate(row):
        ink = colour if k == named else mixed(look.quiet, 0.6, look.page)
        rise(canvas, where.x + k * pitch, ground, width, float(p) * where.height, ink)
    canvas.box(where.x + label * pitch, ground + 1.5, width, 1.5, look.ink)


def rise(canvas: Canvas, x: float, ground: float, width: float, height: float, colour: Colour) -> None:
    """Draw a bar whose top may end within a pixel, so that it grows smoothly."""
    tall = height * canvas.scale
    whole = int(tall)
    left, bottom = canvas.at(x), canvas.at(ground)
    right = max(canvas.at(x + width), left + 1)
    canvas.pixels[bottom - whole : bottom, left:right] = colour
    part = round(4 * (tall - whole)) / 4  # of the last pixel, in few steps
    if part:
        mask = np.full((1, right - left), round(255 * part), np.uint8)
        canvas.stain(left, bottom - whole - 1, mask, colour)


def fitted(picture: Pixels, side: int) -> Pixels:
    """Return a picture in colour, as large as fits into a square: whole pixels of it if they do."""
    from PIL import Image

    if picture.ndim == 2:
        picture = np.repeat(picture[..., None], 3, axis=2)
    h, w = picture.shape[:2]
    scale = side / max(h, w)
    kind = Image.Resampling.NEAREST if scale >= 1 and scale == int(scale) else Image.Resampling.BICUBIC
    if scale > 2:
        kind = Image.Resampling.NEAREST
    size = max(1, round(w * scale)), max(1, round(h * scale))
    square = np.zeros((side, side, 3), np.uint8)
    top, left = (side - size[1]) // 2, (side - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = np.asarray(
        Image.fromarray(picture).resize(size, kind)
    )
    return square


def called(data: Dataset) -> str:
    """Return what examples are called: digits if they are that."""
    return "digits" if view.takes_drawings(data) and data.classes == tuple("0123456789") else "examples"
