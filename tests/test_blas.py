"""Which BLAS and how many threads: what is asked for holds, and no limit outlives its block."""

import math
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from glassnet import blas
from glassnet.hardware import Cores
from glassnet.nn import BatchNorm, Dense, Dropout, Network, ReLU


def network(*units: int, inputs: int = 784) -> Network:
    """Dense layers of so many units, of zeros, since nobody looks at the numbers."""
    layers = [Dense(n, initializer="zeros") for n in units]
    return Network(layers, input_shape=inputs)


def planted(
    monkeypatch: pytest.MonkeyPatch, there: int, slowdowns: dict[int, float]
) -> list[tuple[int, int]]:
    """Make believe in so many threads, and in what trials of each number find; return which are tried."""
    tried = []

    def slowdown(many: int, few: int, network: Network, batch: int) -> float:
        tried.append((many, few))
        return slowdowns[many]

    monkeypatch.setattr(blas, "info", lambda: blas.Blas("OpenBLAS", "1", "Zen", there))
    monkeypatch.setattr(blas.hardware, "cores", lambda: Cores(there, there, there, None))
    monkeypatch.setattr(blas, "slowdown", slowdown)
    return tried


SMALL, LARGE = (network(128, 10), 32), (network(512, 512, 10), 128)


def test_it_names_the_library_in_use() -> None:
    info = blas.info()
    assert info.name
    assert info.threads >= 1
    assert info.name in str(info)
    seen = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    if seen:
        assert info.threads == seen[0]["num_threads"]
        assert str(info).endswith(f"{info.kernel} kernel") == bool(info.kernel)


@pytest.mark.parametrize("threads", [1, 2, 64])
def test_a_number_is_taken_as_it_is(threads: int) -> None:
    assert blas.choose(threads, *LARGE) == threads


@pytest.mark.parametrize(
    ("version", "threads", "taken"), [("1", 3, 3), ("1", 64, 64), ("1", 99_999, 64), ("", 99_999, 99_999)]
)
def test_no_more_threads_are_recorded_than_the_library_can_have(
    version: str, threads: int, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [2]
    monkeypatch.setattr(blas, "info", lambda: blas.Blas("OpenBLAS", version, "Zen", now[0]))
    monkeypatch.setattr(blas, "_set", lambda threads: now.append(now.pop() and min(threads, 64)))
    assert blas.choose(threads, *LARGE) == taken
    assert now == [2]


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/site-packages/numpy.libs/libscipy_openblas64_-32a4.so", True),
        ("/site-packages/numpy/.dylibs/libscipy_openblas64_.dylib", True),
        ("/site-packages/scipy.libs/libscipy_openblas-6cdc.so", False),
        ("/site-packages/scipy/.dylibs/libscipy_openblas.dylib", False),
        ("/site-packages/numpy.libs/more/libopenblas.so", False),
        ("/opt/conda/lib/libmkl_rt.so.2", False),
        ("libopenblas.so", False),
    ],
)
def test_numpys_own_library_is_told_from_others(path: str, own: bool) -> None:
    assert blas._is_numpys(path) is own


def test_libraries_that_others_brought_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Controller:
        """Two libraries, SciPy's first."""

        paths = ("/scipy.libs/libopenblas.so", "/numpy.libs/libopenblas.so")

        def info(self) -> list[dict[str, Any]]:
            return [
                {
                    "user_api": "blas", "internal_api": "openblas", "filepath": path, "version": str(i),
                    "architecture": "Zen", "num_threads": 7 - i,
                }
                for i, path in enumerate(self.paths)
            ]  # fmt: skip

        def select(self, filepath: list[str]) -> "Controller":
            chosen = Controller()
            chosen.paths = tuple(filepath)
            return chosen

    monkeypatch.setattr("threadpoolctl.ThreadpoolController", Controller)
    found = blas._libraries.__wrapped__()
    assert [pool["filepath"] for pool in found.info()] == ["/numpy.libs/libopenblas.so"]
    monkeypatch.setattr(Controller, "paths", ("/conda/libmkl_rt.so", "/scipy.libs/libopenblas.so"))
    assert len(blas._libraries.__wrapped__().info()) == 2  # which of them is NumPy's cannot be told


