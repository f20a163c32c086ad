"""Connected components: those that a search from pixel to pixel finds."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.data.components import components


def searched(mask: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Labels (H, W), numbered by their first pixel in reading order, found by a flood."""
    labels = np.zeros(mask.shape, int)
    for start in zip(*np.nonzero(mask)):
        if labels[start]:
            continue
        number, waiting = labels.max() + 1, [start]
        while waiting:
            y, x = waiting.pop()
            inside = 0 <= y < mask.shape[0] and 0 <= x < mask.shape[1]
            if inside and mask[y, x] and not labels[y, x]:
                labels[y, x] = number
                waiting += [(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    return labels


@given(st.integers(1, 14), st.integers(1, 14), st.floats(0, 1), st.integers(0, 1000))
def test_components_are_what_a_flood_finds(height: int, width: int, share: float, seed: int) -> None:
    mask = np.random.default_rng(seed).random((height, width)) < share
    found, expected = components(mask), searched(mask)
    np.testing.assert_array_equal(found.labels, expected)
    assert len(found.areas) == len(found.boxes) == expected.max()
    for k in range(expected.max()):
        rows, columns = np.nonzero(expected == k + 1)
        box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        assert found.boxes[k].tolist() == box
        assert found.areas[k] == len(rows)


def spiral(n: int) -> np.ndarray[Any, Any]:
    """One line that winds inwards: as many unions as there can be."""
    mask = np.zeros((n, n), bool)
    y, x, (dy, dx) = 0, 0, (0, 1)
    mask[0, 0] = True
    for length in [n - 1, *(m for k in range(n - 1, 1, -2) for m in (k, k)), 0]:
        for _ in range(length):
            y, x = y + dy, x + dx
            mask[y, x] = True
        dy, dx = dx, -dy
    return mask


@pytest.mark.parametrize("mask", [spiral(41), spiral(41).T, np.eye(50, dtype=bool)[:, ::-1]])
def test_what_winds_is_one(mask: np.ndarray[Any, Any]) -> None:
    found = components(mask)
    assert found.areas.tolist() == [np.count_nonzero(mask)]


def test_none_and_all() -> None:
    assert components(np.zeros((5, 7), bool)).boxes.shape == (0, 4)
    assert components(np.ones((5, 7), bool)).boxes.tolist() == [[0, 0, 7, 5]]
