"""The demo's page: pick, draw, upload, refuse, weights, another network; keys; and nothing from elsewhere."""

import io
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from PIL import Image
from playwright.sync_api import expect

from demo.models import network, saved
from demo.process import Demo
from studio.drawn import SEVEN, sevens

without = find_spec("gradio") is None  # to import it takes seconds, and the demo is a process of its own
pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.skipif(without, reason="needs the demo extra"),
]
RUN = "runs/small"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    saved(folder / RUN, data="mnist-sample")
    saved(folder / "runs" / "letters", network(("a", "b")))
    demo = Demo(folder)
    yield demo
    assert demo.end() == 0
    assert demo.errors == ""
    demo.close()


@pytest.fixture
def page(demo, look):
    """Open the page, at one of its tabs."""

    def open_page(tab="Test images", **options):
        seen = look(demo.url, **options)
        seen.expected = "Method not implemented"  # Gradio's own, of each upload
        expect(tiles(seen)).to_have_count(100, timeout=60_000)  # the first page is served slowly
        seen.page.get_by_role("tab", name=tab).click()
        return seen

    return open_page


def tiles(seen):
    return seen.page.locator("#part-gallery").get_by_role("option")


def answer(seen, part):
    return seen.page.locator(f"#part-{part}")


def bars(seen, part):
    return answer(seen, part).get_by_role("listitem").filter(has_text="%")


def choose_network(seen, name):
    seen.page.get_by_role("combobox", name="Network").click()
    seen.page.get_by_role("option", name=name, exact=True).click()


def draw(seen, *strokes, lift=True):
    box = seen.page.get_by_role("application", name="Drawing pad").bounding_box()
    mouse = seen.page.mouse
    for line in strokes:
        points = [(box["x"] + x * box["width"] / 280, box["y"] + y * box["height"] / 280) for x, y in line]
        mouse.move(*points[0])
        mouse.down()
        for point in points[1:]:
            mouse.move(*point, steps=5)
        if lift:
            mouse.up()


def upload(seen, name, content):
    file = {"name": name, "mimeType": "image/png", "buffer": content}
    seen.page.locator("#photo input[type=file]").set_input_files(file)


def png(picture):
    content = io.BytesIO()
    Image.fromarray(255 - picture).save(content, "PNG")
    return content.getvalue()


def test_a_picked_image_is_predicted_and_judged_by_a_sign_and_a_word(page):
    seen = page()
    expect(answer(seen, "gallery")).to_contain_text("They are among MNIST's training images")
    tile = tiles(seen).nth(3)
    label = tile.locator("span").inner_text()
    tile.click()
    said = answer(seen, "picked").locator(".verdict")
    expect(said.locator(".verdict-name")).to_have_text([label, label])
    expect(said.locator(".verdict-badge")).to_have_text("✓right")
    expect(bars(seen, "picked")).to_have_count(10)
    expect(tile).to_have_attribute("aria-label", f"image 4: {label}; predicted {label}, right")

    choose_network(seen, RUN)  # of random weights: the same image again, and nearly all of them wrong
    expect(seen.page.locator("#part-head")).to_contain_text("runs/small 784-12-10: 9,550 parameters")
    assert "0s" not in answer(seen, "head").aria_snapshot()  # of Gradio's clock, which nobody sees
    answer(seen, "gallery").get_by_role("button", name="Ask about all").click()
    wrong = seen.page.locator(".gallery-grid .wrong")
    expect(wrong.first).to_contain_text("✗")
    expect(wrong.nth(50)).to_be_visible()
    wrong.first.click()
    expect(said.locator(".verdict-badge")).to_have_text("✗wrong")


