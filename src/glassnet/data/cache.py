"""Tables kept as binary in the user's cache, so that reading a large CSV file again takes no time.

Nothing that is wrong with the cache is ever an error: the file is read instead.
"""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from glassnet.atomic import atomic

Array = NDArray[Any]
Kept = TypeVar("Kept")

SMALLEST = 1 << 20  # bytes of a file that is worth it
LARGEST = 2 << 30  # bytes of all that is kept


def entry(path: Path, version: tuple[object, ...]) -> Path | None:
    """Where the file as it is now would be kept: a name out of its path, its marks and the reader's version.

    The marks are its size, its times, and its number on the disk: a copy that keeps the time of another file
    (`cp -p`, rsync, tar) changes when it got there, or that number.
    None for a small file. Raises OSError if there is no such file.
    """
    from platformdirs import user_cache_path

    path = path.resolve()
    now = path.stat()
    if now.st_size < SMALLEST:
        return None
    marks = [hashlib.sha256(repr(part).encode("utf-8", "surrogateescape")).hexdigest() for part in (
        str(path), (now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino, version))]  # fmt: skip
    return user_cache_path("glassnet", appauthor=False) / "tables" / f"{marks[0][:24]}-{marks[1][:24]}.npz"


def recall(where: Path | None, unpack: Callable[[Mapping[str, Array]], Kept]) -> Kept | None:
    """Return what `unpack` makes of the arrays that were kept there; None if there are none, or damaged."""
    if where is None:
        return None
    try:
        with where.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            found = unpack({name: arrays[name] for name in arrays.files})
    except Exception:  # whatever a damaged archive may lead to
        return None
    with suppress(OSError):
        where.touch()  # used last
    return found


def keep(where: Path | None, arrays: Mapping[str, Array]) -> None:
    """Keep the arrays there if that can be done; what was kept of older files and of this one before goes."""
    size = sum(array.nbytes for array in arrays.values())
    if where is None or size > LARGEST // 2:
        return
    with suppress(OSError):
        where.parent.mkdir(parents=True, exist_ok=True)
        where.parent.chmod(0o700)  # what is in the tables is nobody else's business
        own = where.name.partition("-")[0]
        for former in where.parent.glob(f"{own}-*.npz"):
            former.unlink(missing_ok=True)
        _make_room(where.parent, LARGEST - size)
        with atomic(where) as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]


def _make_room(folder: Path, left: int) -> None:
    """Remove what was used longest ago until no more than `left` bytes are there."""
    found = sorted(((file.stat(), file) for file in folder.iterdir()), key=lambda pair: -pair[0].st_mtime)
    for about, file in found:
        left -= about.st_size
        if left < 0:
            file.unlink(missing_ok=True)
