"""Images distorted at each step, and things of no class among them: random by seed and step alone."""

from typing import Any

import numpy as np
import pytest

from glassnet import Adam, Dataset, Dense, Network, ReLU, Training
from glassnet.nn import CrossEntropy
from glassnet.nn.scaling import PIXELS
from glassnet.training import checkpoint
from glassnet.training.events import Step
from glassnet.training.variation import STRANGER, Variation


def rolled(images: Any, generator: np.random.Generator) -> Any:
    """Distort by rolling all images by the same random number of rows."""
    return np.roll(images, int(generator.integers(1, 5)), axis=1)


def inverted(images: Any, generator: np.random.Generator) -> Any:
    """Make strangers by inverting."""
    return 255 - images


def striped(n: int = 64) -> Dataset:
    """Images 6×6 of three classes: a bright row at the class's number."""
    labels = np.arange(n) % 3
    images = np.zeros((n, 6, 6), np.uint8)
    images[np.arange(n), labels] = 200
    return Dataset.from_arrays(images, labels, classes=("a", "b", "c"), scaling=PIXELS, name="stripes")


def run_of(data: Dataset, **options: Any) -> Training:
    network = Network([Dense(8), ReLU(), Dense(3)], input_shape=36, seed=0)
    told = {"epochs": 4, "batch_size": 16, "optimizer": Adam(), "threads": None, "seed": 5, **options}
    return Training(network, data, **told)


def test_a_step_sees_what_augment_makes_and_the_set_stays() -> None:
    data = striped()
    before = data.train.inputs.copy()
    run = run_of(data, augment=rolled)
    next(run)
    next(run)
    seen = run.flow.activations[0].reshape(-1, 6, 6)
    shift = int(np.random.default_rng([5, 2, 0]).integers(1, 5))
    stored = np.roll(data.train.inputs[run.batch], shift, axis=1) / np.float32(255)
    np.testing.assert_allclose(seen, stored, rtol=1e-6)
    assert np.array_equal(data.train.inputs, before)


def test_strangers_get_flat_targets_and_count_in_no_accuracy() -> None:
    data = striped()
    loss = CrossEntropy()
    varied = Variation(data, loss, None, (0.5, inverted), seed=5)
    images = data.train.inputs.reshape(64, 36).copy()
    strangers = varied(images, step=3)
    assert strangers is not None
    assert 0 < strangers.sum() < 64
    expected = np.where(
        strangers[:, None], 255 - data.train.inputs.reshape(64, 36), data.train.inputs.reshape(64, 36)
    )
    assert np.array_equal(images, expected)
    targets, labels = varied.answers(data.train.targets, strangers, 3, np.dtype(np.float32))
    assert np.allclose(targets[strangers], 1 / 3)
    assert (labels[strangers] == STRANGER).all()
    assert np.array_equal(targets[~strangers].argmax(axis=1), data.train.targets[~strangers])


def test_training_with_strangers_learns_to_be_unsure_of_them() -> None:
    data = striped(192)
    run = run_of(data, outliers=(0.3, inverted), epochs=40, learning_rate=0.01)
    run.fit(progress=False)
    digits = run.network.predict_proba(data.train.inputs)
    strange = run.network.predict_proba(255 - data.train.inputs)
    assert (digits.argmax(axis=1) == data.train.targets).all()
    assert digits.max(axis=1).min() > 0.9
    assert strange.max(axis=1).max() < 0.6
    steps = [event for event in run_of(data, outliers=(0.3, inverted)) if isinstance(event, Step)]
    assert all(0 <= event.accuracy <= 1 for event in steps if event.accuracy is not None)
    last = run.history[-2]
    assert last.accuracy == 1.0  # type: ignore[union-attr]  # of those that have a class


def test_a_restored_run_varies_to_the_same_bits(tmp_path: Any) -> None:
    data = striped()
    options = {"augment": rolled, "outliers": (0.25, inverted)}
    run = run_of(data, **options)
    for _ in range(7):
        next(run)
    checkpoint.save(tmp_path / "there.npz", run.capture())
    whole = [*run]
    again = run_of(data, **options)
    again.restore(checkpoint.load(tmp_path / "there.npz"), run.history[:2])
    rest = [*again]
    losses_of = [[e.loss for e in events if isinstance(e, Step)] for events in (whole, rest)]
    assert losses_of[0] == losses_of[1]
    assert np.array_equal(run.network.parameters.vector, again.network.parameters.vector)


def test_a_state_belongs_to_runs_that_vary_alike() -> None:
    data = striped()
    state = run_of(data, augment=rolled).capture()
    with pytest.raises(ValueError, match="augment"):
        run_of(data).restore(state)


def test_a_full_batch_varies_too() -> None:
    data = striped()
    run = run_of(data, augment=rolled, batch_size="full")
    seen = []
    for event in run:
        if isinstance(event, Step):
            seen.append(run.flow.activations[0].copy())
    assert len(seen) == 4
    assert not np.array_equal(seen[0], seen[1])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"outliers": (1.0, inverted)}, "outliers: expected a share of at least 0 and below 1, got 1.0"),
        ({"outliers": (0.2, inverted), "loss": "mse"}, "outliers: expected the loss cross_entropy"),
    ],
)
def test_variation_refuses(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        run_of(striped(), **options)


def test_variation_wants_grey_images_of_bytes() -> None:
    inputs = np.random.default_rng(0).normal(size=(30, 36)).astype(np.float32)
    data = Dataset.from_arrays(inputs, np.arange(30) % 3)
    with pytest.raises(
        ValueError, match=r"augment: expected grey images \(N, H, W\) of bytes, got examples 36"
    ):
        run_of(data, augment=rolled)
