"""A recording that a resumed run goes on with: cut back to what its state knew."""

from pathlib import Path
from typing import Any

import pytest

from glassnet.training import Recorder, State, Training, events
from training.small import kinds, timeless, training


def recorded(path: Path, after: int, **settings: Any) -> tuple[Training, State, list[Any]]:
    """A run whose state was captured after so many events, and which went on to its end."""
    run, recorder = training(**settings), Recorder(path)
    known = []
    for _ in range(after):
        known.append(next(run))
        recorder(known[-1], run)
    state = run.capture()
    for event in run:
        recorder(event, run)
    return run, state, known


def cut(path: Path, state: State) -> Recorder:
    """Go on with the recording: the file is cut back when the first event is heard."""
    before = path.read_bytes()
    recorder = Recorder(path, resume_at=state)
    assert path.read_bytes() == before
    recorder(MORE, training())
    recorder.close()
    return recorder


def left(path: Path) -> list[Any]:
    *found, more = events.read(path)
    assert more == MORE
    return found


MORE = events.Change(9, 99, {})


@pytest.mark.parametrize("after", range(11))
def test_it_is_cut_back_to_what_the_state_knew(after: int, tmp_path: Path) -> None:
    """Also after the end (10), which is dropped: a run that goes on says it again."""
    _, state, known = recorded(tmp_path / "h", after)
    known = [event for event in known if event.kind != "end"]
    recorder = cut(tmp_path / "h", state)
    assert left(tmp_path / "h") == known
    assert recorder.history == [event for event in known if event.kind != "step"]
    assert recorder.warning is None


def test_a_step_that_is_thinned_out_cuts_it_back_too(tmp_path: Path) -> None:
    _, state, known = recorded(tmp_path / "h", 3)
    recorder = Recorder(tmp_path / "h", steps=1, resume_at=state)
    recorder(events.Step(1, 3, 0.5, 0.5, 0.1), training())
    assert events.read(tmp_path / "h") == known


def test_a_run_that_is_refused_after_all_loses_nothing(tmp_path: Path) -> None:
    _, state, _ = recorded(tmp_path / "h", 3)
    before = (tmp_path / "h").read_bytes()
    recorder = Recorder(tmp_path / "h", resume_at=state)
    assert kinds(recorder.history) == ["start"]
    recorder.close()
    assert (tmp_path / "h").read_bytes() == before


def test_a_recorder_without_a_state_touches_nothing(tmp_path: Path) -> None:
    recorded(tmp_path / "h", 3)
    before = (tmp_path / "h").read_bytes()
    assert Recorder(tmp_path / "h").history == []
    assert (tmp_path / "h").read_bytes() == before


def test_no_recording_is_an_empty_one(tmp_path: Path) -> None:
    _, state, _ = recorded(tmp_path / "h", 6)
    assert Recorder(tmp_path / "none", resume_at=state).history == []
    assert not (tmp_path / "none").exists()
    (tmp_path / "empty").touch()
    assert Recorder(tmp_path / "empty", resume_at=state).history == []


def test_a_last_line_that_was_cut_off_is_dropped(tmp_path: Path) -> None:
    _, state, known = recorded(tmp_path / "h", 7)
    whole = (tmp_path / "h").read_bytes()
    stop = sum(len(line) for line in whole.splitlines(keepends=True)[:6])
    for cut in (stop - 1, stop + 1, stop + 20):
        (tmp_path / "h").write_bytes(whole[:cut])
        assert Recorder(tmp_path / "h", resume_at=state).warning is None
        assert events.read(tmp_path / "h") == known[: 6 - (cut < stop - 1)]


def test_a_last_line_without_its_end_is_not_run_into(tmp_path: Path) -> None:
    run, state, known = recorded(tmp_path / "h", 5)
    lines = (tmp_path / "h").read_bytes().splitlines(keepends=True)
    (tmp_path / "h").write_bytes(b"".join(lines[:5]).rstrip(b"\n"))
    recorder, fresh = Recorder(tmp_path / "h", resume_at=state), training()
    fresh.restore(state, recorder.history)
    fresh.fit(recorder, progress=False)
    assert kinds(events.read(tmp_path / "h")) == [*kinds(known), *["step"] * 3, "epoch", "end"]
    assert fresh.epoch == run.epoch


def test_unknown_kinds_and_windows_line_ends_survive(tmp_path: Path) -> None:
    _, state, known = recorded(tmp_path / "h", 4)
    lines = (tmp_path / "h").read_bytes().splitlines()
    lines.insert(2, b'{"kind": "frame", "step": 1}')
    (tmp_path / "h").write_bytes(b"\r\n".join(lines))
    cut(tmp_path / "h", state)
    assert left(tmp_path / "h") == known
    assert b"frame" in (tmp_path / "h").read_bytes()


def test_what_came_later_is_dropped_of_unknown_kinds_too(tmp_path: Path) -> None:
    _, state, known = recorded(tmp_path / "h", 4)  # after step 3
    lines = (tmp_path / "h").read_bytes().splitlines()[:4]
    lines += [b'{"kind": "frame", "step": %d}' % step for step in (3, 4)] + [b'{"kind": "note"}']
    (tmp_path / "h").write_bytes(b"\n".join(lines) + b"\n")
    cut(tmp_path / "h", state)
    assert (tmp_path / "h").read_bytes().splitlines()[:-1] == lines[:5]
    assert left(tmp_path / "h") == known


