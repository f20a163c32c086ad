"""The processor, and how much of it this process may use."""

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/")


@dataclass(frozen=True)
class Cores:
    """The processors of a machine.

    `logical` is how many it has, `allowed` how many of them this process may run on, `physical` how many
    cores those belong to, None where the system does not tell, and `quota` how many processors' time the
    container may take, None for no limit.
    """

    logical: int
    allowed: int
    physical: int | None
    quota: float | None

    @property
    def usable(self) -> int:
        """How many threads can work at the same time without taking turns."""
        cores = min(self.allowed, self.physical or self.allowed)
        return max(1, cores if self.quota is None else min(cores, int(self.quota)))


def cores(root: Path = ROOT) -> Cores:
    """Count the processors; `root` is where /proc and /sys are looked for."""
    logical = os.cpu_count() or 1
    affinity = getattr(os, "sched_getaffinity", None)
    numbers = sorted(affinity(0)) if affinity else list(range(logical))
    return Cores(logical, len(numbers), _physical(numbers, root), _quota(root))


def _physical(numbers: list[int], root: Path) -> int | None:
    """How many cores these processors belong to: two of one core share what computes."""
    if sys.platform == "darwin":
        told = _sysctl("hw.physicalcpu")
        return int(told) if told.isdecimal() else None
    topology = root / "sys/devices/system/cpu"
    siblings = [_read(topology / f"cpu{n}/topology/thread_siblings_list") for n in numbers]
    return len(set(siblings)) if all(siblings) else None


def _quota(root: Path) -> float | None:
    """How many processors' time the narrowest of the control groups around this process allows."""
    quotas = []
    for folder in _groups(root):
        if limit := _read(folder / "cpu.max"):  # version 2: "quota period", "max" for none
            quota, _, period = limit.partition(" ")
        else:  # version 1: -1 for none
            quota, period = _read(folder / "cpu.cfs_quota_us"), _read(folder / "cpu.cfs_period_us")
        if quota.isdecimal() and period.isdecimal() and int(period):
            quotas.append(int(quota) / int(period))
    return min(quotas, default=None)


def _groups(root: Path) -> Iterator[Path]:
    """Yield where the control groups of this process may be: within a container paths begin elsewhere."""
    for line in _read(root / "proc/self/cgroup").splitlines():
        controllers, _, path = line.partition(":")[2].partition(":")
        if controllers and "cpu" not in controllers.split(","):
            continue
        mount = root / "sys/fs/cgroup" / controllers
        inner = mount / path.lstrip("/")
        yield from (folder for folder in (inner, *inner.parents) if folder.is_relative_to(mount))


def processor() -> str:
    """Return the processor's name as its maker gives it, or else the name of its family."""
    if sys.platform == "darwin":
        name = _sysctl("machdep.cpu.brand_string")
    elif sys.platform == "win32":
        name = _registered_name()
    else:
        told = (line.partition(":") for line in _read(ROOT / "proc/cpuinfo").splitlines())
        name = next((value.strip() for key, _, value in told if key.strip() == "model name"), "")
    return " ".join(name.split()) or platform.processor() or platform.machine() or "unknown"


def _registered_name() -> str:
    if sys.platform != "win32":
        return ""
    import winreg

    path = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
            return str(winreg.QueryValueEx(key, "ProcessorNameString")[0])
    except OSError:
        return ""


def memory() -> int | None:
    """Return the machine's memory in bytes; None where the system does not tell."""
    try:
        return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return None


def _sysctl(name: str) -> str:
    try:
        told = subprocess.run(["sysctl", "-n", name], capture_output=True, text=True, check=False, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.strip()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
