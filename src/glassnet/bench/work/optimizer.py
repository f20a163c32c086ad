"""An optimizer alone: one update of all parameters, the gradient given."""

from itertools import pairwise, product

from glassnet.bench import shared
from glassnet.bench.bench import Bench
from glassnet.bench.choice import Choice
from glassnet.bench.race import Runner, race
from glassnet.bench.results import Result
from glassnet.bench.work.case import Case

NAME = "optimizer"
ABOUT = "an optimizer's update"
NETWORKS = ((784, 128, 10), (784, 680, 680, 10), (784, 2300, 2300, 10))  # 0.1, 1 and 7 million parameters
PEERS = ("torch-foreach", "torch-fused", "jax")


def cases(choice: Choice) -> list[Case]:
    """Return each optimizer over 0.1, 1 and 7 million parameters; Adam over 0.1 million if it is short."""
    networks = choice.networks or NETWORKS[: 1 if choice.short else None]
    chosen = choice.optimizers or (("adam",) if choice.short else tuple(shared.LEARNING_RATES))
    return [
        Case(NAME, f"{optimizer}, {parameters(network) / 1e6:.2g} million", {
            "network": list(network), "optimizer": optimizer,
        })
        for network, optimizer in product(networks, chosen)
    ]  # fmt: skip


def parameters(network: tuple[int, ...]) -> int:
    """Return how many parameters a network has."""
    return sum((inputs + 1) * outputs for inputs, outputs in pairwise(network))


def measure(case: Case, bench: Bench) -> Result:
    """Let all sides update, with each number of threads."""
    spec = {"kind": "optimize", **case.facts}
    runners = [Runner(side, threads, spec) for side in bench.sides(PEERS) for threads in bench.threads]
    pieces, series = race(bench, runners)
    facts = {**case.facts, "parameters": parameters(tuple(case.facts["network"]))}
    return Result(NAME, case.name, series, facts, pieces=pieces)
