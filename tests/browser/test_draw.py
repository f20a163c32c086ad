"""The pad: a digit drawn with mouse, finger, pen or keys is read; photos; refusals; why; into the network."""

import io
import re
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
SEVEN = ((0.26, 0.22), (0.74, 0.2), (0.44, 0.82))
DIGITS = {  # strokes in the unit square
    "7": (SEVEN,),
    "1": (((0.5, 0.12), (0.5, 0.88)),),
    "4": (((0.35, 0.12), (0.25, 0.6), (0.8, 0.58)), ((0.65, 0.15), (0.6, 0.9))),
}


@pytest.fixture
def page(shared_studio, look):
    """Open the page of a studio for all tests that leave its run as it is."""

    def open_page(**options):
        return ready(look(shared_studio("--data", "mnist-sample", "--hidden", "16").url, **options))

    return open_page


@pytest.fixture
def drawing(page):
    """Open the page, and the pad in it."""
    return lambda **options: with_pad(page(**options))


@pytest.fixture
def drawing_alone(studio, look):
    """The same in a studio of its own, for a test that trains or changes the sample."""
    return lambda: with_pad(ready(look(studio("--data", "mnist-sample").url)))


def ready(seen):
    seen.until_status("ready")
    return seen


def with_pad(seen):
    seen.button("Draw", exact=True).click()
    expect(seen.page.locator(".pad")).to_be_focused()
    return seen


def place(seen, x: float, y: float) -> tuple[float, float]:
    box = seen.page.locator(".pad").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def stroke(seen, points=SEVEN, lift: bool = True) -> None:
    mouse = seen.page.mouse
    mouse.move(*place(seen, *points[0]))
    mouse.down()
    for point in points[1:]:
        mouse.move(*place(seen, *point), steps=4)
    if lift:
        mouse.up()


def name(seen):
    return seen.page.locator(".draw-name")


def refusal(seen):
    return seen.page.locator(".draw-why")


def settled(seen) -> int:
    """Dark pixels of what was read, once the last reading is in."""
    seen.until_settled()
    return ink(seen)


def ink(seen) -> int:
    return int((seen["reading"].arrays["grey"] < 128).sum())


def photo_of(digits: str, ink=(40, 44, 70), paper=(214, 205, 190)) -> bytes:
    """A JPEG with digits in a row."""
    image = Image.new("RGB", (60 + 230 * len(digits), 420), paper)
    pen = ImageDraw.Draw(image)
    for k, digit in enumerate(digits):
        for line in DIGITS[digit]:
            points = [(60 + 230 * k + 180 * x, 90 + 240 * y) for x, y in line]
            pen.line(points, ink, 22, joint="curve")
            for x, y in points:
                pen.ellipse((x - 11, y - 11, x + 11, y + 11), ink)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()


DROP = """([bytes, name, type, selector]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(bytes)], name, { type }));
  const place = document.querySelector(".glassnet-studio").shadowRoot.querySelector(selector);
  for (const kind of ["dragenter", "dragover", "drop"]) {
    place.dispatchEvent(
      new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true, composed: true }));
  }
}"""


def drop(seen, content: bytes, file: str, kind: str, on: str = ".draw") -> None:
    seen.page.evaluate(DROP, [list(content), file, kind, on])


# ---- drawing


def test_a_seven_drawn_with_the_mouse_is_read_before_any_training(drawing):
    seen = drawing()
    assert seen.step == 0
    stroke(seen)
    expect(name(seen)).to_have_text("7")
    expect(seen.page.locator(".draw-sure")).to_have_text(re.compile(r"^(100|[5-9]\d) %$"))
    settled(seen)
    reading = seen["reading"]
    assert reading.arrays["images"].shape == (1, 28, 28)
    told = reading["digits"][0]["probabilities"]
    shown = seen.page.locator(".draw-value").all_inner_texts()  # of a picture after the last reading
    assert [float(text.removesuffix(" %")) for text in shown] == pytest.approx(
        [100 * p for p in told], abs=0.051
    )
    assert int(np.argmax(told)) == 7


