"""Checkpoints as files: everything in them, nothing lost, whole or refused, the one before at hand."""

import io
import json
import os
import re
import zipfile
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glassnet import files
from glassnet.nn import BatchNorm, Constant, Dense, Dropout, ReLU
from glassnet.nn.schedules import Cosine, Exponential, OneCycle, StepDecay, Warmup
from glassnet.training import Checkpoints, Recorder, State, Training, checkpoint
from glassnet.training.plain import SCHEDULES
from training.small import bits, blobs, kinds, network, training


def run_of(**options: Any) -> Training:
    net = network(Dense(8), BatchNorm(), ReLU(), Dropout(0.2))
    return training(net, **{"optimizer": "adam", "epochs": 3, "patience": 2, **options})


def state_after(n: int, **options: Any) -> State:
    run = run_of(**options)
    for _ in range(n):
        next(run)
    run.change(l2=0.1)
    return run.capture()


def same(one: Any, other: Any) -> bool:
    """Equal, arrays by their bits, through whatever holds them."""
    if isinstance(one, np.ndarray):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if hasattr(one, "__dataclass_fields__"):
        return type(one) is type(other) and all(
            same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one)
        )
    return type(one) is type(other) and bool(one == other)


# ---- there and back


@pytest.mark.parametrize("n", [0, 1, 3, 4, 5, 7, 9, 13])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_state_comes_back_as_it_was(optimizer: str, n: int, tmp_path: Path) -> None:
    state = state_after(n, optimizer=optimizer)
    checkpoint.save(tmp_path / "c.npz", state)
    found = checkpoint.load(tmp_path / "c.npz")
    assert same(found, state)
    assert (
        found.best is None
        or state.best is None
        or ((found.best.kept is found.good) == (state.best.kept is state.good))
    )


def test_the_best_is_written_once_where_it_is_the_last(tmp_path: Path) -> None:
    sizes = set()
    for better in (True, False):
        state = state_after(5)
        assert state.best is not None
        assert state.best.kept is state.good
        if not better:
            state = replace(state, good=state.good._replace(parameters=state.parameters.copy()))
        checkpoint.save(tmp_path / "c", state)
        assert same(checkpoint.load(tmp_path / "c"), state)
        with zipfile.ZipFile(tmp_path / "c") as archive:
            sizes.add(len(archive.namelist()))
    assert len(sizes) == 2


@pytest.mark.parametrize(
    "schedule",
    [
        Constant(0.1), StepDecay(0.1, 3, 0.5), Exponential(0.1, 0.2), Cosine(np.float64(0.1), 0.1),
        OneCycle(0.1, 0.2, 10, 100), Warmup(OneCycle(0.1), 3), Warmup(Warmup(0.1, 2), 0.5),
    ],
    ids=repr,
)  # fmt: skip
def test_every_schedule(schedule: Any, tmp_path: Path) -> None:
    state = state_after(3, learning_rate=schedule)
    checkpoint.save(tmp_path / "c", state)
    found = checkpoint.load(tmp_path / "c").settings.schedule
    assert found == schedule
    assert type(found) is type(schedule)
    assert [found(i, 9) for i in range(9)] == [schedule(i, 9) for i in range(9)]


def test_every_schedule_has_a_name() -> None:
    assert {*SCHEDULES} == {"Constant", "StepDecay", "Exponential", "Cosine", "OneCycle", "Warmup"}


class Mine:
    learning_rate = 0.1

    def __call__(self, step: int, total: int) -> float:
        return 0.1


def test_a_schedule_of_ones_own_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="checkpoint: expected one of glassnet's schedules, got <") as caught:
        checkpoint.save(tmp_path / "c", state_after(3, learning_rate=Mine()))
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_notes_come_back(tmp_path: Path) -> None:
    notes = {"recipe": {"hidden": [3, 4], "größe": "²", "n": np.int64(3)}, "none": None}
    checkpoint.save(tmp_path / "c", state_after(3), notes)
    assert checkpoint.read(tmp_path / "c")[1] == {**notes, "recipe": {**notes["recipe"], "n": 3}}  # type: ignore[dict-item]
    checkpoint.save(tmp_path / "c", state_after(3))
    assert checkpoint.read(tmp_path / "c")[1] == {}


