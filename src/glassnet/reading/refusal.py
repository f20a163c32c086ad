"""When nothing is named: by what the ink is, in plain rules, and by how sure the network is.

A network divides its answer among the classes whatever it is shown. What is blank, a dot or a line is told
from the ink itself. For the rest there are the logits: their height says whether there is anything of a
digit, the largest probability whether it is of one digit.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glassnet.reading.segments import corner, cross, may_be_digit, two_strokes
from glassnet.reading.shape import Shape, measure

if TYPE_CHECKING:
    from glassnet.data.drawing import Drawn

Array = NDArray[Any]

LIMITS: dict[str, float] = {
    "probability": 0.5,  # of the likeliest class, at least
    "energy": -1e9,  # log Σ exp z, at least
    "lean": 40.0,  # degrees to the right that a stroke may lean and be a 1
    "lean_left": 25.0,  # and to the left
}
"""For any network of digits; a model file's notes have those of its own, under `refusal`."""

BLANK = 30  # of 255: fainter is no ink
SPECK = 6  # pixels: too small to be anything
STRAIGHT = 0.14  # bend of a line at most
DOT, LONG = 0.95, 1.8  # a dot is that solid and less long than that for its width; a line is longer
MARKED = 64  # of 255: where ink of one mark is joined
PART = 0.04  # of the ink: a piece that counts
# The share of the ink by which two straight strokes may miss it; more, of a cross or a corner.
MISSED, PLAIN_MISSED = 0.17, 0.25


def why(drawn: "Drawn", z: Array, limits: Mapping[str, float] | None = None) -> str | None:
    """Return why nothing is named, or None if the digit with the largest of the logits `z` (K,) is.

    "blank", "dot" and "line" go by the ink; "none" is like no digit, "unsure" like several. `limits` replace
    those of `LIMITS`.
    """
    limits = {**LIMITS, **(limits or {})}
    return by_ink(drawn.stages.cropped, drawn.stages.image, limits) or by_logits(z, limits)


def by_ink(cropped: Array, image: Array, limits: Mapping[str, float] = LIMITS) -> str | None:
    """Say what ink (h, w), which as MNIST has it is `image` (28, 28), is if it is plainly no digit."""
    if not cropped.size or cropped.max() < BLANK:
        return "blank"
    if max(cropped.shape) <= SPECK:
        return "dot"
    shape = measure(cropped)
    assert shape is not None
    if _is_dot(shape):
        return "dot"
    if _are_marks(cropped):
        return "line"
    if _is_line(shape):
        return None if -limits["lean_left"] <= shape.lean <= limits["lean"] else "line"
    return "line" if _are_two_strokes(image) else None


def by_logits(z: Array, limits: Mapping[str, float] = LIMITS) -> str | None:
    """Say whether logits (K,) speak for no digit, or for several."""
    height = energy(z)
    if height < limits["energy"]:
        return "none"
    return "unsure" if np.exp(z.max() - height) < limits["probability"] else None


def energy(z: Array) -> Array:
    """log Σₖ exp zₖ of logits (…, K): what the classes have in all (Liu et al. 2020, arXiv:2010.03759)."""
    z = np.asarray(z, np.float64)
    peak = z.max(axis=-1)
    height: Array = peak + np.log(np.exp(z - peak[..., None]).sum(axis=-1))
    return height


def _is_dot(shape: Shape) -> bool:
    return shape.solid > DOT and shape.length < LONG * shape.width


def _is_line(shape: Shape) -> bool:
    return shape.bend < STRAIGHT and shape.length >= LONG * shape.width


def _are_marks(cropped: Array) -> bool:
    """Whether ink (h, w) is several marks beside each other, all of them lines or dots."""
    from glassnet.data.components import components

    parts = components(cropped > MARKED)
    kept = [k for k in range(len(parts.areas)) if parts.areas[k] > PART * parts.areas.sum()]
    if len(kept) < 2:
        return False
    shapes = (measure(np.where(parts.labels == k + 1, cropped, 0)) for k in kept)
    return all(shape is not None and (_is_line(shape) or _is_dot(shape)) for shape in shapes)


def _are_two_strokes(image: Array) -> bool:
    """Whether it is two straight strokes, not as in a 7 or a 1."""
    found = two_strokes(image)
    if found is None or may_be_digit(found[0], found[1]):
        return False
    plain = cross(found[0], found[1]) or corner(found[0], found[1])
    return found[2] < (PLAIN_MISSED if plain else MISSED)
