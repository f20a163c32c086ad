"""LiveView: how fast a run trains before it, beside a plain loop over the same steps.

784-128-10 at batch 32 on one BLAS thread, in turns; after each turn a plain `for event in run` makes the same
steps, and the parameters must be the same bits. Without a notebook nobody looks; in a cell of JupyterLab

    %run benchmarks/live_view.py

shows the view and waits for its page, which draws on the same machine:

    python benchmarks/live_view.py [--data mnist-sample] [--turns 7] [--seconds 3]
"""

import argparse
import os
import time
from statistics import median
from time import perf_counter, process_time

import numpy as np

import glassnet as gn
from glassnet.notebook import LiveView
from glassnet.training import Training

SETTLE = 0.5  # seconds of training before its speed is measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=3.0, help="of training, a turn")
    options = parser.parse_args()
    data = gn.data.load(options.data)
    view, plain = LiveView(new_run(data)), new_run(data)
    if seen := show(view):
        time.sleep(3)
    ratios, alone = [], []
    for _ in range(options.turns):
        ours = watched(view, options.seconds)
        alone.append(caught_up(plain, view.run))
        ratios.append(ours / alone[-1])
    same = np.array_equal(plain.network.parameters.vector, view.network.parameters.vector)
    who = "a page that draws" if seen else "no page"
    low, high = min(ratios), max(ratios)
    print(
        f"{os.cpu_count()} cores, {options.data}, {who}: {median(alone):,.0f} steps a second in a plain loop"
    )
    print(f"with the view {median(ratios):.1%} of that ({low:.1%} to {high:.1%}); the same bits: {same}")
    view.close()


def new_run(data: gn.Dataset) -> Training:
    net = gn.Network([gn.Dense(128), gn.ReLU(), gn.Dense(10)], input_shape=784)
    return gn.Training(net, data, optimizer="sgd", learning_rate=0.05, epochs=10_000, threads=1)


def show(view: LiveView) -> bool:
    """Show the view where this is a cell; whether it is."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        return False
    if get_ipython() is None:
        return False
    display(view)
    return True


def watched(view: LiveView, seconds: float) -> float:
    """Let the view train for a while; return its steps a second."""
    view.start()
    time.sleep(SETTLE)
    started, first = perf_counter(), view.run.step
    time.sleep(seconds)
    rate = (view.run.step - first) / (perf_counter() - started)
    view.pause()
    rest()
    return rate


def rest() -> None:
    """Wait until nothing is done any more: a run that stands judges the points of its past."""
    busy = 1.0
    while busy > 0.2:
        before = process_time()
        time.sleep(0.25)
        busy = (process_time() - before) / 0.25


def caught_up(plain: Training, other: Training) -> float:
    """Make the steps that the other has made; return how many a second."""
    started, first = perf_counter(), plain.step
    while plain.step < other.step:
        next(plain)
    return (plain.step - first) / (perf_counter() - started)


if __name__ == "__main__":
    main()
