"""Those who listen to a run: the recording on disk, the terminal, and Ctrl-C."""

import io
import os
import re
import signal
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet.data import Dataset
from glassnet.training import Epoch, Event, Recorder, Terminal, Training, events
from glassnet.training.terminal import numbers, spacing
from training.screen import TERMINAL, pseudo_terminal
from training.small import blobs, epochs, kinds, network, steps, training

# ---- the recording


def test_the_recording_is_the_run(tmp_path: Path) -> None:
    heard: list[Any] = []
    training().fit(Recorder(tmp_path / "h"), lambda event, run: heard.append(event), progress=False)
    assert events.read(tmp_path / "h") == heard


@pytest.mark.parametrize(("n", "most"), [(11, 10), (10, 10), (40, 10), (41, 10), (399, 10), (400, 7)])
def test_steps_are_thinned_evenly(tmp_path: Path, n: int, most: int) -> None:
    run = training(data=blobs(n, validation=0), batch_size=1, epochs=1)
    run.fit(Recorder(tmp_path / "h", steps=most), progress=False)
    kept = [step.step for step in steps(events.read(tmp_path / "h"))]
    assert most / 2 - 1 < len(kept) <= most
    assert kept[0] == 1
    assert len(set(np.diff(kept))) == 1
    assert kinds(events.read(tmp_path / "h"))[-2:] == ["epoch", "end"]


def test_a_long_run_leaves_a_short_recording(tmp_path: Path) -> None:
    training(data=blobs(50, validation=0), batch_size=1, epochs=90).fit(
        Recorder(tmp_path / "h"), progress=False
    )
    assert 1000 < len(steps(events.read(tmp_path / "h"))) <= 2000


def test_a_run_made_longer_is_thinned_more(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "h", steps=20)
    run = training(data=blobs(20, validation=0), batch_size=1, epochs=1)
    for event in run:
        recorder(event, run)
        if event.kind == "step" and event.step == 5:
            run.change(epochs=50)
    assert 10 < len(steps(events.read(tmp_path / "h"))) <= 40


def test_at_every_epoch_the_file_is_complete(tmp_path: Path) -> None:
    run, path = training(), tmp_path / "h"

    def look(event: Any, run: Training) -> None:
        if event.kind in ("epoch", "change", "end"):
            assert events.read(path)[-1] == event

    def meddle(event: Any, run: Training) -> None:
        if event.step == 4 and event.kind == "step":
            run.change(l2=0.1)

    run.fit(Recorder(path), look, meddle, progress=False)
    assert kinds(events.read(path)).count("change") == 1


def test_after_an_error_elsewhere_the_file_can_be_read(tmp_path: Path) -> None:
    def fail(event: Any, run: Training) -> None:
        if event.step == 5:
            raise ValueError("mine")

    recorder = Recorder(tmp_path / "h")
    with pytest.raises(ValueError, match="mine"):
        training().fit(recorder, fail, progress=False)
    recorder.close()
    assert kinds(events.read(tmp_path / "h")) == ["start", *["step"] * 3, "epoch", "step", "step"]


def test_a_run_that_goes_on_goes_on_in_the_file(tmp_path: Path) -> None:
    run, recorder = training(), Recorder(tmp_path / "h")
    run.fit(recorder, progress=False)
    run.change(epochs=3)
    run.fit(recorder, progress=False)
    found = events.read(tmp_path / "h")
    assert [event for event in found if event.kind != "step"] == run.history
    assert kinds(found)[-6:] == ["change", *["step"] * 3, "epoch", "end"]


def test_a_new_run_takes_the_place_of_the_old_recording(tmp_path: Path) -> None:
    for count in (5, 1):
        training(epochs=count).fit(Recorder(tmp_path / "h"), progress=False)
    assert len(epochs(events.read(tmp_path / "h"))) == 1


def test_a_recorder_that_comes_late_records_the_rest(tmp_path: Path) -> None:
    run = training()
    next(run), next(run)
    run.fit(Recorder(tmp_path / "h"), progress=False)
    assert kinds(events.read(tmp_path / "h"))[:3] == ["step", "step", "epoch"]


def test_a_recording_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        training().fit(Recorder(tmp_path / "none" / "h"), progress=False)


# ---- the terminal

