"""The networks to choose among: which there are, which of them can read images, and each as its file is."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glassnet import files, runs
from glassnet.nn.network import Network
from glassnet.reading import Reader

SHIPPED = "drawing"
FOLDER = "runs"
MOST = 50  # runs that are looked through: the newest


@dataclass(frozen=True)
class Model:
    """A network that reads images of 28×28, by its name; one thread at a time may ask it."""

    name: str
    network: Network
    notes: dict[str, Any]
    reader: Reader
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def told(self) -> str:
        """Its name, and the sizes of its layers."""
        return f"{self.name} {repr(self.network).removeprefix('Network ').partition(' (')[0]}"

    @property
    def names_digits(self) -> bool:
        """Whether its classes are digits."""
        return set(self.reader.classes) <= set("0123456789")


class Models:
    """Those that were `given`; without any the one that ships with glassnet and the runs in runs/.

    `left_out` has a line for each run that cannot read images of 28×28, or cannot be read itself. Raises what
    `files.read` raises, and ValueError, for a given one of which that is so. For any thread.
    """

    def __init__(self, given: Sequence[str] = ()) -> None:
        self._given = list(dict.fromkeys(given))
        self._known: dict[str, tuple[object, Model]] = {}
        self._lock = threading.Lock()
        self.left_out: list[str] = []
        for name in self._given:
            self.get(name)
        self.names()

    def names(self) -> list[str]:
        """Return those there are now: a run that has ended since is among them."""
        if self._given:
            return self._given
        fit, self.left_out = [SHIPPED], []
        for name in _runs():
            try:
                self.get(name)
                fit.append(name)
            except (ValueError, OSError) as error:
                self.left_out.append(f"left out {error}")
        return fit

    def get(self, name: str) -> Model:
        """Return a model, as its file is now. Raises ValueError or OSError, in one line, if there is none."""
        if not isinstance(name, str) or (name not in self._given and name != SHIPPED and name not in _runs()):
            raise ValueError(f"expected a model among {', '.join(self.names())}, got {name!r}")
        path = runs.find_model(name)
        state = path.stat()
        stamp = state.st_mtime_ns, state.st_size
        with self._lock:
            before = self._known.get(name)
            if before is None or before[0] != stamp:
                self._known[name] = before = stamp, _read(name, path)
            return before[1]


def _runs() -> list[str]:
    """Names of the runs in runs/ with a model, the newest first."""
    found = sorted(Path(FOLDER).glob(f"*/{runs.MODEL}"), key=_written, reverse=True)
    return [path.parent.as_posix() for path in found[:MOST]]


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # gone since
        return 0.0


def _read(name: str, path: Path) -> Model:
    network, notes = files.read(path)
    try:
        return Model(name, network, notes, Reader(network, notes))
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
