"""What the tests of the pictures share: to draw without a file, and to read what was drawn."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from glassnet.plots import style


def build(make: Callable[..., Figure], *arguments: Any) -> Figure:
    with style.drawing():
        return make(*arguments)


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def drawn(path: Path) -> np.ndarray:
    """The pixels of a PNG file, decoded to the last one."""
    with Image.open(path) as image:
        assert image.format == "PNG"
        return np.asarray(image.convert("RGB"))


def close(figure: Figure, colour: str, tolerance: int = 3) -> float:
    """The share of a figure's pixels that have nearly that colour."""
    from matplotlib.colors import to_rgb

    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)
    wanted = np.rint(255 * np.array(to_rgb(colour)))
    return float((np.abs(pixels - wanted) <= tolerance).all(axis=2).mean())
