"""`film.make`: a GIF or an MP4 of the length and size asked for, whole or not at all, of any run."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from film.recorded import DIGITS, SINE, SPIRALS, record, resume, table, values
from glassnet import files, film, runs
from glassnet.extras import MissingExtra
from glassnet.film import look, recording
from glassnet.film.training import Training
from glassnet.film.values import Agreement, Line

Spoiled = Callable[[], Path]
SHORT = {"seconds": 4.0, "fps": 5.0, "width": 480}


def pictures(path: Path) -> tuple[list[np.ndarray], list[int]]:
    """All pictures of a GIF, and for how many thousandths of a second each is shown."""
    found, shown = [], []
    with Image.open(path) as gif:
        for number in range(gif.n_frames):
            gif.seek(number)
            found.append(np.asarray(gif.convert("RGB")))
            shown.append(gif.info["duration"])
    return found, shown


def told(folder: Path, **options: object) -> list[str]:
    """The lines that making a short film of the run tells of."""
    lines: list[str] = []
    film.make(folder, **{**SHORT, **options}, tell=lines.append)  # type: ignore[arg-type]
    return lines


def test_a_gif_has_the_size_and_the_length_asked_for(digits: Path, tmp_path: Path) -> None:
    path = film.make(digits, tmp_path / "film.gif", seconds=4.0, fps=5.0, width=640)
    found, shown = pictures(path)
    assert sum(shown) == 4000
    assert {picture.shape for picture in found} == {(360, 640, 3)}
    assert shown[-1] >= 1000  # the end stands still: a quarter of so short a film
    with Image.open(path) as gif:
        assert gif.info["loop"] == 0


def test_the_pictures_of_a_gif_are_those_drawn_but_for_the_palette(digits: Path, tmp_path: Path) -> None:
    found, shown = pictures(film.make(digits, tmp_path / "film.gif", **SHORT))
    starts = np.cumsum([0, *shown[:-1]]) / 1000
    scene = Training(recording.read(digits), 4.0, 480, look.theme("light"))
    for start, picture in list(zip(starts, found))[:: max(1, len(found) // 5)]:
        off = np.abs(picture.astype(int) - scene.draw(float(start)))
        assert np.quantile(off, 0.99) <= 16
        assert off.mean() < 1.0


def test_the_same_run_gives_the_same_gif(digits: Path, tmp_path: Path) -> None:
    first, second = (film.make(digits, tmp_path / name, **SHORT) for name in ("a.gif", "b.gif"))
    assert first.read_bytes() == second.read_bytes()


def test_the_last_picture_shows_the_weights_of_the_model(digits: Path, tmp_path: Path) -> None:
    (*_, last), _ = pictures(film.make(digits, tmp_path / "film.gif", **{**SHORT, "width": 800}))
    network, _ = files.read(digits / runs.MODEL)
    scene = Training(recording.read(digits), 4.0, 800, look.theme("light"))
    panel = scene.panels[0]
    half = look.LEVELS // 2
    tiles = network.matrices[0].T.reshape(-1, 28, 28)
    assert panel.shown.tolist() == list(range(12))  # type: ignore[attr-defined]
    for unit in (0, 5, 11):
        left, top = panel.corner(unit)  # type: ignore[attr-defined]
        p = panel.pixels  # type: ignore[attr-defined]
        tile = last[top : top + 28 * p : p, left : left + 28 * p : p].astype(int)
        apart = np.abs(tile[:, :, None] - look.theme("light").signed.astype(int)).sum(axis=-1)
        assert apart.min(axis=-1).max() == 0  # the palette has these colours exactly
        levels = apart.argmin(axis=-1) - half
        expected = (half * tiles[unit] / panel.limit).clip(-half, half)  # type: ignore[attr-defined]
        rounded = half * np.abs(network.matrices[0]).max() / panel.limit / 254  # type: ignore[attr-defined]
        assert np.abs(levels - expected).max() <= 0.5 + rounded + 1e-6


def test_an_mp4_plays_everywhere(digits: Path, tmp_path: Path) -> None:
    ffmpeg = pytest.importorskip("imageio_ffmpeg")
    path = film.make(digits, tmp_path / "film.mp4", seconds=4.0, fps=10.0, width=640)
    command = [ffmpeg.get_ffmpeg_exe(), "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    read = subprocess.run(command, capture_output=True, check=True)
    about = read.stderr.decode()
    assert "Video: h264" in about
    assert "yuv420p(tv, bt709" in about
    found = np.frombuffer(read.stdout, np.uint8).reshape(-1, 360, 640, 3)
    assert len(found) == 40
    assert "Duration: 00:00:04.00" in about
    scene = Training(recording.read(digits), 4.0, 640, look.theme("light"))
    for number in (0, 20, 39):
        assert np.abs(found[number].astype(int) - scene.draw(number / 10)).mean() < 4
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")  # it plays while it is being loaded


def test_without_its_extra_an_mp4_says_what_to_install(
    digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(MissingExtra, match=r'pip install "glassnet\[film\]"'):
        film.make(digits, tmp_path / "film.mp4")
    assert list(tmp_path.iterdir()) == []
    assert film.make(digits, tmp_path / "film.gif", **SHORT).is_file()


@pytest.mark.parametrize("name", ["film.gif", "film.mp4"])
def test_interrupted_it_leaves_what_was_there(
    name: str, digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name.endswith("mp4"):
        pytest.importorskip("imageio_ffmpeg")
    drawn, draw = [], Training.draw

    def press(self: Training, time: float) -> np.ndarray:
        drawn.append(time)
        if len(drawn) == 18:
            raise KeyboardInterrupt
        return draw(self, time)

    monkeypatch.setattr(Training, "draw", press)
    (tmp_path / name).write_text("before")
    with pytest.raises(KeyboardInterrupt):
        film.make(digits, tmp_path / name, overwrite=True, **SHORT)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "before"


# ---- runs of all kinds


def test_a_film_of_points_shows_the_boundary(spirals: Path, tmp_path: Path) -> None:
    assert told(spirals, out=tmp_path / "film.gif") == []
    scene = Training(recording.read(spirals), 4.0, 480, look.theme("dark"))
    plane = scene.panels[0].state(1.0)  # type: ignore[attr-defined]
    network = scene.recording.at(scene.recording.shots[-1])
    low, high = scene.panels[0]._low, scene.panels[0]._high  # type: ignore[attr-defined]
    side = len(plane)
    x = low[0] + (7 + 0.5) / side * (high[0] - low[0])
    y = high[1] - (3 + 0.5) / side * (high[1] - low[1])
    assert plane[3, 7] == pytest.approx(network.predict_proba(np.array([[x, y]]))[0], abs=1e-5)


def test_a_film_of_one_input_shows_the_line(sine: Path, tmp_path: Path) -> None:
    assert told(sine, out=tmp_path / "film.gif") == []


@pytest.mark.parametrize(("inputs", "outputs", "shown"), [(1, 2, 2), (3, 3, 3), (3, 11, 9)])
def test_a_film_of_values_shows_every_output_on_its_own_scale(
    inputs: int, outputs: int, shown: int, tmp_path: Path
) -> None:
    path = values(tmp_path / "waves.npz", inputs=inputs, outputs=outputs)
    record(tmp_path / "run", SINE, data=str(path), task="values")
    scene = Training(recording.read(tmp_path / "run"), 4.0, 800, look.theme("light"))
    panel = scene.panels[0]
    assert isinstance(panel, Line | Agreement)
    assert panel.title.endswith("the first 9 of 11 outputs" if outputs > shown else f"of {outputs} outputs")
    first, last = scene.draw(0.0).astype(int), scene.draw(4.0).astype(int)
    assert len(panel.cells) == shown
    for cell in panel.cells:
        x, y, right, foot = (round(at) for at in (cell.x, cell.y, cell.x + cell.width, cell.y + cell.height))
        changed = np.abs(last - first)[y:foot, x:right].sum(axis=2) > 100
        assert changed.sum() > 40
        assert np.ptp(np.flatnonzero(changed.any(axis=1))) > cell.height / 4
    network, data = scene.recording.at(scene.recording.shots[-1]), scene.recording.data
    assert data is not None
    there = panel.inputs.reshape(len(panel.inputs), -1)
    assert panel.state(1.0) == pytest.approx(network.predict(there)[:, :shown], rel=1e-6)


@pytest.mark.parametrize("classes", [True, False])
def test_a_film_of_a_table_shows_its_columns(classes: bool, tmp_path: Path) -> None:
    path = table(tmp_path / "houses.csv", classes=classes)
    settings = {"data": str(path), "label": "answer", "test": 0.2, "epochs": 3}
    record(tmp_path / "run", SINE, **settings, task="classes" if classes else "values")
    assert told(tmp_path / "run") == []
    found, _ = pictures(tmp_path / "run" / "film.gif")
    assert found[0].shape == (270, 480, 3)
    assert not np.array_equal(found[0], found[-1])


def test_a_film_of_colour_images_shows_colours(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    images = random.integers(0, 255, (60, 3, 8, 8), np.uint8)
    np.savez(tmp_path / "photos.npz", x=images, y=np.arange(60) % 3)
    record(tmp_path / "run", DIGITS, data=str(tmp_path / "photos.npz"), epochs=3, batch_size=16)
    assert told(tmp_path / "run") == []
    found, _ = pictures(tmp_path / "run" / "film.gif")
    assert np.ptp(found[-1].astype(int), axis=-1).max() > 100


def test_a_run_that_diverged_is_filmed_to_its_end(tmp_path: Path) -> None:
    run = record(tmp_path / "run", SPIRALS, learning_rate=1e30, hidden=(8, 8))
    assert run.history[-1].reason == "diverged"  # type: ignore[union-attr]
    assert told(tmp_path / "run") == []


def test_a_resumed_run_is_filmed_like_one_that_was_never_interrupted(digits: Path, tmp_path: Path) -> None:
    folder = tmp_path / "digits"
    record(folder, DIGITS, stop_at=90)
    assert recording.read(folder).end.reason == "interrupted"  # type: ignore[union-attr]
    resume(folder)
    whole, resumed = recording.read(digits), recording.read(folder)
    assert resumed.notices == []
    assert [shot.step for shot in resumed.shots] == [shot.step for shot in whole.shots]
    first, second = (film.make(run, tmp_path / f"{k}.gif", **SHORT) for k, run in enumerate((digits, folder)))
    assert first.read_bytes() == second.read_bytes()


def test_a_run_that_was_stopped_early_is_filmed_to_its_end(tmp_path: Path) -> None:
    record(tmp_path / "run", SPIRALS, patience=1, epochs=40, learning_rate=0.5)
    assert recording.read(tmp_path / "run").end.reason == "early"  # type: ignore[union-attr]
    assert told(tmp_path / "run") == []


# ---- recordings that are not whole


def test_a_recording_cut_off_in_the_middle_is_filmed_as_far_as_it_goes(spoiled: Spoiled) -> None:
    folder = spoiled()
    history = (folder / runs.HISTORY).read_bytes()
    (folder / runs.HISTORY).write_bytes(history[: len(history) // 2])
    (folder / runs.MODEL).unlink()
    (folder / "frames" / "last.frames").unlink()
    frames = folder / "frames" / "first.frames"
    frames.write_bytes(frames.read_bytes()[:-1000])
    lines = told(folder)
    assert len(lines) == 2
    assert "frames passed over there" in lines[0]
    assert "the run was cut off after step" in lines[1]
    found = recording.read(folder)
    assert found.last < 140
    assert pictures(folder / "film.gif")[0][-1].shape == (270, 480, 3)


def test_a_damaged_line_is_left_out_and_told(spoiled: Spoiled) -> None:
    folder = spoiled()
    lines = (folder / runs.HISTORY).read_bytes().splitlines(keepends=True)
    lines[5] = b'{"kind": "step", "loss": "high", "step": 5, "epoch": 1, "accuracy": 0, "learning_rate": 1}\n'
    lines[7] = b"\xff\xfe\n"
    (folder / runs.HISTORY).write_bytes(b"".join(lines))
    (said,) = told(folder)
    assert "line 6" in said
    assert "and 1 more" in said


def test_without_its_data_a_run_is_filmed_without_examples(spoiled: Spoiled) -> None:
    folder = spoiled()
    config = (folder / runs.CONFIG).read_text(encoding="utf-8")
    (folder / runs.CONFIG).write_text(config.replace('"mnist-sample"', '"gone.npz"'), encoding="utf-8")
    (line,) = told(folder)
    assert "gone.npz" in line
    assert "no predictions" in line
    found = recording.read(folder)
    assert found.units == "784 → 12 → 10"
    assert len(Training(found, 4.0, 480, look.theme("light")).panels) == 3


def test_without_its_recording_a_run_is_filmed_without_curves(spoiled: Spoiled) -> None:
    folder = spoiled()
    (folder / runs.HISTORY).unlink()
    (line,) = told(folder)
    assert "no curves" in line


# ---- what makes no film


def test_a_folder_without_frames_says_so_in_a_line(spoiled: Spoiled) -> None:
    folder = spoiled()
    for path in (folder / "frames").iterdir():
        path.unlink()
    with pytest.raises(
        ValueError, match=r"expected frames .* found none: a network of over 10 million"
    ) as raised:
        film.make(folder)
    assert "\n" not in str(raised.value)
    assert not (folder / "film.gif").exists()


def test_what_is_no_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"expected a run's folder, found neither"):
        film.make(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"nowhere: expected a run's folder, found none"):
        film.make(tmp_path / "nowhere")
    (tmp_path / "model.npz").touch()
    with pytest.raises(FileNotFoundError, match=r"got a file; a model alone is filmed with --predictions"):
        film.make(tmp_path / "model.npz")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"seconds": 1}, r"seconds: expected 4 to 120 seconds, got 1"),
        ({"seconds": float("nan")}, r"seconds: expected 4 to 120 seconds, got nan"),
        ({"fps": 0}, r"fps: expected 1 to 50 pictures a second, got 0"),
        ({"width": 100}, r"width: expected 480 to 1,920 pixels, got 100"),
        ({"theme": "sepia"}, r"theme: expected light or dark, got 'sepia'"),
        ({"out": "film.avi"}, r"out: expected a name that ends in \.gif or \.mp4, got film\.avi"),
    ],
)
def test_numbers_that_make_no_film_are_refused(options: dict, said: str, digits: Path) -> None:
    with pytest.raises(ValueError, match=said):
        film.make(digits, **options)


def test_a_file_that_is_there_is_kept_unless_it_may_be_replaced(digits: Path, tmp_path: Path) -> None:
    path = tmp_path / "film.gif"
    path.write_text("mine")
    with pytest.raises(FileExistsError, match="see --overwrite"):
        film.make(digits, path, **SHORT)
    assert path.read_text() == "mine"
    film.make(digits, path, overwrite=True, **SHORT)
    assert path.read_bytes()[:6] == b"GIF89a"


# ---- the command


def test_the_command_makes_a_film_beside_the_run(spoiled: Spoiled) -> None:
    folder = spoiled()
    (folder / runs.HISTORY).unlink()
    command = [sys.executable, "-m", "glassnet", "film", str(folder), "--seconds", "4", "--fps", "5"]
    done = subprocess.run([*command, "--width", "480"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"The film of its training: {folder / 'film.gif'} (4 s, ")
    (line,) = done.stderr.splitlines()
    assert line.startswith(
        f"glassnet: {folder / runs.HISTORY}: expected the recording of the run, found none"
    )
    assert sum(pictures(folder / "film.gif")[1]) == 4000
    refused = subprocess.run([*command, "--theme", "sepia"], capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "glassnet: --theme: expected light or dark, got 'sepia'\n"
