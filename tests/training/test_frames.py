"""The frames of a run on disk: which steps, how exact, how large, and what interruption does to them."""

import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glassnet.nn import BatchNorm, Dense, Dropout, ReLU
from glassnet.training import Frames, Recorder, Step, Training, checkpoint, frames
from glassnet.training.frames import Plan
from glassnet.training.rounded import LEVELS, encode, most_bytes
from training.small import blobs, network, training


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """As if a frame took next to no time, so that a short run has many of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "PER_FRAME", 1e-6)
        yield


def run_of(**options: Any) -> Training:
    """About 300 steps, 14 an epoch, with running means, of a network whose frames take about 900 bytes."""
    net = network(Dense(8), BatchNorm(), ReLU(), Dropout(0.2))
    return training(net, **{"epochs": 22, "batch_size": 3, "optimizer": "adam", **options})


def record(folder: Path, run: Training, hear: Frames, n: int | None = None) -> dict[int, Any]:
    """Let the run go on, for so many events, and return what the network was after each step."""
    seen = {run.step: of(run)}
    for i, event in enumerate(run):
        hear(event, run)
        seen[event.step] = of(run)
        if i + 1 == n:
            break
    return seen


def of(run: Training) -> tuple[np.ndarray, np.ndarray]:
    return run.network.parameters.vector.copy(), run.network.state.vector.copy()


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "frames").glob("*")}


def steps(folder: Path) -> list[int]:
    return [frame.step for frame in frames.read(folder)[0]]


def wanted(plan: Plan, last: int, first: int = 0) -> list[int]:
    """The steps that a run has kept when it is at the step `last`."""
    even = range(plan.stride(last), last + 1, plan.stride(last)) if plan.most > 0 else []
    return sorted({first, *(step for step in plan.early if step <= last), *even, last})


# ---- what is in a frame


def test_matrices_are_rounded_and_the_rest_is_exact(tmp_path: Path) -> None:
    run = run_of()
    seen = record(tmp_path, run, Frames(tmp_path))
    found, warning = frames.read(tmp_path)
    assert warning is None
    assert len(found) > 20
    for frame in found:
        parameters, state = seen[frame.step]
        assert (frame.parameters.shape, frame.parameters.dtype) == (parameters.shape, np.float32)
        assert frame.state.tobytes() == state.tobytes()
        matrices = run.network.weights.stop
        assert frame.parameters[matrices:].tobytes() == parameters[matrices:].tobytes()
        first = slice(0, run.network.matrices[0].size)
        limit = np.abs(parameters[first]).max()
        assert np.abs(frame.parameters[first] - parameters[first]).max() <= limit / (2 * LEVELS) * 1.001


def test_each_frame_says_its_epoch(tmp_path: Path) -> None:
    record(tmp_path, run_of(), Frames(tmp_path))
    found, _ = frames.read(tmp_path)
    assert [frame.epoch for frame in found] == [-(-frame.step // 14) for frame in found]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_zero_stays_zero_and_the_largest_stays_the_largest(dtype: str, tmp_path: Path) -> None:
    net = network(dtype=dtype)
    W = net.matrices[0]
    W[...] = 0
    W[0, :3] = (-0.5, 0.25, 0.5)
    net.matrices[1][...] = 1e-40
    Frames(tmp_path)(next(run := training(net)), run)
    ((_, _, parameters, _),) = frames.read(tmp_path)[0]
    assert parameters[:3].tolist() == pytest.approx([-0.5, 0.25, 0.5], abs=0.002)
    assert not parameters[3:].any()


@pytest.mark.parametrize(
    ("name", "value"), [("1.W", np.nan), ("1.W", np.inf), ("3.b", -np.inf), ("1.b", np.nan)]
)
def test_a_network_that_is_not_finite_has_no_frame(name: str, value: float, tmp_path: Path) -> None:
    run = training()
    run.network.parameters[name][0] = value
    assert encode(run.network, 0, 0, 1) is None
    Frames(tmp_path)(next(run), run)
    assert frames.read(tmp_path) == ([], None)


def test_numbers_that_only_float64_can_hold_have_no_frame() -> None:
    net = network(dtype="float64")
    for name in ("1.W", "1.b"):
        net.parameters[name][...] = 1e300
        assert encode(net, 0, 0, 1) is None
        net.parameters[name][...] = 0
    assert encode(net, 0, 0, 1) is not None


def test_the_size_of_a_frame_is_known_beforehand() -> None:
    for net in (network(), network(Dense(30), BatchNorm(), ReLU(), Dense(200)), network(dtype="float64")):
        record = encode(net, 2**50, 2**40, 2**40)
        assert record is not None
        assert most_bytes(net) - 1000 < len(record) <= most_bytes(net)


# ---- which steps


@pytest.mark.parametrize("n", [0, 1, 5, 40, 308])
def test_they_are_close_together_early_on_then_even_and_the_last_is_there(n: int, tmp_path: Path) -> None:
    run, hear = run_of(), Frames(tmp_path)
    record(tmp_path, run, hear, n + 1 + n // 14)
    run.stop()
    record(tmp_path, run, hear)
    plan = Plan.of(run.network.size, 3, 20_000_000 // most_bytes(run.network))
    assert steps(tmp_path) == wanted(plan, n)
    assert {0, 1, 2} >= {*steps(tmp_path)[:3]}


@given(
    parameters=st.integers(1, 10**8), batch=st.integers(1, 10**5), fit=st.integers(2, 1000),
    last=st.integers(0, 10**7),
)  # fmt: skip
def test_however_long_a_run_so_many_fit(parameters: int, batch: int, fit: int, last: int) -> None:
    plan = Plan.of(parameters, batch, fit)
    assert all(0 < step < plan.spacing for step in plan.early)
    kept = wanted(plan, last)
    assert len(kept) <= fit
    spread = [step for step in kept if step >= plan.spacing] if plan.most > 0 else []
    for step in spread[:-1]:
        kind, stride = plan.file(step).removesuffix(".frames").split("-")
        assert kind == "every"
        assert step % (2 * int(stride)) == int(stride) >= plan.stride(last)
    if last > 2 * plan.spacing * plan.most > 0:
        assert len(spread) - 1 >= plan.most // 2


@given(parameters=st.integers(1, 10**6), batch=st.integers(1, 500), fit=st.integers(2, 60))
def test_one_step_after_another_comes_to_the_same(parameters: int, batch: int, fit: int) -> None:
    plan = Plan.of(parameters, batch, fit)
    step, written = 0, [0]
    while step < 20_000 and (after := plan.after(step)) < 20_000:
        assert after > step
        step = after
        written = [s for s in written if s < plan.spacing or s % plan.stride(step) == 0] + [step]
    assert sorted({*written, 20_000}) == wanted(plan, 20_000)


@pytest.mark.parametrize(("fit", "most"), [(2, -1), (3, 1), (4, 1), (9, 5)])
def test_of_a_large_network_a_few_fit(fit: int, most: int, tmp_path: Path) -> None:
    plan = Plan.of(10**6, 32, fit)
    assert (len(plan.early), plan.most) == (fit // 4, most)
    run = run_of()
    limit = fit * most_bytes(run.network)
    record(tmp_path, run, Frames(tmp_path, limit))
    found = steps(tmp_path)
    assert (found[0], found[-1]) == (0, 308)
    assert len(found) <= fit
    assert sum(map(len, files(tmp_path).values())) <= limit


def test_of_a_network_that_is_too_large_there_are_none_and_a_line_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = run_of(epochs=2)
    record(tmp_path, run, Frames(tmp_path, 2 * most_bytes(run.network) - 1))
    assert list(tmp_path.iterdir()) == []
    (line,) = capsys.readouterr().err.splitlines()
    assert "frames: no frames, as one of this network takes 0 MB and all may take 0 MB" in line


def test_at_no_moment_do_they_take_more_than_they_may(tmp_path: Path) -> None:
    run, largest, limit = run_of(epochs=60), 0, 12_000
    hear = Frames(tmp_path, limit)
    for event in run:
        hear(event, run)
        largest = max(largest, sum(path.stat().st_size for path in (tmp_path / "frames").iterdir()))
    assert limit / 4 < largest <= limit
    gaps = np.diff(steps(tmp_path))
    assert gaps.max() <= 2 * np.median(gaps)


def test_with_a_frame_at_each_step_nothing_is_left_out(tmp_path: Path) -> None:
    """Of a full batch, whose steps take much longer than a frame."""
    plan = Plan.of(100_000, 50_000, 200)
    assert (plan.spacing, plan.early, plan.most) == (1, (), 197)
    assert [plan.after(step) for step in range(5)] == [1, 2, 3, 4, 5]


def test_where_frames_take_too_long_they_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "GRACE_SECONDS", -1e9)
    record(tmp_path, run_of(epochs=2), Frames(tmp_path))
    assert steps(tmp_path) == [28]


# ---- a run that is interrupted, goes back or begins again


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The frames of a run that nobody interrupted, of which some were thinned out."""
    folder = tmp_path_factory.mktemp("whole")
    record(folder, run_of(), Frames(folder, 30_000))
    assert not [name for name in files(folder) if name == "every-1.frames"]
    return files(folder)


