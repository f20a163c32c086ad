"""The one line that judges a network."""

from dataclasses import replace

import numpy as np
import pytest

from glassnet import Dense, Network
from glassnet.cli.verdict import answers, details, verdict
from glassnet.data import Dataset
from glassnet.nn.scaling import Scaling
from glassnet.training import metrics


def classes(train=40, test=0):
    random = np.random.default_rng(0)
    inputs = random.normal(size=(train + test, 4))
    labels = random.integers(0, 3, train + test)
    held = (inputs[train:], labels[train:]) if test else None
    return Dataset.from_arrays(inputs[:train], labels[:train], held, classes="abc")


def values(count=50, outputs=1):
    random = np.random.default_rng(0)
    inputs = random.normal(size=(count, 4))
    return Dataset.from_arrays(inputs, inputs[:, :outputs] * 30 + random.normal(size=(count, outputs)))


def probabilities(labels, right):
    """Certain answers, the first `right` of which are right."""
    said = np.where(np.arange(len(labels)) < right, labels, (labels + 1) % 3)
    return np.eye(3)[said]


def test_the_part_judged_on_is_named():
    data = classes(40, 20)
    low, high = metrics.interval(18, 20)
    given = probabilities(data.test.labels, 18)
    assert verdict(data, given) == [f"Test accuracy 0.9000 (95 % interval {low:.4f}-{high:.4f})"]
    data = classes(40).split(0.25)
    (line,) = verdict(data, probabilities(data.validation.labels, 5))
    assert line.startswith("Validation accuracy 0.5000 (95 % interval 0.2366-0.7634; the best epoch was ")
    data = classes(40)
    (line,) = verdict(data, probabilities(data.train.labels, 40))
    assert line.startswith("Training accuracy 1.0000 (95 % interval 0.9124-1.0000)")


def test_values_have_r2_and_the_error_in_their_own_units():
    data = values()
    given = data.train.labels + np.where(np.arange(50) % 2, 3.0, -5.0)[:, None]
    r2 = 1 - np.mean([9, 25]) / data.train.labels.var()
    assert verdict(data, given) == [f"Training R² {r2:.4f}, mean absolute error 4 (on 50 examples)"]
    spread = 1.959963984540054 * np.std(np.abs(given - data.train.labels), ddof=1) / 50**0.5
    assert details(data, given) == [
        f"Mean absolute error, 95 % interval {4 - spread:.4g} to {4 + spread:.4g}",
        f"Root mean squared error {17**0.5:.4g}",
    ]
    held = data.split(0.2)
    (line,) = verdict(held, held.validation.labels)
    assert line == (
        "Validation R² 1.0000, mean absolute error 0 (on 10 examples; the best epoch was chosen on it)"
    )
    assert details(held, held.validation.labels) == ["Root mean squared error 0"]  # too few for an interval


def test_several_targets_have_a_line_each_and_flat_targets_are_values_too():
    data = values(outputs=2)
    given = data.train.labels + np.array([1.0, -2.0])
    assert verdict(data, given)[0].endswith("mean absolute error 1.5 (on 50 examples)")
    lines = details(data, given)[-2:]
    assert [line.partition(" R²")[0] for line in lines] == ["Target 1:", "Target 2:"]
    assert lines[1].endswith("mean absolute error 2")
    flat = replace(data, train=replace(data.train, targets=data.train.targets[:, 0]))
    assert verdict(flat, given[:, :1])[0].endswith("mean absolute error 1 (on 50 examples)")


def test_it_agrees_with_the_measure_of_training():
    data = replace(values(outputs=2), target_scaling=Scaling([3.0, 0.0], [0.1, 0.05]))
    network = Network([Dense(2)], 4, loss="mse", target_scaling=data.target_scaling)
    measure = metrics.evaluate(network, data.train)
    (line,) = verdict(data, answers(network, data.train))
    assert line.startswith(f"Training R² {measure.r2:.4f}, mean absolute error {measure.mae:.4g} ")


def test_answers_of_a_diverged_network_come_without_a_warning():
    data = values()
    network = Network([Dense(1)], 4, loss="mse", target_scaling=Scaling(0.0, 1e-3))
    network.parameters["1.W"][...] = 3e38
    assert not np.isfinite(answers(network, data.train)).all()
    network = Network([Dense(3)], 4, loss="mse", classes="abc")
    assert answers(network, data.train).shape == (50, 3)


def test_values_that_are_all_equal():
    data = Dataset.from_arrays(np.zeros((3, 1)), np.ones((3, 1)))
    (line,) = verdict(data, np.full((3, 1), 2.0))
    assert line == "Training R² 0.0000, mean absolute error 1 (on 3 examples)"


def test_one_value_has_no_r2():
    """There is no spread that could be explained."""
    one = Dataset.from_arrays([[1.0]], [[2.5, 3.0]])
    given = np.ones((1, 2))
    assert verdict(one, given) == ["Training mean absolute error 1.75 (on 1 example)"]
    assert details(one, given)[1:] == [
        "Target 1: mean absolute error 1.5",
        "Target 2: mean absolute error 2",
    ]


def test_large_errors_are_written_for_people():
    data = values(outputs=2)
    given = data.train.labels + np.array([12_345.6, -9_876_543.0])
    (line,) = verdict(data, given)
    assert line.endswith("mean absolute error 4,944,444 (on 50 examples)")
    said = details(data, given)
    assert said[0].startswith("Mean absolute error, 95 % interval 4,944,444 to 4,944,444")
    assert said[1] == "Root mean squared error 6,983,776"
    assert [line.rpartition(" ")[2] for line in said[2:]] == ["12,346", "9,876,543"]


@pytest.mark.parametrize("right", [0, 1])
def test_one_example(right):
    data = Dataset.from_arrays([[1.0]], [0], classes="ab")
    (line,) = verdict(data, np.array([[right, 1 - right]]))
    assert line.startswith(f"Training accuracy {right}.0000 (95 % interval ")
