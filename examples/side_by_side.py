"""What in_pytorch.py and in_keras.py share: digits, the order of the batches, the table and the picture."""

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import glassnet as gn
from glassnet.plots import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RATES = {"momentum": 0.05, "nesterov": 0.05, "adam": 0.001}
COLOURS = {"float64": style.BLUE, "float32": style.ORANGE}


@dataclass(frozen=True)
class Task:
    """What both sides are given: pixels of 0 to 1, class numbers, and how to learn."""

    x: np.ndarray  # (N, 784)
    y: np.ndarray  # (N,)
    test: np.ndarray  # (M, 784)
    optimizer: str
    rate: float
    epochs: int
    batch: int = 32

    def order(self, epoch: int) -> np.ndarray:
        """In which order an epoch, counted from 0, takes the digits."""
        return np.random.default_rng([7, epoch]).permutation(len(self.y))


@dataclass(frozen=True)
class Outcome:
    """Of each side the loss of every step, its weights at the end and the digits it read in the test part."""

    losses: tuple[list[float], list[float]]
    weights: tuple[list[np.ndarray], list[np.ndarray]]
    answers: tuple[np.ndarray, np.ndarray]

    def apart(self) -> np.ndarray:
        """How far apart the two losses of each step are."""
        here, there = map(np.array, self.losses)
        if len(here) < len(there):
            raise SystemExit(f"glassnet diverged after {len(here)} steps: expected a lower learning rate")
        return np.abs(here - there)


def compare(
    name: str,
    both: Callable[[Task], Outcome],
    in_glassnet: Callable[[gn.Network, Task], list[float]],
    optimizers: tuple[str, ...] = tuple(RATES),
) -> None:
    """Let `both` sides learn in float64 and in float32; print their losses, and draw them."""
    given = asked(name, optimizers)
    try:
        data = gn.data.load(given.data, validation=0)
    except (OSError, ValueError) as error:
        raise SystemExit(f"--data: {error}") from None
    rate = given.learning_rate or RATES[given.optimizer.removeprefix("keras-")]
    labels = data.train.labels.astype(np.int64)
    print(f"784-128-10, {len(labels):,} digits, batches of 32; {given.optimizer}, learning rate {rate:g}\n")
    outcomes, controls = {}, {}
    for dtype in COLOURS:
        x, test = (pixels(part, dtype) for part in (data.train, data.test))
        task = Task(x, labels, test, given.optimizer, rate, given.epochs)
        outcomes[dtype] = both(task)
        controls[dtype] = itself(task, in_glassnet, outcomes[dtype].losses[0])
    print_table(name, outcomes, given.epochs, data.test.labels)
    print("\nglassnet beside itself, the pixels in another order: ", end="")
    print(", ".join(f"{apart.max():.1e} apart in {dtype}" for dtype, apart in controls.items()))
    with style.drawing():
        style.save(drawn(name, outcomes, controls, given.epochs), given.out)
    print(f"Both curves, and how far apart they are: {given.out}")


def asked(name: str, optimizers: tuple[str, ...]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=f"The same network in glassnet and in {name}.")
    parser.add_argument("--data", default="mnist-sample", choices=["mnist-sample", "mnist"])
    parser.add_argument("--optimizer", default="momentum", choices=optimizers)
    parser.add_argument("--learning-rate", type=float, help="0.05; of Adam 0.001")
    parser.add_argument("--epochs", default=10, type=int, help="10")
    parser.add_argument("--out", default=f"in_{name.lower()}.png", type=Path, help="the picture")
    given = parser.parse_args()
    rate = given.learning_rate
    if given.epochs < 1:
        raise SystemExit(f"--epochs: expected at least 1, got {given.epochs}")
    if rate is not None and not 0 < rate < math.inf:
        raise SystemExit(f"--learning-rate: expected a number above 0, got {rate:g}")
    if not given.out.parent.is_dir():
        raise SystemExit(f"--out: expected a file in a folder that is there, found no {given.out.parent}")
    return given


