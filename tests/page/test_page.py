"""The page's file: what is in it, what cannot get out of its place, and which networks it refuses."""

import base64
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet import files, page
from glassnet.nn import CrossEntropy, Dense, Flatten, Layer, Network, ReLU, Scaling, Softmax
from glassnet.nn.scaling import PIXELS
from glassnet.page.weights import in_base64, packed

QUICK = (192,)
DIGITS = list("0123456789")


def network(hidden: tuple[int, ...] = (8,), **options: Any) -> Network:
    layers = [layer for n in hidden for layer in (Dense(n), ReLU())]
    usual = {"scaling": PIXELS, "classes": DIGITS, "input_shape": 784}
    return Network([*layers, Dense(10), Softmax()], **{**usual, **options})


class Elements(HTMLParser):
    """The scripts of a page with their attributes and texts, its other texts, and what it refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.texts: list[str] = []
        self.refers: list[str] = []
        self._open: dict[str, str | None] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._open = dict(attributes) if tag == "script" else None
        self.refers += [
            value or "" for name, value in attributes if name in ("src", "href", "srcset", "action")
        ]

    def handle_data(self, data: str) -> None:
        if self._open is None:
            self.texts.append(data)
        else:
            self.scripts.append((self._open, data))

    def handle_endtag(self, tag: str) -> None:
        self._open = None

    def told(self) -> dict[str, Any]:
        found = next(text for attributes, text in self.scripts if attributes.get("id") == "network")
        return dict(json.loads(found))

    def array(self, layer: int, name: str) -> np.ndarray:
        for attributes, text in self.scripts:
            if (attributes.get("data-layer"), attributes.get("data-name")) == (str(layer), name):
                numbers = np.frombuffer(base64.b64decode(text), str(attributes["data-type"]))
                return numbers * float(attributes.get("data-step") or 1)
        raise AssertionError(f"no {name} of layer {layer} in the page")


def test_the_page_of_quick_is_whole_and_below_one_and_a_half_megabytes(tmp_path: Path) -> None:
    net = network(QUICK)
    page.write(net, {}, tmp_path / "quick.html")
    content = (tmp_path / "quick.html").read_bytes()
    assert len(content) < 1_500_000
    assert [path.name for path in tmp_path.iterdir()] == ["quick.html"]
    assert content.decode() == page.html(net, {})


def test_every_weight_is_in_the_page_to_the_last_bit() -> None:
    net = network()
    found = Elements(page.html(net, {}))
    for name, array in net.parameters.items():
        layer, own = name.split(".")
        np.testing.assert_array_equal(found.array(int(layer), own), array.ravel())


def test_rounded_weights_take_two_bytes_each_and_stay_exact() -> None:
    net, notes = files.read("drawing")
    text = page.html(net, notes)
    found = Elements(text)
    np.testing.assert_array_equal(found.array(1, "W"), net.parameters["1.W"].ravel())
    assert len(text) < 3_000_000  # float32 in base64 would be 5,080,000


@pytest.mark.parametrize(
    ("values", "kind", "step"),
    [
        ([0.0, 0.5, -63.5], "int8", 0.5),
        ([0.25, -100.0, 127.0], "int16", None),
        ([0.0, 0.0], "int8", None),
        ([0.1, 1.0], "float32", None),
        ([1e-30, 1.0], "float32", None),
    ],
)
def test_values_are_packed_exactly(values: list[float], kind: str, step: float | None) -> None:
    array = np.array(values, np.float32)
    found = packed(array)
    assert found.numbers.dtype == kind
    np.testing.assert_array_equal(found.numbers * np.float64(found.step or 1), array)
    assert step is None or found.step == step


def test_letters_of_many_numbers_stand_in_lines() -> None:
    bytes_ = np.arange(6_000_000, dtype=np.uint8)  # by textwrap it would take minutes
    lines = in_base64(bytes_).split("\n")
    assert {len(line) for line in lines[:-1]} == {120}
    assert base64.b64decode("".join(lines)) == bytes_.tobytes()


def test_doubles_stay_doubles() -> None:
    found = Elements(page.html(network(dtype="float64"), {}))
    kinds = {attributes.get("data-type") for attributes, _ in found.scripts if "data-layer" in attributes}
    assert "float64" in kinds
    assert "float32" not in kinds


EVIL = [
    '</script><script>alert("a")</script>', "<!--", "<b>&amp;", "{{weights}}", "'", '"', "\u2028", "日本",
    "-->", "]]>",
]  # fmt: skip


def test_names_from_outside_cannot_leave_their_place() -> None:
    notes = {"data": "--><title><script>alert(1)<b>", "trained_on": "12 examples"}
    text = page.html(network(classes=EVIL), notes)
    plain = Elements(page.html(network(classes=list("abcdefghij")), {}))
    found = Elements(text)
    assert len(found.scripts) == len(plain.scripts)
    assert not any("alert" in text for attributes, text in found.scripts if attributes.get("id") != "network")
    assert found.told()["classes"] == EVIL
    assert "alert(1)" in "".join(found.texts)  # it is told, as text


def test_the_page_refers_to_nothing_and_forbids_every_request() -> None:
    text = page.html(network(), {})
    assert Elements(text).refers == ["data:,"]
    assert set(re.findall(r"https?://[^\s\"'`)]+", text)) <= {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in text


def test_the_forward_pass_stands_readable_at_the_top() -> None:
    """Whoever chooses “View page source” sees the network first, with its formulas."""
    text = page.html(network(), {})
    formula = text.index("yⱼ = Σᵢ xᵢ Wᵢⱼ + bⱼ")
    assert text.index("This one file is a whole neural network") < formula < text.index("<style>")
    assert text[:formula].count("\n") < 60
    assert "change those" not in text  # web/*.js, which who has only the page has not


def test_nothing_is_said_that_the_notes_do_not_say() -> None:
    told = " ".join(Elements(page.html(network(), {})).texts)
    assert "784-8-10 (Dense, ReLU, Softmax) · 6,370 parameters" in told
    assert "trained on" not in told
    assert "right" not in told
    net, notes = files.read("drawing")
    told = " ".join(Elements(page.html(net, notes)).texts)
    assert "trained on 54,000 images of mnist · 99.45 % of MNIST's test images right" in told


def test_a_page_names_the_file_that_it_learnt_from_without_its_folders() -> None:
    told = " ".join(Elements(page.html(network(), {"data": "/home/somebody/secret/train.csv"})).texts)
    assert "trained on train.csv" in told
    assert "somebody" not in told


@pytest.mark.parametrize(
    ("classes", "heading"),
    [
        (["קרוב", "cat"], "Draw: \u2068קרוב\u2069, \u2068cat\u2069"),
        ([f"c{k}" for k in range(100)], "\u2068c9\u2069, … (100 classes)"),
    ],
)
def test_the_heading_names_ten_classes_each_for_itself(classes: list[str], heading: str) -> None:
    net = Network([Dense(len(classes)), Softmax()], 784, classes=classes)
    assert any(text.endswith(heading) for text in Elements(page.html(net, {})).texts)


def test_digits_come_with_examples_and_other_classes_without() -> None:
    found = Elements(page.html(network(), {}))
    assert found.told()["examples"]["labels"] == "00112233445566778899"
    (pixels,) = (text for attributes, text in found.scripts if attributes.get("id") == "examples")
    assert len(base64.b64decode(pixels)) == 20 * 784
    clothes = Elements(page.html(network(classes=[f"thing {k}" for k in range(10)]), {})).told()
    assert clothes["examples"] is None
    assert clothes["digits"] is False


class Doubled(Layer):
    def forward(self, x: Any, y: Any, memory: Any) -> None:
        np.multiply(x, 2, out=y)


class Ours(CrossEntropy):
    name = "ours"


def diverged() -> Network:
    net = network()
    net.parameters["1.b"][2] = np.nan
    return net


@pytest.mark.parametrize(
    ("make", "notes", "message"),
    [
        (
            lambda: network(input_shape=2, classes=None),
            {},
            "page: expected inputs of 28×28 grey pixels, got (2,)",
        ),
        (
            lambda: Network([Flatten(), Dense(10), Softmax()], (28, 28, 3)),
            {},
            "page: expected inputs of 28×28 grey pixels, got (28, 28, 3)",
        ),
        (
            lambda: Network([Dense(1)], 784, loss="mse"),
            {},
            "page: expected a network of classes, got one that answers with values",
        ),
        (
            network,
            {"table": {}},
            "page: expected a network that reads images, got one that reads columns of a table",
        ),
        (
            lambda: Network([Doubled(), Dense(10), Softmax()], 784),
            {},
            "page: expected layers of glassnet, got Doubled as layer 1",
        ),
        (
            lambda: Network([Softmax()], (28, 28)),
            {},
            "page: expected one output for each class, got outputs (28, 28)",
        ),
        (
            lambda: network(loss=Ours()),
            {},
            "page: expected a loss of cross_entropy, binary_cross_entropy, mse, got ours",
        ),
        (diverged, {}, "page: expected finite values in 1.b, got NaN or infinity"),
    ],
)
def test_a_network_that_a_page_cannot_show_is_refused_in_one_line(
    make: Any, notes: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        page.write(make(), notes, tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("shape", [784, (28, 28), (1, 28, 28), (28, 28, 1)])
def test_all_shapes_of_28_by_28_are_taken(shape: Any) -> None:
    net = Network([Flatten(), Dense(10), Softmax()], shape, scaling=Scaling(33.3, 1 / 78.6))
    told = Elements(page.html(net, {})).told()
    assert (told["inputs"], told["name"], told["scaling"]["shift"]) == (784, "784-10", [33.3])
