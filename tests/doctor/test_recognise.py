"""Networks recognised from their losses alone: plain programs, written without the doctor's model."""

from itertools import pairwise

import numpy as np
import pytest

from glassnet.doctor.class_form import ClassSubject
from glassnet.doctor.function_form import FunctionSubject
from glassnet.doctor.points import Point
from glassnet.doctor.recognise import recognise, refit, targets
from glassnet.doctor.steps import Dense, Normalization, Skip

N, WIDTHS = 6, (4, 5, 3)


def zeros(params):
    """Gradients for programs whose gradients do not matter here."""
    return {name: np.zeros_like(value) for name, value in params.items()}


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def numbers(transposed=False, widths=WIDTHS, seed=0):
    generator = np.random.default_rng(seed)
    parameters = {}
    for k, (inputs, outputs) in enumerate(pairwise(widths), 1):
        W = generator.normal(size=(inputs, outputs))
        parameters[f"W{k}"] = W.T.copy() if transposed else W
        parameters[f"b{k}"] = generator.normal(size=outputs)
    x = generator.normal(size=(N, widths[0]))
    return parameters, x, np.eye(widths[-1])[generator.integers(0, widths[-1], N)]


def program(
    penalty=lambda p: 0.0, hidden=np.tanh, loss=lambda z, y: -np.mean((y * np.log(softmax(z))).sum(1))
):
    def loss_and_grads(params, x, y):
        z = hidden(x @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
        return loss(z, y) + penalty(params), zeros(params)

    return loss_and_grads


@pytest.mark.parametrize("transposed", [False, True], ids=["W in-out", "W out-in"])
@pytest.mark.parametrize("axis", [0, 1], ids=["rows", "columns"])
def test_the_layout_is_recognised(axis, transposed):
    def loss_and_grads(params, x, y):
        h, y = (x.T, y.T) if axis else (x, y)
        for k in (1, 2):
            W = params[f"W{k}"]
            z = h @ (W.T if transposed else W) + params[f"b{k}"].reshape(-1)
            h = np.maximum(z, 0)
        return -np.mean((y * np.log(softmax(z))).sum(1)), zeros(params)

    parameters, x, y = numbers(transposed)
    if axis:
        parameters = {n: p.reshape(-1, 1) if n[0] == "b" else p for n, p in parameters.items()}
        x, y = x.T.copy(), y.T.copy()
    model = recognise(FunctionSubject(loss_and_grads, (parameters, x, y)))
    assert str(model) == "dense W1 → ReLU → dense W2 → softmax → cross-entropy"
    assert model.batch_axis == axis
    assert [step.transposed for step in model.steps if isinstance(step, Dense)] == [transposed] * 2


@pytest.mark.parametrize(
    ("loss", "kind", "scale"),
    [
        (lambda z, y: np.mean((z - y) ** 2), "squared error", 1 / (N * 3)),
        (lambda z, y: np.sum((z - y) ** 2) / 2, "squared error", 0.5),
        (lambda z, y: np.mean(np.abs(z - y)), "absolute error", 1 / (N * 3)),
        (lambda z, y: np.mean(np.sum(np.log1p(np.exp(z)) - y * z, axis=1)), "binary cross-entropy", 1 / N),
        (lambda z, y: (np.maximum(0, z - (z * y).sum(1)[:, None] + 1) * (1 - y)).sum() / N, "hinge", 1 / N),
    ],
)  # fmt: skip
def test_the_loss_and_its_factor_are_recognised(loss, kind, scale):
    head = recognise(FunctionSubject(program(loss=loss), numbers())).head
    assert head.kind == kind
    assert head.scale == pytest.approx(scale)


@pytest.mark.parametrize(
    ("penalty", "coefficients"),
    [
        (lambda p: 0.03 * sum((p[k] ** 2).sum() for k in ("W1", "W2")), {"l2": 0.03}),
        (lambda p: 0.02 * sum(np.abs(p[k]).sum() for k in ("W1", "W2")), {"l1": 0.02}),
        (lambda p: 0.01 * sum((p[k] ** 2).sum() for k in p), {"l2": 0.01, "bias_l2": 0.01}),
        (
            lambda p: sum(0.01 * (p[k] ** 2).sum() + 0.02 * np.abs(p[k]).sum() for k in ("W1", "W2")),
            {"l2": 0.01, "l1": 0.02},
        ),
    ],
)
def test_penalties_are_recovered(penalty, coefficients):
    head = recognise(FunctionSubject(program(penalty), numbers())).head
    found = {name: getattr(head, name) for name in ("l2", "l1", "bias_l2") if getattr(head, name)}
    assert found == pytest.approx(coefficients)


def test_label_smoothing_is_recovered():
    def loss(z, y):
        return -np.mean(((0.9 * y + 0.1 / 3) * np.log(softmax(z))).sum(1))

    head = recognise(FunctionSubject(program(loss=loss), numbers())).head
    assert head.scale == pytest.approx(0.9 / N)
    assert head.smoothing == pytest.approx(0.1 / N)


@pytest.mark.parametrize("axis", [0, -1], ids=["batch", "layer"])
@pytest.mark.parametrize("epsilon", [1e-5, 1e-3, 1e-8])
def test_a_normalization_and_its_epsilon_are_recognised(axis, epsilon):
    def loss_and_grads(params, x, y):
        z = x @ params["W1"] + params["b1"]
        z = (z - z.mean(axis, keepdims=True)) / np.sqrt(z.var(axis, keepdims=True) + epsilon)
        h = np.maximum(params["gamma1"] * z + params["beta1"], 0)
        p = softmax(h @ params["W2"] + params["b2"])
        return -np.mean((y * np.log(p)).sum(1)), zeros(params)

    parameters, x, y = numbers()
    parameters |= {"gamma1": np.linspace(0.5, 2, 5), "beta1": np.linspace(-1, 1, 5)}
    model = recognise(FunctionSubject(loss_and_grads, (parameters, x, y)))
    (step,) = [step for step in model.steps if isinstance(step, Normalization)]
    assert (step.axis, step.gamma, step.beta) == (axis, "gamma1", "beta1")
    assert step.epsilon == epsilon or max(step.epsilon, epsilon) <= 1e-5  # too small to tell apart


def test_a_shortcut_is_recognised():
    def loss_and_grads(params, x, y):
        h = np.tanh(x @ params["W1"] + params["b1"]) + x
        return np.mean((h @ params["W2"] + params["b2"] - y) ** 2), zeros(params)

    model = recognise(FunctionSubject(loss_and_grads, numbers(widths=(4, 4, 3))))
    assert str(model) == "dense W1 → tanh → plus shortcut → dense W2 → squared error"
    assert [step.source for step in model.steps if isinstance(step, Skip)] == [0]


def test_a_class_is_recognised_by_its_output():
    class Layer:
        def __init__(self):
            self.W, self.b = np.random.default_rng(0).normal(size=(3, 2)), np.ones(2)
            self.dW, self.db = np.zeros((3, 2)), np.zeros(2)

        def forward(self, x):
            z = x @ self.W + self.b
            return z / (1 + np.exp(-z))

        def backward(self, dy):
            return dy @ self.W.T

    subject = ClassSubject(Layer(), np.random.default_rng(1).normal(size=(4, 3)), name="Layer")
    assert str(recognise(subject)) == "dense W → SiLU"


def counted(loss):
    calls = []

    def loss_and_grads(params, x, y):
        calls.append(1)
        return loss(params, x, y), zeros(params)

    return loss_and_grads, calls


@pytest.mark.parametrize(
    "loss",
    [
        lambda p, x, y: np.sum(np.sin(3 * x @ p["W1"]) ** 4) + np.sum(p["W2"] ** 3) + np.sum(p["b1"]),
        lambda p, x, y: np.mean(np.tanh(np.tanh(x @ p["W1"]) @ p["W2"]) ** 2) + p["b1"][0] ** 3,
        lambda p, x, y: 1.0,
    ],
)
def test_what_it_cannot_know_is_none_after_few_calls(loss):
    function, calls = counted(loss)
    subject = FunctionSubject(function, numbers())
    calls.clear()
    assert recognise(subject) is None
    assert len(calls) <= 12


def test_a_vector_for_x_is_not_guessed_at():
    subject = FunctionSubject(
        lambda p, x, y: (float(p["w"] @ x), {"w": x}), ({"w": np.ones(3)}, np.ones(3), 1.0)
    )
    assert recognise(subject) is None


def test_the_factor_of_another_batch_size_is_refitted():
    parameters, x, y = numbers()
    subject = FunctionSubject(program(), (parameters, x, y))
    model = recognise(subject)
    smaller = refit(model, subject, Point(parameters, x[:4], y[:4]), np.random.default_rng(0))
    assert (model.head.scale, smaller.head.scale) == (pytest.approx(1 / 6), pytest.approx(1 / 4))


@pytest.mark.parametrize(
    ("y", "outputs", "axis", "expected"),
    [
        ([0, 2], 3, 0, [[1, 0, 0], [0, 0, 1]]),  # class numbers
        ([[1, 0, 0], [0, 0, 1]], 3, 0, [[1, 0, 0], [0, 0, 1]]),
        ([[1, 4], [2, 5], [3, 6]], 3, 1, [[1, 2, 3], [4, 5, 6]]),  # columns
        ([0.5, 2.0], 1, 0, [[0.5], [2.0]]),
        ([0, 3], 3, 0, None),  # no such class
        ([0.5, 1.0], 3, 0, None),
        (["a", "b"], 3, 0, None),
        ([[1, 2], [3, 4]], 3, 0, None),
    ],
)
def test_targets(y, outputs, axis, expected):
    found = targets(y, 2, outputs, axis)
    assert (None if found is None else found.tolist()) == expected
