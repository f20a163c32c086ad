"""The pictures: that they come out whole, say the right numbers, and stand whatever a run produces."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import matplotlib
import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from glassnet import plots
from glassnet.plots import style
from glassnet.plots.examples import _examples, _mistakes_figure, _predictions_figure
from glassnet.plots.progress import _curves_figure
from glassnet.plots.table import _confusion_figure
from glassnet.plots.tiles import _weights_figure
from glassnet.training.events import End, Epoch, Step
from plots.drawing import build, drawn, texts

DIGITS = list("0123456789")
INF, NAN = float("inf"), float("nan")


def steps(losses, accuracies=None, per_epoch=100):
    accuracies = [None] * len(losses) if accuracies is None else accuracies
    return [Step(i // per_epoch + 1, i + 1, *pair, 0.1) for i, pair in enumerate(zip(losses, accuracies))]


def epoch(
    number, loss, accuracy=None, validation_loss=None, validation_accuracy=None, measured="running", **more
):
    return Epoch(
        number, 100 * number, 1.0, loss, accuracy, validation_loss, validation_accuracy, measured, 0.1, **more
    )


def run(epochs=3):
    """A run that goes well: loss from 2.3 to about 0.1, accuracy up to 98 %."""
    i = np.arange(100 * epochs)
    progress = 1 - np.exp(-i / 60)
    records = [
        epoch(k, 0.9**k / 3, 0.9 + 0.02 * k, 0.8**k / 2, 0.89 + 0.02 * k) for k in range(1, epochs + 1)
    ]
    return steps(2.3 - 2.2 * progress, 0.1 + 0.88 * progress), records


def examples(n=200, classes=10, right=0.8, seed=0):
    """Images, probabilities and actual classes, of which about the share `right` is predicted."""
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (n, 8, 8), dtype=np.uint8)
    probabilities = random.dirichlet(np.full(classes, 0.3), n)
    best = probabilities.argmax(axis=1)
    actual = np.where(random.random(n) < right, best, (best + 1) % classes)
    return images, probabilities, actual, [f"{k}" for k in range(classes)]


DRAWINGS = {
    "curves": lambda path: plots.curves(path, *run()),
    "confusion": lambda path: plots.confusion(path, np.eye(10, dtype=int) + 1, DIGITS, title="test"),
    "predictions": lambda path: plots.predictions(path, *examples(), title="test"),
    "mistakes": lambda path: plots.mistakes(path, *examples(), title="test"),
    "weights": lambda path: plots.weights(path, np.random.default_rng(0).normal(size=(64, 20)), (8, 8)),
}


# Every picture


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_picture_comes_out_whole_on_white_and_alone(tmp_path, name):
    path = DRAWINGS[name](str(tmp_path / "picture.png"))
    assert path == tmp_path / "picture.png"
    assert [file.name for file in tmp_path.iterdir()] == ["picture.png"]
    pixels = drawn(path)
    height, width, _ = pixels.shape
    assert 400 < height < 2000
    assert 600 < width < 2000
    assert (pixels[[0, 0, -1, -1], [0, -1, 0, -1]] == 255).all()
    assert 0.005 < (pixels < 250).any(axis=2).mean() < 0.7  # neither empty nor full


def test_a_drawing_that_fails_leaves_the_picture_that_was_there(tmp_path):
    class Broken(Artist):
        def draw(self, renderer):
            raise RuntimeError("cannot draw this")

    path = plots.confusion(tmp_path / "picture.png", [[1]], ["a"])
    before = path.read_bytes()
    with style.drawing():
        figure, _ = style.page(2, 1)
        figure.add_artist(Broken(), clip=False)
        with pytest.raises(RuntimeError):
            style.save(figure, path)
    with pytest.raises(ValueError, match="zeros"):
        plots.confusion(path, [[0]], ["a"])
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_picture_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(OSError):  # noqa: PT011  which one differs from system to system
        plots.confusion(tmp_path / "folder.png", [[1]], ["a"])
    assert [file.name for file in tmp_path.iterdir()] == ["folder.png"]


def test_the_users_settings_change_no_pixel_and_stay_as_they_were(tmp_path):
    here = plots.confusion(tmp_path / "here.png", [[5, 1], [2, 9]], ["$a$", "b"])
    theirs = {"axes.facecolor": "black", "text.usetex": True, "font.size": 30, "savefig.bbox": "tight"}
    with (
        matplotlib.rc_context(theirs),
        matplotlib.rc_context({"savefig.transparent": True, "path.sketch": (1, 9, 2)}),
    ):
        there = plots.confusion(tmp_path / "there.png", [[5, 1], [2, 9]], ["$a$", "b"])
        assert matplotlib.rcParams["axes.facecolor"] == "black"
    assert (drawn(here) == drawn(there)).all()


@pytest.mark.slow
def test_threads_draw_at_the_same_time_without_disturbing_each_other(tmp_path):
    quick = {name: DRAWINGS[name] for name in ("mistakes", "predictions", "weights")}
    alone = {name: drawn(draw(tmp_path / f"{name}.png")) for name, draw in quick.items()}
    settings = dict(matplotlib.rcParams)
    with ThreadPoolExecutor(4) as pool:
        paths = {name: pool.submit(draw, tmp_path / f"{name} 2.png") for name, draw in quick.items()}
    for name, path in paths.items():
        assert (drawn(path.result()) == alone[name]).all(), name
    assert dict(matplotlib.rcParams) == settings


def test_the_import_is_light_and_no_display_is_needed(tmp_path):
    program = """
