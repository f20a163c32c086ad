"""Ctrl-C while the command line is still being loaded: the line and the exit code of any later moment."""

import subprocess
import sys
from pathlib import Path

import pytest

# The command, which presses Ctrl-C itself as it comes to the import of a module: no clock decides when.
PRESSED = """
import signal, sys
from glassnet.__main__ import main

class Press:
    def find_spec(self, name, path=None, target=None):
        if name == at:
            signal.raise_signal(signal.SIGINT)

at = sys.argv.pop(1)
if "ignored" in sys.argv:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.argv.remove("ignored")
sys.meta_path.insert(0, Press())
main()
"""


def pressed(at: str, arguments: list[str], cwd: Path, env: dict[str, str]) -> tuple[int, str, str]:
    command = [sys.executable, "-c", PRESSED, at, *arguments]
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "at",
    [
        "numpy",
        "numpy._core._multiarray_umath",  # an exception here would come out as an ImportError
        "typer.core",
        "glassnet.cli.train",
        "glassnet.data",  # by now the command has begun, and it is an exception
    ],
)
def test_ctrl_c_before_all_is_loaded_is_told_in_a_line(at: str, env: dict[str, str], tmp_path: Path) -> None:
    assert pressed(at, ["runs"], tmp_path, env) == (130, "", "glassnet: interrupted\n")


def test_ctrl_c_that_the_shell_ignores_is_ignored_from_the_start(env: dict[str, str], tmp_path: Path) -> None:
    for at in ("numpy", "glassnet.data"):
        code, out, err = pressed(at, ["ignored", "runs"], tmp_path, env)
        assert (code, out) == (2, "")
        assert "expected a folder with runs, found none" in err
