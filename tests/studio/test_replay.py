"""A run's folder in the studio: all of its course, its exact end, and a line for what is missing."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from e2e.command import tree
from glassnet import recipes, runs
from glassnet.data import load
from glassnet.recipes import Recipe
from glassnet.studio.replay import Opened, open_run
from glassnet.studio.setups import Opening
from glassnet.training import Checkpoints, End, Event, Frames, Recorder, Step, Training, events, frames
from studio.watched import Watched
from training.small import bits, timeless

RECIPE = Recipe(
    data="blobs",
    hidden=(8,),
    optimizer="adam",
    dropout=0.1,
    epochs=6,
    batch_size=16,
    threads=1,
    schedule="cosine",
)


def training(recipe: Recipe) -> Training:
    data = load(str(recipe.data), **recipe.loading())
    return recipes.training(recipe, recipes.network(recipe, data), data)


def record(folder: Path, recipe: Recipe = RECIPE, *, stop_at: int = 0, kill_at: int = 0) -> Training:
    """Make a run in the folder as `glassnet train` does; one that is killed has the checkpoint of a third."""
    folder.mkdir()
    run = training(recipe)
    runs.write_config(folder, recipe)
    recorder, shots, checkpoints = Recorder(folder / runs.HISTORY), Frames(folder), Checkpoints(folder, 1e9)
    told: list[Event] = []
    for event in run:
        told.append(event)
        for hear in (recorder, shots, checkpoints):
            hear(event, run)
        if isinstance(event, Step) and event.step == kill_at // 3:
            checkpoints.write(run.capture())
        if isinstance(event, Step) and event.step == stop_at:
            run.stop("interrupted")
        if isinstance(event, Step) and event.step == kill_at:
            recorder.close()
            run.close()
            return run
    recorder.close()
    last = run.network.copy()
    run.restore_best()
    runs.write_model(folder, run.network, run.data, recipe)
    run.network.parameters.vector[...] = last.parameters.vector
    return run


@pytest.fixture(scope="module")
def steps_of_whole() -> int:
    return len([event for event in training(RECIPE) if isinstance(event, Step)])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Training]:
    """A run that came to its end, with a frame every few steps."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "PER_FRAME", 1e-6)
        return folder, record(folder)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a frame took next to no time, so that a short run has many of them."""
    monkeypatch.setattr(frames, "PER_FRAME", 1e-6)


@pytest.fixture
def copy(whole: tuple[Path, Training], tmp_path: Path) -> Path:
    shutil.copytree(whole[0], tmp_path / "run")
    return tmp_path / "run"


def rest(run: Training) -> tuple[list[Any], bytes]:
    return [timeless(event) for event in run], bits(run.network)


def only_line(opened: Opened) -> str:
    (notice,) = opened.notices
    assert "\n" not in notice
    return notice


# ---- what is whole


def test_a_finished_run_is_opened_at_its_exact_end(whole: tuple[Path, Training]) -> None:
    folder, run = whole
    before = tree(folder)
    opened = open_run(folder)
    assert (opened.notices, opened.exact) == ([], True)
    assert opened.recipe == replace(RECIPE, threads="auto")
    assert bits(opened.run.network) == bits(run.network)
    assert (opened.run.step, opened.run.epoch) == (run.step, run.epoch)
    assert [timeless(e) for e in opened.run.history] == [timeless(e) for e in run.history[:-1]]
    branch = opened.timeline.branch
    assert (branch.ended, branch.step, branch.recording) == ("finished", run.step, False)
    assert opened.end == run.history[-1]
    assert opened.timeline.newest(branch.id).state is not None
    assert tree(folder) == before


def test_its_course_can_be_looked_at(whole: tuple[Path, Training]) -> None:
    folder, run = whole
    opened = open_run(folder)
    shots, _ = frames.read(folder)
    snapshots = opened.timeline.snapshots
    assert len(shots) > 15
    assert [snapshot.step for snapshot in snapshots] == [shot.step for shot in shots]
    for snapshot, shot in zip(snapshots[:-1], shots):
        assert snapshot.state is None
        assert snapshot.parameters.tobytes() == shot.parameters.tobytes()
        assert (snapshot.epoch, snapshot.network_state.size) == (shot.epoch, 0)
    assert snapshots[-1].parameters.tobytes() == run.network.parameters.vector.tobytes()
    curve = opened.timeline.branch.curve
    steps = [event for event in events.read(folder / runs.HISTORY) if isinstance(event, Step)]
    assert curve.points()[:, 1] == pytest.approx(np.array([step.loss for step in steps]), rel=1e-6)
    epochs = [event for event in run.history if event.kind == "epoch"]
    assert curve.epochs()[:, 3] == pytest.approx([e.validation_loss for e in epochs], rel=1e-6)  # type: ignore[union-attr]
    assert curve.judged()[:, 0].tolist() == [e.step for e in epochs]


def test_given_more_to_do_it_goes_on_to_the_same_bits(whole: tuple[Path, Training]) -> None:
    folder, _ = whole
    live = training(RECIPE)
    list(live)
    live.change(epochs=9)
    opened = open_run(folder).run
    opened.change(epochs=9)
    assert rest(opened) == rest(live)


def test_it_can_be_branched_from_its_end(whole: tuple[Path, Training]) -> None:
    opened = open_run(whole[0])
    timeline = opened.timeline
    newest = timeline.newest(timeline.current)
    branch = timeline.fork(newest.id)
    assert newest.state is not None
    opened.run.restore(newest.state, branch.history)
    opened.run.change(epochs=8, learning_rate=0.5)
    assert rest(opened.run)[0][-1].kind == "end"
    with pytest.raises(ValueError, match="branch: expected a point whose exact state is known"):
        timeline.fork(timeline.snapshots[0].id)


def test_an_interrupted_run_goes_on_where_it_was_stopped(tmp_path: Path, steps_of_whole: int) -> None:
    record(tmp_path / "run", stop_at=steps_of_whole // 2)
    opened = open_run(tmp_path / "run")
    assert (opened.notices, opened.exact, opened.end) == ([], True, None)
    assert opened.timeline.branch.ended is None
    assert opened.run.step == steps_of_whole // 2
    expected = training(RECIPE)
    for event in expected:
        if isinstance(event, Step) and event.step == steps_of_whole // 2:
            break
    assert rest(opened.run) == rest(expected)


# ---- where the recording goes on after the checkpoint


def test_of_a_killed_run_the_recording_is_one_branch_and_going_on_another(
    tmp_path: Path, steps_of_whole: int
) -> None:
    killed = steps_of_whole // 2
    record(tmp_path / "run", kill_at=killed)
    opened = open_run(tmp_path / "run")
    assert [line.partition(": ")[2] for line in opened.notices[:1]] == [
        f"the run was cut off after step {killed:,}, or still goes on"
    ]
    assert opened.notices[1:] == [
        f"the recording goes on to step {killed:,}; from the last checkpoint, of step {killed // 3:,}, the"
        " run goes on as branch B"
    ]
    trunk, branch = opened.timeline.branches.values()
    assert (trunk.step, branch.from_step, branch.step) == (killed, killed // 3, killed // 3)
    assert trunk.recording
    assert opened.timeline.branch is branch
    assert trunk.snapshots[-1].step > killed // 3
    with pytest.raises(
        ValueError, match="switch: expected a branch that can go on, got A, which is a recording"
    ):
        opened.timeline.switch(trunk.id)
    expected = training(RECIPE)
    told = rest(expected)
    assert [timeless(e) for e in opened.run.history] == [e for e in told[0] if e.kind != "step"][
        : len(opened.run.history)
    ]
    after, ended = rest(opened.run)
    assert (after, ended) == (told[0][-len(after) :], told[1])


def test_a_run_that_diverged_shows_how_it_did(tmp_path: Path) -> None:
    record(
        tmp_path / "run",
        replace(RECIPE, optimizer="sgd", learning_rate=1e6, schedule="constant", dropout=0.0),
    )
    opened = open_run(tmp_path / "run")
    trunk, branch = opened.timeline.branches.values()
    assert (trunk.ended, branch.ended, opened.end, opened.exact) == ("diverged", None, None, True)
    assert (branch.from_step, opened.run.step) == (0, 0)
    assert len(trunk.curve.points()) == trunk.step > 0
    assert "the recording goes on to step" in only_line(opened)


def test_without_memory_for_two_branches_the_end_is_left_out(tmp_path: Path, steps_of_whole: int) -> None:
    record(tmp_path / "run", kill_at=steps_of_whole // 2)
    opened = open_run(tmp_path / "run", budget=1)
    assert [*opened.timeline.branches] == [1]
    assert opened.timeline.branch.step == opened.run.step == steps_of_whole // 2 // 3
    assert "branch: expected room for one more" in opened.notices[1]
    assert opened.notices[1].endswith("; what came after the last checkpoint is left out")
    assert rest(opened.run)[0][-1].kind == "end"


# ---- what is missing or damaged


def test_an_older_run_has_no_frames(copy: Path) -> None:
    frames.remove(copy)
    opened = open_run(copy)
    assert (
        only_line(opened)
        == f"{copy}: expected frames of the run, found none: its weights on the way are not known"
    )
    assert (len(opened.timeline.snapshots), opened.exact) == (1, True)
    assert len(opened.timeline.branch.curve.points()) > 10


def test_a_killed_run_without_frames_keeps_its_curve(tmp_path: Path, steps_of_whole: int) -> None:
    record(tmp_path / "run", kill_at=steps_of_whole // 2)
    frames.remove(tmp_path / "run")
    opened = open_run(tmp_path / "run")
    trunk, branch = opened.timeline.branches.values()
    assert (trunk.step, branch.step) == (steps_of_whole // 2, steps_of_whole // 6)
    with pytest.raises(ValueError, match="got A, which is a recording"):
        opened.timeline.switch(trunk.id)


def test_frames_that_are_damaged_are_passed_over(copy: Path) -> None:
    path = copy / "frames" / "first.frames"
    path.write_bytes(path.read_bytes()[:-7])
    opened = open_run(copy)
    assert "first.frames: cut off or damaged at byte" in only_line(opened)
    assert opened.exact


def test_frames_of_another_network_are_passed_over(copy: Path, tmp_path: Path) -> None:
    record(tmp_path / "other", replace(RECIPE, hidden=(5,), epochs=1))
    frames.remove(copy)
    shutil.copytree(tmp_path / "other" / "frames", copy / "frames")
    opened = open_run(copy)
    assert "frames of another network passed over" in only_line(opened)
    assert len(opened.timeline.snapshots) == 1


def test_a_history_that_was_cut_off_is_shown_as_far_as_it_goes(copy: Path) -> None:
    path = copy / runs.HISTORY
    path.write_bytes(path.read_bytes()[:-30])
    opened = open_run(copy)
    assert (
        only_line(opened) == f"{path}: the run was cut off after step {opened.run.step:,}, or still goes on"
    )
    assert opened.exact
    assert opened.timeline.branch.ended is None
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:9]))
    opened = open_run(copy)
    assert opened.timeline.branch.curve.step == 8
    assert only_line(opened) == f"{path}: the run was cut off after step 8, or still goes on"
    assert rest(opened.run)[0][-1].kind == "end"


@pytest.mark.parametrize(
    "damage",
    [b"?", b"\x00" * 50,
     b'{"kind": "step", "step": "x", "epoch": 1, "loss": 1, "accuracy": 1, "learning_rate": 1}',
     b'{"kind": "step", "step": 3, "epoch": 1, "loss": [], "accuracy": 1, "learning_rate": 1}',
     b'{"kind": "epoch", "step": 3, "epoch": 1, "seconds": 1, "loss": "?", "accuracy": 1,'
     b' "validation_loss": 1, "validation_accuracy": 1, "measured": "running", "learning_rate": 1}'],
)  # fmt: skip
def test_damaged_lines_are_left_out(damage: bytes, copy: Path) -> None:
    path = copy / runs.HISTORY
    lines = path.read_bytes().splitlines()
    whole = len(open_run(copy).timeline.branch.curve.points())
    lines[3] = lines[5] = damage
    path.write_bytes(b"\n".join(lines) + b"\n")
    opened = open_run(copy)
    assert only_line(opened).startswith(f"{path}, line 4: recording: expected ")
    assert only_line(opened).endswith("; shown without it and 1 more")
    assert len(opened.timeline.branch.curve.points()) == whole - 2
    assert opened.exact


def test_numbers_that_were_not_finite_are_gaps(copy: Path) -> None:
    path = copy / runs.HISTORY
    lines = path.read_bytes().splitlines()
    lines[3] = (
        b'{"kind": "step", "epoch": 1, "step": 3, "loss": null, "accuracy": null, "learning_rate": null}'
    )
    path.write_bytes(b"\n".join(lines) + b"\n")
    opened = open_run(copy)
    assert opened.notices == []
    assert np.isnan(opened.timeline.branch.curve.points()[2, 1:]).all()


def test_without_its_history_there_are_no_curves(copy: Path) -> None:
    (copy / runs.HISTORY).unlink()
    opened = open_run(copy)
    assert only_line(opened) == (
        f"{copy / runs.HISTORY}: expected the recording of the run, found none: there are no curves"
    )
    assert opened.exact
    assert len(opened.timeline.snapshots) > 15
    assert len(opened.timeline.branch.curve.points()) == 0


def test_a_checkpoint_that_is_damaged_gives_way_to_the_one_before(copy: Path) -> None:
    path = copy / "checkpoint.npz"
    path.write_bytes(path.read_bytes()[:-100])
    opened = open_run(copy)
    assert opened.exact
    assert "checkpoint-before.npz, step 0" in opened.notices[0]
    assert opened.timeline.branch.name == "B"
    assert opened.run.step == 0


# ---- without a checkpoint


def without_checkpoint(folder: Path) -> None:
    for name in ("checkpoint.npz", "checkpoint-before.npz"):
        (folder / name).unlink(missing_ok=True)


def test_without_a_checkpoint_the_model_is_shown_and_it_cannot_go_on(copy: Path) -> None:
    from glassnet import files

    without_checkpoint(copy)
    opened = open_run(copy)
    assert only_line(opened) == (
        f"{copy}: expected a run with a checkpoint, found none in it; the run can be looked at, but not go on"
    )
    assert not opened.exact
    best = max(
        (e for e in opened.timeline.branch.history if e.kind == "epoch"),
        key=lambda e: (e.validation_accuracy, -e.validation_loss),
    )  # type: ignore[union-attr]
    model = files.load(copy / runs.MODEL)
    assert bits(opened.run.network) == bits(model)
    assert (opened.run.step, opened.run.epoch) == (best.step, best.epoch)
    shown = next(snapshot for snapshot in opened.timeline.snapshots if snapshot.step == best.step)
    assert shown.parameters.tobytes() == model.parameters.vector.tobytes()
    assert isinstance(opened.end, End)
    for act in (lambda: opened.timeline.fork(shown.id), lambda: opened.timeline.switch(1)):
        with pytest.raises(ValueError, match=r"expected a (point|branch)"):
            act()


def test_without_checkpoint_and_model_the_last_frame_is_shown(copy: Path) -> None:
    without_checkpoint(copy)
    (copy / runs.MODEL).unlink()
    opened = open_run(copy)
    assert len(opened.notices) == 2
    assert opened.notices[1].endswith(
        "model.npz: expected a model file, found none; shown is the last frame, whose weights are rounded"
    )
    assert not opened.exact
    newest = opened.timeline.newest(1)
    assert opened.run.network.parameters.vector.tobytes() == newest.parameters.tobytes()
    assert opened.run.step == newest.step


def test_a_model_of_another_network_is_not_shown(copy: Path, tmp_path: Path) -> None:
    record(tmp_path / "other", replace(RECIPE, hidden=(5,), epochs=1))
    without_checkpoint(copy)
    shutil.copy(tmp_path / "other" / runs.MODEL, copy / runs.MODEL)
    opened = open_run(copy)
    assert "expected a model of " in opened.notices[1]


def test_a_run_of_which_nothing_is_left_is_refused(copy: Path) -> None:
    without_checkpoint(copy)
    (copy / runs.MODEL).unlink()
    frames.remove(copy)
    with pytest.raises(
        ValueError, match=r"run: expected a run with a checkpoint, a model or frames that are whole, found"
    ):
        open_run(copy)


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(
            FileNotFoundError, match=r"expected a run's folder with a config.toml, found none"
        ):
            open_run(folder)


# ---- data that are gone, or others


@pytest.fixture
def table(tmp_path: Path) -> tuple[Path, Path]:
    """A run of a table, and the table's file."""
    rows = np.random.default_rng(0).normal(size=(60, 3)).round(3)
    lines = ["a,b,c,label", *(f"{a},{b},{c},{'yes' if a > b else 'no'}" for a, b, c in rows)]
    path = tmp_path / "table.csv"
    path.write_text("\n".join(lines) + "\n")
    record(tmp_path / "run", replace(RECIPE, data=str(path), label="label", epochs=2))
    return tmp_path / "run", path


