"""`glassnet evaluate`: judge a network on the part of a set that it has not seen."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import numpy as np

    from glassnet.data import Dataset
    from glassnet.nn import Network

_LOADING = ("data_dir", "label", "task", "drop", "fill", "validation", "test", "seed")


def evaluate(
    model: Annotated[
        str,
        typer.Argument(metavar="RUN|MODEL", help="A run's folder, a model file, or drawing: glassnet's own."),
    ],
    data: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE|FOLDER", help="What to judge on; without it, what the model was trained on."
        ),
    ] = None,
    data_dir: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Where the files of a named set are.")
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Where to put the pictures; without it, beside the model; of `drawing` here.",
        ),
    ] = None,
) -> None:
    """Judge a network: accuracy, each class and the confusions, or how far its values are off; with pictures.

    The numbers are those of the test part; without one, of the validation or training part, and say so.
    """
    import numpy as np

    from glassnet import runs
    from glassnet.cli.verdict import answers, verdict
    from glassnet.files import shipped
    from glassnet.training import metrics

    path = runs.find_model(model)
    network, given, own = _open(path, data, data_dir)
    beside, named = (Path(), model) if shipped(model) else (path.parent, str(path))
    folder = beside if out is None else Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    part, split = given.judged
    with np.errstate(all="ignore"):
        loss = metrics.evaluate(network, split).loss
    said = answers(network, split)
    if not np.isfinite(said).all():
        raise ValueError(f"{path}: expected a network whose outputs are finite, got NaN or infinity")
    examples = f"{len(split):,} {part} example{'s' * (len(split) != 1)}"
    print(f"{named} on {given.name}, {examples} ({given.origin})\n")
    unit = "" if given.target_scaling is None else ", of the standardized target"
    print(*verdict(given, said), f"{part.capitalize()} loss {loss:.4f}{unit}", sep="\n")
    print(_about(given, said))
    prefix = "" if path.name == runs.MODEL else f"{path.stem}-"
    if not prefix and not own:
        prefix = f"{given.name}-"  # beside the run's own pictures
    for name, what, draw in _pictures(network, given, said):
        _draw(folder / f"{prefix}{name}", what, draw)


def _about(data: "Dataset", said: "np.ndarray[Any, Any]") -> str:
    """More than one line about the answers: each class and the confusions, or the errors."""
    from glassnet.cli.tables import class_table, confusion_table
    from glassnet.cli.verdict import details
    from glassnet.training import metrics

    _, split = data.judged
    if data.classes is None:
        return "\n".join([*details(data, said), ""])
    table = metrics.confusion(split.labels, said.argmax(axis=1), len(data.classes))
    tables = class_table(metrics.report(table), data.classes), confusion_table(table, data.classes)
    return "\n".join(["", tables[0], "", tables[1], ""])


Picture = tuple[str, str, Callable[[Path], object]]


def _pictures(network: "Network", data: "Dataset", said: "np.ndarray[Any, Any]") -> list[Picture]:
    """The pictures that suit the data: file name, what it shows, and how it is drawn."""
    from glassnet import plots
    from glassnet.plots.images import channels_last
    from glassnet.training.metrics import confusion

    part, split = data.judged
    actual, classes = split.labels, data.classes
    if classes is None:
        name = (data.encoding and data.encoding.label) or "value"
        pictures: list[Picture] = [
            ("predicted.png", "Predicted against actual",
             lambda path: plots.predicted_against_actual(path, actual, said, name, part)),
        ]  # fmt: skip
        if data.shape == (1,):
            pictures.append(("fit.png", "The fit", lambda path: plots.fit(path, network, data)))
        return pictures
    pictures = []
    images = channels_last(split.images, data.shape)
    if images is not None:
        pictures.append(
            ("mistakes.png", "The most confident mistakes",
             lambda path: plots.mistakes(path, images, said, actual, classes)),
        )  # fmt: skip
    if data.shape == (2,):
        pictures.append(
            ("boundary.png", "Its decisions", lambda path: plots.boundary(path, network, data)),
        )  # fmt: skip
    if images is None or len(classes) > 20:
        table = confusion(actual, said.argmax(axis=1), len(classes))
        pictures.append(
            ("confusion.png", "The confusions", lambda path: plots.confusion(path, table, classes)),
        )  # fmt: skip
    return pictures


def _draw(path: Path, what: str, draw: Callable[[Path], object]) -> None:
    """Draw one picture and say where it is; a place that cannot be written to is no reason to stop."""
    try:
        draw(path)
    except OSError as error:
        sys.stdout.flush()
        print(f"glassnet: {path}: not drawn ({error.strerror or error}); see --out", file=sys.stderr)
    else:
        print(f"{what}: {path}")


def _open(path: Path, data: str | None, data_dir: str | None) -> "tuple[Network, Dataset, bool]":
    """Return the network in the file, the set to judge it on, and whether it was trained on that one."""
    from glassnet import files

    network, notes = files.read(path)
    name = notes.get("data") if data is None else data
    if name is None:
        raise ValueError(f"{path}: expected --data, since the model does not say what it was trained on")
    if network.loss is None or (network.classes is None and network.classifies):
        raise ValueError(f"{path}: expected a network that was trained on named classes, got another")
    given, own = _load(name, data_dir, network, notes, asked=data is not None)
    if network.classes != given.classes:
        ours = "values as targets" if network.classes is None else f"the model's {_listed(network.classes)}"
        theirs = "values" if given.classes is None else _listed(given.classes).removeprefix("classes ")
        raise ValueError(f"{path}: expected data with {ours}, got {given.name} with {theirs}")
    if notes.get("data") == "mnist" and name == "mnist-sample":
        print(
            "glassnet: the images of mnist-sample are among MNIST's training images, which this network was"
            " trained on: it does better on them than on new ones",
            file=sys.stderr,
        )
    return network, given, own


def _listed(classes: Sequence[str]) -> str:
    from glassnet.cli.tables import shown

    return f"classes {', '.join(map(shown, classes))}"


def _load(
    name: str, data_dir: str | None, network: "Network", notes: Mapping[str, Any], *, asked: bool
) -> "tuple[Dataset, bool]":
    """Return the set to judge on, and whether it is what the model was trained on, in the same parts then.

    Of other data their test part or all of them count. What the model was trained on is told by its content,
    so that a moved file is known again, and one that has changed is not taken for it: which of its rows were
    held out could not be told. Such a file is other data if it was `asked` for, else a ValueError.
    """
    from glassnet.training.identity import fingerprint

    trained_on = notes.get("trained_on")  # older models do not say it
    if _is_own(name, notes):
        told = {key: notes[key] for key in _LOADING if key in notes}
        given = _loaded(name, data_dir, network, notes, told)
        if trained_on in (None, fingerprint(given.train)):
            return given, True
        if not asked:
            raise ValueError(
                f"{name}: expected data as in training, got others, so which examples are new to the network"
                f" is unknown; --data {name} takes all of them for new"
            )
    told = {"task": "values" if network.classes is None else "classes"} if _is_table(name) else {}
    if "label" in notes and told:
        told["label"] = notes["label"]
    given = _loaded(name, data_dir, network, notes, {**told, "validation": 0})
    if trained_on is not None:
        parts = _in_parts(given, notes)
        if parts is not None and fingerprint(parts.train) == trained_on:
            return parts, True
    if len(given.test):
        return given, False
    return replace(given, train=given.test, test=given.train), False  # all of it is new to the network


def _loaded(
    name: str, data_dir: str | None, network: "Network", notes: Mapping[str, Any], told: dict[str, Any]
) -> "Dataset":
    """Return the set, its classes numbered and its columns encoded as in training."""
    from glassnet.cli.options import named
    from glassnet.data import load
    from glassnet.data.encoding import Encoding

    told = {"validation": 0, **told, "classes": network.classes}
    if "table" in notes and _is_table(name):
        told["encoding"] = Encoding.from_config(notes["table"])
        told.pop("label", None)  # the encoding has its name, whatever number its column has by now
    if data_dir is not None:
        told["data_dir"] = data_dir
    with named(("data", "data_dir")):
        return load(name, **told)


def _in_parts(given: "Dataset", notes: Mapping[str, Any]) -> "Dataset | None":
    """The set in the parts of the model's training; None if it is too small for them."""
    seed = notes.get("seed", 0)
    try:
        return given.set_aside(notes.get("test", 0), seed).split(notes.get("validation", 0), seed)
    except ValueError:
        return None


def _is_table(name: str) -> bool:
    from glassnet.data.loading import TABLES

    return name.lower().removesuffix(".gz").endswith(TABLES) and Path(name).is_file()


def _is_own(name: str, notes: Mapping[str, Any]) -> bool:
    """Whether the data of that name is what the model was trained on."""
    trained_on = notes.get("data")
    if trained_on is None or name == trained_on:
        return trained_on is not None
    try:
        return Path(name).samefile(trained_on)
    except OSError:
        return False