def test_nothing_in_it_is_pickled_and_everything_is_named(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "c", state_after(3))
    with np.load(tmp_path / "c", allow_pickle=False) as arrays:
        assert {"checkpoint.json", "parameters", "state", "slot.m", "slot.v", "good.parameters"} <= {*arrays}
        header = json.loads(bytes(arrays["checkpoint.json"]))
    assert header["format"] == checkpoint.FORMAT
    assert header["state"]["settings"]["schedule"] == {"kind": "Constant", "learning_rate": 0.05}
    page = (Path(__file__).parents[2] / "docs" / "checkpoints.md").read_text(encoding="utf-8")
    for name in ("checkpoint.json", *header, *header["state"], *header["state"]["place"]):
        assert f"`{name}`" in page


# ---- what is no whole checkpoint


def header_of(path: Path) -> dict[str, Any]:
    with np.load(path) as arrays:
        return json.loads(bytes(arrays["checkpoint.json"]))  # type: ignore[no-any-return]


def rewrite(path: Path, header: Any = None, **arrays: Any) -> None:
    with np.load(path) as found:
        kept = {**found, **arrays}
    if header is not None:
        kept["checkpoint.json"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    with path.open("wb") as file:
        np.savez(file, **{name: array for name, array in kept.items() if array is not None})


def refusal(path: Path) -> str:
    with pytest.raises(ValueError, match=r"expected a checkpoint: ") as caught:
        checkpoint.load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: expected a checkpoint: ")
    assert "\n" not in message
    return message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"c\.npz: expected a checkpoint, found none"):
        checkpoint.load(tmp_path / "c.npz")


@pytest.mark.parametrize("content", [b"hello", b"\x93NUMPY", b"{}", b"\x00" * 4096])
def test_another_kind_of_file(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "c").write_bytes(content)
    assert refusal(tmp_path / "c").endswith("got another kind of file")
    (tmp_path / "c").write_bytes(b"")
    assert refusal(tmp_path / "c").endswith("got an empty file")


def test_a_model_is_no_checkpoint(tmp_path: Path) -> None:
    net = network()
    files.save(net, tmp_path / "model.npz")
    assert refusal(tmp_path / "model.npz").endswith("got a NumPy file without checkpoint.json")
    with zipfile.ZipFile(tmp_path / "z", "w") as archive:
        archive.writestr("a.txt", "hello")
    assert "\n" not in refusal(tmp_path / "z")


def test_a_newer_format(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "c", state_after(3))
    rewrite(tmp_path / "c", {**header_of(tmp_path / "c"), "format": 99, "glassnet": "7.0"})
    assert "reads format 1, got 99, written by glassnet 7.0" in refusal(tmp_path / "c")


def test_wherever_it_is_cut_off(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "c", state_after(3))
    content = (tmp_path / "c").read_bytes()
    for stop in {*range(1, len(content), 211), len(content) - 1}:
        (tmp_path / "c").write_bytes(content[:stop])
        assert refusal(tmp_path / "c")


def test_an_array_that_claims_to_be_huge_is_found_by_its_checksum(tmp_path: Path) -> None:
    """Before anything of that size is made."""
    state = training(network(Dense(400), ReLU())).capture()  # more than is read, and verified, at once
    checkpoint.save(tmp_path / "c", state)
    content, noughts = (tmp_path / "c").read_bytes(), 12
    shape = f"({state.parameters.size},), }}"
    huge = f"({state.parameters.size}{'0' * noughts},), }}"
    damaged = content.replace(shape.encode() + b" " * noughts, huge.encode(), 1)
    assert damaged != content
    (tmp_path / "c").write_bytes(damaged)
    assert "cut off or damaged (" in refusal(tmp_path / "c")


def with_right_checksums(path: Path, name: str, content: bytes, how: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    with zipfile.ZipFile(path, "w", how) as archive:
        for entry, kept in {**entries, f"{name}.npy": content}.items():
            archive.writestr(entry, kept)


def npy(values: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, values)
    return file.getvalue()


def huge() -> bytes:
    return npy(np.zeros(3)).replace(b"(3,), }" + b" " * 14, b"(3" + b"0" * 14 + b",), }", 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("checkpoint.json", npy(np.frombuffer(b"[" * 100_000, np.uint8))),
        ("checkpoint.json", npy(np.frombuffer(b'{"a":' * 100_000, np.uint8))),
        ("parameters", huge()),
        ("anything", huge()),
    ],
    ids=["nested lists", "nested objects", "huge parameters", "huge"],
)
def test_what_is_made_up_with_right_checksums_is_refused_too(
    name: str, content: bytes, tmp_path: Path
) -> None:
    fit(tmp_path)
    with_right_checksums(tmp_path / "checkpoint.npz", name, content)
    refusal(tmp_path / "checkpoint.npz")
    state, warning = checkpoint.newest(tmp_path)
    assert state.place.step == 9
    assert warning is not None
    assert "\n" not in warning


