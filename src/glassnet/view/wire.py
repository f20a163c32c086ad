"""How a message travels: a header of plain data and named arrays, in one piece of bytes.

A u32 (little-endian) with the header's length, the header as JSON in UTF-8, padded with spaces to a multiple
of 8 in all, then the arrays, each of which starts at a multiple of 8. The header names them in their order.
"""

import json
import math
import struct
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
Buffer = bytes | memoryview
DTYPES = {np.dtype(name): name for name in ("uint8", "int8", "uint16", "int32", "float32")}
MOST_AXES = 4
_LENGTH = struct.Struct("<I")
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def encode(kind: str, fields: Mapping[str, Any] | None = None, arrays: Arrays | None = None) -> bytes:
    """Return the message as bytes; numbers of the fields that are not finite become null.

    Raises ValueError for an array of a type that the page does not read.
    """
    arrays = arrays or {}
    header = {"kind": kind, **(fields or {})}
    header["arrays"] = told = []
    for name, array in arrays.items():
        dtype = DTYPES.get(array.dtype)
        if dtype is None:
            raise ValueError(f"{name}: expected an array of {', '.join(DTYPES.values())}, got {array.dtype}")
        told.append({"name": name, "dtype": dtype, "shape": array.shape})
    try:
        words = _encode(header)
    except (ValueError, TypeError):  # NaN or infinity, or NumPy's numbers: rare, and dear to look for
        words = _encode(_plain(header))
    text = words.encode(errors="replace")  # half a surrogate pair, as names may have, is no UTF-8
    views = (np.ascontiguousarray(array).reshape(-1).view(np.uint8).data for array in arrays.values())
    return join(text, views)  # the only copy


def join(text: bytes, contents: Iterable[Buffer]) -> bytes:
    """Return the message of a header as text and the content of its arrays."""
    text += b" " * (-(_LENGTH.size + len(text)) % 8)
    parts: list[Buffer] = [_LENGTH.pack(len(text)), text]
    for content in contents:
        parts += [content, bytes(-len(content) % 8)]
    return b"".join(parts)


def decode(message: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the fields (with the kind) and the arrays of a message. Raises ValueError for another."""
    text, content = split(message)
    header = json.loads(text)
    if not isinstance(header, dict):
        raise ValueError(f"expected an object as header, got a {type(header).__name__}")
    return header, unpack(header.pop("arrays", None), content)


def split(message: bytes) -> tuple[bytes, memoryview]:
    """Return the header as text, and what follows it: the arrays' content.

    Raises ValueError for a message that is shorter than it says.
    """
    if len(message) < _LENGTH.size:
        raise ValueError(f"expected a message of at least {_LENGTH.size} bytes, got {len(message)}")
    (length,) = _LENGTH.unpack_from(message)
    place = _LENGTH.size + length
    if place > len(message):
        raise ValueError(f"expected a header of {length:,} bytes, got {len(message) - _LENGTH.size:,}")
    return message[_LENGTH.size : place], memoryview(message)[place:]


def unpack(told: Any, content: memoryview) -> dict[str, NDArray[Any]]:
    """Return the arrays that a header tells of, as views of what follows it. They cannot be written to.

    Whoever wrote the message is not trusted: raises ValueError, in one line, unless each has a name of its
    own, a type from `DTYPES` and a shape, and all together take just as many bytes as there are.
    """
    if not isinstance(told, list):
        raise ValueError("arrays: expected a list, got none")
    arrays: dict[str, NDArray[Any]] = {}
    place = 0
    for one in told:
        name, dtype, shape = _checked(one)
        if name in arrays:
            raise ValueError(f"arrays: expected each name once, got {name[:40]!r} twice")
        count = math.prod(shape)
        size = count * dtype.itemsize
        if size > len(content) - place:
            raise ValueError(f"{name[:40]}: expected {size:,} bytes, got {max(0, len(content) - place):,}")
        arrays[name] = np.frombuffer(content, dtype, count, place if count else 0).reshape(shape)
        place += -(-size // 8) * 8
    if len(content) != place:
        raise ValueError(f"arrays: expected {place:,} bytes in all, got {len(content):,}")
    return arrays


def _checked(told: Any) -> tuple[str, np.dtype[Any], list[int]]:
    """What a header tells of an array: its name, its type and its shape."""
    if not isinstance(told, dict) or {*told} != {"name", "dtype", "shape"}:
        raise ValueError("arrays: expected of each its name, dtype and shape, got something else")
    name, dtype, shape = told["name"], told["dtype"], told["shape"]
    if not isinstance(name, str):
        raise ValueError("arrays: expected a text as name, got something else")
    if dtype not in DTYPES.values():
        raise ValueError(f"{name[:40]}: expected an array of {', '.join(DTYPES.values())}, got another type")
    sides = isinstance(shape, list) and len(shape) <= MOST_AXES
    if not sides or any(type(n) is not int or not 0 <= n < 2**31 for n in shape):
        raise ValueError(f"{name[:40]}: expected a shape of at most {MOST_AXES} whole numbers, got another")
    return name, np.dtype(dtype).newbyteorder("<"), shape


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
