"""A data set by its name, its file or its folder."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from glassnet.data import arrays, cifar, sources, tables, toys
from glassnet.data.dataset import Dataset
from glassnet.data.encoding import Encoding
from glassnet.nn.names import unknown
from glassnet.nn.scaling import PIXELS

SAMPLE = "mnist-sample"
NAMES = (*sources.SOURCES, SAMPLE, *toys.TOYS)
SAMPLE_TEST_SHARE = 0.2
DIGITS = tuple(map(str, range(10)))
MOST_CLASSES = 256  # of a set in a folder
TASKS = ("auto", "classes", "values")
TABLES = (".csv", ".tsv", ".txt")
ARCHIVES = (".tar.gz", ".tgz", ".tar")


def load(
    name: str | PathLike[str],
    *,
    data_dir: str | PathLike[str] | None = None,
    validation: float = 0.1,
    test: float = 0.0,
    seed: int = 0,
    label: str | None = None,
    task: str = "auto",
    drop: Sequence[str] = (),
    fill: str | None = None,
    classes: Sequence[str] | None = None,
    encoding: Encoding | None = None,
    download: bool = True,
    progress: bool = False,
) -> Dataset:
    """Return the set called `name`, or the one in the file or folder `name`.

    `NAMES` are the sets by name (docs/data.md). Those that are fetched are looked for in `data_dir`, else in
    $GLASSNET_DATA, the user's cache, and the network, unless `download` is False. A file is a table (.csv,
    .tsv, .txt, perhaps with .gz), NumPy arrays (.npz), or CIFAR-10's archive (.tar.gz); a folder holds
    MNIST's four IDX files or CIFAR-10's. `label`, `task`, `drop` and `fill` are about tables
    (docs/tables.md). A model's `classes` and `encoding` read the set as that model takes it.

    From a set without a test part a share `test` is set aside, and a share `validation` of what is left to
    train on, both stratified and chosen by `seed`. Inputs stay as stored; `scaling` says how a network takes
    them.

    Raises ValueError for an unknown name, damaged files, and an option that the set has no use for,
    FileNotFoundError if `data_dir`, a file or a folder is not there, `sources.DataUnavailable` (an OSError)
    if the set is neither at hand nor can be fetched.
    """
    if name == "":
        raise ValueError("data: expected the name of a set, a file or a folder, got ''")
    if task not in TASKS:
        raise ValueError(unknown("task", task, TASKS))
    kind, path = _kind(name)
    if data_dir is not None and kind != "source":
        raise ValueError(f"data_dir: expected with {', '.join(sources.SOURCES)} alone, got it with {name}")
    about_tables = {"label": label, "task": task, "drop": tuple(drop), "fill": fill}
    shares = {"validation": validation, "test": test, "seed": seed}
    if kind == "table":
        options: dict[str, Any] = {**about_tables, **shares}
        return tables.load_table(path, **options, classes=classes, encoding=encoding)
    if kind == "arrays":
        _refuse({**about_tables, "task": "auto"}, name)
        return arrays.load_arrays(path, **shares, task=task, classes=classes)  # type: ignore[arg-type]
    _refuse(about_tables, name)
    if kind == "toy":
        data = toys.make(str(name))
    elif kind == "sample":
        data = _sample()
    elif kind == "source":
        data = _found(str(name), data_dir, download, progress)
    else:
        data = _in_folder(path)
    if classes is not None:
        data = data.with_classes(classes)
    if name == "xor":  # its four points are all there is
        return data
    return data.set_aside(test, seed).split(validation, seed)


def _kind(name: str | PathLike[str]) -> tuple[str, Path]:
    """What `name` is: "source", "sample", "toy", "table", "arrays" or "images"; the path that it may be."""
    path = Path(name)
    for kind, names in (("source", sources.SOURCES), ("toy", toys.TOYS), ("sample", (SAMPLE,))):
        if name in names:
            return kind, path
    if path.is_dir():
        return "images", path
    lower = path.name.lower()
    if not path.is_file():
        if name == path.name and not lower.endswith((*TABLES, ".npz", ".gz", *ARCHIVES)):
            raise ValueError(unknown("data set", name, NAMES))
        raise FileNotFoundError(f"{name}: expected a file or folder with data, found none")
    if lower.removesuffix(".gz").endswith(TABLES):
        return "table", path
    if lower.endswith(".npz"):
        return "arrays", path
    if lower.endswith(ARCHIVES):
        return "images", path
    raise ValueError(
        f"{name}: expected a table ({', '.join(TABLES)}), arrays (.npz), CIFAR-10's archive (.tar.gz) or a"
        f" folder, got a file that ends in {path.suffix or 'nothing of the kind'}"
    )


def _refuse(about_tables: dict[str, Any], name: object) -> None:
    usual = {"label": None, "task": "auto", "drop": (), "fill": None}
    for option, value in about_tables.items():
        if value != usual[option]:
            raise ValueError(f"{option}: expected with a table alone, got it with {name}")


def _found(name: str, data_dir: str | PathLike[str] | None, download: bool, progress: bool) -> Dataset:
    where = None if data_dir is None else Path(data_dir)
    found = sources.find(name, where, download=download, progress=progress)
    train, test, names = sources.read(name, found.folder)
    return _of_images(name, train, test, names, found.origin)


def _in_folder(path: Path) -> Dataset:
    name, origin = path.resolve().name, f"found in {path}"
    if path.is_file() or cifar.find(path) is not None:
        train, test, names = cifar.read(path)
        return _of_images(name, train, test, names, origin)
    if not any(sources.stored(path, file) for file in (*sources.TRAIN, *sources.TEST)):
        raise FileNotFoundError(
            f"{path}: expected MNIST's four IDX files or CIFAR-10's batches in it, got neither"
        )
    return _of_images(name, *sources.read_mnist(path, MOST_CLASSES), None, origin)


def _of_images(name: str, train: Any, test: Any, classes: Sequence[str] | None, origin: str) -> Dataset:
    return Dataset.from_arrays(
        train[0], train[1], test, classes=classes, scaling=PIXELS, name=name, origin=origin
    )


def _sample() -> Dataset:
    images, labels = sources.read_sample()
    whole = Dataset.from_arrays(
        images,
        labels,
        classes=DIGITS,
        scaling=PIXELS,
        name=SAMPLE,
        origin="5,000 MNIST digits inside the package",
    )
    parts = whole.split(SAMPLE_TEST_SHARE, seed=0)
    held = np.random.default_rng(0).permutation(np.asarray(parts.validation.rows))  # not class by class
    test = (images[held], labels[held])
    kept = np.asarray(parts.train.rows)
    return Dataset.from_arrays(
        images[kept], labels[kept], test, classes=whole.classes, scaling=PIXELS,
        name=whole.name, origin=whole.origin,
    )  # fmt: skip
