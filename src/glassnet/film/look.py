"""The colours and letters of a film, light and dark."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.plots import style

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]

LEVELS = 41  # shades of what has a sign: few enough to share a GIF's palette with everything else

# From the strongest below zero to just below it; the other way round above it.
_DARK_BELOW = ("#b9ddfb", "#6db3ee", "#3a86cc", "#1f4f80")
_DARK_ABOVE = ("#7c4117", "#c8682a", "#f09a5c", "#ffd8b4")


@dataclass(frozen=True)
class Theme:
    """A film's colours: page, panels and rules, text, and what means something."""

    name: str
    page: Colour
    panel: Colour
    rule: Colour
    ink: Colour
    quiet: Colour
    blue: Colour
    orange: Colour
    right: Colour
    wrong: Colour
    signed: Pixels  # (LEVELS, 3): blue below zero, the page at zero, orange above

    def shades(self, values: NDArray[Any], limit: float) -> Pixels:
        """Return the colours (…, 3) of values with a sign, strongest from ±limit on."""
        half = LEVELS // 2
        levels = np.rint((half / limit) * values).clip(-half, half).astype(np.intp) + half
        colours: Pixels = self.signed[levels]
        return colours

    def kinds(self, count: int) -> list[Colour]:
        """Return that many colours for classes."""
        return [rgb(colour) for colour in style.kinds(count)]

    def anchors(self) -> Pixels:
        """Return the colours that a palette must have exactly."""
        plain = [self.page, self.panel, self.rule, self.ink, self.quiet, self.blue, self.orange]
        return np.concatenate([np.array([*plain, self.right, self.wrong], np.uint8), self.signed])


def rgb(colour: str) -> Colour:
    """Return the three numbers of "#rrggbb"."""
    r, g, b = bytes.fromhex(colour.removeprefix("#"))
    return r, g, b


def mixed(colour: Colour, share: float, other: Colour) -> Colour:
    """Return that share of a colour with the rest of another."""
    r, g, b = (round(share * a + (1 - share) * c) for a, c in zip(colour, other))
    return r, g, b


def _signed(stops: list[str]) -> Pixels:
    places = np.linspace(0, len(stops) - 1, LEVELS)
    table = np.array([rgb(stop) for stop in stops], np.float64)
    channels = [np.interp(places, np.arange(len(stops)), table[:, c]) for c in range(3)]
    return np.rint(np.stack(channels, axis=-1)).astype(np.uint8)


@cache
def theme(name: str) -> Theme:
    """Return the theme "light" or "dark". Raises ValueError for another name."""
    if name == "light":
        shades = style.diverging()(np.linspace(0, 1, LEVELS), bytes=True)
        return Theme(
            name, rgb("#ffffff"), rgb("#f5f7f7"), rgb("#dfe5e4"), rgb("#16211f"), rgb("#5a6866"),
            rgb("#2171b5"), rgb("#d04a02"), rgb("#0a7566"), rgb("#b3261e"),
            np.ascontiguousarray(shades[:, :3], np.uint8),
        )  # fmt: skip
    if name == "dark":
        stops = [*_DARK_BELOW, "#101615", *_DARK_ABOVE]
        return Theme(
            name, rgb("#101615"), rgb("#18201f"), rgb("#2a3533"), rgb("#e8eeed"), rgb("#9aa9a6"),
            rgb("#5fa8e6"), rgb("#f0975a"), rgb("#45c9b0"), rgb("#ff8b7d"), _signed(stops),
        )  # fmt: skip
    raise ValueError(f"theme: expected light or dark, got {name!r}")


@cache
def font(size: int, bold: bool = False) -> Any:
    """Return the font that comes with matplotlib, so that every machine draws the same film."""
    import matplotlib
    from PIL import ImageFont

    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"DejaVuSans{'-Bold' if bold else ''}.ttf"
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
