"""Named data sets: where they are found or fetched from, and how they are read. The table: catalogue.py."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glassnet.data import idx
from glassnet.data.catalogue import SOURCES as SOURCES
from glassnet.data.catalogue import TEST as TEST
from glassnet.data.catalogue import TRAIN as TRAIN
from glassnet.data.catalogue import Part, Source
from glassnet.data.download import OK, check
from glassnet.data.download import download as download_from


class DataUnavailable(OSError):
    """A data set is not at hand and cannot be fetched; the message says what was tried and why it failed."""


@dataclass(frozen=True)
class Found:
    """A folder that holds a data set, and in words how it was come by."""

    folder: Path
    origin: str


def find(name: str, data_dir: Path | None = None, *, download: bool = True, progress: bool = False) -> Found:
    """The folder that holds the data set `name`, which is fetched into the user's cache if need be.

    Looked for in `data_dir`, and nowhere else if that is given; else in $GLASSNET_DATA, in the user's cache
    and, if `download`, on the network: on $GLASSNET_MIRROR (a web address) if that is set, else on the set's
    public mirrors. Each of these places may hold the files in a folder of the set's name. It may hold them
    itself if they are known to be the set's, by a published checksum, since other sets' files have the same
    names. On disk they may be plain or gzip. `progress` shows bars on stderr.

    Raises ValueError if the name is unknown, FileNotFoundError if `data_dir` lacks files, DataUnavailable if
    the set is nowhere: without a network after about three seconds.
    """
    source = _source(name)
    if data_dir is not None:
        folder = _folder(source, data_dir)
        return Found(folder, f"found in {folder} (--data-dir)")

    failures = []
    if own := os.environ.get("GLASSNET_DATA"):
        try:
            folder = _folder(source, Path(own).expanduser())
            return Found(folder, f"found in {folder} ($GLASSNET_DATA)")
        except OSError as error:
            failures.append(f"$GLASSNET_DATA: {error}")
    cache = cache_folder()
    try:
        folder = _folder(source, cache)
        return Found(folder, f"found in {folder} (the cache)")
    except OSError as error:
        if not download:
            failures.append(f"the cache: {error}")
            raise DataUnavailable(f"{name} is not at hand: {'; '.join(failures)}") from None
    return _fetch(source, cache / name, progress, failures)


def fetch(name: str, place: Path, *, progress: bool = False) -> Found:
    """The folder of the set `name` in the folder `place`, where it is fetched to unless it is there already.

    What is fetched is checked by its published checksum, and no file gets its name before it is whole.
    Raises ValueError if the name is unknown, DataUnavailable if the set cannot be fetched.
    """
    source = _source(name)
    try:
        folder = _folder(source, place)
        return Found(folder, f"found in {folder}")
    except OSError:
        return _fetch(source, place / name, progress, [])


def cache_folder() -> Path:
    """The folder in the user's cache that sets are fetched into; it may not exist yet."""
    from platformdirs import user_cache_path

    return Path(user_cache_path("glassnet", appauthor=False))


def read(name: str, folder: Path) -> tuple[Part, Part, tuple[str, ...]]:
    """The training part, the test part and the names of the classes of the set `name` in its folder.

    Images (N, H, W) uint8, of cifar-10 (N, 3, 32, 32), and labels (N,). Raises what `read_mnist` and
    `cifar.read` raise.
    """
    source = _source(name)
    if source.form == "cifar":
        from glassnet.data import cifar

        return cifar.read(folder)
    return *read_mnist(folder, len(source.classes)), source.classes


def read_mnist(folder: Path, classes: int = 10) -> tuple[Part, Part]:
    """The training and the test part of MNIST, or of any other set in its four files.

    Images (N, H, W) uint8, H and W the same in both parts, and labels (N,) from 0 to `classes` - 1;
    of MNIST itself 60,000 and 10,000 images of 28 x 28. Raises FileNotFoundError if a file is missing,
    ValueError if one is damaged or is not so.
    """
    train, test = (_read_part(folder, files, classes) for files in (TRAIN, TEST))
    expected, got = train[0].shape[1:], test[0].shape[1:]
    if expected != got:
        raise ValueError(f"{folder}: expected test images {expected} like the training images, got {got}")
    return train, test


