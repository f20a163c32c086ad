"""What a model file says of the network beside its arrays, and the network made again of the two.

The description is plain data: the format's version, glassnet's, the network's own description (layers, input
shape, dtype, loss, scaling, class names) and notes. Every parameter and running mean is an array under its
own name (`1.W`). What a description asks for is checked against the arrays before any of it is made.
"""

import json
from collections.abc import Mapping
from pathlib import PureWindowsPath
from typing import Any

import numpy as np

from glassnet import __version__
from glassnet.nn import layers
from glassnet.nn.layer import Array, Shape
from glassnet.nn.network import Network

HEADER = "glassnet.json"  # its name in a file
FORMAT = 1
LONGEST_REASON = 160  # letters

Arrays = Mapping[str, Array]


def describe(network: Network, notes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description of the network."""
    return {"format": FORMAT, "glassnet": __version__, "network": network.config(), "notes": dict(notes)}


def handed_on(notes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the notes for where nothing looks for the data again: of a file its name alone, no folder."""
    told = {name: value for name, value in notes.items() if name != "data_dir"}
    if told.get("data"):
        told["data"] = PureWindowsPath(str(told["data"])).name  # which takes both kinds of slashes
    return told


def text(description: dict[str, Any]) -> str:
    """Return the description as JSON. TypeError for notes that are not plain data."""
    return json.dumps(description, ensure_ascii=False, default=np.generic.item)


def parse(content: str | bytes) -> dict[str, Any]:
    """Return the description in a JSON text; ValueError if it is none, or of a newer format."""
    try:
        header = json.loads(content)
        version = header["format"]
        header["network"]["layers"]
        notes = dict(header.get("notes") or {})
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError(f"expected a description of the network in {HEADER}, got something else") from None
    if version != FORMAT:
        raise ValueError(
            f"expected model format {FORMAT}, got {version!s:.20}, written by glassnet"
            f" {header.get('glassnet')!s:.20};"
            f" this is glassnet {__version__}"
        )
    return {**header, "notes": notes}


def build(config: dict[str, Any], arrays: Arrays) -> Network:
    """Return the network that `config` describes, with the values in `arrays`; others there are passed over.

    Raises ValueError if it cannot be built, or if an array is missing or is not of that shape or of finite
    floats.
    """
    try:
        for name, shape in _declared(config).items():
            _check(name, shape, arrays)
        network = Network.from_config(config)
        _check_ends(network)
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        reason = f"no {error}" if isinstance(error, KeyError) else brief(error)
        raise ValueError(f"expected a network that can be built, got one that cannot: {reason}") from None
    for views in (network.parameters, network.state):
        for name, view in views.items():
            fill(name, view, arrays[name])
    return network


def fill(name: str, view: Array, values: Array) -> None:
    """Write the values into a network's array; ValueError if one is not finite there."""
    with np.errstate(over="ignore"):
        view[...] = values
    if not np.isfinite(view).all():
        raise ValueError(f"expected finite values in {name}, got NaN or infinity")


def brief(error: Exception) -> str:
    """Return what an error says in one short line; those of libraries may quote half a file."""
    return " ".join(str(error).split())[:LONGEST_REASON]


def _declared(config: dict[str, Any]) -> dict[str, Shape]:
    """Return the name and shape of each array that a network so described has.

    Nothing of that size is made yet: what a description asks for is checked against what the file holds.
    """
    shapes: dict[str, Shape] = {}
    shape = tuple(config["input_shape"])
    for place, layer in enumerate(map(layers.from_config, config["layers"]), 1):
        output = layer.build(shape)
        layer.input_shape, layer.output_shape = shape, output
        for name, parameter in {**layer.parameters(), **layer.state()}.items():
            shapes[f"{place}.{name}"] = parameter.shape
        shape = output
    return shapes


def _check_ends(network: Network) -> None:
    """Refuse what would only fail in use: targets that cannot be scaled back, weights of other classes."""
    if network.target_scaling is not None:
        with np.errstate(over="ignore"):
            scale = network.target_scaling.scale.astype(network.dtype)
        if not scale.all():
            raise ValueError("expected a target scaling without a scale of 0, got one")
    weights = getattr(network.loss, "class_weights", None)
    outputs = network.output_shape[-1]
    if weights is not None and len(weights) != outputs:
        raise ValueError(f"expected {outputs} class weights, got {len(weights)}")


def _check(name: str, shape: Shape, arrays: Arrays) -> None:
    if name not in arrays:
        raise ValueError(f"expected an array {name} {shape}, found none")
    array = arrays[name]
    if array.shape != shape or array.dtype.kind != "f":
        raise ValueError(f"expected {name} {shape} of floats, got {array.shape} of {array.dtype}")
