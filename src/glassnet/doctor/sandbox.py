"""A learner's file examined in a process of its own, so that nothing it does can hang or end ours.

This is no protection from code that means harm: it runs with the rights of whoever starts it.
"""

import contextlib
import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from glassnet.doctor.calls import AS_SCRIPT, CodeError, is_theirs, shown
from glassnet.doctor.diagnosis import Diagnosis
from glassnet.doctor.loading import parted
from glassnet.doctor.worker import OUTCOME, WHERE

TIME_LIMIT = 60.0  # seconds
GRACE = 1.0  # seconds, after which a process that should have ended itself is killed
ROOT = Path(__file__).parents[2]
START = "import sys; sys.path.append({!r}); from glassnet.doctor.worker import main; main()"
# The arrays are small: more threads would only make it slower. Nobody is there to look at windows.
SETTINGS = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "MPLBACKEND": "Agg",
}


def check_file(spec: str, *, seed: int = 0, time_limit: float = TIME_LIMIT) -> Diagnosis:
    """Examine FILE.py[:NAME] and return the diagnosis.

    Raises ValueError, in one line, if the file cannot be examined, and CodeError, which is one, if its code
    raises, crashes, ends the process or takes more than `time_limit` seconds.
    """
    if not (math.isfinite(time_limit) and time_limit > 0):
        raise ValueError(f"time_limit: expected a number of seconds above 0, got {time_limit}")
    if seed < 0:
        raise ValueError(f"seed: expected a whole number of at least 0, got {seed}")
    path, _ = parted(spec)
    with tempfile.TemporaryDirectory(prefix="glassnet-", ignore_cleanup_errors=True) as folder:
        code = _run(spec, seed, Path(folder), time_limit)
        try:
            outcome = json.loads(Path(folder, OUTCOME).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise _ended(path, code, Path(folder, WHERE), time_limit) from None
    return _read(outcome)


def _run(spec: str, seed: int, folder: Path, time_limit: float) -> int | None:
    """Run the worker and return its exit code; None if it had to be killed."""
    arguments = [spec, str(seed), str(folder), repr(time.time() + time_limit)]
    options: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        options = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", START.format(str(ROOT)), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **SETTINGS},
        **options,
    )
    try:
        return process.wait(time_limit + GRACE)
    except subprocess.TimeoutExpired:
        return None
    finally:  # also at Ctrl-C, and for what the code has started and left behind
        _kill(process)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End the process and all that it started."""
    if sys.platform == "win32":
        if process.poll() is None:
            tree = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
            subprocess.run(tree, capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # all of them have gone
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _read(outcome: dict[str, Any]) -> Diagnosis:
    if "diagnosis" in outcome:
        return Diagnosis.from_plain(outcome["diagnosis"])
    if "fault" in outcome:
        raise RuntimeError(outcome["fault"])
    raise CodeError(outcome["error"], outcome["traceback"])


# ---- a process that ended without an outcome


def _ended(path: Path, code: int | None, where: Path, time_limit: float) -> CodeError:
    """Return the error that says how the process ended, and in which line of the learner's."""
    note = where.read_text(encoding="utf-8", errors="replace") if where.exists() else ""
    lines = [
        (shown(file), int(line), name)
        for file, line, name in re.findall(r'^  File "(.+)", line (\d+) in (.+)$', note, re.MULTILINE)
        if is_theirs(file) and file != "<string>"  # which is START
    ]
    if code is None or note.startswith("Timeout"):
        ending = f"ran for more than {time_limit:g} s and was stopped"
    elif code < 0 or code > 255:  # a signal, or an exception of Windows'
        ending = f"crashed ({_crash(code)})"
        if code == -getattr(signal, "SIGKILL", 0):
            ending = "was killed, perhaps because memory ran out"
    else:
        ending = f"ended the process with exit code {code}"
    at = f" ({lines[0][0]}, line {lines[0][1]})" if lines else ""
    hint = ""
    if lines and ending.endswith("stopped"):
        slow = "if it is only slow, a smaller example or a longer --time-limit helps"
        hint = f"; {AS_SCRIPT if lines[-1][2] == '<module>' else slow}"
    way = [f'  File "{file}", line {line}, in {name}' for file, line, name in reversed(lines[:16])]
    traceback = "\n".join(["Where it was (your code only, innermost last):", *way]) if lines else ""
    return CodeError(f"{path}: {ending}{at}{hint}", traceback)


def _crash(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"exit code {code:#x}"
