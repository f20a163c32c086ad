"""Make src/glassnet/models/drawing.npz of a run's model: the network that reads drawings.

    glassnet train --recipe drawing --threads 1 --out RUN
    python scripts/ship_drawing.py RUN

Weights are rounded to multiples of a small step, as float16, so that the file stays below 1 MB. The limit
below which nothing is named is chosen on the run's validation part: so low that only a small share of those
digits is refused. The file's notes say what it was made of, the recipe, that limit, and how much it names
right.
"""

import argparse
import io
import json
import tomllib
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import glassnet as gn
from glassnet import files
from glassnet.data.dataset import Split
from glassnet.files import description
from glassnet.nn.network import Network
from glassnet.reading import refusal

OUT = Path(__file__).parents[1] / "src" / "glassnet" / "models" / "drawing.npz"
LARGEST = 1_000_000  # bytes
REFUSED = 0.016  # share of the validation digits: 2 % less two standard errors of a share of 6,000


def rounded(weights: NDArray[np.floating], bits: int) -> NDArray[np.float16]:
    """Weights as float16, those of matrices to the nearest 2⁻ᵇⁱᵗˢ: few values, which pack well."""
    step = 2.0**-bits if weights.ndim == 2 else 2.0**-12
    return (np.rint(weights / step) * step).astype(np.float16)


def packed(network: Network, notes: dict[str, object], bits: int) -> bytes:
    """The file's content, the same on every system."""
    header = description.text(description.describe(network, notes)).encode()
    arrays = {name: rounded(values, bits) for name, values in network.parameters.items()}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, array in {description.HEADER: np.frombuffer(header, np.uint8), **arrays}.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), version=(1, 0))
            info = zipfile.ZipInfo(f"{name}.npy")  # dated 1980, not today
            info.create_system = 3
            archive.writestr(info, member.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return content.getvalue()


def by_ink(images: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which images of digits are refused by their ink alone."""
    return np.array([refusal.by_ink(image, image) is not None for image in images])


def limits(network: Network, split: Split) -> dict[str, float]:
    """The energy below which so many of the digits are refused that in all it is the share wanted."""
    images = split.images.reshape(-1, 28, 28)
    z = network.outputs(images)
    unsure = np.array([refusal.by_logits(row) is not None for row in z])
    kept = np.sort(refusal.energy(z)[~by_ink(images) & ~unsure])
    more = round(REFUSED * len(images)) - (len(images) - len(kept))
    return {**refusal.LIMITS, "energy": round(float(kept[max(more, 0)]), 3)}


def judged(network: Network, split: Split, told: dict[str, float]) -> dict[str, float]:
    """Share named right, and share refused, of the digits of a part."""
    images = split.images.reshape(-1, 28, 28)
    z = network.outputs(images)
    refused = by_ink(images) | np.array([refusal.by_logits(row, told) is not None for row in z])
    right = z.argmax(axis=1) == split.labels
    return {"accuracy": round(float(right.mean()), 5), "refused": round(float(refused.mean()), 5)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Ship the network of a run of --recipe drawing.")
    parser.add_argument("run", type=Path, help="the run's folder")
    parser.add_argument("--out", type=Path, default=OUT, help="default: the file in the package")
    parser.add_argument("--bits", type=int, default=8, help="after the point, of each weight (8)")
    arguments = parser.parse_args()
    network, notes = files.read(arguments.run / "model.npz")
    # As it was at the end: which epoch was the best on 6,000 digits is little more than chance.
    network.parameters.vector[...] = np.load(arguments.run / "checkpoint.npz")["parameters"]
    recipe = tomllib.loads((arguments.run / "config.toml").read_text(encoding="utf-8"))
    for view in network.parameters.values():
        view[...] = rounded(view, arguments.bits)
    data = gn.data.load("mnist", validation=recipe["validation"], seed=recipe["seed"], download=False)
    told = limits(network, data.validation)
    notes |= {
        "name": "drawing",
        "recipe": {name: value for name, value in recipe.items() if name not in ("made_by", "threads")},
        "refusal": told,
        "validation_digits": judged(network, data.validation, told),
        "test_digits": judged(network, data.test, told),
    }
    content = packed(network, notes, arguments.bits)
    if len(content) > LARGEST:
        raise SystemExit(f"{len(content):,} bytes; expected at most {LARGEST:,}: take fewer --bits")
    arguments.out.write_bytes(content)
    print(f"{arguments.out}: {len(content):,} bytes")
    print(
        json.dumps({name: notes[name] for name in ("refusal", "validation_digits", "test_digits")}, indent=1)
    )


if __name__ == "__main__":
    main()
