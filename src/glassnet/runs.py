"""The run folder: what a run leaves behind, and where."""

import math
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import IO, Any

import numpy as np

from glassnet import __version__, blas, files, plots, recipes
from glassnet.atomic import atomic
from glassnet.data import Dataset, Split, load
from glassnet.nn import Network
from glassnet.recipes import Recipe
from glassnet.training import End, Epoch, Step, events, frames
from glassnet.training.checkpoint import BEFORE, NEWEST
from glassnet.training.identity import fingerprint
from glassnet.training.metrics import confusion

CONFIG, HISTORY, MODEL = "config.toml", "history.jsonl", "model.npz"
PICTURES = (
    "curves.png", "confusion.png", "predictions.png", "predicted.png", "boundary.png", "fit.png",
    "weights.png",
)  # fmt: skip
OTHERS = ("mistakes.png", "history-damaged.jsonl", "film.gif", "predictions.gif")
LOCK = ".lock"
OURS = (CONFIG, HISTORY, MODEL, NEWEST, BEFORE, *PICTURES, *OTHERS, frames.FOLDER)


def create(out: str | None, data: str, *, overwrite: bool = False) -> Path:
    """Make and return the folder of a new run: `out`, else the next free runs/<data>-<n>.

    With `overwrite` a run that is already in `out` is taken away, its files but no others. Raises
    FileExistsError if the folder holds anything and `overwrite` is off, or if what it holds is no run;
    OSError if it cannot be made or written to.
    """
    if out is None:
        return _claim(data)
    folder = Path(out)
    try:
        there = list(folder.iterdir())
    except FileNotFoundError:
        there = []
    except NotADirectoryError:
        raise NotADirectoryError(f"{folder}: expected a folder to write the run into, got a file") from None
    if there and not overwrite:
        raise FileExistsError(
            f"{folder}: expected a new or empty folder, got one with files; see --overwrite"
        )
    if there and not _is_run(folder, [path.name for path in there]):
        raise FileExistsError(
            f"{folder}: expected a run to overwrite, got a folder without a {CONFIG} of glassnet's making"
        )
    _make(folder, exist_ok=True)
    with held(folder):
        frames.remove(folder)
        for name in set(OURS) - {CONFIG, frames.FOLDER}:
            for path in (folder / name, *folder.glob(f".{name}.*.part")):
                path.unlink(missing_ok=True)
    return folder


def _is_run(folder: Path, held: Sequence[str]) -> bool:
    """Whether its config says that we made it; or says nothing yet, beside files of our names alone."""
    try:
        text = (folder / CONFIG).read_text(encoding="utf-8")
        made_by = tomllib.loads(text).get("made_by")
    except (OSError, ValueError):
        return False
    if not text:  # of a run that died at once
        return set(held) <= {*OURS, LOCK}
    return isinstance(made_by, dict) and "glassnet" in made_by


def _claim(data: str) -> Path:
    """Make and return the next free runs/<data>-<n>, also where another run wants it at the same moment."""
    while True:
        numbers = [path.name.removeprefix(f"{data}-") for path in Path("runs").glob(f"{escape(data)}-*")]
        folder = Path("runs") / f"{data}-{1 + max((int(n) for n in numbers if n.isdecimal()), default=0)}"
        with suppress(FileExistsError):
            return _make(folder, exist_ok=False)


