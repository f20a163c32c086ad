"""Which pieces of work are chosen, and what the sides share."""

from itertools import islice

import numpy as np
import pytest

from glassnet.bench import run as module
from glassnet.bench import shared
from glassnet.bench.choice import Choice
from glassnet.bench.sides import products
from glassnet.bench.work import WORKS, epoch, inference, optimizer, step


def test_without_a_choice_every_step_is_measured() -> None:
    cases = step.cases(Choice())
    assert len(cases) == 5 * 3 * 3
    assert len({case.name for case in cases}) == len(cases)
    assert cases[0].facts == {"network": [784, 10, 10], "batch": 32, "optimizer": "sgd"}


def test_what_is_chosen_is_measured_and_nothing_else() -> None:
    choice = Choice(networks=((784, 20, 10),), batches=(7,), optimizers=("adam",), short=True)
    assert [case.name for case in step.cases(choice)] == ["784-20-10, 7, adam"]
    assert [case.name for case in epoch.cases(choice)] == ["784-20-10, 7, adam"]
    assert [case.name for case in inference.cases(choice)] == ["784-20-10, 1"]
    assert [case.name for case in optimizer.cases(choice)] == ["adam, 0.016 million"]


def test_short_is_much_less() -> None:
    long, short = (sum(len(work.cases(Choice(short=s))) for work in WORKS) for s in (False, True))
    assert short * 4 < long


def test_a_short_benchmark_of_epochs_has_one() -> None:
    assert epoch.cases(Choice(short=True)) == []
    assert [case.name for case in epoch.cases(Choice(works=("epoch",), short=True))] == [
        "784-128-10, 32, sgd"
    ]


def test_optimizers_are_measured_at_a_tenth_one_and_seven_million() -> None:
    sizes = [optimizer.parameters(network) / 1e6 for network in optimizer.NETWORKS]
    assert sizes == pytest.approx([0.1, 1, 7], rel=0.05)


def test_names_and_abouts_of_works_are_unlike() -> None:
    assert len({work.NAME for work in WORKS}) == len({work.ABOUT for work in WORKS}) == len(WORKS)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (Choice(works=("stepp",)), "unknown work 'stepp'; did you mean 'step'"),
        (Choice(peers=("pytorch",)), "unknown peer 'pytorch'; did you mean 'torch'"),
        (Choice(optimizers=("sdg",)), "unknown optimizer 'sdg'; did you mean 'sgd'"),
        (Choice(networks=((10, 5),)), "--only: expected networks of 784 inputs and 10 outputs .* got 10-5"),
        (Choice(batches=(4001,)), "--batch: expected at most the 4,000 of mnist-sample, got 4001"),
        (Choice(data="moons"), "784-10-10"),
        (Choice(data="waves"), "unknown data set"),
    ],
)
def test_what_cannot_be_measured_is_said_before_anything_starts(choice: Choice, message: str) -> None:
    changed = choice if choice.data else Choice(**{**vars(choice), "data": "mnist-sample"})
    with pytest.raises(ValueError, match=message):
        module.run(changed)


# ---- what the sides share


def test_the_batches_are_those_of_training_and_the_last_is_short() -> None:
    what = shared.Training((784, 10), 96, "sgd", "mnist-sample")
    assert (what.examples, what.steps) == (4000, 42)
    taken = list(islice(what.batches(), 43))
    assert [len(rows) for rows in taken[40:]] == [96, 64, 96]
    order = np.random.default_rng([0, 0, 0]).permutation(4000)
    np.testing.assert_array_equal(np.concatenate(taken[:42]), order)


def test_steps_are_measured_in_whole_batches() -> None:
    what = shared.Training((784, 10), 96, "sgd", "mnist-sample", cut=96)
    assert what.examples == 41 * 96
    assert {len(rows) for rows in islice(what.batches(), 50)} == {96}
    x, y = what.scaled()
    assert x.shape == (41 * 96, 784)
    assert x.dtype == np.float32
    assert 0 <= x.min() < x.max() <= 1
    np.testing.assert_array_equal(y, what.own().train.labels)


def test_the_products_of_a_step_leave_out_the_first_input_gradient() -> None:
    assert products.step_products((784, 128, 10), 32) == [
        (32, 784, 128), (784, 32, 128), (32, 128, 10), (128, 32, 10), (32, 10, 128),
    ]  # fmt: skip


@pytest.mark.parametrize("shape", [(3, 4, 5), (1, 1, 1), (32, 10, 7)])
def test_a_product_in_its_best_layout_is_that_product(shape: tuple[int, int, int]) -> None:
    m, k, n = shape
    a, b, out = products.best_layout(shape, seconds=0.001)
    np.matmul(a, b, out=out)
    assert (a.shape, b.shape, out.shape) == ((m, k), (k, n), (m, n))
    np.testing.assert_allclose(out, a.astype(np.float64) @ b, rtol=1e-4, atol=1e-5)


def test_without_mnist_the_sample_is_measured_on(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("GLASSNET_DATA", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert shared.data_name(None) == "mnist-sample"
    assert shared.data_name("mnist") == "mnist"