def test_contents_much_larger_than_the_file_are_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint.save(tmp_path / "c", state_after(3))
    with_right_checksums(tmp_path / "c", "more", npy(np.zeros(500_000)), zipfile.ZIP_DEFLATED)
    monkeypatch.setattr(zipfile.ZipFile, "testzip", None)  # not even to verify them
    assert re.search(
        r"got a file of [\d,]+ bytes that claims to hold 4,0\d\d,\d\d\d$", refusal(tmp_path / "c")
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_whatever_bit_is_flipped(place: float, bit: int, tmp_path: Path) -> None:
    """Refused in one line, or a bit that carries nothing, such as one of a date."""
    path = tmp_path / "c"
    if not path.exists():
        checkpoint.save(path, state_after(5))
        (tmp_path / "whole").write_bytes(path.read_bytes())
    content = bytearray((tmp_path / "whole").read_bytes())
    content[int(place * len(content))] ^= 1 << bit
    path.write_bytes(content)
    try:
        found = checkpoint.load(path)
    except ValueError as error:
        assert str(error).startswith(f"{path}: expected a checkpoint: ")  # noqa: PT017
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert same(found, checkpoint.load(tmp_path / "whole"))


@pytest.mark.parametrize(
    "path",
    [
        ("settings",), ("settings", "schedule"), ("settings", "schedule", "kind"), ("place",),
        ("place", "tally"), ("place", "tally", "squares"), ("generator",), ("generator", "state"), ("good",),
        ("best",), ("pending",), ("pending", 0), ("settings", "epochs"), ("of",), ("dropout_rates",),
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("value", [None, "x", -1, [], {}, {"kind": "x"}, "gone"], ids=str)
def test_a_header_that_holds_something_else(path: tuple[Any, ...], value: Any, tmp_path: Path) -> None:
    """Written by somebody else, with right checksums: refused, or harmless."""
    checkpoint.save(tmp_path / "c", state_after(5))
    header = header_of(tmp_path / "c")
    inner = header["state"]
    for name in path[:-1]:
        inner = inner[name]
    if value == "gone":
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    rewrite(tmp_path / "c", header)
    try:
        state = checkpoint.load(tmp_path / "c")
        run_of().restore(state)
    except ValueError as error:
        assert "\n" not in str(error)  # noqa: PT017
        assert "expected" in str(error)  # noqa: PT017


@pytest.mark.parametrize("name", ["parameters", "state", "slot.m", "good.parameters", "good.state"])
def test_arrays_that_are_missing_or_of_another_size(name: str, tmp_path: Path) -> None:
    for wrong in (None, np.zeros(1, np.float32), np.zeros((2, 2)), np.array(["x"])):
        checkpoint.save(tmp_path / "c", state_after(5))
        rewrite(tmp_path / "c", **{name: wrong})
        run = run_of()
        before = bits(run.network)
        with pytest.raises(ValueError, match="expected") as caught:
            run.restore(checkpoint.load(tmp_path / "c"))
        assert "\n" not in str(caught.value)
        assert bits(run.network) == before


# ---- the callback


def fit(folder: Path, run: Training | None = None, every_seconds: float = 0.0) -> Training:
    run = run or run_of()
    run.fit(Recorder(folder / "h"), Checkpoints(folder, every_seconds), progress=False)
    return run


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_there_is_always_a_whole_one_and_the_one_before(tmp_path: Path) -> None:
    checkpoints, run = Checkpoints(tmp_path, 0.0), run_of()
    before: State | None = None
    for event in run:
        checkpoints(event, run)
        state, warning = checkpoint.newest(tmp_path)
        assert warning is None
        assert state.place.step == run.step
        if before is not None:
            assert same(checkpoint.load(tmp_path / "checkpoint-before.npz"), before)
        before = state
    assert names(tmp_path) == {"checkpoint.npz", "checkpoint-before.npz"}


def test_at_the_start_and_the_end_and_else_every_so_many_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(checkpoint, "perf_counter", lambda: now)
    checkpoints, run, written = Checkpoints(tmp_path, 10), run_of(), []
    write = checkpoints.write
    monkeypatch.setattr(checkpoints, "write", lambda state: (written.append(now), write(state)))
    for event in run:
        checkpoints(event, run)
        now += 4
    assert event.kind == "end"
    assert written == [0.0, 12.0, 24.0, 36.0, 48.0, 52.0]


def test_no_more_than_a_fiftieth_of_the_time_goes_into_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, spent = 0.0, iter([1.0, 0.1, 0.3, 0.1])
    monkeypatch.setattr(checkpoint, "perf_counter", lambda: now)
    fsync = os.fsync

    def slow(number: int) -> None:
        nonlocal now
        now += next(spent)
        fsync(number)

    monkeypatch.setattr(os, "fsync", slow)
    checkpoints, run, written = Checkpoints(tmp_path, 10), run_of(), []
    event = next(run)
    while now < 80:
        before = now
        checkpoints(event, run)
        if now > before:
            written.append(round(before))
        now += 1
    assert written == [0, 51, 61, 76]


def full_disk(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """A disk that is full while the list holds something."""
    full, fsync = [True], os.fsync

    def write(number: int) -> None:
        if full:
            raise OSError(28, "No space left on device")
        fsync(number)

    monkeypatch.setattr(os, "fsync", write)
    return full


def test_a_full_disk_does_not_end_a_run_and_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    full = full_disk(monkeypatch)
    full.clear()
    filled = {2: True, 5: False, 6: True, 7: False}

    def fill(event: Any, run: Training) -> None:
        if event.kind == "step" and event.step in filled:
            full[:] = [True] if filled[event.step] else []

    run, whole = run_of(), run_of()
    run.fit(fill, Checkpoints(tmp_path, 0.0), progress=False)
    list(whole)
    assert bits(run.network) == bits(whole.network)
    assert names(tmp_path) == {"checkpoint.npz", "checkpoint-before.npz"}
    assert checkpoint.newest(tmp_path)[0].place.step == 9
    why = "not written, No space left on device; trying again from time to time"
    said = f"glassnet: {tmp_path / 'checkpoint.npz'}: {why}\n"
    assert capsys.readouterr().err == said * 2  # once each time


def test_after_a_failure_it_is_tried_again_when_it_is_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 0.0
    monkeypatch.setattr(checkpoint, "perf_counter", lambda: now)
    checkpoints, run, tried = Checkpoints(tmp_path, 10), run_of(), []
    checkpoints(next(run), run)
    full_disk(monkeypatch)
    write = checkpoints.write
    monkeypatch.setattr(checkpoints, "write", lambda state: (tried.append(now), write(state)))
    for _ in range(10):
        now += 4
        checkpoints(next(run), run)
    assert tried == [12.0, 24.0, 36.0]
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("kind", ["start", "end"])
def test_at_the_start_and_at_the_end_a_full_disk_is_an_error(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = full_disk(monkeypatch)
    full.clear()

    def fill(event: Any, run: Training) -> None:
        if event.kind == kind:
            full.append(True)

    run = run_of()
    with pytest.raises(OSError, match="No space left"):
        run.fit(fill, Checkpoints(tmp_path, 0.0), progress=False)
    assert run.step == {"start": 0, "end": 9}[kind]


def test_a_checkpoint_is_on_the_disk_before_it_takes_the_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, fsync, rename = [], os.fsync, Path.replace
    checkpoints = Checkpoints(tmp_path)
    checkpoints.write(state_after(2))

    def sync(number: int) -> None:
        done.append(("sync", os.fstat(number).st_size))
        fsync(number)

    def replace_(self: Path, target: Any) -> Path:
        done.append(("rename", Path(target).name))
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace_)
    checkpoints.write(state_after(3))
    size = (tmp_path / "checkpoint.npz").stat().st_size
    assert done[0] == ("sync", size)
    assert [entry for entry in done if entry[0] == "rename"] == [
        ("rename", "checkpoint-before.npz"),
        ("rename", "checkpoint.npz"),
    ]


def test_a_callback_that_comes_late_writes_at_once(tmp_path: Path) -> None:
    run = run_of()
    next(run), next(run)
    Checkpoints(tmp_path)(next(run), run)
    assert checkpoint.newest(tmp_path)[0].place.step == 2


def test_a_run_that_diverged_is_left_as_it_was_last(tmp_path: Path) -> None:
    run = fit(tmp_path, run_of(learning_rate=1e30, optimizer="sgd"), every_seconds=60)
    assert kinds(run.history) == ["start", "end"]
    state, _ = checkpoint.newest(tmp_path)
    fresh = run_of(learning_rate=1e30, optimizer="sgd")
    fresh.restore(state)
    fresh.change(learning_rate=0.01)
    assert kinds(list(fresh))[-2:] == ["epoch", "end"]


def test_a_checkpoint_that_cannot_be_written_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def fail(*args: Any, **more: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", fail)
    with pytest.raises(OSError, match="No space left"):
        Checkpoints(tmp_path).write(state_after(3))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_a_killed_process_left_unfinished_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / ".checkpoint.npz.123-456.part").write_bytes(b"PK")
    (tmp_path / ".mine").touch()
    fit(tmp_path)
    assert names(tmp_path) == {".mine", "checkpoint.npz", "checkpoint-before.npz", "h"}


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"none.*checkpoint\.npz"):
        Checkpoints(tmp_path / "none").write(state_after(3))


@pytest.mark.parametrize("moment", ["writing", "renaming"])
def test_wherever_the_process_is_stopped_there_is_a_whole_one(
    moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped dead between any two file operations: no clean-up runs."""
    checkpoints = Checkpoints(tmp_path)
    for n in (2, 3):
        checkpoints.write(state_after(n))

    class Dead(BaseException):
        pass

    replaced: list[str] = []
    rename = Path.replace

    def stop(self: Path, target: Any) -> Path:
        if len(replaced) == (moment == "renaming"):
            monkeypatch.setattr(Path, "unlink", lambda self: None)
            raise Dead
        replaced.append(str(target))
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(Dead):
        checkpoints.write(state_after(4))
    monkeypatch.undo()
    state, warning = checkpoint.newest(tmp_path)
    assert (state.place.step, warning) == (2, None)  # after 3 events: start and 2 steps
    Checkpoints(tmp_path).write(state_after(4))
    assert checkpoint.newest(tmp_path)[0].place.step == 3


# ---- the newest that is whole


def test_from_a_damaged_one_to_the_one_before(tmp_path: Path) -> None:
    fit(tmp_path)
    newest, before = tmp_path / "checkpoint.npz", tmp_path / "checkpoint-before.npz"
    expected = checkpoint.load(before)
    newest.write_bytes(newest.read_bytes()[:-100])
    state, warning = checkpoint.newest(tmp_path)
    assert same(state, expected)
    assert warning is not None
    assert warning.startswith(f"{newest}: expected a checkpoint: got a file that is cut off or damaged (")
    assert warning.endswith("); going on from checkpoint-before.npz, step 9")
    assert "\n" not in warning

    before.write_bytes(b"PK")
    with pytest.raises(
        ValueError, match=r"checkpoint\.npz: expected a checkpoint: got a file that is cut off"
    ):
        checkpoint.newest(tmp_path)
    before.unlink()
    with pytest.raises(
        ValueError, match=r"checkpoint\.npz: expected a checkpoint: got a file that is cut off"
    ):
        checkpoint.newest(tmp_path)
    newest.unlink()
    with pytest.raises(FileNotFoundError, match="expected a run with a checkpoint, found none in it"):
        checkpoint.newest(tmp_path)


def test_only_the_one_before(tmp_path: Path) -> None:
    fit(tmp_path)
    os.remove(tmp_path / "checkpoint.npz")  # noqa: PTH107
    state, warning = checkpoint.newest(tmp_path)
    assert (state.place.epoch, warning) == (3, None)


def test_going_on_from_the_one_before_gives_the_same_bits(tmp_path: Path) -> None:
    whole = run_of()
    list(whole)
    run = run_of()
    recorder, checkpoints = Recorder(tmp_path / "h"), Checkpoints(tmp_path, 0.0)
    for event in run:
        recorder(event, run)
        checkpoints(event, run)
        if event.step == 5:
            break
    run.close()
    recorder.close()
    (tmp_path / "checkpoint.npz").write_bytes(b"PK\x03\x04 and no more")
    state, warning = checkpoint.newest(tmp_path)
    assert warning is not None
    assert state.place.step == 4
    recorder, fresh = Recorder(tmp_path / "h", resume_at=state), run_of()
    fresh.restore(state, recorder.history)
    fresh.fit(recorder, Checkpoints(tmp_path), progress=False)
    assert bits(fresh.network) == bits(whole.network)


def test_other_data_are_refused_with_words(tmp_path: Path) -> None:
    fit(tmp_path)
    state, _ = checkpoint.newest(tmp_path)
    other = training(network(Dense(8), BatchNorm(), ReLU(), Dropout(0.2)), blobs(60), optimizer="adam")
    with pytest.raises(ValueError, match=r"restore: expected training data 40 examples .* got 48 examples"):
        other.restore(state)
