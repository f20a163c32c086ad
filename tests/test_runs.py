"""The run folder: where a run goes, what it may take away, and what is found in it again."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from glassnet import files, recipes, runs
from glassnet.cli import verdict
from glassnet.data import Dataset
from glassnet.nn.scaling import PIXELS
from glassnet.recipes import Recipe
from glassnet.training import Frames, Recorder
from glassnet.training.identity import fingerprint

IMAGES = np.random.default_rng(0).integers(0, 256, (80, 6, 5), np.uint8)
LABELS = np.arange(80) % 10
DATA = Dataset.from_arrays(
    IMAGES[:60], LABELS[:60], (IMAGES[60:], LABELS[60:]), classes="0123456789", scaling=PIXELS, name="digits"
).split(0.2)
RECIPE = Recipe(data="digits", hidden=(8,), epochs=1, threads=1)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_runs_are_numbered_by_data_set() -> None:
    for expected in ("mnist-1", "mnist-2"):
        assert runs.create(None, "mnist") == Path("runs") / expected
    assert runs.create(None, "mnist-sample") == Path("runs/mnist-sample-1")
    for other in ("mnist-9-old", "mnist-x", "mnist-", "cifar-30", "7", "mnist-07/deeper"):
        Path("runs", other).mkdir(parents=True)
    assert runs.create(None, "mnist") == Path("runs/mnist-8")
    assert runs.create(None, "mnist-sample") == Path("runs/mnist-sample-2")
    assert runs.create(None, "cifar") == Path("runs/cifar-31")


@pytest.mark.parametrize("name", ["a[b]", "st*r", "who?", "[!x]", "Größe 1"])
def test_any_name_of_a_data_set_is_counted(name: str) -> None:
    if any(letter in name for letter in "*?") and Path("x*").drive:
        pytest.skip("no such file names here")
    for number in (1, 2, 3):
        assert runs.create(None, name).name == f"{name}-{number}"


def test_a_new_or_empty_folder_is_taken() -> None:
    assert runs.create("a/b/c", "mnist") == Path("a/b/c")
    Path("empty").mkdir()
    runs.create("empty", "mnist")
    assert names(Path("empty")) == {"config.toml"}


@pytest.mark.parametrize("file", ["config.toml", "notes.txt"])
def test_a_folder_with_files_is_refused(file: str) -> None:
    Path("full").mkdir()
    Path("full", file).write_text("mine")
    with pytest.raises(
        FileExistsError, match="full: expected a new or empty folder, got one with files; see --over"
    ):
        runs.create("full", "mnist")
    assert Path("full", file).read_text() == "mine"


def test_overwriting_takes_the_run_away_and_nothing_else() -> None:
    folder = Path("run")
    folder.mkdir()
    for name in (
        "history.jsonl",
        "model.npz",
        "mistakes.png",
        "film.gif",
        "predictions.gif",
        *runs.PICTURES,
        "notes.txt",
        "model.npz.bak",
        "film.mp4",
    ):
        (folder / name).write_text("old")
    runs.write_config(folder, RECIPE)
    for name in ("sub", "frames"):
        (folder / name).mkdir()
        (folder / name / "first.frames").write_text("old")
    runs.create("run", "mnist", overwrite=True)
    assert names(folder) == {"config.toml", "notes.txt", "model.npz.bak", "film.mp4", "sub"}
    assert names(folder / "sub") == {"first.frames"}
    assert (folder / "notes.txt").read_text() == "old"


def test_overwriting_leaves_what_is_not_ours_beside_the_frames() -> None:
    folder = runs.create("run", "mnist")
    (folder / "frames").mkdir()
    for name in ("first.frames", "every-8.frames", "film.mp4"):
        (folder / "frames" / name).write_text("old")
    runs.create("run", "mnist", overwrite=True)
    assert names(folder / "frames") == {"film.mp4"}


def test_overwriting_what_is_no_run_is_refused() -> None:
    Path("photos").mkdir()
    Path("photos/curves.png").write_text("mine")
    with pytest.raises(
        FileExistsError, match=r"photos: expected a run to overwrite, got a folder without a config.toml of"
    ):
        runs.create("photos", "mnist", overwrite=True)
    assert Path("photos/curves.png").read_text() == "mine"
    assert runs.create("fresh", "mnist", overwrite=True) == Path("fresh")


@pytest.mark.parametrize(
    ("config", "beside"),
    [
        ('[tool]\nname = "another program"', "model.npz"),
        ('made_by = "glassnet"', "model.npz"),
        ("not TOML", "model.npz"),
        ("", "notes.txt"),
    ],
)
def test_a_config_of_another_program_makes_no_run(config: str, beside: str) -> None:
    Path("theirs").mkdir()
    Path("theirs/config.toml").write_text(config)
    Path("theirs", beside).write_text("theirs")
    with pytest.raises(FileExistsError, match="theirs: expected a run to overwrite"):
        runs.create("theirs", "mnist", overwrite=True)
    assert Path("theirs/config.toml").read_text() == config
    assert Path("theirs", beside).read_text() == "theirs"


def test_a_run_that_died_at_once_can_be_overwritten() -> None:
    folder = runs.create("run", "mnist")
    assert (folder / "config.toml").read_bytes() == b""
    (folder / "curves.png").write_text("old")
    assert names(runs.create("run", "mnist", overwrite=True)) == {"config.toml"}


@pytest.mark.parametrize("out", ["file", "file/sub", "file/sub/deeper"])
def test_a_file_in_the_way_is_refused(out: str) -> None:
    Path("file").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(OSError, match="expected a folder"):
            runs.create(out, "mnist", overwrite=overwrite)
    assert Path("file").read_text() == "mine"
    assert names(Path()) == {"file"}


def test_the_config_does_the_run_again() -> None:
    folder = runs.create("run", "digits")
    runs.write_config(folder, RECIPE)
    assert Recipe().changed(recipes.read(str(folder / "config.toml"))) == RECIPE
    assert "glassnet = " in (folder / "config.toml").read_text()


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = runs.create(str(tmp_path_factory.mktemp("runs") / "run"), "digits")
    runs.write_config(folder, RECIPE)
    network = recipes.network(RECIPE, DATA)
    run = recipes.training(RECIPE, network, DATA)
    run.fit(Recorder(folder / runs.HISTORY), Frames(folder), progress=False)
    runs.write_model(folder, network, DATA, RECIPE)
    runs.draw(folder, network, DATA, network.predict_proba(DATA.test.images))
    return folder


def test_all_of_a_run_is_there(run_folder: Path) -> None:
    pictures = {"curves.png", "confusion.png", "predictions.png", "weights.png"}
    assert (
        names(run_folder)
        == {"config.toml", "history.jsonl", "model.npz", "frames"} | pictures
        == set(runs.left(run_folder))
    )
    for picture in pictures:
        assert (run_folder / picture).read_bytes().startswith(b"\x89PNG")


def test_the_model_tells_what_it_was_trained_on(run_folder: Path) -> None:
    network, notes = files.read(run_folder / "model.npz")
    split = {"validation": 0.1, "test": 0.0, "seed": 0, "trained_on": fingerprint(DATA.train)}
    assert notes == {"data": "digits", "shape": [6, 5], **split}
    assert network.classes == DATA.classes
    there = Recipe(data="mnist", data_dir="/where/it/is")
    runs.write_model(Path(), network, DATA, there)
    assert files.read("model.npz")[1] == {
        "data": "mnist", "data_dir": "/where/it/is", "shape": [6, 5], **split,
    }  # fmt: skip


def test_a_run_that_ended_before_its_first_step_can_be_drawn() -> None:
    folder, network = runs.create("run", "digits"), recipes.network(RECIPE, DATA)
    run = recipes.training(RECIPE, network, DATA)
    run.stop("interrupted")
    run.fit(Recorder(folder / runs.HISTORY), progress=False)
    assert runs.draw(folder, network, DATA, network.predict_proba(DATA.test.images)) == ["curves.png"]
    assert names(folder) == {
        "config.toml",
        "history.jsonl",
        "confusion.png",
        "predictions.png",
        "weights.png",
    }


@pytest.mark.parametrize(
    ("shape", "targets", "expected"),
    [
        ((6, 5), "classes", ["confusion", "predictions", "weights"]),
        ((3, 4, 4), "classes", ["confusion", "predictions", "weights"]),
        ((2,), "classes", ["boundary", "confusion"]),
        ((2,), "values", ["predicted"]),
        ((1,), "values", ["fit", "predicted"]),
        ((5,), "values", ["predicted", "weights"]),
        ((5,), "classes", ["confusion", "weights"]),
    ],
)
def test_each_kind_of_data_has_its_pictures(
    shape: tuple[int, ...], targets: str, expected: list[str]
) -> None:
    generator = np.random.default_rng(1)
    inputs = generator.uniform(size=(30, *shape))
    y = np.arange(30) % 3 if targets == "classes" else generator.uniform(size=30)
    data = Dataset.from_arrays(inputs, y).split(0.2)
    folder, recipe = runs.create("run", "any"), Recipe(hidden=(4,), epochs=1, threads=1)
    (folder / "predicted.png").write_text("of another run")
    network = recipes.network(recipe, data)
    recipes.training(recipe, network, data).fit(Recorder(folder / runs.HISTORY), progress=False)
    assert runs.draw(folder, network, data, verdict.answers(network, data.judged[1])) == []
    drawn = {path.stem for path in folder.glob("*.png")}
    assert drawn == {"curves", *expected}
    assert set(runs.pictures(data)) == {f"{name}.png" for name in drawn}


def test_of_a_network_that_overflows_what_can_be_drawn_is_drawn() -> None:
    folder, network = runs.create("run", "digits"), recipes.network(RECIPE, DATA)
    recipes.training(RECIPE, network, DATA).fit(Recorder(folder / runs.HISTORY), progress=False)
    lacking = runs.draw(folder, network, DATA, np.full((20, 10), np.nan))
    assert lacking == ["confusion.png", "predictions.png"]
    assert names(folder) == {"config.toml", "history.jsonl", "curves.png", "weights.png"}


def test_runs_that_start_at_once_get_folders_of_their_own() -> None:
    with ThreadPoolExecutor(8) as pool:
        folders = list(pool.map(lambda _: runs.create(None, "digits"), range(16)))
    assert len(set(folders)) == 16
    assert {folder.name for folder in folders} == {f"digits-{n}" for n in range(1, 17)}


def test_a_model_is_found_by_its_run_or_by_itself(run_folder: Path) -> None:
    model = run_folder / "model.npz"
    for path in (run_folder, f"{run_folder}/", model):
        assert runs.find_model(str(path)) == model
    Path("empty").mkdir()
    with pytest.raises(
        FileNotFoundError, match=r"empty: expected a run folder with model.npz, found none in it"
    ):
        runs.find_model("empty")
    with pytest.raises(
        FileNotFoundError, match="gone: expected a run folder or a model file, found nothing there"
    ):
        runs.find_model("gone")
