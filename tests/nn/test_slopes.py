"""The slope of smooth functions, of functions with kinks, and of what is neither."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from glassnet.nn.gradcheck.slopes import HALVINGS, SURE, slope
from nn.table import refused

STEP = 1e-4
SHORTEST = STEP / 2**HALVINGS
many = settings(max_examples=400)
between = st.floats
sizes = st.floats(-6, 6).map(lambda e: 10.0**e)
signs = st.sampled_from([-1.0, 1.0])


class Wave:
    """a sin(b t + c) + d t² + e and its derivative at 0: b goes up to 5 / step, five radians a step."""

    def __init__(self, a: float, b: float, c: float, d: float, e: float) -> None:
        self.function = lambda t: a * math.sin(b * t + c) + d * t * t + e
        self.derivative = a * b * math.cos(c)
        self.noise = 4 * 2.2e-16 * (abs(a) + abs(e))  # also where the sum is all but zero


waves = st.builds(
    Wave,
    a=st.builds(float.__mul__, sizes, signs),
    b=st.floats(-6, math.log10(5 / STEP)).map(lambda e: 10.0**e),
    c=st.floats(-3, 3),
    d=st.floats(-1e3, 1e3),
    e=st.floats(-10, 10),
)


@many
@given(wave=waves)
def test_a_smooth_function_of_any_scale(wave: Wave) -> None:
    found = slope(wave.function, STEP, noise=wave.noise)
    assert not found.kink
    assert abs(found.value - wave.derivative) <= found.uncertainty
    assert found.uncertainty <= 1e-5 * abs(wave.derivative) + 2 * wave.noise / SHORTEST


@pytest.mark.parametrize(
    ("function", "derivative"),
    [
        (lambda t: 3.0, 0.0),
        (lambda t: 7.0 * t, 7.0),
        (lambda t: t**2, 0.0),
        (lambda t: t**3, 0.0),
        (lambda t: t**4, 0.0),
        (lambda t: t**6 + t**5, 0.0),
        (math.cos, 0.0),
        (math.exp, 1.0),
        (math.expm1, 1.0),
        (lambda t: math.log(3e-5 + t) if t > -3e-5 else math.nan, 1 / 3e-5),
        (lambda t: 1 / (1e-3 + t), -1e6),
        (lambda t: math.log1p(math.exp(20 + t)), 1 / (1 + math.exp(-20))),
        (lambda t: math.tanh(1e4 * t), 1e4),
    ],
)  # fmt: skip
def test_functions_with_a_vanishing_or_a_steep_part(
    function: Callable[[float], float], derivative: float
) -> None:
    found = slope(function, STEP)
    assert not found.kink
    assert abs(found.value - derivative) <= found.uncertainty
    assert found.uncertainty <= 1e-5 * abs(derivative) + 1e-9


def bent(wave: Wave, height: float, place: float, sort: str) -> tuple[Callable[[float], float], float]:
    """A wave with a kink at `place`, and its derivative at 0, to the left where the kink is at 0 itself."""
    kinks = {"abs": (abs, lambda c: -1.0 if c > 0 else 1.0), "relu": (relu, lambda c: 0.0 if c > 0 else 1.0)}
    kink, derivative = kinks[sort]
    own = height * derivative(place if place else 1.0)
    return lambda t: wave.function(t) + height * kink(t - place), wave.derivative + own


def relu(t: float) -> float:
    return max(t, 0.0)


calm = st.builds(
    Wave,
    a=st.floats(0.1, 2),
    b=st.floats(0.1, 50),
    c=st.floats(-3, 3),
    d=st.floats(-5, 5),
    e=st.floats(-3, 3),
)
heights = st.builds(lambda e, sign: sign * 10.0**e, st.floats(-8, 3), signs)
kinds = st.sampled_from(["abs", "relu"])


@many
@given(wave=calm, height=heights, share=st.floats(-1.2, 1.2), sort=kinds)
def test_a_kink_anywhere_in_the_step_is_seen_or_does_no_harm(
    wave: Wave, height: float, share: float, sort: str
) -> None:
    function, derivative = bent(wave, height, share * STEP, sort)
    found = slope(function, STEP, noise=wave.noise)
    # A jump of the slope by less than its 1e-7th part may hide in the curvature.
    assert found.kink or abs(found.value - derivative) <= 2 * found.uncertainty + SURE * abs(derivative)


@many
@given(
    wave=calm,
    height=heights,
    away=st.floats(math.log10(16 * SHORTEST / STEP), 0),
    side=signs,
    sort=kinds,
)
def test_a_kink_that_shorter_steps_avoid_costs_nothing(
    wave: Wave, height: float, away: float, side: float, sort: str
) -> None:
    assume(abs(height) > 1e-3)
    function, derivative = bent(wave, height, side * STEP * 10**away, sort)
    found = slope(function, STEP, noise=wave.noise)
    assert not found.kink
    assert abs(found.value - derivative) <= found.uncertainty
    assert found.uncertainty <= 1e-5 * (abs(derivative) + abs(height)) + 1e-6


@many
@given(wave=calm, height=heights, sort=kinds, place=st.sampled_from([0.0, 1e-12, -1e-10, 1e-9, -1e-8]))
def test_a_kink_at_the_point_itself_is_always_seen(
    wave: Wave, height: float, sort: str, place: float
) -> None:
    assume(abs(height) > 1e-3)  # below, rounding hides it
    function, derivative = bent(wave, height, place, sort)
    found = slope(function, STEP, noise=wave.noise)
    assert found.kink
    assert found.uncertainty >= 0.4 * abs(height)
    assert abs(found.value - derivative) <= found.uncertainty


@many
@given(wave=calm, near=st.floats(-3, 0), far=st.floats(-3, 0), height=st.floats(0.01, 100))
def test_two_kinks_that_undo_each_other(wave: Wave, near: float, far: float, height: float) -> None:
    """A clipped line has no second difference at all where it is clipped alike on both sides.

    (Nearer to 0 than the shortest difference, the two are too small together to be seen.)
    """
    low, high = -STEP * 10**near, STEP * 10**far

    def function(t: float) -> float:
        return wave.function(t) + height * min(max(t, low), high)

    found = slope(function, STEP, noise=wave.noise)
    assert found.kink or abs(found.value - wave.derivative - height) <= found.uncertainty


@given(share=st.floats(0.001, 1))
@example(share=0.0017154341)
@example(share=0.0034381160817611943)
def test_clipping_alike_on_both_sides(share: float) -> None:
    found = slope(lambda t: min(max(t, -share * STEP), share * STEP), STEP)
    assert found.kink or abs(found.value - 1) <= max(found.uncertainty, 1e-12)


@many
@given(seed=st.integers(0, 10**6), tremble=st.floats(-14, -7))
def test_noise_is_measured_and_not_taken_for_a_kink(seed: int, tremble: float) -> None:
    generator, sigma = np.random.default_rng(seed), 10**tremble
    found = slope(lambda t: math.sin(1 + t) + sigma * generator.uniform(-1, 1), STEP)
    assert not found.kink
    assert found.uncertainty <= 3e2 * sigma / STEP + 1e-9
    # Now and then noise does not show: but then it has not put the slope far off.
    assert abs(found.value - math.cos(1)) <= max(found.uncertainty, 1e-6)


@many
@given(seed=st.integers(0, 10**6))
def test_float32(seed: int) -> None:
    generator = np.random.default_rng(seed)
    a, x = (generator.normal(size=50).astype(np.float32) for _ in range(2))

    def function(t: float) -> float:
        return float((np.tanh(x + np.float32(t) * a) ** 2).sum(dtype=np.float32))

    found = slope(function, step=1e-2, precision=6e-8)
    derivative = float((2 * np.tanh(x.astype("d")) * (1 - np.tanh(x.astype("d")) ** 2) * a).sum())
    assert not found.kink
    assert abs(found.value - derivative) <= found.uncertainty <= 0.1


def test_float32_with_a_kink() -> None:
    found = slope(lambda t: float(np.abs(np.float32(t))), step=1e-2, precision=6e-8)
    assert found.kink
    assert found.uncertainty >= 1


def test_a_small_kink_is_not_lost_in_the_rounding_of_shorter_steps() -> None:
    found = slope(lambda t: 1 + 1e-8 * abs(t), STEP)
    assert found.kink
    assert found.uncertainty < 1e-7


def test_a_jump_is_a_kink() -> None:
    assert slope(lambda t: float(t > 0)).kink
    assert slope(lambda t: float(t >= 1e-9)).kink


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_has_no_slope(value: float) -> None:
    for function in (lambda t: value, lambda t: 0.0 if t == 0 else value, lambda t: value if t < 0 else t):
        found = slope(function)
        assert math.isnan(found.value)
        assert found.uncertainty == math.inf
        assert not found.kink


def test_infinity_far_away_is_avoided() -> None:
    found = slope(lambda t: math.sin(t) if abs(t) < 1e-5 else math.inf)
    assert found.value == pytest.approx(1, rel=1e-8)
    assert not found.kink


def test_the_function_is_asked_little_where_it_is_smooth() -> None:
    asked = []

    def function(t: float) -> float:
        asked.append(t)
        return math.exp(t)

    slope(function, 1e-3)
    assert sorted(asked) == [-1e-3, -5e-4, -2.5e-4, 0, 2.5e-4, 5e-4, 1e-3]


def test_wrong_arguments() -> None:
    for step in (0.0, -1.0, math.nan, math.inf):
        with refused("slope: expected a step above 0, got"):
            slope(math.sin, step)
    with refused("slope: expected a precision above 0, got 0"):
        slope(math.sin, precision=0)
    assert slope(np.sin, np.float64(1e-4)).value == pytest.approx(1)
