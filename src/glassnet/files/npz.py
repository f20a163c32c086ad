"""A model as a `.npz` file: NumPy arrays, one of them the bytes of the description. Nothing is pickled."""

import io
import zipfile
import zlib
from typing import IO, Any

import numpy as np

from glassnet.files import description
from glassnet.files.description import HEADER, Arrays, brief

MAGIC = b"PK"  # of a zip archive
MOST_UNPACKED = 64  # times its size: weights hardly shrink, and ours are stored as they are


def write(file: IO[bytes], header: dict[str, Any], arrays: Arrays) -> None:
    """Write the description and the arrays."""
    text = np.frombuffer(description.text(header).encode(), np.uint8)
    np.savez(file, **{HEADER: text, **arrays})  # type: ignore[arg-type]


def _check(archive: zipfile.ZipFile, size: int) -> None:
    """Raise BadZipFile unless all checksums are right; of a bomb before anything of it is unpacked."""
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MOST_UNPACKED * size + 1_000_000:
        raise zipfile.BadZipFile(f"its {size:,} bytes would unpack to {unpacked:,}")
    if damaged := archive.testzip():
        raise zipfile.BadZipFile(f"wrong checksum of {damaged[:40]!r}")


def read(content: bytes) -> tuple[dict[str, Any] | None, Arrays]:
    """Return the description, None if there is none, and the arrays.

    Raises ValueError for an archive that is cut off or damaged or would unpack to absurdly much, an entry
    that is not an array of numbers, and a description that is none.
    """
    arrays: dict[str, Any] = {}
    name = ""
    try:
        archive = np.load(io.BytesIO(content), allow_pickle=False)
        _check(archive.zip, len(content))
        for name in archive.files:
            arrays[name] = np.asarray(archive[name])
    except (zipfile.BadZipFile, EOFError, zlib.error, RuntimeError, MemoryError) as error:
        raise ValueError(
            f"expected a glassnet model, got a file that is cut off or damaged ({brief(error)})"
        ) from None
    except (ValueError, AttributeError):
        what = (
            f"an archive whose entry {name[:40]!r} is not an array of numbers" if name else "another archive"
        )
        raise ValueError(f"expected a glassnet model, got {what}") from None
    text = arrays.pop(HEADER, None)
    return None if text is None else description.parse(bytes(text)), arrays
