"""A network to and from a file: the name's ending says which format to write, the content which to read.

The formats are documented in docs/model-files.md.
"""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from glassnet.atomic import atomic
from glassnet.files import bare, description, npz, safetensors
from glassnet.nn.network import Network

WRITERS = {".npz": npz.write, ".safetensors": safetensors.write}
SHIPPED = ("drawing",)  # models inside the package, by their names
_MODELS = Path(__file__).parents[1] / "models"


def shipped(name: str | PathLike[str]) -> Path | None:
    """Return the file of a model that comes with glassnet; None if `name` is not one's.

    "drawing" is one. A file of that name is "./drawing".
    """
    return _MODELS / f"{name}.npz" if isinstance(name, str) and name in SHIPPED else None


def save(network: Network, path: str | PathLike[str], notes: Mapping[str, Any] | None = None) -> None:
    """Write the network, with `notes` (plain data, such as the data set's name), to the file `path`.

    The name must end in `.npz` or `.safetensors`: ValueError otherwise, since the ending names the format.
    The file appears whole or not at all. Raises OSError if it cannot be written.
    """
    ending = Path(path).suffix
    write = WRITERS.get(ending.lower())
    if write is None:
        known = " or ".join(WRITERS)
        raise ValueError(f"{path}: expected a name that ends in {known}, got {ending or 'no ending'}")
    header = description.describe(network, notes or {})
    with atomic(path) as file:
        write(file, header, {**network.parameters, **network.state})


def load(path: str | PathLike[str]) -> Network:
    """Return the network in the file. Raises what `read` raises."""
    return read(path)[0]


def read(path: str | PathLike[str]) -> tuple[Network, dict[str, Any]]:
    """Return the network in the file and its notes; of bare weights (`W1`, `b1`, …) the notes are empty.

    "drawing" is the one that comes with glassnet; a file of that name is "./drawing". Raises OSError if it
    cannot be read, and ValueError, in one line, if it is not a glassnet model, is cut off or damaged, comes
    from a newer format, or its arrays do not fit its description.
    """
    path = shipped(path) or Path(path)
    try:
        return _network(path.read_bytes())
    except FileNotFoundError:
        raise FileNotFoundError(f"{path}: expected a model file, found none") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def _network(content: bytes) -> tuple[Network, dict[str, Any]]:
    if not content:
        raise ValueError("expected a glassnet model, got a file that is cut off or damaged (it is empty)")
    if content.startswith(npz.MAGIC):
        header, arrays = npz.read(content)
    elif content[8:9] == safetensors.BRACE:
        header, arrays = safetensors.read(content)
    else:
        raise ValueError(f"expected a glassnet model ({' or '.join(WRITERS)}), got another kind of file")
    if header is None:
        return bare.network(arrays), {}
    return description.build(header["network"], arrays), header["notes"]