LINE = r"Epoch {} - loss \d\.\d{{4}}, accuracy [01]\.\d{{4}}{} - \d+\.\d\d s"
VALIDATION = r" - validation loss \d\.\d{4}, accuracy [01]\.\d{4}"


def printed(run: Training, *, changes: bool = False) -> list[str]:
    out = io.StringIO()
    terminal = Terminal(out)
    for event in run:
        terminal(event, run)
        if changes and event.step == 2:
            run.change(learning_rate=0.01, max_norm=2)
            changes = False
    text = out.getvalue()
    assert text == "" or text.endswith("\n")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    return text.splitlines()


def test_piped_it_prints_a_line_an_epoch_and_nothing_else() -> None:
    lines = printed(training())
    assert len(lines) == 2
    for number, line in enumerate(lines, 1):
        assert re.fullmatch(LINE.format(number, VALIDATION), line)
    assert re.fullmatch(LINE.format(1, ""), printed(training(data=blobs(validation=0)))[0])


def test_values_have_no_accuracy_in_the_line() -> None:
    data = np.ones((20, 4)), np.linspace(0, 1, 20)
    value = r"loss \d\.\d{4}, R² -?\d+\.\d{4}, MAE \d[\d.]*"
    assert re.fullmatch(rf"Epoch 1 - {value} - \d\.\d\d s", printed(training(network(outputs=1), data))[0])
    held = Dataset.from_arrays(*data).split(0.2)
    line = printed(training(network(outputs=1), held))[0]
    assert re.fullmatch(rf"Epoch 1 - {value} - validation {value} - \d\.\d\d s", line)


@pytest.mark.parametrize(
    ("mae", "words"),
    [
        (0.012345, "0.0123"),
        (0.59, "0.590"),
        (0, "0.00"),
        (43.21, "43.2"),
        (999.4, "999"),
        (12345.6, "12,346"),
    ],
)
def test_the_numbers_of_values_in_words(mae: float, words: str) -> None:
    assert numbers(0.45314, None, 0.54686, mae) == f"loss 0.4531, R² 0.5469, MAE {words}"
    assert numbers(0.45314, 0.9) == "loss 0.4531, accuracy 0.9000"


@pytest.mark.parametrize(
    ("encoding", "name"), [("ascii", "R2"), ("utf-8", "R²"), ("latin-1", "R²"), ("cp437", "R²")]
)
def test_r_squared_on_a_stream_that_cannot_say_it(encoding: str, name: str) -> None:
    content = io.BytesIO()
    out = io.TextIOWrapper(content, encoding=encoding, errors="replace")
    run = training(network(outputs=1), (np.ones((20, 4)), np.linspace(0, 1, 20)), epochs=1)
    run.fit(Terminal(out), progress=False)
    assert f", {name} " in content.getvalue().decode(encoding)


def test_a_change_is_told() -> None:
    assert (
        printed(training(), changes=True)[0]
        == "Step 2 - changed learning_rate 0.05 → 0.01, max_norm None → 2"
    )


class Quick(Terminal):
    REDRAW_SECONDS = 0.0


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in TERMINAL.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("terminal")
def test_on_a_terminal_there_is_a_bar_and_in_the_end_only_the_lines() -> None:
    with pseudo_terminal() as (end, screen), os.fdopen(end, "w", closefd=False) as file:
        run = training(data=blobs(200), batch_size=4, epochs=3)
        run.fit(Quick(file), progress=False)
    assert "━" in screen.raw
    assert re.search(r"loss \d\.\d{4}", screen.raw)
    assert re.search(r"40/40", screen.raw)
    assert "nan" not in screen.raw
    assert "Epoch 4" not in screen.raw
    assert len(screen.lines) == 3
    for number, line in enumerate(screen.lines, 1):
        assert re.fullmatch(LINE.format(number, VALIDATION), line)
    assert screen.cursor_is_shown


@pytest.mark.usefixtures("terminal")
def test_a_run_that_goes_on_amid_an_epoch_has_a_bar_that_knows_where_it_is() -> None:
    with pseudo_terminal() as (end, screen), os.fdopen(end, "w", closefd=False) as file:
        run = training(data=blobs(200), batch_size=4, epochs=2)
        for _ in range(31):
            next(run)
        run.fit(Quick(file), progress=False)
    assert re.search(r"31/40", screen.raw)
    assert re.search(r"40/40", screen.raw)
    assert not re.search(r"\b[1-9]/40", screen.raw.partition("Epoch 1 -")[0])
    assert len(screen.lines) == 2


