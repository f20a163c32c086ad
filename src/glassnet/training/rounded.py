"""One frame of a run as bytes: the network at a step, its matrices rounded to a byte a weight."""

import json
import math
import struct
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glassnet.nn.network import Network

PREFIX = struct.Struct("<4sIII")  # MARK, then the bytes of the header, of the numbers, and a checksum of both
MARK = b"glf1"
LEVELS = 127  # on either side of zero
LEAST, MOST = 1e-30, float(np.finfo(np.float32).max)  # smaller weights are zeros, larger ones not kept

Array = NDArray[Any]


class Frame(NamedTuple):
    """A network as it was after `step` steps: its parameters (P,) and running means (S,), float32.

    The matrices are rounded: a weight differs by at most 1/254 of the largest in its matrix. `epoch` is the
    one that the step belongs to.
    """

    step: int
    epoch: int
    parameters: NDArray[np.float32]
    state: NDArray[np.float32]


def encode(network: Network, step: int, epoch: int, spacing: int) -> bytes | None:
    """Return the record of the network as it is now; None if a number in it is not finite in float32.

    `spacing` is that of all the run's frames, before any were thinned out.
    """
    told, vectors, matrices = [], [], []
    for name, values in network.parameters.items():
        entry: dict[str, Any] = {"name": name, "shape": values.shape}
        if values.ndim < 2:
            vectors.append(values.ravel())
        else:
            entry["limit"] = limit = max(float(values.max()), -float(values.min()))
            if not limit <= MOST:
                return None
            matrices.append(_round(values, limit))
        told.append(entry)
    state = network.state.vector
    with np.errstate(over="ignore"):
        exact = np.concatenate([*vectors, state]).astype("<f4")
    if not np.isfinite(exact).all():
        return None
    header = {"step": step, "epoch": epoch, "spacing": spacing, "parameters": told, "state": state.size}
    text = json.dumps(header, separators=(",", ":")).encode()
    numbers = b"".join([exact.tobytes(), *matrices])
    checksum = zlib.crc32(numbers, zlib.crc32(text))
    return b"".join([PREFIX.pack(MARK, len(text), len(numbers), checksum), text, numbers])


def most_bytes(network: Network) -> int:
    """Return the most that a record of the network may take."""
    numbers = sum(v.size if v.ndim > 1 else 4 * v.size for v in network.parameters.values())
    header = 200 + sum(80 + len(name) + 20 * v.ndim for name, v in network.parameters.items())
    return PREFIX.size + header + numbers + 4 * network.state.vector.size


def _round(values: Array, limit: float) -> bytes:
    """Return 128 + 127 w / limit, rounded, a byte each."""
    scale = LEVELS / limit if limit > LEAST else 0.0
    scaled = values * values.dtype.type(scale)
    scaled += 128.5
    rounded: NDArray[np.uint8] = scaled.astype(np.uint8)
    return rounded.tobytes()


def records(content: bytes) -> Iterator[tuple[int, dict[str, Any], memoryview]]:
    """Yield of each record in a file's content where it ends, its header and its numbers.

    Raises ValueError where the content goes on with something else; it is not known where the next begins.
    """
    view, start = memoryview(content), 0
    while start < len(view):
        body = start + PREFIX.size
        if body > len(view):
            raise ValueError(f"cut off at byte {len(view):,}")
        mark, text, numbers, checksum = PREFIX.unpack(view[start:body])
        stop = body + text + numbers
        if mark != MARK or stop > len(view):
            raise ValueError(f"cut off or damaged at byte {start:,}")
        if zlib.crc32(view[body:stop]) != checksum:
            raise ValueError(f"damaged at byte {start:,}")
        yield stop, _header(bytes(view[body : body + text])), view[body + text : stop]
        start = stop


def _header(text: bytes) -> dict[str, Any]:
    try:
        header = json.loads(text)
        whole = all(isinstance(header[name], int) for name in ("step", "epoch", "state", "spacing"))
    except (ValueError, KeyError, TypeError, RecursionError):
        whole = False
    if not whole or header["spacing"] < 1:
        raise ValueError(f"expected a frame's header, got {text[:40]!r}")
    return header  # type: ignore[no-any-return]


def decode(header: dict[str, Any], numbers: memoryview) -> Frame:
    """Return the frame of a record. Raises ValueError if header and numbers do not fit each other."""
    try:
        sizes = [math.prod(entry["shape"]) for entry in header["parameters"]]
        limits = [entry.get("limit") for entry in header["parameters"]]
        exact = sum(size for size, limit in zip(sizes, limits) if limit is None)
        matrices = np.frombuffer(numbers[4 * (exact + header["state"]) :], np.uint8)
        if matrices.size != sum(sizes) - exact:
            raise ValueError
        vectors = np.frombuffer(numbers, "<f4", exact + header["state"])
        parts, at, byte = [np.zeros(0, np.float32)], 0, 0
        for size, limit in zip(sizes, limits):
            if limit is None:
                parts.append(vectors[at : at + size])
                at += size
            else:
                parts.append((matrices[byte : byte + size] - np.float32(128)) * np.float32(limit / LEVELS))
                byte += size
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise ValueError("expected as many numbers as the frame's header says") from None
    return Frame(header["step"], header["epoch"], np.concatenate(parts), vectors[exact:].copy())
