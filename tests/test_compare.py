"""Reading runs back from their folders: whole, cut off, diverged, of another version, or none at all."""

import os
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from glassnet import compare, runs
from glassnet.training import events
from glassnet.training.events import Change, End, Epoch, Start, Step

SETTINGS = {"data": "digits", "hidden": [16], "optimizer": "adam", "learning_rate": 0.1, "epochs": 3}


def epoch(number: int, loss: Any, validation: Any = None, accuracy: Any = None, **more: Any) -> Epoch:
    return Epoch(number, 10 * number, 0.5, loss, 0.9, validation, accuracy, "running", 0.1, **more)


THREE = [epoch(1, 0.9, 0.8, 0.7), epoch(2, 0.5, 0.6, 0.9), epoch(3, 0.3, 0.7, 0.9)]
START, END = Start(0, 0, settings={"parameters": 1234}), End(3, 30, "finished", 1.5)


def write(
    folder: Path, settings: dict[str, Any] | str = SETTINGS, recorded: Any = (START, *THREE, END)
) -> Path:
    """A run's folder; `recorded` are events, or the bytes of its history, or None for no history."""
    folder.mkdir(parents=True)
    made_by = {"glassnet": "0.1.0", "numpy": "2.4"}
    text = settings if isinstance(settings, str) else tomli_w.dumps({**settings, "made_by": made_by})
    (folder / "config.toml").write_text(text, encoding="utf-8")
    if recorded is not None:
        lines = recorded
        if not isinstance(recorded, bytes):
            lines = "".join(events.to_json(event) + "\n" for event in recorded).encode()
        (folder / "history.jsonl").write_bytes(lines)
    return folder


def test_the_names_of_the_files_are_those_of_runs() -> None:
    assert (compare.CONFIG, compare.HISTORY) == (runs.CONFIG, runs.HISTORY)


def test_a_run_is_read_from_its_folder(tmp_path: Path) -> None:
    step = Step(1, 1, 2.0, 0.1, 0.1)
    run = compare.read(write(tmp_path / "run", recorded=[START, step, *THREE, END]))
    assert run.name == "run"
    assert run.settings == SETTINGS
    assert run.made_by == {"glassnet": "0.1.0", "numpy": "2.4"}
    assert list(run.epochs) == THREE
    assert (run.ended, run.seconds, run.parameters) == ("finished", 1.5, 1234)
    assert run.best == THREE[1]  # as accurate as the third, of lower loss
    assert run.numbers() == {
        "epochs": 3, "best_epoch": 2, "loss": 0.5, "validation_loss": 0.6, "accuracy": 0.9,
        "validation_accuracy": 0.9, "r2": None, "validation_r2": None, "mae": None, "validation_mae": None,
        "seconds": 1.5, "parameters": 1234,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("epochs", "best"),
    [
        ([], None),
        ([epoch(1, 0.5), epoch(2, 0.4), epoch(3, 0.6)], 2),
        ([epoch(1, 0.5), epoch(2, 0.5)], 1),
        ([epoch(1, 0.5, 0.4, 0.8), epoch(2, 0.4, 0.4, 0.8)], 1),
        ([epoch(1, 0.5, 0.4), epoch(2, 0.1, 0.3), epoch(3, 0.01, 0.9)], 2),
        ([epoch(1, 0.5, 0.4, 0.8), epoch(2, None, None, 0.99)], 1),
        ([epoch(1, None), epoch(2, None)], None),
        ([epoch(1, 0.5), epoch(2, None)], 1),
        ([epoch(1, 0.5, 0.4, 0.8), epoch(2, None, 0.3, 0.9)], 2),
    ],
    ids=[
        "none", "by training", "the first of equals", "of equal validation", "values", "diverged later",
        "never finite", "then not", "finite where it counts",
    ],
)  # fmt: skip
def test_the_best_epoch(epochs: list[Epoch], best: int | None, tmp_path: Path) -> None:
    run = compare.read(write(tmp_path / "run", recorded=[START, *epochs]))
    assert (run.best.epoch if run.best else None) == best
    assert run.numbers()["best_epoch"] == best


