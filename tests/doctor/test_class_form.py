"""The class form: parameters found in the styles people write, fresh starts, what is returned."""

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from doctor.differences import gradients_off
from glassnet import nn
from glassnet.doctor import attributes
from glassnet.doctor.calls import CodeError
from glassnet.doctor.forms import subject

X = np.random.default_rng(0).normal(size=(5, 3))


def drawn(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).normal(size=shape)


class Dense:
    """The plainest style: W beside dW."""

    def __init__(self, inputs: int = 3, outputs: int = 2) -> None:
        self.W, self.b = drawn(inputs, outputs), drawn(outputs)

    def forward(self, x: Any) -> Any:
        self.x = x
        return x @ self.W + self.b

    def backward(self, dy: Any) -> Any:
        self.dW, self.db = self.x.T @ dy, dy.sum(axis=0)
        self.dx = dy @ self.W.T
        return self.dx


class Tanh:
    def forward(self, x: Any) -> Any:
        self.y = np.tanh(x)
        return self.y

    def backward(self, dy: Any) -> Any:
        return dy * (1 - self.y**2)


class Stack:
    """Layers in a list, one beside it, one in a dict."""

    def __init__(self) -> None:
        self.layers = [Dense(3, 4), Tanh(), Dense(4, 2)]
        self.more = {"last": Dense(2, 3)}
        self.fc = Dense(3, 2)

    @property
    def all(self) -> list[Any]:
        return [*self.layers, self.more["last"], self.fc]

    def forward(self, x: Any) -> Any:
        for layer in self.all:
            x = layer.forward(x)
        return x

    def backward(self, dy: Any) -> Any:
        for layer in reversed(self.all):
            dy = layer.backward(dy)
        return dy


class Lists(Dense):
    """params and grads as lists, filled in place, as in a well-known book."""

    def __init__(self) -> None:
        self.params = [drawn(3, 2), drawn(2)]
        self.grads = [np.zeros((3, 2)), np.zeros(2)]

    def forward(self, x: Any) -> Any:
        self.x = x
        W, b = self.params
        return x @ W + b

    def backward(self, dy: Any) -> Any:
        W, _ = self.params
        self.grads[0][...] = self.x.T @ dy
        self.grads[1][...] = dy.sum(axis=0)
        return dy @ W.T


class Dicts(Dense):
    def __init__(self) -> None:
        self.params = {"W": drawn(3, 2), "b": drawn(2)}
        self.grads: dict[str, Any] = {}

    def forward(self, x: Any) -> Any:
        self.x = x
        return x @ self.params["W"] + self.params["b"]

    def backward(self, dy: Any) -> Any:
        self.grads = {"dW": self.x.T @ dy, "db": dy.sum(axis=0)}
        return dy @ self.params["W"].T


class Words:
    """weights with a velocity of a like name, biases, in lists."""

    def __init__(self) -> None:
        self.weights, self.biases = [drawn(3, 4), drawn(4, 2)], [drawn(4), drawn(2)]
        self.delta_weights = [np.zeros((3, 4)), np.zeros((4, 2))]
        self.grad_weights = self.grad_biases = None

    def forward(self, x: Any) -> Any:
        self.activations = [x]
        for W, b in zip(self.weights, self.biases):
            self.activations.append(self.activations[-1] @ W + b)
        return self.activations[-1]

    def backward(self, dy: Any) -> Any:
        self.grad_weights, self.grad_biases = [], []
        for W, a in zip(self.weights[::-1], self.activations[-2::-1]):
            self.grad_weights.insert(0, a.T @ dy)
            self.grad_biases.insert(0, dy.sum(axis=0))
            dy = dy @ W.T
        return dy


class Lazy:
    """Makes its parameters when it first sees an input."""

    W = None

    def forward(self, x: Any) -> Any:
        if self.W is None:
            self.W = np.random.randn(x.shape[1], 2)  # noqa: NPY002
        self.x = x
        return x @ self.W

    def backward(self, dy: Any) -> Any:
        self.dW, self.dx = self.x.T @ dy, dy @ self.W.T
        return self.dx


