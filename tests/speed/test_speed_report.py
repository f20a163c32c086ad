"""What is said about a machine: its bounds, its company, its library, and what "auto" would do."""

import sys
from typing import Any

import numpy as np
import pytest

from glassnet import blas
from glassnet.blas import Blas
from glassnet.hardware import Cores
from glassnet.speed import environment, report
from glassnet.speed.environment import Held
from glassnet.speed.rates import Rates

OPENBLAS = Blas("OpenBLAS", "0.3.31", "SkylakeX", 8)
MKL = Blas("MKL", "2025.1", "", 8)
FAST = Rates({1: 90.0, 2: 170.0}, 1.0)


@pytest.mark.parametrize(
    ("cores", "words"),
    [
        (Cores(8, 8, 8, None), []),
        (Cores(8, 8, 4, None), []),
        (Cores(8, 8, 8, 16.0), []),
        (Cores(64, 2, 2, None), ["may run on 2 of 64 processors", "would use 8 threads", "takes 2 at most"]),
        (Cores(64, 64, 32, 1.5), ["the time of 1.5 processors", "would use 8 threads", "takes 1 at most"]),
        (Cores(64, 16, 16, None), ["may run on 16 of 64 processors"]),
    ],
)
def test_bounds_are_said(cores: Cores, words: list[str]) -> None:
    said = report.bounds(OPENBLAS, cores)
    assert len(said) == len(words) - ("at most" in " ".join(words))
    assert all(word in " ".join(said) for word in words)


@pytest.mark.parametrize(
    ("rates", "quota", "said"),
    [
        (Rates({1: 90.0, 2: 170.0}, 0.99), None, False),
        (Rates({1: 90.0, 2: 170.0}, 0.87), None, False),
        (Rates({1: 90.0, 2: 40.0}, 0.6), None, True),
        (Rates({1: 45.0}, 0.5), None, True),
        (Rates({1: 45.0}, 0.5), 0.5, False),  # it got all that its container may take
        (Rates({1: 20.0}, 0.2), 0.5, True),
        (Rates({1: 90.0, 2: 40.0}, 0.6), 2.5, True),
    ],
)
def test_company_is_said(
    rates: Rates, quota: float | None, said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    cores = Cores(8, 8, 4, quota)
    notes = report.company(rates, cores)
    assert ["Something else is using the cores" in note for note in notes] == [True] * said
    monkeypatch.setattr(sys, "platform", "win32")
    assert report.company(rates, cores) == []


def test_a_library_without_code_for_its_processor_is_named() -> None:
    (note,) = report.weaknesses(Blas("BLAS", "", "", 1), "Fast CPU", Rates({1: 1.2}, 1.0))
    assert note.startswith("1.2 GFLOP/s is what a BLAS without code for its processor does")
    assert "pip install --force-reinstall numpy" in note
    assert report.weaknesses(OPENBLAS, "AMD EPYC", FAST) == []


@pytest.mark.parametrize("has", [True, False])
def test_mkl_on_an_amd_processor_is_said(has: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "processor_features", lambda: {"AVX512F": has})
    (note,) = report.weaknesses(MKL, "AMD Ryzen 9 7950X", FAST)
    assert "MKL does not use AVX-512 on AMD's processors" in note
    assert ("which this one has" in note) is has
    assert report.weaknesses(MKL, "Intel(R) Xeon(R)", FAST) == []


def test_auto_is_asked_about_usual_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blas, "counts", lambda: [1, 2])
    monkeypatch.setattr(
        blas, "slowdown", lambda many, few, network, batch: 0.6 if network.size > 10**6 else 0.9
    )
    told = [
        (c.network, c.batch, c.threads, c.small) for c in (report.choice(*usual) for usual in report.USUAL)
    ]
    assert told == [
        ("784-128-10", 32, 1, True),
        ("784-128-10", 128, 1, False),
        ("784-512-10", 128, 1, False),
        ("784-512-512-10", 128, 1, False),
        ("784-1024-1024-10", 128, 2, False),
    ]


@pytest.mark.parametrize(
    ("library", "instructions"),
    [
        (OPENBLAS, "AVX-512"),
        (Blas("OpenBLAS", "0.3.31", "Haswell", 8), "AVX2"),
        (Blas("OpenBLAS", "0.3.31", "neoversev1", 8), ""),
        (Blas("BLIS", "1.0", "SkylakeX", 8), ""),
    ],
)
def test_what_a_kernel_is_written_with(
    library: Blas, instructions: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blas, "info", lambda: library)
    monkeypatch.setattr(report.rates, "both", lambda counts: {report.rates.STEP: FAST})
    monkeypatch.setattr(environment, "held_back", lambda *told: [])
    monkeypatch.setattr(report, "USUAL", ())
    assert report.examine().instructions == instructions


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"Build Dependencies": {"blas": {"name": "accelerate"}}}, "accelerate"),
        ({"Build Dependencies": {}}, ""),
        (None, ""),
    ],
)
def test_the_library_that_numpy_was_built_with(told: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(np, "show_config", lambda mode: told)
    assert report.built_with() == name


def test_a_mac_with_accelerate(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that nobody can look into decides about its threads itself."""
    monkeypatch.setattr(blas, "info", lambda: Blas("BLAS", "", "", 1))
    monkeypatch.setattr(
        report.rates, "both", lambda counts: {report.rates.STEP: Rates(dict.fromkeys(counts, 900.0), 1.0)}
    )
    monkeypatch.setattr(report, "built_with", lambda: "accelerate")
    monkeypatch.setattr(environment, "held_back", lambda *told: [])
    found = report.examine()
    assert found.library == "accelerate"
    assert list(found.rates.values()) == [Rates({1: 900.0}, 1.0)]
    assert {choice.threads for choice in found.auto} == {1}
    assert found.advice is None


def test_only_what_matters_is_advised_against(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("SHELL", "/bin/bash")
    slower = Held({"OPENBLAS_CORETYPE": "Haswell"}, "code", 45.0, 89.0)
    same = Held({"OMP_NUM_THREADS": "8"}, "threads", 80.0, 81.0)
    told: dict[str, Any] = dict.fromkeys(report.Report.__dataclass_fields__)
    assert report.Report(**{**told, "held": [slower, same]}).advice == "unset OPENBLAS_CORETYPE"
    assert report.Report(**{**told, "held": [same]}).advice is None
