"""A data set and its parts: nothing lost, nothing twice, nothing copied, and no nonsense let in."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.data import Dataset, Split
from glassnet.nn import Scaling

RNG = np.random.default_rng(0)


def of_classes(counts: list[int]) -> Dataset:
    """A set whose only input is the example's number."""
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(len(counts)), counts))
    return Dataset.from_arrays(np.arange(len(labels))[:, None], labels, classes="abcdefghij"[: len(counts)])


def numbers(part: Any) -> list[int]:
    return part.images[:, 0].tolist()


@given(
    counts=st.lists(st.integers(4, 40), min_size=2, max_size=10),
    share=st.floats(0.1, 0.5),
    seed=st.integers(0, 99),
)
def test_a_split_is_complete_disjoint_and_stratified(counts: list[int], share: float, seed: int) -> None:
    whole = of_classes(counts)
    parts = whole.split(share, seed)
    assert sorted(numbers(parts.train) + numbers(parts.validation)) == list(range(sum(counts)))
    assert abs(len(parts.validation) - share * sum(counts)) <= 0.5 + 1e-9
    held = np.bincount(parts.validation.labels, minlength=len(counts))
    assert np.all(np.abs(held - share * np.array(counts)) <= 1 + 1e-9)
    for part in (parts.train, parts.validation):
        assert np.array_equal(part.labels, whole.train.labels[numbers(part)])


def test_whole_shares_are_exact() -> None:
    parts = of_classes([100] * 10).split(0.1)
    assert np.bincount(parts.validation.labels).tolist() == [10] * 10
    assert np.bincount(parts.train.labels).tolist() == [90] * 10


def test_the_seed_decides() -> None:
    whole = of_classes([30, 30])
    assert numbers(whole.split(0.2, 1).validation) == numbers(whole.split(0.2, 1).validation)
    assert numbers(whole.split(0.2, 1).validation) != numbers(whole.split(0.2, 2).validation)


def test_parts_share_the_arrays_of_the_set() -> None:
    inputs, labels = RNG.normal(size=(40, 3)), np.arange(40) % 4
    parts = Dataset.from_arrays(inputs, labels).split(0.25)
    for part in (parts.train, parts.validation):
        assert np.shares_memory(part.inputs, inputs)
    assert parts.train.targets is parts.validation.targets


def test_no_validation_and_half_of_all() -> None:
    whole = of_classes([20, 20])
    none, half = whole.split(0), whole.split(0.5)
    assert (len(none.train), len(none.validation)) == (40, 0)
    assert (len(half.train), len(half.validation)) == (20, 20)
    assert len(half.split(0).validation) == 0


def test_splitting_again_starts_from_the_whole() -> None:
    whole = of_classes([20, 20])
    again = whole.split(0.5, 1).split(0.2, 2)
    assert numbers(again.validation) == numbers(whole.split(0.2, 2).validation)
    assert numbers(again.train) == numbers(whole.split(0.2, 2).train)
    assert len(again.split(0).train) == 40


@pytest.mark.parametrize("share", [-0.1, 0.51, 1, np.nan, np.inf])
def test_other_shares_are_refused(share: float) -> None:
    with pytest.raises(ValueError, match=r"validation: expected a share of 0 to 0.5, got"):
        of_classes([20, 20]).split(share)


def test_a_share_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match=r"leaves examples on both sides, got 0.01 of 40 examples"):
        of_classes([20, 20]).split(0.01)


def test_a_class_without_examples_is_no_trouble() -> None:
    parts = Dataset.from_arrays(np.arange(20)[:, None], np.repeat([0, 2], 10), classes="abc").split(0.2)
    assert np.bincount(parts.validation.labels, minlength=3).tolist() == [2, 0, 2]


