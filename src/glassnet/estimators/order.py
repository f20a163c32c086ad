"""The order of examples in each epoch, drawn as scikit-learn's MLP draws it: one seed, the same batches."""

from typing import Any

import numpy as np

from glassnet.training.batches import Rows


class Order:
    """Of `n` examples, epoch after epoch: each is a shuffling of the one before, by `random` if there is one.

    Epochs are asked for in turn, the one at hand as often as need be.
    """

    def __init__(self, n: int, random: np.random.RandomState | None) -> None:
        self._random: Any = random
        self._rows: Rows = np.arange(n)
        self._drawn = 0  # epochs

    def __call__(self, epoch: int) -> Rows:
        """Return the numbers of all examples (n,) in the order of that epoch, from 0."""
        while self._random is not None and self._drawn <= epoch:
            places = np.arange(len(self._rows))
            self._random.shuffle(places)
            self._rows = self._rows[places]
            self._drawn += 1
        return self._rows
