"""Toy sets: the same each time, balanced, standardized by their training part, and learnable."""

from typing import Any

import numpy as np
import pytest

from glassnet.data import toys
from glassnet.data.toys import TOYS

DRAWN = [name for name in TOYS if name != "xor"]
CLASSED = [name for name in DRAWN if TOYS[name].classes]


def test_the_names() -> None:
    assert list(TOYS) == ["xor", "circles", "moons", "spirals", "blobs", "sine"]
    assert all(toy.about and "\n" not in toy.about for toy in TOYS.values())


def test_xor_is_four_points() -> None:
    xor = toys.make("xor")
    points = {tuple(point): int(label) for point, label in zip(xor.train.images.tolist(), xor.train.labels)}
    assert points == {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 0}
    assert (len(xor.train), len(xor.validation), len(xor.test)) == (4, 0, 0)
    assert xor.classes == ("0", "1")
    assert not TOYS["xor"].splits


@pytest.mark.parametrize("name", DRAWN)
def test_sizes_and_types(name: str) -> None:
    data = toys.make(name)
    assert (len(data.train), len(data.validation), len(data.test)) == (1000, 0, 500)
    assert data.train.inputs.dtype == np.float32
    assert data.shape == ((2,) if name != "sine" else (1,))
    assert data.name == name
    assert "formula" in data.origin
    assert TOYS[name].splits


@pytest.mark.parametrize("name", CLASSED)
def test_classes_are_balanced_and_mixed(name: str) -> None:
    data = toys.make(name, points=101)
    count = TOYS[name].classes
    assert data.classes == tuple(map(str, range(count)))
    for part in (data.train, data.test):
        assert np.ptp(np.bincount(part.labels)) <= 1
        assert set(part.labels[:count].tolist()) == set(range(count))


@pytest.mark.parametrize("name", TOYS)
def test_inputs_are_standardized_by_the_training_part(name: str) -> None:
    data = toys.make(name)
    assert data.scaling is not None
    scaled = np.empty(data.train.inputs.shape)
    data.scaling(data.train.inputs, scaled)
    assert np.allclose(scaled.mean(axis=0), 0, atol=1e-6)
    assert np.allclose(scaled.std(axis=0), 1, atol=1e-6)
    if name != "xor":
        assert np.abs(data.test.inputs.mean(axis=0) - data.scaling.shift).max() > 1e-6  # not by the test part


def test_the_targets_of_sine_are_standardized_too() -> None:
    data = toys.make("sine")
    assert data.classes is None
    assert data.train.targets.shape == (1000, 1)
    assert data.target_scaling is not None
    scaled = np.empty((1000, 1))
    data.target_scaling(data.train.targets, scaled)
    assert np.allclose([scaled.mean(), scaled.std()], [0, 1], atol=1e-6)


@pytest.mark.parametrize("name", TOYS)
def test_the_same_each_time_and_others_for_another_seed(name: str) -> None:
    first, again = toys.make(name), toys.make(name)
    assert np.array_equal(first.train.inputs, again.train.inputs)
    assert np.array_equal(first.test.targets, again.test.targets)
    if name != "xor":
        assert not np.array_equal(first.train.inputs, toys.make(name, seed=1).train.inputs)


FIRST_AND_LAST = {
    "circles": ([-0.3176, -0.2894], [0.6506, -0.7589]),
    "moons": ([-0.4046, 1.0433], [1.8776, 0.0646]),
    "spirals": ([0.8029, 0.0292], [-0.94, 0.0]),
    "blobs": ([1.0377, -0.0396], [0.3843, -0.9135]),
    "sine": ([1.7211], [4.6258]),
}


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_on_any_machine(name: str) -> None:
    data = toys.make(name)
    first, last = FIRST_AND_LAST[name]
    assert data.train.inputs[0].tolist() == pytest.approx(first, abs=1e-4)
    assert data.test.inputs[-1].tolist() == pytest.approx(last, abs=1e-4)


@pytest.mark.parametrize("name", DRAWN)
def test_no_point_is_in_both_parts(name: str) -> None:
    data = toys.make(name)
    points = {point.tobytes() for part in (data.train, data.test) for point in part.images}
    assert len(points) == 1500