def read_sample() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """5,000 of MNIST's training images, (5000, 28, 28), and their labels (5000,): 500 zeros, 500 ones, ….

    They are part of the package; samples/README.md tells their origin and licence.
    """
    with np.load(Path(__file__).parent / "samples" / "mnist-sample.npz") as sample:
        return sample["images"], sample["labels"]


def _read_part(folder: Path, files: tuple[str, str], classes: int) -> Part:
    paths = []
    for file in files:
        if (path := stored(folder, file)) is None:
            raise FileNotFoundError(f"{folder}: expected the file {file}, got none")
        paths.append(path)
    images, labels = idx.read_images_and_labels(*paths)
    for label in (labels.min(), labels.max()):
        if not 0 <= label < classes:
            raise ValueError(f"{paths[1]}: expected labels from 0 to {classes - 1}, got {label}")
    return images, labels


def holds(name: str, folder: Path) -> bool:
    """Tell whether a folder itself holds files with all the names of the set `name`."""
    return not _missing(_source(name), folder)


def stored(folder: Path, file: str) -> Path | None:
    """Where a file is, plain or gzip, perhaps with the dot that some archives put before "idx"; else None."""
    plain = file if file.endswith(".tar.gz") else file.removesuffix(".gz")
    names = (plain, file, plain.replace("-idx", ".idx"), file.replace("-idx", ".idx"))
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _source(name: str) -> Source:
    if name not in SOURCES:
        raise ValueError(f"expected a data set among {', '.join(SOURCES)}, got {name!r}")
    return SOURCES[name]


def _missing(source: Source, folder: Path) -> list[str]:
    if source.form == "cifar":
        from glassnet.data import cifar

        return [] if cifar.find(folder) is not None else list(source.files)
    return [file for file in source.files if stored(folder, file) is None]


def _folder(source: Source, place: Path) -> Path:
    """The folder of a data set: the one in `place` with its name, or `place` itself if that is surely it."""
    if not place.is_dir():
        raise FileNotFoundError(f"{place}: no such folder")
    folder = min(place / source.name, place, key=lambda folder: len(_missing(source, folder)))
    if lacking := _missing(source, folder):
        raise FileNotFoundError(
            f"{place}: expected {', '.join(lacking)} in it or in its folder {source.name}, got none"
        )
    if folder == place and place.resolve().name != source.name:
        _check_identity(source, place)
    return folder


def _check_identity(source: Source, folder: Path) -> None:
    """Raise FileNotFoundError unless the smallest of the IDX files in a folder is that of the set.

    MNIST, Fashion-MNIST and KMNIST share the names of their files: nobody shall train on one for another.
    """
    if source.form != "idx":
        return
    path = stored(folder, TEST[1])
    assert path is not None
    verdict = check(path, source.files[TEST[1]])
    if verdict != OK:
        raise FileNotFoundError(
            f"{folder}: expected {source.name}, got files of its names that are not known to be it"
            f" ({path.name}: {verdict}); if they are, put them in a folder {source.name}"
        )


def _fetch(source: Source, folder: Path, progress: bool, failures: list[str]) -> Found:
    try:
        mirror = download_from(
            _mirrors(source), source.files, lambda file: stored(folder, file) is None, folder, progress
        )
    except OSError as error:
        reasons = "; ".join([*failures, str(error)])
        raise DataUnavailable(f"{source.name} is not at hand and cannot be fetched: {reasons}") from None
    return Found(folder, f"downloaded from {mirror}")


def _mirrors(source: Source) -> tuple[str, ...]:
    own = os.environ.get("GLASSNET_MIRROR")
    if not own:
        return source.mirrors
    if not own.startswith(("http://", "https://")):
        raise OSError(f"$GLASSNET_MIRROR: expected an address with http:// or https:// first, got {own!r}")
    return f"{own.rstrip('/')}/{source.name}/", f"{own.rstrip('/')}/"
