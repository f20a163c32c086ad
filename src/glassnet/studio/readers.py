"""Who reads drawings: the network that ships with glassnet, and the one in the studio as it is shown now."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glassnet.data import Dataset
from glassnet.nn.network import Network
from glassnet.view.samples import Sample, takes_drawings

if TYPE_CHECKING:
    from glassnet.reading import Reader

SHIPPED = "drawing"
NETWORK = "network"
READERS = (SHIPPED, NETWORK)


@dataclass(frozen=True)
class Shown:
    """What a page sees of a run: the network, which is a copy, and the example that flows through it."""

    network: Network
    data: Dataset
    sample: Sample

    @property
    def reads(self) -> bool:
        """Whether the network can be asked to read a drawing."""
        return self.network.classifies and takes_drawings(self.data)


class Readers:
    """Both readers; `shown` tells what there is to be seen, None while there is no run. For any thread."""

    def __init__(self, shown: Callable[[], Shown | None]) -> None:
        self._shown = shown
        self._lock = threading.Lock()
        self._shipped: Reader | None = None

    def get(self, name: str) -> "Reader":
        """Return a reader by its name. Raises ValueError, in one line, if there is none."""
        if name == NETWORK:
            return self._of_network()
        with self._lock:  # read the file once, whoever asks first
            self._shipped = self._shipped or _read_shipped()
            return self._shipped

    def shown(self) -> Shown:
        """Return what there is to be seen. Raises ValueError if there is nothing."""
        shown = self._shown()
        if shown is None:
            raise ValueError("expected a set-up first, got none that could be read")
        return shown

    def _of_network(self) -> "Reader":
        from glassnet.reading import Reader

        shown = self.shown()
        if not shown.reads:
            data = shown.data
            raise ValueError(f"expected a network that learns grey images of 28×28, got one of {data.name}")
        return Reader(shown.network, {})


def called(name: str, network: Network) -> str:
    """Return what a reader is called on the page: whose it is, and its sizes."""
    sizes = repr(network).removeprefix("Network ").partition(" (")[0]
    return f"{SHIPPED if name == SHIPPED else 'this network'} {sizes}"


def there() -> bool:
    """Whether the network for drawings was shipped."""
    return _path() is not None


def _read_shipped() -> "Reader":
    from glassnet import files
    from glassnet.reading import Reader

    path = _path()
    if path is None:
        raise ValueError("expected the network for drawings, which ships with glassnet, got none")
    return Reader(*files.read(path))


def _path() -> Any:
    from glassnet import files

    return files.shipped(SHIPPED)
