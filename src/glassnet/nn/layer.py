"""The layer contract: what a layer declares, what it is handed, and what it must leave alone.

A layer owns its parameters and nothing that belongs to one batch. `forward` fills `y`, `backward` fills
the gradients of its own parameters and, where it is wanted, `dx`; whatever must survive from the one to
the other is an array of the pass, reached through `memory`. `x` is never written to, nor in `backward`
are `y` and `dy`.
"""

from types import SimpleNamespace
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Shape = tuple[int, ...]
KINDS: dict[str, type["Layer"]] = {}  # all layers defined in this process, ours and yours, by class name


class Parameter(NamedTuple):
    """What a layer declares of one of its parameters.

    A penalized parameter is a weight: L1, L2 and weight decay reach it. Biases and gains are not.
    """

    shape: Shape
    initializer: str
    fan_in: int = 1
    fan_out: int = 1
    penalized: bool = False


class Memory(SimpleNamespace):
    """What one layer keeps from forward to backward in one pass.

    The arrays that the layer's `remembers` declares are its attributes, beside two facts of the pass.
    `training` tells whether dropout draws and batches are normalized by their own statistics;
    `generator` is the random generator to draw from.
    """

    training: bool
    generator: np.random.Generator


class Layer:
    """One differentiable step of a network.

    Constructor arguments are stored unchanged under their own names, which `options` lists; together with
    the class they are all that is needed to make the layer again. `build` is called once, by the network.

    A layer of your own is known by its class's name: a network that has one can be copied, pickled and saved,
    and loaded wherever the class has been defined or imported before. Raises ValueError for a class with the
    name of one of glassnet's layers.
    """

    options: ClassVar[tuple[str, ...]] = ()
    input_shape: Shape
    output_shape: Shape

    def __init_subclass__(cls, **options: Any) -> None:
        """Make the class known by its name; a later class of the same name, as in a notebook, replaces it."""
        super().__init_subclass__(**options)
        home = KINDS.get(cls.__name__, cls).__module__
        if home.startswith("glassnet.nn.") and home != cls.__module__:
            raise ValueError(f"Layer: expected a name that is not glassnet's, got a class {cls.__name__}")
        KINDS[cls.__name__] = cls

    def build(self, input_shape: Shape) -> Shape:
        """Accept examples of `input_shape` (without the batch axis) and return the shape they leave with.

        Raises ValueError, saying what was expected and received, if the layer cannot take such examples.
        """
        return input_shape

    def parameters(self) -> dict[str, Parameter]:
        """Declare what is trained. The network binds each name `W` as an attribute, its gradient as `dW`."""
        return {}

    def state(self) -> dict[str, Parameter]:
        """Declare what is kept with the model but not trained, such as running means."""
        return {}

    def remembers(self) -> dict[str, tuple[int | None, ...]]:
        """Declare the arrays that a pass must provide in `memory`; None stands for the batch axis."""
        return {}

    def forward(self, x: Array, y: Array, memory: Memory) -> None:
        """Write the layer's output for `x` into `y`."""
        raise NotImplementedError

    def backward(self, x: Array, y: Array, memory: Memory, dy: Array, dx: Array | None) -> None:
        """Write the parameters' gradients and, unless it is None, ∂L/∂x into `dx`, given ∂L/∂y in `dy`."""
        raise NotImplementedError

    @property
    def kind(self) -> str:
        """The layer's name in summaries, messages and files."""
        return type(self).__name__

    def label(self) -> str:
        """The layer's name in a summary, with the number that matters most beside it where there is one."""
        return self.kind

    def config(self) -> dict[str, Any]:
        """Describe the layer as plain data, from which `glassnet.nn.layers.from_config` makes it again."""
        return {"kind": self.kind, **{name: getattr(self, name) for name in self.options}}

    def __repr__(self) -> str:
        """Show the call that makes this layer."""
        return f"{self.kind}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.options)})"
