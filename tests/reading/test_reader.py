"""What a network reads: the class, or why none; of networks that cannot read there is one line."""

from typing import Any

import numpy as np
import pytest

from data.photographed import written
from glassnet import Dense, Flatten, Network, files
from glassnet.nn.scaling import PIXELS, Scaling
from glassnet.reading import Reader


def pad(*digits: tuple[int, float, float, float], thick: float = 16) -> np.ndarray[Any, Any]:
    return np.uint8(255) - np.rint(255 * written((280, 280), digits, thick)).astype(np.uint8)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(*files.read("drawing"))


@pytest.mark.parametrize("digit", [1, 2, 4, 5, 7, 8])
def test_a_digit_is_named(reader: Reader, digit: int) -> None:
    (one,) = reader.read(pad((digit, 90, 60, 150)))
    assert one.name == str(digit)
    assert one.why is None
    assert one.said == f"{digit} ({one.probabilities[digit]:.1%})"
    assert one.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert one.logits.argmax() == digit
    np.testing.assert_array_equal(one.image, one.stages.image)


def test_several_digits_are_read_from_left_to_right(reader: Reader) -> None:
    readings = reader.read(pad((4, 20, 90, 110), (2, 110, 90, 110), (7, 200, 90, 110)))
    assert [one.name for one in readings] == ["4", "2", "7"]
    assert len(reader.read(pad((4, 20, 90, 110), (2, 150, 90, 110)), several=False)) == 1


@pytest.mark.parametrize("level", [0, 77, 255])
def test_a_blank_is_one_reading_without_a_name(reader: Reader, level: int) -> None:
    (one,) = reader.read(np.full((90, 120, 3), level, np.uint8))
    assert (one.name, one.why, one.box) == (None, "blank", (0, 0, 120, 90))
    assert one.said == "not a digit: nothing is drawn"
    assert one.image.shape == (28, 28)
    assert not one.image.any()
    assert one.probabilities.shape == (10,)
    assert one.stages.grey.shape == one.stages.ink.shape == (90, 120)


def test_a_dot_is_not_named(reader: Reader) -> None:
    y, x = np.mgrid[0:280, 0:280]
    dot = np.where(np.hypot(y - 140, x - 140) < 12, 0, 255).astype(np.uint8)
    (one,) = reader.read(dot)
    assert one.name is None
    assert one.why == "dot"
    assert one.said == "not a digit: a dot"


def classes(shape: tuple[int, ...], **options: Any) -> Network:
    network = Network([Flatten(), Dense(10)], shape, seed=0, **{"scaling": PIXELS, **options})
    network.pair("cross_entropy")
    return network


@pytest.mark.parametrize("shape", [(784,), (28, 28), (1, 28, 28), (28, 28, 1)])
def test_any_shape_of_28_by_28_grey_pixels_will_do(shape: tuple[int, ...]) -> None:
    found = Reader(classes(shape)).read(pad((7, 90, 60, 150)))
    assert len(found) == 1
    assert found[0].probabilities.shape == (10,)


REFUSED = {
    "inputs": (lambda: (classes((100,)), {}), r"inputs \(100,\)"),
    "colours": (lambda: (classes((3, 32, 32)), {}), r"inputs \(3, 32, 32\)"),
    "table": (lambda: (classes((784,)), {"table": {}}), "columns of a table"),
    "scaling": (lambda: (classes((784,), scaling=Scaling(3, 2)), {}), "scaled"),
    "values": (lambda: (Network([Dense(1)], 784, scaling=PIXELS, loss="mse"), {}), "answers with values"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_networks_that_cannot_read_are_refused(kind: str) -> None:
    make, expected = REFUSED[kind]
    with pytest.raises(ValueError, match=expected) as refused:
        Reader(*make())
    assert "expected a network of classes that reads images of 28×28" in str(refused.value)


def test_no_picture_is_refused(reader: Reader) -> None:
    with pytest.raises(ValueError, match="expected a picture"):
        reader.read(np.zeros((5, 5), np.float32))


def test_a_network_that_diverged_names_nothing() -> None:
    network = classes((784,))
    network.parameters.vector[...] = np.nan
    (one,) = Reader(network).read(pad((7, 90, 60, 150)))
    assert (one.name, one.why) == (None, "unsure")
