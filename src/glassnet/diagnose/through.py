"""Findings about what comes through the layers: units alike, dead or saturated, and too little gradient."""

from itertools import pairwise

from glassnet.diagnose.finding import (
    DEAD,
    SATURATED,
    SYMMETRIC,
    VANISHING,
    Finding,
    number,
    one,
    several,
    shares,
)
from glassnet.diagnose.signs import Array, Signs, size
from glassnet.diagnose.vitals import Vitals

MANY_DEAD, MOST_DEAD = 0.6, 0.9  # shares of a layer's units
LARGE_BATCH, SMALL_BATCH = 32, 8  # examples: below, even a busy unit is silent now and then
FLAT = 0.9  # the share of a layer's activations
ENOUGH = 64  # activations of a layer; of fewer it says nothing that most of them are alike
LEARNED = 0.05  # a loss, in guesses, below which no gradient is wanted any more
VANISHED = 0.001  # of the last layer's gradient
ALIKE = 1e-5  # of the largest weight: products of equal numbers need not be rounded alike
ROWS = 64  # looked at, of more


def symmetric(signs: Signs) -> Finding | None:
    """All units of a hidden layer have the same weights, before and behind them."""
    matrices = [(layer, signs.matrix(layer)) for layer in signs.weighted]
    for (layer, into), (_, out_of) in pairwise(matrices):
        units = into.shape[-1]
        flat = into.ndim == out_of.ndim == 2 and len(out_of) == units  # so of our own layers
        if flat and units > 1 and alike(into) and alike(out_of.T):
            value = "" if into.any() else " (0)"
            text = (
                f"{one(layer)}: its {units:,} units all have the same weights{value}, so they get the same"
                " gradient and stay the same; random first weights (He or Glorot initialization) tell them"
                " apart"
            )
            return Finding(SYMMETRIC, layer.place, text)
    return None


def alike(matrix: Array) -> bool:
    """Whether all columns are the same, in some dozen evenly spaced rows."""
    some = matrix[:: -(-len(matrix) // ROWS)]
    high, low = some.max(axis=1), some.min(axis=1)
    return bool((high - low).max() <= ALIKE * max(high.max(), -low.min()))


def vanishing(signs: Signs) -> Finding | None:
    """The first layer's gradient is a tiny part of the last one's."""
    first, last = signs.weighted[:1], signs.weighted[1:][-1:]
    if not first or not last or first[0].gradients is None or last[0].gradients is None:
        return None
    small, large = size(first[0].gradients), size(last[0].gradients)
    if not small < VANISHED * large or any(map(_stuck, signs.hidden)):
        return None
    times = f"{number(large / small)} times smaller than that" if small > 0 else "0, unlike that"
    kinds = {layer.kind.lower() for layer in signs.hidden if layer.saturated is not None}
    each = kinds.pop() if len(kinds) == 1 else "layer"
    text = (
        f"the gradient of {one(first[0])} is {times} of {one(last[0])}: it shrinks on the way down through"
        f" each {each}; ReLU with He initialization, or fewer layers, usually helps"
    )
    return Finding(VANISHING, first[0].place, text)


def _stuck(layer: Vitals) -> bool:
    """Whether hardly a unit of the layer lets a gradient through."""
    return (layer.dead or 0.0) >= MOST_DEAD or (layer.saturated or 0.0) >= FLAT


def dead(signs: Signs) -> Finding | None:
    """Most units of a layer answer nothing to any example of the batch."""
    n = signs.examples
    least = MANY_DEAD if n >= LARGE_BATCH else MOST_DEAD if n >= SMALL_BATCH else 1.0
    found = [layer for layer in signs.hidden if layer.dead is not None and layer.dead >= least]
    if not found or not all(map(_enough, found)):
        return None
    units = f"{found[0].kind}s" if len({layer.kind for layer in found}) == 1 else "units"
    text = (
        f"{several(found)}: {shares(layer.dead for layer in found)} of the {units} are dead on this batch; a"
        " smaller learning rate or He initialization usually helps"
    )
    return Finding(DEAD, found[0].place, text)


def _enough(layer: Vitals) -> bool:
    """Whether there are enough activations to judge by."""
    return layer.activations is not None and layer.activations.counts.sum() >= ENOUGH


def saturated(signs: Signs) -> Finding | None:
    """Most activations of a layer lie in the flat ends of its function."""
    found = [layer for layer in signs.hidden if layer.saturated is not None and layer.saturated >= FLAT]
    if not found or not all(map(_enough, found)) or signs.recent < LEARNED * signs.guess:
        return None
    kind = f"{found[0].kind.lower()} " if len({layer.kind for layer in found}) == 1 else ""
    text = (
        f"{several(found)}: {shares(layer.saturated for layer in found)} of the {kind}activations are"
        " saturated, where the curve is flat and lets no gradient through; smaller first weights (Glorot"
        " initialization) or a smaller learning rate usually help"
    )
    return Finding(SATURATED, found[0].place, text)
