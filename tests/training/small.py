"""Small sets and networks, which train in a moment, and what tests ask of a run."""

from dataclasses import replace
from typing import Any

import numpy as np

from glassnet.data import Dataset
from glassnet.nn import Dense, Layer, Network, ReLU
from glassnet.training import Epoch, Event, Training

CLOCKS = ("seconds", "validation_seconds")


def blobs(n: int = 50, classes: int = 3, validation: float = 0.2, seed: int = 0) -> Dataset:
    """Points of 4 features around a centre for each class: of 50, 40 to train, 10 to validate; 12 to test."""
    generator = np.random.default_rng(seed)
    centres = 3 * generator.normal(size=(classes, 4))
    labels = generator.permutation(np.arange(n + 12) % classes)
    points = (centres[labels] + generator.normal(size=(n + 12, 4))).astype(np.float32)
    whole = Dataset.from_arrays(points[:n], labels[:n], (points[n:], labels[n:]), name="blobs")
    return whole.split(validation)


def network(*body: Layer, outputs: int = 3, **options: Any) -> Network:
    return Network([*(body or (Dense(8), ReLU())), Dense(outputs)], 4, **options)


def training(net: Network | None = None, data: Any = None, **settings: Any) -> Training:
    """A run of 2 epochs of 3 steps: batches of 16, 16 and 8."""
    usual = {"epochs": 2, "batch_size": 16, "learning_rate": 0.05, "threads": 1}
    return Training(net or network(), blobs() if data is None else data, **{**usual, **settings})


def kinds(events: list[Event]) -> list[str]:
    return [event.kind for event in events]


def bits(net: Network) -> bytes:
    """All that training changes in a network."""
    return net.parameters.vector.tobytes() + net.state.vector.tobytes()


def timeless(event: Event) -> Event:
    """The event without what a clock measured."""
    return replace(event, **{name: 0.0 for name in CLOCKS if hasattr(event, name)})


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> float:
    """The mean of −log softmax(z)ᵧ, computed afresh in float64."""
    z = np.asarray(logits, np.float64)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return float(-np.log(p[np.arange(len(z)), labels]).mean())


def epochs(events: list[Event]) -> list[Epoch]:
    return [event for event in events if isinstance(event, Epoch)]


def steps(events: list[Event]) -> list[Any]:
    return [event for event in events if event.kind == "step"]
