"""Whole processes: in turns, timed to their end, and what they leave behind judged."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from data.digit_files import write_digits
from glassnet import recipes
from glassnet.bench.bench import Bench
from glassnet.bench.child import Failure
from glassnet.bench.choice import Choice
from glassnet.bench.results import Series
from glassnet.bench.work import process
from glassnet.data import DataUnavailable, sources


class Measured(NamedTuple):
    """As much of `Measure` as is asked for."""

    accuracy: float | None


def case(what: str) -> process.Case:
    return next(c for c in process.cases(Choice()) if c.facts["what"] == what)


# ---- processes


def test_a_process_is_timed_to_its_end_and_its_answer_kept() -> None:
    seconds, printed = process.finish(["-c", "import time; time.sleep(0.1); print('done')"], {})
    assert seconds > 0.1
    assert printed.split() == ["done"]


def test_a_process_that_ends_badly_is_a_failure_of_one_line() -> None:
    with pytest.raises(Failure) as failure:
        process.finish(["-c", "raise SystemExit('first\\nno such thing')"], {})
    assert str(failure.value) == "its process ended with exit code 1: no such thing"
    with pytest.raises(Failure, match=r"^its process ended with exit code 3$"):
        process.finish(["-c", "raise SystemExit(3)"], {})


def test_a_process_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "PATIENCE", 0.2)
    with pytest.raises(Failure, match=r"did not end in 0\.2 s and was stopped"):
        process.finish(["-c", "import time; time.sleep(60)"], {})


def test_compiled_modules_are_kept_as_they_are_for_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    found = process.environment(OMP_NUM_THREADS="2")
    assert "PYTHONDONTWRITEBYTECODE" not in found
    assert (found["OPENBLAS_CORETYPE"], found["OMP_NUM_THREADS"]) == ("Haswell", "2")


# ---- turns


def test_sides_take_turns_and_the_first_does_not_count() -> None:
    heard: list[tuple[str, int]] = []

    def one(side: str) -> Any:
        return lambda turn: heard.append((side, turn)) or 10.0 + turn

    with Bench(Choice()) as bench:
        ours, theirs = process.in_turns(bench, 2, {("a", None): one("a"), ("b", 2): one("b")})
    assert heard == [("a", -1), ("b", -1), ("a", 0), ("b", 0), ("a", 1), ("b", 1)]
    assert (ours.side, ours.threads, ours.values) == ("a", None, (10.0, 11.0))
    assert (theirs.side, theirs.threads, theirs.values) == ("b", 2, (10.0, 11.0))


def test_a_side_that_fails_is_out_and_the_others_go_on() -> None:
    said: list[str] = []

    def fails(turn: int) -> float:
        if turn == 0:
            raise Failure("no room left")
        return 1.0

    with Bench(Choice(), said.append) as bench:
        bad, good = process.in_turns(bench, 3, {("bad", 1): fails, ("good", 1): lambda turn: 2.0})
    assert (bad.failed, bad.values, bad.counts) == ("no room left", (), False)
    assert (good.failed, good.values) == (None, (2.0, 2.0, 2.0))
    assert said == ["bad: no room left"]


# ---- imports


@pytest.mark.parametrize("what", ["import", "first names"])
def test_an_import_is_measured_on_top_of_numpys(what: str) -> None:
    with Bench(Choice(turns=1, peers=("onnxruntime",))) as bench:
        result = process.measure(case(what), bench)
    ours, numpy = result.series
    assert (ours.side, numpy.side, result.facts["what"]) == ("glassnet", "numpy", what)
    assert len(ours.values) == len(numpy.values) == 1
    assert 0 < numpy.median < ours.median
    assert result.unit == "s"


def test_what_is_imported_is_said_as_one_types_it() -> None:
    assert [c.name for c in process.cases(Choice())] == [
        "import glassnet", "from glassnet import Network, Training", "98 % of MNIST, saved",
    ]  # fmt: skip


@pytest.mark.oracle
def test_peers_are_imported_too_and_take_longer() -> None:
    with Bench(Choice(turns=1, peers=("sklearn", "torch"))) as bench:
        series = {s.side: s for s in process.measure(case("import"), bench).series}
    assert set(series) == {"glassnet", "torch", "sklearn", "numpy"}
    assert series["torch"].median > series["glassnet"].median


# ---- from the command to the file


@pytest.fixture
def digits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """MNIST's files, too small to be it, found where the command would look."""
    folder = write_digits(tmp_path / "mnist", shape=(28, 28))
    monkeypatch.setattr(sources, "find", lambda *where, **how: sources.Found(folder, "found"))
    return folder


