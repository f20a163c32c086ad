"""What each unit looks for: its incoming weights as a small image."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from glassnet.plots import images, style
from glassnet.plots.matrix import (
    MOST_UNITS,
    SCALE,
    Pixels,
    Weights,
    checked,
    colours,
    draw_scale,
    limit_of,
    matrix_figure,
    strongest,
    title_of,
)
from glassnet.plots.style import QUIET

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST_LABELLED = 40  # units; the tiles of more of them are too small for a number under each
_FRAME = 0xD4  # grey, style.RULE
_COLOUR_SCALE = "grey at zero; red, green and blue brighter above, darker below"


def weights(path: str | os.PathLike[str], weights: ArrayLike, image_shape: tuple[int, ...] | None) -> Path:
    """Draw the weights (inputs, units) into each unit as an image of `image_shape`; return the path.

    `image_shape` is (H, W), or in colour (3, H, W) or (H, W, 3). With None, or any other shape, the inputs
    are no image, and the matrix itself is drawn. Of more than 256 units the 256 with the largest norm are
    shown. Raises ValueError if the shapes do not fit or a weight is not finite.
    """
    W = checked("weights", weights)
    shape = tuple(image_shape or ())
    if len(shape) > 1 and (len(shape) > 3 or np.prod(shape) != len(W)):
        raise ValueError(
            f"weights: expected an image (H, W), (3, H, W) or (H, W, 3) of {len(W)} inputs, got shape {shape}"
        )
    with style.drawing():
        return style.save(_weights_figure(W, shape), path)


def _weights_figure(W: Weights, shape: tuple[int, ...]) -> "Figure":
    tiles = images.channels_last(W.T, shape)
    return matrix_figure(W) if tiles is None else _mosaic_figure(W, tiles)


def _mosaic_figure(W: Weights, tiles: Weights) -> "Figure":
    """A tile a unit, laid out in whole pixels so that every weight is a square of the same size."""
    numbers = strongest(W, MOST_UNITS)
    title, in_colour = title_of(W.shape[1], len(numbers)), tiles.ndim == 4
    W, tiles, units = W[:, numbers], tiles[numbers], len(numbers)
    height, width = tiles.shape[1:3]
    columns = _columns(units, width / height)
    rows = -(-units // columns)
    scale = max(1, min(1380 // (columns * width), 960 // (rows * height), 12))
    labelled = units <= _MOST_LABELLED
    limit = limit_of(W)
    pixels = _in_colour(tiles, limit) if in_colour else colours(tiles, limit)
    mosaic = _mosaic(
        pixels.repeat(scale, axis=1).repeat(scale, axis=2), rows, columns, gap=(28, 6) if labelled else (6, 6)
    )

    note = f"one tile a unit, row by row; {_COLOUR_SCALE if in_colour else SCALE}"
    left, top, (tall, wide) = 30, 125, mosaic.shape[:2]
    bottom = top + max(tall, 230) + 20
    figure, page = style.page((left + wide) / style.DPI + 1.0, bottom / style.DPI, title, note)
    figure.figimage(mosaic, left, bottom - top - tall, zorder=-1)
    if labelled:
        for k, number in enumerate(numbers):
            x = left + k % columns * wide / columns
            y = top + (k // columns + 1) * tall / rows - 8
            page.text(x / style.DPI, y / style.DPI, f"{number}", color=QUIET)
    shades = style.greys() if in_colour else None
    draw_scale(figure, W, (left + wide) / style.DPI + 0.1, top / style.DPI, shades)
    return figure


def _in_colour(tiles: Weights, limit: float) -> Pixels:
    return np.asarray(np.rint(255 * (0.5 + tiles / (2 * limit)).clip(0, 1)), np.uint8)


def _mosaic(tiles: Pixels, rows: int, columns: int, gap: tuple[int, int]) -> Pixels:
    """The tiles (n, h, w, 3), each in a thin frame, in rows on white; below and right of each is a gap."""
    n, h, w, _ = tiles.shape
    cells = np.full((rows * columns, h + 2 + gap[0], w + 2 + gap[1], 3), 255, dtype=np.uint8)
    cells[:n, : h + 2, : w + 2] = _FRAME
    cells[:n, 1 : h + 1, 1 : w + 1] = tiles
    return cells.reshape(rows, columns, *cells.shape[1:]).swapaxes(1, 2).reshape(rows * cells.shape[1], -1, 3)


def _columns(units: int, aspect: float) -> int:
    """How many tiles side by side make a pleasant landscape with few places left empty."""
    wish = min(np.sqrt(1.7 * units / aspect), units)
    choices = range(max(int(0.7 * wish), 1), min(int(1.4 * wish) + 1, units) + 1)
    return min(choices, key=lambda columns: (-units % columns, abs(columns - wish)))
