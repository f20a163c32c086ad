"""`glassnet runs`: what runs there are, and what is different between some of them."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from glassnet.compare import Run

PICTURE = "comparison.png"
LABELS = {
    "epochs": "epochs", "best_epoch": "best epoch", "loss": "training loss",
    "validation_loss": "validation loss", "accuracy": "training accuracy",
    "validation_accuracy": "validation accuracy", "r2": "training R²", "validation_r2": "validation R²",
    "mae": "training mean absolute error", "validation_mae": "validation mean absolute error",
    "seconds": "seconds", "parameters": "parameters",
}  # fmt: skip


def runs(
    run: Annotated[
        list[str] | None,
        typer.Argument(metavar="RUN", help="Runs to compare: folders, or names of folders in --dir."),
    ] = None,
    where: Annotated[str, typer.Option("--dir", metavar="FOLDER", help="The folder of the runs.")] = "runs",
    compare_all: Annotated[
        bool, typer.Option("--compare", metavar="", help="Compare all runs in --dir.")
    ] = False,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.png",
            help=f"Where to draw the curves of the compared runs; without it {PICTURE} beside them.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", metavar="", help="Print JSON instead of tables.")
    ] = False,
) -> None:
    """List the runs, the newest last; or compare some: settings that differ, final numbers, their curves."""
    if out is not None and Path(out).suffix.lower() != ".png":
        raise ValueError(f"--out: expected a name that ends in .png, got {out}")
    if out is not None and not run and not compare_all:
        raise ValueError("--out: expected runs to compare, got none; name them, or see --compare")
    found = _named(run, Path(where)) if run else _all(Path(where))
    comparing = bool(run or compare_all)
    if as_json:
        print(json.dumps([_plain(one) for one in found], indent=2, ensure_ascii=False, default=str))
    elif comparing and found:
        _print_comparison(found)
    elif found:
        _print_list(found)
    if comparing and found and (out is not None or (len(found) > 1 and not as_json)):
        picture = Path(out) if out is not None else found[0].folder.parent / PICTURE
        if _draw(found, picture) and not as_json:
            print(f"\nTheir curves: {picture}")


def _all(folder: Path) -> "list[Run]":
    """Return all runs in the folder; what is none is named on stderr."""
    from glassnet import compare

    if not folder.is_dir():
        raise FileNotFoundError(
            f"{folder}: expected a folder with runs, found none; train makes one, --dir names another"
        )
    found, problems = compare.find(folder)
    sys.stdout.flush()
    for problem in problems:
        print(f"glassnet: {problem}", file=sys.stderr)
    if not found:
        print(f"glassnet: {folder}: no runs in it", file=sys.stderr)
    return found


def _named(names: Sequence[str], folder: Path) -> "list[Run]":
    """Return the runs of these names, each once, in this order."""
    from glassnet import compare

    paths: dict[Path, Path] = {}
    for name in names:
        path = next((path for path in (Path(name), folder / name) if path.is_dir()), None)
        if path is None:
            raise FileNotFoundError(
                f"{name}: expected a run's folder, or the name of one in {folder}, found none"
            )
        paths.setdefault(path.resolve(), path)
    return [compare.read(path) for path in paths.values()]


# ---- the list


def _print_list(found: "Sequence[Run]") -> None:
    rows = [["run", "data", "hidden", "epochs", "best", "at", "seconds", "ended", "when"]]
    for run in found:
        best = run.best
        rows.append(
            [
                run.name,
                Path(str(run.settings.get("data", "mnist"))).name,
                _hidden(run.settings),
                _epochs(run),
                _best(run),
                "–" if best is None else f"{best.epoch:,}",
                f"{run.seconds:,.2f}",
                run.ended,
                f"{run.when:%Y-%m-%d %H:%M}",
            ]
        )
    print(_aligned(rows, right=("epochs", "at", "seconds")))


def _hidden(settings: dict[str, Any]) -> str:
    units, activation = (_joined(settings.get(name, "")) for name in ("hidden", "activation"))
    return f"{units} {activation}".strip() if units else "none"


def _joined(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _epochs(run: "Run") -> str:
    """How many were finished, and of how many if that is another number."""
    done, planned = run.numbers()["epochs"], run.settings.get("epochs")
    for change in run.changes:
        before_and_after = change.settings.get("epochs")
        planned = before_and_after[-1] if isinstance(before_and_after, list) else planned
    return f"{done:,}" if planned in (done, None) else f"{done:,} of {planned}"


def _best(run: "Run") -> str:
    """The number that the best epoch was chosen by, or is best understood by."""
    numbers = run.numbers()
    for part, suffix in (("validation_", ""), ("", " (training)")):
        for name, label in (("accuracy", "accuracy"), ("r2", "R²"), ("loss", "loss")):
            if (value := numbers[part + name]) is not None:
                return f"{label} {value:.4f}{suffix}"
    return "–"


# ---- the comparison


def _print_comparison(found: "Sequence[Run]") -> None:
    from glassnet import compare

    names = _short(found)
    told = compare.differences(found)
    settings = [["settings" if len(found) == 1 else "settings that differ", *names]]
    settings += [[name, *map(_shown, values)] for name, values in told.items()]
    if any(run.changes for run in found):
        settings.append(["changed on the way", *("; ".join(_changes(run)) or "–" for run in found)])
    print(_aligned(settings) if len(settings) > 1 else "The settings are the same.", end="\n\n")

    measured = [run.numbers() for run in found]
    results = [["at the best epoch", *names]]
    for name, label in LABELS.items():
        values = [numbers[name] for numbers in measured]
        if any(value is not None for value in values):
            results.append([label, *(_number(name, value) for value in values)])
    results.append(["ended", *(run.ended for run in found)])
    print(_aligned(results, right=names))


def _short(found: "Sequence[Run]") -> list[str]:
    """The runs' names, or their paths where two have the same name."""
    names = [run.name for run in found]
    return [str(run.folder) if names.count(run.name) > 1 else run.name for run in found]


