"""The network: layers in a row, their parameters in one vector, and what it answers."""

import copy
import math
import threading
from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, ClassVar

import numpy as np

from glassnet.nn import checks, losses, summary
from glassnet.nn import layers as registry
from glassnet.nn.layer import Array, Layer
from glassnet.nn.losses import BinaryCrossEntropy, CrossEntropy, Loss
from glassnet.nn.parameters import Store, Views
from glassnet.nn.passes import Pass
from glassnet.nn.scaling import Scaling

CHUNK = 256  # examples predicted at a time: their activations stay in the cache


class Network:
    """Layers in a row, built for examples of `input_shape`.

        net = Network([Dense(128), ReLU(), Dense(10)], input_shape=784, seed=0)

    `loss` is what the network is trained on and what its outputs mean; without it a final Softmax stands for
    cross-entropy and a final Sigmoid for binary cross-entropy. Where the loss pairs with the final layer,
    training stops at the logits before it. `scaling` is applied to all inputs; `classes` names the
    classes in order; towards values the network is trained in the units of `target_scaling`, and `predict`
    answers in those of the targets themselves. The same seed gives the same first weights.

    `parameters` and `gradients` are named views into two flat vectors, `weights` the slice of them that
    penalties reach, and `matrices` the weight matrices (inputs, units) in it, in the order of the layers.

    Raises ValueError, naming the layer, if the layers do not fit one another, the input shape or the loss.
    """

    writer: ClassVar[Callable[["Network", str | PathLike[str]], None] | None] = None

    def __init__(
        self,
        layers: Sequence[Layer],
        input_shape: int | Sequence[int],
        *,
        loss: str | Loss | None = None,
        seed: int | None = 0,
        dtype: str | type = "float32",
        scaling: Scaling | None = None,
        classes: Sequence[str] | None = None,
        target_scaling: Scaling | None = None,
    ) -> None:
        self.layers = checks.layer_list(layers)
        self.input_shape = checks.shape(input_shape)
        self.dtype = checks.dtype(dtype)
        self.scaling = checks.scaling(scaling, self.input_shape)
        self.classes = None if classes is None else tuple(map(str, classes))
        self._build()
        self.target_scaling = checks.scaling(target_scaling, self.output_shape)
        self._bind(Store(self.layers, self.dtype))
        self._store.initialize(np.random.default_rng(checks.seed(seed)))
        self.loss: Loss | None = None
        self.body = self.layers
        if loss is None:
            loss = next(
                (name for name, known in losses.LOSSES.items() if self._ends_in(known.pairs_with)), None
            )
        if loss is not None:
            self.pair(loss)
        self.training_now = False
        self.lock = threading.Lock()  # held while an update changes the parameters
        self._idle: list[Pass] = []
        self.flow: Pass | None = None

    # ---- building

    def _build(self) -> None:
        shapes = [self.input_shape]
        for place, layer in enumerate(self.layers, 1):
            try:
                shapes.append(layer.build(shapes[-1]))
            except ValueError as error:
                raise ValueError(f"{layer.kind} {place}: {error}") from None
        # Only now: layers of a network that could not be built are free for the next attempt.
        for layer, before, after in zip(self.layers, shapes, shapes[1:]):
            layer.input_shape, layer.output_shape = before, after
        self.output_shape = shapes[-1]

    def _bind(self, store: Store) -> None:
        self._store = store
        store.bind(self.layers)
        self.parameters: Views = store.parameters
        self.gradients: Views = store.gradients
        self.state: Views = store.state
        self.weights: slice = store.weights
        self.matrices: list[Array] = store.matrices

    def _ends_in(self, kind: type[Layer] | None) -> bool:
        return kind is not None and type(self.layers[-1]) is kind and len(self.layers) > 1

    def pair(self, loss: str | Loss) -> Loss:
        """Set the loss; if it pairs with the final layer, `body` is the network without that layer.

        Raises ValueError for a final layer that belongs to another loss, or class names whose count is not
        that of the outputs.
        """
        loss = losses.get(loss)
        for other in losses.LOSSES.values():
            if self._ends_in(other.pairs_with) and loss.pairs_with not in (other.pairs_with, None):
                ours = loss.pairs_with.__name__ if loss.pairs_with else ""
                raise ValueError(
                    f"{loss.name}: expected logits or a final {ours}, got a final {self.layers[-1].kind};"
                    f" use loss {other.name!r}"
                )
        outputs = self.output_shape[-1]
        if self.classes is not None and len(self.classes) != max(outputs, 2):
            raise ValueError(f"Network: expected {max(outputs, 2)} class names, got {len(self.classes)}")
        self.loss = loss
        self.body = self.layers[:-1] if self._ends_in(loss.pairs_with) else self.layers
        self._idle = []
        return loss

    # ---- the two directions

    def new_pass(
        self,
        capacity: int,
        *,
        training: bool = False,
        generator: np.random.Generator | None = None,
        input_gradient: bool = False,
        whole: bool = False,
    ) -> Pass:
        """Make the arrays for batches of up to `capacity`, up to the logits or, if `whole`, to the output."""
        return Pass(
            self.layers if whole else self.body,
            capacity,
            self.parameters.vector,
            training=training,
            generator=generator,
            input_gradient=input_gradient,
        )

    def forward(
        self, x: Any, *, training: bool = False, generator: np.random.Generator | None = None
    ) -> Array:
        """Return what the last layer makes of `x` (N, …), borrowed until the next `forward`.

        The pass is kept in `flow` for `backward` and for looking at; training and predicting use passes of
        their own. While `training`, dropout draws from `generator`, which it then needs.
        Raises ValueError for examples of another shape, or none to train on.
        """
        x = self.examples(x)
        if training and not len(x):
            raise ValueError("Network: expected at least one example to train on, got none")
        if training and generator is None:
            generator = np.random.default_rng()
        self.flow = self.new_pass(
            len(x), training=training, generator=generator, input_gradient=True, whole=True
        )
        self.load(x, self.flow)
        return self.flow.forward()

    def backward(self, dy: Any) -> Array:
        """Given ∂L/∂(output) after `forward`, fill `gradients` and return ∂L/∂(scaled input), borrowed."""
        if self.flow is None:
            raise ValueError("backward: expected a forward before it, got none")
        dy = np.asarray(dy)
        if dy.shape != self.flow.output.shape:
            raise ValueError(f"backward: expected dy {self.flow.output.shape}, got {dy.shape}")
        self.flow.output_gradient[...] = dy
        self.flow.backward()
        dx = self.flow.gradients[0]
        assert dx is not None
        return dx

    def examples(self, x: Any) -> Array:
        """Return `x` as a batch of this network's examples (N, *input_shape).

        Examples of another shape with as many numbers are reshaped: an image (28, 28) serves where 784 are
        expected. Raises ValueError otherwise.
        """
        batch: Array = np.asarray(x)
        if batch.dtype.kind not in "buif":
            raise ValueError(f"Network: expected numbers, got an array of {batch.dtype}")
        if batch.shape[1:] == self.input_shape:
            return batch
        if batch.ndim < 2 or math.prod(batch.shape[1:]) != math.prod(self.input_shape):
            expected = ", ".join(["N", *map(str, self.input_shape)])
            one = " (one example? add a batch axis: x[None])" if batch.shape == self.input_shape else ""
            raise ValueError(f"Network: expected input ({expected}), got {batch.shape}{one}")
        return batch.reshape(len(batch), *self.input_shape)

    def load(self, x: Array, into: Pass) -> None:
        """Lay raw examples `x` (N, *input_shape), scaled, into the pass."""
        inputs = into.resize(len(x))
        if self.scaling is None:
            np.copyto(inputs, x, casting="unsafe")
        else:
            self.scaling(x, inputs)

    # ---- answers

    def outputs(self, x: Any) -> Array:
        """Return the logits, or whatever the loss is computed on, for `x` (N, …): a new array (N, K).

        Works in chunks, from several threads at once, and while training runs: then on a copy of the
        parameters made between two updates, so that all answers come from one moment's weights.
        """
        x = self.examples(x)
        if not self.training_now:
            return self._run(x)
        twin = self.snapshot()
        twin._idle.append(twin.new_pass(max(1, min(len(x), CHUNK))))  # no larger than this one call needs
        return twin._run(x)

    def _run(self, x: Array) -> Array:
        try:
            arrays = self._idle.pop()
        except IndexError:
            arrays = self.new_pass(CHUNK)
        with np.errstate(over="ignore", invalid="ignore"):  # a diverged network answers NaN, without noise
            if len(x) <= CHUNK:
                self.load(x, arrays)
                answers: Array = arrays.forward().copy()
            else:
                answers = np.empty_like(arrays.output, shape=(len(x), *self.body[-1].output_shape))
                for start in range(0, len(x), CHUNK):
                    self.load(x[start : start + CHUNK], arrays)
                    answers[start : start + CHUNK] = arrays.forward()
        self._idle.append(arrays)
        return answers

    def predict(self, x: Any) -> Array:
        """Return class numbers (N,), or for a network of values its outputs (N, K).

        Values are in the targets' units, and in float64 where the network has a `target_scaling`.
        """
        z = self.outputs(x)
        if self.classifies:
            return self.meaning.classify(z)
        return z if self.target_scaling is None else self.target_scaling.inverse(z)

    def predict_proba(self, x: Any) -> Array:
        """Return class probabilities (N, classes), rows summing to 1. ValueError for a network of values."""
        if not self.classifies:
            raise ValueError("predict_proba: expected a network of classes, got one trained on values")
        return self.meaning.probabilities(self.outputs(x))

    @property
    def meaning(self) -> Loss:
        """The loss that says what the outputs are: its own, or without one that of logits."""
        return self.loss or (CrossEntropy() if self.output_shape[-1] > 1 else BinaryCrossEntropy())

    @property
    def classifies(self) -> bool:
        """Whether the answers are classes: by the loss, or because the classes have names."""
        return self.meaning.of_classes or self.classes is not None

    # ---- copies and descriptions

    def copy(self, dtype: str | type | None = None) -> "Network":
        """Return an independent network with the same parameters and state, in another dtype if asked."""
        config = {**self.config(), "dtype": str(checks.dtype(dtype or self.dtype))}
        twin = Network.from_config(config)
        twin.parameters.vector[...] = self.parameters.vector
        twin.state.vector[...] = self.state.vector
        return twin

    def snapshot(self) -> "Network":
        """Return a network that shares nothing with this one and holds its parameters between two updates."""
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin.layers = [copy.copy(layer) for layer in self.layers]
        twin.body = twin.layers[: len(self.body)]
        twin.training_now, twin.lock, twin._idle, twin.flow = False, threading.Lock(), [], None
        twin._bind(Store(twin.layers, self.dtype))
        with self.lock:
            twin.parameters.vector[...] = self.parameters.vector
            twin.state.vector[...] = self.state.vector
        return twin

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and deep-copy as description and vectors, so that views stay views."""
        vectors = self.parameters.vector.copy(), self.state.vector.copy()
        return _restore, (self.config(), *vectors)

    def config(self) -> dict[str, Any]:
        """Describe the network as plain data (what JSON can hold), without the parameters' values."""
        return {
            "layers": [layer.config() for layer in self.layers],
            "input_shape": list(self.input_shape),
            "dtype": str(self.dtype),
            "loss": None if self.loss is None else self.loss.config(),
            "scaling": None if self.scaling is None else self.scaling.config(),
            "classes": None if self.classes is None else list(self.classes),
            "target_scaling": None if self.target_scaling is None else self.target_scaling.config(),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Network":
        """Make a network from what `config` gave, with parameters still at their first values."""
        return cls(
            [registry.from_config(layer) for layer in config["layers"]],
            config["input_shape"],
            loss=None if config.get("loss") is None else losses.from_config(config["loss"]),
            dtype=config.get("dtype", "float32"),
            scaling=_scaling(config.get("scaling")),
            classes=config.get("classes"),
            target_scaling=_scaling(config.get("target_scaling")),
        )

    @property
    def size(self) -> int:
        """The number of parameters."""
        return self.parameters.vector.size

    def summary(self) -> str:
        """Return a table of layers, output shapes and parameter counts, with the loss it is paired with."""
        return summary.table(self)

    def __repr__(self) -> str:
        """Show the network in one line."""
        return summary.line(self)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the network to a file that describes itself: `.npz` or `.safetensors`, as its name says.

        Raises ValueError for another ending, OSError if it cannot be written. The writer is `glassnet.files`,
        which ranks above this module and puts itself in `writer` when it is imported, as it is with
        `glassnet.Network`.
        """
        if Network.writer is None:
            raise RuntimeError("Network.save: import glassnet.files first, which writes files")
        Network.writer(self, path)


def _scaling(config: dict[str, Any] | None) -> Scaling | None:
    return None if config is None else Scaling(**config)


def _restore(config: dict[str, Any], parameters: Array, state: Array) -> Network:
    network = Network.from_config(config)
    network.parameters.vector[...] = parameters
    network.state.vector[...] = state
    return network