def test_keys_pick_and_another_hundred_are_others(page):
    seen = page()
    tiles(seen).first.focus()
    seen.press("ArrowRight")
    seen.press("ArrowDown")
    expect(tiles(seen).nth(11)).to_be_focused()
    expect(tiles(seen).nth(11)).to_have_attribute("aria-selected", "true")
    expect(answer(seen, "picked").locator(".verdict-badge")).to_be_visible()
    answer(seen, "gallery").get_by_role("button", name="Another hundred").click()
    expect(answer(seen, "gallery")).to_contain_text("chosen by seed 1")
    expect(seen.page.locator(".gallery-grid [aria-selected=true]")).to_have_count(0)


def test_a_drawing_is_read_before_the_stroke_ends_and_what_is_no_digit_is_refused(page):
    seen = page("Draw")
    name, why = (answer(seen, "drawn").locator(f".draw-{part}") for part in ("name", "why"))
    draw(seen, SEVEN, lift=False)
    expect(name).to_have_text("7")
    seen.page.mouse.up()
    expect(answer(seen, "drawn").locator(".draw-stages li")).to_have_count(5)
    expect(answer(seen, "drawn").get_by_role("img", name="Put into 28 × 28")).to_be_visible()
    seen.page.get_by_role("button", name="Clear").click()
    expect(why).to_have_text("Not a digit: nothing is drawn")
    draw(seen, [(60, 60), (220, 220)], [(220, 60), (60, 220)])
    expect(why).to_have_text("Not a digit: straight lines")
    seen.press("Control+z")  # a backslash is left
    expect(why).to_have_text("Not a digit: straight lines")
    choose_network(seen, RUN)  # which reads the same
    expect(bars(seen, "drawn")).to_have_count(10)


def test_the_digits_of_a_photo_are_read_and_what_is_no_picture_is_one_line(page):
    seen = page("Photo")
    found = answer(seen, "found")
    upload(seen, "row.png", png(sevens(2)))
    boxes = found.get_by_role("option")
    expect(boxes).to_have_text(["7", "7"])
    boxes.nth(1).click()
    expect(boxes.nth(1)).to_have_attribute("aria-selected", "true")
    expect(found.locator(".draw-name")).to_have_text("7")
    seen.page.locator("#photo").get_by_role("button", name="Clear").click()
    expect(found.locator(".draw-why")).to_contain_text("Choose a photo or drop it above")
    upload(seen, "notes.png", b"no picture")
    expect(found.get_by_role("alert")).to_contain_text("notes.png: expected a picture (JPEG, PNG")
    expect(boxes).to_have_count(0)


def test_weights_are_images_and_another_network_brings_its_own(page):
    seen = page("Weights", color_scheme="dark", viewport={"width": 390, "height": 800})
    weights = answer(seen, "weights")
    expect(weights).to_contain_text("The 256 of 800 units with the largest weights")
    choose_network(seen, RUN)
    expect(weights).to_contain_text("The 12 units of the first layer of runs/small 784-12-10")
    weights.get_by_role("group").focus()
    seen.press("ArrowRight")
    expect(weights.get_by_role("status")).to_have_text("unit 1")
    colours = seen.page.evaluate(
        """() => {
          const root = document.querySelector("#part-weights .glassnet-part").shadowRoot;
          const canvas = root.querySelector(".net-atlas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
          return new Set(Array.from({ length: 784 }, (_, k) => data.slice(4 * k, 4 * k + 3).join())).size;
        }"""
    )
    assert colours > 50
    assert seen.page.evaluate("document.body.classList.contains('dark')")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_network_of_other_classes_says_why_there_are_no_images(page):
    seen = page()
    choose_network(seen, "runs/letters")
    problem = "runs/letters: expected the name of the data that it was trained on"
    expect(answer(seen, "gallery")).to_contain_text(problem)
    expect(answer(seen, "picked").locator(".answer")).to_be_hidden()
    seen.page.get_by_role("tab", name="Draw").click()
    draw(seen, SEVEN)
    expect(answer(seen, "drawn")).to_contain_text("This network has learnt other things than digits")
    expect(bars(seen, "drawn")).to_have_count(2)
