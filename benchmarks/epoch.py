"""A whole epoch of `glassnet train`, with its progress, recording and validation, beside a bare NumPy one.

784-128-10 at batch 32 with plain SGD on one BLAS thread; the two take turns, an epoch each, from the same
weights on the same batches, and their mean losses are compared. The bare side only trains: it draws
nothing, records nothing and validates nothing. Also: the time to evaluate 10,000 images.

    python benchmarks/epoch.py [--data mnist-sample] [--json]
"""

import argparse
import io
import json
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from prototype import BATCH, RATE, Prototype, batches, scaled

import glassnet as gn
from glassnet import blas
from glassnet.training import Epoch, Recorder, Terminal


class Screen(io.StringIO):
    """Takes what is drawn, as a terminal would."""

    def isatty(self) -> bool:
        return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    data = gn.data.load(options.data)
    pixels, labels = scaled(data.train), data.train.labels
    network = gn.Network([gn.Dense(128), gn.ReLU(), gn.Dense(10)], input_shape=784, seed=0)
    bare = Prototype(network)
    run = gn.Training(
        network, data, optimizer="sgd", learning_rate=RATE, batch_size=BATCH, epochs=options.turns, threads=1
    )
    ours: list[float] = []
    theirs: list[float] = []
    differences: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        callbacks = (Recorder(Path(folder) / "history.jsonl"), Terminal(Screen()))
        for turn in range(options.turns):
            started = perf_counter()
            for event in run:
                for hear in callbacks:
                    hear(event, run)
                if isinstance(event, Epoch):
                    break
            ours.append(perf_counter() - started)
            started = perf_counter()
            total = sum(bare.step(pixels[i], labels[i]) * len(i) for i in batches(len(labels), turn))
            theirs.append(perf_counter() - started)
            differences.append(abs(total / len(labels) - event.loss))
        for event in run:
            for hear in callbacks:
                hear(event, run)

    many = data.test if len(data.test) >= 10_000 else data.train
    with blas.limit(1):
        times = [evaluation(network, many) for _ in range(9)]
    result = {
        "blas": str(blas.info()),
        "glassnet_s": [min(ours), median(ours), max(ours)],
        "prototype_s": [min(theirs), median(theirs), max(theirs)],
        "ratio": median(a / b for a, b in zip(ours, theirs)),
        "largest_loss_difference": max(differences),
        "evaluation_ms": 1e3 * median(times),
        "evaluated": len(many),
    }
    if options.json:
        print(json.dumps(result))
        return
    print(f"784-128-10, batch {BATCH}, SGD, 1 thread; {result['blas']}; {options.turns} epochs")
    for side in ("glassnet", "prototype"):
        low, middle, high = result[f"{side}_s"]
        print(f"{side:>10}  {middle:.3f} s an epoch (min {low:.3f}, max {high:.3f})")
    print(f"     ratio  {result['ratio']:.3f} (median of the turns' ratios)")
    print(f"    losses  differ by at most {result['largest_loss_difference']:.2e}")
    print(f"evaluation  {result['evaluation_ms']:.1f} ms for {len(many):,} images")


def evaluation(network: gn.Network, split: gn.Split) -> float:
    """Return the seconds that measuring loss and accuracy on a part takes."""
    started = perf_counter()
    gn.evaluate(network, split)
    return perf_counter() - started


if __name__ == "__main__":
    main()
