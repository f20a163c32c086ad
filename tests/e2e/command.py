"""The command `glassnet` as a user runs it: a process and a folder of its own, far from any network."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

COMMAND = [sys.executable, "-m", "glassnet"]


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


def environment(home: Path, **more: str) -> dict[str, str]:
    """No MNIST at hand, no mirror that answers, an empty home; matplotlib looks for fonts but once."""
    dropped = "GLASSNET_", "COLUMNS", "PYTHONUNBUFFERED"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    own = dict.fromkeys(("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA", "USERPROFILE"), str(home))
    return {
        **kept, **own, "GLASSNET_MIRROR": "http://127.0.0.1:9/", "MPLCONFIGDIR": str(home / "matplotlib"),
        "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "error", **more,
    }  # fmt: skip


def glassnet(
    arguments: Sequence[str], cwd: Path, env: dict[str, str], stdout: int | IO[Any] = subprocess.PIPE
) -> Outcome:
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=env,
        stdout=stdout,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=100,
    )
    return Outcome(done.returncode, done.stdout or "", done.stderr)


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder, deep down: the bytes of files, None for folders."""
    return {
        str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }
