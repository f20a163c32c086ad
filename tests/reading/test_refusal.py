"""What is refused by its ink, what by the network's answer, and what is not."""

from types import SimpleNamespace

import numpy as np
import pytest

from glassnet.data import load, pen
from glassnet.data.drawing import normalize
from glassnet.reading import refusal
from glassnet.reading.segments import may_be_digit, two_strokes
from glassnet.reading.shape import measure

SIDE = 200
SURE = np.array([9.0] + [-2.0] * 9)


def mark(*lines: tuple[float, ...], width: float = 8.0, side: int = SIDE) -> np.ndarray:
    """Ink of lines x y x y …, in percent of the side, drawn with a round pen of that width in pixels."""
    y, x = np.indices((side, side)) + 0.5
    nearest = np.full((side, side), np.inf)
    for line in lines:
        points = np.reshape(line, (-1, 2)) * side / 100
        for (x0, y0), (x1, y1) in zip(points, points[1:] if len(points) > 1 else points):
            along = np.array([x1 - x0, y1 - y0])
            t = np.clip(((x - x0) * along[0] + (y - y0) * along[1]) / max(along @ along, 1e-9), 0, 1)
            nearest = np.minimum(nearest, np.hypot(x - x0 - t * along[0], y - y0 - t * along[1]))
    return (np.clip(width / 2 + 0.5 - nearest, 0, 1) * 255).astype(np.uint8)


def said(ink: np.ndarray) -> str | None:
    rows, columns = np.nonzero(ink >= 64)
    if len(rows):
        ink = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return refusal.by_ink(ink, normalize(ink))


def leaning(degrees: float, length: float = 70.0, width: float = 8.0) -> np.ndarray:
    """A line that leans so far from upright, to the right at the top."""
    dx, dy = length / 2 * np.sin(np.deg2rad(degrees)), length / 2 * np.cos(np.deg2rad(degrees))
    return mark((50 - dx, 50 + dy, 50 + dx, 50 - dy), width=width)


def test_no_ink_is_blank() -> None:
    assert said(np.zeros((50, 50), np.uint8)) == "blank"
    assert said(np.full((50, 50), 20, np.uint8)) == "blank"


@pytest.mark.parametrize("width", [1.0, 3.0, 6.0, 12.0, 30.0, 80.0])
@pytest.mark.parametrize("at", [50.0, 50.2, 49.6])
def test_a_dot_is_a_dot_whatever_the_pen(width: float, at: float) -> None:
    assert said(mark((at, 50.0), width=width)) == "dot"


@pytest.mark.parametrize("degrees", [-90, -75, -60, -45, -32, 46, 50, 60, 75, 90])
@pytest.mark.parametrize("width", [2.0, 6.0, 16.0, 30.0])
def test_a_line_that_is_not_upright_is_refused(degrees: float, width: float) -> None:
    assert said(leaning(degrees, width=width)) == "line"


@pytest.mark.parametrize("degrees", [-18, -8, 0, 5, 15, 25, 35])
@pytest.mark.parametrize("width", [2.0, 6.0, 16.0, 30.0])
def test_an_upright_or_slanted_stroke_may_be_a_one(degrees: float, width: float) -> None:
    assert said(leaning(degrees, width=width)) is None


@pytest.mark.parametrize("size", [8, 12, 20, 40])
def test_a_tiny_one_is_not_a_dot(size: int) -> None:
    assert said(leaning(8, length=100 * size / SIDE, width=max(2, size / 6))) is None


def test_a_shaky_line_is_still_one() -> None:
    generator = np.random.default_rng(0)
    for _ in range(20):
        x = np.linspace(10, 90, 9)
        y = 50 + 0.25 * (x - 50) + generator.normal(0, 1.2, 9)
        assert said(mark(tuple(np.stack([x, y], axis=1).ravel()), width=5)) == "line"