class Slope:
    """A parameter that is a plain number, and slots."""

    __slots__ = ("alpha", "dalpha", "x")

    def __init__(self) -> None:
        self.alpha = 0.3

    def forward(self, x: Any) -> Any:
        self.x = x
        return np.where(x > 0, x, self.alpha * x)

    def backward(self, dy: Any) -> Any:
        self.dalpha = float((dy * np.minimum(self.x, 0)).sum())
        return np.where(self.x > 0, dy, self.alpha * dy)


class TwoNames:
    """A network whose dict and whose layer share one array."""

    def __init__(self) -> None:
        self.layer = Dense()
        self.params = {"W": self.layer.W, "b": self.layer.b}
        self.grads: dict[str, Any] = {}

    def forward(self, x: Any) -> Any:
        return self.layer.forward(x)

    def backward(self, dy: Any) -> Any:
        dx = self.layer.backward(dy)
        self.grads = {"W": self.layer.dW, "b": self.layer.db}
        return dx


@pytest.mark.parametrize(
    ("code", "names"),
    [
        (Dense, "W b"),
        (Dense(), "W b"),
        (Tanh, ""),
        (Stack, "fc.W fc.b layers.0.W layers.0.b layers.2.W layers.2.b more.last.W more.last.b"),
        (Lists, "params.0 params.1"),
        (Dicts, "W b"),
        (Words, "biases.0 biases.1 weights.0 weights.1"),
        (Lazy, "W"),
        (Slope, "alpha"),
        (TwoNames, "W b"),
    ],
)
def test_parameters_are_found_in_the_styles_people_write(code: Any, names: str) -> None:
    examined = subject(code, lambda rng: X)
    assert " ".join(sorted(examined.parameters)) == names
    assert gradients_off(examined) == []
    changed = {name: value + 1 for name, value in examined.parameters.items()}
    assert not names or examined.loss(changed) != examined.loss()


@pytest.mark.parametrize(
    ("parameter", "gradient"),
    [
        ("W", "dW"), ("W", "grad_W"), ("W", "W_grad"), ("W", "gradW"), ("W", "W_gradient"), ("W", "dL_dW"),
        ("W", "nabla_w"), ("W1", "dW1"), ("weights", "dweights"), ("weights", "weights_grad"),
        ("weights", "grad_weights"), ("weights", "dW"), ("weight", "dw"), ("bias", "db"), ("_W", "_dW"),
        ("biases", "d_biases"), ("gamma", "dgamma"), ("W_hidden", "dW_hidden"), ("kernel", "kernel_grads"),
    ],
)  # fmt: skip
def test_the_usual_names_of_gradients(parameter: str, gradient: str) -> None:
    class Layer:
        def __init__(self) -> None:
            setattr(self, parameter, drawn(3, 2))
            self.learning_rate, self.dropout, self.delta = 0.1, 0.5, drawn(2)

        def forward(self, x: Any) -> Any:
            self.x = x
            return x @ getattr(self, parameter)

        def backward(self, dy: Any) -> Any:
            setattr(self, gradient, self.x.T @ dy)
            return dy @ getattr(self, parameter).T

    examined = subject(Layer, X)
    assert list(examined.parameters) == [parameter]
    assert gradients_off(examined) == []


def test_the_object_itself_is_left_alone() -> None:
    layer = Dense()
    before = layer.W.copy()
    examined = subject(layer, X)
    examined.evaluate({"W": layer.W + 1, "b": layer.b})
    np.testing.assert_array_equal(layer.W, before)
    assert not hasattr(layer, "x")


def test_what_is_written_to_is_named() -> None:
    class Careless(Dense):
        def forward(self, x: Any) -> Any:
            y = super().forward(x.copy())
            x[x < 0] = 0
            return y

        def backward(self, dy: Any) -> Any:
            dx = super().backward(dy)
            self.W -= 0.1 * self.dW
            self.b = self.b - 0.1 * self.db
            dy *= 2
            return dx

    examined = subject(Careless, X)
    assert examined.evaluate().changed == ("W", "b", "x", "dy")
    assert gradients_off(examined) == []