# ---- damaged lines

DAMAGES = [b'{"kind": "st', b"\x00" * 300, b"[" * 100_000, b"[]", b'{"kind": "step", "step": "x"}']


@pytest.mark.parametrize("after", [4, 8, 10])
@pytest.mark.parametrize("damage", [*DAMAGES, b'{"kind": "frame", "step": null}'])
@pytest.mark.parametrize("at", [0, 1, 3, 4, 6, 8])
def test_a_damaged_line_is_left_out_and_the_file_that_had_it_is_kept(
    at: int, damage: bytes, after: int, tmp_path: Path
) -> None:
    path = tmp_path / "history.jsonl"
    _, state, known = recorded(path, after)
    lines = path.read_bytes().splitlines()
    lines[at] = damage
    content = b"\n".join(lines) + b"\n"
    path.write_bytes(content)
    known = [event for i, event in enumerate(known) if i != at and event.kind != "end"]
    recorder = Recorder(path, resume_at=state)
    assert recorder.history == [event for event in known if event.kind != "step"]
    assert path.read_bytes() == content
    assert {entry.name for entry in tmp_path.iterdir()} == {path.name}
    recorder(MORE, training())
    recorder.close()
    assert left(path) == known
    if at > after:  # among what is dropped in any case
        assert recorder.warning is None
        return
    assert recorder.warning is not None
    assert recorder.warning.startswith(f"{path}, line {at + 1}: recording: expected a ")
    assert recorder.warning.endswith(
        "; going on without it, the file as it was is kept as history-damaged.jsonl"
    )
    assert "\n" not in recorder.warning
    assert (tmp_path / "history-damaged.jsonl").read_bytes() == content


def test_a_change_that_the_state_has_still_to_say_is_not_kept_twice(tmp_path: Path) -> None:
    """Though a line is damaged, so that their number does not tell."""
    path, run = tmp_path / "h", training()
    recorder = Recorder(path)
    for _ in range(3):
        recorder(next(run), run)
    run.change(l2=0.1)
    state = run.capture()
    recorder(next(run), run)
    run.close()
    recorder.close()
    lines = path.read_bytes().splitlines()
    lines[0] = b"?"
    path.write_bytes(b"\n".join(lines) + b"\n")
    assert Recorder(path, resume_at=state).history == []


def test_several_damaged_lines_are_counted(tmp_path: Path) -> None:
    _, state, known = recorded(tmp_path / "h", 9)
    lines = (tmp_path / "h").read_bytes().splitlines()
    lines[2] = lines[5] = lines[6] = b"?"
    (tmp_path / "h").write_bytes(b"\n".join(lines) + b"\n")
    recorder = cut(tmp_path / "h", state)
    assert left(tmp_path / "h") == [event for i, event in enumerate(known) if i not in (2, 5, 6)]
    assert recorder.warning is not None
    assert "line 3: " in recorder.warning
    assert " going on without it and 2 more, " in recorder.warning


def test_a_run_goes_on_with_a_recording_that_was_damaged(tmp_path: Path) -> None:
    run, state, _ = recorded(tmp_path / "h", 5)
    lines = (tmp_path / "h").read_bytes().splitlines()
    lines[2] = b"?"
    (tmp_path / "h").write_bytes(b"\n".join(lines) + b"\n")
    for _ in range(2):  # the second time it is sound
        recorder, fresh = Recorder(tmp_path / "h", resume_at=state), training()
        fresh.restore(state, recorder.history)
        fresh.fit(recorder, progress=False)
        found = [timeless(event) for event in events.read(tmp_path / "h")]
        assert kinds(found) == ["start", *["step"] * 2, "epoch", *["step"] * 3, "epoch", "end"]
        assert [event for event in found if event.kind != "step"] == [timeless(e) for e in run.history]
    assert recorder.warning is None


def test_a_resumed_recording_is_thinned_as_before(tmp_path: Path) -> None:
    def record(path: Path, run: Training, recorder: Recorder, n: int | None = None) -> None:
        for i, event in enumerate(run):
            recorder(event, run)
            if i + 1 == n:
                break

    record(tmp_path / "whole", training(epochs=20, batch_size=3), Recorder(tmp_path / "whole", steps=30))
    run, recorder = training(epochs=20, batch_size=3), Recorder(tmp_path / "h", steps=30)
    record(tmp_path / "h", run, recorder, 50)
    state = run.capture()
    record(tmp_path / "h", run, recorder, 30)
    recorder.close()
    fresh, recorder = training(epochs=20, batch_size=3), Recorder(tmp_path / "h", steps=30, resume_at=state)
    fresh.restore(state, recorder.history)
    record(tmp_path / "h", fresh, recorder)
    places = [[(e.kind, e.step) for e in events.read(tmp_path / name)] for name in ("h", "whole")]
    assert places[0] == places[1]
    assert 15 < [kind for kind, _ in places[0]].count("step") <= 30


def test_what_was_heard_is_in_the_file_at_once(tmp_path: Path) -> None:
    """No buffer that a process which is killed would take with it."""
    run, recorder = training(), Recorder(tmp_path / "h")
    heard = []
    for event in run:
        recorder(event, run)
        heard.append(event)
        assert events.read(tmp_path / "h") == heard
