"""How a message travels: a header of plain data and named arrays, in one piece of bytes.

A u32 (little-endian) with the header's length, the header as JSON in UTF-8, padded with spaces to a multiple
of 8 in all, then the arrays, each of which starts at a multiple of 8. The header names them in their order.
"""

import json
import math
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
DTYPES = {np.dtype(name): name for name in ("uint8", "int8", "uint16", "int32", "float32")}
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
        text = _encode(header).encode()
    except (ValueError, TypeError):  # NaN or infinity, or NumPy's numbers: rare, and dear to look for
        text = _encode(_plain(header)).encode()
    text += b" " * (-(_LENGTH.size + len(text)) % 8)
    parts = [_LENGTH.pack(len(text)), text]
    for array in arrays.values():
        # A view where it can be one: `join` makes the only copy.
        parts.append(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)  # type: ignore[arg-type]
        parts.append(bytes(-array.nbytes % 8))
    return b"".join(parts)


def decode(message: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the fields (with the kind) and the arrays of a message: what the page does, for tests."""
    (length,) = _LENGTH.unpack_from(message)
    place = _LENGTH.size + length
    header = json.loads(message[_LENGTH.size : place])
    arrays = {}
    for told in header.pop("arrays"):
        dtype, count = np.dtype(told["dtype"]).newbyteorder("<"), math.prod(told["shape"])
        arrays[told["name"]] = np.frombuffer(message, dtype, count, place).reshape(told["shape"])
        place += -(-count * dtype.itemsize // 8) * 8
    return header, arrays


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
