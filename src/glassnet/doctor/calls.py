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
from contextvars import ContextVar
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
    """The global random generators, Python's and NumPy's, set to what `seed` leads to."""

    _first: ClassVar[dict[int, tuple[int, bytes]]] = {}  # by the seed, what is drawn first

    def __init__(self, seed: int) -> None:
        self._seed = seed
        _seed(seed)
        if seed not in self._first:
            self._first[seed] = _draw()
            _seed(seed)

    def drawn(self) -> bool:
        """Tell whether anything has been drawn since. It draws itself: ask once, and last."""
        return _draw() != self._first[self._seed]


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002


def _draw() -> tuple[int, bytes]:
    return random.getrandbits(64), np.random.bytes(8)  # noqa: NPY002


_kept: ContextVar[bool] = ContextVar("_kept", default=False)  # whether whoever called puts them back


@contextmanager
def generators_kept() -> Iterator[None]:
    """Put the global random generators back to what they are now; inside another, leave that to it.

    Saving and restoring their states takes fifteen times as long as seeding them.
    """
    if _kept.get():
        yield
        return
    before = random.getstate(), np.random.get_state()  # noqa: NPY002
    token = _kept.set(True)
    try:
        yield
    finally:
        _kept.reset(token)
        random.setstate(before[0])
        np.random.set_state(before[1])  # noqa: NPY002


@contextmanager
def running(what: str, seed: int) -> Iterator[Randomness]:
    """Run code inside: without its prints and warnings, the global generators set to `seed` and put back.

    Raises CodeError for whatever the code raises, and for sys.exit; Ctrl-C goes through.
    """
    with generators_kept():
        theirs = _kept.set(False)  # what the code examines inside finds them, and leaves them, as they are
        try:
            with (
                warnings.catch_warnings(),
                np.errstate(all="ignore"),
                redirect_stdout(NOWHERE),
                redirect_stderr(NOWHERE),
            ):
                warnings.simplefilter("ignore")
                yield Randomness(seed)
        except (Exception, SystemExit) as error:
            raise explained(what, error) from error
        finally:
            _kept.reset(theirs)


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
