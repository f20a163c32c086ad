"""Photos: ink is told from shadows, grain, paper's edges and printed lines."""

from typing import Any

import numpy as np
import pytest

from data.photographed import photographed, written
from glassnet.data import drawing

Array = np.ndarray[Any, Any]
SHAPE = (500, 600)
MOVES = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
ROW = [(4, 60.0, 160.0, 180.0), (2, 240.0, 150.0, 180.0), (7, 420.0, 170.0, 180.0)]


def clean(digits: Any, thick: float, shape: tuple[int, int] = SHAPE) -> list[drawing.Drawn]:
    return drawing.find(np.uint8(255) - np.rint(255 * written(shape, digits, thick)).astype(np.uint8))


def assert_same(found: list[drawing.Drawn], wanted: list[drawing.Drawn]) -> None:
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted):
        assert one.box == pytest.approx(other.box, abs=5)
        moved = [np.roll(one.image, move, axis=(0, 1)) for move in MOVES]  # its middle is rounded
        assert max(np.corrcoef(image.ravel(), other.image.ravel())[0, 1] for image in moved) > 0.85


KINDS: dict[str, dict[str, Any]] = {
    "pen": {},
    "pencil": {"pen": (165, 165, 168), "thick": 9},
    "thin pencil": {"pen": (140, 140, 140), "thick": 5},
    "chalk": {"paper": (45, 60, 50), "pen": (215, 215, 205)},
    "red on yellow": {"paper": (250, 225, 40), "pen": (225, 40, 30)},
    "green on red": {"paper": (200, 80, 70), "pen": (60, 130, 60)},
    "noise": {"noise": 14.0},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [0, 1])
def test_a_photo_shows_what_was_written(kind: str, seed: int) -> None:
    options = {"thick": 14, **KINDS[kind]}
    thick = options.pop("thick")
    photo = photographed(written(SHAPE, ROW, thick), seed=seed, **options)
    assert_same(drawing.find(photo), clean(ROW, thick))


@pytest.mark.parametrize("paper", [(240, 238, 230), (60, 60, 60)])
@pytest.mark.parametrize("noise", [0.0, 4.0, 12.0])
def test_blank_paper_has_no_ink(paper: tuple[float, float, float], noise: float) -> None:
    for seed in range(3):
        assert drawing.find(photographed(np.zeros(SHAPE), paper, noise=noise, seed=seed)) == []


def test_a_table_beside_the_paper_is_no_digit() -> None:
    photo = photographed(written(SHAPE, ROW, 14)).copy()
    photo[:50] = photographed(np.zeros(SHAPE), (70, 50, 40))[:50]
    photo[:, 570:] = photographed(np.zeros(SHAPE), (70, 50, 40))[:, 570:]
    assert_same(drawing.find(photo), clean(ROW, 14))


@pytest.mark.parametrize("squared", [False, True])
def test_printed_lines_are_no_digits(squared: bool) -> None:
    ink = written(SHAPE, ROW, 14)
    for offset in (0, 1):
        ink[45 + offset :: 62] = np.maximum(ink[45 + offset :: 62], 0.5)
        if squared:
            ink[:, 31 + offset :: 62] = np.maximum(ink[:, 31 + offset :: 62], 0.5)
    found = drawing.find(photographed(ink, shadow=False))
    wanted = clean(ROW, 14)
    assert [one.box for one in found] == [pytest.approx(one.box, abs=12) for one in wanted]


def test_a_large_photo_is_reduced_and_its_boxes_are_not() -> None:
    ink = written((1500, 2000), [(4, 300, 500, 600, ), (7, 1100, 500, 600)], 50)  # fmt: skip
    found = drawing.find(photographed(ink))
    assert [one.box[0] for one in found] == pytest.approx([300 - 15, 1100 - 15], abs=30)
    assert all(max(one.stages.ink.shape) <= drawing.LARGEST for one in found)