@pytest.mark.parametrize("n", [0, 1, 2, 9, 100, 190, 300, 331])
@pytest.mark.parametrize("beyond", [0, 1, 40, 120])
@pytest.mark.parametrize("stopped", [True, False])
def test_resuming_leaves_the_frames_of_a_run_that_was_never_interrupted(
    n: int, beyond: int, stopped: bool, whole: dict[str, bytes], tmp_path: Path
) -> None:
    """Whether it ended there or was killed some events after its last checkpoint."""
    run, hear, history = run_of(), Frames(tmp_path, 30_000), []
    for event in run:
        hear(event, run)
        history.append(event)
        if len(history) > n:
            break
    state = run.capture()
    record(tmp_path, run, hear, beyond)
    if stopped:
        run.stop("interrupted")
        record(tmp_path, run, hear)
    fresh = run_of()
    fresh.restore(state, history)
    record(tmp_path, fresh, Frames(tmp_path, 30_000))
    assert files(tmp_path) == whole


def test_going_back_in_the_same_process_does_too(whole: dict[str, bytes], tmp_path: Path) -> None:
    run, hear = run_of(), Frames(tmp_path, 30_000)
    record(tmp_path, run, hear, 30)
    state = run.capture()
    record(tmp_path, run, hear, 170)
    run.restore(state)
    record(tmp_path, run, hear)
    assert files(tmp_path) == whole


