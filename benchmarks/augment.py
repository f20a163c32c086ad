"""How many images a second are distorted: batches of 1,000, and within the batches of training.

In turns with a plain copy of the same batch, which shows how busy the machine is; medians. One thread. What
training takes of it is the time that `Augment` spends within the steps of the recipe `drawing`.

    env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE OPENBLAS_NUM_THREADS=1 python benchmarks/augment.py [--json]
"""

import argparse
import json
from statistics import median
from time import perf_counter

import numpy as np

import glassnet as gn
from glassnet.data.augment import Augment
from glassnet.nn import Dense, Network, ReLU, Softmax


def digits(n: int) -> np.ndarray:
    """Images (n, 28, 28) of the sample that comes with glassnet."""
    images = np.asarray(gn.data.load("mnist-sample", validation=0).train.images)
    return images[np.arange(n) % len(images)]


def alone(batch: int, turns: int) -> dict[str, float]:
    """Images a second of the augmentation and of a copy, one after the other."""
    images, augment, generator = digits(batch), Augment(), np.random.default_rng(0)
    out, seconds = np.empty_like(images), {"augment": [], "copy": []}
    for _ in range(turns):
        for name, work in (
            ("augment", lambda: augment(images, generator)),
            ("copy", lambda: np.copyto(out, images)),
        ):
            started = perf_counter()
            work()
            seconds[name].append(perf_counter() - started)
    return {name: batch / median(times) for name, times in seconds.items()} | {
        "best": batch / min(seconds["augment"])
    }


class Timed:
    """An augmentation that notes how long it took for each batch."""

    def __init__(self) -> None:
        self.augment, self.rates = Augment(), []

    def __call__(self, images: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        started = perf_counter()
        distorted = self.augment(images, generator)
        self.rates.append(len(images) / (perf_counter() - started))
        return distorted


def in_training(batch: int) -> dict[str, float]:
    """Images a second of the augmentation within training steps, and of the training as a whole."""
    timed = Timed()
    layers = [Dense(800), ReLU(), Dense(400), ReLU(), Dense(10), Softmax()]
    data = gn.data.load("mnist-sample", validation=0)
    network = Network(layers, 784, scaling=data.scaling, classes=data.classes)
    started = perf_counter()
    run = gn.Training(
        network, data, batch_size=batch, epochs=4, optimizer="nesterov", augment=timed, threads=1
    )
    run.fit(progress=False)
    whole = 4 * len(data.train) / (perf_counter() - started)
    full = timed.rates[2:]  # the first make the arrays
    return {"augment": median(full), "best": max(full), "training": whole}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = {
        "batches of 1,000": alone(1000, options.turns),
        "batches of 192": alone(192, options.turns),
        "in training, batches of 192": in_training(192),
    }
    if options.json:
        print(json.dumps(found))
        return
    for name, rates in found.items():
        print(
            f"{name:30}" + "  ".join(f"{what} {rate:12,.0f}" for what, rate in rates.items()) + "  images/s"
        )


if __name__ == "__main__":
    main()
