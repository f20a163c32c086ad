"""What the tests of model files share: every kind of network, both formats by hand, and what does not fit."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy

from glassnet.nn import (
    GELU,
    BatchNorm,
    BinaryCrossEntropy,
    CrossEntropy,
    Dense,
    Dropout,
    Flatten,
    LayerNorm,
    LeakyReLU,
    MeanSquaredError,
    Network,
    ReLU,
    Scaling,
    Sigmoid,
    Softmax,
    Tanh,
)  # fmt: skip

HEADER = "glassnet.json"
INPUTS = np.random.default_rng(0).integers(0, 256, (300, 2, 3))


def moved(network: Network) -> Network:
    """The network with parameters and running means as training might have left them."""
    generator = np.random.default_rng(1)
    network.parameters.vector[...] = generator.normal(size=network.size)
    network.state.vector[...] = generator.uniform(0.5, 2, network.state.vector.size)
    return network


def every_layer(**options: Any) -> Network:
    layers = [
        LayerNorm(1e-3), Flatten(), Dense(7, initializer="glorot_uniform"), BatchNorm(0.2, 1e-4), ReLU(),
        Dropout(0.3), Dense(6, bias=False), LeakyReLU(0.05), Dense(5), Sigmoid(),
        Dense(5, initializer="uniform(-0.5, 0.5)"), Tanh(), Dense(5), GELU(), Dense(3), Softmax(),
    ]  # fmt: skip
    return moved(Network(layers, (2, 3), **options))


NETWORKS = {
    "every layer": lambda: every_layer(),
    "float64, scaled, named": lambda: every_layer(
        dtype="float64", scaling=Scaling(shift=128.0, scale=1 / 255), classes=["ä", "日本", 'a "c"\n']
    ),
    "a scale for each feature": lambda: every_layer(
        scaling=Scaling(np.arange(6).reshape(2, 3), np.full(3, 0.1))
    ),
    "cross-entropy with options": lambda: every_layer(
        loss=CrossEntropy(label_smoothing=0.1, class_weights=[1, 2, 3])
    ),
    "one output": lambda: moved(
        Network([Dense(1), Sigmoid()], 6, loss=BinaryCrossEntropy(), classes=["no", "yes"])
    ),
    "squared error on classes": lambda: moved(Network([Dense(3)], 6, loss=MeanSquaredError(), classes="abc")),
    "scaled values": lambda: moved(
        Network([Dense(2)], 6, loss=MeanSquaredError(), target_scaling=Scaling(np.array([100.0, -3]), 0.125))
    ),
    "no loss": lambda: moved(Network([Dense(3)], 6)),
}


def one_line(caught: Any, path: Path) -> bool:
    text = str(caught.value)
    return text.startswith(str(path)) and "\n" not in text and len(text) < 400


# ---- both formats, without glassnet's writers


def npz(text: str, arrays: dict[str, Any]) -> bytes:
    stored = io.BytesIO()
    np.savez(stored, **{HEADER: np.frombuffer(text.encode(), np.uint8)}, **arrays)
    return stored.getvalue()


def tensors(text: str, arrays: dict[str, Any]) -> bytes:
    plain = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    return safetensors.numpy.save(plain, {HEADER: text})


PACKED: dict[str, Callable[[str, dict[str, Any]], bytes]] = {".npz": npz, ".safetensors": tensors}


# ---- a description and arrays that do not fit


def described(change: Any) -> tuple[Any, dict[str, Any]]:
    """A small network's description and arrays, changed."""
    network = moved(Network([Dense(6), BatchNorm(), Dense(3), Softmax()], 6, classes="abc"))
    header: dict[str, Any] = {"format": 1, "glassnet": "0.1.0", "network": network.config(), "notes": {}}
    arrays: dict[str, Any] = {**network.parameters, **network.state}
    changed = change(header, header["network"], arrays)
    return changed if isinstance(changed, dict | list | str) else header, arrays


def put(*path: Any, value: Any) -> Any:
    def change(header: Any, network: Any, arrays: Any) -> None:
        place = header
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return change


def array(name: str, value: Any) -> Any:
    def change(header: Any, network: Any, arrays: Any) -> None:
        if value is None:
            del arrays[name]
        else:
            arrays[name] = value(arrays[name]) if callable(value) else value

    return change


