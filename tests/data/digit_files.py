"""Four small IDX files named as MNIST's, written where a test wants them."""

import gzip
import struct
from pathlib import Path

import numpy as np

SHAPE = (6, 5)


def packed(array: np.ndarray) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 0x08, array.ndim, *array.shape) + array.astype("u1").tobytes()


def write_digits(folder: Path, train: int = 60, test: int = 20, shape: tuple[int, int] = SHAPE) -> Path:
    """Write images that can be told apart: those of class k are brightest in column k mod 5."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(0)
    for part, n in (("train", train), ("t10k", test)):
        labels = np.arange(n) % 10
        images = generator.integers(0, 60, (n, *shape))
        images[np.arange(n), :, labels % shape[1]] += 60 + 13 * labels[:, None]
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            (folder / f"{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(packed(array)))
    return folder
