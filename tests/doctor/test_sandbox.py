"""A learner's file in a process of its own: nothing it does hangs or ends ours, and one line says so."""

import os
import socket
import sys
from pathlib import Path

import pytest

from glassnet.doctor.calls import AS_SCRIPT, CodeError
from glassnet.doctor.sandbox import check_file

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and forks are POSIX")
GOOD = """
def forward(x): return 2 * x

class Double:
    def forward(self, x): return 2 * x
    def backward(self, dy): return 2 * dy

def example(rng): return rng.normal(size=(4, 3))
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def outcome(text: str, time_limit: float = 60) -> str:
    """The verdict on a file of this text, or the error's line."""
    Path("mine.py").write_text(text, encoding="utf-8")
    try:
        return check_file("mine.py", time_limit=time_limit).verdict
    except ValueError as error:
        return str(error)


def test_a_diagnosis_comes_back_whole(here: Path) -> None:
    from glassnet.doctor import check_gradient

    (here / "mine.py").write_text(GOOD.replace("2 * dy", "3 * dy"))
    diagnosis = check_file("mine.py", seed=1)
    assert diagnosis.verdict == "wrong"
    assert repr(diagnosis) == repr(check_gradient("mine.py", seed=1))
    assert sorted(path.name for path in here.iterdir() if path.name != "__pycache__") == ["mine.py"]


def test_what_it_prints_is_not_shown(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    loud = "import os, sys\nprint('loud' * 100000)\nos.write(2, b'loud')\n"
    assert outcome(loud + GOOD) == "correct"
    assert capfd.readouterr() == ("", "")


def test_what_it_raises_comes_with_its_own_lines(here: Path) -> None:
    (here / "mine.py").write_text(GOOD.replace("2 * dy", "dy @ dy"))
    with pytest.raises(CodeError, match=r"Double.backward: raised ValueError.*\(mine.py, line 6\)") as raised:
        check_file("mine.py")
    assert "def backward(self, dy): return dy @ dy" in raised.value.traceback


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("import sys\nsys.exit(3)", f"mine.py: called sys.exit(3) (mine.py, line 2); {AS_SCRIPT}"),
        ("import os\nos._exit(0)", "mine.py: ended the process with exit code 0"),
        ("import os\nos._exit(7)", "mine.py: ended the process with exit code 7"),
        ("def f(): f()\nf()", "mine.py: called itself without end (RecursionError) (mine.py, line 1)"),
        ("input()",
         f"mine.py: asked for input(), and there is nobody to answer (mine.py, line 1); {AS_SCRIPT}"),
        ("import numpy as np\nnp.zeros((10**9, 10**9))",
         "mine.py: asked for more memory than there is (MemoryError) (mine.py, line 2)"),
        ("import ctypes\nctypes.string_at(0)", "mine.py: crashed (SIGSEGV) (mine.py, line 2)"),
        ("import os\nos.abort()", "mine.py: crashed (SIGABRT) (mine.py, line 2)"),
        ("import os\nos.kill(os.getpid(), 9)", "mine.py: was killed, perhaps because memory ran out"),
        ("import os\nos.kill(0, 9)", "mine.py: was killed, perhaps because memory ran out"),
    ],
)  # fmt: skip
@POSIX
def test_an_end_that_is_not_ours(here: Path, text: str, line: str) -> None:
    assert outcome(text) == line


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()\n",
        "import atexit, time\natexit.register(time.sleep, 1000)\n",
        "import os\nos.fork()\n",
        "import os\nos.close(0), os.close(1), os.close(2)\n",
        "import os, tempfile\nos.chdir(tempfile.mkdtemp())\nos.rmdir(os.getcwd())\n",
        "import warnings, numpy as np\nwarnings.warn('old')\nnp.seterr(all='raise')\n",
        "import signal\nsignal.alarm(1000)\n",
    ],
)
@POSIX
def test_what_does_not_keep_it_from_an_answer(here: Path, text: str) -> None:
    assert outcome(text + GOOD) == "correct"


STUCK = {
    "a loop": "while True: pass",
    "in a function": GOOD + "def stuck():\n    while True: pass\nexample = lambda rng: stuck()",
    "deaf to signals": "import signal, time\nsignal.signal(15, signal.SIG_IGN)\ntime.sleep(1e4)",
    "in C": "import ctypes\nctypes.PyDLL(None).sleep(10000)",
    "catches all": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "its clock is off": "import faulthandler\nfaulthandler.cancel_dump_traceback_later()\nwhile True: pass",
}


@pytest.mark.slow
@pytest.mark.parametrize("how", STUCK)
@POSIX
def test_the_time_limit_holds(here: Path, how: str) -> None:
    line = outcome(STUCK[how], time_limit=3)
    assert line.startswith("mine.py: ran for more than 3 s and was stopped")
    assert ("__main__" in line) == (how != "in a function" and how != "its clock is off")


def closes(port: int) -> bool:
    """Whether the process that listens there ends: waits for it, so that a wrong answer is a time-out."""
    with socket.socket() as client:
        try:
            client.connect(("127.0.0.1", port))
            return client.recv(1) == b""
        except ConnectionError:
            return True


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize("after", ["time.sleep(10000)", "raise ValueError"])
def test_what_it_started_ends_with_it(here: Path, after: str) -> None:
    text = (
        "import os, signal, socket, time\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "open('port', 'w').write(str(server.getsockname()[1]))\n"
        "if os.fork() == 0:\n"
        "    signal.signal(15, signal.SIG_IGN)\n"
        "    time.sleep(10000)\n"
    )
    outcome(text + after, time_limit=3)
    assert closes(int((here / "port").read_text()))


def test_bad_settings_and_files_are_one_line(here: Path) -> None:
    with pytest.raises(ValueError, match=r"gone.py: expected a Python file, found no such file"):
        check_file("gone.py")
    with pytest.raises(ValueError, match="time_limit: expected a number of seconds above 0, got nan"):
        check_file("gone.py", time_limit=float("nan"))
    with pytest.raises(ValueError, match="seed: expected a whole number of at least 0, got -1"):
        check_file("gone.py", seed=-1)


def test_a_mistake_of_ours_is_not_blamed_on_the_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from glassnet.doctor import examine, worker

    def slip(*_: object, **__: object) -> None:
        raise IndexError("a slip")

    monkeypatch.setattr(examine, "examine", slip)
    (here / "mine.py").write_text(GOOD)
    assert worker.outcome("mine.py", 0) == {"fault": "IndexError: a slip"}
    assert "mine" not in sys.modules
