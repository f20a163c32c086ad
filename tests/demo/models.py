"""Small networks in files, for tests of the demo."""

from pathlib import Path
from typing import Any

from glassnet import Dense, Network, files
from glassnet.nn.activations import ReLU, Softmax
from glassnet.nn.scaling import PIXELS

DIGITS = tuple("0123456789")


def network(classes: tuple[str, ...] = DIGITS, inputs: int = 784) -> Network:
    """Of random weights: it is wrong about most images."""
    layers = [Dense(12), ReLU(), Dense(len(classes)), Softmax()]
    return Network(layers, inputs, loss="cross_entropy", scaling=PIXELS, classes=classes)


def saved(folder: Path, made: Network | None = None, **notes: Any) -> str:
    """Write a run's folder with a model, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    files.save(made or network(), folder / "model.npz", notes)
    return str(folder)
