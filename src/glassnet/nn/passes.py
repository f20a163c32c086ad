"""A pass: the arrays of one trip through a network, forward and back.

Because a pass owns them, evaluating, or predicting in another thread, never disturbs a training step, and
the flow of a step is two lists: `activations[i]` goes into layer i and `activations[i + 1]` comes out of it;
`gradients[i]` is the derivative of the loss by `activations[i]`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from glassnet.nn.layer import Array, Layer, Memory


class Flow(NamedTuple):
    """The arrays of a pass, cut to one batch size."""

    activations: list[Array]
    gradients: list[Array | None]
    memories: list[Memory]


class Pass:
    """Arrays for batches of up to `capacity` examples, made once and sliced for smaller batches.

    With `training`, dropout draws from `generator` and batches are normalized by their own statistics.
    A pass that is neither for training nor for the `input_gradient` only predicts and has no gradients.
    Backward goes down to the lowest layer that has parameters and computes nothing below it, unless
    `input_gradient` asks for the derivative by the input too. What a pass returns is borrowed: the next
    forward of the same pass writes over it.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        capacity: int,
        like: Array,
        *,
        training: bool = False,
        generator: np.random.Generator | None = None,
        input_gradient: bool = False,
    ) -> None:
        self.layers = list(layers)
        self.capacity = capacity
        self._facts = {"training": training, "generator": generator}
        trained = [i for i, layer in enumerate(layers) if layer.parameters()]
        self._lowest = 0 if input_gradient else min(trained, default=len(layers))
        backward = training or input_gradient
        shapes = [layers[0].input_shape, *(layer.output_shape for layer in layers)]
        wanted = [
            backward and (i > self._lowest or i == len(layers) or input_gradient) for i in range(len(shapes))
        ]
        self._activations = [np.empty_like(like, shape=(capacity, *shape)) for shape in shapes]
        self._gradients = [np.empty_like(a) if want else None for a, want in zip(self._activations, wanted)]
        self._declared = [layer.remembers() for layer in layers]
        self._remembered = [
            {
                name: np.empty_like(like, shape=tuple(capacity if n is None else n for n in shape))
                for name, shape in declared.items()
            }
            for declared in self._declared
        ]
        self._flows: dict[int, Flow] = {}
        self.resize(capacity)

    def resize(self, n: int) -> Array:
        """Set the batch size to `n`, at most the capacity, and return the input array (n, …) to fill."""
        flow = self._flows.get(n)
        if flow is None:
            if len(self._flows) > 16:  # a few sizes come again and again; the odd ones need not be kept
                self._flows.clear()
            flow = self._flows[n] = self._cut(n)
        self.activations, self.gradients, self.memories = flow
        return self.activations[0]

    def _cut(self, n: int) -> Flow:
        memories = []
        for declared, arrays in zip(self._declared, self._remembered):
            cut = {name: a[:n] if declared[name][0] is None else a for name, a in arrays.items()}
            memories.append(Memory(**self._facts, **cut))
        return Flow(
            [a[:n] for a in self._activations],
            [None if g is None else g[:n] for g in self._gradients],
            memories,
        )

    @property
    def output(self) -> Array:
        """What came out of the last layer (n, …)."""
        return self.activations[-1]

    @property
    def output_gradient(self) -> Array:
        """The array (n, …) for the derivative of the loss by the output, to fill before `backward`."""
        gradient = self.gradients[-1]
        if gradient is None:
            raise ValueError("this pass only predicts: make it with training=True or input_gradient=True")
        return gradient

    def forward(self) -> Array:
        """Run the layers over the input array and return the output."""
        activations = self.activations
        for layer, x, y, memory in zip(self.layers, activations, activations[1:], self.memories):
            layer.forward(x, y, memory)
        return activations[-1]

    def backward(self) -> None:
        """Run the layers backwards from `output_gradient`, filling the gradients of all parameters."""
        activations, gradients, memories = self.activations, self.gradients, self.memories
        dy = self.output_gradient
        for i in range(len(self.layers) - 1, self._lowest - 1, -1):
            dx = gradients[i]
            self.layers[i].backward(activations[i], activations[i + 1], memories[i], dy, dx)
            if dx is not None:
                dy = dx
