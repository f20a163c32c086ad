"""What a network reads in a drawing: a digit, or why it names none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.drawing import LARGEST, SIDE, Drawn, Stages, find
from glassnet.data.ink import grey_of
from glassnet.data.resizing import fitted, resized
from glassnet.nn.network import Network
from glassnet.nn.scaling import PIXELS
from glassnet.reading import refusal

Array = NDArray[Any]

WORDS = {
    "blank": "not a digit: nothing is drawn",
    "dot": "not a digit: a dot",
    "line": "not a digit: straight lines",
    "unsure": "unsure: it is like more than one digit",
    "none": "not a digit: it is like none of them",
}


@dataclass(frozen=True)
class Reading:
    """What was read: where, from which stages, the probabilities (K,) and logits (K,), and the name.

    `name` is the class, None if it is refused; then `why` says why: "blank", "dot", "line", "unsure" or
    "none". `said` is one plain line. Of a blank there are no stages but empty ones.
    """

    box: tuple[int, int, int, int]
    stages: Stages
    image: Array
    probabilities: Array
    logits: Array
    name: str | None
    why: str | None
    said: str


class Reader:
    """Reads drawings with a network of classes whose inputs are 28×28 grey images.

    `notes` are those of its model file: `notes["refusal"]` has the limits of what it refuses. Raises
    ValueError for another network.
    """

    def __init__(self, network: Network, notes: Mapping[str, Any] | None = None) -> None:
        notes = notes or {}
        if reason := cannot_read(network, notes):
            raise ValueError(f"expected a network of classes that reads images of 28×28, got {reason}")
        self.network = network
        self.classes = list(network.classes or map(str, range(max(network.output_shape[-1], 2))))
        self._limits = notes.get("refusal") or {}

    def read(self, picture: Array, *, several: bool = True) -> list[Reading]:
        """Return what is in a picture (H, W) or (H, W, 3) of uint8, from left to right; never nothing.

        Of a picture without ink it is one reading whose `why` is "blank". Raises ValueError for an array that
        is no picture, and for more than 400 digits.
        """
        drawn = find(picture, several=several)
        if not drawn:
            return [self._of_blank(picture)]
        return self.name(drawn)

    def name(self, drawn: list[Drawn]) -> list[Reading]:
        """Return what the network says of each."""
        images = np.stack([one.stages.image for one in drawn])
        return [self._judged(*one) for one in zip(drawn, *self._answers(images))]

    def _answers(self, images: Array) -> tuple[Array, Array]:
        """The logits and the probabilities (n, K) of images (n, 28, 28), by one trip forward."""
        with np.errstate(all="ignore"):
            logits = self.network.outputs(images)
            return logits, self.network.meaning.probabilities(logits)

    def _judged(self, drawn: Drawn, z: Array, p: Array) -> Reading:
        why = refusal.why(drawn, z, self._limits) if np.isfinite(z).all() else "unsure"  # one that diverged
        name = self.classes[int(p.argmax())] if why is None else None
        said = f"{name} ({p.max():.1%})" if why is None else WORDS[why]
        return Reading(drawn.box, drawn.stages, drawn.stages.image, p, z, name, why, said)

    def _of_blank(self, picture: Array) -> Reading:
        empty = np.zeros((SIDE, SIDE), np.uint8)
        nothing = np.zeros((1, 1), np.uint8)
        grey = grey_of(resized(picture, fitted(picture.shape, LARGEST)))
        stages = Stages(grey, np.zeros_like(grey), nothing, nothing, empty)
        (z,), (p,) = self._answers(empty[None])
        box = 0, 0, picture.shape[1], picture.shape[0]
        return Reading(box, stages, empty, p, z, None, "blank", WORDS["blank"])


def cannot_read(network: Network, notes: Mapping[str, Any]) -> str | None:
    """Say why a network cannot be asked to read drawings; None if it can."""
    if not network.classifies:
        return "one that answers with values"
    shape = tuple(n for n in network.input_shape if n != 1)
    if shape not in ((SIDE, SIDE), (SIDE * SIDE,)):
        return f"inputs {network.input_shape}"
    if "table" in notes:
        return "one that reads columns of a table"
    if network.scaling is not None and network.scaling != PIXELS:
        return f"inputs scaled as {network.scaling}"
    return None
