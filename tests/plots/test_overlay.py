"""Several runs in one picture."""

import numpy as np
import pytest

from glassnet import plots
from glassnet.plots import style
from glassnet.plots.overlay import _overlay_figure
from glassnet.training.events import Epoch
from plots.drawing import build, drawn, texts


def a_run(epochs, level=1.0, validation=True, r2=False):
    records = []
    for k in range(1, epochs + 1):
        loss, accuracy = level / k, None if r2 else 1 - level / (k + 9)
        held = (1.1 * loss, accuracy and accuracy - 0.01) if validation else (None, None)
        more = {"r2": 1 - loss, "validation_r2": 0.9 - loss if validation else None} if r2 else {}
        records.append(Epoch(k, 10 * k, 1.0, loss, accuracy, *held, "full", 0.1, **more))
    return records


def curves_of(axes):
    """The lines by colour: {colour: {"training" or "validation": line}}, if they have numbers."""
    found = {}
    for line in axes.lines:
        if np.isfinite(np.asarray(line.get_ydata(), float)).any():
            found.setdefault(line.get_color(), {})["training" if line.is_dashed() else "validation"] = line
    return found


def test_each_run_has_a_colour_dashed_training_and_solid_validation():
    runs = [("quick", a_run(3)), ("slow", a_run(9, 2.0))]
    figure = build(_overlay_figure, runs)
    loss, accuracy = figure.axes[1:]
    for (_, epochs), colour in zip(runs, style.kinds(2)):
        lines = curves_of(loss)[colour]
        assert list(lines["training"].get_ydata()) == [e.loss for e in epochs]
        assert list(lines["validation"].get_ydata()) == [e.validation_loss for e in epochs]
        assert list(lines["validation"].get_xdata()) == [e.epoch for e in epochs]
        assert np.allclose(
            curves_of(accuracy)[colour]["training"].get_ydata(), [100 * e.accuracy for e in epochs]
        )
    assert loss.get_xlim() == accuracy.get_xlim() == (0, 9)
    said = texts(figure)
    assert {"2 runs", "quick", "slow", "solid: validation · dashed: training"} <= set(said)
    last = runs[0][1][-1]
    assert f"loss {last.validation_loss:#.3g}, {100 * last.validation_accuracy:.2f} %, epoch 3" in said


@pytest.mark.parametrize(("count", "coloured"), [(1, 1), (8, 8), (12, 8)])
def test_eight_runs_have_a_colour_and_the_others_are_grey(count, coloured, tmp_path):
    runs = [(f"run {k}", a_run(2 + k, 1 + k / 9)) for k in range(count)]
    figure = build(_overlay_figure, runs)
    lines = curves_of(figure.axes[1])
    assert set(lines) - {style.RULE} == set(style.kinds(coloured))
    greys = [line for line in figure.axes[1].lines if line.get_color() == style.RULE]
    assert len(greys) == 2 * (count - coloured)
    said = texts(figure)
    assert [f"run {k}" in said for k in range(count)] == [k < coloured for k in range(count)]
    assert ("4 more" in said) == (count == 12)
    assert max(drawn(plots.overlay(tmp_path / "runs.png", runs)).shape) < 2100


def test_nothing_in_the_legend_runs_over_the_edge_or_into_the_panels():
    runs = [(f"runs/mnist-{k} " + "with a long name " * k, a_run(5)) for k in range(10)]
    figure = build(_overlay_figure, runs)
    figure.canvas.draw()
    page, *panels = figure.axes
    right = max(axes.get_window_extent().x1 for axes in panels)
    legend = [text for text in page.texts if text.get_text().startswith(("runs/", "loss", "2 more"))]
    boxes = [text.get_window_extent() for text in legend]
    assert len(boxes) == 8 + 8 + 1
    assert min(box.x0 for box in boxes) > right
    assert max(box.x1 for box in boxes) < figure.bbox.x1
    assert min(box.y0 for box in boxes) > 0


def test_values_show_r2_and_runs_without_validation_their_training():
    runs = [("a", a_run(4, r2=True)), ("b", a_run(4, validation=False, r2=True))]
    figure = build(_overlay_figure, runs)
    said = texts(figure)
    assert "R²" in said
    assert "Accuracy" not in said
    assert "loss 0.250, R² 0.750, epoch 4" in said
    assert set(curves_of(figure.axes[1])[style.kinds(2)[1]]) == {"training"}


def test_classes_and_values_have_a_panel_each():
    runs = [("prices", a_run(4, r2=True)), ("digits", a_run(6))]
    figure = build(_overlay_figure, runs)
    assert len(figure.axes) == 1 + 3
    said = texts(figure)
    assert {"Loss (log scale)", "Accuracy", "R²"} <= set(said)
    assert any("losses of classes and of values are no measure of each other" in text for text in said)
    first, second = style.kinds(2)
    drawn_in = [set(curves_of(axes)) & {first, second} for axes in figure.axes[1:]]
    assert drawn_in == [{first, second}, {second}, {first}]
    assert any(text.startswith("loss ") and ", R² " in text for text in said)
    figure = build(_overlay_figure, [("a", a_run(4, r2=True)), ("b", a_run(3, r2=True))])
    assert not any("losses of classes" in text for text in texts(figure))


def test_a_single_epoch_is_a_point_and_the_note_says_how_to_read_it():
    figure = build(_overlay_figure, [("a", a_run(1)), ("b", a_run(3))])
    lines = curves_of(figure.axes[1])[style.kinds(2)[0]]
    assert {line.get_marker() for line in lines.values()} == {"o"}
    assert any("of a single epoch: filled and hollow" in text for text in texts(figure))


def test_a_run_that_diverged_does_not_flatten_the_others():
    wild = a_run(5)
    for k, epoch in enumerate(wild):
        epoch.loss, epoch.validation_loss = 10.0 ** (4 * k), None
    wild[-1].loss = float("nan")
    axes = build(_overlay_figure, [("good", a_run(5)), ("wild", wild)]).axes[1]
    assert axes.get_ylim()[1] < 100


def test_runs_of_very_unequal_length_and_success_are_all_seen():
    poor = a_run(2)
    for epoch in poor:
        epoch.accuracy, epoch.validation_accuracy = 0.61, 0.6
    figure = build(_overlay_figure, [("long", a_run(1000)), ("poor", poor)])
    loss, accuracy = figure.axes[1:]
    assert accuracy.get_ylim()[0] < 60
    assert loss.get_xscale() == accuracy.get_xscale() == "log"
    assert loss.get_xlabel() == "epoch (log scale)"
    assert build(_overlay_figure, [("a", a_run(10)), ("b", a_run(2))]).axes[1].get_xscale() == "linear"


def test_runs_that_finished_no_epoch_are_left_out(tmp_path):
    figure_path = plots.overlay(tmp_path / "runs.png", [("a", a_run(2)), ("none", [])])
    assert drawn(figure_path).size
    with pytest.raises(ValueError, match=r"^overlay: expected a run with epoch records, got none"):
        plots.overlay(tmp_path / "nothing.png", [("none", [])])
    assert not (tmp_path / "nothing.png").exists()