def test_values_have_r2_and_the_mean_absolute_error(tmp_path: Path) -> None:
    one = epoch(1, 0.5, 0.4, r2=0.5, mae=3.0, validation_r2=0.6, validation_mae=2.5)
    numbers = compare.read(write(tmp_path / "run", recorded=[START, one])).numbers()
    assert [numbers[n] for n in ("r2", "mae", "validation_r2", "validation_mae")] == [0.5, 3.0, 0.6, 2.5]


def test_a_run_that_was_cut_off(tmp_path: Path) -> None:
    """Its last line may end anywhere, in the middle of a letter too."""
    lines = "".join(events.to_json(event) + "\n" for event in (START, *THREE)).encode()
    for stop in range(len(lines) - 150, len(lines)):
        run = compare.read(write(tmp_path / f"{stop}", recorded=lines[:stop]))
        assert run.ended == "unfinished"
        assert run.seconds == 0.5 * len(run.epochs)
        assert len(run.epochs) >= 2


def test_a_run_that_has_not_begun(tmp_path: Path) -> None:
    for name, recorded in (("none", None), ("empty", b""), ("begun", [START])):
        run = compare.read(write(tmp_path / name, recorded=recorded))
        assert (run.ended, run.best, run.seconds, list(run.epochs)) == ("unfinished", None, 0, [])


def test_a_run_that_was_resumed(tmp_path: Path) -> None:
    """What it did again counts once, as it came out last; its first end is not its end."""
    again, change = epoch(3, 0.2, 0.5, 0.95), Change(3, 30, {"epochs": [3, 4]})
    stopped = [START, *THREE, End(3, 30, "interrupted", 1.5), change]
    run = compare.read(write(tmp_path / "on", recorded=[*stopped, START, again]))
    assert [(e.epoch, e.loss) for e in run.epochs] == [(1, 0.9), (2, 0.5), (3, 0.2)]
    assert run.ended == "unfinished"
    assert run.changes == [change]
    run = compare.read(write(tmp_path / "over", recorded=[*stopped, again, End(4, 40, "early", 2.5)]))
    assert (run.ended, run.seconds) == ("early", 2.5)


def test_a_run_of_another_version(tmp_path: Path) -> None:
    """With settings, events and fields that this one does not know, and without some that it does."""
    lines = (
        b'{"kind": "start", "epoch": 0, "step": 0, "colour": "red"}\n{"kind": "weather", "rain": 1}\n'
        b'{"kind": "epoch", "epoch": 1, "step": 2, "seconds": 1, "loss": 0.5, "accuracy": null,'
        b' "validation_loss": null, "validation_accuracy": null, "measured": "new", "learning_rate": 1,'
        b' "f1": 1}\n'
        b'{"kind": "end", "epoch": 1, "step": 2, "reason": "bored", "seconds": 1}\n'
    )
    run = compare.read(
        write(tmp_path / "run", 'shape = [[1, 2], [3]]\nmade_by = "hand"\n[new]\na = 1\n', lines)
    )
    assert run.settings == {"shape": [[1, 2], [3]], "new": {"a": 1}}
    assert (run.made_by, run.ended, run.parameters, run.numbers()["loss"]) == ({}, "bored", None, 0.5)


def changed(text: str, into: str) -> bytes:
    """A history of one epoch, with some of its text changed."""
    line = '{"kind": "epoch", "epoch": 1, "step": 2, "seconds": 1, "loss": 0.5, "accuracy": null,'
    line += ' "validation_loss": 1, "validation_accuracy": 1, "measured": "full", "learning_rate": 1}\n'
    return line.replace(text, into).encode()


