"""What a page drew last, and what it may ask about it: how it is read, and which pixels spoke for that."""

from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.nn.network import Network
from glassnet.plots.images import channels_last
from glassnet.studio import limits
from glassnet.studio.answers import Answer
from glassnet.studio.readers import Readers
from glassnet.studio.readings import Read, read
from glassnet.view import samples

Array = NDArray[Any]
Pixels = NDArray[np.uint8]


class Pad:
    """One page's: the last picture that it drew or dropped, as far as it is needed for what it asks next.

    Each method is a command, called in a thread that reads drawings. All raise ValueError, in one line.
    """

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._read: Read | None = None

    @property
    def image(self) -> Pixels:
        """The digit that is shown, as a network gets it: (28, 28)."""
        return self._known.image

    @property
    def _known(self) -> Read:
        if self._read is None:
            raise ValueError("expected a drawing first, got none")
        return self._read

    # ---- reading

    def draw(self, reader: str, picture: Pixels, several: bool = False) -> Answer:
        """Read a drawing (H, W), or (H, W, 4) with its transparency."""
        from glassnet.data import pictures

        began = perf_counter()
        flat = pictures.opaque(picture) if picture.ndim == 3 else picture
        return self._keep(began, read(reader, self._readers.get(reader), flat, 1.0, several=several))

    def photo(self, reader: str, file: Pixels, name: str = "the photo") -> Answer:
        """Read a picture file."""
        from glassnet.data import pictures
        from glassnet.data.resizing import fitted, resized

        began = perf_counter()
        picture = pictures.read(file.tobytes(), name)
        photo = resized(picture, fitted(picture.shape, limits.PICTURE))
        share = photo.shape[1] / picture.shape[1]
        found = read(reader, self._readers.get(reader), picture, share, several=True)
        return self._keep(began, found, photo=photo)

    def _keep(self, began: float, found: Read, **more: Array) -> Answer:
        found.fields["seconds"] = perf_counter() - began
        self._read = found
        return found.answer(**more)

    def part(self, digit: int) -> Answer:
        """Show the stages of another digit of the same picture."""
        known = self._known
        if digit >= len(known.stages):
            raise ValueError(f"digit: expected 0 to {len(known.stages) - 1}, got {digit}")
        self._read = replace(known, digit=digit)
        return self._read.answer()

    # ---- why

    def evidence(self, of: str, **told: Any) -> Answer:
        """Tell which pixels of the drawing, or of the sample, spoke for a class and which against it.

        Without a `class` it is the one that is named.
        """
        from glassnet import inside

        network, x, image = self._drawn() if of == "drawing" else self._sample()
        found = inside.evidence(network, x, told.get("class"))
        fields = {
            "of": of,
            "class": found.k,
            "name": found.name,
            "value": found.value,
            "probability": found.probability,
        }
        gradient, occlusion = over_pixels(found.gradient, image), over_pixels(found.occlusion, image)
        return "evidence", fields, {"gradient": gradient, "occlusion": occlusion, "image": image}

    def favourite(self, layer: int, unit: int) -> Answer:
        """Draw the image that a unit of the studio's network likes best."""
        from glassnet import inside

        shown = self._readers.shown()
        found = inside.favourite(shown.network, layer, unit, pixels=samples.pixel_range(shown.data))
        fields = {"value": found.value, "label": label_of(shown.network, layer, unit)}
        return "favourite", fields, {"image": samples.levels(shown.data, found.image)}

    def _drawn(self) -> tuple[Network, Array, Pixels]:
        known = self._known
        return self._readers.get(known.reader).network, known.image, known.image

    def _sample(self) -> tuple[Network, Array, Pixels]:
        shown = self._readers.shown()
        return shown.network, shown.sample.x, samples.pixels(shown.data, shown.sample.x)


def over_pixels(values: Array, image: Pixels) -> NDArray[np.float32]:
    """Return one number for each pixel of an image: of its colours the sum."""
    shape = values.shape if values.ndim > 1 else image.shape
    laid = channels_last(values.reshape(1, *shape), shape)
    assert laid is not None
    summed: NDArray[np.float32] = laid.reshape(*image.shape[:2], -1).sum(axis=2).astype(np.float32)
    return summed


def name_of(network: Network, k: int) -> str:
    """Return what a class is called."""
    return network.classes[k] if network.classes else str(k)


def label_of(network: Network, layer: int, unit: int) -> str:
    """Return what a unit is called: of the last layers by its class."""
    if network.classifies and layer >= len(network.body) and network.output_shape[-1] > 1:
        return f"class {name_of(network, unit)}"
    return f"unit {unit} of layer {layer} ({network.layers[layer - 1].kind})"
