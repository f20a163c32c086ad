"""All that there is to say about this machine's speed, gathered."""

import importlib
import platform
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from glassnet import __version__, blas, hardware
from glassnet.blas import Blas
from glassnet.hardware import Cores
from glassnet.nn import Dense, Network, ReLU
from glassnet.speed import environment, rates
from glassnet.speed.environment import Held
from glassnet.speed.rates import Rates, Size

USUAL = (
    ("784-128-10", 32),
    ("784-128-10", 128),
    ("784-512-10", 128),
    ("784-512-512-10", 128),
    ("784-1024-1024-10", 128),
)
INSTRUCTIONS = {  # that OpenBLAS's kernels are written with, whoever made the processor
    **dict.fromkeys(("Nehalem", "Core2", "Penryn", "Prescott", "Dunnington", "Atom", "Barcelona"), "SSE"),
    **dict.fromkeys(("Sandybridge", "Bulldozer", "Piledriver", "Steamroller"), "AVX"),
    **dict.fromkeys(("Haswell", "Zen", "Excavator"), "AVX2"),
    **dict.fromkeys(("SkylakeX", "Cooperlake", "Sapphirerapids"), "AVX-512"),
}
UNOPTIMIZED = 4.0  # GFLOP/s with one thread: any library with code for its processor does more


@dataclass(frozen=True)
class Choice:
    """What "auto" would choose now; a `small` step gets one thread untried."""

    network: str
    batch: int
    threads: int
    small: bool


@dataclass(frozen=True)
class Report:
    """The machine, its rates for each size and number of threads, what holds it back, what "auto" does."""

    processor: str
    cores: Cores
    memory: int | None
    system: str
    glassnet: str
    python: str
    numpy: str
    blas: Blas
    library: str
    instructions: str
    rates: dict[Size, Rates]
    held: list[Held]
    auto: list[Choice]
    notes: list[str]

    @property
    def advice(self) -> str | None:
        """The line for one's shell, None if nothing in the environment is worth taking out."""
        names = [name for held in self.held if held.matters for name in held.settings]
        return environment.unset(names) if names else None


def examine() -> Report:
    """Look and measure, which takes a second, and half a second more for what the environment sets."""
    found, cores, processor = blas.info(), hardware.cores(), hardware.processor()
    measured = rates.both(blas.counts())
    size, largest = list(measured.items())[-1]
    return Report(
        processor=processor,
        cores=cores,
        memory=hardware.memory(),
        system=platform.platform(),
        glassnet=__version__,
        python=platform.python_version(),
        numpy=np.__version__,
        blas=found,
        library=str(found) if found.version else built_with() or found.name,
        instructions=INSTRUCTIONS.get(found.kernel, "") if found.name == "OpenBLAS" else "",
        rates=measured,
        held=environment.held_back(found.name, size, largest),
        auto=[choice(name, batch) for name, batch in USUAL],
        notes=[*bounds(found, cores), *company(largest, cores), *weaknesses(found, processor, largest)],
    )


def built_with() -> str:
    """Return the name of the BLAS that NumPy was built with, where it says: "accelerate", say."""
    try:
        told: Any = np.show_config("dicts")
        return str(told["Build Dependencies"]["blas"]["name"])
    except (TypeError, KeyError):
        return ""


def choice(name: str, batch: int) -> Choice:
    """Ask what "auto" would choose for a network such as 784-128-10."""
    inputs, *units = map(int, name.split("-"))
    layers = [layer for n in units for layer in (Dense(n, initializer="zeros"), ReLU())][:-1]
    network = Network(layers, input_shape=inputs)
    return Choice(name, batch, blas.choose("auto", network, batch), not blas.is_worth_trying(network, batch))


# ---- notes


def bounds(found: Blas, cores: Cores) -> list[str]:
    """Say where this process may use less than the machine has."""
    notes = []
    if cores.allowed < cores.logical:
        notes.append(f"This process may run on {cores.allowed} of {cores.logical} processors (its affinity).")
    if cores.quota is not None and cores.quota < cores.allowed:
        notes.append(f"Its container may take the time of {cores.quota:g} processors (a cgroup's quota).")
    if notes and found.threads > cores.usable:
        notes.append(f'The BLAS would use {found.threads} threads; "auto" takes {cores.usable} at most.')
    return notes


def company(measured: Rates, cores: Cores) -> list[str]:
    """Say if something else was using the cores during the measurement."""
    count = max(measured.gflops)
    allowed = 1.0 if cores.quota is None else min(1.0, cores.quota / count)
    if (
        measured.share >= blas.SHARE * allowed or sys.platform == "win32"
    ):  # whose clock of processor time is too coarse
        return []
    who, whose = (f"{count} threads", "their") if count > 1 else ("one thread", "its")
    return [
        f"Something else is using the cores: {who} got {100 * measured.share:.0f} % of {whose} time. So these"
        " figures are lower than they could be; threads that wait for each other can be many times slower"
        ' than one, which "auto" takes while this lasts.'
    ]


def weaknesses(found: Blas, processor: str, measured: Rates) -> list[str]:
    """Say what the library cannot do."""
    notes, features = [], processor_features()
    if measured.gflops[1] < UNOPTIMIZED:
        notes.append(
            f"{measured.gflops[1]:.1f} GFLOP/s is what a BLAS without code for its processor does."
            " NumPy's own packages bring OpenBLAS: pip install --force-reinstall numpy"
        )
    if found.name == "MKL" and "AMD" in processor:
        part = ", which this one has" if features.get("AVX512F") else ""
        notes.append(f"MKL does not use AVX-512 on AMD's processors{part}; OpenBLAS, in pip's NumPy, does.")
    return notes


def processor_features() -> dict[str, bool]:
    """Return which features of the processor NumPy sees."""
    umath = importlib.import_module("numpy._core._multiarray_umath")
    return dict(getattr(umath, "__cpu_features__", {}))
