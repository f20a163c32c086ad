"""Losses: the numbers they give, the targets they take, their stability, pairing with a final layer."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from glassnet.nn import (
    BinaryCrossEntropy,
    CrossEntropy,
    Dense,
    Layer,
    MeanSquaredError,
    Network,
    ReLU,
    Sigmoid,
    Softmax,
    losses,
)
from glassnet.nn.losses import Loss, one_hot
from nn.table import randomized, refused

FLOATS = pytest.mark.parametrize("dtype", ["float32", "float64"])
HUGE = np.array([[1e4, -1e4, 0], [-1e4, -1e4, -1e4], [1e4, 1e4, 1e4], [0, 1e4, 1e-4]])
EVERY = [
    CrossEntropy(), CrossEntropy(0.1), CrossEntropy(class_weights=[1, 2, 0.5]), CrossEntropy(0.1, [1, 0, 2]),
    BinaryCrossEntropy(), MeanSquaredError(),
]  # fmt: skip
every_loss = pytest.mark.parametrize("loss", EVERY, ids=repr)


def both(
    loss: Loss, z: np.ndarray, targets: np.ndarray, divisor: float | None = None
) -> tuple[float, np.ndarray]:
    dz = np.full_like(z, np.nan)
    return loss(z, targets, dz, divisor), dz


def some(n: int = 6, seed: int = 0, dtype: str = "float64") -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    return generator.normal(scale=3, size=(n, 3)).astype(dtype), generator.integers(0, 3, n)


# ---- the numbers


def test_cross_entropy_by_hand() -> None:
    z = np.log(np.array([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]])) + np.array([[3], [-7]])
    loss, dz = both(CrossEntropy(), z, np.array([0, 2]))
    assert loss == pytest.approx(-(math.log(0.5) + math.log(0.7)) / 2)
    np.testing.assert_allclose(dz, [[-0.25, 0.125, 0.125], [0.05, 0.1, -0.15]])


def test_label_smoothing_by_hand() -> None:
    p = np.array([[0.5, 0.25, 0.25]])
    q = np.array([[0.8 + 0.2 / 3, 0.2 / 3, 0.2 / 3]])
    loss, dz = both(CrossEntropy(label_smoothing=0.2), np.log(p), np.array([0]))
    assert loss == pytest.approx(-(q * np.log(p)).sum())
    np.testing.assert_allclose(dz, p - q)


def test_class_weights_divide_by_the_weights_of_the_examples() -> None:
    z = np.log(np.array([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]]))
    loss = CrossEntropy(class_weights=[1, 5, 3])(z, np.array([0, 2]))
    assert loss == pytest.approx(-(1 * math.log(0.5) + 3 * math.log(0.7)) / (1 + 3))


def test_a_batch_of_classes_without_weight_has_no_loss() -> None:
    loss, dz = both(CrossEntropy(class_weights=[0, 1, 1]), *some()[:1], np.zeros(6, int))
    assert loss == 0
    np.testing.assert_array_equal(dz, 0)


def test_binary_cross_entropy_by_hand() -> None:
    z = np.array([[math.log(3), 0.0]])  # σ = 0.75 and 0.5
    loss, dz = both(BinaryCrossEntropy(), z, np.array([[1.0, 0.25]]))
    assert loss == pytest.approx((-math.log(0.75) - math.log(0.5)) / 2)
    np.testing.assert_allclose(dz, [[-0.125, 0.125]])


def test_mean_squared_error_by_hand() -> None:
    loss, dz = both(
        MeanSquaredError(), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [0.0, 5.0]])
    )
    assert loss == (0 + 4 + 9 + 1) / 4
    np.testing.assert_array_equal(dz, [[0, 1], [1.5, -0.5]])


@FLOATS
@every_loss
def test_a_perfect_answer_is_a_minimum(loss: Loss, dtype: str) -> None:
    """Losses are never below zero, and the gradient points away from the targets."""
    z, labels = some(dtype=dtype)
    targets = loss.encode(labels, 3, dtype)
    before, dz = both(loss, z, targets)
    assert dz.dtype == before.dtype == np.dtype(dtype)
    assert before > loss(z - 0.01 * dz, targets) > 0


@FLOATS
@pytest.mark.parametrize("options", [(), (0.1,), (0.0, [1, 2, 3]), (0.1, [1, 2, 3])])
def test_class_numbers_and_one_hot_rows_are_the_same(options: tuple, dtype: str) -> None:
    loss = CrossEntropy(*options)
    z, labels = some(dtype=dtype)
    one, one_dz = both(loss, z, labels)
    other, other_dz = both(loss, z, one_hot(labels, 3, dtype))
    tolerance = 1e-6 if dtype == "float32" else 1e-14
    assert one == pytest.approx(other, rel=tolerance)
    np.testing.assert_allclose(one_dz, other_dz, rtol=0, atol=tolerance)


@every_loss
def test_the_shards_of_a_batch_add_up_to_it(loss: Loss) -> None:
    z, labels = some(6)
    targets = loss.encode(labels, 3, "float64")
    whole, whole_dz = both(loss, z, targets)
    weights = getattr(loss, "class_weights", None)
    divisor = 6 if weights is None else np.take(weights, labels).sum()
    shards = [both(loss, z[part], targets[part], divisor) for part in (slice(0, 2), slice(2, 6))]
    assert sum(shard for shard, _ in shards) == pytest.approx(whole)
    np.testing.assert_allclose(np.concatenate([dz for _, dz in shards]), whole_dz, rtol=1e-12)


@every_loss
def test_a_batch_without_examples_has_no_mean_but_a_shard_may_be_empty(loss: Loss) -> None:
    z, labels = some(0)
    targets = loss.encode(labels, 3, "float64")
    said = rf"{loss.name}: expected outputs \(N, K\) of at least one example, got \(0, 3\)"
    for dz in (None, np.empty_like(z)):
        with pytest.raises(ValueError, match=said):
            loss(z, targets, dz)
    assert loss(z, targets, np.empty_like(z), 6) == 0


@every_loss
def test_logits_and_targets_are_only_read(loss: Loss) -> None:
    z, labels = some()
    for targets in (loss.encode(labels, 3, "float64"), one_hot(labels, 3, "float64")):
        z.flags.writeable = targets.flags.writeable = False  # whoever writes to them gets an error
        before = z.copy(), targets.copy()
        both(loss, z, targets)
        loss(z, targets)
        loss.probabilities(z)
        loss.classify(z)
        assert z.tolist() == before[0].tolist()
        assert targets.tolist() == before[1].tolist()


# ---- stability (warnings are errors)


@FLOATS
@every_loss
@pytest.mark.parametrize("label", [0, 1, 2])
def test_huge_logits(loss: Loss, dtype: str, label: int) -> None:
    z = HUGE.astype(dtype)
    labels = np.full(len(z), label)
    for targets in (loss.encode(labels, 3, dtype), one_hot(labels, 3, dtype)):
        value, dz = both(loss, z, targets)
        assert np.isfinite(value)
        assert np.isfinite(dz).all()
    rows = loss.probabilities(z)
    assert np.isfinite(rows).all()
    np.testing.assert_allclose(rows.sum(axis=1), 1, rtol=1e-6)


def test_a_hopeless_answer_costs_its_distance() -> None:
    z = np.array([[1e4, -1e4]], "float32")
    assert CrossEntropy()(z, np.array([1])) == 2e4
    assert CrossEntropy()(z, np.array([0])) == 0
    assert BinaryCrossEntropy()(z, np.array([[0, 1]], "float32")) == 1e4
    assert BinaryCrossEntropy()(z, np.array([[1, 0]], "float32")) == 0


def test_the_last_bit_of_confidence_still_counts() -> None:
    assert BinaryCrossEntropy()(np.array([[40.0]]), np.array([[1.0]])) == pytest.approx(math.exp(-40), abs=0)


@pytest.mark.parametrize("options", [{}, {"label_smoothing": 0.1}, {"class_weights": [1, 2, 3]}])
def test_adding_a_constant_to_the_logits_changes_nothing(options: dict) -> None:
    """In float32, where a sum over 512 logits of 4096 would drown the loss."""
    z = np.random.default_rng(0).integers(-32, 33, (512, 3)) / 8
    labels = np.arange(512) % 3
    loss = CrossEntropy(**options)
    exact = loss(z, labels)
    assert loss((z + 4096).astype("float32"), labels) == pytest.approx(exact, rel=1e-5)


LOGITS = hnp.arrays("float32", (4, 3), elements=st.floats(-(2.0**100), 2.0**100, width=32))


@every_loss
@given(z=LOGITS)
def test_any_finite_logits_give_a_distribution_that_agrees_with_the_class(loss: Loss, z: np.ndarray) -> None:
    rows, classes = loss.probabilities(z), loss.classify(z)
    assert rows.dtype == z.dtype
    assert (rows >= 0).all()
    np.testing.assert_allclose(rows.sum(axis=1), 1, rtol=1e-5)
    assert (rows[range(4), classes] == rows.max(axis=1)).all()


# ---- targets and answers


def test_encode_keeps_class_numbers_or_makes_rows() -> None:
    labels = np.array([2, 0], np.uint8)
    np.testing.assert_array_equal(CrossEntropy().encode(labels, 3, "float32"), [2, 0])
    for loss in (BinaryCrossEntropy(), MeanSquaredError()):
        rows = loss.encode(labels, 3, "float32")
        assert rows.dtype == np.float32
        np.testing.assert_array_equal(rows, [[0, 0, 1], [1, 0, 0]])
        np.testing.assert_array_equal(loss.encode(np.array([1, 0]), 1, "float32"), [[1], [0]])
    np.testing.assert_array_equal(MeanSquaredError().encode(np.array([1.5, -3]), 1, "float64"), [[1.5], [-3]])
    np.testing.assert_array_equal(CrossEntropy().encode(np.array([1.0, 0.0]), 2, "float32"), [1, 0])


@every_loss
def test_encode_takes_rows_as_they_are(loss: Loss) -> None:
    rows = np.random.default_rng(0).dirichlet([1, 1, 1], 4)
    encoded = loss.encode(rows, 3, "float32")
    assert encoded.dtype == np.float32
    np.testing.assert_array_equal(encoded, rows.astype("float32"))


@pytest.mark.parametrize(
    ("loss", "labels", "outputs", "message"),
    [
        ("cross_entropy", [0, 3], 3, "labels: expected classes 0 to 2, got 0 to 3"),
        ("cross_entropy", [-1, 2], 3, "labels: expected classes 0 to 2, got -1 to 2"),
        ("cross_entropy", [0.5, 1], 3, "labels: expected whole numbers, got fractions"),
        ("cross_entropy", [math.nan, 1], 3, "labels: expected classes 0 to 2"),
        ("cross_entropy", [0, 1], 1, "cross_entropy: expected one output for each class, got 1 output"),
        ("cross_entropy", [[1, 0]], 3, "cross_entropy: expected targets (N, 3), got (1, 2)"),
        ("binary_cross_entropy", [0, 2], 1, "labels: expected classes 0 to 1, got 0 to 2"),
        ("binary_cross_entropy", [0, 2], 2, "labels: expected classes 0 to 1, got 0 to 2"),
        ("binary_cross_entropy", [0.5, 1], 1, "labels: expected whole numbers, got fractions"),
        ("mse", [[1, 0]], 3, "mse: expected targets (N, 3), got (1, 2)"),
        ("mse", [0, 3], 3, "labels: expected classes 0 to 2, got 0 to 3"),
    ],
)
def test_targets_that_do_not_fit(loss: str, labels: list, outputs: int, message: str) -> None:
    with refused(message):
        losses.get(loss).encode(np.array(labels), outputs, "float32")


def test_a_single_output_tells_two_classes_apart() -> None:
    z = np.array([[-3.0], [0.2], [0.7]])
    np.testing.assert_array_equal(BinaryCrossEntropy().classify(z), [0, 1, 1])  # logits: above 0
    np.testing.assert_array_equal(MeanSquaredError().classify(z), [0, 0, 1])  # values: above ½
    p = 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(BinaryCrossEntropy().probabilities(z), np.hstack([1 - p, p]))
    np.testing.assert_allclose(MeanSquaredError().probabilities(z), [[1, 0], [0.8, 0.2], [0.3, 0.7]])


def test_several_outputs_are_brought_to_the_sum_one() -> None:
    z = np.array([[0.5, 1.5, -2.0], [-1.0, -1.0, -1.0]])
    np.testing.assert_allclose(MeanSquaredError().probabilities(z), [[1 / 3, 2 / 3, 0], [1 / 3] * 3])
    np.testing.assert_allclose(BinaryCrossEntropy().probabilities(np.zeros((1, 4))), [[0.25] * 4])
    z = np.random.default_rng(0).normal(scale=4, size=(100, 3))
    p = 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(BinaryCrossEntropy().probabilities(z), p / p.sum(axis=1, keepdims=True))


def test_outputs_that_all_say_no_still_differ() -> None:
    """Where every σ(z) is too small for a number, their ratio is not: below −104 in float32."""
    z = np.array([[-111, -110, -120]], "float32")
    assert BinaryCrossEntropy().classify(z) == [1]
    e = np.exp(z.astype("float64") + 110)  # σ(z) = eᶻ here
    np.testing.assert_allclose(BinaryCrossEntropy().probabilities(z), e / e.sum(), rtol=1e-5)


# ---- as data


@every_loss
def test_a_loss_comes_back_from_its_configuration_and_its_representation(loss: Loss) -> None:
    known = {type(known).__name__: type(known) for known in EVERY}
    for again in (losses.from_config(json.loads(json.dumps(loss.config()))), eval(repr(loss), known)):
        assert type(again) is type(loss)
        assert again.config() == loss.config()
    assert losses.get(loss) is loss
    assert type(losses.get(loss.name)) is type(loss)


def test_names_may_have_hyphens_and_capitals() -> None:
    assert losses.get("Cross-Entropy").name == "cross_entropy"


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"name": "cross_entropie"}, "unknown loss 'cross_entropie'; did you mean 'cross_entropy'"),
        ({}, "unknown loss 'None'"),
        ({"name": "mse", "reduction": "sum"}, "unknown option of mse 'reduction'"),
        ({"name": "cross_entropy", "label_smoothing": 1}, "expected 0 ≤ label_smoothing < 1, got 1"),
        ({"name": "cross_entropy", "label_smoothing": "a"}, "expected 0 ≤ label_smoothing < 1, got 'a'"),
        ({"name": "cross_entropy", "label_smoothing": -0.1}, "got -0.1"),
        ({"name": "cross_entropy", "class_weights": [1, -1]}, "expected class weights ≥ 0, not all 0"),
        ({"name": "cross_entropy", "class_weights": [0, 0]}, "expected class weights ≥ 0, not all 0"),
        ({"name": "cross_entropy", "class_weights": [1, math.inf]}, "expected class weights ≥ 0"),
    ],
)
def test_a_wrong_description(config: dict, message: str) -> None:
    with refused(message):
        losses.from_config(config)


def test_as_many_class_weights_as_classes() -> None:
    with refused("cross_entropy: expected 3 class weights, got 2"):
        CrossEntropy(class_weights=[1, 2])(*some())


# ---- pairing with the final layer


@pytest.mark.parametrize(
    ("final", "loss", "other"),
    [(Softmax, "cross_entropy", "binary_cross_entropy"), (Sigmoid, "binary_cross_entropy", "cross_entropy")],
)
class TestPairing:
    def test_a_final_layer_brings_its_loss(self, final: type[Layer], loss: str, other: str) -> None:
        network = Network([Dense(3), final()], 2)
        assert network.loss is not None
        assert network.loss.name == loss
        assert network.body == network.layers[:-1]
        assert f"{loss} paired with {final.__name__}" in network.summary()

    def test_training_sees_logits_and_the_user_sees_the_whole(
        self, final: type[Layer], loss: str, other: str
    ) -> None:
        paired = randomized(Network([Dense(3), final()], 2, dtype="float64"))
        bare = randomized(Network([Dense(3)], 2, loss=loss, dtype="float64"))
        x = np.random.default_rng(0).normal(size=(5, 2))
        np.testing.assert_array_equal(paired.outputs(x), bare.outputs(x))
        np.testing.assert_array_equal(paired.predict(x), bare.predict(x))
        np.testing.assert_array_equal(paired.predict_proba(x), bare.predict_proba(x))
        whole = paired.forward(x)
        assert ((whole > 0) & (whole < 1)).all()
        if final is Softmax:
            np.testing.assert_allclose(whole, paired.predict_proba(x))
        arrays = paired.new_pass(5, training=True)
        arrays.resize(5)[...] = x
        np.testing.assert_array_equal(arrays.forward(), bare.outputs(x))

    def test_another_loss_is_refused(self, final: type[Layer], loss: str, other: str) -> None:
        with refused(f"got a final {final.__name__}; use loss {loss!r}"):
            Network([Dense(3), final()], 2, loss=other)
        network = Network([Dense(3), final()], 2)
        with refused(f"{other}: expected logits or a final"):
            network.pair(other)
        assert network.loss is not None
        assert network.loss.name == loss

    def test_squared_error_trains_through_the_final_layer(
        self, final: type[Layer], loss: str, other: str
    ) -> None:
        network = Network([Dense(3), final()], 2, loss="mse")
        assert network.body == network.layers
        assert "paired" not in network.summary()
        x = np.ones((2, 2))
        np.testing.assert_array_equal(network.outputs(x), network.forward(x))
        network.pair(loss)
        assert network.body == network.layers[:-1]
        np.testing.assert_array_equal(network.outputs(x), Network([Dense(3)], 2).outputs(x))


def test_other_networks_train_on_their_outputs() -> None:
    for layers in ([Dense(3)], [Dense(3), Softmax(), ReLU()]):
        network = Network(layers, 2, loss="cross_entropy")
        assert network.body == network.layers
    assert Network([Dense(3)], 2).loss is None


@pytest.mark.parametrize(("final", "loss"), [([], "binary_cross_entropy"), ([Sigmoid], None)])
def test_one_output_with_binary_cross_entropy(final: list[type[Layer]], loss: str | None) -> None:
    layers = [Dense(1, initializer="constant(1)"), *(kind() for kind in final)]
    network = Network(layers, 1, loss=loss, dtype="float64")
    x = np.array([[-2.0], [2.0]])
    np.testing.assert_array_equal(network.predict(x), [0, 1])
    p = 1 / (1 + math.exp(-2))
    np.testing.assert_allclose(network.predict_proba(x), [[p, 1 - p], [1 - p, p]])