LAYER = ("network", "layers")
MISFITS = {
    "notes of another kind": (put("notes", value=[1]), "description of the network"),
    "a newer format": (put("format", value=2), r"expected model format 1, got 2, written by glassnet 0.1.0"),
    "no format": (lambda h, n, a: {"network": n}, "description of the network"),
    "no network": (lambda h, n, a: {"format": 1}, "description of the network"),
    "a list": (lambda h, n, a: [1, 2], "description of the network"),
    "a word": (lambda h, n, a: "model", "description of the network"),
    "no layers": (put(*LAYER, value=[]), "expected at least one layer"),
    "layers of text": (put(*LAYER, value="Dense"), "cannot"),
    "layers without kind": (put(*LAYER, value=[{}]), "unknown layer None"),
    "an unknown layer": (put(*LAYER, 0, "kind", value="Dens"), "unknown layer 'Dens'; did you mean 'Dense'"),
    "a layer of no name": (put(*LAYER, 0, "kind", value=[]), "cannot"),
    "an unknown option": (put(*LAYER, 0, "unit", value=3), "unknown option of Dense 'unit'"),
    "no units": (put(*LAYER, 0, "units", value=0), "whole number of units, at least 1, got 0"),
    "half units": (put(*LAYER, 0, "units", value=1.5), "whole number of units"),
    "an unknown initializer": (put(*LAYER, 0, "initializer", value="hee"), "unknown initializer 'hee'"),
    "an initializer of no name": (put(*LAYER, 0, "initializer", value=5), "unknown initializer 5"),
    "other units": (put(*LAYER, 0, "units", value=7), r"expected 1.W \(6, 7\) of floats, got \(6, 6\)"),
    "a billion units": (put(*LAYER, 0, "units", value=10**9), r"expected 1.W \(6, 1000000000\)"),
    "units beyond counting": (put(*LAYER, 0, "units", value=10**30), r"expected 1.W \(6, 1000000"),
    "another input": (put("network", "input_shape", value=[5]), r"1.W \(5, 6\) of floats, got \(6, 6\)"),
    "a vast input": (put("network", "input_shape", value=[10**12]), r"expected 1.W \(1000000000000, 6\)"),
    "an image": (put("network", "input_shape", value=[2, 3]), "put a Flatten before it"),
    "no input": (put("network", "input_shape", value=None), "cannot"),
    "an input of text": (put("network", "input_shape", value="six"), "put a Flatten before it"),
    "a negative input": (put("network", "input_shape", value=[-6]), r"expected 1.W \(-6, 6\)"),
    "an unknown dtype": (put("network", "dtype", value="float16"), "unknown dtype 'float16'"),
    "an unknown loss": (put("network", "loss", value={"name": "hinge"}), "unknown loss 'hinge'"),
    "a loss of text": (put("network", "loss", value="mse"), "cannot"),
    "a loss for other ends": (put("network", "loss", value={"name": "binary_cross_entropy"}), "Sigmoid"),
    "four class names": (put("network", "classes", value=list("abcd")), "expected 3 class names, got 4"),
    "a scaling of words": (put("network", "scaling", value={"scale": "big"}), "could not convert"),
    "an array missing": (array("3.W", None), r"expected an array 3.W \(6, 3\), found none"),
    "a running mean missing": (array("2.running_mean", None), r"array 2.running_mean \(6,\), found none"),
    "an array too long": (array("3.b", np.ones(4, np.float32)), r"expected 3.b \(3,\) of floats, got \(4,\)"),
    "an array on its side": (array("3.W", lambda a: a.T), r"expected 3.W \(6, 3\) of floats, got \(3, 6\)"),
    "an array of integers": (array("3.b", np.ones(3, int)), r"expected 3.b .* of int64"),
    "NaN": (array("3.b", np.array([0, np.nan, 0])), "expected finite values in 3.b, got NaN or infinity"),
    "a target scaling of words": (
        put("network", "target_scaling", value={"scale": "big"}), "could not convert",
    ),
    "a target scaling of another shape": (
        put("network", "target_scaling", value={"shift": [1, 2]}),
        r"expected a scaling of one number or \(3,\), got \(2,\)",
    ),
    "a target scaling that cannot be undone": (
        put("network", "target_scaling", value={"shift": [1, 2, 3], "scale": [1, 0, 1]}),
        "expected a target scaling without a scale of 0, got one",
    ),
    "a target scaling of less than float32 holds": (
        put("network", "target_scaling", value={"scale": 1e-300}),
        "expected a target scaling without a scale of 0, got one",
    ),
    "too few class weights": (
        put("network", "loss", value={"name": "cross_entropy", "class_weights": [1, 2]}),
        "expected 3 class weights, got 2",
    ),
    "infinity": (array("2.running_variance", np.full(6, np.inf)), "finite values in 2.running_variance"),
    "too large for float32": (array("3.b", np.full(3, 1e300)), "finite values in 3.b"),
}  # fmt: skip
