"""A model as a `.safetensors` file: the description is one text of its metadata.

The format has no checksum, so the description has one, `crc32`: over itself without it, as JSON with sorted
keys and without spaces, and over the arrays' bytes in the order of their names.
"""

import json
import zlib
from typing import IO, Any

import numpy as np

from glassnet.files import description
from glassnet.files.description import HEADER, Arrays, brief

BRACE = b"{"  # after eight bytes of length, a JSON object begins


def write(file: IO[bytes], header: dict[str, Any], arrays: Arrays) -> None:
    """Write the description and the arrays."""
    from safetensors.numpy import save

    stored = {name: np.ascontiguousarray(array) for name, array in arrays.items()}  # as the library demands
    plain = json.loads(description.text(header))
    text = description.text({**plain, "crc32": _checksum(plain, stored)})
    file.write(save(stored, {HEADER: text}))


def read(content: bytes) -> tuple[dict[str, Any], Arrays]:
    """Return the description and the arrays.

    Raises ValueError for a file that is cut off, damaged or without a description, or with arrays of a type
    that NumPy does not have.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(content)
    except KeyError as error:
        raise ValueError(f"expected arrays of a type that NumPy has, got {error.args[0]}") from None
    except (SafetensorError, ValueError, OverflowError) as error:
        reason = brief(error).removeprefix("Error while deserializing: ")
        raise ValueError(
            f"expected a glassnet model, got a file that is cut off, damaged or of another kind ({reason})"
        ) from None
    metadata = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")]).get("__metadata__") or {}
    if HEADER not in metadata:
        raise ValueError(f"expected a glassnet model, got a safetensors file without {HEADER} as metadata")
    header = description.parse(metadata[HEADER])
    if header.pop("crc32", None) not in (None, _checksum(header, arrays)):
        raise ValueError("expected a glassnet model, got a file that is damaged (its checksum is another)")
    return header, arrays


def _checksum(header: dict[str, Any], arrays: Arrays) -> str:
    text = json.dumps(header, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    checksum = zlib.crc32(text.encode())
    for name in sorted(arrays):
        checksum = zlib.crc32(arrays[name].data, checksum)
    return f"{checksum:08x}"
