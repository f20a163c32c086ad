"""How right a network is on examples it does not learn from: numbers, a table, and its worst mistakes."""

from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset, Split
from glassnet.nn.network import CHUNK, Network
from glassnet.training.batches import Batches
from glassnet.training.metrics import Tally, confusion
from glassnet.view import samples

Array = NDArray[Any]
Indices = NDArray[np.intp]
Message = tuple[dict[str, Any], dict[str, Array]]

MOST_MISTAKES, MOST_IN_CELL, MOST_VALUES = 24, 48, 500
_LEEWAY = 8  # places by which a mistake may stand wrong before it moves


class Judgement(NamedTuple):
    """What a pass over all N examples found; it took `seconds`.

    Of classes: accuracy, table (K, K) of counts, rows actual and columns predicted, and for each example the
    class predicted and its probability, float32. Of values: R², and what was predicted (N, K), in the
    targets' units.
    """

    loss: float
    accuracy: float | None
    r2: float | None
    table: NDArray[np.int32] | None
    predicted: Array
    confidence: Array | None
    seconds: float
    n: int


class Judge:
    """Judges the networks of one run, as they are now or were, on all examples of `part`, a part of `data`.

    `network` is any of them: it says how targets are encoded. Raises ValueError for one without a loss,
    and for examples or targets that do not fit it.
    """

    def __init__(self, network: Network, data: Dataset, part: Split) -> None:
        if network.loss is None:
            raise ValueError("Judge: expected a network with a loss, got one without; see Network.pair")
        self._data, self._part, self._n = data, part, len(part)
        self._batches = Batches(network, part, CHUNK)
        self._classes = max(network.output_shape[-1], 2) if network.classifies else 0
        targets = part.labels
        self._actual = targets.argmax(axis=1) if self._classes and targets.ndim > 1 else targets
        shown = np.random.default_rng(0).permutation(self._n)[:MOST_VALUES]
        self._shown = np.sort(shown)  # of values: always the same
        self._strip: Indices = np.empty(0, np.intp)  # the mistakes told of last
        self._network: Network | None = None

    def judge(self, network: Network) -> Judgement:
        """Measure the network: its loss, accuracy and R² are those of `glassnet.evaluate`."""
        started = perf_counter()
        loss, n = network.loss, self._n
        assert loss is not None
        if network is not self._network:
            self._network, self._pass = network, network.new_pass(CHUNK)
        # New ones each time, for a judgement may be kept.
        outputs = () if self._classes else network.output_shape
        predicted: Array = np.empty((n, *outputs), np.int32 if self._classes else network.dtype)
        confidence = np.empty(n, np.float32) if self._classes else None
        tally, arrays = Tally(), self._pass
        with np.errstate(all="ignore"):  # a diverged network is judged too
            for start in range(0, n, CHUNK):
                part = slice(start, min(start + CHUNK, n))
                answers = self._batches.load(np.arange(part.start, part.stop), arrays)
                z = arrays.forward()
                tally.add(float(loss(z, answers[0])), z, answers, loss.classify)
                predicted[part] = loss.classify(z) if self._classes else z
                if confidence is not None:
                    confidence[part] = loss.probabilities(z)[np.arange(len(z)), predicted[part]]
            measured = tally.measure(self._batches)
        table = None
        if self._classes:
            table = confusion(self._actual, predicted, self._classes).astype(np.int32)
        elif network.target_scaling is not None:
            predicted = network.target_scaling.inverse(predicted)
        return Judgement(
            measured.loss,
            measured.accuracy,
            measured.r2,
            table,
            predicted,
            confidence,
            perf_counter() - started,
            n,
        )

    def message(self, judgement: Judgement) -> Message:
        """Return fields and arrays of `validation`: the numbers with the table and the worst mistakes, or
        with values against those predicted, of several the first.

        Mistakes come by confidence, the surest first; but one that was told of last time and would move by a
        few places stays where it was, so that the eye can follow. A table's examples are `texts`.
        """
        fields: dict[str, Any] = {
            "n": judgement.n,
            "loss": judgement.loss,
            "accuracy": judgement.accuracy,
            "seconds": judgement.seconds,
        }
        if judgement.table is None:
            pairs = {"actual": self._actual, "predicted": judgement.predicted}
            with np.errstate(all="ignore"):
                values = {
                    name: of.reshape(self._n, -1)[self._shown, 0].astype(np.float32)
                    for name, of in pairs.items()
                }
            return {**fields, "r2": judgement.r2}, values
        wrong = _surest(judgement, np.flatnonzero(judgement.predicted != self._actual))
        self._strip = _steady(self._strip, wrong, MOST_MISTAKES)
        texts, arrays = self._examples(judgement, self._strip)
        return {**fields, **texts}, {"table": judgement.table, **arrays}

    def cell(self, judgement: Judgement, actual: int, predicted: int) -> Message:
        """Return fields and arrays of `cell`: examples of a class taken for a class, the surest first.

        `n` is how many there are; 48 are shown. Raises ValueError for a class that is not there, and of
        values.
        """
        if judgement.table is None:
            raise ValueError("cell: expected a network of classes, got one of values")
        for name, number in (("actual", actual), ("predicted", predicted)):
            if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < self._classes:
                raise ValueError(f"{name}: expected a class, 0 to {self._classes - 1}, got {number!r}")
        here = np.flatnonzero((self._actual == actual) & (judgement.predicted == predicted))
        texts, arrays = self._examples(judgement, _surest(judgement, here)[:MOST_IN_CELL])
        return {"actual": actual, "predicted": predicted, "n": len(here), **texts}, arrays

    def _examples(self, judgement: Judgement, chosen: Indices) -> Message:
        assert judgement.confidence is not None
        fields: dict[str, Any] = {}
        arrays = {
            "index": chosen.astype(np.int32),
            "labels": self._actual[chosen].astype(np.int32),
            "predicted": judgement.predicted[chosen],
            "confidence": judgement.confidence[chosen],
        }
        kind = samples.kind(self._data)
        if kind == "images":
            arrays["images"] = samples.images(self._data, self._part, chosen)
        elif kind == "table":
            fields["texts"] = samples.lines(self._data, self._part, chosen)
        return fields, arrays


def _surest(judgement: Judgement, indices: Indices) -> Indices:
    """These examples by confidence, of equals the first in the set; NaN comes last."""
    assert judgement.confidence is not None
    return indices[np.argsort(-np.nan_to_num(judgement.confidence[indices]), kind="stable")]


def _steady(before: Indices, ranked: Indices, most: int) -> Indices:
    """The first so many of `ranked`, but those that stand in `before` about where they belong stay there."""
    most = min(most, len(ranked))
    rank = {int(example): r for r, example in enumerate(ranked[: most + _LEEWAY])}
    places: list[int | None] = [None] * most
    for place, example in enumerate(before[:most].tolist()):
        if example in rank and abs(rank[example] - place) <= _LEEWAY:
            places[place] = example
    stay = set(places)
    others = (example for example in rank if example not in stay)
    return np.array([next(others) if p is None else p for p in places], np.intp)
