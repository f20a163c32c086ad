"""Every side does what glassnet does: the same losses of the same steps, classes of the same images."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from glassnet.bench.bench import installed
from glassnet.bench.child import Child
from glassnet.bench.sides import SIDES

pytestmark = pytest.mark.oracle
STEPS = 50  # of an epoch's 42: over its end, with its short batch

TRAINED = ("torch", "jax", "jax-scan", "sklearn", pytest.param("torch-compile", marks=pytest.mark.slow))
PREDICTED = ("torch", "jax", "sklearn", "onnxruntime", pytest.param("torch-compile", marks=pytest.mark.slow))
OPTIMIZED = ("torch-foreach", "torch-fused", "jax")


class Company:
    """Processes of several sides with one thread each, started when they are first asked."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack
        self.children: dict[str, Child] = {}

    def losses(self, side: str, spec: dict[str, Any], turns: list[int]) -> list[float]:
        if side not in self.children:
            self.children[side] = Child(side, 1)
            self.stack.callback(self.children[side].close)
        child = self.children[side]
        child.ask(prepare=spec)
        return [child.ask(turn=n)["loss"] for n in turns]


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    with ExitStack() as stack:
        yield Company(stack)


def there(side: str) -> None:
    if side == "torch-compile" and not any(map(shutil.which, ("g++", "clang++", "cl"))):
        pytest.skip("no C++ compiler, which torch.compile needs")
    for package in SIDES[side].packages:
        if not installed(package):
            pytest.skip(f"{package} is not installed")


@pytest.mark.parametrize("side", TRAINED)
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_losses_of_steps_are_the_same(company: Company, side: str, optimizer: str) -> None:
    there(side)
    spec = {"kind": "train", "network": [784, 16, 12, 10], "batch": 96, "optimizer": optimizer}
    spec["data"] = "mnist-sample"
    turns = [5, STEPS - 5] if side != "sklearn" else [5, 37, 8]  # whose batches are cut from each turn's rows
    ours = company.losses("glassnet", spec, turns)
    theirs = company.losses(side, spec, turns)
    assert theirs == pytest.approx(ours, rel=1e-4)
    assert ours[-1] < 0.95 * ours[0]


@pytest.mark.parametrize("side", PREDICTED)
@pytest.mark.parametrize("images", [1, 300])
def test_classes_are_the_same(company: Company, side: str, images: int) -> None:
    there(side)
    spec = {"kind": "predict", "network": [784, 20, 10], "images": images, "data": "mnist-sample"}
    turns = [40] if images == 1 else [1]
    assert company.losses(side, spec, turns) == pytest.approx(company.losses("glassnet", spec, turns))


@pytest.mark.parametrize("side", OPTIMIZED)
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_updates_are_the_same(company: Company, side: str, optimizer: str) -> None:
    there(side)
    spec = {"kind": "optimize", "network": [784, 20, 10], "optimizer": optimizer}
    ours, theirs = (company.losses(each, spec, [3, 30]) for each in ("glassnet", side))
    assert theirs == pytest.approx(ours, rel=1e-5)
    assert ours[0] != ours[1]


@pytest.mark.parametrize("side", ["glassnet", "torch", "jax", "sklearn", "onnxruntime"])
def test_a_kind_that_a_side_does_not_do_is_said(company: Company, side: str) -> None:
    there(side)
    with pytest.raises(Exception, match="kind: expected"):
        company.losses(side, {"kind": "dance"}, [])