def test_the_command_trains_with_another_seed_in_each_turn(
    digits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[list[str]] = []
    monkeypatch.setattr(process, "finish", lambda arguments, env: told.append(arguments) or (1.5, ""))
    monkeypatch.setattr(process, "_with_accuracy", lambda mine, place, folder: mine)
    with Bench(Choice(turns=2, peers=("sklearn",))) as bench:
        (ours,) = process.measure(case("trained"), bench).series
    assert (ours.side, ours.values) == ("glassnet", (1.5, 1.5))
    assert [line[line.index("--seed") + 1] for line in told] == ["0", "0", "1"]
    assert len({line[line.index("--out") + 1] for line in told}) == 3
    for line in told:
        assert line[2:4] == ["train", "--no-pictures"]
        assert line[line.index("--data-dir") + 1] == str(digits)


def test_the_command_leaves_a_model_that_is_judged_afterwards(digits: Path) -> None:
    with Bench(Choice(turns=1, peers=("sklearn",))) as bench:
        (ours,) = process.measure(case("trained"), bench).series
    assert ours.failed is None
    (accuracy,) = ours.facts["accuracies"]
    assert 0 <= accuracy <= 1
    assert ours.counts == (accuracy >= process.ACCURACY)


@pytest.mark.parametrize(
    ("accuracies", "said"),
    [
        ([0.97, 0.98, 0.99], None),
        ([0.97, 0.9799, 0.99], "97.99 % of the test digits right, less than 98 %"),
        ([None, None, 0.99], "0 % of the test digits right, less than 98 %"),
    ],
)
def test_the_time_counts_if_the_middle_accuracy_is_reached(
    accuracies: list[float | None], said: str | None, digits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models: list[Path] = []
    monkeypatch.setattr(process.files, "load", lambda model: models.append(model) or len(models) - 1)
    monkeypatch.setattr(process, "evaluate", lambda number, test: Measured(accuracies[number]))
    series = process._with_accuracy(Series("glassnet", None, (1.0, 2.0, 3.0)), Path("runs"), digits)
    assert (series.other_work, series.values) == (said, (1.0, 2.0, 3.0))
    assert models == [Path("runs", str(turn), "model.npz") for turn in range(3)]
    assert series.counts == (said is None)


def test_without_mnist_it_is_said_and_nothing_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, *where: object, **how: object) -> None:
        raise DataUnavailable(f"{name} is not at hand")

    monkeypatch.setattr(sources, "find", missing)
    monkeypatch.setattr(process, "finish", None)
    with Bench(Choice()) as bench:
        (ours,) = process.measure(case("trained"), bench).series
    assert (ours.side, ours.failed) == ("glassnet", "mnist is not at hand")


def test_pytorchs_script_is_told_our_network_and_batches(digits: Path) -> None:
    quick = recipes.read("quick")
    assert quick["optimizer"] == "nesterov"  # the script's
    script, images, labels, sizes, batch, rate = process._script(digits)
    assert Path(script).is_file()
    assert Path(images).name.startswith("train-images")
    assert Path(labels).name.startswith("train-labels")
    assert sizes == "-".join(map(str, [784, *quick["hidden"], 10]))
    assert (int(batch), float(rate)) == (quick["batch_size"], quick["learning_rate"])


@pytest.mark.oracle
def test_pytorchs_script_reads_the_files_and_trains(digits: Path) -> None:
    seconds, printed = process.finish(process._script(digits), process.environment())
    assert seconds > 0
    assert printed == ""