END_WITHOUT = '{"kind": "end", "epoch": 1, "step": 1, "reason": %s, "seconds": %s}\n'
START_WITH = '{"kind": "start", "epoch": 0, "step": 0, "settings": %s}\n'
UNREADABLE = {
    "no settings": ("", b"", "config.toml: expected settings, got an empty file: the run did not come to b"),
    "no TOML": ("a = = 1", b"", "config.toml: expected settings in TOML: .*line 1"),
    "two lines of no TOML": ('a = "\n"', b"", "config.toml: expected settings in TOML"),
    "no history": (SETTINGS, b"hello\nhello\n", "history.jsonl, line 1: recording: expected a JSON record"),
    "half a record": (SETTINGS, b'{"kind": "epoch"}\n{}', "history.jsonl, line 1: .*whole 'epoch' record"),
    "a loss of text": (SETTINGS, changed("0.5", '"low"'), "expected loss in a record 'epoch', got 'low'"),
    "an epoch in a list": (SETTINGS, changed('"epoch": 1', '"epoch": [1]'), "expected epoch in a record"),
    "an infinite time": (SETTINGS, changed('"seconds": 1', '"seconds": 1e999'), "expected seconds .* 'inf'"),
    "no time": (SETTINGS, (END_WITHOUT % ('"x"', "null")).encode(), "expected seconds in a record 'end'"),
    "no reason": (SETTINGS, (END_WITHOUT % (5, 1)).encode(), "expected reason in a record 'end', got '5'"),
    "settings in a list": (SETTINGS, (START_WITH % "[1]").encode(), "expected settings in a record 'start'"),
    "a picture": (SETTINGS, b"\x89PNG\r\n\x1a\n\0\0\0", "history.jsonl, line 1: recording: expected a JSON"),
}


@pytest.mark.parametrize(("settings", "history", "message"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_run_is_said_in_one_line(
    settings: Any, history: bytes, message: str, tmp_path: Path
) -> None:
    folder = write(tmp_path / "run", settings, history)
    with pytest.raises(ValueError, match=message) as caught:
        compare.read(folder)
    assert str(caught.value).startswith(str(folder))
    assert "\n" not in str(caught.value)


def test_settings_in_another_encoding(tmp_path: Path) -> None:
    write(tmp_path / "run")
    (tmp_path / "run" / "config.toml").write_bytes('data = "Größe"'.encode("latin-1"))
    with pytest.raises(ValueError, match=r"config.toml: expected settings in TOML"):
        compare.read(tmp_path / "run")


def test_a_folder_without_a_run(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"expected a run with config\.toml, found none in it"):
        compare.read(tmp_path)
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(OSError, match=r"config\.toml"):
        compare.read(tmp_path)


def test_runs_are_found_newest_last_and_the_others_named(tmp_path: Path) -> None:
    for age, name in enumerate(("c", "a", "b")):
        history = write(tmp_path / name) / "history.jsonl"
        os.utime(history, (1e9 - age, 1e9 - age))
    write(tmp_path / "broken", "")
    write(tmp_path / ".hidden", "")
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").touch()
    found, problems = compare.find(tmp_path)
    assert [run.name for run in found] == ["b", "a", "c"]
    assert [Path(problem.split(": ")[0]) for problem in problems] == [
        tmp_path / "broken" / "config.toml",
        tmp_path / "empty",
    ]


def test_the_settings_that_differ(tmp_path: Path) -> None:
    one = compare.read(write(tmp_path / "one"))
    two = compare.read(write(tmp_path / "two", {**SETTINGS, "hidden": [16, 8], "clip": 1.0}))
    same = compare.read(write(tmp_path / "same"))
    assert compare.differences([one, two]) == {"hidden": [[16], [16, 8]], "clip": [None, 1.0]}
    assert compare.differences([one, same]) == {}
    assert compare.differences([one]) == {**{n: [v] for n, v in SETTINGS.items()}, "glassnet": ["0.1.0"]}
    other = compare.read(
        write(tmp_path / "other", tomli_w.dumps({**SETTINGS, "made_by": {"glassnet": "0.0.9"}}))
    )
    assert compare.differences([one, other, same]) == {"glassnet": ["0.1.0", "0.0.9", "0.1.0"]}
