"""Predicted against actual values: the right numbers, and bounded whatever they are."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from glassnet import plots
from glassnet.plots.values import _columns, _limits, _values_figure, summary
from plots.drawing import build, drawn, texts


def figure_of(actual, predicted, *names):
    return build(_values_figure, *_columns(actual, predicted), names or ["progression"])


def overlapping(figure):
    """The pairs of the axes' tick labels that touch, and those that the page cuts off."""
    figure.canvas.draw()
    for axes in figure.axes[1:]:
        for axis in (axes.xaxis, axes.yaxis):
            boxes = [label.get_window_extent() for label in axis.get_ticklabels() if label.get_text()]
            low, high = sorted(axis.get_view_interval())
            places = axis.get_ticklocs()
            boxes = [box for box, at in zip(boxes, places) if low <= at <= high]
            assert all(box.x0 > 0 and box.x1 < figure.bbox.x1 for box in boxes)
            assert not any(a.overlaps(b) for a, b in pairwise(boxes))
            name = axis.label.get_window_extent()
            assert name.x0 > 0
            assert not any(name.overlaps(box) for box in boxes)
            yield from (label.get_text() for label in axis.get_ticklabels())


def some(n=50, seed=0):
    random = np.random.default_rng(seed)
    actual = random.gamma(3, 50, n)
    return actual, actual + random.normal(0, 20, n)


def test_each_example_is_a_point_on_equal_axes_with_the_diagonal():
    actual, predicted = some()
    axes = figure_of(actual, predicted).axes[1]
    (points,) = axes.collections
    assert np.allclose(points.get_offsets(), np.c_[actual, predicted])
    assert axes.get_xlim() == axes.get_ylim()
    assert list(axes.get_xticks()) == list(axes.get_yticks())
    box = axes.get_window_extent()
    assert box.width == pytest.approx(box.height)
    (diagonal,) = axes.lines
    assert list(diagonal.get_xdata()) == list(diagonal.get_ydata()) == list(axes.get_xlim())


def test_the_numbers_and_the_names_are_said():
    actual, predicted = some()
    r2 = 1 - ((actual - predicted) ** 2).sum() / ((actual - actual.mean()) ** 2).sum()
    said = texts(figure_of(actual, predicted))
    assert f"R² {r2:.4f}, mean absolute error {np.abs(actual - predicted).mean():.4g}" in said
    assert {"50 examples", "actual progression", "predicted progression"} <= set(said)
    assert "on average +0" in texts(figure_of(actual, actual))
    assert summary(np.array([[1.0], [3.0]]), np.array([[9.0], [3.0]])).startswith("R² −31.0000, ")


@pytest.mark.parametrize("scale", [1e3, 5e3, 1e4])
def test_large_numbers_are_written_for_people(scale):
    """House prices, say: with thousands separated, and without an exponent."""
    actual, predicted = some(200)
    actual, predicted = scale * (actual - 30), scale * (predicted - 33)
    figure = figure_of(actual, predicted)
    assert not [label for label in overlapping(figure) if "e" in label]
    said = texts(figure)
    assert not [text for text in said if "e+" in text or "1e" in text]
    mean = (predicted - actual).mean()
    assert f"on average −{abs(mean):,.0f}" in said
    assert any(
        text.endswith(f"mean absolute error {np.abs(actual - predicted).mean():,.0f}") for text in said
    )
    assert any("," in label.get_text() for label in figure.axes[1].get_xticklabels())


def test_small_numbers_and_years_keep_their_ticks():
    years = np.linspace(1990, 2020, 50)
    assert "2,000" in set(overlapping(figure_of(years, years + 1)))
    narrow = np.linspace(5000, 5000.002, 50)
    labels = [label.get_text() for label in figure_of(narrow, narrow).axes[1].get_xticklabels()]
    assert len(set(labels)) == len(labels) > 3
    vast = np.linspace(0, 3e12, 50)
    assert list(overlapping(figure_of(vast, vast)))


def test_the_part_is_said(tmp_path):
    actual, predicted = some()
    columns = _columns(actual, predicted)
    said = texts(build(_values_figure, *columns, ["progression"], "test"))
    assert "on 50 test examples" in said
    assert "on 1 validation example" in texts(
        build(_values_figure, *_columns([1.0], [2.0]), ["y"], "validation")
    )
    path = plots.predicted_against_actual(tmp_path / "a.png", actual, predicted, "y", part="test")
    other = plots.predicted_against_actual(tmp_path / "b.png", actual, predicted, "y")
    assert (drawn(path) != drawn(other)).any()