def _make(folder: Path, *, exist_ok: bool) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=exist_ok)
        with atomic(folder / CONFIG):
            pass
    except OSError as error:
        raise type(error)(f"{folder}: expected a folder that can be written to ({error.strerror})") from None
    return folder


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep other processes from writing into the run's folder until the block ends, or this process does.

    Raises OSError if another has it.
    """
    path = folder / LOCK
    with path.open("a+b") as lock:
        try:
            _lock(lock)
        except OSError:
            raise OSError(f"{folder}: expected a run that nobody else is writing, got one in use") from None
        try:
            yield
        finally:
            with suppress(OSError):  # on Windows it cannot be taken away while it is open
                path.unlink()


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def write_config(folder: Path, recipe: Recipe) -> None:
    """Write the resolved recipe, which runs the run again, with what it was made by."""
    import tomli_w

    made_by = {"glassnet": __version__, "numpy": np.__version__, "blas": str(blas.info())}
    text = f"# glassnet train --recipe {CONFIG} does this run again.\n"
    text += tomli_w.dumps({**recipe.plain(), "made_by": made_by})
    with atomic(folder / CONFIG) as file:
        file.write(text.encode())


def write_model(folder: Path, network: Network, data: Dataset, recipe: Recipe) -> None:
    """Write the network, with notes on what it was trained on."""
    files.save(network, folder / MODEL, notes_on(data, recipe))


def notes_on(data: Dataset, recipe: Recipe) -> dict[str, Any]:
    """Return what a model's file says of the data that it was trained on, as the resolved `recipe` names it.

    `glassnet.data.load` makes the same parts of the notes again; `table` is how a table's columns went in.
    """
    notes: dict[str, Any] = {"data": recipe.data, "shape": list(data.shape)}
    usual = Recipe().loading()
    shares = ("validation", "test", "seed")  # always told: they may come to mean another split one day
    notes |= {
        name: value for name, value in recipe.loading().items() if value != usual[name] or name in shares
    }
    notes["trained_on"] = fingerprint(data.train)
    if data.encoding is not None:
        notes["table"] = data.encoding.config()
    return notes


def pictures(data: Dataset) -> Sequence[str]:
    """Return the names of the pictures that a run on such data draws."""
    wanted = {"curves.png": True, "confusion.png": data.classes is not None}
    wanted["predicted.png"] = data.classes is None
    wanted["predictions.png"] = len(data.shape) > 1 and data.classes is not None
    wanted["boundary.png"] = data.shape == (2,) and data.classes is not None
    wanted["fit.png"] = data.shape == (1,) and data.classes is None
    wanted["weights.png"] = math.prod(data.shape) > 2
    return [name for name in PICTURES if wanted[name]]


def remove_pictures(folder: Path, names: Iterable[str] = PICTURES) -> None:
    """Take away pictures that are not, or no longer, of the network in the folder."""
    for name in names:
        (folder / name).unlink(missing_ok=True)


def draw(folder: Path, network: Network, data: Dataset, answers: np.ndarray[Any, Any]) -> Sequence[str]:
    """Draw the run's pictures: its curves, and what the network makes of the part it is judged on.

    `answers` are its probabilities (N, classes) or values (N, K) for that part. Return the names of those
    pictures for which there are no numbers, or none that are finite.
    """
    wanted = pictures(data)
    remove_pictures(folder, set(PICTURES) - set(wanted))
    _draw_curves(folder)
    if np.isfinite(answers).all():
        part, split = data.judged
        if data.classes is None:
            _draw_values(folder, network, data, part, split, answers)
        else:
            _draw_classes(folder, wanted, network, data, split, answers)
    first = first_weights(network)
    if "weights.png" in wanted and np.isfinite(first).all():
        if len(data.shape) > 1:
            plots.weights(folder / "weights.png", first, data.shape)
        else:
            plots.weights_table(folder / "weights.png", first, _features(data))
    return [name for name in wanted if not (folder / name).is_file()]


def _draw_curves(folder: Path) -> None:
    history = events.read(folder / HISTORY)
    steps = [event for event in history if isinstance(event, Step)]
    epochs = [event for event in history if isinstance(event, Epoch)]
    end = history[-1] if history and isinstance(history[-1], End) else None
    if steps or epochs:
        plots.curves(folder / "curves.png", steps, epochs, end)


def _draw_classes(
    folder: Path, wanted: Sequence[str], network: Network, data: Dataset, split: Split, probabilities: Any
) -> None:
    assert data.classes is not None
    table = confusion(split.labels, probabilities.argmax(axis=1), len(data.classes))
    plots.confusion(folder / "confusion.png", table, data.classes)
    if "predictions.png" in wanted:
        path = folder / "predictions.png"
        plots.predictions(path, split.images, probabilities, split.labels, data.classes)
    if "boundary.png" in wanted:
        plots.boundary(folder / "boundary.png", network, data)


def _draw_values(folder: Path, network: Network, data: Dataset, part: str, split: Split, values: Any) -> None:
    name = (data.encoding and data.encoding.label) or "value"
    plots.predicted_against_actual(folder / "predicted.png", split.labels, values, name, part)
    if data.shape == (1,):
        plots.fit(folder / "fit.png", network, data)


def _features(data: Dataset) -> Sequence[str]:
    """Return the names of the inputs."""
    if data.encoding is not None:
        return data.encoding.inputs
    return [f"x{number}" for number in range(1, data.shape[0] + 1)]


def first_weights(network: Network) -> np.ndarray[Any, Any]:
    """Return the first layer's weight matrix (inputs, units)."""
    return network.matrices[0]


def find_model(path: str) -> Path:
    """Return the model file that `path` is, holds, if it is a run folder, or names, if one is shipped.

    Raises FileNotFoundError otherwise.
    """
    if model := files.shipped(path):
        return model
    where = Path(path)
    if where.is_dir():
        if not (where / MODEL).is_file():
            raise FileNotFoundError(f"{where}: expected a run folder with {MODEL}, found none in it")
        return where / MODEL
    if not where.is_file():
        raise FileNotFoundError(f"{where}: expected a run folder or a model file, found nothing there")
    return where


def reread(folder: Path) -> tuple[Recipe, Dataset]:
    """Return the settings of the run in the folder, for as many threads as suit, and its data.

    Raises FileNotFoundError for a folder without settings, ValueError if the data cannot be had any more.
    """
    config = folder / CONFIG
    if not config.is_file():
        raise FileNotFoundError(f"{folder}: expected a run's folder with a {CONFIG}, found none")
    settings = {**recipes.read(str(config)), "threads": "auto"}  # for a new run; this one's state has its own
    recipe = Recipe().changed(settings)
    try:
        return recipe, load(recipe.data or "mnist", **recipe.loading())
    except (OSError, ValueError) as error:
        raise ValueError(f"{folder}: expected the data that it was trained on: {error}") from None


def left(folder: Path) -> Sequence[str]:
    """Return the names of the run's files that are there, and of the folder of its frames."""
    there = [name for name in (MODEL, CONFIG, HISTORY, *PICTURES) if (folder / name).is_file()]
    return [*there, frames.FOLDER] if (folder / frames.FOLDER).is_dir() else there
