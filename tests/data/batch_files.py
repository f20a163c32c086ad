"""CIFAR-10's batches, small: binary ones, and pickled ones as Python 2 and Python 3 write them."""

import io
import pickle
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

NAMES = (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch")
OBJECTS = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def images(batch: int, count: int = 2) -> np.ndarray:
    return np.random.default_rng(batch).integers(0, 256, (count, 3072)).astype(np.uint8)


def labels(batch: int, count: int = 2) -> list[int]:
    return [(2 * batch + i) % 10 for i in range(count)]


def binary(batch: int, count: int = 2) -> bytes:
    return np.column_stack([np.array(labels(batch, count), np.uint8), images(batch, count)]).tobytes()


def binary_files() -> dict[str, bytes]:
    return {f"{name}.bin": binary(i) for i, name in enumerate(NAMES)}


def of_python_2(values: Mapping[str, Any]) -> bytes:
    """Write a pickle as Python 2's cPickle did with protocol 2: text is bytes, arrays hold them."""
    places = 0

    def text(value: bytes) -> bytes:
        if len(value) < 256:
            return b"U" + bytes([len(value)]) + value + put()
        return b"T" + len(value).to_bytes(4, "little") + value + put()

    def put() -> bytes:
        nonlocal places
        places += 1
        return b"q" + bytes([places]) if places < 256 else b"r" + places.to_bytes(4, "little")

    def number(value: int) -> bytes:
        return b"K" + bytes([value]) if value < 256 else b"J" + value.to_bytes(4, "little", signed=True)

    def write(value: Any) -> bytes:
        if isinstance(value, str):
            return text(value.encode())
        if isinstance(value, int):
            return number(value)
        if isinstance(value, list):
            return b"]" + put() + b"(" + b"".join(map(write, value)) + b"e"
        shape = b"".join(number(n) for n in value.shape) + (b"\x86" if value.ndim == 2 else b"\x85")
        return (
            b"cnumpy.core.multiarray\n_reconstruct\n" + put() + b"cnumpy\nndarray\n" + put()
            + b"K\x00\x85" + text(b"b") + b"\x87R" + put()
            + b"(K\x01" + shape + b"cnumpy\ndtype\n" + put() + text(b"u1") + b"K\x00K\x01\x87R" + put()
            + b"(K\x03" + text(b"|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
            + b"\x89" + text(value.tobytes()) + b"tb"
        )  # fmt: skip

    items = b"".join(write(key) + write(value) for key, value in values.items())
    return b"\x80\x02}" + put() + b"(" + items + b"u."


def python_files(protocol: int = 2) -> dict[str, bytes]:
    """The python version; protocol 2 is Python 2's own."""
    write = of_python_2 if protocol == 2 else lambda values: pickle.dumps(values, protocol)
    files = {
        name: write({
            "batch_label": f"batch {i}", "labels": labels(i), "data": images(i), "filenames": ["a.png"] * 2,
        })
        for i, name in enumerate(NAMES)
    }  # fmt: skip
    meta = {"num_cases_per_batch": 10000, "label_names": OBJECTS, "num_vis": 3072}
    return files | {"batches.meta": write(meta)}


def write_batches(folder: Path, files: Mapping[str, bytes] | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (binary_files() if files is None else files).items():
        (folder / name).write_bytes(content)
    return folder


def cifar_archive(
    files: Mapping[str, bytes] | None = None, folder: str = "cifar-10-batches-bin", mode: str = "w:gz"
) -> bytes:
    """An archive with the files in a folder, as they are published."""
    stored = io.BytesIO()
    with tarfile.open(fileobj=stored, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in (binary_files() if files is None else files).items():
            member = tarfile.TarInfo(f"{folder}/{name}" if folder else name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stored.getvalue()
