"""Files that are either whole or not there. The standard library, nothing else."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


@contextmanager
def atomic(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open a file to write that takes the place of `path` when the block ends, and vanishes if it fails.

    Until then a file that was there stays as it is. Raises OSError if the folder cannot be written to.
    """
    path = Path(path)
    part = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        with part.open("wb") as file:
            yield file
        _replace(part, path)
    except BaseException as error:
        with suppress(OSError):
            part.unlink()
        # It names the part, which nobody else knows, or nothing, as when the disk is full.
        if isinstance(error, OSError) and error.errno and error.filename in (None, str(part)):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise


def _replace(part: Path, path: Path) -> None:
    for pause in (0.01, 0.1, 0.5) if sys.platform == "win32" else ():  # a scanner may be reading it just now
        try:
            part.replace(path)
            return
        except PermissionError:
            time.sleep(pause)
    part.replace(path)