def test_values_are_split_without_strata() -> None:
    inputs = np.arange(50)[:, None]
    parts = Dataset.from_arrays(inputs, RNG.normal(size=(50, 2))).split(0.3, seed=4)
    assert parts.classes is None
    assert len(parts.validation) == 15
    assert sorted(numbers(parts.train) + numbers(parts.validation)) == list(range(50))
    assert parts.validation.labels.shape == (15, 2)


def test_whole_numbers_are_classes_and_get_names() -> None:
    inputs = np.zeros((4, 2))
    assert Dataset.from_arrays(inputs, [0, 2, 1, 0]).classes == ("0", "1", "2")
    assert Dataset.from_arrays(inputs, [0, 0, 0, 0]).classes == ("0", "1")  # a lone class is a yes-or-no too
    assert Dataset.from_arrays(inputs, [True, False, True, True]).classes == ("0", "1")
    assert Dataset.from_arrays(inputs, np.array([0, 1, 2, 1], np.uint8)).train.labels.dtype == np.intp
    assert Dataset.from_arrays(inputs, [0, 1, 1, 0], classes=["cat", "dog"]).classes == ("cat", "dog")
    assert Dataset.from_arrays(inputs, [0.0, 1.0, 1.0, 0.0]).classes is None
    assert Dataset.from_arrays(inputs, [0, 1, 1, 0], (inputs[:1], [4])).classes == tuple("01234")


def test_the_test_part_is_apart() -> None:
    x, y = RNG.normal(size=(20, 3)), np.arange(20) % 2
    digits = Dataset.from_arrays(x, y, (x[:5] + 1, y[:5]), scaling=Scaling(scale=0.5)).split(0.1)
    assert np.array_equal(digits.test.images, x[:5] + 1)
    assert not np.shares_memory(digits.test.inputs, x)
    assert digits.scaling == Scaling(scale=0.5)
    assert len(Dataset.from_arrays(x, y).test) == 0


def test_it_describes_itself_in_one_line() -> None:
    images = np.zeros((1200, 28, 28), np.uint8)
    digits = Dataset.from_arrays(images, np.arange(1200) % 3, (images[:7], np.arange(7) % 3)).split(0.25)
    assert digits.describe() == "900 to train, 300 to validate, 7 to test; 28 × 28, 3 classes"
    assert digits.shape == (28, 28)
    assert Dataset.from_arrays(images, np.zeros(1200)).describe() == "1,200 to train; 28 × 28"


