"""Where a measurement is made: processor, BLAS kernel, versions, what in the environment holds it back."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from glassnet import __version__, blas, hardware
from glassnet.speed.environment import CODE

DISTRIBUTIONS = ("numpy", "torch", "jax", "scikit-learn", "onnxruntime")
# What changes how fast the libraries are; the number of threads is set for each process by the benchmark.
HOLDING_BACK = (
    *CODE, "MKL_THREADING_LAYER", "OMP_THREAD_LIMIT", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA",
    "ATEN_CPU_CAPABILITY", "XLA_FLAGS",
    "NPY_DISABLE_CPU_FEATURES", "OMP_PROC_BIND", "KMP_AFFINITY", "GOMP_CPU_AFFINITY",
)  # fmt: skip


def versions() -> dict[str, str]:
    """Return the versions of Python, glassnet and the peers that are installed."""
    found = {"python": platform.python_version(), "glassnet": __version__}
    for name in DISTRIBUTIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def held_back() -> list[str]:
    """Return the settings of the environment, NAME=value, with which the figures are not a user's."""
    return [f"{name}={os.environ[name]}" for name in HOLDING_BACK if os.environ.get(name)]


def describe() -> dict[str, Any]:
    """Return all of it as plain data."""
    found = blas.info()
    return {
        "processor": hardware.processor(),
        "cores": hardware.cores().usable,
        "system": f"{platform.system()} {platform.machine()}",
        "blas": f"{found.name} {found.version}".strip(),
        "kernel": found.kernel,
        "versions": versions(),
        "held_back": held_back(),
    }