def test_a_second_call_sees_what_the_first_left_and_a_fresh_start_does_not() -> None:
    class Adds(Dense):
        dW: Any = 0.0

        def backward(self, dy: Any) -> Any:
            before = self.dW
            dx = super().backward(dy)
            self.dW = self.dW + before
            return dx

    examined = subject(Adds, X)
    own = examined.parameters, examined.x, examined.y
    once, twice = examined.evaluate().gradients["W"], examined.repeated(own, own).gradients["W"]
    np.testing.assert_allclose(examined.evaluate().gradients["W"], once)
    np.testing.assert_allclose(twice, 2 * once)


def test_masks_are_the_same_in_every_call_whoever_draws_them() -> None:
    class Dropout:
        def __init__(self) -> None:
            self.rng = np.random.default_rng()

        def forward(self, x: Any) -> Any:
            self.mask = (self.rng.random(x.shape) < 0.5) * np.random.rand(*x.shape)  # noqa: NPY002
            return x * self.mask

        def backward(self, dy: Any) -> Any:
            return dy * self.mask

    examined = subject(Dropout, X)
    assert examined.draws
    assert gradients_off(examined) == []
    own = examined.parameters, examined.x, examined.y
    np.testing.assert_array_equal(examined.repeated(own, own).output, examined.evaluate().output)
    assert not subject(Dense, X).draws


def test_float32_objects_are_examined_in_float64() -> None:
    layer = Dense()
    layer.W, layer.b = layer.W.astype(np.float32), layer.b.astype(np.float32)
    examined = subject(layer, X.astype(np.float32))
    assert examined.precision == "float64"
    assert examined.evaluate().output.dtype == float
    assert gradients_off(examined) == []


def test_float32_is_noticed_where_the_code_insists_on_it() -> None:
    class Narrow(Dense):
        def forward(self, x: Any) -> Any:
            return super().forward(x).astype(np.float32)

    examined = subject(Narrow, X)
    assert examined.precision == "float32"
    assert examined.y.dtype == np.float32


def test_whole_numbers_become_floats_unless_they_are_needed_whole() -> None:
    class Embedding:
        def __init__(self) -> None:
            self.W = drawn(7, 2)

        def forward(self, x: Any) -> Any:
            self.x = x
            return self.W[x]

        def backward(self, dy: Any) -> None:
            self.dW = np.zeros_like(self.W)
            np.add.at(self.dW, self.x, dy)

    whole = np.array([[0, 1, 2], [3, 4, 4]])
    assert subject(Dense, whole).x.dtype == float
    examined = subject(Embedding, whole)
    assert examined.x.dtype == whole.dtype
    assert examined.evaluate().input_gradient is None
    assert gradients_off(examined) == []


def test_another_batch_gets_a_cotangent_of_its_size() -> None:
    examined = subject(Dense, X)
    assert examined.evaluate(x=X[:2]).output.shape == (2, 2)
    assert examined.loss(x=X[:2], y=examined.y[:2]) == pytest.approx(
        float(np.sum(examined.y[:2] * examined.evaluate().output[:2]))
    )


def returning(forward: Any = None, backward: Any = None) -> Any:
    class Returns(Dense):
        def forward(self, x: Any) -> Any:
            y = super().forward(x)
            return forward(y) if forward else y

        def backward(self, dy: Any) -> Any:
            dx = super().backward(dy)
            return backward(self, dx) if backward else dx

    return Returns


class Steps(Dense):
    def backward(self, dy: Any, learning_rate: float) -> Any:  # type: ignore[override]
        return None


class Begins(Dense):
    def backward(self, x: Any, y: Any) -> Any:  # type: ignore[override]
        return None


class Judges(Dense):
    def forward(self, x: Any, y: Any) -> Any:  # type: ignore[override]
        return x


