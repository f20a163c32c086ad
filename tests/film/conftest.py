"""The runs that the films are of: recorded once, and copied where a test spoils them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from film.recorded import DIGITS, SINE, SPIRALS, record


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("film") / "digits"
    record(folder, DIGITS)
    return folder


@pytest.fixture(scope="session")
def spirals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("film") / "spirals"
    record(folder, SPIRALS)
    return folder


@pytest.fixture(scope="session")
def sine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("film") / "sine"
    record(folder, SINE)
    return folder


@pytest.fixture
def spoiled(digits: Path, tmp_path: Path) -> Callable[[], Path]:
    """A copy of the run of digits, to take something away from."""

    def copy() -> Path:
        folder = tmp_path / "spoiled"
        shutil.copytree(digits, folder)
        return folder

    return copy