def test_data_that_are_gone(table: tuple[Path, Path]) -> None:
    folder, path = table
    assert open_run(str(folder)).exact
    path.unlink()
    with pytest.raises(
        ValueError, match=r"run: expected the data that it was trained on: .*table.csv: expected a file"
    ) as caught:
        open_run(folder)
    assert "\n" not in str(caught.value)


def test_data_that_are_others_can_be_looked_at_only(table: tuple[Path, Path]) -> None:
    folder, path = table
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:1], *lines[2:], lines[1].replace(",", "1,", 1)]) + "\n")
    opened = open_run(folder)
    assert not opened.exact
    assert "restore: expected training data" in only_line(opened)
    assert only_line(opened).endswith("; the run can be looked at, but not go on")
    assert len(opened.timeline.snapshots) > 5


def test_a_run_that_diverged_at_once_without_a_checkpoint_stands_before_its_first_step(
    tmp_path: Path,
) -> None:
    wild = replace(RECIPE, data="sine", optimizer="sgd", learning_rate=3.0, dropout=0.0, hidden=(32, 32))
    run = record(tmp_path / "run", wild)
    assert run.step > 0
    for checkpoint in (tmp_path / "run").glob("checkpoint*"):
        checkpoint.unlink()
    opened = open_run(tmp_path / "run")
    assert opened.end is not None
    assert opened.end.reason == "diverged"
    assert opened.run.step == 0
    first = training(wild).network.parameters.vector
    np.testing.assert_array_equal(opened.run.network.parameters.vector, first)
    with Watched(opening=Opening(run=str(tmp_path / "run"))) as watched:
        assert watched.judged()["step"] == 0
        assert watched.session_is("diverged")
