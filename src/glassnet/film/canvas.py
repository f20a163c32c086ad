"""A picture to draw on: an array of pixels, with text, lines and dots laid into it as masks."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.film.look import Colour, Pixels, Theme, font

Mask = NDArray[np.uint8]
Points = Sequence[tuple[float, float]] | NDArray[np.floating[Any]]

WIDTH, HEIGHT = 800, 450  # the units that all places are given in
FINER = 4  # times as fine lines and dots are drawn before they are made smaller


class Canvas:
    """Pixels (H, W, 3), drawn on by units of which a picture is 800 wide; `scale` pixels make one."""

    def __init__(self, width: int, look: Theme, pixels: Pixels | None = None) -> None:
        self.look, self.scale = look, width / WIDTH
        height = 2 * round(HEIGHT * self.scale / 2)
        if pixels is None:
            pixels = np.empty((height, width, 3), np.uint8)
            pixels[...] = look.page
        self.pixels = pixels

    def copy(self) -> "Canvas":
        """Return a picture of its own, the same so far."""
        return Canvas(self.pixels.shape[1], self.look, self.pixels.copy())

    def at(self, units: float) -> int:
        """Return the pixel at a place, or the pixels in a length."""
        return round(units * self.scale)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: Colour,
        anchor: str = "l",
        bold: bool = False,
    ) -> None:
        """Write a line with its baseline at y; x is its left ("l"), middle ("m") or right ("r") end."""
        mask, rise = _letters(text, max(6, self.at(size)), bold)
        left = self.at(x) - round(mask.shape[1] * {"l": 0.0, "m": 0.5, "r": 1.0}[anchor])
        self.stain(left, self.at(y) - rise, mask, colour)

    def text_width(self, text: str, size: float, bold: bool = False) -> float:
        """Return how wide a line is, in units."""
        return _length(text, max(6, self.at(size)), bold) / self.scale

    def fit(self, text: str, width: float, size: float, bold: bool = False) -> str:
        """Return the text in one line, cut off with "…" if it is wider than that."""
        text = " ".join(text.split())
        if self.text_width(text, size, bold) <= width:
            return text
        while text and self.text_width(text + "…", size, bold) > width:
            text = text[:-1].rstrip()
        return text + "…"

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle, at least a pixel wide and high unless it is empty."""
        left, top = self.at(x), self.at(y)
        right, bottom = self.at(x + width), self.at(y + height)
        if width > 0 and height > 0:
            self.pixels[max(top, 0) : max(bottom, top + 1), max(left, 0) : max(right, left + 1)] = colour

    def frame(self, x: float, y: float, width: float, height: float, thick: float, colour: Colour) -> None:
        """Draw the sides of a rectangle around what is inside it."""
        left, top, right, bottom = self.at(x), self.at(y), self.at(x + width), self.at(y + height)
        t = max(1, self.at(thick))
        for rows, columns in (
            ((top - t, top), (left - t, right + t)),
            ((bottom, bottom + t), (left - t, right + t)),
            ((top, bottom), (left - t, left)),
            ((top, bottom), (right, right + t)),
        ):
            self.pixels[max(rows[0], 0) : rows[1], max(columns[0], 0) : columns[1]] = colour

    def paste(self, x: float, y: float, picture: Pixels) -> None:
        """Lay pixels (h, w, 3) with their upper left corner there."""
        left, top = self.at(x), self.at(y)
        h, w = picture.shape[:2]
        self.pixels[top : top + h, left : left + w] = picture

    def stain(self, left: int, top: int, mask: Mask, colour: Colour) -> None:
        """Lay a colour over the pixels from there on, as thick as the mask (h, w) says: 255 hides them."""
        above, before = max(-top, 0), max(-left, 0)
        height, width = self.pixels.shape[:2]
        mask = mask[above : max(height - top, 0), before : max(width - left, 0)]
        if not mask.size:
            return
        top, left = max(top, 0), max(left, 0)
        under = self.pixels[top : top + mask.shape[0], left : left + mask.shape[1]]
        hit = mask > 0
        share = mask[hit][:, None].astype(np.int32)
        under[hit] = (under[hit] * (255 - share) + np.array(colour, np.int32) * share + 127) // 255

    def line(self, points: Points, thick: float, colour: Colour) -> None:
        """Draw a line through points (x, y), smooth; where one is NaN it breaks off."""
        stretches, box = _stretches(points, self.scale), _around(points, self.scale, thick)
        if box is None:
            return
        left, top, width, height = box

        def draw(pen: Any) -> None:
            for stretch in stretches:
                path = [((x - left) * FINER, (y - top) * FINER) for x, y in stretch]
                pen.line(path, fill=255, width=max(1, round(thick * self.scale * FINER)), joint="curve")

        self.stain(left, top, _drawn(width, height, draw), colour)

    def dots(self, points: Points, radius: float, colour: Colour, diamond: bool = False) -> None:
        """Draw a disc, or a diamond, at each of the points (x, y)."""
        for x, y in (np.asarray(points, np.float64).reshape(-1, 2) * self.scale).tolist():
            if x == x and y == y:
                left, top = math.floor(x), math.floor(y)
                part = int((x - left) * FINER), int((y - top) * FINER)
                mask = _dot(round(radius * self.scale * FINER), part, diamond)
                middle = mask.shape[0] // 2
                self.stain(left - middle, top - middle, mask, colour)


