"""When the threads of a run are tried again, and when they are given up: with planted times and trials."""

from collections.abc import Iterator
from typing import Any

import pytest

from glassnet import blas
from glassnet.nn import Dense, Network
from glassnet.training.threads import Threads

BATCH = 128
STEP = 0.01  # seconds, with several threads and nobody in the way


class Planted:
    """A run of planted steps, and trials that find what they are told to find."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, chosen: int = 2) -> None:
        self.slowdown, self.trials, self.now, self.trial_takes = 0.6, [], 0.0, 0.06
        monkeypatch.setattr(blas, "choose", lambda threads, network, batch: chosen)
        monkeypatch.setattr(blas, "slowdown", self._try)
        monkeypatch.setattr("glassnet.training.threads.perf_counter", self._clock)
        self._ticks: Iterator[float] = iter(())
        self.threads = Threads("auto", Network([Dense(2)], input_shape=3), BATCH)
        self.trained = 0.0

    def _try(self, many: int, few: int, network: Any, batch: int) -> float:
        assert few == 1
        self.trials.append((round(self.trained, 3), many, batch))
        return self.slowdown

    def _clock(self) -> float:
        self.now += self.trial_takes / 2
        return self.now

    def train(self, seconds: float, step: float = STEP, batch: int = BATCH) -> float | None:
        """Take such steps for so long; return after how many seconds one thread was chosen, if it was."""
        started = self.trained
        while self.trained < started + seconds - 1e-9:
            self.trained += step
            if self.threads.give_up(self.trained, batch):
                return self.trained - started
        return None


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Planted:
    """Two threads, chosen at the start."""
    return Planted(monkeypatch)


def test_steps_as_ever_are_never_tried_again(run: Planted) -> None:
    assert run.train(100) is None
    assert run.trials == []
    assert run.threads.count == 2


@pytest.mark.parametrize("times", [3, 10, 30])
@pytest.mark.parametrize("before", [0.2, 2, 200])
def test_steps_many_times_slower_are_noticed_within_a_second(
    run: Planted, times: float, before: float
) -> None:
    run.train(before)
    run.slowdown = times
    noticed = run.train(100, step=times * STEP)
    assert noticed is not None
    assert noticed < 1
    assert run.threads.count == 1
    assert len(run.trials) == 1


def test_steps_that_lose_little_are_tried_later(run: Planted) -> None:
    run.train(5)
    run.slowdown = 1.1
    noticed = run.train(100, step=1.5 * STEP)
    assert noticed is not None
    assert 1 < noticed < 5


def test_steps_that_are_slower_for_another_reason_cost_one_trial(run: Planted) -> None:
    """A processor that is too hot slows one thread as much as two."""
    run.train(5)
    assert run.train(1000, step=2 * STEP) is None
    assert len(run.trials) == 1
    assert run.threads.count == 2


def test_a_moment_is_forgiven(run: Planted) -> None:
    for _ in range(20):
        run.train(2)
        run.train(0.3, step=20 * STEP)
    assert run.trials == []


def test_trials_that_find_nothing_cost_little(run: Planted) -> None:
    """Spells of slow steps, over before the trial: which takes a part of the time, and of what is lost."""
    while run.trained < 200:
        run.train(0.5)
        run.train(0.5, step=20 * STEP)
    spent = len(run.trials) * run.trial_takes
    lost = 0.5 * run.trained
    assert len(run.trials) > 2
    assert spent <= 0.01 * run.trained + 0.1 * lost + run.trial_takes


def test_after_false_alarms_real_trouble_is_still_noticed_soon(run: Planted) -> None:
    run.train(1)
    run.train(0.6, step=10 * STEP)
    run.train(1)
    run.train(2.2, step=10 * STEP)
    assert len(run.trials) >= 2
    run.train(1)
    run.slowdown = 30.0
    noticed = run.train(60, step=30 * STEP)
    assert noticed is not None
    assert noticed < 5


def test_one_thread_slower_than_expected_is_no_reason_to_take_it(run: Planted) -> None:
    run.train(1)
    run.slowdown = 0.95
    assert run.train(100, step=3 * STEP) is None
    assert run.threads.count == 2


def test_long_steps_are_looked_at_several_at_a_time(run: Planted) -> None:
    run.train(50, step=1.0)
    run.train(0.3, step=0.3)  # the last and smaller batch of an epoch
    assert run.train(50, step=1.0) is None
    assert run.trials == []


def test_other_batches_are_judged_anew(run: Planted) -> None:
    run.train(5)
    assert run.train(5, step=8 * STEP, batch=8 * BATCH) is None
    assert [(many, batch) for _, many, batch in run.trials] == [(2, 8 * BATCH)]
    run.slowdown = 1.2
    noticed = run.train(5, step=STEP / 2, batch=4)
    assert noticed is not None
    assert run.trials[-1][1:] == (2, 4)


@pytest.mark.parametrize("seconds", [0.0, 100.0])
def test_restored_threads_are_tried_after_a_while(run: Planted, seconds: float) -> None:
    """They were chosen elsewhere, or in another state of this machine."""
    run.trained = seconds
    run.threads.restore(4, seconds)
    assert run.train(0.3) is None
    assert run.trials == []
    assert run.train(100) is None
    ((when, many, _),) = run.trials
    assert when - seconds < 1
    assert many == 4


def test_going_back_again_and_again_is_not_trying_again_and_again(run: Planted) -> None:
    for _ in range(100):
        run.threads.restore(2, 1.0)
        run.trained = 1.0
        run.train(0.6)
    assert len(run.trials) < 5


def test_one_thread_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Planted(monkeypatch, chosen=1)
    run.train(1)
    assert run.train(10, step=100 * STEP) is None
    assert run.trials == []


@pytest.mark.parametrize("told", [2, None])
def test_what_was_asked_for_is_kept(told: int | None) -> None:
    threads = Threads(told, Network([Dense(2)], input_shape=3), BATCH)
    assert threads.count == told
    assert not any(threads.give_up(float(n * n), BATCH) for n in range(100))