def test_a_run_that_diverges_with_stderr_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", None)
    assert printed(training(learning_rate=1e30))[1:] == []


@pytest.mark.usefixtures("terminal")
def test_after_an_error_the_terminal_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(event: Any, run: Training) -> None:
        if event.step == 70:
            raise ValueError("mine")

    with pseudo_terminal() as (end, screen), os.fdopen(end, "w", closefd=False) as file:
        monkeypatch.setattr("sys.stdout", file)
        with pytest.raises(ValueError, match="mine"):
            training(data=blobs(200), batch_size=4, epochs=3).fit(fail)
        monkeypatch.undo()
    assert "\x1b[?25l" in screen.raw
    assert screen.cursor_is_shown
    assert [line[:7] for line in screen.lines] == ["Epoch 1"]


# ---- Ctrl-C


def press_at(*places: int) -> Any:
    def press(event: Any, run: Training) -> None:
        if event.kind == "step" and event.step in places:
            signal.raise_signal(signal.SIGINT)

    return press


def test_ctrl_c_ends_the_run_after_the_step_at_hand(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    history = training().fit(press_at(4), progress=False)
    assert capsys.readouterr() == ("", "glassnet: stopping after this step; Ctrl-C again stops at once\n")
    assert kinds(history) == ["start", "epoch", "end"]
    end: Any = history[-1]
    assert (end.reason, end.step, end.epoch) == ("interrupted", 4, 2)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_interrupts_at_once() -> None:
    before = signal.getsignal(signal.SIGINT)
    run = training()
    with pytest.raises(KeyboardInterrupt):
        run.fit(press_at(4), press_at(4), progress=False)
    assert signal.getsignal(signal.SIGINT) is before
    assert not run.network.training_now


def test_an_interrupt_sent_to_a_background_run_is_heard() -> None:
    """A shell's background jobs ignore Ctrl-C; `kill -INT` to one of them ends it cleanly all the same."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        history = training().fit(press_at(4), progress=False)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        with pytest.raises(KeyboardInterrupt):
            training().fit(press_at(4), press_at(4), progress=False)
    finally:
        signal.signal(signal.SIGINT, before)
    assert history[-1].reason == "interrupted"


def test_a_handler_that_is_not_pythons_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(signal, "getsignal", lambda signum: None)
    assert kinds(training().fit(progress=False))[-1] == "end"
    monkeypatch.undo()
    assert signal.getsignal(signal.SIGINT) is before


def test_in_another_thread_fit_leaves_signals_alone() -> None:
    before, results = signal.getsignal(signal.SIGINT), []
    thread = threading.Thread(target=lambda: results.append(training().fit(progress=False)))
    thread.start()
    thread.join()
    assert kinds(results[0])[-1] == "end"
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(
    ("epochs", "expected"),
    [
        (1, 1),
        (30, 1),
        (31, 2),
        (60, 2),
        (61, 5),
        (150, 5),
        (151, 10),
        (1000, 50),
        (1500, 50),
        (10**6, 50_000),
    ],
)
def test_of_many_epochs_about_thirty_get_a_line(epochs: int, expected: int) -> None:
    assert spacing(epochs, Terminal.LINES) == expected
    assert len({1, *range(expected, epochs + 1, expected), epochs}) <= Terminal.LINES + 2


def test_of_many_epochs_the_first_the_last_and_the_one_it_ends_after_are_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = training(epochs=100)

    def stop(event: Event, run: Training) -> None:
        if isinstance(event, Epoch) and event.epoch == 23:
            run.stop()

    run.fit(stop)
    told = [int(number) for number in re.findall(r"^Epoch (\d+) -", capsys.readouterr().out, re.MULTILINE)]
    assert told == [1, 5, 10, 15, 20, 23]
    training(epochs=62).fit()
    told = [int(number) for number in re.findall(r"^Epoch (\d+) -", capsys.readouterr().out, re.MULTILINE)]
    assert told == [1, *range(5, 61, 5), 62]
