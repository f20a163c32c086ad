"""A profile in words: a table of a step's parts, and a few sentences about the rest."""

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from glassnet import blas
from glassnet.training.profiling.rows import Row, total

if TYPE_CHECKING:
    from glassnet.training.profiling.profile import Profile

BAR, SHORTEST = 10, 8  # letters of the longest bar, and those that a name has at the least
MUCH = 0.1  # of the time: less waiting than that goes without saying


def table(profile: "Profile", width: int = 80, others: Mapping[str, float] | None = None) -> str:
    """Return the profile as text, in lines of at most `width` letters wherever the names allow it.

    `others` are seconds to name beside those of the run, such as those that a program spent before it.
    """
    rows = profile.rows
    if not rows:
        return "No step was made: there is nothing to show."
    whole = total(rows)
    lines = _lines(rows, whole, width)
    rule = "─" * max(map(len, lines))
    told = _limit(whole), _clock(profile), _waited(profile, whole)
    notes = [fill(words, width) for words in told if words]
    sums = _sums(profile, others or {})
    return "\n".join([_heading(profile), "", *lines[:-1], rule, lines[-1], "", *notes, "", *sums])


def _lines(rows: Sequence[Row], whole: Row, width: int) -> list[str]:
    """Return the table's head, a line a part, and the whole step; bars are as long as there is room."""
    digits = 1 if whole.seconds < 1e-3 else 0
    cells = [("", "", "µs a step", "share", "GFLOP/s", "limit")]
    for row, share in zip((*rows, whole), (*_rounded([row.share for row in rows]), 1000)):
        rates = ["" if rate is None else f"{rate:,.1f}" for rate in (row.gflops, row.limit_gflops)]
        time = f"{1e6 * row.seconds:,.{digits}f}"
        cells.append((row.name, row.direction, time, f"{share / 10:.1f} %", rates[0], rates[1]))
    if not any(cell[5] for cell in cells[1:]):
        cells[0] = (*cells[0][:5], "")
    wide = [max(map(len, column)) for column in zip(*cells)]
    room = width - sum(wide[1:]) - 2 * len(wide)  # for names and bars
    wide[0] = max(SHORTEST, min(wide[0], room))
    bar = max(0, min(BAR, room - wide[0]))
    longest = max(row.share for row in rows) or 1.0
    bars = ["", *("█" * round(bar * row.share / longest) for row in rows), ""]
    return [
        f"{_cut(name, wide[0]):<{wide[0]}}  {direction:<{wide[1]}}  {time:>{wide[2]}}  {share:>{wide[3]}}"
        f"  {drawn:<{bar}}  {rate:>{wide[4]}}  {limit:>{wide[5]}}".rstrip()
        for (name, direction, time, share, rate, limit), drawn in zip(cells, bars)
    ]


def _cut(cell: str, width: int) -> str:
    return cell if len(cell) <= width else f"{cell[: width - 1]}…"


def _rounded(shares: Sequence[float]) -> list[int]:
    """Return the shares in thousandths that sum to 1000: of those cut off, the nearest are rounded up."""
    cut = [int(1000 * share) for share in shares]
    by_lost = sorted(range(len(cut)), key=lambda i: 1000 * shares[i] - cut[i], reverse=True)
    for i in by_lost[: 1000 - sum(cut)]:
        cut[i] += 1
    return cut


def _heading(profile: "Profile") -> str:
    (n, usual), *others = profile.batches.most_common()
    sizes = f"{_count(usual, 'step')} of {_count(n, 'example')}"
    if others:
        sizes += f" and {sum(steps for _, steps in others):,} of other sizes"
    threads = _count(profile.threads or blas.info().threads, "thread")
    return f"A step's time: the mean of {sizes}\n{blas.info()}, {threads}"


def _limit(whole: Row) -> str:
    if not whole.limit_seconds:
        return ""
    alone, share = 1e6 * whole.limit_seconds, 100 * whole.limit_seconds / whole.seconds
    return (
        "GFLOP/s are billions of multiplications and additions in matrix products a second; the limit is what"
        " this machine's BLAS reaches at these sizes when it does nothing else. At that speed the matrix"
        f" products take {alone:,.0f} µs of the step, {share:.0f} %."
    )


def _clock(profile: "Profile") -> str:
    taken = f"{1e6 * profile.clock_seconds:.1f} µs"
    return f"Reading the clock took another {taken} a step, which are not counted above."


def _waited(profile: "Profile", whole: Row) -> str:
    if profile.waited < MUCH:
        return ""
    limit = ", the limit did not" if whole.limit_seconds else ""
    return (
        f"For {100 * profile.waited:.0f} % of the time the processor was not at it: the machine had other"
        f" work, or the run had to wait. All parts took longer for that{limit}."
    )


def _sums(profile: "Profile", others: Mapping[str, float]) -> list[str]:
    """Return a line each for the steps, the ends of epochs and whatever else took its time."""
    parts = {_count(profile.steps, "step"): profile.steps * total(profile.rows).seconds}
    if profile.epochs:
        parts[_count(profile.epochs, "end") + " of epochs"] = sum(profile.ends.values())
    parts |= {"start, end and changes": profile.others, **others}
    wide = max(map(len, parts))
    lines = [f"{name:<{wide}}  {1e3 * seconds:>10,.1f} ms" for name, seconds in parts.items()]
    if profile.epochs:
        lines[1] += "  " + ", ".join(f"{name} {1e3 * seconds:,.1f}" for name, seconds in profile.ends.items())
    return lines


def _count(n: int, thing: str) -> str:
    return f"{n:,} {thing}" if n == 1 else f"{n:,} {thing}s"