X, Y = np.zeros((4, 2)), np.array([0, 1, 2, 0])


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((np.zeros((0, 2)), []), {}, r"at least one, got inputs \(0, 2\) and targets \(0,\)"),
        ((X, Y[:3]), {}, r"as many targets as inputs, at least one, got inputs \(4, 2\) and targets \(3,\)"),
        ((X, 5), {}, r"as many targets as inputs, at least one, got inputs \(4, 2\) and targets \(\)"),
        ((np.zeros(4), Y), {}, r"inputs \(N, …\), one row an example, got shape \(4,\)"),
        ((5.0, Y), {}, r"inputs \(N, …\), one row an example, got shape \(\)"),
        ((X + np.nan, Y), {}, "finite inputs, got NaN or infinity"),
        ((X, Y + np.inf), {}, "finite targets, got NaN or infinity"),
        (([["a", "b"]] * 4, Y), {}, "inputs that are numbers, got an array of <U1"),
        ((X, list("abca")), {}, "targets that are numbers, got an array of <U1"),
        ((X.astype(complex), Y), {}, "inputs that are numbers, got an array of complex128"),
        ((X.astype(object), Y), {}, "inputs that are numbers, got an array of object"),
        ((X, Y - 1), {}, "classes 0 to …, got -1 to 1"),
        ((X, Y), {"classes": "ab"}, "classes 0 to 1, got 0 to 2"),
        ((X, Y.astype(float)), {"classes": "abc"}, r"class numbers \(N,\), got float64 \(4,\)"),
        ((X, np.eye(3)[Y] / 2), {"classes": "abc"}, r"class numbers \(N,\), got float64 \(4, 3\)"),
        ((X, Y, (np.zeros((2, 3)), Y[:2])), {}, r"test examples of shape \(2,\), got \(3,\)"),
        ((X, Y, (X[:2], Y[:3])), {}, "arrays, test part: expected as many targets"),
        ((X, Y, (X, Y + 0.5)), {}, r"expected classes as test targets, as in training, got values \(N\)"),
        ((X, X, (X, X[:, :1])), {}, r"expected values \(N, 2\) as test targets, .* got values \(N, 1\)"),
    ],
)
def test_arrays_that_make_no_set_are_refused(arguments: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        Dataset.from_arrays(*arguments, **options)
    assert "\n" not in str(caught.value)


def test_inputs_lie_in_one_piece() -> None:
    table = np.arange(60.0).reshape(12, 5)
    for view in (table[:, 1:], table.T[:4].T, table[::2]):
        inputs = Dataset.from_arrays(view, np.arange(len(view)) % 2).train.inputs
        assert inputs.flags.c_contiguous
        assert (inputs == view).all()
        assert Split(view, view).inputs.flags.c_contiguous
    parts = Dataset.from_arrays(table[:, 1:], np.arange(12) % 2).split(0.25)
    assert parts.train.inputs is parts.validation.inputs  # copied once
    for whole in (table, table[3:9]):
        assert Split(whole, whole).inputs is whole
        assert Dataset.from_arrays(whole, np.arange(len(whole)) % 2).train.inputs is whole


SMALL = Dataset.from_arrays(np.zeros((10, 2)), np.arange(10) % 2, classes=["no", "yes"], name="small")


def test_a_test_part_is_set_aside_before_validation() -> None:
    data = (
        Dataset.from_arrays(np.arange(40.0).reshape(40, 1), np.arange(40) % 4)
        .set_aside(0.2, 1)
        .split(0.25, 1)
    )
    parts = [set(part.images.ravel()) for part in (data.train, data.validation, data.test)]
    assert [len(part) for part in parts] == [24, 8, 8]
    assert set.union(*parts) == set(range(40))
    assert np.bincount(data.test.labels).tolist() == [2, 2, 2, 2]
    again = data.split(0.25, 2)
    assert set(again.test.images.ravel()) == parts[2]
    assert data.set_aside(0.5, 3) is data
    with pytest.raises(ValueError, match=r"test: expected a share of 0 to 0.5, got 0.6"):
        SMALL.set_aside(0.6)


def test_a_set_is_judged_on_what_it_was_not_trained_on_if_there_is_such_a_part() -> None:
    assert SMALL.judged == ("training", SMALL.train)
    split = SMALL.split(0.2)
    assert split.judged == ("validation", split.validation)
    held = SMALL.set_aside(0.2).split(0.25)
    assert held.judged == ("test", held.test)


def test_labels_are_numbered_as_a_model_numbers_them() -> None:
    data = SMALL.split(0.2).with_classes(["maybe", "yes", "no"])
    assert data.classes == ("maybe", "yes", "no")
    assert set(data.train.labels) == {1, 2}
    assert (data.train.labels == np.array([2, 1])[SMALL.split(0.2).train.labels]).all()
    assert SMALL.with_classes(["no", "yes"]) is SMALL
    with pytest.raises(ValueError, match="small: expected classes among the model's a, yes, got no"):
        SMALL.with_classes(["a", "yes"])
    unused = Dataset.from_arrays(np.zeros((4, 2)), np.arange(4) % 2, classes=["no", "yes", "never"])
    assert unused.with_classes(["yes", "no"]).classes == ("yes", "no")
    values = Dataset.from_arrays(np.zeros((3, 1)), np.array([0.5, 1.5, 2.5]), name="numbers")
    with pytest.raises(ValueError, match="numbers: expected classes no, yes, got values"):
        values.with_classes(["no", "yes"])
