"""CIFAR-10's batches: from a folder or straight from the archive, in the binary or the python version.

A binary batch is records one after another; a python batch is a pickled dict, which unpickle.py reads.

    byte  0        label, 0 to 9
          1        1,024 red pixels, row after row
          1025     1,024 green pixels
          2049     1,024 blue pixels

(A. Krizhevsky, www.cs.toronto.edu/~kriz/cifar.html, "binary version" and "python / Matlab versions".)
"""

import io
import zlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from glassnet.data import idx
from glassnet.data.catalogue import BATCHES, OBJECTS, Part

if TYPE_CHECKING:
    import gzip
    import tarfile

SHAPE: Final = (3, 32, 32)
RECORD: Final = 1 + 3 * 32 * 32
CLASSES: Final = OBJECTS

BINARY: Final = tuple(f"{batch}.bin" for batch in BATCHES)
META: Final = {BINARY: "batches.meta.txt", BATCHES: "batches.meta"}
WANTED: Final = frozenset((*BINARY, *BATCHES, *META.values()))

FOLDERS: Final = ("cifar-10-batches-bin", "cifar-10-batches-py")
ARCHIVES: Final = ("cifar-10-binary.tar.gz", "cifar-10-python.tar.gz")
LARGEST_FILE: Final = 64 << 20  # twice a batch as published
LARGEST_ARCHIVE: Final = 256 << 20  # unpacked; as published 184 MB
MOST_MEMBERS: Final = 1000

Files = dict[str, bytes]


def read(path: Path) -> tuple[Part, Part, tuple[str, ...]]:
    """The training part, the test part and the names of the classes, from CIFAR-10's folder or archive.

    Images (N, 3, 32, 32) uint8 and labels (N,) from 0 to 9; as published 50,000 and 10,000 of them. A folder
    holds the six batches, or the folder or archive in which they were published. An archive (.tar.gz or .tar)
    is read as it is: nothing is unpacked to disk. The names come from the file batches.meta.txt or
    batches.meta if it is there.

    Raises FileNotFoundError if the path or a batch is missing, ValueError if a file is damaged, larger than
    the set can be, or holds anything but images and labels, OSError if it cannot be read.
    """
    place = find(path) if path.is_dir() else path
    if place is None:
        raise FileNotFoundError(
            f"{path}: expected CIFAR-10's batches ({BINARY[0]}, …) or its archive {ARCHIVES[0]}, got neither"
        )
    files = _in_folder(place) if place.is_dir() else _in_archive(place)
    batches = BINARY if any(name in files for name in BINARY) else BATCHES
    if missing := [name for name in batches if name not in files]:
        raise FileNotFoundError(f"{place}: expected {', '.join(missing)}, got none")
    parts = [_batch(f"{place}: {name}", name, files.pop(name)) for name in batches]
    *train, test = parts
    images, labels = (np.concatenate(arrays) for arrays in zip(*train))
    return (images, labels), (np.ascontiguousarray(test[0]), test[1]), _classes(place, files, META[batches])


def find(folder: Path) -> Path | None:
    """Where in a folder CIFAR-10 is: the folder itself, one in it, or an archive in it; None if nowhere."""
    for place in (folder, *(folder / name for name in FOLDERS)):
        if (place / BINARY[0]).is_file() or (place / BATCHES[0]).is_file():
            return place
    return next((folder / name for name in ARCHIVES if (folder / name).is_file()), None)


def _in_folder(folder: Path) -> Files:
    paths = [folder / name for name in sorted(WANTED) if (folder / name).is_file()]
    for path in paths:
        _check_size(f"{path}", path.stat().st_size)
    return {path.name: path.read_bytes() for path in paths}


def _in_archive(path: Path) -> Files:
    """The files of the set in an archive, which is read once from its beginning to its end."""
    import gzip
    import tarfile

    files: dict[str, bytes] = {}
    try:
        with path.open("rb") as stored:
            zipped = stored.read(2) == idx.GZIP_MAGIC
            stored.seek(0)
            content = _Bounded(path, gzip.GzipFile(fileobj=stored) if zipped else stored)
            with tarfile.open(fileobj=content, mode="r|") as archive:
                for count, member in enumerate(archive):
                    if count == MOST_MEMBERS:
                        raise ValueError(f"{path}: expected at most {MOST_MEMBERS} files, got more")
                    if (name := _name(member)) is None:
                        continue
                    if name in files:
                        raise ValueError(f"{path}: expected {name} once, got it twice")
                    _check_size(f"{path}: {name}", member.size)
                    opened = archive.extractfile(member)
                    files[name] = opened.read() if opened is not None else b""
            while content.read(1 << 20):  # to the end, where the checksum is
                pass
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(f"{path}: expected a sound .tar.gz archive: {error or 'it is cut off'}") from None
    return files


