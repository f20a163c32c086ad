"""Our own layers and networks under examination: float64, in training mode, their random draws repeated."""

import copy
from typing import Any

import numpy as np

from glassnet.doctor.calls import described, running
from glassnet.doctor.evidence import same
from glassnet.doctor.examples import inputs
from glassnet.doctor.function_form import Numbers
from glassnet.doctor.subject import Evaluation, Source
from glassnet.nn.layer import Array, Layer
from glassnet.nn.network import Network

BATCH = 6


class LayerSubject:
    """A Layer or a Network that goes forward and back on a random cotangent dy (see `Subject`).

    A network with a loss and an example (x, y) is examined as a function is: from its loss.

    Raises ValueError if the layer cannot be built for the example.
    """

    form = "layer"
    precision = "float64"

    def __init__(
        self,
        layer: Layer | Network,
        example: Any,
        *,
        name: str = "",
        seed: int = 0,
        source: Source | None = None,
    ) -> None:
        self.seed, self.source = seed, source
        self.name = name or (layer.kind if isinstance(layer, Layer) else "Network")
        self.notes: list[str] = []
        x, targets = example if isinstance(example, tuple) and len(example) == 2 else (example, None)
        self.x = inputs(x).astype(float) if x is not None else self._random(layer)
        self._network = self._built(layer)
        self.parameters: dict[str, Array] = {
            self._plain(name): view.copy() for name, view in self._network.parameters.items()
        }
        self._state = self._network.state.vector.copy()
        self._alone = isinstance(layer, Layer)
        self._loss = self._network.loss if targets is not None else None
        if targets is not None and self._loss is None:
            raise ValueError(
                f"{self.name}: expected a network with a loss for an example (x, y), got one without"
            )
        before = self._generator().bit_generator.state
        output, generator = self._forward(self.parameters, self.x)
        self.draws = generator.bit_generator.state != before
        if self._loss is not None:
            self.form = "function"
            self.y: Any = self._loss.encode(np.asarray(targets), output.shape[-1], float)
        else:
            self.y = np.random.default_rng([seed, 3]).normal(size=output.shape)

    # ---- building

    def _random(self, layer: Layer | Network) -> Array:
        """Inputs for a layer that knows what it takes."""
        shape = getattr(layer, "input_shape", None)
        if shape is None:
            raise ValueError(f"{self.name}: expected an example of its input, got none")
        return np.random.default_rng([self.seed, 4]).normal(size=(BATCH, *shape))

    def _built(self, layer: Layer | Network) -> Network:
        if isinstance(layer, Network):
            return layer.copy("float64")
        if self.x.ndim < 2:
            raise ValueError(f"{self.name}: expected an example (N, …), got {described(self.x)}")
        free = copy.copy(layer)
        for attribute in ("input_shape", "output_shape"):  # it may be at home in a network already
            vars(free).pop(attribute, None)
        with running(self.name, self.seed):
            network = Network([free], self.x.shape[1:], dtype="float64", seed=self.seed)
        if hasattr(layer, "input_shape"):
            for name in layer.parameters():
                network.parameters[f"1.{name}"][...] = getattr(layer, name)
        else:  # gains of 1 and biases of 0 would hide mistakes
            vector = network.parameters.vector
            vector += np.random.default_rng([self.seed, 6]).normal(0, 0.3, vector.size)
        return network

    def _plain(self, name: str) -> str:
        return name.removeprefix("1.") if len(self._network.layers) == 1 else name

    def _generator(self) -> np.random.Generator:
        return np.random.default_rng([self.seed, 5])

    # ---- running it

    def evaluate(
        self, parameters: dict[str, Array] | None = None, x: Array | None = None, y: Any = None
    ) -> Evaluation:
        """Go forward and back."""
        return self._evaluated(parameters, x, y)

    def loss(
        self, parameters: dict[str, Array] | None = None, x: Array | None = None, y: Any = None
    ) -> float:
        """Go forward and return the loss, or Σ dy ∘ y."""
        output, _ = self._forward(parameters, x)
        return self._judged(output, y)[0]

    def repeated(self, first: Numbers, second: Numbers) -> Evaluation:
        """Go forward and back on `first`, then on `second`."""
        self._evaluated(*first)
        return self._evaluated(*second, fresh=False)

    def _evaluated(
        self, parameters: dict[str, Array] | None, x: Array | None, y: Any, fresh: bool = True
    ) -> Evaluation:
        given = self.parameters if parameters is None else parameters
        before = np.array(self.x if x is None else x)
        output, _ = self._forward(given, before, fresh)
        output = output.copy()
        loss, dz = self._judged(output, y)
        flow = self._network.flow
        assert flow is not None
        flow.output_gradient[...] = dz
        with running(f"{self.name}.backward", self.seed):
            flow.backward()
        (dx, handed) = flow.gradients[0], flow.activations[0]
        assert dx is not None
        now = {self._plain(name): view for name, view in self._network.parameters.items()}
        changed = [name for name, value in given.items() if not same(np.asarray(value, float), now[name])]
        changed += (
            ["x"] if self._network.scaling is None and not same(before.reshape(handed.shape), handed) else []
        )
        changed += ["dy"] if not same(dz, flow.output_gradient) else []
        gradients = {self._plain(name): view.copy() for name, view in self._network.gradients.items()}
        whole = self._loss is None and self._network.scaling is None
        return Evaluation(
            loss, gradients, dx.reshape(before.shape).copy() if whole else None, output, tuple(changed)
        )

    def _forward(
        self, parameters: dict[str, Array] | None, x: Array | None, fresh: bool = True
    ) -> tuple[Array, np.random.Generator]:
        network = self._network
        for name, view in network.parameters.items():
            view[...] = (self.parameters if parameters is None else parameters)[self._plain(name)]
        if fresh:
            network.state.vector[...] = self._state
            network.gradients.vector[...] = np.nan  # a backward has to fill them
        generator = self._generator()
        rows = network.examples(self.x if x is None else x)
        with running(f"{self.name}.forward", self.seed):
            network.flow = network.new_pass(
                len(rows), training=True, generator=generator, input_gradient=True, whole=self._loss is None
            )
            network.load(rows, network.flow)
            return network.flow.forward(), generator

    def _judged(self, output: Array, y: Any) -> tuple[float, Array]:
        """Return the loss and its derivative by the output."""
        y = self.y if y is None else np.asarray(y)
        if self._loss is None:
            return float(np.sum(y * output)), y
        dz = np.empty_like(output)
        return float(self._loss(output, y, dz)), dz
