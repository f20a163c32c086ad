"""The exported page in Chromium, from the file system and offline: numbers, drawings, how one uses it."""

import base64
import json

import numpy as np
import pytest
from playwright.sync_api import expect

from drawings import effects
from drawings.measure import WRITERS
from drawings.strokes import strokes
from glassnet import files, page
from glassnet.data import load
from glassnet.nn import (
    GELU,
    BatchNorm,
    Dense,
    Dropout,
    Flatten,
    LayerNorm,
    LeakyReLU,
    Network,
    ReLU,
    Scaling,
    Sigmoid,
    Softmax,
    Tanh,
)
from glassnet.nn.scaling import PIXELS
from glassnet.reading import Reader

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
DIGITS = list("0123456789")
SIDE = effects.PAD
DRAWN = (
    effects.plain,
    effects.thin,
    effects.thick,
    effects.tiny,
    effects.off_centre,
    effects.slanted,
)
CLOSE = 1e-5  # of a probability, and of the largest logit
NAMES = [
    "T-shirt",
    "</script>",
    "Pullover & co",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Boot",
]

PREDICT = """(text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const all = [];
  for (let k = 0; k < bytes.length; k += 784) {
    const { logits, probabilities } = glassnet.predict(bytes.subarray(k, k + 784));
    all.push([[...logits], [...probabilities]]);
  }
  return all;
}"""
READ = """([text, side]) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const all = [];
  for (let k = 0; k < bytes.length; k += side * side) {
    const read = glassnet.readDrawing(bytes.subarray(k, k + side * side), side, side);
    const { best, name, why, image, predicted } = read;
    all.push({ best, name, why, image: [...image], probabilities: [...predicted.probabilities] });
  }
  return all;
}"""
READING = """() => {
  const { name, why, stages, image, predicted } = glassnet.reading();
  return {
    name, why, image: [...image], probabilities: [...predicted.probabilities],
    ink: [...(stages?.ink.values ?? [])],
  };
}"""


