"""What the demo's page is told: answers as plain data, and one line for whatever cannot be answered."""

import io
import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from demo.models import network, saved
from glassnet.demo.desk import Desk, packed, unpacked
from glassnet.demo.models import Models
from studio.drawn import SEVEN, sevens, strokes


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Of the shipped network, and of one that is wrong about most images."""
    folder = tmp_path_factory.mktemp("desk")
    patch = pytest.MonkeyPatch()
    patch.chdir(folder)
    patch.delenv("GLASSNET_DATA", raising=False)
    patch.setenv("XDG_CACHE_HOME", str(folder))
    saved(Path("wrong"), data="mnist-sample")
    broken = network()
    broken.parameters["1.W"][...] = 3e38  # finite, as all in files are; the sums are not
    saved(Path("broken"), broken, data="mnist-sample")
    letters = network(tuple("abcdef"))
    for name, value in (("1.W", 0), ("3.b", 20)):  # any of them as much as the others
        letters.parameters[name][...] = value
    saved(Path("letters"), letters)
    yield Desk(Models(["drawing", "wrong", "broken", "letters"]))  # type: ignore[misc]
    patch.undo()


def drawing(*lines: Any) -> dict[str, Any]:
    return packed(picture=255 - strokes(*lines))["picture"]


def array(told: dict[str, Any]) -> np.ndarray[Any, Any]:
    return np.frombuffer(b64decode(told["bytes"]), np.uint8).reshape(told["shape"])


def test_the_answer_about_a_test_image_says_whether_it_is_right(desk: Desk) -> None:
    images = desk.images("wrong", 5)
    right = [k for k in range(100) if images["predicted"][k] == images["labels"][k]]
    for k in (0, 1, 2):
        told = desk.pick("wrong", 5, k)
        assert told["actual"] == images["labels"][k]
        assert told["digits"][0]["name"] == images["predicted"][k]
        assert told["right"] is (k in right)
        assert sum(told["digits"][0]["probabilities"]) == pytest.approx(1, abs=1e-5)
        assert (array(told["arrays"]["image"]) == array(images["arrays"]["images"])[k]).all()
    assert len(right) < 50
    json.dumps(images, allow_nan=False)


def test_the_shipped_network_is_right_about_most(desk: Desk) -> None:
    images = desk.images("drawing", 0)
    assert sum(a == b for a, b in zip(images["predicted"], images["labels"])) >= 97


def test_a_drawing_is_read_and_its_stages_are_told(desk: Desk) -> None:
    told = desk.draw("drawing", drawing(SEVEN))
    (digit,) = told["digits"]
    assert (digit["name"], digit["why"]) == ("7", None)
    assert array(digit["arrays"]["image"]).shape == (28, 28)
    assert max(array(digit["arrays"]["scaled"]).shape) == 20
    assert max(array(told["arrays"]["grey"]).shape) == 140
    assert array(told["arrays"]["ink"]).max() > 200


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "not a digit: nothing is drawn"),
        ([[(30, 140), (250, 140)]], "not a digit: straight lines"),
        ([[(60, 60), (220, 220)], [(220, 60), (60, 220)]], "not a digit: straight lines"),
    ],
)
def test_what_is_no_digit_is_refused_with_the_reason(desk: Desk, lines: list[Any], said: str) -> None:
    (digit,) = desk.draw("drawing", drawing(*lines))["digits"]
    assert digit["name"] is None
    assert digit["said"] == said


def test_the_digits_of_a_photo_are_told_with_their_boxes(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "row.png"
    Image.fromarray(255 - sevens(3)).save(path)
    told = desk.photo("drawing", str(path))
    assert [digit["name"] for digit in told["digits"]] == ["7", "7", "7"]
    assert told["name"] == "row.png"
    height, width = told["photo"]["shape"]
    assert max(height, width) == 600
    for digit in told["digits"]:
        x0, y0, x1, y1 = digit["box"]
        assert 0 <= x0 < x1 <= width
        assert 0 <= y0 < y1 <= height


def animation() -> bytes:
    content = io.BytesIO()
    frames = [Image.new("L", (40, 40), k) for k in (0, 255)]
    frames[0].save(content, "GIF", save_all=True, append_images=frames[1:])
    return content.getvalue()


def huge() -> bytes:
    content = io.BytesIO()
    Image.new("1", (8000, 6000)).save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.png", b"no picture at all", "notes.png: expected a picture (JPEG, PNG, WebP, GIF,"),
        ("empty.jpg", b"", "empty.jpg: expected a picture, got an empty file"),
        ("moves.gif", animation(), "moves.gif: expected one picture, got an animation or several pages"),
        ("huge.png", huge(), "huge.png: expected a picture of at most 40 megapixels, got 8,000 × 6,000"),
        ("long.bmp", bytes(20 * 2**20 + 1), "long.bmp: expected a picture of at most 20 MB, got 20 MB"),
        ("cut.gif", animation()[:30], "cut.gif: expected "),
    ],
)  # fmt: skip
def test_a_photo_that_cannot_be_read_is_one_line(
    desk: Desk, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    told = desk.photo("drawing", str(tmp_path / name))
    assert list(told) == ["problem"]
    assert told["problem"].startswith(said)
    assert "\n" not in told["problem"]
    assert str(tmp_path) not in told["problem"]


def test_a_photo_that_is_gone_is_one_line_without_its_folder(desk: Desk, tmp_path: Path) -> None:
    told = desk.photo("drawing", str(tmp_path / "gone.png"))
    assert told["problem"] == "gone.png: expected a file that was uploaded, got one that is no longer there"


@pytest.mark.parametrize(
    "picture",
    [
        {}, {"shape": [2, 2]}, {"shape": [2, 2], "bytes": "AAAA"}, {"shape": [0, 4], "bytes": ""}, "AAAA",
        {"shape": [601, 1], "bytes": "AAAA"}, {"shape": [1, 1], "bytes": "é"}, {"shape": 4, "bytes": "AAAA"},
        {"shape": ["1", "3"], "bytes": "AAAA"}, {"shape": [1.5, 2], "bytes": "AAAA"}, None, [],
        {"shape": [float("inf"), 1], "bytes": "AAAA"}, {"shape": [float("nan"), 1], "bytes": "AAAA"},
        {"shape": [1, 3], "bytes": [0, 0, 0]}, {"shape": [1, 3], "bytes": "AAAA" * 100_000},
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_one_line(desk: Desk, picture: Any) -> None:
    problem = desk.draw("drawing", picture)["problem"]
    assert problem.startswith(
        "expected a drawing, a shape of at most 600 × 600 and its grey values in base64, got "
    )
    assert len(problem) < 200


def test_packing_is_undone() -> None:
    picture = np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert (unpacked(packed(picture=picture)["picture"]) == picture).all()


def test_the_weights_are_bytes_on_one_scale(desk: Desk) -> None:
    told = desk.weights("drawing")
    q = array(told["arrays"]["weights"])
    assert (told["units"], q.shape, len(told["shown"])) == (800, (784, 256), 256)
    assert 0 < told["limit"] < 10
    assert q.min() >= 1


def test_a_network_that_diverged_has_no_answer(desk: Desk) -> None:
    told = desk.pick("broken", 0, 0)
    assert told["right"] is False
    assert told["digits"][0]["name"] is None
    assert told["digits"][0]["said"] == "no answer: the network's numbers are not finite"
    assert set(desk.images("broken", 0)["predicted"]) == {None}
    drawn = desk.draw("broken", drawing(SEVEN))["digits"][0]
    assert (drawn["name"], drawn["said"]) == (None, "no answer: the network's numbers are not finite")
    assert "problem" not in desk.weights("broken")


def test_a_network_of_other_classes_reads_drawings_and_says_that_it_has_no_images(desk: Desk) -> None:
    told = desk.draw("letters", drawing(SEVEN))
    assert told["digital"] is False
    assert told["digits"][0]["said"] == "unsure: it is like more than one of its classes"
    assert desk.images("letters", 0)["problem"].startswith("letters: expected the name of the data")


@pytest.mark.parametrize("number", [-1, 100, None, "3", 1.0, True])
def test_numbers_that_are_none_of_the_hundred_are_one_line(desk: Desk, number: Any) -> None:
    assert desk.pick("drawing", 0, number)["problem"] == f"number: expected 0 to 99, got {number!r}"


def test_a_model_that_is_none_of_them_is_one_line(desk: Desk) -> None:
    assert desk.about("other")["problem"].startswith("expected a model among drawing, wrong, broken, letters")
    assert len(desk.about("x" * 10_000)["problem"]) == 400
    about = desk.about("drawing")
    assert (about["network"], about["parameters"]) == ("drawing 784-800-400-10", 952_410)


def test_of_data_in_a_file_the_page_is_told_the_name_alone(tmp_path: Path) -> None:
    mine = saved(tmp_path / "mine", data="/home/ana/secret/scans.npz")
    assert Desk(Models([mine])).about(mine)["data"] == "scans.npz"