def test_a_run_that_is_given_more_to_do_goes_on(tmp_path: Path) -> None:
    run, hear = run_of(epochs=10), Frames(tmp_path, 30_000)
    record(tmp_path, run, hear)
    assert steps(tmp_path)[-1] == 140
    run.change(epochs=22)
    record(tmp_path, run, hear)
    plan = Plan.of(run.network.size, 3, 30_000 // most_bytes(run.network))
    assert steps(tmp_path) == wanted(plan, 308)


def test_a_run_without_frames_so_far_has_them_from_there_on(tmp_path: Path) -> None:
    run = run_of()
    for _ in range(100):
        next(run)
    at = run.step
    record(tmp_path, run, Frames(tmp_path))
    assert at < steps(tmp_path)[0] < at + 50
    assert steps(tmp_path)[-1] == 308


def test_a_new_run_takes_the_frames_of_the_old_one_away_and_nothing_else(tmp_path: Path) -> None:
    record(tmp_path, run_of(), Frames(tmp_path))
    (tmp_path / "frames" / "notes.txt").write_text("mine")
    record(tmp_path, training(), Frames(tmp_path))
    found, warning = frames.read(tmp_path)
    assert ({frame.parameters.size for frame in found}, warning) == ({network().size}, None)
    frames.remove(tmp_path)
    assert {*files(tmp_path)} == {"notes.txt"}
    (tmp_path / "frames" / "notes.txt").unlink()
    frames.remove(tmp_path)
    frames.remove(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_diverged_ends_with_the_last_frame_before(tmp_path: Path) -> None:
    run, hear = training(learning_rate=0.05, epochs=9), Frames(tmp_path)
    record(tmp_path, run, hear, 6)
    run.change(learning_rate=1e30)
    last = record(tmp_path, run, hear)
    assert run.history[-1].reason == "diverged"  # type: ignore[union-attr]
    found, warning = frames.read(tmp_path)
    assert warning is None
    assert found[-1].step <= max(last)
    assert all(np.isfinite(frame.parameters).all() for frame in found)
    assert "last.frames" not in files(tmp_path)


def test_a_checkpoint_goes_on_with_its_frames(tmp_path: Path) -> None:
    """As the command does it: recorder, checkpoints and frames beside each other."""
    run = run_of(epochs=4)
    run.fit(Recorder(tmp_path / "h"), Frames(tmp_path), checkpoint.Checkpoints(tmp_path, 0), progress=False)
    state, _ = checkpoint.newest(tmp_path)
    recorder, fresh = Recorder(tmp_path / "h", resume_at=state), run_of(epochs=4)
    fresh.restore(state, recorder.history)
    fresh.change(epochs=6)
    fresh.fit(recorder, Frames(tmp_path), progress=False)
    found = steps(tmp_path)
    assert found[-1] == 84
    assert 56 not in found or 56 % (found[-2] - found[-3]) == 0


# ---- what is damaged


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    record(folder, run_of(), Frames(folder, 40_000))
    return folder


def same(one: Any, other: Any) -> bool:
    return one[:2] == other[:2] and all(a.tobytes() == b.tobytes() for a, b in zip(one[2:], other[2:]))


def damage(kept: Path, folder: Path, name: str, change: Callable[[bytearray], object]) -> tuple[int, str]:
    """Return how many frames are lost, and the warning, after a change to a file."""
    whole = {frame.step: frame for frame in frames.read(kept)[0]}
    (folder / "frames").mkdir(exist_ok=True)
    for other, content in files(kept).items():
        changed = bytearray(content)
        if other == name:
            change(changed)
        (folder / "frames" / other).write_bytes(changed)
    found, warning = frames.read(folder)
    assert all(same(frame, whole[frame.step]) for frame in found)
    return len(whole) - len(found), warning or ""


def test_wherever_a_file_is_cut_off_what_comes_before_is_read(kept: Path, tmp_path: Path) -> None:
    name = "first.frames"
    length = len(files(kept)[name])
    size = length // 4
    for stop in {1, 5, 15, 16, size, *range(17, length, 1009), length - 1}:
        lost, warning = damage(
            kept, tmp_path, name, lambda content, stop=stop: content.__delitem__(slice(stop, None))
        )
        if warning:
            assert warning.startswith(f"{tmp_path / 'frames' / name}: cut off")
            assert warning.endswith("; frames passed over there")
            assert "\n" not in warning
            assert lost > 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), last=st.booleans())