class Bare:
    def forward(self, x: Any) -> Any:
        return 2 * x

    def backward(self, dy: Any) -> None:
        return None


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (SimpleNamespace(forward=len), r"SimpleNamespace: expected a method backward\(dy\), found none"),
        (Steps, r"Steps.backward: expected to be called with dy alone, got backward\(dy: Any, learning_rate"),
        (Begins, r"got backward\(x: Any, y: Any\) -> Any; where it takes the targets, check a"),
        (Judges, r"Judges.forward: expected to be called with x alone, got forward\(x: Any, y: Any\)"),
        (returning(lambda y: (y, 1)), r"Returns.forward: expected an array of floats back, got a tuple of 2"),
        (returning(lambda y: None), "Returns.forward: expected an array of floats back, got None"),
        (
            returning(lambda y: y > 0),
            r"forward: expected an array of floats back, got an array \(5, 2\) of b",
        ),
        (
            returning(None, lambda s, dx: (dx, s.dW, s.db)),
            "backward: expected dx alone back, got a tuple of 3",
        ),
        (returning(None, lambda s, dx: {"dx": dx}), "backward: expected dx as an array, got a dict of 1"),
        (returning(None, lambda s, dx: s.__dict__.update(db=None)), "an array in db after backward, the gra"),
        (returning(None, lambda s, dx: s.__dict__.update(dW=[1.0])), "gradient of W, got a list of 1"),
        (Bare, "Bare: expected dx back from backward, or parameters with gradients, found neither"),
        (
            type("Needs", (Dense,), {"__init__": lambda s, n: None}),
            r"Needs: .* without arguments, or .* make",
        ),
    ],
)
def test_what_a_class_must_be(code: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        subject(code, X)
    assert "\n" not in str(raised.value)
    assert not isinstance(raised.value, CodeError)


def test_what_it_raises_is_told_by_the_method() -> None:
    with pytest.raises(
        CodeError, match=r"Dense.forward: raised ValueError: matmul.*test_class_form.py, line"
    ):
        subject(Dense, X.T)


def test_make_makes_what_needs_arguments() -> None:
    examined = subject(Dense, X[:, :2], make=lambda rng: Dense(2, int(rng.integers(4, 5))))
    assert examined.parameters["W"].shape == (2, 4)


def test_a_data_set_is_shared_and_a_parameter_as_large_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attributes, "LARGE", 5)
    monkeypatch.setattr(attributes, "MANY", 20)
    seen: list[Any] = []

    class Holds(Dense):
        def __init__(self) -> None:
            super().__init__()
            self.data, self.pairs, self.few = drawn(3, 2), [(drawn(1), 1)] * 21, drawn(5)

        def forward(self, x: Any) -> Any:
            seen.append((self.data, self.pairs, self.few))
            return super().forward(x)

    layer = Holds()
    before = layer.W.copy()
    examined = subject(layer, X)
    assert gradients_off(examined) == []
    examined.evaluate({"W": layer.W + 1, "b": layer.b})
    np.testing.assert_array_equal(layer.W, before)
    assert all(data is layer.data and pairs is layer.pairs for data, pairs, _ in seen)
    assert all(few is not layer.few for _, _, few in seen)


def test_an_object_that_cannot_be_copied_is_refused(tmp_path: Any) -> None:
    layer = Dense()
    layer.log = (tmp_path / "log").open("w")  # type: ignore[attr-defined]
    with layer.log, pytest.raises(ValueError, match=r"Dense: .* that can be copied, got TypeError"):  # type: ignore[attr-defined]
        subject(layer, X)


@pytest.mark.parametrize("name", ["weights", "_W", "W_hidden", "Wxh", "bias", "b2", "gamma", "thing"])
def test_a_parameter_without_a_gradient_is_not_passed_over(name: str) -> None:
    class Forgets(Tanh):
        def __init__(self) -> None:
            setattr(self, name, drawn(3))

        def forward(self, x: Any) -> Any:
            return super().forward(x) + getattr(self, name)

        def backward(self, dy: Any) -> Any:
            if name == "thing":  # only that it is updated tells that it is one
                self.thing = self.thing - 0.1 * dy.sum(axis=0)
            return super().backward(dy)

    with pytest.raises(ValueError, match=rf"expected the gradient of {name} beside it .*, such as d{name}$"):
        subject(Forgets, X)


