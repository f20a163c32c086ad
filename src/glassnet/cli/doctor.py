"""`glassnet doctor`: how fast this machine is, and what holds it back."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from glassnet.speed import Report
    from glassnet.speed.environment import Held

WIDTH = 100


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Say how fast this machine multiplies matrices, and what holds it back.

    Measures for a second or two. Changes nothing: what can be done about it is a line for your shell.
    """
    from glassnet import speed
    from glassnet.cli.letters import plain

    report = speed.examine()
    if as_json:
        import json

        print(json.dumps(_plain(report), indent=2))
    else:
        print(plain("\n".join(_lines(report)), sys.stdout.encoding))


def _lines(report: "Report") -> list[str]:
    return [
        *_machine(report),
        "",
        *_rates(report),
        "",
        *_auto(report),
        "",
        *_findings(report),
    ]


def _machine(report: "Report") -> list[str]:
    cores = report.cores
    threads = _count(report.blas.threads, "thread") if report.blas.version else "as many threads as it likes"
    told = [_count(cores.logical, "processor")]
    if cores.physical is not None and cores.physical != cores.allowed:
        told.append(_count(cores.physical, "core"))
    if cores.usable < cores.logical:
        told.append(f"{_count(cores.usable, 'thread')} can work at once")
    rows = {
        "Processor": f"{report.processor}: {', '.join(told)}",
        "Memory": "" if report.memory is None else f"{report.memory / 2**30:.1f} GiB",
        "System": report.system,
        "Python": f"{report.python}, NumPy {report.numpy}, glassnet {report.glassnet}",
        "BLAS": f"{report.library}{f' ({report.instructions})' * bool(report.instructions)}, {threads}",
    }
    return [f"{name:<11}{value}" for name, value in rows.items() if value]


def _rates(report: "Report") -> list[str]:
    counts = list(next(iter(report.rates.values())).gflops)
    heads = [_count(n, "thread") for n in counts] if report.blas.version else ["measured"]
    lines = [
        "Speed of matrix products in GFLOP/s: billions of float32 multiplications and additions a second",
        "".join([" " * 28, *(f"{head:>12}" for head in heads)]),
    ]
    for (m, k, n), rates in report.rates.items():
        cells = (f"{_rate(rate):>12}" for rate in rates.gflops.values())
        lines.append("".join([f"{f'{m} × {k} by {k} × {n}':<28}", *cells]))
    return lines


def _rate(gflops: float) -> str:
    return f"{gflops:,.{0 if gflops >= 10 else 1}f}"


def _auto(report: "Report") -> list[str]:
    if not report.blas.version:
        return ["This BLAS decides about its threads itself: --threads changes nothing"]
    lines = ["What --threads auto would choose now; a small step always gets one thread"]
    most = max(max(rates.gflops) for rates in report.rates.values())
    for choice in report.auto:
        why = "  (small)" if choice.small else ""
        if not choice.small and choice.threads == 1 < most:
            why = "  (more are not a fifth faster now)"
        name = f"{choice.network}, batch {choice.batch}"
        lines.append(f"{name:<30}{_count(choice.threads, 'thread')}{why}")
    return lines


def _findings(report: "Report") -> list[str]:
    from textwrap import wrap

    lines = [line for held in report.held for line in wrap(_held(held), WIDTH)]
    if report.advice is not None:
        lines += ["To be rid of it, in your shell, and in the file that sets it:", f"    {report.advice}"]
    if not report.held:
        lines.append("Nothing in the environment holds it back.")
    for note in report.notes:
        lines += ["", *wrap(note, WIDTH)]
    return lines


def _held(held: "Held") -> str:
    from glassnet.cli.tables import shown

    told = ", ".join(f"{name}={shown(value)}" for name, value in held.settings.items())
    them = "it" if len(held.settings) == 1 else "them"
    at = " with one thread" if held.about == "code" else ""
    if held.without_them is None:
        return f"{told}: {_rate(held.with_them)} GFLOP/s{at}; without {them} it could not be measured."
    if not held.matters:
        return f"{told}: no slower than without {them}."
    hold = "holds" if len(held.settings) == 1 else "hold"
    figures = f"{_rate(held.with_them)} GFLOP/s{at}, {_rate(held.without_them)} without {them}"
    return f"{told} {hold} it back: {figures}."


def _count(n: int, thing: str) -> str:
    return f"{n:,} {thing}" if n == 1 else f"{n:,} {thing}s"


def _plain(report: "Report") -> dict[str, Any]:
    from dataclasses import asdict

    plain = asdict(report)
    plain["rates"] = [
        {
            "product": list(size),
            "gflops": {str(count): rate for count, rate in rates.gflops.items()},
            "share_of_cores": rates.share,
        }
        for size, rates in report.rates.items()
    ]
    for held, told in zip(plain["held"], report.held):
        held["matters"] = told.matters
    plain["cores"]["usable"] = report.cores.usable
    plain["memory_bytes"] = plain.pop("memory")
    return {**plain, "advice": report.advice}
