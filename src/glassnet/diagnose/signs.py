"""What findings are made from: where a run stands, measured against what it costs to guess."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from glassnet.diagnose.vitals import Histogram, Vitals, thinned
from glassnet.nn import BinaryCrossEntropy, CrossEntropy, MeanSquaredError
from glassnet.nn.penalties import penalty
from glassnet.training import End, Training

Array = NDArray[Any]

WINDOW = 20  # points of the curve that "recently" means, at most
LASTING = 50  # points over which something was learnt, and not only seen in a lucky batch
SPIKE, OUTLIERS = 5, 15  # points that a high loss has to last; of values, which have no bounds

_GUESSES: WeakKeyDictionary[Training, float] = WeakKeyDictionary()  # they stay the same for the whole run


@dataclass
class Signs:
    """A run between two steps, the vital signs of its layers and its curve (n, 4): step, loss, …, rate."""

    run: Training
    vitals: list[Vitals]
    curve: Array

    @cached_property
    def losses(self) -> Array:
        """The finite losses of the curve (n,), in order."""
        losses = self.curve[:, 1].astype(np.float64)
        return losses[np.isfinite(losses)]

    @cached_property
    def first(self) -> float:
        """The loss of the first step, or of the first few; NaN before it."""
        return float(self.losses[0]) if self.losses.size else math.nan

    @cached_property
    def recent(self) -> float:
        """The loss of late: the median of the last points; NaN before the first step.

        Of classes it is the last point alone, early in a run.
        """
        window = WINDOW if self.of_values else min(WINDOW, max(1, self.losses.size // WINDOW))
        last = sorted(self.losses[-window:].tolist())
        return last[len(last) // 2] if last else math.nan

    @cached_property
    def highest(self) -> float:
        """The highest loss after the first step, as a mean of some points; NaN if there are too few yet.

        Of values it is a median of more points, since outliers among the targets raise the loss of their
        batches by themselves.
        """
        later = self.losses[1:]
        if self.of_values:
            return float(_medians(later, OUTLIERS).max()) if later.size >= OUTLIERS else math.nan
        return float(_means(later, SPIKE).max()) if later.size else math.nan

    @cached_property
    def lowest(self) -> float:
        """The lowest that the loss ever was, as a mean of some points; NaN if there are too few."""
        return float(_means(self.losses, LASTING).min()) if self.losses.size >= LASTING else math.nan

    @cached_property
    def guess(self) -> float:
        """The loss of the best answer that ignores the inputs; NaN where there is nothing to learn."""
        if self.run not in _GUESSES:
            found = _guess(self.run)
            _GUESSES[self.run] = found if 0 < found < math.inf else math.nan
        return _GUESSES[self.run]

    @property
    def of_values(self) -> bool:
        """Whether the targets are values, which have no bounds."""
        return self.run.data.classes is None

    @cached_property
    def stuck(self) -> bool:
        """Whether the run is not much better yet, or again, than half of guessing."""
        return self.recent >= self.guess / 2

    @cached_property
    def examples(self) -> int:
        """The number of examples in the last batch; 0 before the first."""
        return len(self.run.batch)

    @cached_property
    def diverged(self) -> bool:
        """Whether the run ended because its loss was no longer finite."""
        last = self.run.history[-1] if self.run.history else None
        return isinstance(last, End) and last.reason == "diverged"

    @cached_property
    def answers(self) -> float:
        """The mean square of what the network gave for the last batch; 0 before the first."""
        return float(np.mean(np.square(thinned(self.run.flow.output)))) if self.examples else 0.0

    @cached_property
    def inputs(self) -> Array:
        """Some thousand numbers of the last batch as the first layer gets them; none before the first."""
        return thinned(self.run.flow.activations[0]) if self.examples else np.zeros(0)

    @cached_property
    def weighted(self) -> list[Vitals]:
        """The layers with a weight matrix, from the first to the last."""
        return [layer for layer in self.vitals if layer.weights is not None]

    @cached_property
    def hidden(self) -> list[Vitals]:
        """The layers before the last weight matrix."""
        last = self.weighted[-1].place if self.weighted else 0
        return [layer for layer in self.vitals if layer.place < last]

    @cached_property
    def ratio(self) -> float | None:
        """The largest of the layers' ‖ΔW‖ / ‖W‖."""
        return max((layer.ratio for layer in self.weighted if layer.ratio is not None), default=None)

    @property
    def rate(self) -> float:
        """The learning rate of the last step; 0 before it."""
        return float(self.curve[-1, 3]) if len(self.curve) else 0.0

    def matrix(self, layer: Vitals) -> Array:
        """Return the weight matrix (inputs, units) of a layer that has one."""
        network = self.run.network
        declared = network.body[layer.place - 1].parameters()
        name = next(name for name, parameter in declared.items() if parameter.penalized)
        return network.parameters[f"{layer.place}.{name}"]

    def gain(self, layer: Vitals) -> float:
        """How much a layer's weights enlarge its inputs: their root mean square times √inputs."""
        matrix = self.matrix(layer)
        return float(np.sqrt(np.mean(np.square(thinned(matrix))) * len(matrix)))

    @cached_property
    def penalty(self) -> float:
        """What L1 and L2 add to the loss."""
        settings, network = self.run.settings, self.run.network
        weights = network.parameters.vector[network.weights]
        if not (settings.l1 or settings.l2) or not weights.size:
            return 0.0
        some = thinned(weights)
        return penalty(some, settings.l1, settings.l2) * weights.size / some.size


def size(histogram: Histogram) -> float:
    """Return the largest magnitude in a histogram."""
    return max(-histogram.low, histogram.high)


def _means(numbers: Array, window: int) -> Array:
    """Return the means of each `window` successive numbers; the one mean of fewer."""
    window = min(window, numbers.size)
    return np.convolve(numbers, np.full(window, 1 / window), "valid")


def _medians(numbers: Array, window: int) -> Array:
    """Return the medians of each `window` successive numbers, an odd count."""
    medians: Array = np.partition(sliding_window_view(numbers, window), window // 2, axis=1)[:, window // 2]
    return medians


def _guess(run: Training) -> float:
    """The loss of always giving the frequencies of the classes, or the mean target."""
    network, loss, targets = run.network, run.loss, run.data.train.labels
    if isinstance(loss, CrossEntropy):
        return _entropy(np.bincount(targets) / len(targets) if targets.ndim == 1 else targets.mean(axis=0))
    values = loss.encode(targets, network.output_shape[-1], np.float64)
    if isinstance(loss, MeanSquaredError):
        scale = 1.0 if network.target_scaling is None else network.target_scaling.scale
        return float((values.var(axis=0) * np.square(scale)).mean())
    if isinstance(loss, BinaryCrossEntropy):
        p = values.mean(axis=0)
        return (_entropy(p) + _entropy(1 - p)) / len(p)
    return math.nan


def _entropy(p: Array) -> float:
    some = p[p > 0]
    return -float((some * np.log(some)).sum())
