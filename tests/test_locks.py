"""A run's folder has one writer at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

from glassnet import runs


def test_another_process_finds_a_run_in_use(tmp_path: Path) -> None:
    attempt = [
        sys.executable,
        "-c",
        f"from glassnet import runs\nwith runs.held(runs.Path({str(tmp_path)!r})): pass",
    ]
    with runs.held(tmp_path):
        done = subprocess.run(attempt, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 1
        assert "expected a run that nobody else is writing, got one in use" in done.stderr
    assert subprocess.run(attempt, check=False).returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_one_process_does_not_write_a_run_twice_either(tmp_path: Path) -> None:
    with runs.held(tmp_path):
        with pytest.raises(OSError, match="got one in use"), runs.held(tmp_path):
            pass
        assert [path.name for path in tmp_path.iterdir()] == [".lock"]
    with runs.held(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_run_in_use_is_not_overwritten(tmp_path: Path) -> None:
    folder = runs.create(str(tmp_path / "run"), "mnist")
    (folder / "model.npz").write_text("of the other")
    with runs.held(folder), pytest.raises(OSError, match="got one in use"):
        runs.create(str(folder), "mnist", overwrite=True)
    assert (folder / "model.npz").read_text() == "of the other"
