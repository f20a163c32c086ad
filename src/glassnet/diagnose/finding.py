"""A finding: something wrong with a run, its name, and the words and numbers to tell it in."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from glassnet.diagnose.vitals import Vitals

SYMMETRIC = "symmetric units"
UNSCALED = "unscaled inputs"
TOO_LARGE = "first weights too large"
TOO_HIGH = "learning rate too high"
TOO_LOW = "learning rate too low"
VANISHING = "vanishing gradient"
DEAD = "dead units"
SATURATED = "saturated units"
PENALTY = "penalty too strong"


class Finding(NamedTuple):
    """Something that is wrong: its name, the layer's place (None: the whole network), and a line about it."""

    name: str
    place: int | None
    text: str


def one(layer: Vitals) -> str:
    """Return what a layer is called: "layer 1 (Dense)"."""
    return f"layer {layer.place} ({layer.kind})"


def several(layers: Sequence[Vitals]) -> str:
    """Return what layers of one kind are called: "layer 2", "layers 2 and 4", "layers 2, 4 and 6"."""
    return f"layer{'s' * (len(layers) > 1)} {_listed([str(layer.place) for layer in layers])}"


def shares(values: Iterable[float | None]) -> str:
    """Return shares as whole percents: "61 %", "61 % and 80 %"."""
    return _listed([f"{100 * value:.0f} %" for value in values if value is not None])


def number(value: float) -> str:
    """Return three digits of a number as one writes it: "2.3", "0.000012", "12,400", "3.1e+12"."""
    if value == 0 or not 1e-9 < abs(value) < 1e9:
        return f"{value:.3g}"
    digits = 2 - math.floor(math.log10(abs(value)))
    written = f"{round(value, digits):,.{max(digits, 0)}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def percent(share: float) -> str:
    """Return a share in percent: "61 %", "0.0012 %"."""
    return f"{number(100 * share)} %"


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
