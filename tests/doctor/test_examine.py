"""Whole examinations: right, wrong and undecided code of all kinds, each with its verdict and reason."""

import os

import numpy as np
import pytest

from glassnet.doctor.class_form import ClassSubject
from glassnet.doctor.examine import examine
from glassnet.doctor.function_form import FunctionSubject


def network(widths=(4, 5, 3), n=6, dtype=float, spoil=lambda g: g, noise=0.0, biases=True, shape=None):
    """Dense-ReLU-dense-softmax under a cross-entropy, with an example of the sizes given."""
    generator = np.random.default_rng(1)

    def loss_and_grads(params, x, y):
        p = {name: value.astype(dtype) for name, value in params.items()}
        x, y = x.astype(dtype).reshape(len(x), -1), y.astype(dtype)
        z1 = x @ p["W1"] + p["b1"]
        h = np.maximum(z1, 0)
        z2 = h @ p["W2"] + p["b2"]
        e = np.exp(z2 - z2.max(axis=1, keepdims=True))
        q = e / e.sum(axis=1, keepdims=True)
        loss = -np.mean((y * np.log(q)).sum(axis=1)) + (noise and noise * unsteady())
        dz2 = (q - y) / dtype(len(x))
        dz1 = (dz2 @ p["W2"].T) * (z1 > 0)
        return loss, spoil({"W1": x.T @ dz1, "b1": dz1.sum(0), "W2": h.T @ dz2, "b2": dz2.sum(0)})

    a, b, c = widths
    params = {
        "W1": generator.normal(0, 1 / np.sqrt(a), (a, b)), "b1": 0.3 * generator.normal(size=b) * biases,
        "W2": generator.normal(0, 1 / np.sqrt(b), (b, c)), "b2": 0.3 * generator.normal(size=c) * biases,
    }  # fmt: skip
    x = generator.normal(size=(n, *(shape or (a,))))
    return FunctionSubject(loss_and_grads, (params, x, np.eye(c)[generator.integers(0, c, n)]))


def doubled(g):
    return g | {"b2": 2 * g["b2"]}


def unsteady():
    """Another number at every call, whatever is put back and seeded in between."""
    return int.from_bytes(os.urandom(6), "big") / 2**48


SIZES = {
    "small": {},
    "float32": {"dtype": np.float32},
    "one example": {"n": 1},
    "two examples": {"n": 2},
    "one unit": {"widths": (3, 1, 2)},
    "one input": {"widths": (1, 3, 2)},
    "images": {"widths": (28 * 28, 4, 3), "shape": (28, 28)},
}


@pytest.mark.parametrize("size", SIZES)
def test_right_code_is_correct(size):
    found = examine(network(**SIZES[size]))
    assert found.verdict == "correct", str(found)
    assert found.findings == ()
    assert found.exit_code == 0
    assert found.model == "dense W1 → ReLU → dense W2 → softmax → cross-entropy"


@pytest.mark.parametrize("size", SIZES)
def test_wrong_code_is_wrong(size):
    found = examine(network(**SIZES[size], spoil=doubled))
    assert found.verdict == "wrong"
    assert [row.name for row in found.rows if not row.right] == ["b2"]
    assert found.findings[0].cause in ("factor-2", "batch-factor")  # with two examples both are true at once


@pytest.mark.slow
def test_a_large_matrix_is_checked_by_entries_and_along_directions():
    assert examine(network((784, 128, 10), n=4)).verdict == "correct"


@pytest.mark.slow
@pytest.mark.parametrize("entry", [(0, 0), (783, 127)])
def test_one_large_wrong_entry_of_a_large_matrix_is_seen(entry):
    def spoil(g):
        g["W1"][entry] += 20
        return g

    found = examine(network((784, 128, 10), n=4, spoil=spoil))
    assert [row.name for row in found.rows if not row.right] == ["W1"]


def test_sizes_and_conventions_are_said():
    found = examine(network(dtype=np.float32))
    assert found.conventions == "batch of 6, (N, features), float32"


def test_a_gradient_that_is_not_finite_is_undecided():
    found = examine(network(spoil=lambda g: g | {"W2": np.full((5, 3), np.nan)}))
    assert (found.verdict, found.exit_code) == ("undecided", 2)
    assert found.reason == "gradient of W2: expected finite numbers, got nan at (0, 0)"


