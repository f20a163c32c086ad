"""The picture of a plane cut up by a network, and of the curve that it fits."""

from dataclasses import replace

import numpy as np
import pytest

from glassnet import Dense, Network, plots
from glassnet.data import Dataset
from glassnet.data.encoding import Encoding, Feature
from glassnet.plots import style
from glassnet.plots.boundary import _boundary_figure, _fit_figure
from plots.drawing import build, close, drawn, texts


def halves(n=60, test=0, classes=("left", "right")):
    """Points of the square from −1 to 1, of the class of their half."""
    points = np.random.default_rng(0).uniform(-1, 1, (n + test, 2)).astype(np.float32)
    labels = (points[:, 0] > 0).astype(int)
    held = (points[n:], labels[n:]) if test else None
    return Dataset.from_arrays(points[:n], labels[:n], held, classes=classes)


def splitter(classes=("left", "right"), sharpness=50.0):
    """A network that says `right` where the first input is above zero."""
    network = Network([Dense(2)], 2, loss="cross_entropy", classes=classes)
    network.parameters["1.W"][...] = [[-sharpness / 2, sharpness / 2], [0, 0]]
    network.parameters["1.b"][...] = 0
    return network


def points_of(figure):
    """The colours and the edges of the points of each part."""
    return {
        group.get_gid(): (len(group.get_offsets()), group.get_edgecolors()[0])
        for group in figure.axes[1].collections
        if group.get_gid() is not None
    }


def test_each_region_has_the_colour_of_its_class_and_both_parts_are_over_it():
    figure = build(_boundary_figure, splitter(), halves(60, 20))
    axes = figure.axes[1]
    shades = np.asarray(axes.images[0].get_array())
    left, right = shades[100, 20], shades[100, -20]
    assert left[2] > left[0] + 0.2  # blue
    assert right[0] > right[2] + 0.2  # orange
    parts = points_of(figure)
    assert {name: count for name, (count, _) in parts.items()} == {"training": 60, "test": 20}
    assert parts["training"][1] == pytest.approx([1, 1, 1, 1])
    assert parts["test"][1][:3].max() < 0.2  # the ring
    network = splitter()
    network.parameters["1.W"][...] = network.parameters["1.W"][::-1]  # up and down instead
    axes = build(_boundary_figure, network, halves(60, 20)).axes[1]
    (image,) = axes.images
    below = np.asarray(image.get_array())[0 if image.origin == "lower" else -1]
    assert (below[:, 2] > below[:, 0]).all()  # blue, of the first class
    said = texts(figure)
    assert {"left", "right", "training, 60", "test, 20", "100.00 % of the test examples right"} <= set(said)


def test_the_border_runs_where_the_network_is_undecided_and_the_shade_grows_with_its_certainty():
    figure = build(_boundary_figure, splitter(sharpness=2.0), halves())
    axes = figure.axes[1]
    border = next(group for group in axes.collections if group.get_gid() is None)
    (path,) = border.get_paths()
    assert np.abs(path.vertices[:, 0]).max() < 0.02
    row = np.asarray(axes.images[0].get_array())[10]
    depth = 1 - row.min(axis=1)
    middle = len(row) // 2
    assert (np.diff(depth[middle + 2 :]) >= 0).all()
    assert depth[-1] > depth[middle + 2] + 0.2


def test_points_have_the_colour_of_what_they_are_not_of_what_is_predicted():
    data = halves()
    wrong = replace(data, train=replace(data.train, targets=1 - data.train.targets))
    figure = build(_boundary_figure, splitter(), wrong)
    assert "0.00 % of the training examples right" in texts(figure)
    group = next(group for group in figure.axes[1].collections if group.get_gid() == "training")
    colours = style.kinds(2)
    for (x, _), face in zip(group.get_offsets(), group.get_facecolors()):
        expected = colours[0] if x > 0 else colours[1]
        assert tuple(np.rint(face[:3] * 255).astype(int)) == tuple(bytes.fromhex(expected[1:]))


def test_of_many_points_1500_are_drawn_and_the_legend_says_so():
    figure = build(_boundary_figure, splitter(), halves(8000, 2000))
    assert {name: count for name, (count, _) in points_of(figure).items()} == {"training": 1200, "test": 300}
    assert {"training, 1,200 of 8,000", "test, 300 of 2,000"} <= set(texts(figure))


def test_validation_stands_in_for_a_test_part_and_training_for_both():
    said = texts(build(_boundary_figure, splitter(), halves().split(0.2)))
    assert {"training, 48", "validation, 12"} <= set(said)
    said = texts(build(_boundary_figure, splitter(), halves()))
    assert "training, 60" in said
    assert not any(text.startswith(("test", "validation")) for text in said)


def test_it_is_true_to_scale_unless_one_direction_is_far_longer():
    data = halves()
    for stretch, expected in (2.0, 2.0), (1000.0, 1.0):
        inputs = data.train.inputs * np.array([stretch, 1], np.float32)
        figure = build(_boundary_figure, splitter(), replace(data, train=replace(data.train, inputs=inputs)))
        box = figure.axes[1].get_window_extent()
        assert box.width / box.height == pytest.approx(expected, rel=0.05)


def test_axes_have_the_names_of_the_table_s_columns():
    data = replace(halves(), encoding=Encoding((Feature("petal length (cm)"), Feature("$w$")), "kind"))
    axes = build(_boundary_figure, splitter(), data).axes[1]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("petal length (cm)", "$w$")


