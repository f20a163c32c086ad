"""Test images for a network to be asked about: a hundred, by a seed, of data that it was not trained on."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import load
from glassnet.data.drawing import SIDE
from glassnet.data.loading import SAMPLE
from glassnet.data.sources import DataUnavailable
from glassnet.demo.models import Model

COUNT = 100
SEEDS = 2**31
CALLED = {
    "mnist": "MNIST", "fashion-mnist": "Fashion-MNIST", "kmnist": "KMNIST",
    SAMPLE: "the MNIST digits inside the package",
}  # fmt: skip
SEEN = "They are among MNIST's training images, which this network was trained on: it does better on them."
MAYBE_SEEN = (
    "They are among MNIST's training images: if this network was trained on those, it does better on them."
)


@dataclass(frozen=True)
class Hundred:
    """Images (N, 28, 28), as bytes and as they are asked about, and the names of their classes.

    `said` is which they are, `note` what to keep in mind.
    """

    pixels: NDArray[np.uint8]
    inputs: NDArray[Any]
    labels: list[str]
    said: str
    note: str = ""


@dataclass(frozen=True)
class Part:
    """The part of a set that a network is judged on; its images (N, 28, 28)."""

    name: str
    part: str
    inputs: NDArray[Any]
    labels: NDArray[Any]
    classes: tuple[str, ...]


def hundred(model: Model, seed: int) -> Hundred:
    """Return a hundred images that are chosen by the seed, the same for the same seed.

    A network of digits gets MNIST's test images if they are at hand, else those inside the package; another
    one those of the data that it was trained on. Raises ValueError if these are not at hand.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < SEEDS:
        raise ValueError(f"seed: expected a whole number of 0 to {SEEDS - 1:,}, got {seed!r}")
    part = _part(model)
    known = [k for k, name in enumerate(part.classes) if name in model.reader.classes]
    may = np.flatnonzero(np.isin(part.labels, known))
    chosen = np.random.default_rng(seed).permutation(may)[:COUNT]
    inputs = part.inputs[chosen]
    whole = CALLED.get(part.name, part.name)
    said = f"{len(chosen)} of the {len(may):,} {part.part} images of {whole}, chosen by seed {seed}"
    notes = {"mnist": SEEN, None: MAYBE_SEEN} if part.name == SAMPLE else {}
    note = notes.get(model.notes.get("data"), "")
    labels = [part.classes[k] for k in part.labels[chosen]]
    return Hundred(_pixels(inputs), inputs, labels, said, note)


def _part(model: Model) -> Part:
    if model.names_digits:
        try:
            return _loaded("mnist", None, ())
        except DataUnavailable:
            return _loaded(SAMPLE, None, ())
    name = model.notes.get("data")
    if not isinstance(name, str):
        raise ValueError(
            f"{model.name}: expected the name of the data that it was trained on, to take test images from"
            " them, got a model that does not say it"
        )
    shares = tuple((key, model.notes[key]) for key in ("validation", "test", "seed") if key in model.notes)
    try:
        return _loaded(name, tuple(model.reader.classes), shares)
    except DataUnavailable:
        raise ValueError(
            f"{model.name}: expected {name}, which it was trained on, to be at hand: glassnet data get {name}"
        ) from None
    except (ValueError, OSError) as error:
        raise ValueError(
            f"{model.name}: expected the data that it was trained on, for test images: {error}"
        ) from None


@lru_cache(maxsize=4)
def _loaded(name: str, classes: tuple[str, ...] | None, shares: tuple[tuple[str, Any], ...]) -> Part:
    data = load(name, classes=classes, download=False, **{"validation": 0, **dict(shares)})
    part, split = data.judged
    shape = tuple(n for n in data.shape if n != 1)
    if data.classes is None or shape not in ((SIDE, SIDE), (SIDE * SIDE,)):
        raise ValueError(f"{name}: expected images of {SIDE}×{SIDE} in classes, got {data.shape}")
    return Part(data.name, part, split.images.reshape(-1, SIDE, SIDE), split.labels, data.classes)


def _pixels(images: NDArray[Any]) -> NDArray[np.uint8]:
    return images if images.dtype == np.uint8 else np.clip(np.rint(images), 0, 255).astype(np.uint8)