def test_a_loss_that_changes_from_call_to_call_is_undecided():
    found = examine(network(noise=1e-2))
    assert found.verdict == "undecided"
    assert found.reason == "the loss changes from call to call"
    assert found.findings[0].cause == "non-deterministic"


def test_a_gradient_that_changes_from_call_to_call_is_undecided():
    found = examine(network(spoil=lambda g: g | {"b2": g["b2"] + 1e-3 * unsteady()}))
    assert found.reason == "the gradient changes from call to call"


def test_an_example_on_a_kink_is_undecided():
    class Relu:
        def forward(self, x):
            self.x = x
            return np.maximum(x, 0)

        def backward(self, dy):
            return dy * (self.x > 0)

    found = examine(ClassSubject(Relu(), np.zeros((3, 2)), name="Relu"))
    assert found.verdict == "undecided"
    assert found.findings[0].cause == "non-differentiable"
    assert "6 entries" in found.findings[0].evidence


def test_a_kink_at_some_entries_is_no_fault():
    found = examine(network(biases=False))
    assert found.verdict == "correct", str(found)


def test_a_mistake_that_does_not_show_at_the_example_is_found_elsewhere():
    """Where b is 0, a gradient that adds it is right."""

    def loss_and_grads(params, x, y):
        d = 2 * (x @ params["W"] + params["b"] - y) / len(x)
        return np.mean(((x @ params["W"] + params["b"] - y) ** 2).sum(1)), {
            "W": x.T @ d, "b": d.sum(0) + params["b"],
        }  # fmt: skip

    generator = np.random.default_rng(0)
    params = {"W": generator.normal(size=(3, 2)), "b": np.zeros(2)}
    found = examine(FunctionSubject(loss_and_grads, (params, generator.normal(size=(4, 3)), np.ones((4, 2)))))
    assert found.verdict == "wrong"
    (row,) = [row for row in found.rows if not row.right]
    assert row.problem == "right at your example, wrong where parameters differ"


def test_parameters_of_one_number():
    def loss_and_grads(params, x, y):
        d = 2 * (x * params["w"] + params["c"] - y) / len(x)
        return np.mean((x * params["w"] + params["c"] - y) ** 2), {"w": (d * x).sum(), "c": d.sum()}

    generator = np.random.default_rng(0)
    example = ({"w": 0.7, "c": -0.2}, generator.normal(size=5), generator.normal(size=5))
    assert examine(FunctionSubject(loss_and_grads, example)).verdict == "correct"


def test_code_that_runs_on_its_own_example_alone_is_still_judged():
    def loss_and_grads(params, x, y):
        if not np.array_equal(x, X):
            raise RuntimeError("for this x alone")
        return float(((x @ params["W"]) ** 2).sum()), {"W": 2 * x.T @ x @ params["W"]}

    X = np.random.default_rng(0).normal(size=(4, 3))
    found = examine(FunctionSubject(loss_and_grads, ({"W": np.ones((3, 2))}, X, None)))
    assert found.verdict == "correct"


def test_random_numbers_of_the_code_are_held_fixed():
    def loss_and_grads(params, x, y):
        z = np.random.normal(size=x.shape) * x @ params["W"]  # noqa: NPY002
        np.random.seed(3)  # noqa: NPY002
        return float((z**2).sum()), {"W": np.zeros((3, 2))}

    x = np.random.default_rng(0).normal(size=(4, 3))
    found = examine(FunctionSubject(loss_and_grads, ({"W": np.ones((3, 2))}, x, None)))
    assert found.verdict == "wrong"
    assert "Random numbers that the code draws were held fixed." in found.notes


def test_two_examinations_are_the_same():
    one, other = (examine(network(spoil=doubled)) for _ in range(2))
    assert one.plain() == other.plain()


def test_where_only_zeros_were_compared_it_is_undecided():
    def margin(params, x, y):
        s = x @ params["w"] + 100
        return np.maximum(0, 1 - s).mean(), {"w": -x.T @ (s < 1) / len(x)}

    found = examine(FunctionSubject(margin, ({"w": np.ones(3)}, np.ones((4, 3)) / 3, None)))
    assert found.verdict == "undecided"
    assert found.reason.startswith("the loss does not change with any array at the example")
