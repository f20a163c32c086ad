"""A report as text that fits 80 columns."""

import math
import textwrap
from collections.abc import Sequence
from itertools import groupby

from glassnet.bench.choice import sizes
from glassnet.bench.results import LIMIT, OURS, Report, Result, Series
from glassnet.bench.shared import SAMPLE
from glassnet.bench.targets import Target, of_allowed, share, targets
from glassnet.bench.work import WORKS

WIDTH = 80
SHORTER = {
    "torch-compile": "compile", "torch-foreach": "foreach", "torch-fused": "fused", "jax-scan": "scan",
    "onnxruntime": "onnxrt", LIMIT: "limit",
}  # fmt: skip


def text(report: Report) -> str:
    """Return the whole report: the machine, a table a work, the targets, and what did not count."""
    lines = heading(report)
    for work in WORKS:
        for about, results in _parts(work.ABOUT, report.of(work.NAME)):
            lines += ["", *table(about, results)]
    if judged := targets(report):
        lines += ["", *verdicts(judged)]
    if said := notes(report):
        lines += ["", *said]
    return "\n".join(lines)


def heading(report: Report) -> list[str]:
    """Return the lines about where this was measured, and how to read it."""
    m = report.machine
    kernel = f", {m['kernel']} kernel" if m["kernel"] else ""
    count = f"{m['cores']} core{'s' if m['cores'] != 1 else ''}"
    said = [
        f"{m['processor']}, {count}, {m['system']}; {m['blas']}{kernel}",
        ", ".join(f"{name} {number}" for name, number in m["versions"].items()),
        f"data: {m['data']}, {m['examples']:,} examples; measured in {_duration(report.seconds)}",
    ]
    if m["data"] == SAMPLE:
        said.append("note: the small sample in the package; for MNIST itself: glassnet data get mnist")
    if m["held_back"]:
        said.append(f"note: not what a user gets: the environment sets {', '.join(m['held_back'])}")
    if "AMD" in m["processor"] and "torch" in m["versions"]:
        said.append("note: on AMD processors PyTorch's MKL does not use AVX-512")
    said.append(
        "glassnet: median time, with (n) BLAS threads, the best of those tried; then its least and most."
        " Other columns: glassnet's time over the peer's best, below 1 where glassnet is faster. limit: what"
        " the matrix products alone take, as a share of glassnet's time."
    )
    return [line for paragraph in said for line in textwrap.wrap(paragraph, WIDTH)]


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} s"


# ---- the table of a work


def _parts(about: str, results: Sequence[Result]) -> list[tuple[str, list[Result]]]:
    """Split results that end in the name of an optimizer by it, since a line has no room for it."""

    def optimizer(result: Result) -> str:
        name = str(result.facts.get("optimizer", ""))
        return name if name and result.name.endswith(f", {name}") else ""

    ordered = sorted(results, key=lambda r: [optimizer(each) for each in results].index(optimizer(r)))
    return [(f"{about}, {name}" if name else about, list(some)) for name, some in groupby(ordered, optimizer)]


def table(about: str, results: Sequence[Result]) -> list[str]:
    """Return the lines of a table: a row a result, a column a peer."""
    sides = list(dict.fromkeys(s.side for r in results for s in r.series if s.side != OURS))
    peers = [side for side in sides if side != LIMIT]
    ends = {(r.facts["network"][0], r.facts["network"][-1]) for r in results if "network" in r.facts}
    shorten = len(ends) == 1
    first = "{}-…-{}".format(*ends.pop()) if shorten else ""
    rows = [[first, OURS, "min–max", *(SHORTER.get(peer, peer) for peer in peers)]]
    for result in results:
        name = label(result) if shorten else result.name
        row = [name, *own(result.best(OURS), result.unit)]
        rows.append([*row, *(ratio(result.ratio(peer)) for peer in peers)])
    if LIMIT in sides:
        rows[0].append(SHORTER[LIMIT])
        for row, result in zip(rows[1:], results):
            part = share(result)
            row.append("–" if part is None else f"{part:.0%}")
    if any("allowed" in result.facts for result in results):
        rows[0].append("of allowed")
        for row, result in zip(rows[1:], results):
            part = of_allowed(result)
            row.append("–" if part is None else f"{part:.0%}")
    return [about, *aligned(rows)]


def label(result: Result) -> str:
    """Return a result's name with only the hidden layers of its network, and without its optimizer."""
    network = tuple(result.facts["network"])
    name = result.name.replace(sizes(network), sizes(network[1:-1]) or "no hidden", 1)
    return name.removesuffix(f", {result.facts.get('optimizer')}")


def own(ours: Series | None, unit: str) -> tuple[str, str]:
    """Return our median, with the number of threads that was best, and its spread in the same unit."""
    if ours is None:
        return "–", "–"
    middle = quantity(ours.median, unit)
    size = scale(ours.median, unit)[0]
    low, high = (_digits(f(ours.values) / size) for f in (min, max))
    return middle + (f" ({ours.threads})" if ours.threads else ""), f"{low}–{high}"


def quantity(value: float, unit: str) -> str:
    """Return seconds or bytes with three digits and a unit of a fitting size."""
    size, name = scale(value, unit)
    return f"{_digits(value / size)} {name}"


def scale(value: float, unit: str) -> tuple[float, str]:
    """Return the unit, and its size, in which a value is a number of at least 1."""
    units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")]
    if unit == "bytes":
        units = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B")]
    return next((each for each in units if abs(value) >= each[0]), units[-1])


def _digits(value: float) -> str:
    return f"{value:.{0 if abs(value) >= 99.95 else 1 if abs(value) >= 9.995 else 2}f}"


def ratio(value: float | None) -> str:
    """Return a ratio with two digits behind the point, a dash where there is none."""
    return "–" if value is None or not math.isfinite(value) else f"{value:.2f}"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows with their columns aligned, the first to the left; ratios are set closely."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = []
    for row in rows:
        name, ours, spread, *rest = (
            cell.rjust(w) if i else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths))
        )
        lines.append("  ".join([name, ours, spread, " ".join(rest)]).rstrip())
    return lines


# ---- below the tables


def verdicts(judged: Sequence[Target]) -> list[str]:
    """Return the table of targets: what was asked, what came of it."""
    rows = [["targets: ratio of time, worst of so many", "of", "must", "stretch", "got", ""]]
    rows += [
        [
            t.name,
            str(t.of),
            _amount(t.must, t.unit),
            _amount(t.stretch, t.unit),
            _amount(t.got, t.unit, 3),
            t.verdict,
        ]
        for t in judged
    ]
    widths = [max(map(len, column)) for column in zip(*rows)]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:5], widths[1:])), row[5]]
        ).rstrip()
        for row in rows
    ]


def _amount(value: float | None, unit: str, digits: int = 2) -> str:
    if value is None:
        return "–"
    return quantity(value, unit) if unit else f"{value:.{digits}f}"


def notes(report: Report) -> list[str]:
    """Return a line for each peer that is missing, failed, or did other work."""
    lines = [f"left out: {name}: {why}" for name, why in report.missing.items()]
    for result in report.results:
        for s in result.series:
            threads = f", {s.threads} thread{'s' if s.threads != 1 else ''}" if s.threads else ""
            if s.failed is not None:
                lines.append(f"failed: {s.side}{threads}, {result.name}: {s.failed}")
            elif s.other_work is not None:
                lines.append(f"different work: {s.side}{threads}, {result.name}: {s.other_work}")
    return lines
