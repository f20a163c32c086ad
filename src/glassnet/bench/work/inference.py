"""Predicting: the class of one image, and of 10,000."""

from glassnet.bench.bench import Bench
from glassnet.bench.choice import Choice, sizes
from glassnet.bench.race import Runner, race
from glassnet.bench.results import Result
from glassnet.bench.work.case import Case

NAME = "inference"
ABOUT = "predicting classes"
NETWORKS = ((784, 128, 10), (784, 512, 512, 10))
IMAGES = (1, 10_000)
PEERS = ("torch", "torch-compile", "jax", "sklearn", "onnxruntime")


def cases(choice: Choice) -> list[Case]:
    """Return one image and 10,000, with each network; one image and one network if it is to be short."""
    networks = choice.networks or NETWORKS[: 1 if choice.short else None]
    counts = IMAGES[: 1 if choice.short else None]
    return [
        Case(NAME, f"{sizes(network)}, {images:,}", {"network": list(network), "images": images})
        for network in networks
        for images in counts
    ]


def measure(case: Case, bench: Bench) -> Result:
    """Let all sides answer, with each number of threads."""
    spec = {"kind": "predict", "data": bench.data, **case.facts}
    runners = [Runner(side, threads, spec) for side in bench.sides(PEERS) for threads in bench.threads]
    pieces, series = race(bench, runners)
    return Result(NAME, case.name, series, case.facts, pieces=pieces)
