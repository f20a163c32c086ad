"""`glassnet runs`: the list of runs, and runs beside each other, by the command itself."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

import glassnet as gn
from e2e.command import glassnet, tree
from e2e.conftest import Trained
from glassnet.training import events


@pytest.fixture
def work(trained: Trained, tmp_path: Path) -> Path:
    """A folder with three runs, the first as it was trained, the others edited, and what is no run."""
    folder = tmp_path / "runs"
    for age, name in ((3, "first"), (2, "second"), (1, "third")):
        shutil.copytree(trained.folder, folder / name)
        config = folder / name / "config.toml"
        if name != "first":
            text = config.read_text(encoding="utf-8").replace("seed = 0", f"seed = {age}")
            config.write_text(text, encoding="utf-8")
        history = folder / name / "history.jsonl"
        if name == "third":  # cut off in its second epoch
            lines = history.read_bytes().splitlines(keepends=True)
            epochs = [i for i, line in enumerate(lines) if b'"kind": "epoch"' in line]
            history.write_bytes(b"".join(lines[: epochs[0] + 2]) + lines[epochs[0] + 2][:20])
        os.utime(history, (1.6e9 - age, 1.6e9 - age))
    return tmp_path


def test_all_runs_are_listed_newest_last(work: Path, env: dict[str, str]) -> None:
    (work / "runs" / "empty").mkdir()
    (work / "runs" / "broken").mkdir()
    (work / "runs" / "broken" / "config.toml").write_text("epochs = = 3")
    before = tree(work)
    outcome = glassnet(["runs"], work, env)
    assert outcome.code == 0, outcome.err
    heading, *lines = outcome.out.splitlines()
    assert heading.split() == ["run", "data", "hidden", "epochs", "best", "at", "seconds", "ended", "when"]
    assert [line.split()[0] for line in lines] == ["first", "second", "third"]
    row = r"\w+ +mnist-sample +192 relu +{} +accuracy 0\.\d{{4}} +[12] +\d\.\d\d +{}  2020-09-1\d \d\d:\d\d"
    assert re.fullmatch(row.format("2", "finished  "), lines[0])
    assert re.fullmatch(row.format("1 of 2", "unfinished"), lines[2])
    assert len({line.index("2020-") for line in lines}) == 1
    errors = outcome.err.splitlines()
    assert len(errors) == 2
    assert re.fullmatch(r"glassnet: runs.broken.config\.toml: expected settings in TOML: .*", errors[0])
    assert re.fullmatch(
        r"glassnet: runs.empty: expected a run with config\.toml, found none in it", errors[1]
    )
    assert tree(work) == before


def test_two_runs_beside_each_other(work: Path, env: dict[str, str], trained: Trained) -> None:
    outcome = glassnet(["runs", "first", str(Path("runs") / "third")], work, env)
    assert (outcome.code, outcome.err) == (0, "")
    differ, numbers, picture = outcome.out.split("\n\n")
    assert [line.split() for line in differ.splitlines()] == [
        ["settings", "that", "differ", "first", "third"],
        ["seed", "0", "1"],
    ]
    rows = {line[:19].strip(): line[19:].split() for line in numbers.splitlines()}
    assert rows["at the best epoch"] == ["first", "third"]
    assert rows["epochs"] == ["2", "1"]
    assert rows["parameters"] == [f"{gn.load(trained.folder / 'model.npz').size:,}"] * 2
    assert rows["ended"] == ["finished", "unfinished"]
    epochs = [e for e in events.read(trained.folder / "history.jsonl") if isinstance(e, events.Epoch)]
    best = max(epochs, key=lambda e: (e.validation_accuracy, -(e.validation_loss or 0)))
    assert rows["validation accuracy"] == [f"{e.validation_accuracy:.4f}" for e in (best, epochs[0])]
    assert rows["training loss"] == [f"{e.loss:.4f}" for e in (best, epochs[0])]
    assert set(rows) == {
        "at the best epoch", "epochs", "best epoch", "training loss", "training accuracy", "validation loss",
        "validation accuracy", "seconds", "parameters", "ended",
    }  # fmt: skip
    drawn = Path("runs", "comparison.png")
    assert picture == f"Their curves: {drawn}\n"
    assert (work / drawn).read_bytes().startswith(b"\x89PNG")


def test_all_runs_beside_each_other(work: Path, env: dict[str, str]) -> None:
    outcome = glassnet(["runs", "--compare", "--out", "all.png"], work, env)
    assert (outcome.code, outcome.err) == (0, "")
    assert re.search(r"^seed +0 +2 +1$", outcome.out, re.MULTILINE)
    assert outcome.out.endswith("\nTheir curves: all.png\n")
    assert (work / "all.png").read_bytes().startswith(b"\x89PNG")


def test_one_run_shows_all_its_settings(work: Path, env: dict[str, str]) -> None:
    outcome = glassnet(["runs", "first", "runs/../runs/first"], work, env)
    assert (outcome.code, outcome.err) == (0, "")
    assert re.search(r"^hidden +192$", outcome.out, re.MULTILINE)
    assert re.search(rf"^glassnet +{gn.__version__}$", outcome.out, re.MULTILINE)
    assert "Their curves" not in outcome.out


def test_runs_of_one_name_and_the_same_settings(work: Path, env: dict[str, str]) -> None:
    shutil.copytree(work / "runs" / "first", work / "elsewhere" / "first")
    outcome = glassnet(["runs", "first", "elsewhere/first"], work, env)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("The settings are the same.\n\nat the best epoch")
    assert f"{Path('runs/first')}  {Path('elsewhere/first')}\n" in outcome.out


def test_the_same_as_json(work: Path, env: dict[str, str]) -> None:
    (work / "runs" / "empty").mkdir()
    outcome = glassnet(["runs", "--json"], work, env)
    assert outcome.code == 0
    assert outcome.err.count("\n") == 1
    first, _, third = json.loads(outcome.out)
    assert (first["run"], first["epochs"], first["ended"]) == (str(Path("runs", "first")), 2, "finished")
    assert (first["settings"]["hidden"], first["made_by"]["glassnet"]) == ([192], gn.__version__)
    assert third["best_epoch"] == 1
    assert 0 < third["validation_accuracy"] < 1
    assert third["r2"] is None
    named = glassnet(["runs", "--json", "third"], work, env)
    assert json.loads(named.out) == [third]
    assert not (work / "runs" / "comparison.png").exists()


def test_a_picture_that_cannot_be_drawn_is_no_condition(work: Path, env: dict[str, str]) -> None:
    (work / "runs" / "comparison.png").mkdir()
    outcome = glassnet(["runs", "first", "second"], work, env)
    assert outcome.code == 0
    assert re.fullmatch(r"glassnet: runs.comparison\.png: not drawn \(.+\); see --out\n", outcome.err)
    assert "validation accuracy" in outcome.out
    for name in ("first", "second"):
        (work / "runs" / name / "history.jsonl").unlink()
    outcome = glassnet(["runs", "first", "second", "--out", "p.png"], work, env)
    assert outcome.code == 0
    assert re.fullmatch(r"glassnet: p\.png: not drawn \(.+\)\n", outcome.err)
    assert re.search(r"^epochs +0 +0$", outcome.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--dir", "gone"],
            "gone: expected a folder with runs, found none; train makes one, --dir names ano",
        ),
        (["fourth"], "fourth: expected a run's folder, or the name of one in runs, found none"),
        (["first", "broken"], r"runs.broken.config\.toml: expected settings, got an empty file"),
        (["first", "--out", "p.jpg"], r"--out: expected a name that ends in \.png, got p\.jpg"),
        (["--out", "p.png"], "--out: expected runs to compare, got none; name them, or see --compare"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    arguments: list[str], message: str, work: Path, env: dict[str, str]
) -> None:
    (work / "runs" / "broken").mkdir()
    (work / "runs" / "broken" / "config.toml").touch()
    before = tree(work)
    outcome = glassnet(["runs", *arguments], work, env)
    assert (outcome.code, outcome.out) == (2, "")
    assert re.match(f"glassnet: {message}", outcome.err)
    assert outcome.err.count("\n") == 1
    assert tree(work) == before


def test_a_folder_without_runs(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "runs").mkdir()
    for more in ([], ["--compare"]):
        outcome = glassnet(["runs", *more], tmp_path, env)
        assert outcome == (0, "", "glassnet: runs: no runs in it\n")
    assert glassnet(["runs", "--json"], tmp_path, env).out == "[]\n"
