"""What a frame shows of a network: its weights, one example on its way through, how its layers fare."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset
from glassnet.diagnose.vitals import BINS, Vitals
from glassnet.nn.network import Network
from glassnet.view.boundary import Boundary
from glassnet.view.weights import Scale, quantise

Array = NDArray[Any]
Message = tuple[dict[str, Any], dict[str, Array]]

_FULL = 65535  # what the fullest bin of a histogram is sent as
_PLAIN = ("place", "kind", "label", "ratio", "dead", "saturated")
_HISTOGRAMS = ("weights", "activations", "gradients")
_NONE = np.zeros(BINS)


class Camera:
    """Takes the pictures of one run, whichever network is held before it: as it is now, or as it once was.

    A new run gets a new camera, since it remembers the scale of each matrix's colours. The arrays of a
    picture are borrowed: the next is written over them.
    """

    def __init__(self, data: Dataset) -> None:
        self._boundary = Boundary(data)
        self._scales: dict[tuple[str, tuple[int, ...]], Scale] = {}
        self._network: Network | None = None

    def shoot(self, network: Network, x: Array, vitals: list[Vitals], weights: bool = True) -> Message:
        """Return fields and arrays of `frame`: of the network, and of one example, the raw input `x`.

        The example goes through as in predicting, so nothing of a run changes. `a0` … are the example,
        scaled, and what each layer makes of it; `answer` (K,) the probabilities of the classes, or values in
        the targets' units. `grid` and `line` are those of `Boundary.draw`. Without `weights`, for less
        work, there are no matrices, and a boundary is as it was drawn last. Raises ValueError for an example
        that does not fit the network, and for a network without a loss.
        """
        if network is not self._network:
            self._meet(network)
        rows, histograms = packed(vitals)
        arrays = {"histograms": histograms}
        with np.errstate(all="ignore"):  # a diverged network has a picture too
            matrices = self._matrices(network, arrays) if weights else []
            self._through(network, x, arrays)
            fields, drawn = self._boundary.draw(anew=weights)
        return {"matrices": matrices, "vitals": rows, **fields}, {**arrays, **drawn}

    def _meet(self, network: Network) -> None:
        """Make the arrays for pictures of this network from now on."""
        if network.loss is None:
            raise ValueError("Camera: expected a network with a loss, got one without; see Network.pair")
        self._pass = network.new_pass(1, whole=True)
        flows, small = [a.reshape(-1) for a in self._pass.activations], np.float32
        # Views of the pass, unless it is of float64: then room for copies.
        self._activations = [(a, a if a.dtype == small else np.empty(a.shape, small)) for a in flows]
        views = network.parameters
        self._bytes = {name: np.empty(w.shape, np.uint8) for name, w in views.items() if w.ndim == 2}
        self._boundary.meet(network)
        self._network = network

    def _matrices(self, network: Network, arrays: dict[str, Array]) -> list[dict[str, Any]]:
        """Add the weights as bytes, w1 for the first matrix, and return what the page is told of them."""
        told = []
        for number, (name, out) in enumerate(self._bytes.items(), 1):
            matrix, array, place = network.parameters[name], f"w{number}", int(name.partition(".")[0])
            scale = self._scales.setdefault((name, matrix.shape), Scale())
            arrays[array], limit = quantise(matrix, scale.fit(matrix), out)
            shape = list(matrix.shape)
            told.append({"name": name, "place": place, "shape": shape, "limit": limit, "array": array})
        return told

    def _through(self, network: Network, x: Array, arrays: dict[str, Array]) -> None:
        """Add what each layer makes of the example, and the answer."""
        assert network.loss is not None
        network.load(network.examples(x[np.newaxis]), self._pass)
        self._pass.forward()
        for number, (found, shown) in enumerate(self._activations):
            if shown is not found:
                np.copyto(shown, found, casting="same_kind")
            arrays[f"a{number}"] = shown
        z = self._pass.activations[len(network.body)]
        if network.classifies:
            answer = network.loss.probabilities(z)
        else:
            answer = z if network.target_scaling is None else network.target_scaling.inverse(z)
        arrays["answer"] = answer.reshape(-1).astype(np.float32)


def packed(vitals: list[Vitals]) -> tuple[list[dict[str, Any]], NDArray[np.uint16]]:
    """Return what the page is told of each layer, and all histograms (3 layers, 40).

    A layer's rows are weights, activations and gradients; the fullest bin of each is 65,535, and a histogram
    that is not there is a row of zeros.
    """
    found = [getattr(layer, name) for layer in vitals for name in _HISTOGRAMS]
    counts = np.array([_NONE if h is None else h.counts for h in found], float).reshape(-1, BINS)
    told: list[dict[str, Any]] = [{name: getattr(layer, name) for name in _PLAIN} for layer in vitals]
    for place, (h, count) in enumerate(zip(found, counts.sum(axis=1).tolist())):
        row, k = divmod(place, len(_HISTOGRAMS))
        told[row]["row"] = row
        told[row][_HISTOGRAMS[k]] = h and {"low": float(h.low), "high": float(h.high), "count": int(count)}
    counts *= _FULL / np.maximum(counts.max(axis=1, keepdims=True), 1)
    return told, np.rint(counts).astype(np.uint16)
