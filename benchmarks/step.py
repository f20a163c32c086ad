"""A training step of glassnet beside the same step written bare in NumPy.

Both sides train 784-128-10 at batch 32 with plain SGD on one BLAS thread, from the same weights on the same
batches, in turns of 100 steps within one run; their losses are compared to show that they did the same work.
glassnet's step is everything it does: batch taken out of uint8 pixels and scaled, forward, loss, accuracy,
backward, update, event. The prototype has its pixels already scaled in float32, and counts no accuracy.

    python benchmarks/step.py [--data mnist-sample] [--json]
"""

import argparse
import json
from collections.abc import Callable, Iterator
from itertools import chain, count, islice
from statistics import median
from time import perf_counter

from prototype import BATCH, RATE, Prototype, batches, scaled

import glassnet as gn
from glassnet import blas
from glassnet.training import Step

TURN = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    data = gn.data.load(options.data, validation=0)
    pixels, labels = scaled(data.train), data.train.labels
    network = gn.Network([gn.Dense(128), gn.ReLU(), gn.Dense(10)], input_shape=784, seed=0)
    bare = Prototype(network)
    run = gn.Training(
        network, data, optimizer="sgd", learning_rate=RATE, batch_size=BATCH, epochs=1000, threads=1
    )
    next(run)  # the start event: from here on one thread, for both

    bare_batches = chain.from_iterable(batches(len(labels), epoch) for epoch in count())
    ours: list[float] = []
    theirs: list[float] = []
    losses: list[tuple[float, float]] = []
    for _ in range(options.turns):
        seconds, mine = timed(lambda: [e.loss for e in steps(run, TURN)])
        ours.append(seconds)
        seconds, bares = timed(lambda: [bare.step(pixels[i], labels[i]) for i in islice(bare_batches, TURN)])
        theirs.append(seconds)
        losses.append((sum(mine) / TURN, sum(bares) / TURN))
    run.close()

    result = {
        "blas": str(blas.info()),
        "glassnet_us": microseconds(ours),
        "prototype_us": microseconds(theirs),
        "ratio": median(a / b for a, b in zip(ours, theirs)),
        "last_loss": {"glassnet": losses[-1][0], "prototype": losses[-1][1]},
        "largest_loss_difference": max(abs(a - b) for a, b in losses),
    }
    if options.json:
        print(json.dumps(result))
        return
    print(
        f"784-128-10, batch {BATCH}, SGD, 1 thread; {result['blas']}; {options.turns} turns of {TURN} steps"
    )
    for side in ("glassnet", "prototype"):
        low, middle, high = result[f"{side}_us"]
        print(f"{side:>10}  {middle:7.1f} us a step (min {low:.1f}, max {high:.1f})")
    print(f"     ratio  {result['ratio']:.3f} (median of the turns' ratios)")
    print(f"    losses  differ by at most {result['largest_loss_difference']:.2e} over a turn")


def steps(run: gn.Training, n: int) -> Iterator[Step]:
    """Yield the next `n` steps, the ends of epochs between them passed over."""
    return islice((event for event in run if isinstance(event, Step)), n)


def timed(work: Callable[[], list[float]]) -> tuple[float, list[float]]:
    """Run the work and return its seconds and its result."""
    started = perf_counter()
    result = work()
    return perf_counter() - started, result


def microseconds(seconds: list[float]) -> tuple[float, ...]:
    """Return the least, median and greatest time of a step."""
    return tuple(1e6 / TURN * f(seconds) for f in (min, median, max))


if __name__ == "__main__":
    main()
