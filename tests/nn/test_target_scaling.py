"""Values in units of their own: trained on standardized targets, answered as the targets are."""

import numpy as np
import pytest

from glassnet.data import Dataset
from glassnet.nn import Dense, Network, Scaling
from glassnet.training import Training


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_values_far_from_zero_are_learnt_to_their_last_digits(dtype: str) -> None:
    x = np.random.default_rng(0).normal(size=(200, 2))
    y = 1.7e9 + 40 * x[:, 0] + 10 * x[:, 1]
    data = Dataset.from_arrays(x, y, target_scaling=Scaling(y.mean(), 1 / y.std()))
    network = Network([Dense(1)], 2, dtype=dtype, loss="mse")
    Training(network, data, optimizer="sgd", learning_rate=0.1, epochs=60, threads=None).fit(progress=False)
    answers = network.predict(x)
    assert answers.shape == (200, 1)
    assert answers.dtype == np.float64
    assert np.abs(answers[:, 0] - y).max() < 0.01


def test_the_scaling_of_targets_is_kept_in_copies_and_descriptions() -> None:
    network = Network([Dense(2)], 3, loss="mse", target_scaling=Scaling([1.0, 2.0], [0.5, 4.0]))
    twin = Network.from_config(network.config())
    for other in (network.copy(), network.snapshot(), twin):
        assert other.target_scaling == network.target_scaling
    x = np.ones((1, 3))
    scaled = network.outputs(x)
    assert network.predict(x) == pytest.approx(scaled / [0.5, 4.0] + [1.0, 2.0])


def test_a_scaling_of_targets_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Network: expected a scaling of one number or \(2,\), got \(3,\)"):
        Network([Dense(2)], 3, target_scaling=Scaling([1.0, 2.0, 3.0]))
