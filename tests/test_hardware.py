"""The processor and how much of it may be used, told from planted files and systems."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from glassnet import hardware
from glassnet.hardware import Cores


def plant(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text + "\n")
    return root


@pytest.fixture
def linux(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Eight processors, all of which may be used."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)
    return monkeypatch


def siblings(*lists: str) -> dict[str, str]:
    return {
        f"sys/devices/system/cpu/cpu{n}/topology/thread_siblings_list": text for n, text in enumerate(lists)
    }


HYPERTHREADS = siblings("0,4", "1,5", "2,6", "3,7", "0,4", "1,5", "2,6", "3,7")


@pytest.mark.parametrize(
    ("cores", "usable"),
    [
        (Cores(8, 8, 8, None), 8),
        (Cores(8, 8, 4, None), 4),
        (Cores(8, 8, None, None), 8),
        (Cores(64, 2, 2, None), 2),
        (Cores(64, 64, 32, 2.0), 2),
        (Cores(64, 64, 32, 1.5), 1),
        (Cores(64, 64, 32, 0.1), 1),
        (Cores(4, 4, 4, 16.0), 4),
    ],
)
def test_threads_that_need_not_take_turns(cores: Cores, usable: int) -> None:
    assert cores.usable == usable


def test_two_processors_of_one_core_are_one_core(linux: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert hardware.cores(plant(tmp_path, HYPERTHREADS)) == Cores(8, 8, 4, None)
    linux.setattr(os, "sched_getaffinity", lambda pid: {0, 4, 5})
    assert hardware.cores(tmp_path) == Cores(8, 3, 2, None)


def test_a_system_that_tells_nothing(linux: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert hardware.cores(tmp_path) == Cores(8, 8, None, None)
    linux.delattr(os, "sched_getaffinity")
    linux.setattr(os, "cpu_count", lambda: None)
    assert hardware.cores(tmp_path) == Cores(1, 1, None, None)


@pytest.mark.parametrize(
    ("files", "quota"),
    [
        ({"proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "200000 100000"}, 2.0),
        ({"proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "max 100000"}, None),
        (
            {
                "proc/self/cgroup": "0::/pods/mine",
                "sys/fs/cgroup/pods/cpu.max": "150000 100000",
                "sys/fs/cgroup/pods/mine/cpu.max": "400000 100000",
            },
            1.5,
        ),
        ({"proc/self/cgroup": "0::/not/seen/from/here", "sys/fs/cgroup/cpu.max": "50000 100000"}, 0.5),
        (
            {
                "proc/self/cgroup": "5:memory:/m\n4:cpu,cpuacct:/docker/1\n0::/",
                "sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_quota_us": "250000",
                "sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_period_us": "100000",
            },
            2.5,
        ),
        (
            {
                "proc/self/cgroup": "1:cpu:/",
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
            },
            None,
        ),
        ({"proc/self/cgroup": "nonsense", "sys/fs/cgroup/cpu.max": "0 0 0"}, None),
        ({"proc/self/cgroup": "0::/../../above", "sys/fs/cgroup/cpu.max": "100000 0"}, None),
    ],
)
def test_a_containers_quota(
    files: dict[str, str], quota: float | None, linux: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert hardware.cores(plant(tmp_path, files)) == Cores(8, 8, None, quota)


def test_here() -> None:
    found = hardware.cores()
    assert 1 <= found.usable <= found.allowed <= found.logical
    assert hardware.processor() == " ".join(hardware.processor().split())
    assert hardware.processor()
    assert hardware.memory() is None or hardware.memory() > 1 << 26


def test_the_processors_name_on_linux(linux: pytest.MonkeyPatch, tmp_path: Path) -> None:
    linux.setattr(hardware, "ROOT", tmp_path)
    linux.setattr("platform.processor", lambda: "")
    linux.setattr("platform.machine", lambda: "aarch64")
    assert hardware.processor() == "aarch64"
    plant(tmp_path, {"proc/cpuinfo": "processor\t: 0\nmodel\t\t: 17\nmodel name\t: Fast  CPU @ 3 GHz\n"})
    assert hardware.processor() == "Fast CPU @ 3 GHz"


def test_a_mac_is_asked_by_sysctl(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = {"machdep.cpu.brand_string": "Apple M2", "hw.physicalcpu": "8"}

    def run(command: list[str], **options: Any) -> Any:
        assert command[:2] == ["sysctl", "-n"]
        return SimpleNamespace(stdout=told[command[2]] + "\n")

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(subprocess, "run", run)
    assert hardware.processor() == "Apple M2"
    assert hardware.cores(tmp_path) == Cores(8, 8, 8, None)

    def missing(*command: Any, **options: Any) -> Any:
        raise FileNotFoundError("sysctl")

    monkeypatch.setattr(subprocess, "run", missing)
    assert hardware.cores(tmp_path) == Cores(8, 8, None, None)
    assert hardware.processor()


def test_windows_is_asked_by_its_registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Key:
        def __enter__(self) -> "Key":
            return self

        def __exit__(self, *error: object) -> None:
            pass

    registry = SimpleNamespace(
        HKEY_LOCAL_MACHINE=0,
        OpenKey=lambda key, path: Key(),
        QueryValueEx=lambda key, name: ("Intel(R)  Core(TM) i7 ", 1),
    )
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "winreg", registry)
    assert hardware.processor() == "Intel(R) Core(TM) i7"
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.delattr(os, "sysconf", raising=False)
    assert hardware.memory() is None
    assert hardware.cores(tmp_path).physical is None

    def refuse(*where: Any) -> Any:
        raise OSError("no such key")

    registry.OpenKey = refuse
    assert hardware.processor()