@lru_cache(maxsize=512)
def _dot(radius: int, part: tuple[int, int], diamond: bool) -> Mask:
    """Return the mask of a disc or a diamond around the middle pixel; lengths are in finer pixels."""
    half = radius // FINER + 2
    x, y = (FINER * half + p + 0.5 for p in part)

    def draw(pen: Any) -> None:
        if diamond:
            pen.polygon([(x - radius, y), (x, y - radius), (x + radius, y), (x, y + radius)], fill=255)
        else:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)

    return _drawn(2 * half + 1, 2 * half + 1, draw)


def _drawn(width: int, height: int, draw: Any) -> Mask:
    """Return the mask (height, width) of what is drawn so many times as fine."""
    from PIL import Image, ImageDraw

    fine = Image.new("L", (width * FINER, height * FINER))
    draw(ImageDraw.Draw(fine))
    return np.asarray(fine.reduce(FINER))


def _around(points: Points, scale: float, thick: float) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of the pixels that points with a pen of that thickness touch."""
    places = np.asarray(points, np.float64).reshape(-1, 2) * scale
    places = places[np.isfinite(places).all(axis=1)]
    if not len(places):
        return None
    room = int(thick * scale) + 2
    left, top = (places.min(axis=0).astype(int) - room).tolist()
    right, bottom = (places.max(axis=0).astype(int) + room).tolist()
    return left, top, right - left + 1, bottom - top + 1


def _stretches(points: Points, scale: float) -> list[list[tuple[float, float]]]:
    stretches: list[list[tuple[float, float]]] = [[]]
    for x, y in (np.asarray(points, np.float64).reshape(-1, 2) * scale).tolist():
        if x == x and y == y:
            stretches[-1].append((x, y))
        elif stretches[-1]:
            stretches.append([])
    return [stretch for stretch in stretches if len(stretch) > 1]


@lru_cache(maxsize=4096)
def _length(text: str, size: int, bold: bool) -> float:
    return float(font(size, bold).getlength(text))


@lru_cache(maxsize=4096)
def _letters(text: str, size: int, bold: bool) -> tuple[Mask, int]:
    """Return the mask of a line of text, and how many of its rows are above the baseline."""
    from PIL import Image, ImageDraw

    letters = font(size, bold)
    rise = size + size // 4
    mask = Image.new("L", (max(1, round(_length(text, size, bold))), rise + size // 2))
    ImageDraw.Draw(mask).text((0, rise), text, fill=255, font=letters, anchor="ls")
    return np.asarray(mask), rise
