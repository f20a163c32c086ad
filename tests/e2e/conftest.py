"""What the tests of the command line share: a home without anything in it, and one trained run."""

from pathlib import Path
from typing import NamedTuple

import pytest

from e2e.command import Outcome, environment, glassnet


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def env(home: Path) -> dict[str, str]:
    return environment(home)


class Trained(NamedTuple):
    """A run that a test must leave as it is: the folder it was started in, its own, and what was printed."""

    cwd: Path
    folder: Path
    outcome: Outcome


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, env: dict[str, str]) -> Trained:
    """Two epochs without a word about the data, where other runs have been before."""
    cwd = tmp_path_factory.mktemp("work")
    (cwd / "runs" / "mnist-1").mkdir(parents=True)
    outcome = glassnet(["train", "--epochs", "2"], cwd, env)
    return Trained(cwd, cwd / "runs" / "mnist-sample-1", outcome)