def test_the_bars_count_every_error_also_those_far_out():
    actual, predicted = some(500)
    predicted[:3] = 1e9, -1e9, 1e12
    figure = figure_of(actual, predicted)
    bars = figure.axes[2].patches
    assert sum(bar.get_height() for bar in bars) == 500
    assert figure.axes[2].get_xlim()[1] < 200
    assert "outermost: 3 beyond" in texts(figure)
    assert "3 beyond the edge, drawn on it" in texts(figure)
    assert figure.axes[1].get_xlim()[1] < 3 * actual.max()


def test_a_model_that_is_wrong_everywhere_is_shown_so():
    actual, _ = some()
    figure = figure_of(actual, actual + 1e6)
    assert figure.axes[1].get_ylim()[1] > 1e6
    assert not any("beyond" in text for text in texts(figure))


def test_many_points_are_counted_and_the_file_stays_small(tmp_path):
    actual, predicted = some(100_000)
    figure = figure_of(actual, predicted)
    (hexagons,) = figure.axes[1].collections
    assert hexagons.get_array().sum() == 100_000
    assert len(hexagons.get_array()) < 5000
    assert f"{int(hexagons.get_array().max()):,}" in texts(figure)
    path = plots.predicted_against_actual(tmp_path / "predicted.png", actual, predicted, "y")
    assert path.stat().st_size < 250_000
    assert drawn(path).shape[0] < 1200


def test_several_targets_have_a_row_each_up_to_four():
    actual = np.random.default_rng(0).normal(size=(20, 6))
    figure = figure_of(actual[:, :2], actual[:, :2] + 0.1, "height", "a very long name " * 9)
    assert len(figure.axes) == 1 + 2 * 2
    labels = [axes.get_xlabel() for axes in figure.axes[1::2]]
    assert labels[0] == "actual height"
    assert labels[1].endswith("…")
    figure = figure_of(actual, actual, *"abcdef")
    assert len(figure.axes) == 1 + 2 * 4
    assert any("means over 6 targets, the first 4 drawn" in text for text in texts(figure))


def test_one_name_serves_several_targets(tmp_path):
    actual = np.random.default_rng(0).normal(size=(20, 2))
    path = plots.predicted_against_actual(tmp_path / "predicted.png", actual, actual, "y")
    assert drawn(path).size
    with pytest.raises(ValueError, match="expected 2 names of targets, got 3"):
        plots.predicted_against_actual(path, actual, actual, ["a", "b", "c"])


@pytest.mark.parametrize(
    ("actual", "predicted"),
    [
        ([3.0], [4.0]),
        ([1.0] * 5, [1.0] * 5),
        ([0.0, 0.0], [1e-30, 0]),
        ([1e30, -1e30], [0, 0]),
        ([1, 2], [2, 1]),
    ],
    ids=["one", "all exact and equal", "tiny", "huge", "whole numbers"],
)
def test_few_and_odd_values_are_drawn(tmp_path, actual, predicted):
    path = plots.predicted_against_actual(tmp_path / "predicted.png", actual, predicted)
    assert 400 < len(drawn(path)) < 1200


finite = st.floats(-1e12, 1e12, allow_nan=False)


@given(arrays(float, 7, elements=finite), arrays(float, 7, elements=finite))
def test_the_limits_hold_all_actual_values_and_most_predicted_ones(actual, predicted):
    low, high = _limits(actual, predicted)
    assert low < high
    assert low <= actual.min()
    assert high >= actual.max()
    assert ((predicted >= low) & (predicted <= high)).mean() > 0.5


@pytest.mark.parametrize(
    ("actual", "predicted"),
    [
        ([1.0, 2.0], [1.0]),
        ([], []),
        ([1.0, np.nan], [1, 2]),
        ([1, 2], [np.inf, 1]),
        (np.zeros((2, 2, 2)),) * 2,
    ],
)
def test_what_makes_no_picture_is_refused(tmp_path, actual, predicted):
    with pytest.raises(ValueError, match=r"^predicted_against_actual: expected .+$"):
        plots.predicted_against_actual(tmp_path / "predicted.png", actual, predicted)
    assert not list(tmp_path.iterdir())
