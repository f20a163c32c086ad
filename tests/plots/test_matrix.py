"""The weights of a table's features, by name."""

from itertools import pairwise

import numpy as np
import pytest

from glassnet import plots
from glassnet.plots.matrix import matrix_figure
from plots.drawing import build, drawn, texts

IRIS = ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"]


def rows_of(figure):
    return [label.get_text() for label in figure.axes[1].get_yticklabels()]


def test_each_feature_has_a_row_with_its_name_and_each_unit_a_column():
    W = np.random.default_rng(0).normal(size=(4, 16))
    figure = build(matrix_figure, W, IRIS)
    assert rows_of(figure) == IRIS
    assert np.asarray(figure.axes[1].images[0].get_array()).shape == (4, 16, 3)
    shades = np.asarray(figure.axes[1].images[0].get_array()).astype(int)
    orange = shades[..., 0] > shades[..., 2]
    assert (orange == (W > 0))[np.abs(W) > 0.1].all()  # blue below zero
    said = texts(figure)
    assert {"The weights into 16 units", f"{W[0, 0]:z.2f}".replace("-", "−")} <= set(said)
    assert any("one row a feature" in text for text in said)


def test_names_are_whole_or_cut_and_never_leave_the_page():
    names = ["a", "$x$ & y", "town of " + "Llanfair" * 20]
    figure = build(matrix_figure, np.ones((3, 2)), names)
    figure.canvas.draw()
    rows = rows_of(figure)
    assert rows[:2] == names[:2]
    assert rows[2].endswith("…")
    boxes = [label.get_window_extent() for label in figure.axes[1].get_yticklabels()]
    assert min(box.x0 for box in boxes) > 0


def test_of_many_features_the_40_strongest_are_drawn_in_their_order():
    W = np.random.default_rng(0).uniform(0.5, 1, (100, 8))
    W[::2] *= 0.01
    figure = build(matrix_figure, W, [f"f{k}" for k in range(100)])
    rows = [int(name[1:]) for name in rows_of(figure)]
    assert len(rows) == 40
    assert rows == sorted(rows)
    assert all(row % 2 for row in rows)
    assert "The weights into 8 units, from the 40 strongest of 100 features" in texts(figure)
    figure.canvas.draw()
    boxes = [label.get_window_extent() for label in figure.axes[1].get_yticklabels()]
    assert all(lower.y1 <= upper.y0 + 1 for upper, lower in pairwise(boxes))


@pytest.mark.parametrize("shape", [(1, 1), (3, 1), (1, 300), (40, 40), (41, 500)])
def test_many_shapes_are_drawn(tmp_path, shape):
    W = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    pixels = drawn(
        plots.weights_table(tmp_path / "weights.png", W, [f"feature {k}" for k in range(shape[0])])
    )
    assert max(pixels.shape) < 2300


def test_what_makes_no_picture_is_refused(tmp_path):
    for weights, names, message in (
        (np.ones((3, 2)), ["a"], "expected 3 names of features, got 1"),
        (np.full((1, 2), np.nan), ["a"], "expected finite numbers, got 2 of 2"),
        (np.ones(3), list("abc"), "expected real numbers"),
    ):
        with pytest.raises(ValueError, match=f"^weights_table: {message}"):
            plots.weights_table(tmp_path / "weights.png", weights, names)
    assert not list(tmp_path.iterdir())
