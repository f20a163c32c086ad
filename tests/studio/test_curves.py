"""The curves of a run: bounded, true to what was added, and cut where a branch begins."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.studio.curves import MOST_EPOCHS, MOST_JUDGED, MOST_POINTS, Curve
from glassnet.training import Epoch


def filled(n: int, first: int = 1) -> Curve:
    """A curve whose loss is the number of the step, and whose accuracy half of that."""
    curve = Curve()
    for step in range(first, first + n):
        curve.add(step, float(step), step / 2, 0.1)
    return curve


def epoch(number: int, **numbers: Any) -> Epoch:
    usual = {"loss": 0.5, "accuracy": 0.75, "validation_loss": None, "validation_accuracy": None}
    told = {**usual, **numbers}
    return Epoch(number, 10 * number, 1.0, **told, measured="running", learning_rate=0.1)


def test_an_empty_curve_has_no_points() -> None:
    curve = Curve()
    assert (curve.points().shape, curve.judged().shape, curve.epochs().shape) == ((0, 4), (0, 3), (0, 5))
    assert curve.step == 0
    assert curve.at(0) is None
    assert curve.at(5) is None


def test_while_there_are_few_each_step_is_a_point() -> None:
    points = filled(MOST_POINTS - 1).points()
    steps = np.arange(1, MOST_POINTS)
    assert points.dtype == np.float32
    assert np.array_equal(
        points, np.stack([steps, steps, steps / 2, 0.1 + 0 * steps], axis=1).astype(np.float32)
    )


@pytest.mark.parametrize("n", [1, 1999, 2000, 2001, 4000, 4001, 100_000, 123_457])
def test_there_are_never_too_many_and_the_end_is_now(n: int) -> None:
    curve = filled(n)
    points = curve.points()
    assert min(n, MOST_POINTS // 2) <= len(points) <= MOST_POINTS
    assert points[-1, 0] == curve.step == n
    assert (np.diff(points[:, 0]) > 0).all()


@given(n=st.integers(1, 30_000))
def test_a_point_is_the_mean_of_its_steps(n: int) -> None:
    points = filled(n).points().astype(np.float64)
    ends = points[:, 0]
    starts = np.concatenate([[1], ends[:-1] + 1])
    assert points[:, 1] == pytest.approx((starts + ends) / 2, rel=1e-6)
    assert points[:, 2] == pytest.approx((starts + ends) / 4, rel=1e-6)


def test_the_bucket_that_is_not_full_is_shown_and_goes_on() -> None:
    curve = filled(2000)
    assert curve.points().shape == (1000, 4)
    curve.add(2001, 7.0, 0.5, 0.2)
    assert curve.points()[-1].tolist() == pytest.approx([2001, 7.0, 0.5, 0.2])
    assert curve.points().shape == (1001, 4)
    curve.add(2002, 9.0, 1.0, 0.3)
    assert curve.points()[-1].tolist() == pytest.approx([2002, 8.0, 0.75, 0.3])
    assert curve.points().shape == (1001, 4)


def test_what_it_returned_stays_what_it_was() -> None:
    curve = filled(10)
    before = curve.points()
    kept = before.copy()
    filled(5000)
    for step in range(11, 5000):
        curve.add(step, 0.0, 0.0, 0.0)
    assert np.array_equal(before, kept)


@pytest.mark.parametrize("unknown", [None, math.nan])
def test_what_is_not_known_is_nan_and_left_out_of_means(unknown: float | None) -> None:
    curve = Curve()
    for step in range(1, 4001):
        curve.add(step, unknown if step % 2 else 3.0, None, 0.1)
    points = curve.points()
    assert np.isnan(points[:, 2]).all()
    assert (points[:, 1] == 3).all()
    alone = Curve()
    alone.add(1, unknown, 0.5, 0.1)
    assert np.isnan(alone.points()[0, 1])
    assert alone.points()[0, 2] == 0.5


def test_numbers_that_are_too_large_are_infinite_without_a_word() -> None:
    curve = Curve()
    for step, loss in enumerate([1e300, 1e308, 1e308, math.inf], 1):
        curve.add(step, loss, None, 1e300)
    curve.judge(1, 1e300, 0.5)
    curve.epoch(epoch(1, loss=1e300))
    assert np.isinf(curve.points()[:, 1]).all()
    assert np.isinf(curve.judged()[0, 1])
    assert np.isinf(curve.epochs()[0, 1])


# ---- judgements and epochs


def test_judgements_are_kept_in_their_order() -> None:
    curve = Curve()
    for step, loss in ((0, 2.5), (30, 0.5), (30, 0.25), (20, 9.0), (40, None)):
        curve.judge(step, loss, 0.5)
    assert curve.judged()[:, 0].tolist() == [0, 30, 40]
    assert curve.judged()[:2, 1].tolist() == [2.5, 0.25]
    assert np.isnan(curve.judged()[2, 1])


@pytest.mark.parametrize("n", [1, 999, 1000, 1001, 1002, 5000, 12_345])
def test_judgements_and_epochs_are_thinned_evenly_and_the_newest_is_there(n: int) -> None:
    curve = Curve()
    for number in range(1, n + 1):
        curve.judge(10 * number, float(number), None)
        curve.epoch(epoch(number, loss=float(number)))
    for rows, most in ((curve.judged(), MOST_JUDGED), (curve.epochs(), MOST_EPOCHS)):
        assert min(n, most // 2) <= len(rows) <= most
        assert (rows[0, 0], rows[-1, 0]) == (10, 10 * n)
        assert np.array_equal(rows[:, 0], 10 * rows[:, 1])
        gaps = np.diff(rows[:-1, 0])
        assert len(set(gaps.tolist())) <= 1


def test_an_epoch_has_its_five_numbers() -> None:
    curve = Curve()
    curve.epoch(epoch(1, validation_loss=0.25, validation_accuracy=0.5))
    curve.epoch(epoch(2, accuracy=None))
    first, second = curve.epochs()
    assert first.tolist() == [10, 0.5, 0.75, 0.25, 0.5]
    assert second[:2].tolist() == [20, 0.5]
    assert np.isnan(second[2:]).all()


# ---- branches


@given(n=st.integers(0, 9000), at=st.integers(0, 9000), more=st.integers(0, 5000))
def test_a_branch_has_the_curve_as_far_as_it_starts_and_goes_its_own_way(n: int, at: int, more: int) -> None:
    trunk = filled(n)
    for step in range(0, n, 10):
        trunk.judge(step, float(step), None)
        trunk.epoch(epoch(step))
    before = [part().tobytes() for part in (trunk.points, trunk.judged, trunk.epochs)]
    branch = trunk.upto(at)
    for part, whole in ((branch.points(), trunk.points()), (branch.judged(), trunk.judged())):
        assert np.array_equal(part, whole[whole[:, 0] <= at], equal_nan=True)
    assert branch.step <= at
    start = max(at, branch.step)
    for step in range(start + 1, start + more + 1):
        branch.add(step, -1.0, 0.0, 0.5)
        branch.judge(step, -1.0, 0.0)
    points = branch.points()
    assert len(points) <= MOST_POINTS
    assert (np.diff(points[:, 0]) > 0).all()
    assert (points[points[:, 0] > start][1:, 1] <= 0).all() or not more
    assert branch.step == (start + more if more else min(at, branch.step))
    assert [part().tobytes() for part in (trunk.points, trunk.judged, trunk.epochs)] == before


def test_a_branch_from_now_has_the_bucket_begun() -> None:
    trunk = filled(2001)
    branch = trunk.upto(2001)
    assert np.array_equal(branch.points(), trunk.points())
    branch.add(2002, 2003.0, 0.0, 0.1)
    assert branch.points()[-1, 1] == 2002
    assert trunk.points()[-1, 1] == 2001


def test_the_point_of_a_step_is_the_one_it_counts_in() -> None:
    curve = filled(4000)  # buckets of four steps
    assert curve.at(1) == curve.at(4) == pytest.approx((4, 2.5, 1.25, 0.1))
    assert curve.at(5) == pytest.approx((8, 6.5, 3.25, 0.1))
    assert curve.at(4000) == pytest.approx((4000, 3998.5, 1999.25, 0.1))
    assert curve.at(4001) is None
    assert curve.at(0) is None