def pixels(part: gn.Split, dtype: str) -> np.ndarray:
    """Return images as rows of 0 to 1 (N, 784)."""
    return part.images.reshape(-1, 784) * np.dtype(dtype).type(1 / 255)


def itself(
    task: Task, in_glassnet: Callable[[gn.Network, Task], list[float]], first: list[float]
) -> np.ndarray:
    """How far apart two runs of glassnet are that differ only in the order in which sums are added up.

    The pixels come in another order, and so do the rows of W: the same sums of the same numbers.
    """
    order = np.random.default_rng(0).permutation(784)
    net = gn.Network([gn.Dense(128), gn.ReLU(), gn.Dense(10)], input_shape=784, dtype=task.x.dtype)
    net.layers[0].W[...] = net.layers[0].W[order]
    return np.abs(np.subtract(first, in_glassnet(net, replace(task, x=task.x[:, order]))))


def print_table(name: str, outcomes: dict[str, Outcome], epochs: int, labels: np.ndarray) -> None:
    """Print the mean loss of each epoch, and by how much the losses of its steps differ at the most."""
    print(("       " + "".join(f"{dtype:<38}" for dtype in outcomes)).rstrip())
    print("epoch  " + (f"{'glassnet':<13}{name:<13}{'apart':<12}" * len(outcomes)).rstrip())
    for epoch in range(epochs):
        cells = ""
        for outcome in outcomes.values():
            lists = (*outcome.losses, outcome.apart())
            here, there, apart = (np.array_split(each, epochs)[epoch] for each in lists)
            cells += f"{here.mean():<13.9f}{there.mean():<13.9f}{apart.max():<12.1e}"
        print(f"{epoch + 1:<7}{cells}".rstrip())
    for dtype, outcome in outcomes.items():
        weights = max(np.abs(a - b).max() for a, b in zip(*outcome.weights))
        right = " and ".join(f"{np.mean(answers == labels):.4f}" for answers in outcome.answers)
        others = np.sum(outcome.answers[0] != outcome.answers[1])
        print(
            f"\n{dtype}: losses at most {outcome.apart().max():.1e} apart, weights in the end {weights:.1e};"
        )
        print(f"         test accuracy {right}, {others} of {len(labels):,} answers differ")


def drawn(name: str, outcomes: dict[str, Outcome], controls: dict[str, np.ndarray], epochs: int) -> "Figure":
    """Both curves one on the other, and under them how far apart they are."""
    note = "below: how far apart they are · grey: glassnet beside itself, its pixels in another order"
    figure, _ = style.page(8.0, 5.8, f"The loss of each step in glassnet and in {name}", note)
    upper, lower = style.panel(figure, 0.95, 1.0, 5.9, 2.0), style.panel(figure, 0.95, 3.3, 5.9, 1.9)
    here, there = outcomes["float32"].losses
    epoch = np.arange(1, len(here) + 1) / len(here) * epochs
    upper.plot(epoch, here, color="#9ecae1", linewidth=3.2)
    upper.plot(epoch, there, color=style.INK, linewidth=0.6)
    legends = (
        (upper, [("glassnet", "#4a90c4"), (name, style.INK), ("(float32)", style.QUIET)]),
        (lower, [*COLOURS.items(), ("itself", "#909090")]),
    )
    for axes, lines in legends:
        for line, (words, colour) in enumerate(lines):
            axes.text(1.02, 0.92 - 0.1 * line, words, color=colour, transform=axes.transAxes)
    for dtype, outcome in outcomes.items():
        for apart, colour in ((controls[dtype], "#b0b0b0"), (outcome.apart(), COLOURS[dtype])):
            seen = apart > 0
            lower.plot(epoch[seen], apart[seen], ".", markersize=2, color=colour)
    for axes, form, words in ((upper, "{x:g}", "loss"), (lower, "{x:.0e}", "apart")):
        axes.set(yscale="log", ylabel=words, xlim=(0, epochs))
        axes.minorticks_off()
        axes.yaxis.set_major_formatter(form)
    upper.tick_params(labelbottom=False)
    lower.set_xlabel("epoch")
    return figure
