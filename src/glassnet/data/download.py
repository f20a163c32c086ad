"""Files fetched from the first of several mirrors that answers, checked by their content, written whole."""

import hashlib
import io
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from glassnet.atomic import atomic
from glassnet.data import idx
from glassnet.data.catalogue import Checksum

if TYPE_CHECKING:
    from rich.progress import Progress

ANSWER_SECONDS = 3.0  # a mirror that says nothing for so long is given up
READ_SECONDS = 15.0  # and so is one that falls silent in the middle of a file
OK, DIFFERS, UNKNOWN = "ok", "differs", "cannot be checked"
WORDS = {"archive": "an archive", "content": "content", "file": "a file"}
KINDS = {"sha256": "SHA-256", "md5": "MD5"}


def download(
    mirrors: tuple[str, ...],
    files: Mapping[str, Checksum],
    wanted: Callable[[str], bool],
    folder: Path,
    progress: bool,
) -> str:
    """Fetch the `wanted` of the files into `folder` from the first mirror that has them all.

    A mirror is what stands before a file's name in its address; `files` has each file's published checksum.
    No file gets its name before it is whole and has been checked. Returns the mirror in words. Raises OSError
    with every mirror's failure, or if the folder cannot be written.
    """
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    failures: dict[str, str] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not progress) as bars:
        for mirror in _answering(mirrors, next(iter(files)), failures):
            for file, checksum in files.items():
                if not wanted(file):
                    continue
                try:
                    archive = _fetch(mirror + file, checksum, _Bar(bars, file))
                except (OSError, EOFError, zlib.error) as error:
                    failures[mirror] = f"{file}: {_reason(error)}"
                    break
                _write_whole(folder / file, archive)
            else:
                return _words(mirror)
    raise OSError("; ".join(f"{_words(mirror)}: {failures[mirror]}" for mirror in mirrors))


def _answering(mirrors: tuple[str, ...], file: str, failures: dict[str, str]) -> Iterator[str]:
    """The mirrors that answer at all, the fastest first; why the others do not goes into `failures`.

    All are asked at once, each in a thread of its own that is left behind if need be: no time-out reaches a
    look-up of a name that hangs.
    """
    import pooch

    answers: SimpleQueue[tuple[str, Exception | None]] = SimpleQueue()

    def ask(mirror: str) -> None:
        try:  # "not found" is an answer too: fetching will tell what is wrong
            pooch.HTTPDownloader(timeout=2 * ANSWER_SECONDS)(mirror + file, None, None, check_only=True)
        except Exception as error:  # a thread has no caller to raise to
            answers.put((mirror, error))
        else:
            answers.put((mirror, None))

    for mirror in mirrors:
        threading.Thread(target=ask, args=(mirror,), daemon=True).start()
    deadline = time.monotonic() + ANSWER_SECONDS
    waiting = set(mirrors)
    while waiting:
        try:
            mirror, error = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty:
            failures.update(dict.fromkeys(waiting, f"no answer in {ANSWER_SECONDS:g} s"))
            return
        waiting.remove(mirror)
        if error is None:
            yield mirror
        else:
            failures[mirror] = _reason(error)


def _fetch(url: str, checksum: Checksum, bar: "_Bar") -> bytes:
    """A file as the mirror stores it, once it has been checked."""
    import pooch

    stored = io.BytesIO()
    pooch.HTTPDownloader(progressbar=bar, chunk_size=1 << 16, timeout=READ_SECONDS)(url, stored, None)
    archive = stored.getvalue()
    if (got := digest(archive, checksum)) != checksum.digest:
        what = f"{WORDS[checksum.of]} of {KINDS[checksum.algorithm]}"
        raise OSError(f"expected {what} {checksum.digest[:12]}…, got {got[:12]}…")
    return archive


def digest(stored: bytes, checksum: Checksum) -> str:
    """Return the checksum of a file, of the kind of `checksum`: of the file as stored, or of its content.

    Raises EOFError if content is asked for and the gzip archive is cut off, zlib.error if it is damaged.
    """
    if checksum.of == "content" and stored.startswith(idx.GZIP_MAGIC):
        stored = idx.gunzip(stored)
    return hashlib.new(checksum.algorithm, stored, usedforsecurity=False).hexdigest()


def check(path: Path, checksum: Checksum) -> str:
    """Return OK, DIFFERS, or UNKNOWN if the checksum is of a gzip archive that has been unpacked.

    Raises OSError if the file cannot be read.
    """
    stored = path.read_bytes()
    try:
        if digest(stored, checksum) == checksum.digest:
            return OK
    except (EOFError, zlib.error):
        return DIFFERS
    return UNKNOWN if checksum.of == "archive" and not stored.startswith(idx.GZIP_MAGIC) else DIFFERS


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with atomic(path) as file:
            file.write(content)
    except PermissionError:  # on Windows, if another process was first and is reading its copy
        if not path.exists():
            raise


def _words(mirror: str) -> str:
    """host/folder: short, and without a password that may be in the address."""
    return mirror.partition("://")[2].rpartition("@")[2].rstrip("/")


def _reason(error: BaseException) -> str:
    """Why a mirror failed, in a few words: what is at the bottom of the exceptions wrapped around it."""
    if (response := getattr(error, "response", None)) is not None:
        return f"{response.status_code} {response.reason}"
    while inner := error.__cause__ or error.__context__:
        error = inner
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


class _Bar:
    """The bar of one file, with what pooch asks of a progress bar: total, update, reset, close."""

    def __init__(self, bars: "Progress", file: str) -> None:
        self.bars, self.task, self.total = bars, bars.add_task(file, total=None), 0

    def update(self, size: int) -> None:
        self.bars.update(self.task, advance=size, total=self.total or None)

    def reset(self) -> None:
        self.bars.update(self.task, completed=0)

    def close(self) -> None:
        self.bars.remove_task(self.task)
