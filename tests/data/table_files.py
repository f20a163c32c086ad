"""Tables as text, written where a test wants them."""

from pathlib import Path

import numpy as np

PIXELS = [f"pixel{k}" for k in range(784)]


def write(path: str, *lines: str, newline: str = "\n", encoding: str = "utf-8") -> Path:
    where = Path(path)
    where.write_bytes("".join(line + newline for line in lines).encode(encoding))
    return where


def digits(n: int = 40, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, 784) with an empty edge, and labels 0 to 9 in turn."""
    images = np.random.default_rng(seed).integers(0, 256, (n, 28, 28))
    images[:, [0, -1]] = 0
    return images.reshape(n, 784), np.arange(n) % 10


def rows(array: np.ndarray) -> list[str]:
    return [",".join(map(str, row)) for row in array.tolist()]


def write_digits(path: str, n: int = 40, *, header: bool = True, label: str | None = "first") -> Path:
    images, labels = digits(n)
    names = list(PIXELS)
    if label == "first":
        images, names = np.column_stack([labels, images]), ["label", *names]
    elif label == "last":
        images, names = np.column_stack([images, labels]), [*names, "label"]
    return write(path, *([",".join(names)] if header else []), *rows(images))


def write_flowers(path: str, n: int = 60, **more: str) -> Path:
    """Two numbers, a color, and a species that depends on them."""
    generator = np.random.default_rng(1)
    lines = []
    for k in range(n):
        species = ("setosa", "virginica", "versicolor")[k % 3]
        width, length = generator.normal((k % 3) * 2.0, 0.3), generator.normal(5.0 - k % 3, 0.3)
        lines.append(f"{width:.3f},{length:.3f},{('red', 'blue')[k % 2]},{species}")
    return write(path, "width,length,color,species", *lines, **more)
