"""What a run is, in words: for its first event, and to tell whether a state belongs to it."""

import importlib
import zlib
from functools import cache
from typing import Any

import numpy as np

from glassnet import __version__, blas
from glassnet.data.dataset import Dataset, Split
from glassnet.nn.dropout import Dropout
from glassnet.nn.layer import Layer
from glassnet.nn.losses import Loss
from glassnet.nn.network import Network
from glassnet.nn.optimizers import Optimizer
from glassnet.training.settings import Settings

FEATURES = ", processor features "  # in `machine`, between the versions and the features' names
BLOCK = 1 << 13  # numbers put into the checksum at a time
SAMPLE_ROWS, SAMPLE_NUMBERS, SAMPLE_TARGETS = 256, 1 << 18, 1 << 17


def describe(
    network: Network,
    data: Dataset,
    loss: Loss,
    optimizer: Optimizer,
    settings: Settings,
    threads: int | None,
) -> dict[str, Any]:
    """Return what a run was told, and what was chosen for it, as plain data."""
    return {
        "data": f"{data.name}: {data.describe()}",
        "parameters": network.size,
        "loss": loss.config(),
        "optimizer": optimizer.config(),
        "schedule": repr(settings.schedule),
        **settings.plain(),
        "seed": settings.seed,
        "full_pass": settings.full_pass,
        "threads": threads,
        "blas": str(blas.info()),
    }


def identify(network: Network, data: Dataset, loss: Loss, optimizer: Optimizer) -> dict[str, str]:
    """Return what a state must have in common with the run that it is restored into, each part in words.

    Call it before settings have changed the optimizer's and the layers' own.
    """
    scalings = [None if s is None else s.config() for s in (network.scaling, network.target_scaling)]
    return {
        "input": f"{network.input_shape} {network.dtype}",
        **{f"layer {place}": _words(layer) for place, layer in enumerate(network.layers, 1)},
        "loss": repr(loss),
        "optimizer": repr(optimizer),
        "training data": fingerprint(data.train),
        "validation data": fingerprint(data.validation),
        "scaling": f"of checksum {zlib.crc32(repr(scalings).encode()):08x}",
    }


def _words(layer: Layer) -> str:
    return f"{layer.kind}()" if type(layer) is Dropout else repr(layer)  # whose rate is a setting


def compare(theirs: dict[str, str], ours: dict[str, str]) -> None:
    """Raise ValueError, saying what differs, unless a state's `identify` is that of the run."""
    for name in {**ours, **theirs}:
        expected, received = theirs.get(name, "none"), ours.get(name, "none")
        if expected != received:
            raise ValueError(f"restore: expected {name} {expected}, as the state's, got {received}")


def fingerprint(split: Split) -> str:
    """Return a part's size and a checksum of it, which costs a few milliseconds however large the part is.

    The checksum is over all targets and 256 whole examples, evenly spaced; over fewer where they are large.
    """
    n, shape = len(split), split.inputs.shape[1:]
    rows = max(1, min(SAMPLE_ROWS, SAMPLE_NUMBERS // max(1, int(np.prod(shape)))))
    inputs = split.inputs[split.places(_spaced(n, rows))]
    targets = split.targets[split.places(_spaced(n, SAMPLE_TARGETS))]
    checksum = _checksum(targets, _checksum(inputs))
    return f"{n:,} examples {shape} of checksum {checksum:08x}"


def _checksum(array: np.ndarray[Any, Any], before: int = 0) -> int:
    """Go on with the checksum `before` over an array's numbers as float64, few at a time to spare memory."""
    numbers = array.reshape(-1)
    for start in range(0, numbers.size, BLOCK):
        before = zlib.crc32(numbers[start : start + BLOCK].astype("<f8").tobytes(), before)
    return before


def _spaced(n: int, most: int) -> np.ndarray[Any, np.dtype[np.intp]]:
    return np.linspace(0, max(n - 1, 0), min(n, most)).astype(np.intp)


def differs(theirs: str) -> str | None:
    """Return a warning if a state was captured by other than this `machine`, else None."""
    if theirs == machine():
        return None
    (ours, _, our_features), (others, _, their_features) = (
        words.partition(FEATURES) for words in (machine(), theirs)
    )
    if ours == others:
        ours, others = f"processor features {our_features}", their_features or "others"
    return f"going on with {ours}: last bits may differ from those with {others}"


@cache
def machine() -> str:
    """Say what computes here: whatever differs in it may round last bits differently.

    The processor's features are those that NumPy has code of its own for: its exponential is one example.
    """
    umath = importlib.import_module("numpy._core._multiarray_umath")
    known = [*getattr(umath, "__cpu_baseline__", []), *getattr(umath, "__cpu_dispatch__", [])]
    here = getattr(umath, "__cpu_features__", {})
    features = " ".join(name for name in known if here.get(name))
    return f"glassnet {__version__}, NumPy {np.__version__}, {blas.info()}{FEATURES}{features}"
