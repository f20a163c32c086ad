"""Which pixels spoke for an answer: sums that hold, patches by hand, and every shape of input."""

from typing import Any

import numpy as np
import pytest

from glassnet.inside import evidence
from glassnet.nn import BatchNorm, Dense, Flatten, LeakyReLU, Network, ReLU, Sigmoid, Tanh
from glassnet.nn.scaling import PIXELS, Scaling


def network(*hidden: Any, shape: Any = 64, outputs: int = 3, scaling: Any = PIXELS, **more: Any) -> Network:
    loss = "cross_entropy" if outputs > 1 else "binary_cross_entropy"
    made = Network(
        [*(hidden or (Dense(12), ReLU())), Dense(outputs)], shape, loss=loss, dtype="float64",
        scaling=scaling, classes=[f"c{k}" for k in range(max(outputs, 2))], **more,
    )  # fmt: skip
    random = np.random.default_rng(3)
    made.parameters.vector[...] = random.normal(size=made.size)
    made.state.vector[...] = random.uniform(0.5, 1.5, made.state.vector.size)
    return made


def picture(shape: Any = (8, 8), seed: int = 0) -> np.ndarray:
    """A picture with a dark margin."""
    drawn = np.zeros(shape, np.uint8)
    drawn[..., 2:6, 3:6] = np.random.default_rng(seed).integers(1, 256, (*shape[:-2], 4, 3))
    return drawn


def without_biases(made: Network) -> Network:
    bare = made.copy()
    for name, values in bare.parameters.items():
        if name.endswith((".b", ".beta")):
            values[...] = 0
    return bare


@pytest.mark.parametrize("hidden", [(Dense(12), ReLU()), (Dense(12), LeakyReLU(0.1), Dense(7), ReLU())])
def test_of_a_piecewise_linear_network_the_pixels_add_up_to_the_logit(hidden: Any) -> None:
    made = without_biases(network(*hidden))
    for k in range(3):
        found = evidence(made, picture(), k)
        assert found.gradient.sum() == pytest.approx(made.outputs(picture().reshape(1, -1))[0, k], abs=1e-9)


def test_biases_are_the_rest_of_the_sum() -> None:
    made, x = network(), picture().reshape(1, -1)
    hidden = x / 255 @ made.parameters["1.W"] + made.parameters["1.b"]
    on = hidden > 0
    rest = made.parameters["3.b"] + (on * made.parameters["1.b"]) @ made.parameters["3.W"]
    for k in range(3):
        found = evidence(made, x[0], k)
        assert found.gradient.sum() == pytest.approx(found.value - rest[0, k], abs=1e-9)


def test_each_pixel_is_input_times_slope() -> None:
    made, x, h = network(Dense(5), Tanh()), picture().reshape(-1).astype(float), 1e-4
    found = evidence(made, x, 1)
    for i in (18, 19, 44, 0):
        nudge = np.eye(64)[i] * h
        up, down = made.outputs((x + nudge)[None])[0, 1], made.outputs((x - nudge)[None])[0, 1]
        assert found.gradient[i] == pytest.approx((up - down) / (2 * h) * x[i], abs=1e-6)


@pytest.mark.parametrize("patch", [1, 3, 4, 5])
def test_covering_a_spot_by_hand_gives_the_same_drop(patch: int) -> None:
    made, x = network(), picture()
    found = evidence(made, x, 2, patch=patch)
    before, after = patch // 2, patch - patch // 2
    for row in range(8):
        for column in range(8):
            covered = x.copy()
            covered[max(row - before, 0) : row + after, max(column - before, 0) : column + after] = 0
            z = made.outputs(np.stack([x, covered]).reshape(2, -1))[:, 2]
            assert found.occlusion[row, column] == pytest.approx(z[0] - z[1], abs=1e-9)


@pytest.mark.parametrize(
    ("shape", "given", "seen"),
    [
        (64, (64,), (8, 8)),
        (64, (8, 8), (8, 8)),
        (64, (1, 8, 8), (8, 8)),
        ((8, 8), (8, 8), (8, 8)),
        ((1, 8, 8), (1, 8, 8), (8, 8)),
        ((3, 8, 8), (3, 8, 8), (8, 8)),
        ((8, 8, 3), (8, 8, 3), (8, 8)),
        ((8, 7), (8, 7), (8, 7)),
        (5, (5,), (1, 5)),
    ],
)
def test_every_shape_of_input_has_its_picture(shape: Any, given: Any, seen: Any) -> None:
    made = network(Flatten(), Dense(6), ReLU(), shape=shape)
    x = np.random.default_rng(1).integers(0, 256, given).astype(np.uint8)
    found = evidence(made, x)
    assert (found.gradient.shape, found.occlusion.shape) == (given, seen)
    assert np.isfinite(found.occlusion).all()


def test_a_spot_covers_all_colours() -> None:
    made, x = network(Flatten(), Dense(6), ReLU(), shape=(3, 8, 8)), picture((3, 8, 8))
    covered = x.copy()
    covered[:, 1:4, 2:5] = 0
    z = made.outputs(np.stack([x, covered]))[:, 0]
    assert evidence(made, x, 0, patch=3).occlusion[2, 3] == pytest.approx(z[0] - z[1], abs=1e-9)


def test_without_a_class_it_is_the_one_that_is_named() -> None:
    made, x = network(BatchNorm(), Dense(6), ReLU()), picture()
    found, before = evidence(made, x), made.gradients.vector.copy()
    assert found.k == made.predict(x[None])[0]
    assert found.name == f"c{found.k}"
    assert found.probability == made.predict_proba(x[None])[0, found.k]
    assert found.value == made.outputs(x[None])[0, found.k]
    assert (made.gradients.vector == before).all()


def test_a_single_output_speaks_for_either_class() -> None:
    made, x = network(outputs=1), picture()
    no, yes = evidence(made, x, 0), evidence(made, x, 1)
    assert yes.value == -no.value == made.outputs(x[None])[0, 0]
    assert (yes.gradient == -no.gradient).all()
    assert (yes.occlusion == -no.occlusion).all()
    assert yes.probability + no.probability == pytest.approx(1)


def test_a_blank_has_nothing_to_say() -> None:
    found = evidence(network(), np.zeros((8, 8), np.uint8))
    assert not found.gradient.any()
    assert not found.occlusion.any()


def test_a_diverged_network_gives_no_warning() -> None:
    made = network()
    made.parameters.vector[...] = np.nan
    assert np.isnan(evidence(made, picture(), 0).value)


def test_evidence_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"expected one example of shape \(64,\), got \(5,\)"):
        evidence(network(), np.ones(5))
    with pytest.raises(ValueError, match="class: expected 0 to 2, got 3"):
        evidence(network(), picture(), 3)
    of_values = Network([Dense(1)], 4, loss="mse", scaling=Scaling())
    with pytest.raises(ValueError, match="expected a network of classes, got one of values"):
        evidence(of_values, np.ones(4))
    squashed = Network([Dense(3), Sigmoid()], 4, loss="binary_cross_entropy", classes=["a", "b", "c"])
    assert evidence(squashed, np.ones(4)).gradient.shape == (4,)
