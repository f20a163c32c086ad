"""Learning-rate schedules: their shape, their ends, and what they refuse."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.nn import Constant, Cosine, Exponential, OneCycle, StepDecay, Warmup, schedules
from glassnet.nn.schedules import SCHEDULES, Schedule
from nn.table import refused

every_name = pytest.mark.parametrize("name", SCHEDULES)
totals = st.integers(1, 2000)


def rates(schedule: Schedule, total: int) -> np.ndarray:
    return np.array([schedule(step, total) for step in range(total)])


@every_name
@given(total=totals, height=st.floats(1e-6, 1e3))
def test_rates_are_positive_and_never_above_the_height(name: str, total: int, height: float) -> None:
    found = rates(schedules.get(name, height), total)
    assert (found > 0).all()
    assert found.max() <= height * (1 + 1e-12)


@every_name
@given(total=totals, factor=st.floats(0.01, 100))
def test_the_height_is_a_factor(name: str, total: int, factor: float) -> None:
    """So that changing the learning rate of a run rescales what is left of it."""
    one, other = schedules.get(name, 1.0), schedules.get(name, factor)
    assert one.learning_rate == 1.0
    np.testing.assert_allclose(rates(other, total), factor * rates(one, total), rtol=1e-12)


@every_name
def test_a_step_beyond_the_run_has_a_rate_too(name: str) -> None:
    schedule = schedules.get(name, 0.1)
    assert 0 <= schedule(25, 10) <= schedule(10, 10) <= 0.1


def test_constant() -> None:
    assert set(rates(Constant(0.3), 7)) == {0.3}


@pytest.mark.parametrize("every", [3, 3.0, 0.3, 0.3333])
def test_step_decay_counts_updates_or_a_share_of_the_run(every: float) -> None:
    expected = [1.0] * 3 + [0.5] * 3 + [0.25] * 3 + [0.125]
    np.testing.assert_allclose(rates(StepDecay(1.0, every, 0.5), 10), expected)


def test_step_decay_divides_the_run_by_three_unless_told() -> None:
    np.testing.assert_allclose(rates(StepDecay(1.0), 9), [1] * 3 + [0.1] * 3 + [0.01] * 3)


@pytest.mark.parametrize("total", [2, 3, 100])
def test_exponential_reaches_its_end_at_the_last_step(total: int) -> None:
    found = rates(Exponential(2.0, end=0.01), total)
    assert found[0] == 2.0
    assert found[-1] == pytest.approx(0.02)
    np.testing.assert_allclose(found[1:] / found[:-1], 0.01 ** (1 / (total - 1)))


def test_cosine() -> None:
    found = rates(Cosine(2.0, end=0.1), 100)
    assert found[0] == 2.0
    assert found[50] == pytest.approx(1.1)
    assert (np.diff(found) < 0).all()
    assert Cosine(2.0, end=0.1)(100, 100) == pytest.approx(0.2)
    assert Cosine(2.0)(100, 100) == 0


@pytest.mark.parametrize("total", [10, 100, 1000])
def test_one_cycle_rises_and_falls(total: int) -> None:
    found = rates(OneCycle(1.0, rise=0.3, start=25, finish=1e4), total)
    peak = int(0.3 * total) - 1
    assert found[0] == pytest.approx(1 / 25)
    assert found[peak] == found.max() == pytest.approx(1.0)
    assert found[-1] == pytest.approx(1 / 25 / 1e4)
    assert (np.diff(found[: peak + 1]) > 0).all()
    assert (np.diff(found[peak:]) < 0).all()


@given(total=totals, rise=st.floats(0, 1))
def test_one_cycle_of_any_length_and_rise(total: int, rise: float) -> None:
    found = rates(OneCycle(1.0, rise), total)
    assert ((found > 0) & (found <= 1)).all()


@pytest.mark.parametrize("steps", [4, 0.4])
def test_warmup_is_a_straight_line_to_the_schedule_that_follows(steps: float) -> None:
    np.testing.assert_allclose(rates(Warmup(Constant(2.0), steps), 10), [0.5, 1, 1.5] + [2] * 7)
    cosine = Cosine(2.0)
    np.testing.assert_allclose(rates(Warmup(cosine, steps), 10)[3:], rates(cosine, 10)[3:])


def test_warmup_to_a_number_stays_there() -> None:
    assert Warmup(0.1) == Warmup(Constant(0.1)) == schedules.get("warmup", 0.1)
    assert Warmup(0.1).learning_rate == 0.1
    np.testing.assert_allclose(rates(Warmup(2, 4), 6), [0.5, 1, 1.5, 2, 2, 2])
    assert replace(Warmup(0.1, 5), then=Cosine(1.0)) == Warmup(Cosine(1.0), 5)


def test_get() -> None:
    schedule = Cosine(0.1)
    assert schedules.get(schedule) is schedule
    assert schedules.get("one-cycle", 0.2) == OneCycle(0.2)
    for number in (1, 0.5, np.float32(0.5), np.int64(1)):
        found = schedules.get(number)
        assert found == Constant(float(number))
        assert type(found.learning_rate) is float


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: schedules.get("cosinus", 1.0), "unknown schedule 'cosinus'; did you mean 'cosine'"),
        (lambda: schedules.get("cosine"), "schedule cosine: expected a learning rate with it, got none"),
        (lambda: schedules.get(0), "learning rate: expected a number above 0, got 0"),
        (lambda: schedules.get(-0.1), "learning rate: expected a number above 0, got -0.1"),
        (lambda: Constant(math.nan), "learning rate: expected a number above 0, got nan"),
        (lambda: Cosine(math.inf), "learning rate: expected a number above 0, got inf"),
        (lambda: Cosine(0.1, end=-0.5), "cosine: expected an end of at least 0, got -0.5"),
        (lambda: Cosine(0.1, end=math.nan), "cosine: expected an end of at least 0, got nan"),
        (lambda: Exponential(0.1, end=0), "schedule: expected end above 0, got 0"),
        (lambda: StepDecay(0.1, every=0), "schedule: expected every above 0, got 0"),
        (lambda: StepDecay(0.1, factor=-1), "schedule: expected factor above 0, got -1"),
        (lambda: OneCycle(0.1, rise=1.5), "one_cycle: expected a rise between 0 and 1, got 1.5"),
        (lambda: OneCycle(0.1, start=0), "schedule: expected start above 0, got 0"),
        (lambda: OneCycle(0.1, finish=-1), "schedule: expected finish above 0, got -1"),
        (lambda: OneCycle(0), "learning rate: expected a number above 0, got 0"),
        (lambda: Warmup(Constant(0.1), steps=0), "schedule: expected steps above 0, got 0"),
        (lambda: Warmup(0), "learning rate: expected a number above 0, got 0"),
        (lambda: Warmup("cosine"), "schedule cosine: expected a learning rate with it, got none"),
        (lambda: Warmup(None), "warmup: expected a number or a schedule to follow, got None"),
        (lambda: Warmup(0.1, steps="5"), "schedule: expected steps above 0, got '5'"),
        (lambda: Cosine("0.1"), "learning rate: expected a number above 0, got '0.1'"),
        (lambda: Cosine(0.1, end="0"), "cosine: expected an end of at least 0, got '0'"),
        (lambda: OneCycle(0.1, rise=None), "one_cycle: expected a rise between 0 and 1, got None"),
        (lambda: StepDecay(0.1, every="2"), "schedule: expected every above 0, got '2'"),
        (lambda: Constant(True), "learning rate: expected a number above 0, got True"),
    ],
)
def test_settings_out_of_range(make: Callable[[], Schedule], message: str) -> None:
    with refused(message):
        make()
