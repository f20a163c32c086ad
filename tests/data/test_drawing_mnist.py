"""MNIST's own images, blown up, shifted, inverted and passed through, come back nearly as they were."""

import os
from typing import Any

import numpy as np
import pytest
from PIL import Image

from glassnet import files
from glassnet.data import drawing, load

Array = np.ndarray[Any, Any]
needs_mnist = pytest.mark.skipif(not os.environ.get("GLASSNET_DATA"), reason="needs MNIST in $GLASSNET_DATA")


def blown_up(image: Array, generator: np.random.Generator) -> Array:
    """An image ten times as large and smooth, somewhere on a ground of its own, every other one inverted."""
    large = np.asarray(Image.fromarray(image).resize((280, 280), Image.Resampling.BICUBIC))
    y, x = generator.integers(0, 100, 2)
    picture = np.zeros((380, 380), np.uint8)
    picture[y : y + 280, x : x + 280] = large
    return 255 - picture if generator.random() < 0.5 else picture


def passed_through(images: Array) -> Array:
    generator = np.random.default_rng(0)
    found = [drawing.find(blown_up(image, generator), several=False) for image in images]
    assert all(len(one) == 1 for one in found)
    return np.stack([one[0].image for one in found])


def nearest(came_back: Array, images: Array) -> Array:
    """The mean difference of each image, of 255, where it may lie a pixel aside: the middle was rounded."""
    moves = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    rolled = [np.roll(came_back, move, axis=(1, 2)).astype(int) for move in moves]
    smallest: Array = np.min([np.abs(one - images).mean(axis=(1, 2)) for one in rolled], axis=0)
    return smallest


def test_images_of_mnist_come_back_nearly_unchanged() -> None:
    images = load("mnist-sample").test.images.reshape(-1, 28, 28)[:60]
    difference = nearest(passed_through(images), images)
    assert difference.mean() < 6.5  # of 255: 2.5 %
    assert difference.max() < 20


@pytest.mark.slow
@needs_mnist
@pytest.mark.timeout(600)
def test_at_most_three_in_a_thousand_more_are_misread() -> None:
    test = load("mnist").test
    chosen = np.random.default_rng(7).permutation(len(test.labels))[:1500]
    images, labels = test.images.reshape(-1, 28, 28)[chosen], test.labels[chosen]
    came_back = passed_through(images)
    network = files.load("drawing")
    before, after = ((network.predict(some) == labels).mean() for some in (images, came_back))
    assert after >= before - 0.003
    assert nearest(came_back, images).mean() < 6.5
