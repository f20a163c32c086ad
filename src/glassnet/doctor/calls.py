"""Running somebody's code: silent, with the global random generators set, and its errors told from ours."""

import inspect
import io
import os
import random
import site
import sysconfig
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

OURS = Path(__file__).resolve().parents[1]
LIBRARIES = [
    os.path.realpath(folder) + os.sep
    for folder in {*(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
                   site.getusersitepackages()}
    if folder
]  # fmt: skip
AS_SCRIPT = 'what is to run only as a script belongs below if __name__ == "__main__":'
FRAMES = 8  # of a traceback, at each end


class CodeError(ValueError):
    """Somebody's code raised: the message says so in one line, `traceback` shows their own lines."""

    def __init__(self, message: str, traceback: str = "") -> None:
        super().__init__(message)
        self.traceback = traceback


class _Nowhere(io.TextIOBase):
    def write(self, text: str) -> int:
        return len(text)


NOWHERE = _Nowhere()


def is_theirs(file: str) -> bool:
    """Tell whether code from `file` is the learner's, not a library's or ours."""
    if file.startswith("<frozen") or not file:
        return False
    path = os.path.realpath(file)
    if f"{os.sep}site-packages{os.sep}" in path or path.startswith(tuple(LIBRARIES)):
        return False
    return not path.startswith(f"{OURS}{os.sep}") or f"{os.sep}templates{os.sep}" in path


class Randomness:
    """The global random generators, Python's and NumPy's."""

    _seeded: ClassVar[dict[int, tuple[Any, ...]]] = {}  # by the seed, the state that it leads to

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._before = random.getstate(), np.random.get_state()  # noqa: NPY002
        random.seed(seed)
        np.random.seed(seed % 2**32)  # noqa: NPY002
        if seed not in self._seeded:
            self._seeded[seed] = self._state()

    def _state(self) -> tuple[Any, ...]:
        _, key, position, *_ = np.random.get_state()  # noqa: NPY002
        return random.getstate(), np.asarray(key).tobytes(), position

    @property
    def drawn(self) -> bool:
        """Whether anything has been drawn since."""
        return self._state() != self._seeded[self._seed]

    def put_back(self) -> None:
        """Set them to what they were before."""
        random.setstate(self._before[0])
        np.random.set_state(self._before[1])  # noqa: NPY002


@contextmanager
def running(what: str, seed: int) -> Iterator[Randomness]:
    """Run code inside: without its prints and warnings, the global generators set to `seed` and put back.

    Raises CodeError for whatever the code raises, and for sys.exit; Ctrl-C goes through.
    """
    randomness = Randomness(seed)
    try:
        with (
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
            redirect_stdout(NOWHERE),
            redirect_stderr(NOWHERE),
        ):
            warnings.simplefilter("ignore")
            yield randomness
    except (Exception, SystemExit) as error:
        raise explained(what, error) from error
    finally:
        randomness.put_back()


def explained(what: str, error: BaseException) -> CodeError:
    """Return the CodeError for what `error` says of the code named `what`."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if is_theirs(f.filename)]
    where = ""
    if frames:
        where = f" ({shown(frames[-1].filename)}, line {frames[-1].lineno})"
    return CodeError(f"{what}: {_said(error)}{where}", _lines(frames, error))


def _said(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return f"called sys.exit({'' if error.code is None else repr(error.code)})"
    if isinstance(error, RecursionError):
        return "called itself without end (RecursionError)"
    if isinstance(error, MemoryError):
        return "asked for more memory than there is (MemoryError)"
    if isinstance(error, EOFError) and "reading a line" in str(error):
        return "asked for input(), and there is nobody to answer"
    message = " ".join(str(error).split())
    kind = type(error).__name__
    return f"raised {kind}: {message}" if message else f"raised {kind}"


def _lines(frames: list[traceback.FrameSummary], error: BaseException) -> str:
    """The traceback as Python writes it, of these frames alone; of a deep one its two ends."""
    if not frames:
        return ""
    for frame in frames:
        frame.filename = shown(frame.filename)
    lines = traceback.StackSummary.from_list(frames).format()  # which counts repeated ones
    if len(lines) > 2 * FRAMES:
        lines[FRAMES:-FRAMES] = [f"  … {len(lines) - 2 * FRAMES} more …\n"]
    said = traceback.format_exception_only(error)
    return "".join(["Traceback (your code only, most recent call last):\n", *lines, *said]).rstrip()


def takes(function: Callable[..., Any], count: int) -> bool:
    """Tell whether a function can be called with that many arguments; what cannot be asked can."""
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def shown(file: str) -> str:
    """A path as short as it can be read from here."""
    try:
        return file.removeprefix(os.getcwd() + os.sep)  # noqa: PTH109
    except OSError:  # the folder has gone
        return file


def described(value: Any) -> str:
    """Say what a value is, for messages: "an array (3, 4)", "a list of 2", "None"."""
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, np.ndarray):
        kind = "" if value.dtype.kind == "f" else f" of {value.dtype}"
        return f"an array {value.shape}{kind}"
    if isinstance(value, tuple | list | dict):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, int | float | np.number):
        return f"the number {value!s:.20}"
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'aeiouAEIOU' else 'a'} {kind}"
