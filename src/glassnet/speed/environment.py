"""What in the environment holds the BLAS back, measured in a process without it, and how to take it out."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from glassnet import blas
from glassnet.speed import rates
from glassnet.speed.rates import Rates, Size

# Variables that a library reads when it is loaded: "" is read by all of them.
CODE = {  # which code runs
    "OPENBLAS_CORETYPE": "OpenBLAS",
    "OPENBLAS_L2_SIZE": "OpenBLAS",
    "MKL_ENABLE_INSTRUCTIONS": "MKL",
    "MKL_CBWR": "MKL",
    "BLIS_ARCH_TYPE": "BLIS",
}
THREADS = {  # how many threads there are
    "OPENBLAS_NUM_THREADS": "OpenBLAS",
    "OPENBLAS_DEFAULT_NUM_THREADS": "OpenBLAS",
    "GOTO_NUM_THREADS": "OpenBLAS",
    "MKL_NUM_THREADS": "MKL",
    "MKL_THREADING_LAYER": "MKL",
    "BLIS_NUM_THREADS": "BLIS",
    "VECLIB_MAXIMUM_THREADS": "BLAS",
    "OMP_NUM_THREADS": "",
    "OMP_THREAD_LIMIT": "",
}
MATTERS = 1.1  # times as fast without them
TIME_LIMIT = 10.0  # seconds for the process without them
CHILD = """
import json, sys
sys.path.append({root!r})
from glassnet import blas
from glassnet.speed import rates
print(json.dumps(rates.measure({size!r}, blas.counts())))
"""


@dataclass(frozen=True)
class Held:
    """Settings tried together: GFLOP/s with them and without, None where that could not be measured.

    Those about threads are compared at the best number of threads, others with one thread.
    """

    settings: dict[str, str]
    about: str
    with_them: float
    without_them: float | None

    @property
    def matters(self) -> bool:
        """Whether it is faster without them."""
        return self.without_them is not None and self.without_them >= MATTERS * self.with_them


def held_back(library: str, size: Size, before: Rates) -> list[Held]:
    """Return what is set that this library reads, with what it does without, given what it does with them.

    What seems to be faster without is measured with them again, and the better counts: that it was slow
    before may have been somebody else's doing.
    """
    found = []
    for about, variables in (("code", CODE), ("threads", THREADS)):
        read = [name for name, reader in variables.items() if reader in ("", library)]
        told = {name: os.environ[name] for name in read if os.environ.get(name)}
        if told:
            free = without(told, size)
            held = Held(told, about, _figure(before, about), free and _figure(free, about))
            if held.matters:
                again = _figure(rates.measure(size, blas.counts()), about)
                held = replace(held, with_them=max(held.with_them, again))
            found.append(held)
    return found


def _figure(measured: Rates, about: str) -> float:
    return measured.best if about == "threads" else measured.gflops[1]


def without(names: Iterable[str], size: Size) -> Rates | None:
    """Measure in a process in whose environment these are not set; None if that failed."""
    environment = {name: value for name, value in os.environ.items() if name not in set(names)}
    code = CHILD.format(root=str(Path(__file__).parents[2]), size=size)
    command = [sys.executable, "-P", "-c", code]
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIME_LIMIT,
            check=True,
        )
        gflops, share = json.loads(done.stdout)
        return Rates({int(count): float(rate) for count, rate in gflops.items()}, float(share))
    except (OSError, subprocess.SubprocessError, ValueError, TypeError, AttributeError):
        return None


def unset(names: Iterable[str], environment: Mapping[str, str] = os.environ) -> str:
    """Return the line that takes these out of the environment of the shell in use."""
    names = list(names)
    shell = Path(environment.get("SHELL", "")).name.removesuffix(".exe")
    if not shell and sys.platform == "win32":
        return "Remove-Item " + ", ".join(f"Env:{name}" for name in names)
    if shell in ("csh", "tcsh"):
        return "; ".join(f"unsetenv {name}" for name in names)
    return " ".join([{"fish": "set -e", "nu": "hide-env"}.get(shell, "unset"), *names])