def test_whatever_bit_of_a_frame_is_flipped(
    place: float, bit: int, last: bool, kept: Path, tmp_path: Path
) -> None:
    def flip(content: bytearray) -> None:
        content[int(place * len(content))] ^= 1 << bit

    lost, warning = damage(kept, tmp_path, "last.frames" if last else "first.frames", flip)
    assert lost > 0 or last  # whose step may have a frame elsewhere
    assert "damaged at byte" in warning or "cut off" in warning


@pytest.mark.parametrize(
    "header",
    [
        b"[]", b"{", b"[" * 100_000,
        b'{"step": 1, "epoch": 1, "state": 0, "spacing": 1, "parameters": [{"shape": [9]}]}',
        b'{"step": 1, "epoch": 1, "state": -1, "spacing": 1, "parameters": []}',
        b'{"step": 1, "epoch": 1, "state": 0}',
        b'{"step": 1, "epoch": 1, "state": 0, "spacing": 1, "parameters": [{"shape": ["x"]}]}',
        b'{"step": 1, "epoch": 1, "state": 0, "spacing": 1, "parameters": [{"shape": [-4]}]}',
        b'{"step": 1, "epoch": 1, "state": 0, "spacing": 1, "parameters": [{"shape": [4, 1], "limit": "x"}]}',
        b'{"step": 1, "epoch": 1, "state": 0, "spacing": 1, "parameters": [{"shape": [1e30]}]}',
        b'{"step": 1, "epoch": 1, "state": 0, "spacing": 1, "parameters": 3}',
        b'{"step": null, "epoch": 1, "state": 0, "spacing": 1}',
        b'{"step": 1, "epoch": 1, "state": 0, "spacing": 0, "parameters": []}',
    ],
)  # fmt: skip
def test_a_record_that_holds_something_else_is_passed_over(header: bytes, tmp_path: Path) -> None:
    """Written by somebody else, with a right checksum."""
    import zlib

    from glassnet.training.rounded import MARK, PREFIX

    body = header + b"\x80" * 4
    (tmp_path / "frames").mkdir()
    record = PREFIX.pack(MARK, len(header), 4, zlib.crc32(body)) + body
    (tmp_path / "frames" / "first.frames").write_bytes(record)
    found, warning = frames.read(tmp_path)
    assert found == []
    assert warning is not None
    assert "\n" not in warning


