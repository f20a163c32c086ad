"""What a data set and its parts print: one line, not pages of arrays."""

import numpy as np

from glassnet.data import Dataset


def test_a_set_and_its_parts_print_in_one_line() -> None:
    images, labels = np.zeros((1200, 28, 28), np.uint8), np.arange(1200) % 3
    data = Dataset.from_arrays(images, labels, name="digits").split(0.25)
    assert repr(data) == "Dataset digits: 900 to train, 300 to validate; 28 × 28, 3 classes"
    assert repr(data.train) == "Split: 900 examples, 28 × 28 of uint8; targets classes"
    values = Dataset.from_arrays(np.zeros((4, 2)), np.full((4, 3), 0.5))
    assert repr(values.train) == "Split: 4 examples, 2 of float64; targets values (N, 3)"
