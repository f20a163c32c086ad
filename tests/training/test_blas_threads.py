"""BLAS threads hold from the first event to the last, and are then what they were, however the run ends."""

import gc
import math
from collections.abc import Iterator
from typing import Any

import pytest

from glassnet import blas
from training.small import training


@pytest.fixture
def threads() -> Iterator[tuple[int, int]]:
    """How many threads there are, and how many a run is to use."""
    if not blas.info().kernel:
        pytest.skip("threadpoolctl cannot look into this BLAS")
    before = blas.info().threads
    yield before, 2 if before == 1 else 1
    assert blas.info().threads == before


def now() -> int:
    return blas.info().threads


def test_from_the_first_event_to_the_last(threads: tuple[int, int]) -> None:
    before, wanted = threads
    run = training(threads=wanted)
    assert run.threads == wanted
    assert now() == before
    for event in run:
        assert now() == (before if event.kind == "end" else wanted)


def test_closed_halfway(threads: tuple[int, int]) -> None:
    run = training(threads=threads[1])
    for event in run:
        if event.kind == "step":
            break
    assert now() == threads[1]
    run.close()
    assert now() == threads[0]


def test_stopped(threads: tuple[int, int]) -> None:
    run = training(threads=threads[1])
    next(run)
    run.stop()
    list(run)
    assert now() == threads[0]


def test_an_error_in_a_callback(threads: tuple[int, int]) -> None:
    def fail(event: Any, run: Any) -> None:
        assert now() == threads[1]
        if event.kind == "step":
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        training(threads=threads[1]).fit(fail, progress=False)
    assert now() == threads[0]


def test_diverged(threads: tuple[int, int]) -> None:
    *_, end = training(threads=threads[1], learning_rate=1e30)
    assert end.reason == "diverged"
    assert now() == threads[0]


@pytest.mark.parametrize("point", [0, 1, 3, 10])
def test_going_back(threads: tuple[int, int], point: int) -> None:
    """From the end, and from the middle, to any state: there is never a limit left behind."""
    run = training(threads=threads[1])
    for _ in range(point):
        next(run)
    state = run.capture()
    for stop in (2, 10):
        for _ in range(stop):
            next(run, None)
        run.restore(state)
        assert now() == threads[0]
        ended = next(run).kind == "end"
        assert now() == threads[not ended]
        list(run)
        assert now() == threads[0]


def test_going_on_after_the_end(threads: tuple[int, int]) -> None:
    run = training(threads=threads[1])
    list(run)
    run.change(epochs=3)
    assert now() == threads[0]
    assert next(run).kind == "change"
    assert now() == threads[1]
    list(run)
    assert now() == threads[0]


def test_none_leaves_them_alone(threads: tuple[int, int]) -> None:
    run = training(threads=None)
    with blas.limit(threads[1]):
        next(run)
        assert now() == threads[1]
        list(run)
    assert run.threads is None


def test_a_run_that_is_left_and_forgotten(threads: tuple[int, int]) -> None:
    run = training(threads=threads[1])
    network = run.network
    next(run)
    assert now() == threads[1]
    del run
    gc.collect()
    assert now() == threads[0]
    assert not network.training_now


def test_a_with_block_closes_the_run(threads: tuple[int, int]) -> None:
    with training(threads=threads[1]) as run:
        next(run)
        assert now() == threads[1]
        run.stop()
    assert now() == threads[0]
    assert next(run).kind == "step"
    assert now() == threads[1]
    run.close()


def test_two_runs_closed_in_any_order() -> None:
    if not blas.info().kernel:
        pytest.skip("threadpoolctl cannot look into this BLAS")
    before = now()
    for order in ((0, 1), (1, 0)):
        runs = [training(threads=1), training(threads=2)]
        for run in runs:
            next(run)
        assert now() == 2
        runs[order[0]].close()
        assert now() == (2 if order[0] == 0 else 1)
        runs[order[1]].close()
        assert now() == before


def test_several_threads_are_given_up_when_one_is_better(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are tried again when steps lose time; the change is an event, and the limit follows."""
    answers = iter([0.5, 30.0])
    monkeypatch.setattr(blas, "choose", lambda threads, network, batch: 2)
    monkeypatch.setattr(blas, "slowdown", lambda many, few, network, batch: next(answers))
    monkeypatch.setattr("glassnet.training.threads.PATIENCE", 0.0)
    monkeypatch.setattr("glassnet.training.threads.OF_LOSS", math.inf)
    monkeypatch.setattr("glassnet.training.threads.WINDOW_SECONDS", 0.0)
    monkeypatch.setattr("glassnet.training.threads.WINDOW_STEPS", 1)
    run = training(threads="auto")
    heard = []
    for event in run:
        heard.append((event.kind, run.threads))
        if event.kind == "change":
            assert event.settings == {"threads": [2, 1]}
            assert not blas.info().kernel or now() == 1
    assert heard[:4] == [("start", 2), ("step", 2), ("step", 1), ("change", 1)]
    assert [kind for kind, _ in heard].count("change") == 1


def test_a_number_asked_for_is_never_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blas, "slowdown", lambda many, few, network, batch: pytest.fail("tried"))
    monkeypatch.setattr("glassnet.training.threads.PATIENCE", -math.inf)
    monkeypatch.setattr("glassnet.training.threads.WINDOW_SECONDS", 0.0)
    monkeypatch.setattr("glassnet.training.threads.WINDOW_STEPS", 1)
    assert "change" not in [event.kind for event in training(threads=2)]
