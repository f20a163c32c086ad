"""A full-batch step of glassnet beside its two matrix products alone.

glassnet trains 784-10-10, ReLU and softmax, by plain gradient descent on 48,000 images at once (random
pixels; the time does not depend on them). The bare side computes x W₁ and xᵀ dz₁ and nothing else, from
float32 pixels that lie ready, into arrays that are there, in turns of a few steps within one run. That a step
is the whole step is shown by the losses of the first three, beside those of the same network in bare NumPy.

    python benchmarks/full_batch.py [--examples 48000] [--threads 1] [--dropout 0.2] [--json]
"""

import argparse
import json
from statistics import median
from time import perf_counter

import numpy as np
from prototype import RATE, Prototype

import glassnet as gn
from glassnet import blas
from glassnet.training import Step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=48_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    generator = np.random.default_rng(0)
    pixels = generator.integers(0, 256, (options.examples, 784), np.uint8)
    labels = generator.integers(0, 10, options.examples)
    data = gn.Dataset.from_arrays(pixels, labels, scaling=gn.Scaling(scale=1 / 255))
    hidden = [gn.Dense(10), gn.ReLU(), *([gn.Dropout(options.dropout)] if options.dropout else [])]
    network = gn.Network([*hidden, gn.Dense(10), gn.Softmax()], input_shape=784, seed=0)
    run = gn.Training(
        network, data, optimizer="sgd", learning_rate=RATE, batch_size="full", epochs=10**6,
        threads=options.threads,
    )  # fmt: skip
    bare = Prototype(network) if not options.dropout else None
    next(run)  # the start event: from here on so many threads, for both
    x = np.multiply(pixels, np.float32(1 / 255))
    W, dz = network.parameters["1.W"].copy(), generator.normal(size=(options.examples, 10)).astype(np.float32)
    z, dW = np.empty_like(dz), np.empty_like(W)

    firsts = [step(run).loss for _ in range(3)]
    same = [bare.step(x, labels) for _ in range(3)] if bare else firsts

    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(options.turns):
        started = perf_counter()
        for _ in range(options.steps):
            step(run)
        ours.append((perf_counter() - started) / options.steps)
        started = perf_counter()
        for _ in range(options.steps):
            np.matmul(x, W, out=z)
            np.matmul(x.T, dz, out=dW)
        theirs.append((perf_counter() - started) / options.steps)
    run.close()

    result = {
        "blas": str(blas.info()),
        "glassnet_ms": [1e3 * f(ours) for f in (min, median, max)],
        "products_ms": [1e3 * f(theirs) for f in (min, median, max)],
        "ratio": median(a / b for a, b in zip(ours, theirs)),
        "largest_loss_difference": max(abs(a - b) for a, b in zip(firsts, same)),
    }
    if options.json:
        print(json.dumps(result))
        return
    count = f"{options.threads} thread{'s' if options.threads > 1 else ''}"
    print(f"784-10-10, full batch of {options.examples:,}, {count}; {result['blas']}; {options.turns} turns")
    for side, name in (("glassnet", "glassnet"), ("products", "two products")):
        low, middle, high = result[f"{side}_ms"]
        print(f"{name:>14}  {middle:7.2f} ms a step (min {low:.2f}, max {high:.2f})")
    print(f"         ratio  {result['ratio']:.3f} (median of the turns' ratios)")
    print(f"        losses  of the first steps differ by at most {result['largest_loss_difference']:.1e}")


def step(run: gn.Training) -> Step:
    """Return the next step, the ends of epochs passed over."""
    return next(event for event in run if isinstance(event, Step))


if __name__ == "__main__":
    main()