class _Bounded(io.RawIOBase):
    """A stream that ends in an error where more comes out of an archive than the set has."""

    def __init__(self, path: Path, stream: "BinaryIO | gzip.GzipFile") -> None:
        self.path, self.stream, self.left = path, stream, LARGEST_ARCHIVE

    def read(self, size: int = -1) -> bytes:
        content: bytes = self.stream.read(min(size, self.left + 1))
        self.left -= len(content)
        if self.left < 0:
            raise ValueError(f"{self.path}: expected at most {LARGEST_ARCHIVE >> 20} MB, got more")
        return content


def _name(member: "tarfile.TarInfo") -> str | None:
    """The name of a file of the set; None for all else: links, devices, other files, paths that lead away."""
    path = PurePosixPath(member.name)
    safe = not path.is_absolute() and ".." not in path.parts
    return path.name if member.isreg() and safe and path.name in WANTED else None


def _check_size(where: str, size: int) -> None:
    if size > LARGEST_FILE:
        raise ValueError(f"{where}: expected at most {LARGEST_FILE >> 20} MB, got {size:,} bytes")


def _batch(where: str, name: str, content: bytes) -> Part:
    """Images (N, 3, 32, 32), perhaps a view, and labels (N,) of one batch."""
    if name in BINARY:
        if len(content) == 0 or len(content) % RECORD:
            raise ValueError(f"{where}: expected a multiple of {RECORD} bytes, got {len(content):,}")
        records = np.frombuffer(content, np.uint8).reshape(-1, RECORD)
        images, labels = records[:, 1:], records[:, 0].astype(np.intp)
        wrong = [n for n in np.unique(labels) if n >= len(CLASSES)]
    else:
        images, numbers = _pickled(where, content)
        wrong = [n for n in numbers if type(n) is not int or not 0 <= n < len(CLASSES)]
        labels = np.array([] if wrong else numbers, np.intp)
    if wrong:
        raise ValueError(f"{where}: expected labels from 0 to {len(CLASSES) - 1}, got {wrong[0]}")
    return images.reshape(-1, *SHAPE), labels


def _pickled(where: str, content: bytes) -> tuple[NDArray[np.uint8], list[Any]]:
    batch = _unpickled(where, content)
    images, labels = batch.get("data"), batch.get("labels")
    if not isinstance(images, np.ndarray) or images.ndim != 2 or images.shape[1] != RECORD - 1:
        got = f"shape {images.shape}" if isinstance(images, np.ndarray) else "none"
        raise ValueError(f"{where}: expected an array 'data' (N, {RECORD - 1}), got {got}")
    if type(labels) is not list or len(labels) != len(images) or not labels:
        got = f"{len(labels)}" if type(labels) is list else "none"
        raise ValueError(f"{where}: expected a list 'labels' of {len(images)}, got {got}")
    return images, labels


def _classes(place: Path, files: Files, name: str) -> tuple[str, ...]:
    """The names that the set brings, or those that are known; ten and no two the same."""
    if name not in files:
        return CLASSES
    where = f"{place}: {name}"
    if name == META[BINARY]:
        names: Any = files[name].decode("utf-8", "replace").split("\n")
        names = [line.strip() for line in names if line.strip()]
    else:
        names = _unpickled(where, files[name]).get("label_names")
    if type(names) is not list or len({*map(str, names)}) != len(CLASSES) or len(names) != len(CLASSES):
        got = len(names) if type(names) is list else "none"
        raise ValueError(f"{where}: expected {len(CLASSES)} names of classes, no two the same, got {got}")
    return tuple(map(str, names))


def _unpickled(where: str, content: bytes) -> dict[str, Any]:
    from glassnet.data import unpickle

    try:
        return unpickle.load(content)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