import sys
import glassnet.plots
assert "matplotlib" not in sys.modules
glassnet.plots.confusion("picture.png", [[1]], ["a"])
assert "matplotlib.pyplot" not in sys.modules
"""
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")
    }
    environment["MPLBACKEND"] = "tkagg"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path, env=environment)
    assert drawn(tmp_path / "picture.png").size


# Curves


def test_curves_names_the_final_values_beside_the_lines():
    said = texts(build(_curves_figure, *run()))
    assert "0.243\ntraining mean" in said
    assert "96.00 %\ntraining mean" in said
    assert "0.256\nvalidation" in said
    assert "95.00 %\nvalidation" in said


def test_curves_counts_in_epochs_and_shows_the_steps_after_the_last_whole_one():
    losses = np.linspace(2, 1, 250)
    loss, rate = build(_curves_figure, steps(losses), [epoch(1, 1.8), epoch(2, 1.4)]).axes[1:]
    assert loss.get_xlim() == rate.get_xlim() == (0, 2.5)
    assert rate.get_xlabel() == "epoch"


def test_curves_draws_a_running_mean_across_its_epoch_and_a_full_pass_at_its_end():
    for measured, places in ("running", [0.5, 1.5]), ("full", [1.0, 2.0]):
        records = [epoch(k, 1 / k, None, 1.1 / k, measured=measured) for k in (1, 2)]
        axes = build(_curves_figure, steps(np.ones(200)), records).axes[1]
        training, validation = (line for line in axes.lines if line.get_marker() in ("o", "D"))
        assert list(training.get_xdata()) == places
        assert list(training.get_ydata()) == [1, 0.5]
        assert list(validation.get_xdata()) == [1, 2]


def test_curves_without_validation_or_accuracy():
    figure = build(_curves_figure, steps(np.linspace(2, 1, 100)), [epoch(1, 1.5)])
    said = texts(figure)
    assert "1.50\ntraining mean" in said
    assert not any("validation" in text or "ccuracy" in text for text in said)


def test_curves_of_a_run_interrupted_in_its_first_epoch_counts_steps():
    figure = build(_curves_figure, steps(np.full(30, 2.0), np.full(30, 0.25)), [])
    assert {"step", "2.00\nsmoothed", "25.00 %\nsmoothed"} <= set(texts(figure))


def test_curves_sets_95_and_98_percent_well_apart():
    records = [epoch(k, 1.0, a - 0.01, 1.0, a) for k, a in enumerate([0.92, 0.95, 0.97, 0.98], start=1)]
    records[0].accuracy = 0.2  # one bad first epoch must not flatten the rest
    for kept in records, records[1:]:
        low, high = build(_curves_figure, *(run(4)[0], kept)).axes[3].get_ylim()
        assert low < 94  # the second epoch's training accuracy
        assert 98 < high <= 100
        assert 3 / (high - low) > 0.15


@pytest.mark.parametrize(
    ("losses", "records", "place"),
    [
        ([2 - i / 100 for i in range(40)], [], 40),
        ([2.3 * np.exp(i / 3) for i in range(80)], [], 80),
        ([2.0] * 50 + [1e30] * 3, [], 53),
        ([1.0] * 2000 + [1.7e308] * 1000, [], 3000),
        ([2.0] * 150, [epoch(1, 2.0)], 1.5),
        ([], [epoch(1, 2.0), epoch(2, 1.9)], 2.5),
    ],
)
def test_curves_shows_where_a_run_diverged_and_keeps_its_axis(tmp_path, losses, records, place):
    step = len(losses) or 250
    with style.drawing():
        figure = _curves_figure(
            steps(losses), records, End(1, step, "diverged", 1.0, "the loss is not finite")
        )
        style.save(figure, tmp_path / "curves.png")
    loss = figure.axes[1]
    assert f"diverged after step {step:,}" in texts(figure)
    mark = next(line for line in loss.lines if line.get_linestyle() == "--")
    assert mark.get_xdata()[0] == loss.get_xlim()[1] == place
    low, high = loss.get_ylim()
    assert np.isfinite([low, high]).all()
    assert high < 1e12


def test_curves_of_a_run_that_ended_well_has_no_such_mark():
    figure = build(_curves_figure, *run(), End(3, 300, "finished", 1.0))
    assert not any("diverged" in text for text in texts(figure))


def test_curves_of_values_shows_r2_in_place_of_accuracy(tmp_path):
    records = [epoch(k, 1 / k, None, 1.2 / k, r2=1 - 1 / k, validation_r2=0.8 - 2 / k) for k in range(1, 11)]
    figure = build(_curves_figure, steps(np.linspace(1, 0.1, 1000)), records)
    said = texts(figure)
    assert {"R²", "0.900\ntraining mean", "0.600\nvalidation"} <= set(said)
    assert not any("ccuracy" in text for text in said)
    axes = figure.axes[3]
    training, validation = (line for line in axes.lines if line.get_marker() in ("o", "D"))
    assert list(validation.get_ydata()) == [record.validation_r2 for record in records]
    assert list(training.get_xdata()) == [k - 0.5 for k in range(1, 11)]
    assert axes.get_ylim()[1] <= 1
    records[-1].validation_r2 = -0.25
    assert "−0.250\nvalidation" in texts(build(_curves_figure, [], records))


@pytest.mark.parametrize(
    ("measure", "best"),
    [
        ([(0.5, 0.8), (0.4, 0.9), (0.3, 0.9), (0.2, 0.7)], 3),  # the lower loss decides between equals
        ([(0.5, None), (0.3, None), (0.4, None), (0.6, None)], 2),
        ([(0.5, None), (0.3, None), (0.3, None), (0.6, None)], 2),  # the first of equals, as a run keeps it
        ([(0.5, 0.8), (0.3, 0.9), (0.3, 0.9), (0.2, 0.7)], 2),
        ([(0.5, 0.8), (NAN, 0.9), (0.3, 0.6), (0.2, 0.7)], 1),
    ],
)
def test_curves_marks_the_best_epoch_and_that_the_run_stopped_early(measure, best):
    records = [epoch(k, 1 / k, None, *pair) for k, pair in enumerate(measure, start=1)]
    for reason, words in ("early", ", stopped early after 4"), ("finished", ""):
        figure = build(_curves_figure, [], records, End(4, 400, reason, 1.0))
        assert f"best epoch: {best}{words}" in texts(figure)
        marks = [line for line in figure.axes[1].lines if line.get_linestyle() == "--"]
        assert [mark.get_xdata()[0] for mark in marks] == [best]
    figure = build(_curves_figure, [], records[:best], End(best, 400, "finished", 1.0))
    assert not any("best" in text for text in texts(figure))  # it is the last one


def test_curves_of_thousands_of_epochs_are_thinned(tmp_path):
    records = [epoch(k, 1 / k, 0.9, 2 / k, 0.8) for k in range(1, 10_001)]
    figure = build(_curves_figure, [], records)
    training, validation = (line for line in figure.axes[1].lines if line.get_marker() in ("o", "D"))
    for line in training, validation:
        assert len(line.get_xdata()) == 1500
        assert len(line.get_markevery()) == 40
        assert line.get_markevery()[-1] == 1499
    assert validation.get_xdata()[-1] == 10_000
    assert not figure.axes[1].collections  # no line across each epoch
    with style.drawing():
        assert style.save(figure, tmp_path / "curves.png").stat().st_size < 300_000


@pytest.mark.parametrize(
    ("losses", "accuracies", "records"),
    [
        ([2.3], [0.1], []),
        ([], [], [epoch(1, 0.5, 0.9)]),
        ([], [], [epoch(k, 1 / k, 1 - 0.5 / k, 2 / k, 0.9, "full") for k in (1, 2, 3)]),
        ([0.0] * 100, [1.0] * 100, [epoch(1, 0.0, 1.0, 0.0, 1.0)]),
        ([5 - i / 10 for i in range(100)], None, []),
        ([NAN] * 100, [0.1] * 100, [epoch(1, NAN, 0.1, INF, NAN)]),
        (np.random.default_rng(0).random(20_000), None, [epoch(k, 1 / k) for k in range(1, 201)]),
    ],
    ids=["one step", "one epoch", "no steps", "perfect", "negative", "nothing finite", "long"],
)
def test_curves_draws_unusual_runs_without_a_warning(tmp_path, losses, accuracies, records):
    assert drawn(plots.curves(tmp_path / "curves.png", steps(losses, accuracies), records)).size


def test_weights_as_large_as_float32_holds(tmp_path):
    W = np.array([[3e38, -3e38], [1.0, 0.0]], np.float32)
    assert drawn(plots.weights(tmp_path / "weights.png", W, None)).size


def test_curves_of_nothing_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="no"):
        plots.curves(tmp_path / "curves.png", [], [])


# Confusion


def confusion_axes(table, classes=None, title=None):
    table = np.array(table)
    classes = DIGITS[: len(table)] if classes is None else classes
    return build(_confusion_figure, table, classes, title).axes[1]


def test_confusion_writes_every_count_in_its_cell_and_the_margins_beside():
    table = np.random.default_rng(0).integers(0, 50, (10, 10)) * (1 + 9 * np.eye(10, dtype=int))
    axes = confusion_axes(table)
    cells, recall, precision = np.full((10, 10), -1), {}, {}
    for text in axes.texts:
        x, y = text.get_position()
        if 0 <= x <= 9 and 0 <= y <= 9:
            cells[int(y), int(x)] = int(text.get_text())
        elif x > 9 and y >= 0:
            recall[y] = float(text.get_text())
        elif y > 9 and x >= 0:
            precision[x] = float(text.get_text())
    assert (cells == table).all()
    for k in range(10):
        assert recall[k] == pytest.approx(100 * table[k, k] / table[k].sum(), abs=0.051)
        assert precision[k] == pytest.approx(100 * table[k, k] / table[:, k].sum(), abs=0.051)


def test_confusion_says_accuracy_and_the_most_frequent_mistake():
    said = texts(build(_confusion_figure, np.array([[980, 20], [5, 995]]), ["cat", "dog"], "Pets"))
    assert "Pets: accuracy 98.75 %" in said
    assert "1,975 of 2,000 right; most frequent mistake: cat taken for dog (20 ×)" in said
    assert "Accuracy 100.00 %" in texts(build(_confusion_figure, np.eye(2, dtype=int), ["a", "b"], None))


def test_confusion_shades_mistakes_by_their_own_scale():
    table = np.array([[90_000, 1, 0], [4, 10, 2], [0, 0, 5]])
    shades = np.asarray(confusion_axes(table).images[0].get_array())
    assert (shades[[0, 1, 2], [0, 1, 2]] == shades[0, 0]).all()  # the diagonal's size does not shout
    brightness = shades.sum(axis=2, dtype=int)
    assert brightness[1, 0] < brightness[1, 2] < brightness[0, 1] < brightness[0, 2] == 3 * 255


def test_confusion_has_a_dash_where_a_class_never_occurs():
    assert [text.get_text() for text in confusion_axes([[3, 0], [0, 0]]).texts].count("–") == 2


def test_confusion_takes_names_as_they_are_and_cuts_long_ones():
    names = ["$x$", "_{}^\\", "a very long name of a class that would take the whole width of the picture"]
    axes = confusion_axes(np.eye(3, dtype=int), names)
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels[:2] == names[:2]
    assert labels[2].endswith("…")
    assert names[2].startswith(labels[2][:-1])


@pytest.mark.parametrize(
    "classes", [1, 2, pytest.param(30, marks=pytest.mark.slow), pytest.param(31, marks=pytest.mark.slow)]
)
def test_confusion_is_drawn_for_few_and_many_classes(tmp_path, classes):
    table = np.random.default_rng(0).poisson(2, (classes, classes)) + 10 * np.eye(classes, dtype=int)
    names = [f"class {k}" for k in range(classes)]
    with style.drawing():
        figure = _confusion_figure(table, names, None)
        path = style.save(figure, tmp_path / "confusion.png")
    numbers = [text for text in figure.axes[1].texts if text.get_text().isdigit()]
    assert len(numbers) == (classes**2 if classes <= 30 else 0)
    assert max(drawn(path).shape) < 2000


def test_confusion_of_47_classes_names_each_and_keeps_them_apart():
    names = [f"letter {k}" for k in range(47)]
    figure = build(_confusion_figure, np.eye(47, dtype=int), names, None)
    axes = figure.axes[1]
    figure.canvas.draw()
    for labels, side in (axes.get_xticklabels(), "x"), (axes.get_yticklabels(), "y"):
        assert [label.get_text() for label in labels] == names
        boxes = [label.get_window_extent() for label in labels]
        edges = [(b.x0, b.x1) if side == "x" else (-b.y1, -b.y0) for b in boxes]
        assert all(end <= start + 1 for (_, end), (start, _) in pairwise(edges))


@pytest.mark.parametrize(
    ("table", "classes"),
    [
        ([[1, 2]], ["a"]),
        ([[1]], ["a", "b"]),
        ([[1.5]], ["a"]),
        ([[-1]], ["a"]),
        ([[0]], ["a"]),
        (5, ["a"]),
        ([], []),
    ],
)
def test_confusion_refuses_what_is_no_table_of_counts(tmp_path, table, classes):
    with pytest.raises(ValueError, match=r"^confusion: expected .+$"):
        plots.confusion(tmp_path / "confusion.png", table, classes)
    assert not list(tmp_path.iterdir())


# Examples


def captions(figure: Figure) -> list[str]:
    return [text for text in texts(figure) if "%" in text]


def test_predictions_shows_one_right_example_of_each_class_and_the_surest_mistakes():
    images, probabilities, actual, classes = examples(500)
    data = _examples("", images, probabilities, actual, classes)
    assert list(data.actual[data.right(10)]) == list(range(10))
    assert (data.predicted[data.right(10)] == data.actual[data.right(10)]).all()
    wrong = data.wrong()
    assert len(wrong) == (probabilities.argmax(1) != actual).sum()
    assert (np.diff(data.sure[wrong]) <= 0).all()

    figure = build(_predictions_figure, data, "Noise")
    said = texts(figure)
    assert f"Noise: {500 - len(wrong)} of 500 right" in said
    first = wrong[0]
    surest = (
        f"{100 * probabilities[first].max():.1f} %" if probabilities[first].max() < 0.9995 else "> 99.9 %"
    )
    assert f"{data.predicted[first]}  {surest}" in said
    assert f"actually  {actual[first]}" in said
    shown = figure.axes[0].images
    assert len(shown) == 20
    assert (np.asarray(shown[10].get_array()) == images[first] / 255).all()


@pytest.mark.parametrize(("classes", "expected"), [(2, [0] * 5 + [1] * 5), (30, range(30))])
def test_predictions_spreads_the_right_ones_over_the_classes(classes, expected):
    data = _examples("", *examples(2000, classes))
    shown = data.actual[data.right(10)]
    if classes <= 10:
        assert list(shown) == list(expected)
    else:
        assert len(set(shown)) == 10
        assert shown[0] == 0
        assert shown[-1] == 29


def test_predictions_and_mistakes_say_so_when_nothing_is_wrong_or_right():
    data = _examples("", *examples(right=1.0))
    assert "Wrong: none, all are right" in texts(build(_predictions_figure, data, None))
    assert "0 of 200 wrong" in texts(build(_mistakes_figure, data, None))
    assert "None, all are right" in texts(build(_mistakes_figure, data, None))
    data = _examples("", *examples(right=0.0))
    assert "Right: none" in texts(build(_predictions_figure, data, None))


def test_colour_images_with_their_channels_first_or_last_are_shown_the_same():
    _, probabilities, actual, classes = examples(40)
    first = np.random.default_rng(0).integers(0, 256, (40, 3, 8, 6), dtype=np.uint8)
    for images in first, np.moveaxis(first, 1, -1):
        data = _examples("", images, probabilities, actual, classes)
        shown = build(_mistakes_figure, data, None).axes[0].images
        picture = np.asarray(shown[0].get_array())
        assert picture.shape == (8, 6, 3)
        assert (picture == np.moveaxis(first[data.wrong()[0]], 0, -1) / 255).all()


LINES = "several\nlines\tand " * 6


@pytest.mark.parametrize("names", [["automobile", "airplane", "frog"], ["猫" * 20, "$x_1$", LINES]])
def test_captions_stay_under_their_own_image(names):
    """Letters for which there is no font are no reason to warn."""
    images, probabilities, actual, _ = examples(100, 3)
    with style.drawing():
        figure = _mistakes_figure(_examples("", images, probabilities, actual, names), None)
        figure.canvas.draw()
    captions = [text for text in figure.axes[0].texts if text.get_color() == style.ORANGE]
    widest = max(text.get_window_extent().width for text in captions)
    assert widest / style.DPI < 1.14
    assert not any("\n" in text.get_text() for text in captions)


def test_mistakes_shows_24_at_most():
    few, many = _examples("", *examples(20, seed=1)), _examples("", *examples(400))
    count = len(few.wrong())
    figure = build(_mistakes_figure, few, None)
    assert len(figure.axes[0].images) == count
    assert any(text.startswith(f"All {count}, surest first") for text in texts(figure))
    figure = build(_mistakes_figure, many, None)
    assert len(figure.axes[0].images) == 24
    assert any(text.startswith(f"The 24 surest of {len(many.wrong())}") for text in texts(figure))


def test_a_probability_just_below_one_is_not_called_certain():
    images, actual = np.zeros((1, 2, 2), np.uint8), [0]
    said = texts(
        build(_predictions_figure, _examples("", images, [[0.99999, 0.00001]], actual, ["a", "b"]), None)
    )
    assert "a  > 99.9 %" in said


@pytest.mark.parametrize(
    "images",
    [
        np.random.default_rng(0).normal(size=(40, 12, 7)),
        np.random.default_rng(0).random((40, 32, 32, 3), dtype=np.float32),
        np.random.default_rng(0).integers(0, 256, (40, 200, 300, 3), dtype=np.uint8),
        np.zeros((40, 1, 1)),
        np.zeros((40, 5, 5, 1), dtype=bool),
    ],
    ids=["standardised", "colour", "large", "one pixel", "one channel"],
)
@pytest.mark.slow
def test_images_of_many_kinds_are_drawn(tmp_path, images):
    _, probabilities, actual, _ = examples(40, 3)
    names = ["$", "a name that is far too long to stand under its image", "c"]
    plots.predictions(tmp_path / "predictions.png", images, probabilities, actual, names)
    plots.mistakes(tmp_path / "mistakes.png", images, probabilities, actual, names)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("draw", [plots.predictions, plots.mistakes])
@pytest.mark.parametrize(
    ("which", "value"),
    [
        (0, np.zeros((200, 64))),
        (0, np.zeros((200, 2, 8, 8))),
        (0, np.zeros((0, 8, 8))),
        (1, np.zeros((199, 10))),
        (1, np.full((200, 10), NAN)),
        (2, np.full(200, 10)),
        (2, np.full(200, -1)),
        (2, np.zeros(200)),
        (3, DIGITS[:9]),
    ],
)
def test_examples_that_do_not_fit_together_are_refused(tmp_path, draw, which, value):
    arguments = list(examples())
    arguments[which] = value
    with pytest.raises(ValueError, match=rf"^{draw.__name__}: expected .+$"):
        draw(tmp_path / "picture.png", *arguments)
    assert not list(tmp_path.iterdir())


# Weights


def mosaic(weights, shape) -> np.ndarray:
    return np.asarray(build(_weights_figure, np.array(weights), shape).images[0].get_array()).astype(int)


def test_weights_are_blue_below_zero_white_at_zero_and_orange_above():
    red, _, blue = np.moveaxis(mosaic([[-1.0], [0.0], [0.5], [1.0]], (2, 2)), 2, 0)
    scale = 12  # pixels a weight
    at = [
        (1 + scale // 2 + row * scale, 1 + scale // 2 + column * scale) for row in (0, 1) for column in (0, 1)
    ]
    below, zero, half, above = ((red[place], blue[place]) for place in at)
    assert below[1] > below[0] + 50
    assert zero == (255, 255)
    assert above[0] > above[1] + 50
    assert half[1] > above[1]


@pytest.mark.parametrize("first", [True, False], ids=["channels first", "channels last"])
def test_weights_of_colour_images_are_in_colour_and_lie_as_the_pixels_do(first):
    weights = np.zeros((4, 5, 3, 2))  # (H, W, C, units)
    weights[2, 3, 0, 0], weights[1, 0, 2, 1] = 1.0, -1.0
    shape = (3, 4, 5) if first else (4, 5, 3)
    laid = np.moveaxis(weights, 2, 0) if first else weights
    pixels = mosaic(laid.reshape(60, 2), shape)
    grey, scale = [127, 128], 12
    assert (np.unique(pixels[1 : 1 + 4 * scale, 1 : 1 + 5 * scale][..., 1]) >= 127).all()
    red = pixels[1 + 2 * scale + 5, 1 + 3 * scale + 5]
    assert red[0] == 255
    assert red[1] in grey
    assert red[2] in grey
    yellow = (pixels[..., 2] == 0) & np.isin(pixels[..., 0], grey) & np.isin(pixels[..., 1], grey)
    rows = np.nonzero(yellow)[0]  # blue is missing
    assert len(rows) == scale**2
    assert rows.min() == 1 + 1 * scale
    said = texts(build(_weights_figure, laid.reshape(60, 2), shape))
    assert any("grey at zero" in text for text in said)


@pytest.mark.parametrize(
    ("units", "shown"), [(1, 1), (2, 2), (10, 10), (11, 11), (128, 128), (256, 256), (300, 256)]
)
def test_weights_shows_every_unit_up_to_256(units, shown):
    coloured = (mosaic(np.ones((16, units)), (4, 4)) < 100).any(axis=2)
    side = np.flatnonzero(~coloured[1, 1:])[0]  # of the first tile
    assert np.count_nonzero(coloured) == shown * side**2


def test_weights_of_more_than_256_units_are_those_with_the_largest_norm_and_the_title_says_so():
    weights = np.full((4, 300), 0.1)
    weights[:, ::2] = 1.0
    weights[:, 1::2] *= np.linspace(1, 2, 150)
    figure = build(_weights_figure, weights, ())
    assert "The weights into 256 of 300 units: those with the largest norm" in texts(figure)
    axes = figure.axes[1]
    assert axes.images[0].get_array().shape[:2] == (4, 256)
    assert axes.xaxis.get_major_formatter()(255) == "299"
    assert (
        axes.xaxis.get_major_formatter()(1) == "2"
    )  # units 1, 3, … are the smaller ones and the first to go


def test_the_scale_of_weights_is_symmetrical_in_numbers_and_says_when_a_weight_lies_beyond():
    assert {"−0.5", "0", "0.5"} <= set(texts(build(_weights_figure, np.array([[0.25, -0.5]] * 4), (2, 2))))
    weights = np.random.default_rng(0).uniform(-1, 1, (784, 20))
    weights[300, 3] = 100.0
    assert {"≤ −1", "0", "≥ 1"} <= set(texts(build(_weights_figure, weights, (28, 28))))
    assert {"−1", "0", "1"} <= set(texts(build(_weights_figure, np.zeros((4, 3)), (2, 2))))


def test_weights_of_inputs_that_are_no_image_are_drawn_as_a_matrix_with_its_numbers():
    said = texts(build(_weights_figure, np.array([[0.25, -1.5, -0.001], [3.0, 0.0, 1.0]]), (2,)))
    assert {"0.25", "−1.50", "0.00", "3.00", "input", "unit"} <= set(said)


@pytest.mark.parametrize("shape", [None, (36,), (6, 6, 1), (3, 3, 4), (3, 4, 3), (2, 9, 2), (36, 1), (1, 36)])
@pytest.mark.parametrize("units", [1, 3])
@pytest.mark.slow
def test_weights_of_many_shapes_are_drawn(tmp_path, shape, units):
    weights = np.random.default_rng(0).normal(size=(36, units)).astype(np.float32)
    assert drawn(plots.weights(tmp_path / "weights.png", weights, shape)).size


@pytest.mark.parametrize(
    ("weights", "shape"),
    [
        (np.zeros(4), (2, 2)),
        (np.zeros((4, 0)), (2, 2)),
        (np.zeros((4, 2)), (2, 3)),
        (np.zeros((4, 2)), (2, 2, 1, 1)),
        (np.full((4, 2), NAN), (2, 2)),
        (np.full((4, 2), INF), None),
        (np.full((4, 2), 1j), None),
    ],
)
def test_weights_that_make_no_picture_are_refused(tmp_path, weights, shape):
    with pytest.raises(ValueError, match=r"^weights: expected .+$"):
        plots.weights(tmp_path / "weights.png", weights, shape)
    assert not list(tmp_path.iterdir())
