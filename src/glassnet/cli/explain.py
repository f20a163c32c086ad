"""`glassnet explain`: the chain rule for one weight or unit, with the numbers that are in the network."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from glassnet.data import Dataset
    from glassnet.nn import Network
    from glassnet.training import Training

STYLES = {
    r"\A.*": "bold",
    r"(?m)^(Forward|Backward|Step [\d,]+): .*$": "bold cyan",
    r"(?m)^ +sample +batch$": "dim",
    r"(?m)^ {3,}.*$": "dim",
    r"(?m)\[[a-z_]+( \(\d+\))?\]$": "blue",
    r"(?m)^\S.{0,16}?(?= {2,}[−\d])": "bold green",
    r"(?m)^(Derivations):.*$": "dim",
}


def explain(
    model: Annotated[str, typer.Argument(metavar="RUN|MODEL", help="A run's folder, or a model file.")],
    sample: Annotated[
        int,
        typer.Option(
            metavar="N",
            help="The number of an example, from 0: of the validation part, else of training.",
        ),
    ],
    weight: Annotated[
        str | None,
        typer.Option(
            metavar="LAYER,I,J",
            help="The weight from input I to unit J of a layer: layers count from 1, the rest from 0.",
        ),
    ] = None,
    unit: Annotated[
        str | None, typer.Option(metavar="LAYER,J", help="The unit J of a layer instead.")
    ] = None,
    label: Annotated[
        str | None, typer.Option(metavar="CLASS|VALUE", help="What is to count as the right answer.")
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE|FOLDER", help="Where the example is from; without it, what was trained on."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON, with all digits.")] = False,
) -> None:
    """Show how one weight learns: every formula of the chain rule with its numbers, for one example.

    Of a run: forward, backward and the update of the step after its last checkpoint, which is made on a copy.

    Of a model alone: forward and backward. Without --weight or --unit: the weight with the largest gradient.
    """
    from glassnet.cli.printing import json_of, show
    from glassnet.inside import Inside

    if weight is not None and unit is not None:
        raise ValueError("--unit: expected alone or --weight alone, got both")
    place = _numbers("--weight", weight, 3) if unit is None else _numbers("--unit", unit, 2)
    source, network, examples = _open(model, data)
    inside = Inside(source, sample, label=_answer(network, label), data=examples)
    chosen = inside.telling() if place is None else place
    told = inside.unit(*chosen) if len(chosen) == 2 else inside.weight(*chosen)
    if as_json:
        print(json_of(told.plain(), indent=2))
        return
    if place is None:
        print("The weight whose gradient is largest for this sample; --weight and --unit choose another\n")
    show(str(told), STYLES)


def _numbers(flag: str, text: str | None, count: int) -> tuple[int, ...] | None:
    if text is None:
        return None
    parts = text.split(",")
    if len(parts) != count or not all(part.strip().isdecimal() for part in parts):
        shape = "LAYER,I,J" if count == 3 else "LAYER,J"
        raise ValueError(f"{flag}: expected {shape}, whole numbers, got {text!r}")
    return tuple(map(int, parts))


def _answer(network: "Network", label: str | None) -> Any:
    """The right answer that was given, as a class number or a value."""
    if label is None:
        return None
    if network.classifies and label in (network.classes or ()):
        return list(network.classes or ()).index(label)
    try:
        return int(label) if network.classifies else float(label)
    except ValueError:
        classes = ", ".join(network.classes or [])
        expected = f"one of the classes {classes}" if network.classifies else "a number"
        raise ValueError(f"--label: expected {expected}, got {label!r}") from None


# ---- what is looked into, and where the example is from


def _open(model: str, data: str | None) -> "tuple[Training | Network, Network, Dataset]":
    from glassnet import files, runs
    from glassnet.training import checkpoint

    folder, run = Path(model), None
    if (folder / runs.CONFIG).is_file():
        try:
            state, warning = checkpoint.newest(folder)
        except (OSError, ValueError) as error:
            if not (folder / runs.MODEL).is_file():
                raise
            _say(f"{error}; shown is its model, forward and backward alone")
        else:
            run, notes = _reopen(folder, state, warning)
    if run is not None:
        examples = run.data if data is None else _examples(data, run.network, notes, asked=True)
        return run, run.network, examples
    path = runs.find_model(model)
    network, notes = files.read(path)
    name = notes.get("data") if data is None else data
    if name is None:
        raise ValueError(f"{path}: expected --data, since the model does not say what it was trained on")
    return network, network, _examples(name, network, notes, asked=data is not None)


def _reopen(folder: Path, state: Any, warning: str | None) -> "tuple[Training, dict[str, Any]]":
    """The run where its last checkpoint was written, which is not its end if it diverged or was cut off.

    With it what its model's notes say of its data.
    """
    from glassnet import recipes, runs

    recipe, data = runs.reread(folder)
    fixed = replace(recipe, threads=1)  # a number that no clock changes, and for which the state has another
    run = recipes.training(fixed, recipes.network(recipe, data), data)
    for line in (warning, run.restore(state), _diverged(folder, run.step)):
        if line is not None:
            _say(line)
    return run, runs.notes_on(run.data, recipe)


def _diverged(folder: Path, step: int) -> str | None:
    from glassnet import runs
    from glassnet.training import End, events

    try:
        history = events.read(folder / runs.HISTORY)
    except (OSError, ValueError):
        return None
    last = history[-1] if history else None
    if not isinstance(last, End) or last.reason != "diverged":
        return None
    what = f"shown is its last checkpoint, of step {step:,}"
    return f"{folder}: this run diverged after step {last.step:,}; {what}"


def _examples(name: str, network: "Network", notes: Any, *, asked: bool) -> "Dataset":
    from glassnet.cli.evaluate import _load

    data, _ = _load(name, None, network, notes, asked=asked)
    return data if len(data.train) or len(data.validation) else replace(data, train=data.test)


def _say(line: str) -> None:
    print(f"glassnet: {line}", file=sys.stderr)
