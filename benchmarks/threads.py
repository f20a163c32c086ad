"""threads="auto" beside one thread and two: on a quiet machine, on a busy one, and on one that becomes busy.

Whole runs of the same number of steps take turns: one thread, two, "auto", which has its trial to pay for.
"busy" keeps one core busy with another process throughout, "midway" from the middle of each run on. The ratio
is auto's median over that of the better fixed choice. Let nothing else run meanwhile.

    python benchmarks/threads.py [--when quiet] [--network 784-128-10] [--batch 32] [--seconds 2] [--json]
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter, sleep
from typing import Any

import glassnet as gn
from glassnet import blas
from glassnet.training import Change, Step

WORK = [("784-128-10", 32), ("784-128-10", 128), ("784-512-512-10", 128), ("784-1024-1024-10", 128)]
WHEN = ("quiet", "busy", "midway")
SIDES: tuple[int | str, ...] = (1, 2, "auto")
SPIN = "import os, sys\nwhile os.getppid() == int(sys.argv[1]): pass"  # ends with whoever started it


@contextmanager
def spinning() -> Iterator[None]:
    """Keep one core busy with another process."""
    process = subprocess.Popen([sys.executable, "-c", SPIN, str(os.getpid())])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def train(
    sizes: list[int], batch: int, threads: int | str, data: gn.Dataset, steps: int, midway: bool
) -> Any:
    """Return the seconds of a whole run, the threads that it had one after the other, and its last loss."""
    hidden = [layer for units in sizes[1:-1] for layer in (gn.Dense(units), gn.ReLU())]
    network = gn.Network([*hidden, gn.Dense(sizes[-1])], input_shape=sizes[0], seed=0)
    started, had, done, company = perf_counter(), [], 0, spinning()
    with gn.Training(
        network, data, learning_rate=0.01, batch_size=batch, epochs=10**6, threads=threads
    ) as run:
        had.append(run.threads)
        for event in run:
            if isinstance(event, Change):
                had.append(run.threads)
            done += isinstance(event, Step)
            if midway and done == steps // 2 and isinstance(event, Step):
                company.__enter__()
            if done == steps:
                break
        seconds = perf_counter() - started
    if midway:
        company.__exit__(None, None, None)
    return seconds, had, event.loss


def measure(
    name: str, batch: int, when: str, options: argparse.Namespace, data: gn.Dataset
) -> dict[str, Any]:
    """Let the three take turns."""
    sizes = [int(n) for n in name.split("-")]
    seconds, *_ = train(sizes, batch, 1, data, 100, False)
    steps = max(16, round(100 * options.seconds / seconds))
    runs: dict[int | str, list[Any]] = {side: [] for side in SIDES}
    for turn in range(options.turns):
        for side in SIDES[turn % 3 :] + SIDES[: turn % 3]:
            runs[side].append(train(sizes, batch, side, data, steps, when == "midway"))
    medians = {str(side): median(seconds for seconds, *_ in them) for side, them in runs.items()}
    best = min(medians["1"], medians["2"])
    return {
        "when": when,
        "network": name,
        "batch": batch,
        "steps": steps,
        "seconds": {str(side): sorted(seconds for seconds, *_ in them) for side, them in runs.items()},
        "chosen": ["→".join(map(str, had)) for _, had, _ in runs["auto"]],
        "ratio": medians["auto"] / best,
        "losses": {str(side): them[0][2] for side, them in runs.items()},
    }


def row(result: dict[str, Any]) -> str:
    """Return a line of the table: median, least and greatest seconds of each side."""
    told = [f"{median(s):5.2f} ({s[0]:.2f}–{s[-1]:.2f})" for s in result["seconds"].values()]
    work = f"{result['network']} @ {result['batch']}"
    cells = [f"{result['when']:7}{work:24}", *(f"{cell:>19}" for cell in told), f"{result['ratio']:6.2f}"]
    return "".join(cells) + "  " + " ".join(result["chosen"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--when", choices=WHEN, action="append", help="all three without it")
    parser.add_argument("--network", metavar="784-128-10", action="append")
    parser.add_argument("--batch", type=int, action="append")
    parser.add_argument("--seconds", type=float, default=2.0, help="of a run with one thread")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    data = gn.data.load(options.data, validation=0)
    work = WORK if not options.network else [(n, b) for n in options.network for b in options.batch or [128]]
    if not options.json:
        print(f"{blas.info()}, {blas.info().threads} threads; seconds of a run, median (least–greatest)")
        print(f"{'':31}{'1 thread':>19}{'2 threads':>19}{'auto':>19} ratio  auto had")
    for when in options.when or WHEN:
        for name, batch in work:
            if when == "busy":
                with spinning():
                    sleep(0.2)
                    result = measure(name, batch, when, options, data)
            else:
                result = measure(name, batch, when, options, data)
            print(json.dumps(result) if options.json else row(result), flush=True)


if __name__ == "__main__":
    main()
