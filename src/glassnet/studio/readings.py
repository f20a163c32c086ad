"""What a page is told of a picture that was read: its digits, and what each of them became."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.resizing import fitted, resized
from glassnet.studio import limits
from glassnet.studio.answers import Answer
from glassnet.studio.readers import called

if TYPE_CHECKING:
    from glassnet.reading import Reader, Reading

Array = NDArray[Any]
STAGES = ("grey", "ink", "cropped", "scaled")


@dataclass(frozen=True)
class Read:
    """One picture as it was read: `fields` are what was told of it, `stages` of each digit what it became.

    `digit` is the number of the one that is shown.
    """

    reader: str
    fields: dict[str, Any]
    images: NDArray[np.uint8]
    stages: list[dict[str, Array]]
    digit: int = 0

    @property
    def image(self) -> NDArray[np.uint8]:
        """The digit that is shown, as a network gets it: (28, 28)."""
        image: NDArray[np.uint8] = self.images[self.digit]
        return image

    def answer(self, **more: Array) -> Answer:
        """Return the message about the picture, with the stages of the digit that is shown."""
        arrays = {"images": self.images, **self.stages[self.digit], **more}
        return "reading", {**self.fields, "shown": self.digit}, arrays


def read(
    name: str, reader: "Reader", picture: Array, share: float, *, several: bool, stage: int = limits.STAGE
) -> Read:
    """Read a picture. Boxes are told in pixels of one that is `share` as large, stages are `stage` a side."""
    readings = reader.read(picture, several=several)[: limits.DIGITS]
    fields = {
        "reader": name,
        "network": called(name, reader.network),
        "classes": reader.classes,
        "digits": [_digit(reading, share) for reading in readings],
    }
    images = np.stack([reading.image for reading in readings])
    small: dict[int, Array] = {}  # digits of one picture share its first stages
    return Read(name, fields, images, [_stages(reading, small, stage) for reading in readings])


def _digit(reading: "Reading", share: float) -> dict[str, Any]:
    return {
        "box": [round(place * share) for place in reading.box],
        "name": reading.name,
        "why": reading.why,
        "said": reading.said,
        "probabilities": [float(p) for p in reading.probabilities],
    }


def _stages(reading: "Reading", small: dict[int, Array], side: int) -> dict[str, Array]:
    """The stages of a digit, each small enough to be sent and kept; `small` has those that were made so."""
    whole = {name: getattr(reading.stages, name) for name in STAGES}
    for stage in whole.values():
        if id(stage) not in small:
            small[id(stage)] = resized(stage, fitted(stage.shape, side))
    return {name: small[id(stage)] for name, stage in whole.items()}