def test_a_library_that_nobody_can_look_into(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = SimpleNamespace(info=list, limit=lambda **limits: nullcontext())
    monkeypatch.setattr(blas, "_libraries", lambda: nothing)
    assert blas.info() == blas.Blas("BLAS", "", "", 1)
    assert blas.choose("auto", *LARGE) == 1
    assert blas.choose(5, *LARGE) == 5
    with blas.limit(5):
        assert blas.info().threads == 1


@pytest.mark.parametrize("threads", [0, -1, 1.5, "two", "", "AUTO", True, None])
def test_anything_else_is_refused(threads: Any) -> None:
    with pytest.raises(
        ValueError, match="threads: expected 'auto' or a whole number of at least 1, got"
    ) as caught:
        blas.choose(threads, *SMALL)
    assert repr(threads) in str(caught.value)


# ---- auto


@pytest.mark.parametrize(
    ("units", "batch", "tried"),
    [
        ((10, 10), 512, False),
        ((128, 10), 32, False),
        ((128, 10), 64, False),
        ((128, 10), 128, True),
        ((512, 10), 32, True),
        ((10, 10), 48_000, True),
    ],
)
def test_a_small_step_is_left_to_one_thread_without_a_trial(
    units: tuple[int, ...], batch: int, tried: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = planted(monkeypatch, 2, {2: 0.5})
    assert blas.choose("auto", network(*units), batch) == (2 if tried else 1)
    assert bool(asked) == tried == blas.is_worth_trying(network(*units), batch)


def test_a_network_without_weights_is_left_to_one_thread() -> None:
    assert blas.choose("auto", Network([ReLU()], input_shape=784), 10**9) == 1


@pytest.mark.parametrize(
    ("there", "slowdowns", "chosen", "tried"),
    [
        (1, {}, 1, []),
        (2, {2: 0.6}, 2, [(2, 1)]),
        (2, {2: 0.79}, 2, [(2, 1)]),
        (2, {2: 0.81}, 1, [(2, 1)]),  # near a tie it is one
        (2, {2: 30.0}, 1, [(2, 1)]),
        (2, {2: math.inf}, 1, [(2, 1)]),
        (8, {2: 0.55, 4: 0.6, 8: 0.7}, 8, [(2, 1), (4, 2), (8, 4)]),
        (8, {2: 0.55, 4: 0.6, 8: 0.9}, 4, [(2, 1), (4, 2), (8, 4)]),
        (8, {2: 0.55, 4: 1.2}, 2, [(2, 1), (4, 2)]),
        (6, {2: 0.55, 4: 0.6, 6: 0.75}, 6, [(2, 1), (4, 2), (6, 4)]),
        (3, {2: 0.55, 3: 0.9}, 2, [(2, 1), (3, 2)]),
    ],
)
def test_more_threads_are_tried_as_long_as_they_are_a_fifth_faster(
    there: int,
    slowdowns: dict[int, float],
    chosen: int,
    tried: list[tuple[int, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = planted(monkeypatch, there, slowdowns)
    assert blas.choose("auto", *LARGE) == chosen
    assert asked == tried


@pytest.mark.parametrize(
    ("cores", "counts"),
    [
        (Cores(64, 64, 64, None), [1, 2, 4, 8, 16]),
        (Cores(64, 2, 2, None), [1, 2]),
        (Cores(64, 64, 32, 2.5), [1, 2]),
        (Cores(64, 64, 32, 0.5), [1]),
        (Cores(2, 2, 1, None), [1]),
        (Cores(12, 12, 6, None), [1, 2, 4, 6]),
        (Cores(8, 8, None, None), [1, 2, 4, 8]),
    ],
)
def test_no_more_threads_than_cores_that_may_be_used(
    cores: Cores, counts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library that starts 16 threads in a container of two processors."""
    monkeypatch.setattr(blas, "info", lambda: blas.Blas("OpenBLAS", "1", "Zen", 16))
    monkeypatch.setattr(blas.hardware, "cores", lambda: cores)
    assert blas.counts() == counts


def test_a_limit_in_force_holds_for_auto_too() -> None:
    with blas.limit(1):
        assert blas.choose("auto", *LARGE) == 1


# ---- trials


def times(monkeypatch: pytest.MonkeyPatch, one: float, two: float, share: float) -> list[tuple[int, float]]:
    """Plant what a step takes with one thread and with two, and how much of the cores two threads get."""
    asked = []

    def run(work: Any, threads: int, seconds: float) -> blas.Trial:
        asked.append((threads, seconds))
        takes = {1: one, 2: two}[threads]
        steps = max(1, round(seconds / takes))
        return blas.Trial(steps, steps * takes, steps * takes * (1 if threads == 1 else share))

    monkeypatch.setattr(blas, "run", run)
    return asked


@pytest.mark.parametrize("share", [1.8, 2.0, 2.1])
@pytest.mark.parametrize(("one", "two"), [(0.001, 0.0006), (0.001, 0.0021), (0.5, 0.3)])
def test_a_trial_compares_the_times_of_a_step(
    one: float, two: float, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    times(monkeypatch, one, two, share)
    assert blas.slowdown(2, 1, *LARGE) == pytest.approx(two / one)


@pytest.mark.parametrize("share", [1.0, 1.5, 1.65])
def test_cores_that_others_use_too_are_seen_whatever_the_times(
    share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    times(monkeypatch, 0.001, 0.0006, share)
    monkeypatch.setattr("sys.platform", "linux")
    assert blas.slowdown(2, 1, *LARGE) == math.inf
    monkeypatch.setattr("sys.platform", "win32")  # whose clock of processor time is too coarse
    assert blas.slowdown(2, 1, *LARGE) == pytest.approx(0.6)


def test_a_trial_is_short_and_first_wakes_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = times(monkeypatch, 0.001, 0.0006, 2.0)
    blas.slowdown(2, 1, *LARGE)
    assert asked[0] == (2, 0.0)
    assert sum(seconds for _, seconds in asked) <= 0.05


def test_a_trial_leaves_the_network_and_the_threads_as_they_were() -> None:
    tried = Network([Dense(64), BatchNorm(), Dropout(0.5), ReLU(), Dense(3)], input_shape=20, seed=1)
    tried.gradients.vector.fill(7)
    before = tried.parameters.vector.copy(), tried.state.vector.copy()
    threads = blas.info().threads
    assert blas.slowdown(2, 1, tried, 16) > 0
    assert blas.info().threads == threads
    np.testing.assert_array_equal(tried.parameters.vector, before[0])
    np.testing.assert_array_equal(tried.state.vector, before[1])
    assert (tried.gradients.vector == 7).all()


def test_a_network_that_diverged_is_tried_without_a_warning() -> None:
    tried = network(8, 8, inputs=8)
    tried.parameters.vector.fill(np.inf)
    assert blas.slowdown(2, 1, tried, 4) > 0


def test_a_huge_batch_is_tried_with_a_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = []
    monkeypatch.setattr(blas, "_step", lambda network, batch: rows.append(batch) or (lambda: None))
    times(monkeypatch, 0.001, 0.0006, 2.0)
    blas.slowdown(2, 1, network(10), 10**9)
    blas.slowdown(2, 1, network(10), 32)
    assert rows == [2048, 32]


@pytest.mark.parametrize("seconds", [0.0, 0.01])
def test_work_is_repeated_until_the_time_has_passed(seconds: float) -> None:
    calls: list[int] = []
    trial = blas.run(lambda: calls.append(blas.info().threads), 1, seconds)
    assert trial.steps == len(calls) >= 1
    assert trial.seconds >= seconds
    assert set(calls) == {1} or not blas.info().kernel


# ---- limits


def test_a_limit_ends_with_its_block() -> None:
    if not blas.info().kernel:
        pytest.skip("threadpoolctl cannot look into this BLAS")
    before = blas.info().threads
    with blas.limit(2):
        assert blas.info().threads == 2
        with blas.limit(1):
            assert blas.info().threads == 1
            assert np.isfinite(np.ones((9, 9)) @ np.ones((9, 9))).all()
        assert blas.info().threads == 2
        with blas.limit(None):
            assert blas.info().threads == 2
    assert blas.info().threads == before


def test_a_limit_ends_with_an_error_too() -> None:
    before = blas.info().threads
    with pytest.raises(ZeroDivisionError), blas.limit(2):
        _ = 1 / 0
    assert blas.info().threads == before
