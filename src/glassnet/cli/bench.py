"""`glassnet bench`: glassnet beside the libraries that people would otherwise install."""

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

STYLES = {
    r"(?m)\b(met|stretch)$": "bold green",
    r"(?m)\bmissed$": "bold red",
    r"(?m)^(note|left out|failed|different work):": "bold",
}


def _many(metavar: str, help: str) -> Any:
    return typer.Option(metavar=metavar, help=help, show_default=False)


def bench(
    work: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORK",
            help="step, epoch, inference, optimizer, process, memory; all without one.",
            show_default=False,
        ),
    ] = None,
    only: Annotated[
        list[str] | None, _many("784-128-10,…", "Networks: inputs, hidden units, outputs.")
    ] = None,
    batch: Annotated[list[str] | None, _many("32,128,…", "Batch sizes.")] = None,
    optimizer: Annotated[list[str] | None, _many("sgd,…", "sgd, momentum, adam.")] = None,
    peer: Annotated[
        list[str] | None, _many("torch,…", "torch, torch-compile, jax, jax-scan, sklearn, onnxruntime.")
    ] = None,
    threads: Annotated[list[str] | None, _many("1,2", "Numbers of threads to try; the best counts.")] = None,
    turns: Annotated[int | None, typer.Option(metavar="N", min=1, help="Turns of each side.")] = None,
    short: Annotated[
        bool, typer.Option("--short", help="A few pieces of work, in about three minutes.")
    ] = False,
    data: Annotated[
        str | None, typer.Option(metavar="NAME", help="The set; without it MNIST, or else mnist-sample.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print every turn of every side as JSON.")] = False,
) -> None:
    r"""Measure glassnet beside PyTorch, JAX, scikit-learn and ONNX Runtime, in turns, on this machine.

    pip install 'glassnet\[bench]' brings them all; one that is not installed is left out and named.

    Without arguments it takes about 40 minutes; leave the machine alone meanwhile.

    Exit code 0; 1 if glassnet itself failed at some of it; 2: the input is at fault.
    """
    from glassnet.bench.choice import Choice
    from glassnet.bench.run import run
    from glassnet.cli.printing import json_of, show

    choice = Choice(
        works=_names(work),
        networks=tuple(_network(text) for text in _names(only)),
        batches=_numbers("--batch", batch),
        optimizers=_names(optimizer),
        peers=_names(peer),
        threads=_numbers("--threads", threads),
        turns=turns,
        short=short,
        data=data,
    )
    report = run(choice, _progress())
    if as_json:
        print(json_of(report.plain()))
    else:
        from glassnet.bench.tables import text

        show(text(report), STYLES)
    if report.interrupted:
        raise KeyboardInterrupt("this is what was measured by then")
    if report.broken:
        raise typer.Exit(1)


def _names(given: Sequence[str] | None) -> tuple[str, ...]:
    parts = [part.strip() for text in given or () for part in text.split(",")]
    return tuple(dict.fromkeys(part for part in parts if part))


def _numbers(flag: str, given: Sequence[str] | None) -> tuple[int, ...]:
    try:
        numbers = tuple(int(part) for part in _names(given))
    except ValueError:
        numbers = (0,)
    if any(number < 1 for number in numbers):
        raise ValueError(f"{flag}: expected whole numbers of at least 1, got {' '.join(given or ())!r}")
    return numbers


def _network(text: str) -> tuple[int, ...]:
    parts = text.split("-")
    if len(parts) < 2 or not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise ValueError(f"--only: expected a network such as 784-128-10, got {text!r}")
    return tuple(map(int, parts))


def _progress() -> Callable[[str], None]:
    """Return what shows how far it is: one line that changes on a terminal, a line each elsewhere."""

    def say(line: str) -> None:
        if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            room = shutil.get_terminal_size().columns - 1
            print(f"\r\033[K{line[:room]}", end="" if line else "\r", file=sys.stderr, flush=True)
        elif line:
            print(line, file=sys.stderr, flush=True)

    return say
