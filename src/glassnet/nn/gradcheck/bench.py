"""Layers that answer the same each time: the same random numbers, the same running statistics."""

from collections.abc import Sequence

import numpy as np

from glassnet.nn.layer import Array, Layer
from glassnet.nn.network import Network
from glassnet.nn.passes import Pass


class Bench:
    """A pass through a float64 network for one batch of raw examples `x` (N, *input_shape).

    `names` are what the layers are called in messages, and `faults` what they do against their contract.
    Raises ValueError if two forwards differ, or inputs or outputs are not finite.
    """

    def __init__(
        self,
        network: Network,
        x: Array,
        *,
        training: bool,
        seed: int,
        whole: bool = True,
        names: Sequence[str] = (),
    ) -> None:
        self.network = network
        self.layers: Sequence[Layer] = network.layers if whole else network.body
        self.names = names or [f"{layer.kind} {place}" for place, layer in enumerate(self.layers, 1)]
        self.faults: list[str] = []
        self._x = x
        self._generator = np.random.default_rng(seed)
        self._draws = self._generator.bit_generator.state
        self._state = network.state.vector.copy()
        self.arrays, self._others = (
            network.new_pass(
                len(x), training=training, generator=self._generator, input_gradient=True, whole=whole
            )
            for _ in range(2)
        )
        for memory, layer in zip(self.arrays.memories, self.layers):
            for name in layer.remembers():
                getattr(memory, name).fill(np.nan)
        self._other_batch()
        self._first_forward()

    def _first_forward(self) -> None:
        arrays, activations = self.arrays, self.arrays.activations
        for array in activations[1:]:
            array.fill(np.nan)
        self.network.load(self._x, arrays)
        if not np.isfinite(activations[0]).all():
            raise ValueError("gradient check: expected finite inputs, got NaN or infinity")
        self._rewind()
        for i, layer in enumerate(self.layers):
            x, y = activations[i : i + 2]
            before = x.copy()
            layer.forward(x, y, arrays.memories[i])
            if not np.array_equal(x, before, equal_nan=True):
                self._blame(i, "forward writes to x, which is lent")
            if not np.isfinite(y).all():
                hint = " (y is what to write to)" if np.isnan(y).all() else ""
                raise ValueError(
                    f"gradient check: {self.names[i]}: expected finite outputs, got NaN or infinity{hint}"
                )
        first = arrays.output.copy()
        self.network.load(self._x, arrays)
        if not np.array_equal(self.forward(), first):
            raise ValueError(
                "gradient check: expected the same output for the same input and random numbers, got another"
                " (draw from memory.generator, and keep nothing from one batch to the next)"
            )

    def forward(self, lowest: int = 0) -> Array:
        """Run the layers from number `lowest` on and return the output, borrowed."""
        return self._run(self.arrays, lowest)

    def _run(self, arrays: Pass, lowest: int = 0) -> Array:
        self._rewind()
        for i in range(lowest, len(self.layers)):
            self.layers[i].forward(arrays.activations[i], arrays.activations[i + 1], arrays.memories[i])
        return arrays.output

    def _rewind(self) -> None:
        self._generator.bit_generator.state = self._draws
        self.network.state.vector[...] = self._state

    def _other_batch(self) -> None:
        """Pass other examples through, in arrays of their own: what stays of them must not matter."""
        state = self.network.state.vector.copy()
        self.network.load(self._x, self._others)
        examples = self._others.activations[0]
        examples[...] = 0.9 * examples[::-1]
        self._run(self._others)
        self.network.state.vector[...] = state

    def backward(self, dy: Array) -> None:
        """Fill all gradients, given ∂L/∂(output); what a layer leaves out stays NaN."""
        self._other_batch()
        self._back(dy)
        disturbed = [self._gradients(i) for i in range(len(self.layers))]
        self.forward()
        self._back(dy)
        if self.faults:
            return
        for i in reversed(range(len(self.layers))):
            if not _same(self._gradients(i), disturbed[i]):
                self._blame(i, "backward uses what another batch has changed; keep it in memory")
                break  # what comes down from it has changed, too
        self._try_as_first()

    def _back(self, dy: Array) -> None:
        arrays = self.arrays
        self.network.gradients.vector.fill(np.nan)
        for i in range(len(arrays.gradients)):
            self.gradient(i).fill(np.nan)
        arrays.output_gradient[...] = dy
        for i in reversed(range(len(self.layers))):
            x, y, dy, dx = *arrays.activations[i : i + 2], self.gradient(i + 1), self.gradient(i)
            before, parameters = (x.copy(), y.copy(), dy.copy()), self.network.parameters.vector.copy()
            self.layers[i].backward(x, y, arrays.memories[i], dy, dx)
            for name, array, was in zip(("x", "y", "dy"), (x, y, dy), before):
                if not np.array_equal(array, was, equal_nan=True):
                    self._blame(i, f"backward writes to {name}, which is lent")
            if not np.array_equal(self.network.parameters.vector, parameters):
                self._blame(i, "backward changes parameters, the optimizer's part")
                self.network.parameters.vector[...] = parameters

    def _try_as_first(self) -> None:
        """Run the layers that have parameters with no `dx`, as the first of a network is in training."""
        for i, layer in enumerate(self.layers):
            if not layer.parameters():
                continue
            gradients, kept = self._gradients(i), self.network.gradients.vector.copy()
            self.forward()
            x, y = self.arrays.activations[i : i + 2]
            try:
                layer.backward(x, y, self.arrays.memories[i], self.gradient(i + 1), None)
            except Exception as error:
                self._blame(i, f"backward fails where dx is None, as in a first layer: {error}")
            else:
                if not _same(self._gradients(i), gradients):
                    self._blame(i, "backward gives other gradients where dx is None, as in a first layer")
            self.network.gradients.vector[...] = kept

    def gradient(self, i: int) -> Array:
        """Return the gradient by what goes into layer `i`, borrowed."""
        gradient = self.arrays.gradients[i]
        assert gradient is not None
        return gradient

    def _gradients(self, i: int) -> list[Array]:
        """Copy all that the backward of layer `i` has written."""
        own = [array for name, array in self.network.gradients.items() if name.startswith(f"{i + 1}.")]
        return [array.copy() for array in (self.gradient(i), *own)]

    def _blame(self, place: int, what: str) -> None:
        fault = f"{self.names[place]}: {what}"
        if fault not in self.faults:
            self.faults.append(fault)


def _same(one: Sequence[Array], other: Sequence[Array]) -> bool:
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other))