@pytest.mark.parametrize(
    "lines",
    [
        [(10, 35, 90, 35), (10, 65, 90, 65)],
        [(30, 10, 30, 90), (70, 10, 70, 90)],
        [(10, 20, 90, 25), (10, 50, 90, 50), (10, 80, 90, 78)],
        [(10, 10, 90, 90), (90, 10, 10, 90)],
        [(50, 10, 50, 90), (10, 50, 90, 50)],
        [(10, 10, 90, 10), (50, 10, 50, 90)],
        [(10, 10, 50, 90), (50, 90, 90, 10)],
        [(20, 10, 20, 90), (20, 90, 80, 90)],
        [(10, 90, 50, 10), (50, 10, 90, 90)],
    ],
)
@pytest.mark.parametrize("width", [5.0, 12.0])
def test_several_lines_are_lines(lines: list[tuple[float, ...]], width: float) -> None:
    assert said(mark(*lines, width=width)) == "line"


@pytest.mark.parametrize(
    "lines",
    [
        [(15, 12, 85, 12), (85, 12, 45, 95)],
        [(20, 15, 80, 10), (80, 10, 55, 92)],
        [(30, 32, 55, 8), (55, 8, 55, 95)],
        [(15, 12, 85, 12), (85, 12, 45, 95), (35, 52, 80, 48)],
        [(60, 5, 10, 65, 92, 65), (62, 35, 62, 97)],
        [(60, 5, 10, 65, 92, 65), (60, 5, 60, 97)],
    ],
)
@pytest.mark.parametrize("width", [4.0, 8.0, 14.0])
def test_straight_sevens_ones_and_fours_are_left_to_the_network(
    lines: list[tuple[float, ...]], width: float
) -> None:
    assert said(mark(*lines, width=width)) is None


def test_hardly_a_digit_of_the_sample_is_refused_by_its_ink() -> None:
    train = load("mnist-sample", validation=0).train
    refused = [refusal.by_ink(image, image) is not None for image in np.asarray(train.images)[:500]]
    assert np.mean(refused) < 0.01


def test_an_unsure_answer_is_refused_and_a_sure_one_is_named() -> None:
    seven = [(15, 12, 85, 12), (85, 12, 45, 95)]
    ink = mark(*seven)
    drawn = SimpleNamespace(stages=SimpleNamespace(cropped=ink, image=normalize(ink)))
    assert refusal.why(drawn, SURE) is None
    assert refusal.why(drawn, np.zeros(10)) == "unsure"
    assert refusal.why(drawn, SURE, {"energy": 9.5}) == "none"
    assert refusal.why(drawn, SURE, {"energy": 8.5}) is None
    assert refusal.why(drawn, SURE, {"probability": 0.99999}) == "unsure"


def test_ink_goes_before_the_answer() -> None:
    ink = leaning(90)
    drawn = SimpleNamespace(stages=SimpleNamespace(cropped=ink, image=normalize(ink)))
    assert refusal.why(drawn, SURE) == "line"


def test_energy_is_the_logarithm_of_the_sum() -> None:
    z = np.random.default_rng(0).normal(size=(5, 10))
    assert np.allclose(refusal.energy(z), np.log(np.exp(z).sum(axis=1)))
    assert np.isfinite(refusal.energy(1e5 * z)).all()


@pytest.mark.parametrize("degrees", [-60, -20, 0, 30, 80])
def test_a_bar_measures_as_itself(degrees: float) -> None:
    shape = measure(leaning(degrees, length=60, width=10))
    assert shape is not None
    assert abs(shape.lean - degrees) < 1
    assert abs(shape.length - 130) < 4
    assert abs(shape.width - 10) < 1
    assert shape.solid > 0.95
    assert shape.bend < 0.05
    assert measure(np.zeros((9, 9), np.uint8)) is None


def test_two_strokes_find_the_strokes_of_a_cross() -> None:
    cross = pen.draw(
        [[np.array([[0.0, 0.0], [10.0, 10.0]]), np.array([[10.0, 0.0], [0.0, 10.0]])]], np.ones(1)
    )[0]
    found = two_strokes(cross)
    assert found is not None
    one, other, missed = found
    assert {round(one.lean / 45), round(other.lean / 45)} == {-1, 1}
    assert missed < refusal.MISSED
    assert not may_be_digit(one, other)
    assert two_strokes(np.zeros((28, 28), np.uint8)) is None
