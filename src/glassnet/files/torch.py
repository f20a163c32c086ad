"""A network to and from PyTorch: the `state_dict` of an `nn.Sequential` with one module for each layer.

    Dense       Linear        weight = Wᵀ (O, I), bias = b
    BatchNorm   BatchNorm1d   weight = γ, bias = β, running_mean, running_var
    LayerNorm   LayerNorm     weight = γ, bias = β

and the other layers without tensors; GELU is `GELU(approximate="tanh")`. `momentum` and `epsilon` mean there
what they mean here. `num_batches_tracked` has no counterpart: it is 0, and passed over on the way back.

The Sequential ends in the logits, which PyTorch's losses take: a final Softmax or Sigmoid that is paired with
the loss is no part of it. Nor is the scaling of the inputs, which `files.torch_program` writes out.
"""

import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from glassnet import extras
from glassnet.atomic import atomic
from glassnet.files.description import brief
from glassnet.nn.activations import GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from glassnet.nn.dense import Dense
from glassnet.nn.dropout import Dropout
from glassnet.nn.flatten import Flatten
from glassnet.nn.layer import Array, Layer
from glassnet.nn.network import Network
from glassnet.nn.normalization import BatchNorm, LayerNorm

NAMES = {  # of a layer's arrays
    "W": "weight", "b": "bias", "gamma": "weight", "beta": "bias",
    "running_mean": "running_mean", "running_variance": "running_var",
}  # fmt: skip
COUNT = "num_batches_tracked"
NAME = re.compile(r"(?P<before>.*\.)?(?P<place>\d+)\.(?P<own>\w+)")
SHOWN = 4  # names that a message lists
EXPECTED = "expected what torch.save(net.state_dict(), …) writes"


class Module(NamedTuple):
    """The call that makes a module of `torch.nn`."""

    name: str
    inputs: tuple[int | float, ...] = ()
    options: Mapping[str, Any] = {}

    def __str__(self) -> str:
        """Write the call."""
        options = [f"{name}={value!r}" for name, value in self.options.items()]
        return f"{self.name}({', '.join([*map(repr, self.inputs), *options])})"


MODULES: dict[type[Layer], Callable[[Any], Module]] = {
    Dense: lambda layer: Module(
        "Linear", (layer.input_shape[0], layer.units), {} if layer.bias else {"bias": False}
    ),
    ReLU: lambda layer: Module("ReLU"),
    LeakyReLU: lambda layer: Module("LeakyReLU", (float(layer.slope),)),
    Sigmoid: lambda layer: Module("Sigmoid"),
    Tanh: lambda layer: Module("Tanh"),
    GELU: lambda layer: Module("GELU", (), {"approximate": "tanh"}),
    Softmax: lambda layer: Module("Softmax", (), {"dim": -1}),
    Dropout: lambda layer: Module("Dropout", (float(layer.rate),)),
    BatchNorm: lambda layer: Module(
        "BatchNorm1d", layer.input_shape, {"eps": float(layer.epsilon), "momentum": float(layer.momentum)}
    ),
    LayerNorm: lambda layer: Module("LayerNorm", layer.input_shape[-1:], {"eps": float(layer.epsilon)}),
    Flatten: lambda layer: Module("Flatten"),
}


def modules(network: Network) -> list[Module]:
    """Return the call for each layer up to the logits. ValueError for a layer that is not glassnet's own."""
    for number, layer in enumerate(network.body, 1):
        if type(layer) not in MODULES:
            known = ", ".join(kind.__name__ for kind in MODULES)
            raise ValueError(f"layer {number}: expected one that PyTorch has too ({known}), got {layer!r}")
    return [MODULES[type(layer)](layer) for layer in network.body]


def module(network: Network) -> Any:
    """Return a `torch.nn.Sequential` that gives for scaled inputs what `outputs` gives for raw ones.

    It is in eval mode and shares no memory with the network. Raises what `modules` raises, and MissingExtra
    without PyTorch.
    """
    with extras.for_("oracle", "a model in PyTorch"):
        import torch
    calls = modules(network)
    state = {name: torch.from_numpy(array) for name, array in _arrays(network.snapshot()).items()}
    with torch.device("meta"):  # where nothing is drawn or made: the numbers are there already
        made = torch.nn.Sequential(
            *(getattr(torch.nn, call.name)(*call.inputs, **call.options) for call in calls)
        )
    made.load_state_dict(state, assign=True)
    return made.eval()


def state_dict(network: Network) -> dict[str, Any]:
    """Return the `state_dict` of `module(network)`: tensors of the network's dtype, named `0.weight`, …"""
    found: dict[str, Any] = module(network).state_dict()
    return found


