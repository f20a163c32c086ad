"""What a network answers at every place of a plane or along a line, while it learns."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset
from glassnet.nn.network import Network

Array = NDArray[Any]
Message = tuple[dict[str, Any], dict[str, Array]]

SIDE, SMALLEST_SIDE = 48, 24  # places asked in each direction of a plane
POINTS = 200  # places asked along a line
_WORK = 4e7  # places times parameters: a few thousandths of a second
_MARGIN = 0.08  # of the examples' extent, left free around them


class Boundary:
    """Asks a network of classes all over the plane of its two inputs, one of values along its one input.

    For other sets and networks there is nothing to draw. Arrays are borrowed: the next ones are written over
    them.
    """

    def __init__(self, data: Dataset) -> None:
        self._shape = data.shape
        self._extent = _extent(data) if data.shape in ((1,), (2,)) else None
        self._network: Network | None = None

    def meet(self, network: Network) -> None:
        """Make the arrays for asking this network from now on."""
        self._network = None
        self._drawn: Message = {}, {}
        if self._extent is None or self._shape != ((2,) if network.classifies else (1,)):
            return
        low, high = self._extent
        if network.classifies:
            side = int(np.clip(math.sqrt(_WORK / network.size), SMALLEST_SIDE, SIDE))
            middles = (np.arange(side) + 0.5) / side
            x, y = low[:, None] + np.outer(high - low, middles)
            places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
            grid = {"low": low.tolist(), "high": high.tolist(), "side": side}
            self._drawn = {"grid": grid}, {"grid": np.empty((side, side, 2), np.uint8)}
        else:
            places = np.linspace(low, high, POINTS)
            line = {"low": float(low[0]), "high": float(high[0])}
            self._drawn = {"line": line}, {"line": np.empty(POINTS, np.float32)}
        self._network, self._asked = network, False
        self._pass = network.new_pass(len(places))
        network.load(places, self._pass)  # where forward leaves them

    def draw(self, anew: bool = True) -> Message:
        """Return field and array `grid` or `line`, or nothing; limits are in the units of the data.

        `grid` (side, side, 2) holds class and confidence, 0 to 255, in the middle of each cell, the lowest y
        first; `line` (200,) values, of several the first, from limit to limit. Unless `anew`, they are as
        they were drawn last for this network.
        """
        network = self._network
        if network is not None and (anew or not self._asked):
            self._asked = True
            z = self._pass.forward()
            (out,) = self._drawn[1].values()
            if network.classifies:
                _classes(network, z, out.reshape(-1, 2))
            else:
                scaling = network.target_scaling
                out[...] = (z if scaling is None else scaling.inverse(z))[:, 0]
        return self._drawn


def _classes(network: Network, z: Array, out: Array) -> None:
    assert network.loss is not None
    named = network.loss.classify(z)
    sure = network.loss.probabilities(z)[np.arange(len(z)), named]
    out[:, 0] = named
    out[:, 1] = np.rint(255 * np.nan_to_num(sure))


def _extent(data: Dataset) -> tuple[Array, Array]:
    """The lowest and the highest inputs (D,), with a margin."""
    parts = [part.images for part in (data.train, data.validation) if len(part)]
    low = np.min([part.min(axis=0) for part in parts], axis=0).astype(np.float64)
    high = np.max([part.max(axis=0) for part in parts], axis=0).astype(np.float64)
    room = _MARGIN * (high - low)
    room[room == 0] = 1.0
    return low - room, high + room