def _changes(run: "Run") -> list[str]:
    return [
        f"{name} {_shown(values[0])} → {_shown(values[-1])} in epoch {change.epoch}"
        for change in run.changes
        for name, values in change.settings.items()
        if isinstance(values, list) and values
    ]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_shown, value)) or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    return "–" if value is None else str(value)


def _number(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if name == "seconds":
        return f"{value:,.2f}"
    if name.endswith("mae"):
        from glassnet.plots.numbers import readable

        return readable(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def _aligned(rows: Sequence[Sequence[str]], right: Sequence[str] = ()) -> str:
    """Columns under their headings, those named in `right` against their right edge."""
    from glassnet.cli.tables import shown

    cells = [[shown(" ".join(cell.split())) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells)]
    lines = []
    for row in cells:
        parts = [
            f"{cell:>{width}}" if heading in right else f"{cell:<{width}}"
            for cell, width, heading in zip(row, widths, rows[0])
        ]
        lines.append("  ".join(parts).rstrip())
    return "\n".join(lines)


def _draw(found: "Sequence[Run]", picture: Path) -> bool:
    """Draw the curves over each other, or say why not; the numbers were printed all the same."""
    from glassnet import plots

    sys.stdout.flush()
    names = _short(found)
    try:
        plots.overlay(picture, [(name, run.epochs) for name, run in zip(names, found)])
    except OSError as error:
        print(f"glassnet: {picture}: not drawn ({error.strerror or error}); see --out", file=sys.stderr)
    except ValueError as error:
        print(f"glassnet: {picture}: not drawn ({error})", file=sys.stderr)
    else:
        return True
    return False


def _plain(run: "Run") -> dict[str, Any]:
    return {
        "run": str(run.folder),
        "settings": run.settings,
        "made_by": run.made_by,
        **run.numbers(),
        "ended": run.ended,
        "when": run.when.isoformat(timespec="seconds"),
    }
