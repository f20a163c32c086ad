"""All parameters of a network in one flat vector, their gradients in another, and named views into both.

The weights, which penalties and weight decay reach, come first; biases and gains follow. So a penalty is one
slice, and the optimizer, clipping, saving and comparing are each one operation on one array. What is kept but
not trained (running means) is a third vector, the state.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from glassnet.nn import initializers
from glassnet.nn.layer import Array, Layer, Parameter, Shape
from glassnet.nn.names import unknown


class Views(Mapping[str, Array]):
    """One flat vector and named, shaped views into it: `views["1.W"]` is the first layer's weight matrix."""

    def __init__(self, shapes: Mapping[str, Shape], dtype: np.dtype) -> None:
        self.vector: Array = np.zeros(sum(map(math.prod, shapes.values())), dtype)
        self._views: dict[str, Array] = {}
        start = 0
        for name, shape in shapes.items():
            stop = start + math.prod(shape)
            self._views[name] = self.vector[start:stop].reshape(shape)
            start = stop

    def __getitem__(self, name: str) -> Array:
        """Return the view of that name; KeyError, with the nearest name, if there is none."""
        if name not in self._views:
            raise KeyError(unknown("parameter", name, self._views))
        return self._views[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, weights first."""
        return iter(self._views)

    def __len__(self) -> int:
        """Count the names."""
        return len(self._views)


class Store:
    """The three vectors of a network's built layers.

    Parameters are named by the layer's place, from 1: `3.b` is the bias of the third layer.
    """

    def __init__(self, layers: Sequence[Layer], dtype: np.dtype) -> None:
        declared = {
            f"{place}.{name}": parameter
            for place, layer in enumerate(layers, 1)
            for name, parameter in layer.parameters().items()
        }
        ordered = dict(sorted(declared.items(), key=lambda item: not item[1].penalized))
        kept = {
            f"{place}.{name}": parameter
            for place, layer in enumerate(layers, 1)
            for name, parameter in layer.state().items()
        }
        self._declared: dict[str, Parameter] = declared
        self._kept: dict[str, Parameter] = kept
        self.parameters = Views({name: p.shape for name, p in ordered.items()}, dtype)
        self.gradients = Views({name: p.shape for name, p in ordered.items()}, dtype)
        self.state = Views({name: p.shape for name, p in kept.items()}, dtype)
        self.matrices = [
            self.parameters[name] for name, p in ordered.items() if p.penalized and len(p.shape) == 2
        ]
        self.weights = slice(0, sum(math.prod(p.shape) for p in ordered.values() if p.penalized))

    def initialize(self, generator: np.random.Generator) -> None:
        """Draw the first values, layer after layer."""
        for declared, views in ((self._declared, self.parameters), (self._kept, self.state)):
            for name, p in declared.items():
                views[name][...] = initializers.draw(p.initializer, generator, p.shape, p.fan_in, p.fan_out)

    def bind(self, layers: Sequence[Layer]) -> None:
        """Give each layer its views: `W` and `dW` for a parameter, the plain name for state."""
        for place, layer in enumerate(layers, 1):
            for name in layer.parameters():
                setattr(layer, name, self.parameters[f"{place}.{name}"])
                setattr(layer, f"d{name}", self.gradients[f"{place}.{name}"])
            for name in layer.state():
                setattr(layer, name, self.state[f"{place}.{name}"])
