"""Layers that answer the same each time: the same random numbers, the same running statistics."""

from collections.abc import Sequence

import numpy as np

from glassnet.nn.layer import Array, Layer
from glassnet.nn.network import Network


class Bench:
    """A pass through a float64 network for one batch of raw examples `x` (N, *input_shape).

    `faults` is what the layers do against their contract. Raises ValueError if two forwards differ or the
    output is not finite.
    """

    def __init__(self, network: Network, x: Array, *, training: bool, seed: int, whole: bool = True) -> None:
        self.network = network
        self.layers: Sequence[Layer] = network.layers if whole else network.body
        self._generator = np.random.default_rng(seed)
        self._draws = self._generator.bit_generator.state
        self._state = network.state.vector.copy()
        self.arrays = network.new_pass(
            len(x), training=training, generator=self._generator, input_gradient=True, whole=whole
        )
        for memory, layer in zip(self.arrays.memories, self.layers):
            for name in layer.remembers():
                getattr(memory, name).fill(np.nan)
        self.faults: list[str] = []
        self._first_forward(x)

    def _first_forward(self, x: Array) -> None:
        arrays, activations = self.arrays, self.arrays.activations
        for array in activations[1:]:
            array.fill(np.nan)
        self.network.load(x, arrays)
        for i, layer in enumerate(self.layers):
            before = activations[i].copy()
            layer.forward(activations[i], activations[i + 1], arrays.memories[i])
            if not np.array_equal(activations[i], before, equal_nan=True):
                self._blame(i, "forward", "x")
        first = arrays.output.copy()
        self.network.load(x, arrays)
        if not np.array_equal(self.forward(), first, equal_nan=True):
            raise ValueError(
                "gradient check: expected the same output for the same input and random numbers, got another"
                " (draw from memory.generator, and keep nothing from one batch to the next)"
            )
        if not np.isfinite(first).all():
            raise ValueError("gradient check: expected finite outputs, got NaN or infinity")

    def forward(self, lowest: int = 0) -> Array:
        """Run the layers from number `lowest` on and return the output, borrowed."""
        self._generator.bit_generator.state = self._draws
        self.network.state.vector[...] = self._state
        arrays = self.arrays
        for i in range(lowest, len(self.layers)):
            self.layers[i].forward(arrays.activations[i], arrays.activations[i + 1], arrays.memories[i])
        return arrays.output

    def backward(self, dy: Array) -> None:
        """Fill all gradients, given ∂L/∂(output); what a layer leaves out stays NaN."""
        arrays = self.arrays
        self.network.gradients.vector.fill(np.nan)
        for i in range(len(arrays.gradients)):
            self.gradient(i).fill(np.nan)
        arrays.output_gradient[...] = dy
        for i in reversed(range(len(self.layers))):
            x, y, dy, dx = *arrays.activations[i : i + 2], self.gradient(i + 1), self.gradient(i)
            before = x.copy(), y.copy(), dy.copy()
            self.layers[i].backward(x, y, arrays.memories[i], dy, dx)
            for name, array, was in zip(("x", "y", "dy"), (x, y, dy), before):
                if not np.array_equal(array, was, equal_nan=True):
                    self._blame(i, "backward", name)

    def gradient(self, i: int) -> Array:
        """Return the gradient by what goes into layer `i`, borrowed."""
        gradient = self.arrays.gradients[i]
        assert gradient is not None
        return gradient

    def _blame(self, place: int, method: str, array: str) -> None:
        self.faults.append(
            f"{self.layers[place].kind} {place + 1}: {method} writes to {array}, which is lent"
        )