def encoded(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    """200 digits that look as they did when NIST scanned them."""
    data = load("mnist-sample", validation=0, test=0, seed=0).train
    return np.asarray(data.images)[:: len(data.images) // 200][:200].astype(np.uint8).reshape(-1, 784)


@pytest.fixture
def opened(look, tmp_path):
    """Open the page of a network from a file, without a network connection."""

    def open_page(network, notes=None, **options):
        path = tmp_path / "page.html"
        page.write(network, notes or {}, path)
        return look(path.as_uri(), offline=True, **options)

    return open_page


@pytest.fixture
def shipped(opened):
    return lambda **options: opened(*files.read("drawing"), **options)


def check_numbers(seen, network, images):
    told = seen.page.evaluate(PREDICT, encoded(images))
    logits, probabilities = (np.array([one[k] for one in told]) for k in (0, 1))
    z = network.outputs(images).reshape(logits.shape)
    np.testing.assert_allclose(probabilities, network.predict_proba(images), atol=CLOSE, rtol=0)
    np.testing.assert_allclose(logits, z, atol=CLOSE * np.abs(z).max(), rtol=0)


def test_probabilities_and_logits_of_200_images_are_numpys(shipped, images):
    seen = shipped()
    check_numbers(seen, files.read("drawing")[0], images)


def moved(network):
    """The network with all of its numbers as training might have left them."""
    generator = np.random.default_rng(1)
    network.parameters.vector[...] = generator.normal(size=network.size) * 0.2
    network.state.vector[...] = generator.uniform(0.5, 2, network.state.vector.size)
    return network


def end(*layers, shape=784, classes=None, **options):
    return moved(Network([*layers], shape, **{"scaling": PIXELS, "classes": classes, **options}))


KINDS = {
    "dense, relu": lambda: end(Dense(9), ReLU(), Dense(10), Softmax()),
    "no bias, leaky": lambda: end(Dense(9, bias=False), LeakyReLU(0.2), Dense(4)),
    "sigmoid": lambda: end(Dense(9), Sigmoid(), Dense(10), Softmax()),
    "tanh": lambda: end(Dense(9), Tanh(), Dense(10), Softmax()),
    "gelu": lambda: end(Dense(9), GELU(), Dense(10), Softmax()),
    "softmax within": lambda: end(Softmax(), Flatten(), Dense(3), Softmax(), Dense(3), shape=(28, 28)),
    "batch norm": lambda: end(BatchNorm(0.1, 1e-3), Dense(9), BatchNorm(), ReLU(), Dense(10), Softmax()),
    "layer norm": lambda: end(LayerNorm(1e-2), Flatten(), Dense(9), LayerNorm(), Dense(5), shape=(28, 28)),
    "dropout": lambda: end(Dropout(0.5), Dense(9), ReLU(), Dropout(0.2), Dense(10), Softmax()),
    "double, shifted": lambda: end(
        Dense(9), Tanh(), Dense(10), dtype="float64", scaling=Scaling(33.3, 1 / 78.6)
    ),
    "a scale each": lambda: end(
        Dense(3), scaling=Scaling(np.linspace(0, 99, 784), np.linspace(0.01, 0.02, 784))
    ),
    "two classes": lambda: end(Dense(9), ReLU(), Dense(1), Sigmoid(), classes=["even", "odd"]),
    "two logits": lambda: end(Dense(2)),
    "several sigmoids": lambda: end(Dense(9), ReLU(), Dense(4), loss="binary_cross_entropy"),
    "towards values": lambda: end(Dense(3), loss="mse", classes=["a", "b", "c"]),
    "nothing learnt": lambda: end(Flatten(), Softmax(), shape=(28, 28)),
}


def test_every_layer_gives_numpys_numbers(opened, images, tmp_path):
    seen = opened(KINDS["dense, relu"]())
    for make in KINDS.values():
        network = make()
        page.write(network, {}, tmp_path / "page.html")
        seen.page.reload()
        check_numbers(seen, network, images[:20])
        expect(seen.page.locator(".answer-bars li")).to_have_count(len(network.predict_proba(images[:1])[0]))


def on_pad(*lines, width=0.08):
    """Lines of points (x, y) in the unit square, drawn as on the pad."""
    return effects.on_pad(strokes(*lines, width=width))


def two(angle, other, apart=(0.0, 0.0), width=0.08, length=0.3):
    """Two straight strokes at angles in degrees, `length` to either side of middles that are so far apart."""
    ways = (length * np.array([np.cos(a), np.sin(a)]) for a in np.radians([angle, other]))
    middles = (np.array([0.5, 0.5]) + share * np.array(apart) for share in (-0.5, 0.5))
    return on_pad(
        *([middle - way, middle + way] for middle, way in zip(middles, ways, strict=True)), width=width
    )


def faint(picture, share):
    return (255 - share * (255.0 - picture)).round().astype(np.uint8)


def pictures():
    """Digits of each kind and writer, and what is none or hardly one, as the pad sends them."""
    for kind in DRAWN:
        for by, write in WRITERS.items():
            generator = np.random.default_rng(DRAWN.index(kind))
            yield f"{kind.__name__} by {by}", kind(write(int(generator.integers(10)), generator), generator)
    for angle, other in ((0, 90), (45, 135), (20, 110), (10, 60), (80, 100), (50, 130)):
        yield f"a cross, {angle}° and {other}°", two(angle, other)
    for apart in ((0.3, 0.0), (0.3, 0.15), (0.0, 0.3), (-0.25, -0.25), (0.12, 0.4)):
        yield f"30° and 120°, {apart} apart", two(30, 120, apart)
    for width in (0.02, 0.05, 0.16):
        yield f"a cross {width} wide", two(0, 80, (0.05, 0.05), width)
    yield "<", on_pad([(0.8, 0.2), (0.2, 0.5), (0.8, 0.8)])
    yield "v", on_pad([(0.2, 0.2), (0.5, 0.8), (0.8, 0.2)])
    yield "a 7", on_pad([(0.25, 0.2), (0.75, 0.2), (0.45, 0.85)])
    yield "a 1 with its upstroke", on_pad([(0.3, 0.35), (0.55, 0.15), (0.55, 0.85)])
    yield "T", on_pad([(0.2, 0.2), (0.8, 0.2)], [(0.5, 0.2), (0.5, 0.85)])
    yield "=", on_pad([(0.25, 0.4), (0.75, 0.4)], [(0.25, 0.6), (0.75, 0.6)])
    yield (
        "lines from side to side",
        on_pad([(0, 0.3), (1, 0.3)], [(0, 0.7), (1, 0.7)], [(0.5, 0.1), (0.5, 0.9)]),
    )
    yield "filled with ink", on_pad([(0.1, y) for y in (0.2, 0.8)], [(0.5, 0.2), (0.5, 0.8)], width=0.5)
    yield "light ink on dark paper", 255 - on_pad([(0.3, 0.3), (0.6, 0.2), (0.5, 0.8)])
    for share in (0.03, 0.06, 0.3):
        yield f"{share:.0%} of full ink", faint(on_pad([(0.3, 0.25), (0.7, 0.25), (0.4, 0.8)]), share)
    for size in (1, 2, 5):
        speck = np.full((SIDE, SIDE), 255, np.uint8)
        speck[90 : 90 + size, 120 : 120 + size] = 0
        yield f"a speck of {size} × {size} pixels", speck
    yield "blank", np.full((SIDE, SIDE), 255, np.uint8)


def noise():
    for number, picture in enumerate(np.random.default_rng(0).integers(0, 256, (12, 3, 3), np.uint8)):
        yield f"3 × 3 pixels of noise, {number}", picture


def test_a_drawing_is_read_as_python_reads_it(shipped):
    seen = shipped()
    reader = Reader(*files.read("drawing"))
    large, small = dict(pictures()), dict(noise())
    told = []
    for table, side in ((large, SIDE), (small, 3)):
        told += seen.page.evaluate(READ, [encoded(np.stack(list(table.values()))), side])
    refused = set()
    for (what, picture), one in zip((large | small).items(), told, strict=True):
        (read,) = reader.read(picture, several=False)
        assert (one["name"], one["why"]) == (read.name, read.why), what
        assert one["best"] == read.probabilities.argmax(), what
        np.testing.assert_array_equal(one["image"], read.image.ravel(), err_msg=what)
        np.testing.assert_allclose(one["probabilities"], read.probabilities, atol=CLOSE, rtol=0, err_msg=what)
        refused.add(read.why)
    assert {None, "blank", "dot", "line"} <= refused


STROKES = {  # in the unit square
    "7": [[(0.26, 0.22), (0.74, 0.2), (0.44, 0.82)]],
    "4": [[(0.35, 0.12), (0.25, 0.6), (0.8, 0.58)], [(0.65, 0.15), (0.6, 0.9)]],
    "1": [[(0.5, 0.12), (0.5, 0.88)]],
    "line": [[(0.1, 0.5), (0.9, 0.52)]],
    "dot": [[(0.5, 0.5), (0.51, 0.5)]],
}


def draw(seen, strokes):
    box = seen.page.locator(".pad").bounding_box()
    for points in strokes:
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        seen.page.mouse.move(*places[0])
        seen.page.mouse.down()
        for place in places[1:]:
            seen.page.mouse.move(*place, steps=6)
        seen.page.mouse.up()
    seen.page.evaluate("() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")


def test_what_is_drawn_is_read_as_python_reads_it(shipped):
    seen = shipped()
    reader = Reader(*files.read("drawing"))
    name = seen.page.locator(".answer-name")
    expect(seen.page.locator(".answer-why")).to_have_text("Nothing is drawn")
    for drawn, lines in STROKES.items():
        draw(seen, lines)
        told = seen.page.evaluate(READING)
        grey = 255 - np.array(told["ink"], np.uint8).reshape(SIDE, SIDE)
        (read,) = reader.read(grey, several=False)
        assert (told["name"], told["why"]) == (read.name, read.why)
        assert read.name == (drawn if drawn in DIGITS else None)
        np.testing.assert_array_equal(np.array(told["image"]).reshape(28, 28), read.image)
        np.testing.assert_allclose(told["probabilities"], read.probabilities, atol=CLOSE)
        expect(name).to_have_text(read.name or "–")
        seen.button("Clear").click()
    expect(seen.page.locator(".answer-why")).to_have_text("Nothing is drawn")


def test_bars_examples_units_and_keys(shipped):
    seen = shipped(color_scheme="dark")
    expect(seen.page.locator("#page")).to_have_attribute("data-theme", "dark")
    seen.page.get_by_role("button", name="Example 7, labelled 3").click()
    expect(seen.page.locator(".answer-why")).to_have_text("Labelled 3: right")
    expect(seen.page.locator(".answer-bars .named .bar-class")).to_have_text("3")
    values = [float(text.rstrip(" %")) for text in seen.page.locator(".bar-value").all_inner_texts()]
    assert sum(values) == pytest.approx(100, abs=0.5)

    title = seen.page.locator(".unit h3")
    strongest = int(title.inner_text().split()[1])
    seen.page.get_by_role("application", name="First layer").focus()
    seen.press("ArrowLeft" if strongest else "ArrowRight")
    expect(title).to_have_text(f"Unit {strongest - 1 if strongest else 1} of 800")
    seen.press("Escape")
    expect(title).to_have_text(f"Unit {strongest} of 800")

    seen.page.get_by_role("application", name="Drawing pad").focus()
    for key in ("Enter", *["ArrowDown"] * 12, "Enter"):
        seen.press(key)
    expect(seen.page.locator(".answer-name")).to_have_text("1")
    expect(seen.page.get_by_role("button", name="Example 7")).to_have_attribute("aria-pressed", "false")
    seen.press("Control+z")
    expect(seen.page.locator(".answer-why")).to_have_text("Nothing is drawn")
    expect(seen.page.get_by_role("list", name="Probability of each class")).to_be_visible()


def test_a_page_that_is_broken_or_cut_off_says_so(opened, tmp_path):
    seen = opened(end(Dense(9), ReLU(), Dense(10), Softmax(), classes=DIGITS))
    path = tmp_path / "page.html"
    whole = path.read_text(encoding="utf-8")
    expect(seen.page.locator(".failed")).to_have_count(0)
    at = "The script of this page stopped in line"
    slip = whole.replace("for (let i = 0; i < x.length; i += 1) {", "for (let i = 0; i < x.length {", 1)
    for text, said in (
        (slip, "SyntaxError"),
        (whole[: whole.index('data-layer="3"')], "the file is cut off"),
    ):
        path.write_text(text, encoding="utf-8")
        seen.page.reload()
        expect(seen.page.locator(".failed")).to_contain_text(at)
        expect(seen.page.locator(".failed")).to_contain_text(said)
    assert len(seen.complaints) == 2  # in the console too
    seen.complaints.clear()


def test_other_classes_on_a_narrow_screen(opened):
    seen = opened(
        end(Dense(30), ReLU(), Dense(10), Softmax(), classes=NAMES), viewport={"width": 320, "height": 640}
    )
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 320
    assert seen.page.locator(".bar-class").all_inner_texts() == NAMES
    draw(seen, STROKES["line"])  # no digits, and so nothing that is none
    assert seen.page.evaluate(READING)["why"] in (None, "unsure")
    message = json.loads(
        seen.page.evaluate(
            "() => { try { glassnet.predict([1]); } catch (e) { return JSON.stringify(e.message); } }"
        )
    )
    assert message == "predict: expected 784 pixels, received 1"
