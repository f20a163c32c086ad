"""The most memory that a training run takes, from reading its data to its end, each in a fresh process.

What NumPy and Python had allocated at the peak is exact and the same on every system (tracemalloc): that is
what the target is about. What the system had given the whole process, libraries included, stands beside that
of the peers.
"""

import json
import sys
import tracemalloc
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from glassnet import blas
from glassnet.bench import shared, sides
from glassnet.bench.bench import Bench
from glassnet.bench.child import ROOT, Failure
from glassnet.bench.choice import Choice, sizes
from glassnet.bench.job import make
from glassnet.bench.results import OURS, Result, Series
from glassnet.bench.work import process
from glassnet.bench.work.case import Case
from glassnet.data import load
from glassnet.data.dataset import Dataset
from glassnet.training import Training

NAME = "memory"
ABOUT = "peak memory of a run"
SIZES = (
    ((784, 128, 10), 32), ((784, 128, 10), 128), ((784, 128, 10), 512), ((784, 512, 10), 128),
    ((784, 1024, 1024, 10), 128),
)  # fmt: skip
OPTIMIZERS = ("sgd", "adam")
PEERS = ("torch", "jax", "sklearn")
STEPS = 100  # of a side whose whole process is looked at
PARAMETERS, ACTIVATIONS = 6, 4  # times their sizes is what a run may take beside its data
PROBE = "import sys; sys.path.append({!r}); from glassnet.bench.work.memory import main; main()"


def cases(choice: Choice) -> list[Case]:
    """Return a few sizes with an optimizer that keeps nothing and one that keeps most; the process last."""
    chosen = list(product(choice.networks or ((784, 128, 10),), choice.batches or (128,)))
    if not (choice.networks or choice.batches or choice.short):
        chosen = list(SIZES)
    found = [
        Case(NAME, f"{sizes(n)}, {b}, {o}", {"network": list(n), "batch": b, "optimizer": o})
        for (n, b), o in product(chosen, choice.optimizers or OPTIMIZERS)
    ]
    last = found[-1]
    return [*found, Case(NAME, f"process, {last.name}", {**last.facts, "what": "process"})]


def measure(case: Case, bench: Bench) -> Result:
    """Let a process train and count; or one of each side say what it took of the system."""
    bench.rest()
    told = {"data": bench.data, **case.facts}
    if told.pop("what", None) == "process":
        spec = {**told, "kind": "train", "cut": told["batch"]}
        series = [_series(side, {"side": side, "spec": spec}) for side in bench.sides(PEERS)]
        return Result(NAME, case.name, tuple(series), case.facts, unit="bytes")
    ours = _series(OURS, told)
    return Result(NAME, case.name, (ours,), {**case.facts, **ours.facts}, unit="bytes")


def _series(side: str, told: dict[str, Any]) -> Series:
    """Tell a new process what to do, and return the most that it took."""
    arguments = ["-c", PROBE.format(str(ROOT)), json.dumps(told)]
    try:
        _, printed = process.finish(arguments, process.environment(**sides.environment(side, 1)))
    except Failure as failure:
        return Series(side, 1, failed=str(failure))
    facts: dict[str, Any] = json.loads(printed)
    if facts["peak"] is None:
        return Series(side, 1, failed="this system does not say what a process takes")
    return Series(side, 1, (float(facts["peak"]),), facts=facts)


# ---- in the process that trains


def main() -> None:
    """Do what the argument says, a line of JSON, and print the sizes in bytes as another."""
    told = json.loads(sys.argv[1])
    print(json.dumps(work(**told) if "side" in told else train(**told)))


def work(side: str, spec: dict[str, Any]) -> dict[str, Any]:
    """Train for some steps as a side does; return the peak of this process, None where it is not known."""
    job = make(side, 1, spec)
    job.ready(STEPS)
    job.run(STEPS)
    return {"peak": of_process()}


def train(network: list[int], batch: int, optimizer: str, data: str) -> dict[str, Any]:
    """Load the data, train for two epochs with a validation part, and return the peak of all allocations.

    Beside it `data`, `parameters` and `activations`, the sizes of the set, the network, and one batch of
    inputs and every layer's outputs; `allowed` is what the run may take.
    """
    blas.info()  # loads what a run would load: a library's own code is no part of it
    tracemalloc.start()
    dataset = load(data, download=False)
    net = shared.network(network)
    rate = shared.LEARNING_RATES[optimizer]
    run = Training(
        net, dataset, optimizer=optimizer, learning_rate=rate, batch_size=batch, epochs=2, threads=1
    )
    for _ in run:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    shapes = [net.input_shape, *(layer.output_shape for layer in net.layers)]
    one = sum(shape[0] for shape in shapes) * net.dtype.itemsize
    found = {"data": held(dataset), "parameters": net.parameters.vector.nbytes, "activations": batch * one}
    allowed = found["data"] + PARAMETERS * found["parameters"] + ACTIVATIONS * found["activations"]
    return {"peak": peak, "allowed": allowed, **found}


def held(data: Dataset) -> int:
    """Return how many bytes a set's arrays hold, those that its parts share counted once."""
    arrays = {id(array): array for array in _arrays(data)}
    return sum(array.nbytes for array in arrays.values())


def _arrays(data: Dataset) -> Iterator[Any]:
    for part in (data.train, data.validation, data.test):
        yield from (array for array in (part.inputs, part.targets, part.rows) if array is not None)


def of_process() -> int | None:
    """Return the most memory that the system has given this process, in bytes; None where it does not say."""
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