def load_state_dict(network: Network, state: Mapping[str, Any]) -> None:
    """Write into the network what a `state_dict` of such a Sequential holds: tensors, or NumPy's arrays.

    The numbers in the names may be others, in the same order (without a Flatten, say), and what stands
    before them, as in `module.0.weight`, is passed over if it is the same for all. Raises ValueError for
    another set of names, another shape, NaN or infinity, and a layer that is not glassnet's own; then nothing
    has been written.
    """
    given = _by_place(state)
    wanted = _names(network)
    if len(given) != len(wanted):
        raise ValueError(
            f"expected {len(wanted)} modules with tensors ({_some(module for module, _ in wanted)}),"
            f" got {len(given)} ({_some(state)})"
        )
    values: dict[str, Array] = {}
    for (_, own), (prefix, tensors) in zip(wanted, given.items()):
        if set(own) - set(tensors) or set(tensors) - {*own, COUNT}:
            raise ValueError(f"expected of {prefix} {', '.join(own)}, got {', '.join(tensors)}")
        for name, (ours, shape) in own.items():
            values[ours] = _numbers(f"{prefix}.{name}", tensors[name], shape, network.dtype)
    arrays = {**network.parameters, **network.state}
    with network.lock:
        for name, array in values.items():
            arrays[name][...] = array.T


def write(network: Network, path: str | PathLike[str]) -> None:
    """Write the `state_dict` to a file for `torch.load(path, weights_only=True)`: whole, or not at all."""
    state = state_dict(network)
    import torch

    with atomic(path) as file:
        torch.save(state, file)


def read(path: str | PathLike[str]) -> dict[str, Any]:
    """Return the `state_dict` in a file that `torch.save` wrote. Runs none of the code that it may hold.

    Raises OSError if it cannot be read, and ValueError, in one line, if it holds anything else.
    """
    with extras.for_("oracle", "a model of PyTorch"):
        import torch
    try:
        with Path(path).open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they repeat what is then raised
            state = torch.load(file, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception as error:  # its reader raises whatever comes up
        if thing := re.search(r"GLOBAL (\S+)", str(error)):  # of another class than tensors
            raise ValueError(f"{path}: {EXPECTED}, got a file with a {thing[1][:80]} in it") from None
        reason = re.split(r"\.\s|\n|\x1b", brief(error) or type(error).__name__)[0]
        raise ValueError(f"{path}: {EXPECTED}, got a file that is none or damaged ({reason})") from None
    if not isinstance(state, dict):
        raise ValueError(f"{path}: {EXPECTED}, got a {type(state).__name__}")
    if others := [str(name) for name, value in state.items() if not isinstance(value, torch.Tensor)]:
        raise ValueError(f"{path}: {EXPECTED}, got a dict with other things than tensors ({_some(others)})")
    return {str(name): value for name, value in state.items()}


# ---- names and numbers


def _names(network: Network) -> list[tuple[str, dict[str, tuple[str, tuple[int, ...]]]]]:
    """Return for each layer with arrays its module, and PyTorch's names of them with ours and its shape."""
    found = []
    for number, (module, layer) in enumerate(zip(modules(network), network.body), 1):
        declared = {**layer.parameters(), **layer.state()}
        if declared:
            # Only W has two axes, and PyTorch keeps its transpose.
            own = {NAMES[n]: (f"{number}.{n}", p.shape[::-1]) for n, p in declared.items()}
            found.append((str(module._replace(options={})), own))
    return found


def _arrays(network: Network) -> dict[str, Array]:
    """Return the network's arrays by PyTorch's names and in its shapes, each on its own."""
    found: dict[str, Array] = {}
    for number, layer in enumerate(network.body):
        for name in (*layer.parameters(), *layer.state()):
            found[f"{number}.{NAMES[name]}"] = np.array(getattr(layer, name).T, order="C")
        if isinstance(layer, BatchNorm):
            found[f"{number}.{COUNT}"] = np.array(0)
    return found


def _by_place(state: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the tensors of each module by their own names, the modules in the order of their numbers."""
    found = {name: NAME.fullmatch(name) for name in state}
    if not all(found.values()) or len({match["before"] for match in found.values() if match}) > 1:
        raise ValueError(f"expected the names of an nn.Sequential (0.weight, 0.bias, …), got {_some(state)}")
    places: dict[int, dict[str, Any]] = {}
    for name, match in found.items():
        assert match is not None
        places.setdefault(int(match["place"]), {})[match["own"]] = state[name]
    return {str(place): places[place] for place in sorted(places)}


def _numbers(name: str, given: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    """Return what is in a tensor or an array, of the network's dtype."""
    what = f"{tuple(given.shape)} of {str(given.dtype).removeprefix('torch.')}"
    if hasattr(given, "detach"):
        what += " without numbers (meta)" * given.is_meta
        floats = given.is_floating_point() and not given.is_meta
        # bfloat16 NumPy does not have, nor sparse tensors
        array = given.detach().cpu().double().to_dense().numpy() if floats else given
    else:
        array = np.asarray(given)
        floats = array.dtype.kind == "f"
    if not floats or tuple(array.shape) != shape:
        raise ValueError(f"expected {name} {shape} of floats, got {what}")
    with np.errstate(over="ignore"):
        numbers: Array = array.astype(dtype)
    if not np.isfinite(numbers).all():
        raise ValueError(f"expected finite values in {name}, got NaN or infinity")
    return numbers


def _some(names: Iterable[str]) -> str:
    some = [name[:40] for name in names]
    return ", ".join([*some[:SHOWN], *(["…"] if len(some) > SHOWN else [])]) or "nothing"
