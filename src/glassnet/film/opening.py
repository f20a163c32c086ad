"""The network that reads examples in a film, and the examples."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glassnet import files, recipes, runs
from glassnet.data import Dataset, load
from glassnet.nn import Network
from glassnet.training import frames

TOLD = ("data_dir", "validation", "test", "seed")


def reader(source: str) -> tuple[Network, Dataset, list[str]]:
    """Return the network of a run, a model's file or name, the data it was trained on, and lines to tell.

    Of a run without a model it is the last frame, whose weights are rounded. Raises OSError or ValueError, in
    one line, where there is no network, or its data cannot be read.
    """
    folder = Path(source)
    if not files.shipped(source) and (folder / runs.CONFIG).is_file():
        return _of_run(folder)
    path = runs.find_model(source)
    network, notes = files.read(path)
    shown = source if files.shipped(source) else path  # where the package lies is nobody's business
    return network, _data(shown, network, notes), []


def _of_run(folder: Path) -> tuple[Network, Dataset, list[str]]:
    recipe, data = runs.reread(folder)
    try:
        network, _ = files.read(folder / runs.MODEL)
        _check(folder / runs.MODEL, network, data)
        return network, data, []
    except (OSError, ValueError) as error:
        network, why = recipes.network(recipe, data), str(error)
    shots, _ = frames.read(folder)
    fitting = [shot for shot in shots if shot.parameters.size == network.size]
    if not fitting:
        raise ValueError(f"{folder}: expected a run with a model or frames that are whole, found none")
    network.parameters.vector[...] = fitting[-1].parameters
    network.state.vector[...] = fitting[-1].state
    return network, data, [f"{why}; it is the last frame that reads, whose weights are rounded"]


def _data(path: Path | str, network: Network, notes: Mapping[str, Any]) -> Dataset:
    name = notes.get("data")
    if name is None:
        raise ValueError(f"{path}: expected a model that says what it was trained on, got one that does not")
    told = {"validation": 0.0, **{key: notes[key] for key in TOLD if key in notes}}
    try:
        data = load(name, **told, classes=network.classes)
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: expected the data that it was trained on: {error}") from None
    _check(path, network, data)
    return data


def _check(path: Path | str, network: Network, data: Dataset) -> None:
    if network.classes is None or network.classes != data.classes:
        raise ValueError(f"{path}: expected a network of the classes of {data.name}, got one of others")
    if math.prod(network.input_shape) != math.prod(data.shape):
        ours, theirs = network.input_shape, data.shape
        raise ValueError(f"{path}: expected a network for examples of shape {theirs}, got one for {ours}")
