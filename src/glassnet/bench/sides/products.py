"""The limit: the matrix products of a training step alone, as fast as this machine's sgemm does them.

Operands lie contiguous, in the order of rows or of columns, whichever is faster for that product; the
results go into arrays that are there. The first layer's input gradient is not computed, as in glassnet.
"""

from functools import partial
from itertools import pairwise, product
from typing import Any

import numpy as np

from glassnet.bench.job import Job, fastest

Shape = tuple[int, int, int]


def job(side: str, threads: int, spec: dict[str, Any]) -> Job:
    """Make the job: {"kind": "products", "network": …, "batch": …}; the process was told its threads."""
    del side, threads
    return Products(step_products(tuple(spec["network"]), spec["batch"]))


def step_products(sizes: tuple[int, ...], batch: int) -> list[Shape]:
    """Return (m, k, n) of each product (m, k) times (k, n) of a step: y = x W, dW = xᵀ dy, dx = dy Wᵀ."""
    shapes = []
    for place, (inputs, outputs) in enumerate(pairwise(sizes)):
        shapes += [(batch, inputs, outputs), (inputs, batch, outputs)]
        if place:
            shapes.append((batch, outputs, inputs))
    return shapes


class Products(Job):
    """All products of a step, one after the other."""

    def __init__(self, shapes: list[Shape]) -> None:
        super().__init__()
        self.todo = [best_layout(shape) for shape in shapes]

    def run(self, pieces: int) -> float:
        """Do the products of so many steps; there is no loss."""
        matmul, todo = np.matmul, self.todo
        for _ in range(pieces):
            for a, b, out in todo:
                matmul(a, b, out=out)
        return float("nan")


def best_layout(shape: Shape, seconds: float = 0.01) -> tuple[Any, Any, Any]:
    """Return operands and result of a product in the layout that is fastest, tried in turns."""
    m, k, n = shape
    generator = np.random.default_rng(0)
    layouts = {}
    for orders in product("CF", repeat=3):
        shapes = (m, k), (k, n), (m, n)
        layouts["".join(orders)] = tuple(
            np.asarray(generator.normal(size=size), np.float32, order=order)  # type: ignore[call-overload]
            for size, order in zip(shapes, orders)
        )
    tried = {name: partial(_product, *layout) for name, layout in layouts.items()}
    a, b, out = layouts[fastest(tried, seconds)]
    return a, b, out


def _product(a: Any, b: Any, out: Any) -> None:
    np.matmul(a, b, out=out)
