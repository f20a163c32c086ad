"""`glassnet explain` on runs and models: what it prints, and one clear line for what it cannot."""

import json
import math
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from glassnet import Network, files, recipes, runs
from glassnet.cli import app
from glassnet.cli.explain import explain
from glassnet.data import load
from glassnet.nn import Dense, Layer, ReLU
from glassnet.nn.layer import KINDS
from glassnet.recipes import Recipe
from glassnet.training import Checkpoints, End, Recorder, Step, Training, checkpoint

RECIPE = Recipe(
    data="moons", hidden=(6,), optimizer="adam", learning_rate=0.02, schedule="cosine", epochs=3,
    batch_size=16, threads=1,
)  # fmt: skip
COLOURS = ("red", "green", "blue")
Said = tuple[str, list[str]]


class Shy(Layer):
    """A layer that another program does not know."""


def train(folder: Path, recipe: Recipe = RECIPE) -> Training:
    """Make a run in the folder as `glassnet train` does."""
    folder.mkdir()
    data = load(str(recipe.data), **recipe.loading())
    run = recipes.training(recipe, recipes.network(recipe, data), data)
    runs.write_config(folder, recipe)
    run.fit(Recorder(folder / runs.HISTORY), Checkpoints(folder), progress=False)
    last = run.capture() if run.history[-1].reason != "diverged" else None
    run.restore_best()
    runs.write_model(folder, run.network, run.data, recipe)
    if last is not None:
        run.restore(last)
    return run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Training]:
    folder = tmp_path_factory.mktemp("runs") / "moons-1"
    return folder, train(folder)


