"""Digits in ink on a ground, as a camera sees them: made here, of lines, light and noise."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Array = NDArray[Any]

STROKES: dict[int, list[list[tuple[float, float]]]] = {
    1: [[(0.5, 0), (0.5, 1)]],
    2: [[(0.05, 0.2), (0.3, 0), (0.7, 0), (0.9, 0.25), (0.6, 0.6), (0.05, 1), (0.95, 1)]],
    4: [[(0.6, 0), (0.05, 0.65), (0.95, 0.65)], [(0.7, 0.3), (0.66, 1)]],
    5: [[(0.15, 0.1), (0.15, 0.45), (0.6, 0.4), (0.9, 0.7), (0.6, 1), (0.05, 0.92)],
        [(0.15, 0.1), (0.9, 0.1)]],
    7: [[(0.05, 0), (0.95, 0), (0.4, 1)]],
    8: [[(0.5, 0.47), (0.15, 0.2), (0.5, 0), (0.85, 0.2), (0.5, 0.47), (0.9, 0.75), (0.5, 1), (0.1, 0.75)],
        [(0.1, 0.75), (0.5, 0.47)]],
}  # fmt: skip


def written(
    shape: tuple[int, int], digits: Sequence[tuple[int, float, float, float]], thick: float, lean: float = 0
) -> Array:
    """How much ink is where (H, W), 0 to 1: of each digit what it is, its left, top and height, in pixels."""
    scale = 3
    mask = Image.new("L", (shape[1] * scale, shape[0] * scale))
    draw = ImageDraw.Draw(mask)
    radius = thick * scale / 2
    for digit, left, top, height in digits:
        for stroke in STROKES[digit]:
            points = [
                ((left + (x * 0.6 + lean * (1 - y)) * height) * scale, (top + y * height) * scale)
                for x, y in stroke
            ]
            draw.line(points, fill=255, width=round(thick * scale))
            for x, y in points:
                draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=255)
    return np.asarray(mask.resize((shape[1], shape[0]), Image.Resampling.BOX)) / np.float32(255)


def photographed(
    ink: Array,
    paper: tuple[float, float, float] = (240, 238, 230),
    pen: tuple[float, float, float] = (30, 30, 60),
    *,
    shadow: bool = True,
    noise: float = 4.0,
    seed: int = 0,
) -> Array:
    """A photo (H, W, 3) uint8: uneven light, the soft edge of a shadow, grain, blur, noise and JPEG."""
    generator = np.random.default_rng(seed)
    height, width = ink.shape
    y, x = np.mgrid[0:height, 0:width] / np.array([height, width]).reshape(2, 1, 1) - 0.5
    light = (1 + 0.3 * x - 0.2 * y) * (1 - 0.4 * (x * x + y * y))
    if shadow:
        light *= 1 - 0.4 / (1 + np.exp(-50 * (x + 0.5 * y - 0.1)))
    light *= 1 + generator.normal(0, 0.015, ink.shape)
    colours = np.asarray(paper) + (np.asarray(pen) - np.asarray(paper)) * ink[..., None]
    seen = Image.fromarray(np.clip(colours * light[..., None], 0, 255).astype(np.uint8))
    seen = seen.filter(ImageFilter.GaussianBlur(0.8))
    pixels = np.asarray(seen) + generator.normal(0, noise, (*ink.shape, 3))
    stream = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(stream, "JPEG", quality=80)
    return np.asarray(Image.open(stream).convert("RGB"))
