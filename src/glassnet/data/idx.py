"""The IDX format: a big-endian header (type, rank, dimensions), then the numbers in C order; plain or gzip.

    byte  0 1      zero
          2        type of the numbers, see TYPES
          3        rank R
          4 …      R dimensions, each an unsigned 32-bit integer
          4 + 4R … the numbers

MNIST was published in it (LeCun, Cortes, Burges, "The MNIST database of handwritten digits", file formats).
"""

import io
import struct
import sys
import zlib
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

TYPES: Final[dict[int, np.dtype[Any]]] = {
    0x08: np.dtype(">u1"),
    0x09: np.dtype(">i1"),
    0x0B: np.dtype(">i2"),
    0x0C: np.dtype(">i4"),
    0x0D: np.dtype(">f4"),
    0x0E: np.dtype(">f8"),
}
GZIP_MAGIC: Final = b"\x1f\x8b"
LONGEST_HEADER: Final = 4 + 4 * 255
PIECE: Final = 1 << 16  # bytes of an archive that are unpacked at a time
MOST_TIMES: Final = 1100  # no gzip archive is packed tighter than 1 to 1,032


def read(path: Path) -> NDArray[Any]:
    """The array in an IDX file, plain or gzip (its first bytes decide, not its name).

    Any of the six types and any rank from 1, in native byte order. The array is read-only: for one-byte types
    it is a view of the bytes that were read.

    Raises ValueError if the file is not IDX, is cut off, damaged or followed by other bytes; OSError if it
    cannot be read.
    """
    with path.open("rb") as file:
        first = file.read(LONGEST_HEADER)
        file.seek(0)
        if not first.startswith(GZIP_MAGIC):
            dtype, shape, start = _header(path, first)
            return _array(path, file.read(), dtype, shape, start)
        try:
            dtype, shape, start = _header(path, b"".join(_pieces(file, LONGEST_HEADER)))
            content = _content(file, start + prod(shape) * dtype.itemsize)
        except EOFError:
            raise ValueError(f"{path}: expected a whole gzip archive: the file is cut off") from None
        except zlib.error as error:
            message = f"{path}: expected a sound gzip archive: the file is damaged ({error})"
            raise ValueError(message) from None
    return _array(path, content, dtype, shape, start)


def read_images_and_labels(images: Path, labels: Path) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """Images (N, H, W) uint8 and labels (N,) of an integer type, from two IDX files; N, H, W at least 1.

    Raises what `read` does, and ValueError if shapes or types are others or the two counts differ.
    """
    x, y = read(images), read(labels)
    if x.ndim != 3 or x.dtype != np.uint8:
        raise ValueError(f"{images}: expected images (N, H, W) uint8, got {x.shape} {x.dtype}")
    if y.ndim != 1 or y.dtype.kind not in "iu":
        raise ValueError(f"{labels}: expected integer labels (N,), got {y.shape} {y.dtype}")
    if x.size == 0:
        raise ValueError(f"{images}: expected at least one image of at least one pixel, got {x.shape}")
    if len(x) != len(y):
        raise ValueError(f"{labels}: expected {len(x)} labels, one for each image of {images}, got {len(y)}")
    return x, y


def gunzip(archive: bytes, at_most: int = sys.maxsize) -> bytes:
    """The first `at_most` bytes of a gzip archive's content, its checksums verified if that is all of it.

    Raises EOFError if the archive is cut off before that, zlib.error if it is damaged.
    """
    return b"".join(_pieces(io.BytesIO(archive), at_most))


def _pieces(archive: IO[bytes], at_most: int) -> Iterator[bytes]:
    """What `gunzip` returns, a few hundred kilobytes at a time."""
    left, packed = min(at_most, sys.maxsize), archive.read(PIECE)
    while packed and left:  # an archive may have several members, and zeros after them
        member = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        while left and not member.eof:
            if not packed:
                raise EOFError("the gzip archive is cut off")
            piece = member.decompress(packed, left)
            packed = b"" if member.eof else archive.read(PIECE)
            left -= len(piece)
            yield piece
        packed = member.unused_data.lstrip(b"\0")
        while not packed and (more := archive.read(PIECE)):
            packed = more.lstrip(b"\0")


def _content(archive: IO[bytes], size: int) -> "bytes | NDArray[np.uint8]":
    """The content of a gzip archive that announces that size: shorter if it is cut off, else a byte longer.

    Asking for one byte more than announced makes zlib verify the checksum. Memory grows only with what is
    really there, so absurd dimensions and gzip bombs cost nothing; and what is there is not held twice, as it
    would be while pieces are joined.
    """
    packed = archive.seek(0, io.SEEK_END)
    archive.seek(0)
    if size > MOST_TIMES * packed:
        return b"".join(_pieces(archive, size + 1))  # less than announced
    content, place = np.empty(size + 1, np.uint8), 0
    for piece in _pieces(archive, size + 1):
        content[place : place + len(piece)] = np.frombuffer(piece, np.uint8)
        place += len(piece)
    return content[:place]


def _header(path: Path, content: bytes) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    """Type, shape, and where the numbers start."""

    def need(size: int) -> None:
        if len(content) < size:
            raise ValueError(
                f"{path}: expected an IDX header of {size} bytes, got {len(content)}: the file is cut off"
            )

    need(4)
    zeros, code, rank = struct.unpack_from(">HBB", content)
    if zeros != 0:
        raise ValueError(f"{path}: expected an IDX file (first bytes 00 00), got {content[:2].hex(' ')}")
    if code not in TYPES:
        known = ", ".join(f"{type_:02x}" for type_ in TYPES)
        raise ValueError(f"{path}: expected an IDX type byte ({known}), got {code:02x}")
    if rank == 0:
        raise ValueError(f"{path}: expected at least one dimension, got none")
    start = 4 + 4 * rank
    need(start)
    return TYPES[code], struct.unpack_from(f">{rank}I", content, 4), start


def _array(
    path: Path,
    content: "bytes | NDArray[np.uint8]",
    dtype: np.dtype[Any],
    shape: tuple[int, ...],
    start: int,
) -> NDArray[Any]:
    expected = start + prod(shape) * dtype.itemsize
    if len(content) < expected:
        raise ValueError(f"{path}: expected {expected} bytes, got {len(content)}: the file is cut off")
    if len(content) > expected:
        raise ValueError(f"{path}: expected {expected} bytes for {shape} {dtype.name}, got more")
    try:
        array = np.frombuffer(content, dtype, offset=start).reshape(shape)
    except ValueError:  # more axes than NumPy has, or an empty array with a vast axis
        raise ValueError(f"{path}: expected dimensions an array can have, got {shape}") from None
    array = array.astype(dtype.newbyteorder("="), copy=False)
    array.flags.writeable = False
    return array