@pytest.mark.parametrize(
    ("points", "classes"),
    [
        ([[0, 0], [0, 1], [1, 0], [1, 1]], 2),
        ([[5, 5]], 2),
        ([[3, 1], [3, 2]], 3),
        ([[1e6, 1e-6], [-1e6, 0]], 20),
    ],
    ids=["xor", "one point", "a line", "uneven, many classes"],
)
def test_few_and_odd_points_are_drawn(tmp_path, points, classes):
    names = [f"a class with a long name {k}" for k in range(classes)]
    labels = np.arange(len(points)) % classes
    data = Dataset.from_arrays(np.array(points, np.float32), labels, classes=names)
    network = Network([Dense(classes)], 2, loss="cross_entropy", classes=names)
    pixels = drawn(plots.boundary(tmp_path / "boundary.png", network, data))
    assert 400 < len(pixels) < 2000
    assert (tmp_path / "boundary.png").stat().st_size < 1_000_000


def test_what_is_no_plane_of_classes_is_refused(tmp_path):
    data = halves()
    for wrong, message in (
        (Dataset.from_arrays(np.zeros((4, 3)), [0, 1, 0, 1]), r"got inputs \(3,\) and 2 classes"),
        (Dataset.from_arrays(np.zeros((4, 2)), [0.5, 1, 0, 1]), r"got inputs \(2,\) and values"),
    ):
        with pytest.raises(ValueError, match=rf"^boundary: expected two inputs and classes, {message}$"):
            plots.boundary(tmp_path / "boundary.png", splitter(), wrong)
    network = splitter()
    network.parameters["1.W"][...] = np.nan
    with pytest.raises(ValueError, match=r"^boundary: expected a network whose answers are finite"):
        plots.boundary(tmp_path / "boundary.png", network, data)
    assert not list(tmp_path.iterdir())


# The fit


def line(slope=2.0, outputs=1):
    network = Network([Dense(outputs)], 1, loss="mse")
    network.parameters["1.W"][...] = slope
    network.parameters["1.b"][...] = 0
    return network


def values(outputs=1, n=100):
    x = np.linspace(-3, 3, n, dtype=np.float32)[:, None]
    return Dataset.from_arrays(
        x, np.repeat(2 * x, outputs, axis=1), (x[::4], np.repeat(2 * x[::4], outputs, 1))
    )


def test_the_fit_is_the_networks_curve_over_the_points():
    figure = build(_fit_figure, line(), values())
    axes = figure.axes[1]
    (curve,) = axes.lines
    x, y = curve.get_data()
    assert np.allclose(y, 2 * x, atol=1e-4)
    assert x[0] < -3
    assert x[-1] > 3
    assert len(x) >= 500
    assert {name: count for name, (count, _) in points_of(figure).items()} == {"training": 100, "test": 25}
    said = texts(figure)
    assert any(text.startswith("R² 1.0000, mean absolute error") for text in said)
    assert {"training, 100", "test, 25", "x", "target"} <= set(said)


def test_the_fit_of_a_table_has_its_columns_names():
    data = replace(values(), encoding=Encoding((Feature("years"),), "wage ($)"))
    axes = build(_fit_figure, line(), data).axes[1]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("years", "wage ($)")


def test_a_wild_curve_does_not_flatten_the_points_and_several_values_have_a_colour_each():
    low, high = build(_fit_figure, line(1e9), values()).axes[1].get_ylim()
    assert -40 < low < high < 40
    figure = build(_fit_figure, line(outputs=3), values(3))
    assert len({curve.get_color() for curve in figure.axes[1].lines}) == 3


def test_what_is_no_line_of_values_is_refused(tmp_path):
    for wrong in halves(), Dataset.from_arrays(np.zeros((4, 1)), [0, 1, 0, 1]):
        with pytest.raises(ValueError, match=r"^fit: expected one input and values, got inputs"):
            plots.fit(tmp_path / "fit.png", line(), wrong)
    with pytest.raises(ValueError, match=r"^fit: expected a network whose answers are finite"):
        plots.fit(tmp_path / "fit.png", line(np.inf), values())
    assert not list(tmp_path.iterdir())


def test_the_eight_colours_differ_for_the_colour_blind_too():
    """By Machado et al. 2009 (doi:10.1109/TVCG.2009.113), full deuteranopia and protanopia."""
    colours = style.kinds(8)
    rgb = np.array([tuple(bytes.fromhex(colour[1:])) for colour in colours]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = {
        "all": np.eye(3),
        "protanopia": [
            [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]
        ],
        "deuteranopia": [
            [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]
        ],
    }  # fmt: skip
    for name, matrix in seen.items():
        lab = _lab((linear @ np.array(matrix).T).clip(0, 1))
        apart = np.linalg.norm(lab[:, None] - lab[None], axis=2)[np.triu_indices(8, 1)]
        assert apart.min() > 10, (name, apart.min())
    assert len(set(style.kinds(24))) == 24


def _lab(linear):
    """CIELAB of linear sRGB, white D65."""
    xyz = linear @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
    f = np.cbrt(xyz / [0.9505, 1.0, 1.089])
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def test_the_class_s_colour_is_really_on_the_page():
    figure = build(_boundary_figure, splitter(), halves())
    for colour in style.kinds(2):
        assert close(figure, colour) > 1e-4
