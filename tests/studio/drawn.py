"""Drawings and photos, made with a pen of Pillow's, for tests of the pad."""

import io
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

SEVEN = [(70, 60), (210, 60), (120, 230)]
ONE = [(140, 50), (140, 230)]


def strokes(*lines: list[tuple[int, int]], size: tuple[int, int] = (280, 280)) -> np.ndarray[Any, Any]:
    """White ink on black, (H, W)."""
    image = Image.new("L", size, 0)
    for line in lines:
        ImageDraw.Draw(image).line(line, fill=255, width=18, joint="curve")
    return np.asarray(image)


def sevens(n: int) -> np.ndarray[Any, Any]:
    """So many sevens in a row, (280, 240 n)."""
    return strokes(*([(x + 240 * k, y) for x, y in SEVEN] for k in range(n)), size=(240 * n + 40, 280))


def photo(picture: np.ndarray[Any, Any], kind: str = "PNG") -> np.ndarray[Any, Any]:
    """Dark ink on paper, as the bytes of a file."""
    content = io.BytesIO()
    Image.fromarray(np.uint8(235) - (picture * 0.8).astype(np.uint8)).save(content, kind)
    return np.frombuffer(content.getvalue(), np.uint8)