class TestFormulas:
    """Without noise every point lies where the formula says."""

    def points(self, name: str) -> tuple[Any, Any]:
        data = toys.make(name, noise=0, points=600)
        return data.train.images.astype(float), data.train.labels

    def test_circles(self) -> None:
        x, y = self.points("circles")
        assert np.allclose(np.hypot(*x.T), np.where(y == 0, 0.5, 1), atol=1e-6)
        angles = np.arctan2(x[:, 1], x[:, 0])
        assert np.histogram(angles, 6, (-np.pi, np.pi))[0].min() > 60  # all around

    def test_moons(self) -> None:
        x, y = self.points("moons")
        centres = np.where(y[:, None] == 0, (0, 0), (1, 0.5))
        assert np.allclose(np.hypot(*(x - centres).T), 1, atol=1e-6)
        assert (x[y == 0, 1] >= -1e-6).all()
        assert (x[y == 1, 1] <= 0.5 + 1e-6).all()

    def test_spirals(self) -> None:
        x, y = self.points("spirals")
        radius = np.hypot(*x.T)
        assert radius.min() >= 0.1 - 1e-6
        assert radius.max() <= 1
        turn = 2 * np.pi * (1.25 * radius + y / 3)
        assert np.allclose(x, radius[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1), atol=1e-5)

    def test_blobs(self) -> None:
        x, y = self.points("blobs")
        assert np.allclose(x[y == 0], (1, 0), atol=1e-6)
        assert len(np.unique(x.round(5), axis=0)) == 5
        noisy = toys.make("blobs", points=5000)
        spread = np.stack([noisy.train.images[noisy.train.labels == k].std(axis=0) for k in range(5)])
        assert np.allclose(spread, 0.3, atol=0.02)

    def test_sine(self) -> None:
        x, y = self.points("sine")
        assert np.allclose(y, np.sin(x), atol=1e-6)
        assert x.min() < -6
        assert x.max() > 6
        noisy = toys.make("sine", points=5000)
        assert np.std(noisy.train.labels - np.sin(noisy.train.images)) == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"name": "spiral"}, "unknown toy set 'spiral'; did you mean 'spirals'?"),
        ({"name": "moons", "points": 9}, "moons: expected a whole number of points, 10 to 1,000,000, got 9"),
        ({"name": "moons", "points": 10**9}, "moons: expected a whole number of points"),
        ({"name": "moons", "points": 100.0}, "moons: expected a whole number of points"),
        ({"name": "moons", "points": True}, "moons: expected a whole number of points"),
        ({"name": "sine", "noise": -0.1}, "sine: expected a noise of 0 to 1000, got -0.1"),
        ({"name": "sine", "noise": float("nan")}, "sine: expected a noise of 0 to 1000, got nan"),
        ({"name": "sine", "noise": "loud"}, "sine: expected a noise of 0 to 1000, got 'loud'"),
        ({"name": "xor", "points": 8}, "xor: expected its 4 points without noise, got points=8, noise=0.0"),
        ({"name": "xor", "noise": 0.1}, "xor: expected its 4 points without noise, got points=4, noise=0.1"),
    ],
)
def test_bad_arguments(call: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=r"expected|unknown") as caught:
        toys.make(**call)
    assert message in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "line", "curve"),
    [("circles", 0.7, 0.97), ("moons", 0.92, 0.97), ("spirals", 0.6, 0.95), ("blobs", 1, 0.9)],
)
def test_a_hidden_layer_learns_what_a_line_cannot(name: str, line: float, curve: float) -> None:
    from glassnet.nn import Dense, Network, ReLU
    from glassnet.training import Training, metrics

    data = toys.make(name)
    reached = []
    for hidden in ([], [Dense(64), ReLU(), Dense(64), ReLU()]):
        network = Network([*hidden, Dense(TOYS[name].classes)], 2, seed=0)
        Training(network, data, optimizer="adam", learning_rate=0.01, epochs=40).fit(progress=False)
        reached.append(metrics.evaluate(network, data.test).accuracy)
    assert reached[0] < line
    assert reached[1] > curve
