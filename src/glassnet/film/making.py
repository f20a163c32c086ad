"""From a run folder to the file of a film."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np

from glassnet import files
from glassnet.atomic import atomic
from glassnet.film import gif, look, mp4, opening, recording
from glassnet.film.look import Pixels, Theme
from glassnet.film.reading import Reading
from glassnet.film.training import Training
from glassnet.training.terminal import warn

SECONDS, WIDTHS = (4.0, 120.0), (480, 1920)
USUAL = {".gif": (800, 20.0), ".mp4": (1280, 25.0)}  # width, and pictures a second
MOST_FPS = {".gif": 50.0, ".mp4": 60.0}


class Film(Protocol):
    """What can be filmed: its picture at any moment."""

    def draw(self, time: float) -> Pixels:
        """Return the picture (H, W, 3) after so many seconds."""


def make(
    folder: str | os.PathLike[str],
    out: str | os.PathLike[str] | None = None,
    *,
    seconds: float = 20.0,
    predictions: bool = False,
    width: int | None = None,
    fps: float | None = None,
    theme: str = "light",
    overwrite: bool = False,
    tell: Callable[[str], object] = warn,
) -> Path:
    """Make a film of the run in `folder`; return its path: `out`, .gif or .mp4, else film.gif in the folder.

    It shows the training from its recording; with `predictions`, how the network reads examples that it has
    not learnt from, and then `folder` may be a model's file or name too. A GIF is 800 pixels wide with 20
    pictures a second, an MP4 1,280 with 25, unless `width` and `fps` say otherwise; a GIF's pictures last
    whole hundredths of a second. `theme` is light or dark. What of the run is missing or damaged is left out,
    and `tell` is called with a line about it.

    Raises ValueError, in one line, for a run without frames or with nothing to read, and numbers that make no
    film; FileExistsError if `out` is there, unless `overwrite`; OSError for what cannot be read or written;
    MissingExtra for an MP4 without imageio-ffmpeg.
    """
    place = _place(str(folder), out, predictions, overwrite)
    kind = place.suffix.lower()
    usual_width, usual_fps = USUAL[kind]
    width = _checked_width(usual_width if width is None else width)
    rate = _checked("fps", usual_fps if fps is None else fps, 1.0, MOST_FPS[kind], "pictures a second")
    seconds = _checked("seconds", seconds, *SECONDS, "seconds")
    colours = look.theme(theme)
    if kind == ".mp4":
        mp4.library()  # before any work
    hundredths = max(1, round(100 / rate))
    every = hundredths / 100 if kind == ".gif" else 1 / rate
    film = _film(str(folder), predictions, seconds, every, width, colours, tell)
    times = every * np.arange(round(seconds / every), dtype=np.float64)
    with atomic(place) as file:
        if kind == ".gif":
            gif.write(file, film.draw, times, hundredths, colours.anchors())
        else:
            mp4.write(file, film.draw, times, rate)
    return place


def _film(
    source: str,
    predictions: bool,
    seconds: float,
    every: float,
    width: int,
    colours: Theme,
    tell: Callable[[str], object],
) -> Film:
    if predictions:
        network, data, notices = opening.reader(source)
        for line in notices:
            tell(line)
        return Reading(network, data, seconds, every, width, colours)
    found = recording.read(Path(source))
    for line in found.notices:
        tell(line)
    return Training(found, seconds, width, colours)


def _place(source: str, out: str | os.PathLike[str] | None, predictions: bool, overwrite: bool) -> Path:
    """Return the film's path: beside the model, as its pictures are, unless it was given."""
    name = "predictions.gif" if predictions else "film.gif"
    if out is None:
        if files.shipped(source):
            return Path(f"{source}-{name}")
        path = Path(source)
        return path.with_name(f"{path.stem}-{name}") if path.is_file() else path / name
    path = Path(out)
    if path.suffix.lower() not in USUAL:
        raise ValueError(f"out: expected a name that ends in .gif or .mp4, got {path}")
    if path.is_dir():
        raise IsADirectoryError(f"{path}: expected a place for a file, got a folder")
    if path.exists() and not overwrite:
        raise FileExistsError(f"{path}: expected a new file, got one that is there; see --overwrite")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path.parent}: expected a folder to put the film into, found none")
    return path


def _checked(name: str, value: float, low: float, high: float, unit: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"{name}: expected {low:g} to {high:g} {unit}, got {value!r}")
    return float(value)


def _checked_width(width: int) -> int:
    """Return an even width, as H.264 asks for."""
    low, high = WIDTHS
    if isinstance(width, bool) or not isinstance(width, int) or not low <= width <= high:
        raise ValueError(f"width: expected {low} to {high:,} pixels, got {width!r}")
    return width - width % 2