def test_the_bars_follow_the_stroke_while_the_pen_is_down(drawing):
    seen = drawing()
    stroke(seen, SEVEN[:2], lift=False)
    seen.until(lambda: seen["reading"].arrays["images"].any(), "a reading of the half")
    half = seen["reading"].arrays["images"].copy()
    seen.page.mouse.move(*place(seen, *SEVEN[2]), steps=4)
    seen.until(lambda: (seen["reading"].arrays["images"] != half).any(), "a reading of the whole")
    expect(name(seen)).to_have_text("7")
    seen.page.mouse.up()


def test_a_seven_drawn_with_the_finger_is_read_and_the_page_does_not_scroll(drawing):
    seen = drawing(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    devtools = seen.page.context.new_cdp_session(seen.page)
    scrolled = seen.page.evaluate("scrollY")

    def touch(kind, *points):
        at = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    corners = [np.array(place(seen, *point)) for point in SEVEN]
    touch("touchStart", corners[0])
    for a, b in pairwise(corners):
        for t in np.linspace(0, 1, 8)[1:]:
            touch("touchMove", a + t * (b - a))
    palm = place(seen, 0.9, 0.9)
    touch("touchMove", corners[2], palm)  # a second finger comes down, and goes
    touch("touchMove", corners[2], place(seen, 0.1, 0.9))
    touch("touchEnd")
    expect(name(seen)).to_have_text("7")
    assert seen.page.evaluate("scrollY") == scrolled
    grey = seen["reading"].arrays["grey"]
    h, w = grey.shape
    assert grey[int(0.85 * h) :, : int(0.3 * w)].min() == 255  # the second finger drew nothing


PEN = """([pressures, points]) => {
  const pad = document.querySelector(".glassnet-studio").shadowRoot.querySelector(".pad");
  const box = pad.getBoundingClientRect();
  points.forEach(([x, y], i) => {
    const kind = i === 0 ? "pointerdown" : i === points.length - 1 ? "pointerup" : "pointermove";
    pad.dispatchEvent(new PointerEvent(kind, {
      pointerId: 9, pointerType: "pen", isPrimary: true, bubbles: true, composed: true, cancelable: true,
      button: 0, pressure: pressures, clientX: box.left + x * box.width, clientY: box.top + y * box.height,
    }));
  });
}"""


def test_a_pen_that_is_pressed_harder_draws_a_broader_line(drawing):
    seen = drawing()
    across = [[0.2 + 0.06 * i, 0.5] for i in range(11)]
    dark = []
    for pressure in (0.1, 1.0):
        seen.newest.pop("reading", None)
        seen.page.evaluate(PEN, [pressure, across])
        seen.until(
            lambda: (seen["reading"].arrays["grey"] < 128).any(axis=0).sum() > 150, "a line across the pad"
        )
        dark.append(int((seen["reading"].arrays["grey"] < 128).sum()))
        seen.press("Delete")
        seen.until(lambda: seen["reading"]["digits"][0]["why"] == "blank", "a clean pad")
    assert dark[1] > 2 * dark[0]


def test_undo_takes_strokes_back_and_clear_too(drawing):
    seen = drawing()
    stroke(seen)
    expect(name(seen)).to_have_text("7")
    one = settled(seen)
    stroke(seen, ((0.1, 0.9), (0.9, 0.9)))
    seen.until(lambda: ink(seen) > one, "a second stroke")
    seen.press("Control+z")
    seen.until(lambda: ink(seen) == one, "the first stroke alone")
    seen.button("Clear").click()
    seen.until(lambda: ink(seen) == 0, "an empty pad")
    expect(seen.button("Clear")).to_be_disabled()
    expect(seen.page.get_by_text("draw a digit here")).to_be_visible()
    seen.button("Undo").click()
    seen.until(lambda: ink(seen) == one, "what was cleared")
    expect(name(seen)).to_have_text("7")


def test_a_broader_brush_leaves_more_ink(drawing):
    seen = drawing()
    drawn = []
    for width in ("8", "40"):
        seen.page.get_by_role("slider", name="Brush width").fill(width)
        stroke(seen, ((0.2, 0.5), (0.8, 0.5)))
        seen.until(lambda: ink(seen) > 0, "a stroke")
        drawn.append(settled(seen))
        seen.button("Clear").click()
        seen.until(lambda: ink(seen) == 0, "an empty pad")
    assert drawn[1] > 3 * drawn[0]


def test_lines_are_as_sharp_as_the_screen(drawing):
    seen = drawing(device_scale_factor=2)
    size = seen.page.locator(".pad canvas").evaluate("canvas => [canvas.width, canvas.clientWidth]")
    assert abs(size[0] - 2 * size[1]) <= 1


# ---- refusals


def test_an_empty_pad_is_refused_without_naming_a_digit(drawing):
    seen = drawing()
    expect(refusal(seen)).to_have_text(re.compile("blank|nothing", re.IGNORECASE))
    expect(name(seen)).not_to_have_text(re.compile(r"\d"))
    assert seen["reading"]["digits"][0]["name"] is None
    stroke(seen)
    expect(name(seen)).to_have_text("7")
    seen.press("Delete")
    expect(refusal(seen)).to_have_text(re.compile("blank|nothing", re.IGNORECASE))
    expect(name(seen)).not_to_have_text(re.compile(r"\d"))
    expect(seen.button("Send it through the network")).to_be_disabled()


def test_what_is_refused_has_quiet_bars_and_a_reason_in_words(drawing):
    seen = drawing()
    seen.page.mouse.move(*place(seen, 0.5, 0.5))
    seen.page.mouse.down()
    seen.page.mouse.up()  # a dot
    seen.until(lambda: seen["reading"]["digits"][0]["why"] == "dot", "a dot")
    expect(name(seen)).not_to_have_text(re.compile(r"\d"))
    expect(refusal(seen)).not_to_have_text("")
    expect(seen.page.locator(".draw-answer")).to_have_class(re.compile("refused"))
    assert seen.page.locator(".draw-bars .named").count() == 0
    seen.button("For and against").click()
    expect(seen.page.locator(".draw-evidence")).to_contain_text("No digit is named")


# ---- stages


def test_the_stages_of_what_was_made_of_it_are_shown_in_order(drawing):
    seen = drawing()
    stroke(seen)
    settled(seen)
    made = seen.page.get_by_role("region", name="What the program made of it")
    expect(made.get_by_role("listitem")).to_have_count(5)
    titles = made.locator("b").all_inner_texts()
    assert titles == ["grey", "ink", "cropped", "scaled", "centred"]
    expect(made).to_contain_text("dark on light")
    scaled = seen["reading"].arrays["scaled"]
    assert max(scaled.shape) <= 20
    expect(made).to_contain_text(f"{scaled.shape[1]} × {scaled.shape[0]}")
    image = seen["reading"].arrays["images"][0].astype(float)
    across = (image.sum(axis=0) * np.arange(28)).sum() / image.sum()
    expect(made).to_contain_text(f"mass at {across:.1f}")


# ---- photos


def test_a_dropped_photo_shows_a_box_and_a_reading_for_each_digit(drawing):
    seen = drawing()
    drop(seen, photo_of("714"), "three.jpg", "image/jpeg")
    boxes = seen.page.get_by_role("listbox", name="Digits found in the photo").get_by_role("option")
    expect(boxes).to_have_count(3)
    told = seen["reading"]["digits"]
    assert [one["name"] for one in told] == ["7", "1", "4"]
    assert [box.inner_text() for box in boxes.all()] == ["7", "1", "4"]
    photo = seen.page.get_by_role("img", name=re.compile("three.jpg"))
    expect(photo).to_be_visible()
    frame = photo.bounding_box()
    width = seen["reading"].arrays["photo"].shape[1]
    for box, one in zip(boxes.all(), told, strict=True):
        shown = box.bounding_box()
        assert (shown["x"] - frame["x"]) / frame["width"] == pytest.approx(one["box"][0] / width, abs=0.02)
        assert shown["width"] / frame["width"] == pytest.approx(
            (one["box"][2] - one["box"][0]) / width, abs=0.02
        )
    expect(name(seen)).to_have_text("7")
    boxes.nth(2).click()
    expect(name(seen)).to_have_text("4")
    assert seen["reading"]["shown"] == 2
    seen.press("ArrowLeft")
    expect(name(seen)).to_have_text("1")
    expect(boxes.nth(1)).to_be_focused()
    seen.press("Control+z")  # of the pad, which is not there
    expect(photo).to_be_visible()
    seen.button("Back to the pad").click()
    expect(seen.page.locator(".pad")).to_be_visible()
    expect(name(seen)).not_to_have_text(re.compile(r"\d"))


def test_a_photo_is_dropped_anywhere_chosen_or_pasted(drawing):
    seen = drawing()
    seen.button("Close drawing").click()
    drop(seen, photo_of("7"), "seven.jpg", "image/jpeg", on=".region-network")
    expect(name(seen)).to_have_text("7")
    seen.page.get_by_label("A photo with digits").set_input_files(
        {"name": "four.jpg", "mimeType": "image/jpeg", "buffer": photo_of("4")}
    )
    expect(name(seen)).to_have_text("4")
    seen.page.evaluate(
        """([bytes]) => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(bytes)], "image.png", { type: "image/jpeg" }));
          document.body.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [list(photo_of("1"))],
    )
    expect(name(seen)).to_have_text("1")


def test_a_text_file_dropped_gives_one_line_and_leaves_the_drawing(drawing):
    seen = drawing()
    stroke(seen)
    expect(name(seen)).to_have_text("7")
    drop(seen, b"no picture at all\n", "words.txt", "text/plain")
    note = seen.page.locator(".draw-note")
    expect(note).to_contain_text("words.txt")
    expect(note).not_to_contain_text("Reading")
    assert "\n" not in note.inner_text()
    assert "Traceback" not in note.inner_text()
    expect(name(seen)).to_have_text("7")
    drop(seen, b"", "empty.jpg", "image/jpeg")
    expect(note).to_contain_text("empty.jpg: expected a picture, got an empty file")
    expect(seen.page.locator(".toast")).to_have_count(0)


# ---- which network reads, why, and through the network


def test_the_network_in_training_reads_the_drawing_as_it_learns(drawing_alone):
    seen = drawing_alone()
    stroke(seen)
    expect(name(seen)).to_have_text("7")
    seen.page.get_by_label("in training").check()
    seen.until(lambda: seen["reading"]["reader"] == "network", "the other reader")
    first = seen["reading"]["digits"][0]["probabilities"]
    seen.button("epoch", exact=True).click()
    seen.until_status("paused")
    seen.until(lambda: seen["reading"]["digits"][0]["probabilities"] != first, "another answer")
    seen.until(lambda: np.argmax(seen["reading"]["digits"][0]["probabilities"]) == 7, "a seven")
    seen.until(lambda: (seen["session"]["sample"] or {}).get("drawing"), "the drawing in the network")
    expect(seen.button("Flows through the network, live")).to_be_disabled()


def test_what_the_network_learns_takes_neither_the_sample_nor_the_note_away(drawing_alone):
    seen = drawing_alone()
    stroke(seen)
    seen.page.get_by_label("in training").check()
    seen.until(lambda: (seen["session"]["sample"] or {}).get("drawing"), "the drawing in the network")
    seen.button("Start").click()
    seen.until(lambda: seen.step > 5, "some steps")
    seen.button("random", exact=True).click()
    drop(seen, b"no picture at all\n", "words.txt", "text/plain")
    note = seen.page.locator(".draw-note")
    expect(note).to_contain_text("words.txt: expected a picture")
    for _ in range(2):  # it is read again
        told = seen["reading"]["seconds"]
        seen.until(lambda told=told: seen["reading"]["seconds"] != told, "another reading")
    assert not seen["session"]["sample"]["drawing"]
    expect(note).to_contain_text("words.txt: expected a picture")


def test_a_photo_is_read_again_by_the_network_that_has_learnt(drawing_alone):
    seen = drawing_alone()
    drop(seen, photo_of("71"), "two.jpg", "image/jpeg")
    boxes = seen.page.get_by_role("listbox", name="Digits found in the photo").get_by_role("option")
    boxes.nth(1).click()
    expect(name(seen)).to_have_text("1")
    seen.page.get_by_label("in training").check()
    seen.until(lambda: (seen["reading"]["reader"], seen["reading"]["shown"]) == ("network", 1), "its reading")
    before = seen["reading"]["digits"][1]["probabilities"]
    seen.button("step", exact=True).first.click()
    seen.until(lambda: seen["reading"]["digits"][1]["probabilities"] != before, "another answer")
    expect(boxes.nth(1)).to_have_attribute("aria-selected", "true")


def test_the_drawing_becomes_the_sample_that_flows_through_the_network(drawing_alone):
    seen = drawing_alone()
    stroke(seen)
    expect(name(seen)).to_have_text("7")
    settled(seen)
    seen.button("Send it through the network").click()
    seen.until(lambda: (seen["session"]["sample"] or {}).get("drawing"), "the drawing as the sample")
    image = seen["reading"].arrays["images"][0]
    seen.until(
        lambda: np.allclose(seen["frame"].arrays["a0"].reshape(28, 28), image / 255, atol=0.01), "its pixels"
    )
    chosen = seen.page.get_by_role("listbox", name="Samples to choose from")
    expect(chosen.locator("[aria-selected=true]")).to_have_count(0)
    seen.button("next", exact=True).click()
    seen.until(lambda: seen["session"]["sample"]["index"] is not None, "a sample of the data again")


def test_where_pictures_do_not_fit_the_network_the_built_in_one_reads_them(studio, look):
    seen = ready(look(studio("--data", "spirals").url))
    seen.press("d")
    expect(seen.page.get_by_label("in training")).to_be_disabled()
    stroke(seen)
    expect(name(seen)).to_have_text("7")
    expect(seen.button("Send it through the network")).to_be_disabled()


def test_pixels_for_and_against_are_shown_for_the_answer_and_for_a_class(drawing):
    seen = drawing()
    stroke(seen)
    expect(name(seen)).to_have_text("7")
    seen.button("For and against").click()
    evidence = seen.page.locator(".draw-evidence")
    expect(evidence).to_contain_text("For and against 7")
    assert seen["evidence"].arrays["gradient"].shape == (28, 28)
    most = float(np.abs(seen["evidence"].arrays["occlusion"]).max())
    pictures = evidence.get_by_role("img", name=re.compile("for 7: most for it"))
    expect(pictures).to_have_count(2)
    numbers = evidence.locator(".evidence-scale span").all_inner_texts()
    assert numbers[0] == numbers[1].replace("+", "−")
    assert 0.999 * most <= float(numbers[3].removeprefix("+").replace(",", "")) < 2.6 * most
    seen.page.get_by_role("option", name=re.compile("^1 ")).click()
    expect(evidence).to_contain_text("For and against 1")
    seen.until(lambda: seen["evidence"]["class"] == 1, "what speaks for 1")
    seen.page.get_by_role("option", name=re.compile("^1 ")).click()
    expect(evidence).to_contain_text("For and against 7")
    seen.press("Escape")
    seen.press("d")
    seen.press("Delete")
    expect(evidence).to_have_text(re.compile("^Nothing is drawn"))
    seen.until_settled()  # what was asked before comes too late
    expect(evidence).to_have_text(re.compile("^Nothing is drawn"))
    seen.press("Control+z")
    expect(evidence).to_contain_text("For and against 7")
    seen.button("For and against").click()
    expect(evidence).to_be_hidden()


# ---- by keys, by ear, and for those who watch


def test_a_seven_is_drawn_and_explained_by_keys_alone(page):
    seen = page()
    seen.press("d")
    pad = seen.page.get_by_role("application", name="Drawing pad")
    expect(pad).to_be_focused()
    for _ in range(6):
        seen.press("ArrowLeft")
    seen.page.keyboard.down("Space")
    for _ in range(12):
        seen.press("ArrowRight")
    for _ in range(14):
        seen.page.keyboard.down("ArrowDown")
        if _ % 2:
            seen.press("ArrowLeft")
        seen.page.keyboard.up("ArrowDown")
    seen.page.keyboard.up("Space")
    expect(name(seen)).to_have_text("7")
    assert (seen.status, seen.step) == ("ready", 0)  # the page's own keys kept still
    said = seen.page.locator(".draw [role=status]").filter(has_text=re.compile(r"^7, \d+ %"))
    expect(said).to_have_count(1)
    for _ in range(20):
        seen.press("Tab")
        if seen.button("For and against").evaluate("b => b.matches(':focus')"):
            break
    seen.press("Enter")
    expect(seen.page.locator(".draw-evidence")).to_contain_text("For and against 7")
    seen.press("Escape")
    expect(pad).to_be_hidden()
    expect(seen.button("Draw", exact=True)).to_be_focused()


def test_enter_puts_the_pen_down_for_one_hand(drawing):
    seen = drawing()
    seen.press("Enter")
    for _ in range(8):
        seen.press("ArrowDown")
    seen.press("Enter")
    seen.until(lambda: ink(seen) > 500, "a line")
    before = settled(seen)
    seen.press("ArrowDown")
    assert settled(seen) == before
    seen.press("Backspace")
    seen.until(lambda: ink(seen) == 0, "an empty pad")


def test_who_watches_may_draw_too(studio, look):
    seen = look(studio("--data", "mnist-sample", "--host", "127.0.0.2", links=2).links[1])
    ready(seen)
    seen.button("Draw", exact=True).click()
    stroke(seen)
    expect(name(seen)).to_have_text("7")
    expect(seen.button("Send it through the network")).to_have_count(0)


def test_the_pad_opens_beside_the_samples(page):
    seen = page()
    seen.button("draw your own").click()
    expect(seen.page.get_by_role("region", name="Draw", exact=True)).to_be_visible()
    expect(seen.page.get_by_role("region", name="The network")).to_be_visible()


def test_when_the_server_goes_the_drawing_stays_and_one_line_says_so(studio, look):
    server = studio("--data", "mnist-sample")
    seen = with_pad(ready(look(server.url)))
    stroke(seen)
    expect(name(seen)).to_have_text("7")
    seen.expected = "ERR_CONNECTION_REFUSED"  # Chromium's own words at each try
    assert server.end() == 0
    note = seen.page.locator(".draw-note")
    expect(note).to_have_text("The server has gone; what you drew stays here.")
    stroke(seen, ((0.2, 0.9), (0.8, 0.9)))  # one may draw on
    expect(name(seen)).to_have_text("7")  # what was read last
    expect(note).to_have_text("The server has gone; what you drew stays here.")
    expect(seen.page.locator(".toast")).to_have_count(0)
    expect(seen.button("Send it through the network")).to_be_disabled()


@pytest.mark.parametrize("width", [390, 768, 1024, 1440])
def test_the_pad_fits_the_page(drawing, width):
    seen = drawing(viewport={"width": width, "height": 844})
    stroke(seen)
    expect(name(seen)).to_have_text("7")
    across = seen.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert across[0] <= across[1]
    for part in (".pad", ".draw-answer", ".draw-stages"):
        box = seen.page.locator(part).bounding_box()
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= width, part
    if width >= 900:
        network = seen.page.get_by_role("region", name="The network").bounding_box()
        pad = seen.page.locator(".pad").bounding_box()
        assert network["x"] > pad["x"] + pad["width"]
        assert network["width"] > 450


def test_the_pad_and_look_inside_share_a_place(drawing):
    """The last that was asked for has it."""
    seen = drawing()
    stroke(seen)
    expect(name(seen)).to_have_text("7")
    pad = seen.page.locator(".pad")
    for again in (seen.button("Draw", exact=True), seen.button("draw your own")):
        tiles = seen.page.locator(".net-stage > .net-atlas").bounding_box()
        seen.page.mouse.click(tiles["x"] + tiles["width"] / 4, tiles["y"] + tiles["height"] / 4)
        expect(seen.page.get_by_role("heading", name=re.compile("^Unit")).first).to_be_visible()
        expect(pad).to_be_hidden()
        again.click()
        expect(pad).to_be_focused()
        expect(name(seen)).to_have_text("7")
    expect(seen.button("Draw", exact=True)).to_have_attribute("aria-expanded", "true")
