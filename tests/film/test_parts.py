"""The parts of a film: its pace, its curves, its examples, its palette and its picture of the reading."""

import io
import math
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from film.recorded import DIGITS
from glassnet import evaluate, files, film, recipes, runs
from glassnet.data import load
from glassnet.film import gif, look, opening, recording
from glassnet.film.axes import scale_of, shown_value, smoothed
from glassnet.film.canvas import Canvas
from glassnet.film.curves import BOTTOM, LEFT, RIGHT, TOP, Curves, Rect
from glassnet.film.pace import Pace, blend, holds, place_at
from glassnet.film.reading import Reading, schedule
from glassnet.film.samples import Samples
from glassnet.training import events

LIGHT = look.theme("light")

# ---- pace


@pytest.mark.parametrize("last", [1, 4, 1128, 3_000_000])
def test_the_early_steps_get_more_time(last: int) -> None:
    pace = Pace(last)
    assert pace.place(0) == 0
    assert pace.place(last) == pytest.approx(1)
    assert pace.place(last / 10) == pytest.approx(math.log(5) / math.log(41))
    for step in {0, 1, last // 7, last // 2, last}:
        assert pace.step(float(pace.place(step))) == step


def test_the_first_and_the_last_picture_stand_still() -> None:
    opening_seconds, hold = holds(20.0)
    assert (opening_seconds, hold) == (0.6, 2.0)
    assert place_at(0.59, 20.0) == 0.0
    assert 0 < place_at(0.7, 20.0) < place_at(17.9, 20.0) < 1
    assert place_at(18.0, 20.0) == place_at(20.0, 20.0) == 1.0
    assert sum(holds(4.0)) < 2


def test_a_place_lies_between_two_states() -> None:
    places = np.array([0.0, 0.5, 1.0])
    assert blend(places, 0.0) == (0, 1, 0.0)
    assert blend(places, 0.75) == (1, 2, 0.5)
    assert blend(places, 1.0) == (2, 2, 0.0)
    assert blend(places[1:], 0.1) == (0, 0, 0.0)  # before the first that is known


# ---- curves


def test_the_curve_passes_where_the_recording_says(digits: Path) -> None:
    found = recording.read(digits)
    panel, canvas = Curves(Rect(0, 0, 800, 450), found, "accuracy"), Canvas(800, LIGHT)
    panel.lay(canvas)
    done = canvas.copy()
    panel.draw(done, 1.0)
    for epoch in found.epochs:
        x = LEFT + float(found.pace.place(epoch.step)) * (800 - LEFT - RIGHT)
        y = TOP + (1 - epoch.validation_accuracy) * (450 - TOP - BOTTOM)  # type: ignore[operator]
        assert tuple(done.pixels[round(y), min(round(x), 793)]) == LIGHT.orange
    half = canvas.copy()
    panel.draw(half, 0.5)
    head = round(LEFT + 0.5 * (800 - LEFT - RIGHT))
    below = slice(TOP, 450)  # the numbers are above
    assert np.array_equal(half.pixels[below, head + 8 :], canvas.pixels[below, head + 8 :])
    assert np.array_equal(half.pixels[below, : head - 8], done.pixels[below, : head - 8])


def test_a_curve_of_few_batches_is_straight_between_them() -> None:
    line = smoothed(np.array([0.0, 0.5, 1.0]), np.array([1.0, 3.0, 2.0]))
    assert line[[0, 200, 399]] == pytest.approx([1.0, 3.0, 2.0], abs=0.05)
    assert line[100] == pytest.approx(2.0, abs=0.05)
    assert np.isnan(smoothed(np.array([0.5]), np.array([math.nan]))).all()
    assert np.isfinite(smoothed(np.array([0.0, 1.0]), np.array([1.0, math.nan]))).sum() < 10


def test_an_axis_holds_a_run_that_diverges() -> None:
    losses = np.array([2.0, 1.0, 0.5, 1e30])
    scale = scale_of("loss", losses, losses)
    assert scale.high < 50
    assert scale.place(np.array([1e30, math.inf])).max() <= 1.02
    assert scale_of("loss", np.array([math.nan]), np.array([math.nan])).ticks == []
    high = 10.0 ** np.arange(8)
    assert 2 <= len(scale_of("loss", high, high[::-1]).ticks) <= 4
    constant = scale_of("loss", np.ones(3), np.ones(3))
    assert constant.low < 1 < constant.high
    assert scale_of("loss", np.zeros(3), np.zeros(3)).high > 0


def test_values_are_written_short() -> None:
    assert shown_value("accuracy", 0.98765) == "98.8 %"
    assert shown_value("accuracy", 1.0) == "100 %"
    assert shown_value("r2", -0.5) == "−0.500"
    assert shown_value("loss", 1e27) == "1e+27"


# ---- examples


def test_the_predictions_shown_are_those_of_the_recorded_networks(digits: Path) -> None:
    found = recording.read(digits)
    assert found.data is not None
    panel = Samples(Rect(0, 0, 752, 108), found)
    part, split = found.data.judged
    assert part == "test"
    inputs = split.images[panel.index]
    assert panel.labels.tolist() == split.labels[panel.index].tolist()
    assert len(set(panel.labels.tolist())) == 7
    for shot in (found.shots[0], found.shots[len(found.shots) // 2], found.shots[-1]):
        network = found.at(shot)
        now = panel.state(float(found.pace.place(shot.step)))
        assert now == pytest.approx(network.predict_proba(inputs), abs=1e-6)
        assert now.argmax(axis=1).tolist() == network.predict(inputs).tolist()


# ---- reading


@pytest.fixture(scope="module")
def read_by_model(digits: Path) -> Reading:
    network, data, lines = opening.reader(str(digits))
    assert lines == []
    return Reading(network, data, 12.0, 0.05, 480, LIGHT)


def test_the_network_reads_in_order_and_none_is_left_out(read_by_model: Reading, digits: Path) -> None:
    network, _ = files.read(digits / runs.MODEL)
    _, data = runs.reread(digits)
    _, split = data.judged
    seen = read_by_model.order[: len(read_by_model.turns)]
    assert [turn.number for turn in read_by_model.turns] == list(range(len(seen)))
    assert read_by_model.named[: len(seen)].tolist() == network.predict(split.images[seen]).tolist()
    assert read_by_model.labels[: len(seen)].tolist() == split.labels[seen].tolist()
    assert read_by_model.judged == len(split)
    assert read_by_model.share == pytest.approx(evaluate(network, split).accuracy)
    wrong = read_by_model.wrong[: len(seen)].sum()
    assert 0 < wrong < len(seen)


def test_a_mistake_is_shown_longer(read_by_model: Reading) -> None:
    turns = read_by_model.turns
    assert turns[0].start == 0
    assert turns[-1].stop == 240
    assert all(before.stop == after.start for before, after in pairwise(turns))
    for turn in turns[:-1]:
        assert turn.stop - turn.start >= (32 if read_by_model.wrong[turn.number] else 1)
    assert (turns[-1].stop - turns[-1].start) * 0.05 >= 2.0
    assert read_by_model.turn(0.0) is turns[0]
    assert read_by_model.turn(12.0) is turns[-1]


def test_a_schedule_goes_ever_faster_and_ends_with_the_film() -> None:
    turns = schedule(np.zeros(1000, bool), 250, 0.08)
    lengths = [turn.stop - turn.start for turn in turns[:-1]]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] == 15
    assert lengths[-1] == 1
    few = schedule(np.array([True, False]), 250, 0.08)
    assert [(turn.start, turn.stop) for turn in few] == [(0, 20), (20, 250)]


def test_the_picture_tells_right_from_wrong(read_by_model: Reading) -> None:
    wrong = next(turn for turn in read_by_model.turns if read_by_model.wrong[turn.number])
    right = next(turn for turn in read_by_model.turns if not read_by_model.wrong[turn.number])
    for turn, colour in ((wrong, LIGHT.wrong), (right, LIGHT.right)):
        picture = read_by_model.draw(turn.start * 0.05 + 0.5)
        answer = picture[60:130, 360:]  # the large digit, at 480 pixels
        assert (answer == np.array(colour)).all(axis=-1).sum() > 200
    first = read_by_model.draw(0.0)  # what a page shows of a film that does not play
    assert np.array_equal(first, read_by_model.draw(0.5))


def test_a_film_of_predictions_is_made_of_a_run_and_of_a_file(digits: Path, tmp_path: Path) -> None:
    short = {"seconds": 4.0, "fps": 5.0, "width": 480, "predictions": True}
    of_run = film.make(digits, tmp_path / "run.gif", **short)  # type: ignore[arg-type]
    of_file = film.make(digits / runs.MODEL, tmp_path / "file.gif", **short)  # type: ignore[arg-type]
    assert of_run.read_bytes() == of_file.read_bytes()


def test_without_a_model_the_last_frame_reads(digits: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(digits, folder)
    (folder / runs.MODEL).write_bytes(b"PK\x03\x04 torn")
    network, _, (line,) = opening.reader(str(folder))
    assert "it is the last frame that reads" in line
    whole, _ = files.read(digits / runs.MODEL)
    limit = np.abs(whole.matrices[0]).max() / 254
    assert np.abs(network.matrices[0] - whole.matrices[0]).max() <= 1.001 * limit


def test_what_cannot_be_read_aloud_is_refused(spirals: Path, sine: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="spirals: expected images with classes to read"):
        film.make(spirals, tmp_path / "film.gif", predictions=True)
    with pytest.raises(ValueError, match="sine: expected images with classes to read"):
        film.make(sine, tmp_path / "film.gif", predictions=True)
    assert list(tmp_path.iterdir()) == []


def test_a_model_of_other_classes_is_refused(tmp_path: Path) -> None:
    recipe = DIGITS.changed({"data": "spirals"})
    other = recipes.network(recipe, load("spirals"))
    files.save(other, tmp_path / "model.npz", {"data": "mnist-sample"})
    with pytest.raises(ValueError, match=r"model\.npz: expected"):
        film.make(tmp_path / "model.npz", predictions=True)
    files.save(other, tmp_path / "bare.npz", {})
    with pytest.raises(ValueError, match="says what it was trained on"):
        film.make(tmp_path / "bare.npz", predictions=True)


# ---- colours


def test_a_palette_has_its_anchors_exactly_and_one_place_for_a_colour() -> None:
    random = np.random.default_rng(0)
    noise = random.integers(0, 256, (60, 60, 3)).astype(np.uint8)
    palette = gif.Palette(LIGHT.anchors(), noise)
    assert len(palette.colours) <= gif.COLOURS
    assert np.array_equal(palette.colours[palette.places(LIGHT.anchors())], LIGHT.anchors())
    assert np.array_equal(palette.places(noise), palette.places(noise))
    off = np.abs(palette.colours[palette.places(noise)].astype(int) - noise)
    assert off.mean() < 20
    flat = gif.Palette(LIGHT.anchors(), np.zeros((4, 4, 3), np.uint8))
    assert palette.places(np.zeros((1, 1, 3), np.uint8)).shape == (1, 1)
    assert (flat.colours[flat.places(np.zeros((1, 1, 3), np.uint8))] == 0).all()


def test_a_gif_leaves_pictures_out_before_it_grows_too_large() -> None:
    random = np.random.default_rng(0)

    def draw(time: float) -> np.ndarray:
        if time > 1.9:
            return np.full((120, 200, 3), 255, np.uint8)
        return random.integers(0, 256, (120, 200, 3), np.uint8)

    file = io.BytesIO()
    gif.write(file, draw, 0.05 * np.arange(40), 5, LIGHT.anchors())
    assert 0.3e6 < file.tell() < 0.7e6
    with Image.open(file) as made:
        times = []
        for number in range(made.n_frames):
            made.seek(number)
            times.append(made.info["duration"])
        assert 5 < len(times) < 40
        assert sum(times) == 2000
        assert np.asarray(made.convert("RGB")).min() == 255  # the last one is always there


@pytest.mark.parametrize("name", ["light", "dark"])
def test_zero_is_the_page_and_the_sign_is_the_colour(name: str) -> None:
    theme = look.theme(name)
    below, zero, above = theme.shades(np.array([-5.0, 0.0, 5.0]), 1.0).astype(int)
    assert tuple(zero) == theme.page
    assert below[2] > below[0]
    assert above[0] > above[2]


def test_events_are_only_read(digits: Path) -> None:
    before = {path: path.read_bytes() for path in digits.rglob("*") if path.is_file()}
    recording.read(digits)
    assert {path: path.read_bytes() for path in digits.rglob("*") if path.is_file()} == before
    assert len(events.read(digits / runs.HISTORY)) > 100