def test_a_constant_is_named_and_what_is_only_kept_is_not() -> None:
    class Scaled(Dense):
        def __init__(self) -> None:
            super().__init__()
            self.scale, self.data, self.velocity = [np.full(2, 0.5)], X, {"W": np.zeros((3, 2))}

        def forward(self, x: Any) -> Any:
            return super().forward(x) * self.scale[0]

        def backward(self, dy: Any) -> Any:
            self.velocity["W"] += 1
            return super().backward(dy * self.scale[0])

    examined = subject(Scaled, X)
    assert gradients_off(examined) == []
    assert examined.notes == ["Taken for constant, as no gradient is beside it: scale.0."]
    assert subject(Stack, X).notes == []


# ---- our own


@pytest.mark.parametrize(
    ("layer", "names"),
    [
        (nn.Dense(4), {"W", "b"}), (nn.BatchNorm(), {"gamma", "beta"}), (nn.LayerNorm(), {"gamma", "beta"}),
        (nn.GELU(), set()), (nn.Dropout(0.5), set()),
    ],
)  # fmt: skip
def test_our_layers_are_examined_in_training(layer: nn.Layer, names: set[str]) -> None:
    examined = subject(layer, X)
    assert examined.form == "layer"
    assert examined.draws == isinstance(layer, nn.Dropout)
    assert set(examined.parameters) == names
    assert all(np.ptp(value) > 0 for value in examined.parameters.values())  # no zeros, no ones
    assert examined.evaluate().changed == ()
    assert gradients_off(examined) == []
    assert not hasattr(layer, "input_shape")
    own = examined.parameters, examined.x, examined.y
    np.testing.assert_array_equal(
        examined.repeated(own, own).input_gradient, examined.evaluate().input_gradient
    )


def test_our_networks_are_examined_to_their_output_or_from_their_loss() -> None:
    net = nn.Network([nn.Dense(4), nn.Tanh(), nn.Dense(3)], 3, loss="cross_entropy")
    whole = subject(net, X)
    assert whole.form == "layer"
    assert gradients_off(whole) == []
    judged = subject(net, (X, np.array([0, 1, 2, 1, 0])))
    assert judged.form == "function"
    assert judged.evaluate().input_gradient is None
    assert set(judged.parameters) == {"1.W", "1.b", "3.W", "3.b"}
    assert gradients_off(judged) == []
    np.testing.assert_array_equal(judged.parameters["1.W"], net.parameters["1.W"])


def test_a_layer_in_a_network_is_examined_with_its_own_numbers() -> None:
    net = nn.Network([nn.Dense(4), nn.Tanh()], 3)
    examined = subject(net.layers[0])
    np.testing.assert_array_equal(examined.parameters["W"], net.parameters["1.W"])
    assert gradients_off(examined) == []


def test_a_layer_of_ones_own_that_forgets_a_gradient_is_not_taken_for_right() -> None:
    class HalfDone(nn.Dense):
        def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
            np.matmul(x.T, dy, out=self.dW)
            np.matmul(dy, self.W.T, out=dx)

    examined = subject(HalfDone(2), X)
    assert np.isnan(examined.evaluate().gradients["b"]).all()
    assert gradients_off(examined) == ["b"]


def test_what_our_layers_need() -> None:
    with pytest.raises(ValueError, match="Dense: expected an example of its input, got none"):
        subject(nn.Dense(2))
    with pytest.raises(ValueError, match=r"Dense: expected an example \(N, …\), got an array \(3,\)"):
        subject(nn.Dense(2), np.ones(3))
    with pytest.raises(
        ValueError, match=re.escape("Network: expected a network with a loss for an example (x, y)")
    ):
        subject(nn.Network([nn.Dense(2)], 3), (X, X))
    with pytest.raises(
        ValueError, match="check: expected a function, or a class with forward and backward, got"
    ):
        subject(3, X)
