"""The small numbers that the documents quote: one prediction, a batch gathered, one BLAS thread or two.

python benchmarks/details.py        microseconds on one thread, unless it says otherwise; medians
"""

from collections.abc import Callable
from statistics import median
from timeit import repeat

import numpy as np

import glassnet as gn
from glassnet import blas


def microseconds(work: Callable[[], object], number: int = 200) -> float:
    """Return the median time of one call."""
    return 1e6 / number * median(repeat(work, number=number, repeat=15))


def main() -> None:
    generator = np.random.default_rng(0)
    network = gn.Network(
        [gn.Dense(128), gn.ReLU(), gn.Dense(10)], input_shape=784, scaling=gn.Scaling(scale=1 / 255)
    )
    images = generator.integers(0, 256, (60_000, 784), dtype=np.uint8)
    print(blas.info())
    with blas.limit(1):
        print(f"predict one image      {microseconds(lambda: network.predict(images[:1])):7.1f}")
        network.training_now = True
        print(f"  while training runs  {microseconds(lambda: network.predict(images[:1])):7.1f}")
        network.training_now = False

        floats, order = images.astype(np.float32), generator.permutation(len(images))
        rows = iter(np.tile(order, 4)[: 4 * 59_968].reshape(-1, 32))
        raw, batch = np.empty((32, 784), np.uint8), np.empty((32, 784), np.float32)

        def gather_bytes() -> None:
            np.take(images, next(rows), axis=0, out=raw, mode="clip")
            np.multiply(raw, np.float32(1 / 255), out=batch)

        def gather_floats() -> None:
            np.take(floats, next(rows), axis=0, out=batch, mode="clip")

        print(f"32 images from bytes   {microseconds(gather_bytes):7.1f}")
        print(f"32 images from floats  {microseconds(gather_floats):7.1f}")

    for size in (32, 64, 128, 256):
        one, two = (product(size, threads) for threads in (1, 2))
        print(f"{size:4} x 784 x 128: 1 thread {one:7.1f}, 2 threads {two:7.1f}")


def product(size: int, threads: int) -> float:
    """Return the time of the forward product of 784-128 for a batch."""
    x, W, y = (np.ones(shape, np.float32) for shape in ((size, 784), (784, 128), (size, 128)))
    with blas.limit(threads):
        return microseconds(lambda: np.matmul(x, W, out=y), 100)


if __name__ == "__main__":
    main()
