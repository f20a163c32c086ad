"""Batches out of a set: rows gathered, scaled and laid into a pass, the set itself never copied."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Split
from glassnet.nn.network import Network
from glassnet.nn.passes import Pass
from glassnet.training.variation import Variation

Array = NDArray[Any]
Rows = NDArray[np.intp]

# Of a batch: targets as the loss takes them and, of classes, labels (n,), negative for what is of no class.
Answers = tuple[Array, Array | None]


class Batches:
    """One part of a set, ready for a network: targets encoded for its loss, inputs seen in its shape.

    Raises ValueError if the examples or the targets do not fit the network.
    """

    def __init__(
        self, network: Network, split: Split, capacity: int, variation: Variation | None = None
    ) -> None:
        assert network.loss is not None
        self.split = split
        self.count = len(split)
        self._network, self._variation = network, variation
        self._inputs = network.examples(split.inputs)
        scaling = network.target_scaling
        # Values are cut to the network's dtype only once they are scaled: time stamps, say, need float64.
        dtype = network.dtype if scaling is None else np.dtype(np.float64)
        self._targets = network.loss.encode(split.targets, network.output_shape[-1], dtype)
        if scaling is not None:
            values = self._targets
            self._targets = np.empty(values.shape, network.dtype)
            scaling(values, self._targets)
        labels = split.targets if split.targets.ndim == 1 else split.targets.argmax(axis=1)
        self._labels = labels if network.classifies else None
        self._raw = np.empty_like(self._inputs, shape=(capacity, *network.input_shape))
        self._laid: tuple[Pass, Answers] | None = None  # all examples, and the pass they lie in

    def __len__(self) -> int:
        """Count the examples."""
        return self.count

    def load(self, order: Rows, into: Pass, step: int = 0) -> Answers:
        """Lay the examples numbered `order` into the pass; return their targets and, of classes, labels.

        Where there is a variation they are as it makes them for that step.

        A batch of all examples is laid in the set's own order, and only once as long as it lies there: it
        need not be gathered and scaled at each step. Meanwhile nobody can write to it.
        """
        if len(order) == self.count and self._variation is None:
            return self._load_all(into)
        self._laid = None
        places = self.split.places(order)
        raw = self._raw[: len(places)]
        # mode="clip" lets NumPy write straight into `out`; places are in range by construction.
        np.take(self._inputs, places, axis=0, out=raw, mode="clip")
        strangers = None if self._variation is None else self._variation(raw, step)
        self._network.load(raw, into)
        if strangers is None or self._variation is None or self._labels is None:
            return self._answers(places)
        outputs = self._network.output_shape[-1]
        return self._variation.answers(self._labels[places], strangers, outputs, self._network.dtype)

    def _load_all(self, into: Pass) -> Answers:
        if self._laid is None or self._laid[0] is not into:
            rows, inputs = self.split.rows, into.resize(self.count)
            inputs.flags.writeable = True
            self._network.load(self._inputs if rows is None else self._inputs[rows], into)
            inputs.flags.writeable = False
            self._laid = into, self._answers(self._everything)
        return self._laid[1]

    def _answers(self, places: Rows) -> Answers:
        targets = self._targets[places]
        if self._labels is None or self._labels is self._targets:
            return targets, None if self._labels is None else targets
        return targets, self._labels[places]

    @property
    def _everything(self) -> Rows:
        return self.split.places(np.arange(len(self)))

    # ---- what measuring values needs to know of all targets

    @cached_property
    def spread(self) -> Array:
        """Σₙ (t − t̄)² of each output (K,) over all examples, in the units of training, and float64.

        Exactly 0 where all targets are equal, whatever their mean is rounded to.
        """
        targets = self._targets[self._everything].astype(np.float64)
        spread: Array = ((targets - targets.mean(axis=0)) ** 2).sum(axis=0)
        spread[(targets == targets[0]).all(axis=0)] = 0.0
        return spread

    @cached_property
    def unit(self) -> Array:
        """How large one unit of training is in the targets' own units: one number, or one an output (K,)."""
        scaling = self._network.target_scaling
        return np.asarray(1.0) if scaling is None else np.abs(1.0 / scaling.scale)
