"""Results as if somebody had measured."""

from typing import Any

from glassnet.bench.results import Report, Result, Series
from glassnet.bench.work import step

MACHINE: dict[str, Any] = {
    "processor": "A Processor of Some Length with 96 Cores", "cores": 2, "system": "Linux x86_64",
    "blas": "OpenBLAS 0.3.31", "kernel": "SkylakeX", "held_back": [], "data": "mnist", "examples": 60_000,
    "threads": [1, 2], "versions": {"python": "3.11.7", "glassnet": "0.1.0", "numpy": "2.4.6"},
}  # fmt: skip
SPREAD = (0.9, 1.0, 1.2)  # what a side's three turns are of its middle


def result(
    work: str,
    network: tuple[int, ...] = (),
    batch: int | None = None,
    optimizer: str | None = None,
    *,
    unit: str = "s",
    spoilt: tuple[str, ...] = (),
    images: int | None = None,
    what: str | None = None,
    allowed: float | None = None,
    **sides: float,
) -> Result:
    """Sides that took so long, in the middle of their turns; the `spoilt` ones failed."""
    told = {"network": list(network) or None, "batch": batch, "optimizer": optimizer}
    told |= {"images": images, "what": what, "allowed": allowed}
    facts = {name: value for name, value in told.items() if value is not None}
    name = step.title(network, batch, optimizer) if batch and optimizer else f"{work} {what or images}"
    series = tuple(
        Series(side, 2, tuple(middle * x for x in SPREAD), failed="it broke" if side in spoilt else None)
        for side, middle in sides.items()
    )
    return Result(work, name, series, facts, unit=unit)


def report(*results: Result, missing: dict[str, str] | None = None, **machine: Any) -> Report:
    """A report of them."""
    return Report({**MACHINE, **machine}, results, missing or {}, 2400.0)
