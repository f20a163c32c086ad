"""Bare weights, however they are spelled, are one network; what could be two is refused."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glassnet as gn
from files.models import one_line
from glassnet import files
from glassnet.nn import Dense, Network, ReLU, Softmax

GENERATOR = np.random.default_rng(0)
IMAGES = GENERATOR.integers(0, 256, (50, 28, 28), np.uint8)


def weights(*sizes: int, dtype: str = "float32") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, (inputs, units) in enumerate(itertools.pairwise(sizes), 1):
        found[f"W{number}"] = GENERATOR.normal(0, inputs**-0.5, (inputs, units)).astype(dtype)
        found[f"b{number}"] = GENERATOR.normal(size=units).astype(dtype)
    return found


def spelled(arrays: dict[str, Any], case: str, columns: bool, bias: tuple[int, ...]) -> dict[str, Any]:
    """W (inputs, units) and b (units,) under other names, lying otherwise, with biases of another shape."""
    turned = {
        n: a.T if columns and n[0] == "W" else a if n[0] == "W" else a.reshape(bias)
        for n, a in arrays.items()
    }
    return {case[name[0] == "b"] + name[1:]: array for name, array in turned.items()}


def saved(path: Path, **arrays: Any) -> Path:
    np.savez(path, **arrays)
    return path


@pytest.mark.parametrize(
    "sizes", [(784, 30, 10), (784, 10), (784, 16, 16, 10), (784, 10, 10), (784, 784, 10)]
)
def test_every_spelling_gives_the_same_answers(sizes: tuple[int, ...], tmp_path: Path) -> None:
    arrays = weights(*sizes)
    units = list(itertools.chain.from_iterable(([Dense(n), ReLU()]) for n in sizes[1:]))
    network = Network([*units[:-1], Softmax()], 784, scaling=gn.Scaling(scale=1 / 255))
    for number in range(1, len(sizes)):
        network.parameters[f"{2 * number - 1}.W"][...] = arrays[f"W{number}"]
        network.parameters[f"{2 * number - 1}.b"][...] = arrays[f"b{number}"]
    expected = network.predict_proba(IMAGES).tobytes()
    spellings = list(itertools.product(("Wb", "wb", "WB", "wB"), (False, True), ((-1,), (1, -1), (-1, 1))))
    for spelling in spellings:
        loaded = gn.load(saved(tmp_path / "weights.npz", **spelled(arrays, *spelling)))
        assert loaded.predict_proba(IMAGES).tobytes() == expected, spelling
    assert len(spellings) == 24


def test_what_they_become(tmp_path: Path) -> None:
    path = saved(tmp_path / "weights.npz", **weights(784, 30, 10))
    network, notes = files.read(path)
    assert notes == {}
    assert repr(network) == "Network 784-30-10 (Dense, ReLU, Dense, Softmax), 23,860 parameters, float32"
    assert network.classes == tuple("0123456789")
    assert network.loss is not None
    assert network.loss.name == "cross_entropy"
    assert set(network.predict(IMAGES)) <= set(range(10))
    network.save(tmp_path / "model.npz")
    assert gn.load(tmp_path / "model.npz").predict(IMAGES).tobytes() == network.predict(IMAGES).tobytes()


def test_compressed_and_in_any_order(tmp_path: Path) -> None:
    arrays = weights(784, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)  # W10 comes before W2 by the alphabet
    np.savez_compressed(tmp_path / "a.npz", **dict(sorted(arrays.items(), reverse=True)))
    saved(tmp_path / "b.npz", **arrays)
    one, other = (gn.load(tmp_path / name).predict_proba(IMAGES) for name in ("a.npz", "b.npz"))
    assert one.shape == (50, 2)
    assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize(
    ("dtypes", "expected"),
    [
        ("f4 f4", "float32"),
        ("f8 f8", "float64"),
        ("f4 f8", "float64"),
        (">f4 >f4", "float32"),
        ("f2 f2", "float32"),
    ],
)
def test_the_dtype_is_theirs(dtypes: str, expected: str, tmp_path: Path) -> None:
    first, second = dtypes.split()
    arrays = weights(5, 4, 3, dtype="float64")
    arrays = {name: array.astype(first if name[1] == "1" else second) for name, array in arrays.items()}
    network = gn.load(saved(tmp_path / "w.npz", **arrays))
    assert network.dtype == expected
    assert np.array_equal(network.parameters["1.W"], arrays["W1"].astype(expected))


# ---- square matrices


@pytest.mark.parametrize("columns", [False, True])
def test_square_matrices_lie_as_their_biases_do(columns: bool, tmp_path: Path) -> None:
    arrays = weights(6, 6, 6)
    bias = (-1, 1) if columns else (1, -1)
    network = gn.load(saved(tmp_path / "w.npz", **spelled(arrays, "Wb", columns, bias)))
    assert np.array_equal(network.parameters["1.W"], arrays["W1"])
    assert np.array_equal(network.parameters["3.W"], arrays["W2"])


@pytest.mark.parametrize(
    "biases", [[(6,), (6,)], [(1, 6), (6, 1)]], ids=["that say nothing", "that contradict each other"]
)
def test_square_matrices_alone_are_refused(biases: list[tuple[int, ...]], tmp_path: Path) -> None:
    arrays = weights(6, 6, 6)
    for name, shape in zip(("b1", "b2"), biases):
        arrays[name] = arrays[name].reshape(shape)
    path = saved(tmp_path / "w.npz", **arrays)
    with pytest.raises(
        ValueError, match=r"which axis of W is the inputs, got square matrices \(W1 \(6, 6\)"
    ) as caught:
        gn.load(path)
    assert one_line(caught, path)


# ---- what is refused


def put(**changes: Any) -> dict[str, Any]:
    """Good weights with some of them changed; None takes one away."""
    return {name: array for name, array in {**weights(7, 5, 3), **changes}.items() if array is not None}


BAD = {
    "a gap": (
        {**weights(7, 5), "W3": np.ones((5, 3)), "b3": np.ones(3)},
        "without a gap and alone, got W1, b1, W3, b3",
    ),
    "from zero": ({f"{n[0]}{int(n[1]) - 1}": a for n, a in weights(7, 5, 3).items()}, "got W0, b0, W1, b1"),
    "no biases": (put(b1=None, b2=None), "W1, b1, W2, b2, … without a gap and alone, got W1, W2"),
    "one bias missing": (put(b2=None), "got W1, b1, W2$"),
    "a bias too many": (put(b3=np.ones(3)), "got W1, b1, W2, b2, b3"),
    "something else beside": (put(mean=np.ones(7), std=np.ones(7)), "got W1, b1, W2, b2, mean, std"),
    "in both cases": (put(w1=np.ones((7, 5)), B1=np.ones(5)), "got W1, b1, W2, b2, w1, B1"),
    "one in both cases": ({**weights(7, 5), "w1": np.ones((7, 5))}, "alone, got W1, b1, w1$"),
    "a name too long": (put(**{"x" * 5000: np.ones(1)}), "x…?$"),
    "layers that do not chain": (put(W2=np.ones((4, 3))), r"W1 \(7, 5\), b1 \(5,\), W2 \(4, 3\), b2 \(3,\)"),
    "one layer on its side": (put(W2=np.ones((3, 5))), r"each layer to fit the next, got W1 \(7, 5\), b1"),
    "a bias of another length": (put(b1=np.ones(6)), r"got W1 \(7, 5\), b1 \(6,\)"),
    "a matrix as bias": (put(b1=np.ones((5, 5))), r"b1 \(5, 5\)"),
    "a number as bias": (put(b1=np.float32(1)), r"b1 \(\)"),
    "a vector as matrix": (put(W1=np.ones(5)), r"got W1 \(5,\)"),
    "a stack of matrices": (put(W1=np.ones((2, 7, 5))), r"got W1 \(2, 7, 5\)"),
    "nothing in it": (put(W1=np.ones((0, 5))), r"expected W1 of floats, got \(0, 5\)"),
    "integers": (put(W1=np.ones((7, 5), int)), r"expected W1 of floats, got \(7, 5\) of int64"),
    "complex numbers": (put(b1=np.ones(5, complex)), r"expected b1 of floats, got \(5,\) of complex128"),
    "text": (put(b1=np.array(["a"] * 5)), "expected b1 of floats, got .* of <U1"),
    "NaN": (put(b2=np.array([0, np.nan, 1])), "expected finite values in b2, got NaN or infinity"),
    "infinity": (put(W1=np.full((7, 5), np.inf)), "expected finite values in W1"),
    "objects": (put(W1=np.array([[None]])), "an archive whose entry 'W1' is not an array of numbers"),
    "one output": (weights(7, 5, 1), "expected at least 2 outputs, one for each class, got 1"),
    "many layers": ({**weights(*range(40, 2, -1)), "W9": np.ones((3, 3))}, "b4 .*, …$"),
    "other arrays": ({"weights": np.ones(3), "bias": np.ones(3)}, "json and without weights W1, b1"),
}  # fmt: skip


@pytest.mark.parametrize(("arrays", "message"), BAD.values(), ids=BAD.keys())
def test_what_is_not_one_network_is_refused(arrays: dict[str, Any], message: str, tmp_path: Path) -> None:
    path = saved(tmp_path / "weights.npz", **arrays)
    with pytest.raises(ValueError, match=message) as caught:
        gn.load(path)
    assert one_line(caught, path)