def test_what_is_damaged_in_several_files_is_counted(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "frames").mkdir()
    for name in ("first.frames", "last.frames", "every-3.frames"):
        (tmp_path / "frames" / name).write_bytes(b"glf1 and then something else")
    (tmp_path / "frames" / "other.txt").write_text("not looked at")
    found, warning = frames.read(tmp_path)
    assert found == []
    assert warning is not None
    assert warning.endswith(" at byte 0; frames passed over there and in 2 more")


def test_a_run_goes_on_where_a_frame_is_damaged(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, hear = run_of(), Frames(tmp_path)
    record(tmp_path, run, hear, 200)
    path = tmp_path / "frames" / "first.frames"
    path.write_bytes(path.read_bytes()[:-3])
    record(tmp_path, run, Frames(tmp_path))
    found, warning = frames.read(tmp_path)
    assert warning is None
    assert found[-1].step == 308
    (line,) = capsys.readouterr().err.splitlines()
    assert "first.frames: cut off or damaged at byte " in line
    assert line.endswith("; going on without what follows there")


def test_no_frames_are_no_problem(tmp_path: Path) -> None:
    assert frames.read(tmp_path) == ([], None)
    assert frames.read(tmp_path / "nowhere") == ([], None)
    (tmp_path / "frames").mkdir()
    assert frames.read(tmp_path) == ([], None)


# ---- a disk that cannot be written to


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_on_a_full_disk_the_run_goes_on_and_it_is_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "frames").mkdir()
    run, hear = run_of(epochs=3), Frames(tmp_path)
    for event in run:
        if event.step == 1 and isinstance(event, Step):
            (tmp_path / "frames" / "first.frames").unlink()
            (tmp_path / "frames" / "first.frames").symlink_to("/dev/full")
        hear(event, run)
    assert run.history[-1].kind == "end"
    (line,) = capsys.readouterr().err.splitlines()
    assert line == (
        f"glassnet: {tmp_path / 'frames'}: frames not written, No space left on device; the run goes on"
        " without"
    )
    assert steps_of(tmp_path / "frames" / "last.frames") == [42]


def steps_of(path: Path) -> list[int]:
    from glassnet.training.rounded import records

    return [header["step"] for _, header, _ in records(path.read_bytes())]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_what_was_written_in_part_is_taken_back(tmp_path: Path) -> None:
    resource = import_module("resource")
    run, hear = run_of(), Frames(tmp_path)
    record(tmp_path, run, hear, 4)
    before = files(tmp_path)

    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before["first.frames"]) + 100, usual[1]))
    try:
        record(tmp_path, run, hear, 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert files(tmp_path) == before
    assert frames.read(tmp_path)[1] is None


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a folder that is refused")
def test_where_the_folder_cannot_be_made_the_run_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(0o500)
    record(tmp_path, training(), Frames(tmp_path))
    tmp_path.chmod(0o700)
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_file_in_the_way_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "frames").write_text("mine")
    run = training()
    record(tmp_path, run, Frames(tmp_path))
    assert run.history[-1].kind == "end"
    assert (tmp_path / "frames").read_text() == "mine"
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_page_describes_the_files() -> None:
    page = (Path(__file__).parents[2] / "docs" / "events.md").read_text(encoding="utf-8")
    for word in ("first.frames", "every-N.frames", "last.frames", "glf1", "`limit`", "`spacing`", "20 MB"):
        assert word in page


def test_another_data_set_of_the_same_shape_makes_no_difference(tmp_path: Path) -> None:
    """A frame is of the network alone."""
    first = []
    for seed in (0, 1):
        run = training(data=blobs(seed=seed))
        (tmp_path / str(seed)).mkdir()
        Frames(tmp_path / str(seed))(next(run), run)
        (kept, warning) = frames.read(tmp_path / str(seed))
        assert warning is None
        first.append(kept[0].parameters.tobytes())
    assert first[0] == first[1]