@pytest.fixture
def copy(run: tuple[Path, Training], tmp_path: Path) -> Path:
    shutil.copytree(run[0], tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture
def explained(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """The command, called here: what it printed, and its notices."""

    def ask(model: object, sample: int = 0, **flags: object) -> Said:
        explain(str(model), sample, **flags)  # type: ignore[arg-type]
        said = capsys.readouterr()
        return said.out, said.err.splitlines()

    return ask


def test_a_run_is_told_from_its_last_checkpoint_with_the_step_that_resuming_makes(
    run: tuple[Path, Training], explained: Callable[..., Said]
) -> None:
    folder, going = run
    out, notices = explained(folder, 5, weight="1,1,3", as_json=True)
    told = json.loads(out)
    assert notices == []
    assert (told["step"], told["title"]) == (going.step, "weight 1 → 3 of layer 1 (Dense)")
    state = checkpoint.newest(folder)[0]
    data = load("moons", **RECIPE.loading())
    again = recipes.training(RECIPE, recipes.network(RECIPE, data), data)
    again.restore(state)
    again.change(epochs=4)
    while not isinstance(next(again), Step):
        pass
    new = told["sections"][2]["lines"][-1]
    assert new["key"] == "w_new"
    assert new["value"] == float(again.network.parameters["1.W"][1, 3])


def test_a_model_is_told_forward_and_backward(
    run: tuple[Path, Training], explained: Callable[..., Said]
) -> None:
    out, notices = explained(run[0] / "model.npz", 5, unit="1,3", as_json=True)
    told = json.loads(out)
    assert notices == []
    assert (told["step"], told["batch"], told["sample"]["index"]) == (None, None, 5)
    assert [section["name"] for section in told["sections"]] == ["forward", "backward"]
    network = files.load(run[0] / "model.npz")
    x = load("moons", **RECIPE.loading()).validation.images[5:6]
    arrays = network.new_pass(1)
    network.load(x, arrays)
    arrays.forward()
    assert told["sections"][0]["lines"][0]["value"] == float(arrays.activations[1][0, 3])


def test_in_the_terminal_numbers_stand_in_columns(
    run: tuple[Path, Training], explained: Callable[..., Said]
) -> None:
    out, _ = explained(run[0], 5, weight="3,2,1")
    lines = out.splitlines()
    assert lines[0] == "weight 2 → 1 of layer 3 (Dense)"
    assert lines[2].startswith("Sample 5: read as ")
    assert "Forward: what the unit makes of the sample" in lines
    for section in re.split(r"\n\n", out)[2:5]:
        ends = {
            match.end()
            for line in section.splitlines()[1:]
            if (match := re.match(r".{0,12}?  +[−\d.e+]+", line))
        }
        assert len(ends) <= 2, section  # the value, and the head above it
    assert "\x1b" not in out  # no colours in a pipe


def test_without_a_weight_it_picks_a_telling_one_and_says_so(
    run: tuple[Path, Training], explained: Callable[..., Said]
) -> None:
    out, _ = explained(run[0], 5)
    assert out.splitlines()[0] == (
        "The weight whose gradient is largest for this sample; --weight and --unit choose another"
    )
    assert json.loads(explained(run[0], 5, as_json=True)[0])["weight"] is not None


def test_another_answer_may_count_as_right(
    run: tuple[Path, Training], explained: Callable[..., Said]
) -> None:
    names = run[1].network.classes
    for k, name in enumerate(names):
        for given in (name, str(k)):
            told = json.loads(explained(run[0], 5, unit="3,0", label=given, as_json=True)[0])
            assert told["sample"]["label"] == (list(names).index(given) if given in names else k)


def test_another_set_may_give_the_example(
    run: tuple[Path, Training], explained: Callable[..., Said], tmp_path: Path
) -> None:
    random = np.random.default_rng(0)
    np.savez(tmp_path / "new.npz", x=random.normal(size=(20, 2)), y=np.arange(20) % 2)
    for model in (run[0], run[0] / "model.npz"):
        told = json.loads(explained(model, 19, data=str(tmp_path / "new.npz"), as_json=True)[0])
        assert told["sample"]["index"] == 19


def test_rows_of_another_table_go_in_as_they_did_in_training(
    tmp_path: Path, explained: Callable[..., Said]
) -> None:
    random = np.random.default_rng(0)
    rows = [f"{a:.2f},{c},{a + 3 * (c == 'red'):.2f}" for a, c in zip(random.normal(5, 2, 60), COLOURS * 20)]
    for name, some in (("old.csv", rows), ("new.csv", rows[1::3])):  # the new one has a single colour
        (tmp_path / name).write_text("\n".join(["size,colour,price", *some]) + "\n")
    recipe = Recipe(data=str(tmp_path / "old.csv"), label="price", hidden=(4,), epochs=1, threads=1)
    train(tmp_path / "run", recipe)
    for data in ("old.csv", "new.csv"):
        flags = {"data": str(tmp_path / data), "unit": "1,2", "as_json": True}
        of_run, of_model = (
            json.loads(explained(tmp_path / model, 3, **flags)[0]) for model in ("run", "run/model.npz")
        )
        assert of_run["sample"] == of_model["sample"]
        assert of_run["loss"] == of_model["loss"]
    row = rows[1::3][3].split(",")
    assert of_run["sample"]["label"] == float(row[2])


BAD = [
    ({"sample": 999}, r"sample: expected a validation example, 0 to \d+, got 999"),
    ({"weight": "1,2,1"}, r"weight: expected input 0 to 1 of layer 1 \(Dense\), got 2"),
    ({"weight": "2,0,1"}, r"weight: expected one of a Dense layer, got layer 2 \(ReLU\)"),
    ({"weight": "1,2"}, "--weight: expected LAYER,I,J, whole numbers, got '1,2'"),
    ({"weight": "1,x,2"}, "--weight: expected LAYER,I,J, whole numbers, got '1,x,2'"),
    ({"unit": "1"}, "--unit: expected LAYER,J, whole numbers, got '1'"),
    ({"unit": "9,1"}, "layer: expected 1 to 4, got 9"),
    ({"unit": "1,1", "weight": "1,1,1"}, "--unit: expected alone or --weight alone, got both"),
    ({"label": "cat"}, "--label: expected one of the classes .*, got 'cat'"),
    ({"label": "7"}, "label: expected a class, 0 to 1, got 7"),
    ({"data": "nowhere.csv"}, "nowhere.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "said"), BAD, ids=[said for _, said in BAD])
def test_bad_input_is_said_in_one_line(
    run: tuple[Path, Training], explained: Callable[..., Said], flags: dict[str, object], said: str
) -> None:
    with pytest.raises((ValueError, OSError), match=said) as caught:
        explained(run[0], **flags)
    assert "\n" not in str(caught.value)


def test_a_run_without_a_checkpoint_is_told_by_its_model(copy: Path, explained: Callable[..., Said]) -> None:
    for path in copy.glob("checkpoint*.npz"):
        path.unlink()
    out, notices = explained(copy, 5, as_json=True)
    assert json.loads(out)["batch"] is None
    (notice,) = notices
    assert "expected a run with a checkpoint, found none in it; shown is its model, forward and" in notice
    (copy / "model.npz").unlink()
    with pytest.raises(FileNotFoundError, match="expected a run with a checkpoint, found none"):
        explained(copy, 5)


def test_a_damaged_checkpoint_gives_way_to_the_one_before(
    run: tuple[Path, Training], copy: Path, explained: Callable[..., Said]
) -> None:
    path = copy / "checkpoint.npz"
    path.write_bytes(path.read_bytes()[:-100])
    out, (notice,) = explained(copy, 5, as_json=True)
    assert "checkpoint" in notice
    assert "model" not in notice
    told = json.loads(out)
    assert told["sections"][-1]["name"] == "update"
    assert told["step"] == checkpoint.newest(copy)[0].place.step < run[1].step


def test_a_run_that_diverged_is_told_from_before(tmp_path: Path, explained: Callable[..., Said]) -> None:
    recipe = replace(RECIPE, optimizer="sgd", learning_rate=1e30, schedule="constant")
    end = train(tmp_path / "run", recipe).history[-1]
    assert isinstance(end, End)
    assert end.reason == "diverged"
    out, (notice,) = explained(tmp_path / "run", 5, as_json=True)
    assert "this run diverged after step" in notice
    told = json.loads(out)
    assert told["step"] < end.step
    assert math.isfinite(told["loss"])


def test_data_that_cannot_be_had_is_said(copy: Path, explained: Callable[..., Said], tmp_path: Path) -> None:
    text = (copy / runs.CONFIG).read_text(encoding="utf-8")
    (copy / runs.CONFIG).write_text(text.replace('"moons"', '"gone.csv"'), encoding="utf-8")
    with pytest.raises(ValueError, match=r"expected the data that it was trained on: gone.csv"):
        explained(copy)
    network = Network([Dense(3), ReLU(), Dense(2)], 2, loss="cross_entropy")
    files.save(network, tmp_path / "bare.npz")
    with pytest.raises(
        ValueError, match="expected --data, since the model does not say what it was trained on"
    ):
        explained(tmp_path / "bare.npz")


@pytest.mark.slow
def test_the_example_of_the_page_is_what_the_commands_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "look-inside.md").read_text(encoding="utf-8")
    train_line, explain_line = re.findall(r"^glassnet .*moons.*$", page, re.MULTILINE)
    shown = page.partition("```text\n")[2].partition("\n```")[0]
    monkeypatch.chdir(tmp_path)
    printed = ""
    for line in (train_line, explain_line):
        app(line.split()[1:], standalone_mode=False)
        printed = capsys.readouterr().out
    number = re.compile(r"−?\d+\.?\d*(?:e[−+]\d+)?")
    told, expected = ([float(n.replace("−", "-")) for n in number.findall(text)] for text in (printed, shown))
    assert told == pytest.approx(expected, rel=1e-3, abs=1e-6)  # last bits differ between processors
    words = [re.sub(r" +", " ", number.sub("#", text)) for text in (printed.rstrip(), shown)]
    assert words[0] == words[1]


def test_a_layer_of_another_program_is_said(copy: Path, explained: Callable[..., Said]) -> None:
    network = Network([Dense(3), Shy(), Dense(2)], 2, loss="cross_entropy")
    path = copy / "shy.npz"
    files.save(network, path, {"data": "moons"})
    kind = KINDS.pop("Shy")
    try:
        with pytest.raises(ValueError, match="unknown layer 'Shy'"):
            explained(path)
    finally:
        KINDS["Shy"] = kind
