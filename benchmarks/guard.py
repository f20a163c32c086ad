"""A training step must not take much longer than its matrix products: fails if it does.

For a few networks, steps of `Training` and nothing but the matrix products of such a step, on arrays that
lie as suits the BLAS best, take turns within one run. The ratio of their times must stay below MARGIN times
what was recorded in guard.json, for the same BLAS kernel or else the largest: a ratio of work, no stop-watch,
and of the processor's time, so that it holds where other programs run. A case above its bound is measured
again before it counts. One BLAS thread; exit code 1 if a case fails.

    python benchmarks/guard.py [--record]
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from time import process_time
from typing import NamedTuple

import numpy as np

import glassnet as gn
from glassnet import blas
from glassnet.training import Step
from glassnet.training.profiling import products

BOUNDS = Path(__file__).with_name("guard.json")
MARGIN = 1.5  # over what was recorded: what a busy machine and another processor may add
ATTEMPTS = 3
REPEATS, TURNS, TURN_SECONDS = 3, 15, 0.008


class Case(NamedTuple):
    """A network of 784 inputs and 10 outputs, and how it is trained."""

    hidden: tuple[int, ...]
    batch: int
    optimizer: str

    def __str__(self) -> str:
        sizes = "-".join(map(str, (784, *self.hidden, 10)))
        return f"{sizes}, batch {self.batch}, {self.optimizer}"


CASES = (
    Case((10,), 32, "sgd"), Case((128,), 32, "sgd"), Case((128,), 128, "adam"), Case((512, 512), 128, "sgd")
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--record", action="store_true", help="write guard.json anew for this kernel")
    options = parser.parse_args(arguments)
    kernel = blas.info().kernel
    print(f"{blas.info()}, 1 thread; a step over its matrix products alone")
    if options.record:
        record(
            kernel, {str(case): shown(case, median(measure(case) for _ in range(ATTEMPTS))) for case in CASES}
        )
        return 0
    held = [holds(case, bound(kernel, case)) for case in CASES]  # all of them, also after one that fails
    return 0 if all(held) else 1


def holds(case: Case, most: float) -> bool:
    """Say, and return, whether the ratio is at most so large in one of a few attempts."""
    ratios: list[float] = []
    while len(ratios) < ATTEMPTS:
        ratios.append(shown(case, measure(case), most))
        if ratios[-1] <= most:
            return True
    print(
        f"guard: {case}: a step takes {min(ratios):.2f} times as long as its matrix products, expected at"
        f" most {most:.2f}; `glassnet train --profile` shows where the time goes, and if that is meant to be"
        " so, `python benchmarks/guard.py --record` raises the bound",
        file=sys.stderr,
    )
    return False


def shown(case: Case, ratio: float, most: float | None = None) -> float:
    """Print the ratio, and return it."""
    print(f"{case!s:<32} {ratio:6.2f}" + ("" if most is None else f"  (at most {most:.2f})"), flush=True)
    return ratio


# ---- the bounds


def bound(kernel: str, case: Case) -> float:
    """Return the largest ratio that is allowed, by what was recorded for the kernel or else for any."""
    ratios = json.loads(BOUNDS.read_text(encoding="utf-8"))["ratios"]
    known = [ratios[kernel]] if kernel in ratios else ratios.values()
    return MARGIN * max(found[str(case)] for found in known)


def record(kernel: str, ratios: dict[str, float]) -> None:
    """Write down what was measured with this kernel, beside what is there for others."""
    there = json.loads(BOUNDS.read_text(encoding="utf-8"))["ratios"] if BOUNDS.exists() else {}
    how = (
        "processor time of a step over that of its matrix products, written by `python benchmarks/guard.py"
        f" --record`, once for each kernel (OPENBLAS_CORETYPE chooses it); the guard allows {MARGIN} times it"
    )
    ratios = {name: round(ratio, 3) for name, ratio in ratios.items()}
    text = json.dumps({"how": how, "ratios": {**there, kernel: ratios}}, indent=2, sort_keys=True)
    BOUNDS.write_text(text + "\n", encoding="utf-8")


# ---- measuring


def measure(case: Case, data: gn.Dataset | None = None, repeats: int = REPEATS, turns: int = TURNS) -> float:
    """Return the time of a step over that of its products: the least of some medians, each of some turns."""
    layers = [layer for units in case.hidden for layer in (gn.Dense(units), gn.ReLU())]
    network = gn.Network([*layers, gn.Dense(10)], input_shape=784, seed=0)
    run = gn.Training(
        network, data or pixels(), optimizer=case.optimizer, learning_rate=0.01, batch_size=case.batch,
        epochs=1_000_000, threads=1,
    )  # fmt: skip
    with run:
        next(run)  # the start event: from here on one thread, for both
        steps = (event for event in run if isinstance(event, Step))
        works = multiplications(network, case.batch)
        count = 1 + int(TURN_SECONDS / seconds(partial(turn, steps, works, 5)) * 5)
        return min(median(turn(steps, works, count) for _ in range(turns)) for _ in range(repeats))


def turn(steps: Iterator[Step], works: list[Callable[[], object]], count: int) -> float:
    """Make so many steps and so many rounds of products; return the ratio of their times."""
    ours = seconds(lambda: list(islice(steps, count)))
    theirs = seconds(lambda: [work() for _ in range(count) for work in works])
    return ours / theirs


def multiplications(network: gn.Network, batch: int) -> list[Callable[[], object]]:
    """Return the matrix products of a step, forward and back, each to be done into an array of its own."""
    generator = np.random.default_rng(0)
    dense = [layer for layer in network.body if isinstance(layer, gn.Dense)]
    shapes = [product for layer in dense for product in products.forward(layer, batch)]
    for layer in reversed(dense):
        shapes += products.backward(layer, batch, input_gradient=layer is not dense[0])
    return [
        partial(
            np.matmul,
            generator.random((m, k), np.float32),
            generator.random((k, n), np.float32),
            out=np.empty((m, n), np.float32),
        )
        for m, k, n in shapes
    ]


def pixels(n: int = 8192) -> gn.Dataset:
    """Return as many images of noise, labelled at random: what is in them makes no difference to the work."""
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (n, 784), np.uint8)
    return gn.Dataset.from_arrays(images, generator.integers(0, 10, n))


def seconds(work: Callable[[], object]) -> float:
    """Do the work and return how much of the processor's time it took, which that of others is no part of."""
    started = process_time()
    work()
    return process_time() - started


if __name__ == "__main__":
    sys.exit(main())
