"""The memory of a run: counted exactly, and held against what it may be."""

import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from glassnet.bench import shared
from glassnet.bench.bench import Bench
from glassnet.bench.choice import Choice
from glassnet.bench.work import memory
from glassnet.data import Dataset
from glassnet.training import Training


def arrays(n: int = 400, inputs: int = 784) -> Dataset:
    images = np.random.default_rng(0).integers(0, 255, (n, inputs), np.uint8)
    return Dataset.from_arrays(images, np.arange(n) % 10)


def test_the_arrays_of_a_set_are_counted_once() -> None:
    data = arrays()
    labels = 400 * np.dtype(np.intp).itemsize
    empty = sum(part.rows.nbytes for part in (data.validation, data.test) if part.rows is not None)
    assert (memory.held(data), empty) == (400 * 784 + labels, 0)
    rows = 400 * np.dtype(np.intp).itemsize  # which example belongs to which part
    assert memory.held(data.split(0.1)) == memory.held(data) + rows


def test_sizes_are_those_of_the_set_the_network_and_one_batch() -> None:
    found = memory.train([784, 16, 10], 64, "adam", "mnist-sample")
    assert found["parameters"] == 4 * (784 * 16 + 16 + 16 * 10 + 10)
    assert found["activations"] == 64 * 4 * (784 + 16 + 16 + 10)  # ReLU's outputs are a layer's too
    assert found["allowed"] == found["data"] + 6 * found["parameters"] + 4 * found["activations"]
    assert 5000 * 784 < found["data"] < 5000 * (784 + 3 * 8)
    assert found["peak"] > found["data"] + 4 * found["parameters"]
    assert not tracemalloc.is_tracing()


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_a_run_of_a_wide_network_keeps_to_what_it_may_take(optimizer: str) -> None:
    sizes, batch, data = [784, 1024, 512, 10], 128, arrays()
    network = shared.network(sizes)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0] - network.parameters.vector.nbytes * 2  # made before
        run = Training(
            network, data, optimizer=optimizer, learning_rate=1e-4, batch_size=batch, epochs=3, threads=1
        )
        for _ in run:
            pass
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    activations = 4 * batch * (784 + 2 * 1024 + 2 * 512 + 10)
    assert peak <= 6 * network.parameters.vector.nbytes + 4 * activations
    assert peak >= 4 * network.parameters.vector.nbytes


def test_what_a_process_took_is_known_here_and_only_grows() -> None:
    first = memory.of_process()
    assert first is not None
    assert first > 10_000_000
    block = np.ones(first // 8 + 1_000_000)
    second = memory.of_process()
    assert second is not None
    assert second > block.nbytes
    assert second > first


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_without_proc_the_system_is_asked_or_it_is_not_known(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = pytest.importorskip("resource")

    def read_text(self: Path, **how: str) -> str:
        raise FileNotFoundError(self)

    monkeypatch.setattr(Path, "read_text", read_text)
    monkeypatch.setattr(sys, "platform", platform)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    expected = {"linux": peak * 1024, "darwin": peak, "win32": None}[platform]
    assert memory.of_process() == expected


def test_cases_grow_with_batch_and_width() -> None:
    facts = [case.facts for case in memory.cases(Choice())]
    assert {(tuple(f["network"]), f["batch"]) for f in facts} == set(memory.SIZES)
    assert {f["optimizer"] for f in facts} == {"sgd", "adam"}
    assert [f.get("what") for f in facts][-2:] == [None, "process"]
    short = memory.cases(Choice(short=True))
    assert [case.name for case in short] == [
        "784-128-10, 128, sgd", "784-128-10, 128, adam", "process, 784-128-10, 128, adam",
    ]  # fmt: skip
    chosen = memory.cases(Choice(networks=((784, 64, 10),), batches=(16, 32), optimizers=("momentum",)))
    assert [case.name for case in chosen][:2] == ["784-64-10, 16, momentum", "784-64-10, 32, momentum"]


def test_a_run_is_measured_in_a_process_of_its_own() -> None:
    choice = Choice(networks=((784, 16, 10),), batches=(32,), optimizers=("sgd",), data="mnist-sample")
    case, _ = memory.cases(choice)
    with Bench(choice) as bench:
        result = memory.measure(case, bench)
    (ours,) = result.series
    assert (ours.side, ours.failed, result.unit) == ("glassnet", None, "bytes")
    assert ours.values == (float(result.facts["peak"]),)
    assert result.facts["data"] < ours.median < result.facts["data"] + 20_000_000
    assert result.facts["network"] == [784, 16, 10]


def test_a_process_that_fails_is_said_in_a_line() -> None:
    choice = Choice(networks=((28, 16, 10),), batches=(32,), optimizers=("sgd",), data="mnist-sample")
    case, _ = memory.cases(choice)
    with Bench(choice) as bench:
        (ours,) = memory.measure(case, bench).series
    assert ours.failed is not None
    assert ours.failed.startswith("its process ended with exit code 1: ValueError:")
    assert "\n" not in ours.failed


@pytest.mark.oracle
def test_whole_processes_stand_beside_each_other() -> None:
    choice = Choice(
        networks=((784, 16, 10),),
        batches=(32,),
        optimizers=("sgd",),
        data="mnist-sample",
        peers=("sklearn", "torch"),
    )
    with Bench(choice) as bench:
        result = memory.measure(memory.cases(choice)[-1], bench)
    assert {s.side: s.failed for s in result.series} == {"glassnet": None, "torch": None, "sklearn": None}
    assert "allowed" not in result.facts
    assert result.best("glassnet").median < result.best("torch").median  # type: ignore[union-attr]
