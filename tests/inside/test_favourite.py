"""What a unit likes best: it likes it, it is a picture, and it is always the same one."""

from typing import Any

import numpy as np
import pytest

from glassnet import data
from glassnet.inside import favourite
from glassnet.nn import BatchNorm, Dense, Flatten, Network, ReLU, Sigmoid, Softmax
from glassnet.nn.scaling import PIXELS, Scaling
from glassnet.training import Training


@pytest.fixture(scope="module")
def trained() -> Network:
    """A small network that knows digits."""
    network = Network([Dense(32), ReLU(), Dense(10), Softmax()], 784, seed=0)
    digits = data.load("mnist-sample")
    Training(network, digits, epochs=2, learning_rate=0.05, threads=1).fit(progress=False)
    return network


def roughness(image: np.ndarray) -> float:
    picture = image.reshape(28, 28) / 255
    return float(np.abs(np.diff(picture, axis=0)).sum() + np.abs(np.diff(picture, axis=1)).sum())


def test_the_network_takes_it_for_the_class(trained: Network) -> None:
    for k in range(10):
        found = favourite(trained, 4, k)
        assert trained.predict(found.image[None])[0] == k
        assert found.value == found.trace[-1] > found.trace[0]
        assert found.value == pytest.approx(float(trained.outputs(found.image[None])[0, k]), rel=1e-4)


def test_it_is_a_picture_in_the_range_of_pixels(trained: Network) -> None:
    found = favourite(trained, 4, 3)
    noisy = favourite(trained, 4, 3, length=0, smoothness=0)
    assert found.image.shape == (784,)
    assert found.image.dtype == np.float32
    assert 0 <= found.image.min() < 5
    assert 200 < found.image.max() <= 255
    assert roughness(found.image) < roughness(noisy.image) / 3
    assert noisy.value > found.value  # what the penalty costs


def test_it_is_always_the_same_and_changes_nothing(trained: Network) -> None:
    before = trained.parameters.vector.tobytes(), trained.gradients.vector.tobytes()
    one, other = favourite(trained, 1, 5), favourite(trained, 1, 5)
    assert one.image.tobytes() == other.image.tobytes()
    assert one.trace == other.trace
    assert (trained.parameters.vector.tobytes(), trained.gradients.vector.tobytes()) == before


def test_a_unit_behind_an_activation_likes_what_its_sum_likes(trained: Network) -> None:
    behind, before = favourite(trained, 2, 5), favourite(trained, 1, 5)
    assert behind.place == before.place == 1
    assert (behind.image == before.image).all()


@pytest.mark.parametrize("shape", [36, (6, 6), (1, 6, 6), (3, 6, 6), (6, 6, 3), (4, 9), 7])
@pytest.mark.parametrize("scaling", [None, PIXELS, Scaling(127.5, 1 / 127.5), Scaling(10.0, -1.0)])
def test_every_shape_and_scaling_has_one(shape: Any, scaling: Any) -> None:
    network = Network([Flatten(), BatchNorm(), Dense(4), Sigmoid(), Dense(2)], shape, scaling=scaling)
    found = favourite(network, 5, 1, steps=20)
    assert found.image.shape == network.input_shape
    assert np.isfinite(found.image).all()
    assert found.image.min() >= -1e-3
    assert found.image.max() <= 255.001


def test_one_brightness_is_liked_where_the_weight_is_one() -> None:
    network = Network([Dense(1)], 16, scaling=PIXELS, dtype="float64")
    network.parameters["1.W"][:, 0] = np.repeat([1.0, -1.0], 8)
    image = favourite(network, 1, 0, smoothness=0.0).image
    assert image[:8].min() > 200
    assert image[8:].max() < 50


def test_a_unit_that_likes_nothing_stays_a_picture() -> None:
    network = Network([Dense(2)], 16, scaling=PIXELS)
    network.parameters.vector[...] = 0
    assert np.isfinite(favourite(network, 1, 0).image).all()
    network.parameters.vector[...] = np.nan
    assert favourite(network, 1, 0).image.shape == (16,)


def test_a_unit_that_is_not_there_has_none(trained: Network) -> None:
    with pytest.raises(ValueError, match="layer: expected 1 to 4, got 5"):
        favourite(trained, 5, 0)
    with pytest.raises(ValueError, match="unit: expected 0 to 9 of layer 4, got 10"):
        favourite(trained, 4, 10)
