"""`glassnet check`: is a hand-written gradient right, and if not, what is wrong with it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

STYLES = {
    r"\A.*": "bold",
    r"(?m)\bWRONG$": "bold red",
    r"(?m)^(Likeliest cause|Also possible|Note|Why):": "bold",
}


def check(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE.py[:NAME]", help="Your code.", show_default=False)
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(metavar="function|class|column", help="Print a small working file to start from."),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Decides the numbers it is run on.")] = 0,
    time_limit: Annotated[
        float, typer.Option(metavar="SECONDS", help="After which your code is stopped.")
    ] = 60.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Check the gradients of your own code against finite differences, and say what is wrong with them.

    The file has loss_and_grads(params, x, y) -> (loss, grads) and example(rng) -> (params, x, y),

    or a class with forward(x) and backward(dy) -> dx, and example(rng) -> x.

    It is run in a process of its own, with your rights.

    Exit code 0: all gradients are right; 1: something is wrong; 2: it could not be decided, and why.
    """
    from glassnet.cli.printing import json_of, show
    from glassnet.doctor.calls import CodeError
    from glassnet.doctor.diagnosis import UNDECIDED
    from glassnet.doctor.sandbox import check_file

    if template is not None:
        print(_template(template, file), end="")
        return
    if file is None:
        raise ValueError("check: expected FILE.py, or --template to see one, got neither")
    if not 0 < time_limit < float("inf"):
        raise ValueError(f"--time-limit: expected a number of seconds above 0, got {time_limit:g}")
    try:
        diagnosis = check_file(file, seed=seed, time_limit=time_limit)
    except CodeError as error:
        if error.traceback:
            print(error.traceback, file=sys.stderr)
        raise
    if diagnosis.verdict == UNDECIDED and not (as_json or diagnosis.rows or diagnosis.findings):
        raise ValueError(f"{diagnosis.name}: {diagnosis.reason}")
    if as_json:
        print(json_of(diagnosis.plain(), indent=2))
    else:
        show(str(diagnosis), STYLES)
    raise typer.Exit(diagnosis.exit_code)


def _template(name: str, file: str | None) -> str:
    from glassnet import doctor
    from glassnet.nn.names import unknown

    folder = Path(doctor.__file__).parent / "templates"
    names = sorted(path.stem for path in folder.glob("*.py"))
    if file is not None:
        raise ValueError("--template: expected without a file to check; send what it prints to a file")
    if name not in names:
        raise ValueError(f"--template: {unknown('template', name, names)}")
    return (folder / f"{name}.py").read_text(encoding="utf-8")
