"""GFLOP/s of matrix products, from planted times, and that no slow library keeps anybody waiting."""

from typing import Any

import pytest

from glassnet import blas
from glassnet.speed import rates
from glassnet.speed.rates import LARGE, STEP, Rates


def plant(monkeypatch: pytest.MonkeyPatch, gflops: dict[int, float], share: float = 1.0) -> list[int]:
    """Make believe that products are that fast; return the numbers of threads that were asked for."""
    asked = []

    def run(work: Any, threads: int, seconds: float) -> blas.Trial:
        asked.append(threads)
        (a, b) = (
            cell.cell_contents
            for name, cell in zip(work.__code__.co_freevars, work.__closure__)
            if name in "ab"
        )
        takes = 2e-9 * a.shape[0] * a.shape[1] * b.shape[1] / gflops[threads]
        return blas.Trial(3, 3 * takes, 3 * takes * threads * share)

    monkeypatch.setattr(blas, "run", run)
    return asked


def test_gflops_are_the_operations_over_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = plant(monkeypatch, {1: 90.0, 2: 170.0, 4: 300.0}, share=0.9)
    measured = rates.measure(STEP, [1, 2, 4])
    assert measured.gflops == pytest.approx({1: 90.0, 2: 170.0, 4: 300.0})
    assert measured.share == pytest.approx(0.9)
    assert measured.best == pytest.approx(300.0)
    assert sorted(set(asked)) == [1, 2, 4]


@pytest.mark.parametrize(("gflops", "sizes"), [(90.0, [STEP, LARGE]), (8.0, [STEP, LARGE]), (1.0, [STEP])])
def test_the_large_product_is_left_out_where_it_takes_too_long(
    gflops: float, sizes: list[rates.Size], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch, {1: gflops})
    assert list(rates.both([1])) == sizes


def test_the_best_turn_counts_but_company_in_any(monkeypatch: pytest.MonkeyPatch) -> None:
    trials = iter([(1, 1.0, 1.0), (1, 1.0, 1.0), (2, 1.0, 1.0), (1, 1.0, 0.4)])  # the first one warms up
    monkeypatch.setattr(blas, "run", lambda work, threads, seconds: blas.Trial(*next(trials)))
    measured = rates.measure((1000, 1000, 1000), [1])
    assert measured.gflops == pytest.approx({1: 4.0})
    assert measured.share == pytest.approx(0.8)


def test_a_product_is_really_multiplied() -> None:
    threads = blas.info().threads
    measured = rates.measure((8, 8, 8), [1])
    assert measured.gflops[1] > 0
    assert measured.share > 0
    assert blas.info().threads == threads


def test_the_best_is_of_any_number_of_threads() -> None:
    assert Rates({1: 90.0, 2: 40.0}, 1.0).best == 90.0
