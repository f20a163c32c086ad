"""Whole processes: what an import takes, and the way from the command to a trained network on disk."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from glassnet import files, recipes
from glassnet.bench import sides
from glassnet.bench.bench import Bench
from glassnet.bench.child import PATIENCE, ROOT, Failure
from glassnet.bench.choice import Choice
from glassnet.bench.results import OURS, Result, Series
from glassnet.bench.work.case import Case
from glassnet.data import DataUnavailable, load, sources
from glassnet.training import evaluate

NAME = "process"
ABOUT = "a process"
ACCURACY = 0.98  # of MNIST's test digits
IMPORTED = {"torch": "torch", "jax": "jax", "sklearn": "sklearn.neural_network"}
FACES = {"import": "glassnet", "first names": "from glassnet import Network, Training"}
TURNS, FEW = 7, 3

# Both imports in one process, so that the second is exactly what comes on top of the first.
IMPORT = """
import sys
sys.path.append({root!r})
from time import perf_counter
started = perf_counter()
{first}
between = perf_counter()
{second}
print(between - started, perf_counter() - started)
"""
COMMAND = "import sys; sys.path.append({!r}); from glassnet.cli import main; main()"


def cases(choice: Choice) -> list[Case]:
    """Return the import of the package, that of its names, and a training from the command to the file."""
    imports = [Case(NAME, statement(what), {"what": what}) for what in FACES]
    return [*imports, Case(NAME, f"{100 * ACCURACY:g} % of MNIST, saved", {"what": "trained"})]


def statement(what: str) -> str:
    """Return the line of Python that is measured."""
    return FACES[what] if " " in FACES[what] else f"import {FACES[what]}"


def measure(case: Case, bench: Bench) -> Result:
    """Start processes in turns, each turn one of each side; the first turn warms up and does not count."""
    turns = bench.choice.turns or (FEW if bench.choice.short else TURNS)
    what = case.facts["what"]
    if what == "trained":
        return Result(NAME, case.name, _trained(bench, turns), case.facts)
    return Result(NAME, case.name, _imports(bench, what, turns), case.facts)


def environment(**more: str) -> dict[str, str]:
    """Return the environment as a user's process has it: with compiled modules kept."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **more}


def finish(arguments: list[str], env: dict[str, str]) -> tuple[float, str]:
    """Run Python with these arguments to its end; return the seconds it took and what it printed.

    Raises Failure, with the last line of what it complained of, unless it ends well and in time.
    """
    started = perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, "-P", *arguments],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise Failure(f"did not end in {PATIENCE:g} s and was stopped") from None
    seconds = perf_counter() - started
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:]
        raise Failure(": ".join([f"its process ended with exit code {done.returncode}", *said])[:200])
    return seconds, done.stdout


def in_turns(
    bench: Bench, turns: int, ones: dict[tuple[str, int | None], Callable[[int], float]]
) -> tuple[Series, ...]:
    """Let each side, with so many threads, do its thing of a number of seconds again and again, in turns.

    It is told the number of the turn, counted from 0; the first turn is number -1 and does not count.
    """
    values: dict[tuple[str, int | None], list[float]] = {key: [] for key in ones}
    failed: dict[tuple[str, int | None], str] = {}
    for turn in range(-1, turns):
        for key, one in ones.items():
            if key in failed:
                continue
            try:
                seconds = one(turn)
            except Failure as failure:
                failed[key] = str(failure)
                bench.say(f"{key[0]}: {failure}")
                continue
            if turn >= 0:
                values[key].append(seconds)
    return tuple(Series(*key, tuple(values[key]), failed=failed.get(key)) for key in ones)


# ---- imports


def _imports(bench: Bench, what: str, turns: int) -> tuple[Series, ...]:
    """Return NumPy's import and ours after it, taken in the same processes, and those of the peers."""
    numpy: dict[int, float] = {}

    def ours(turn: int) -> float:
        numpy[turn], both = _import("import numpy", statement(what))
        return both

    def peer(name: str) -> Callable[[int], float]:
        return lambda turn: _import("pass", f"import {name}")[1]

    ones: dict[tuple[str, int | None], Callable[[int], float]] = {(OURS, None): ours}
    if what == "import":
        ones |= {(side, None): peer(IMPORTED[side]) for side in bench.peers(IMPORTED)}
    series = in_turns(bench, turns, ones)
    return *series, Series("numpy", None, tuple(numpy[turn] for turn in sorted(numpy) if turn >= 0))


def _import(first: str, second: str) -> tuple[float, float]:
    """Return how long a fresh process takes for the first statement, and for both."""
    program = IMPORT.format(root=str(ROOT), first=first, second=second)
    _, printed = finish(["-c", program], environment())
    one, both = printed.split()
    return float(one), float(both)


# ---- from the command to the file


def _trained(bench: Bench, turns: int) -> tuple[Series, ...]:
    """Run the command in each turn with another seed; beside it PyTorch's import and one epoch of the same.

    How many digits the models name right is found out afterwards. Without that accuracy, in the middle of the
    turns, the time does not count.
    """
    try:
        folder = sources.find("mnist", download=False).folder
    except DataUnavailable as error:
        return (Series(OURS, failed=str(error)),)
    with tempfile.TemporaryDirectory() as place:

        def ours(turn: int) -> float:
            where = ["--data", "mnist", "--data-dir", str(folder), "--out", str(Path(place, str(turn)))]
            told = ["train", "--no-pictures", "--seed", str(max(turn, 0)), *where]
            return finish(["-c", COMMAND.format(str(ROOT)), *told], environment())[0]

        def torch(threads: int) -> Callable[[int], float]:
            env = environment(**sides.environment("torch", threads))
            return lambda turn: finish(_script(folder), env)[0]

        ones: dict[tuple[str, int | None], Callable[[int], float]] = {(OURS, None): ours}
        if bench.peers(("torch",)):
            ones |= {("torch", threads): torch(threads) for threads in bench.threads}
        mine, *others = in_turns(bench, turns, ones)
        return _with_accuracy(mine, Path(place), folder), *others


def _script(folder: Path) -> list[str]:
    """Return the arguments of Python for PyTorch's epoch: with our network, batches and learning rate."""
    quick = recipes.read("quick")
    sizes = "-".join(map(str, [784, *quick["hidden"], 10]))
    parts = [str(sources.stored(folder, file)) for file in sources.TRAIN]
    script = Path(sides.__file__).with_name("torch_epoch.py")
    return [str(script), *parts, sizes, str(quick["batch_size"]), str(quick["learning_rate"])]


def _with_accuracy(mine: Series, place: Path, folder: Path) -> Series:
    models = [place / str(turn) / "model.npz" for turn in range(len(mine.values))]
    if not models or mine.failed is not None:
        return mine
    test = load("mnist", data_dir=folder, validation=0).test
    found = [evaluate(files.load(model), test).accuracy or 0.0 for model in models]
    middle = median(found)
    less = None
    if middle < ACCURACY:
        less = f"{100 * middle:g} % of the test digits right, less than {100 * ACCURACY:g} %"
    return Series(OURS, None, mine.values, other_work=less, facts={"accuracies": found})
