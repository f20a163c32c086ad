"""What was asked, judged from planted results."""

import pytest

from bench.planted import report, result
from glassnet.bench.targets import Target, targets

SMALL, WIDE = (784, 128, 10), (784, 1024, 1024, 10)


def judged(*results: object) -> dict[str, Target]:
    return {t.name: t for t in targets(report(*results))}  # type: ignore[arg-type]


def test_nothing_measured_nothing_judged() -> None:
    assert targets(report()) == []


@pytest.mark.parametrize(
    ("ours", "verdict"),
    [(0.5, "stretch"), (0.55, "met"), (0.6, "met"), (0.61, "missed")],
)
def test_a_step_against_pytorch(ours: float, verdict: str) -> None:
    line = judged(result("step", SMALL, 32, "sgd", glassnet=ours, torch=1.0))[
        "SGD to 512 wide, batch 32, 128 / PyTorch"
    ]
    assert line.got == pytest.approx(ours)
    assert (line.verdict, line.of, line.must, line.stretch) == (verdict, 1, 0.6, 0.5)


def test_pytorch_is_the_faster_of_eager_and_compiled_and_the_worst_case_counts() -> None:
    lines = judged(
        result("step", SMALL, 32, "sgd", glassnet=1.0, torch=4.0, **{"torch-compile": 5.0}),
        result("step", SMALL, 128, "sgd", glassnet=1.0, torch=4.0, **{"torch-compile": 2.0}),
        result("step", SMALL, 512, "sgd", glassnet=1.0, torch=0.1),  # another batch size
        result("step", WIDE, 32, "sgd", glassnet=1.0, torch=0.1),  # wider
        result("step", SMALL, 32, "adam", glassnet=1.0, torch=0.1),
    )
    line = lines["SGD to 512 wide, batch 32, 128 / PyTorch"]
    assert (line.got, line.of) == (0.5, 2)
    assert lines["SGD, Adam, 1024 wide / PyTorch"].verdict == ""  # nothing has to be met there
    assert lines["SGD, Adam, 1024 wide / PyTorch"].got == pytest.approx(10.0)


def test_jax_by_mean_and_worst() -> None:
    lines = judged(
        result("step", SMALL, 32, "sgd", glassnet=1.0, jax=2.0),
        result("step", SMALL, 128, "sgd", glassnet=1.0, jax=0.8),
    )
    mean, worst = (lines[f"SGD / JAX a step a call, {how}"] for how in ("geometric mean", "worst"))
    assert mean.got == pytest.approx((0.5 * 1.25) ** 0.5)
    assert (mean.verdict, worst.verdict) == ("stretch", "missed")


def test_the_share_of_the_limit_is_better_when_it_is_more() -> None:
    line = judged(result("step", (784, 512, 512, 10), 128, "sgd", glassnet=1.0, products=0.85))[
        "share of sgemm, 784-512-512-10, 128, SGD"
    ]
    assert (line.got, line.verdict) == (0.85, "met")


def test_a_side_that_failed_or_did_other_work_is_not_judged() -> None:
    spoilt = result("step", SMALL, 32, "sgd", glassnet=1.0, torch=9.0, spoilt=("torch",))
    assert judged(spoilt) == {}


def test_predictions_processes_and_memory() -> None:
    lines = judged(
        result("inference", SMALL, images=1, glassnet=1.0, torch=4.0, onnxruntime=0.5),
        result("inference", SMALL, images=10_000, glassnet=9.0, torch=1.0, onnxruntime=1.0),
        result("process", what="import", glassnet=0.110, numpy=0.1),
        result("process", what="trained", glassnet=1.2, torch=1.0),
        result("memory", SMALL, allowed=100.0, unit="bytes", glassnet=104.0),
        result("memory", SMALL, unit="bytes", glassnet=900.0),  # what nothing is asked of
    )
    found = {name: (round(line.got, 4), line.verdict) for name, line in lines.items()}
    assert found == {
        "one-sample prediction / PyTorch": (0.25, "stretch"),
        "one-sample prediction / ONNX Runtime": (2.0, "missed"),
        "98 % saved / PyTorch's import and an epoch": (1.2, "met"),
        "import glassnet beyond NumPy": (0.01, "met"),
        "peak memory / what it may be": (1.04, "missed"),
    }


def test_epochs_against_a_scan() -> None:
    lines = judged(result("epoch", SMALL, 128, "sgd", glassnet=1.0, **{"jax-scan": 0.8}))
    assert lines["epoch / JAX in one scan, worst"].got == pytest.approx(1.25)
    assert lines["epoch / JAX in one scan, worst"].verdict == ""
