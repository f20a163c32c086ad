"""Look inside: the chain rule of a unit or weight in the page, its numbers checked against Python's own."""

import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect

import glassnet as gn
from browser.watched import with_query
from e2e.command import environment
from e2e.command import glassnet as command

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
NEAR = {"rel": 1e-4, "abs": 1e-7}  # float32 against float64


@pytest.fixture
def small(shared_studio):
    """The address of a studio with a small network of images, for all tests that begin it anew."""
    return shared_studio("--data", "mnist-sample", "--hidden", "16").url


def ready(look, url, steps=3, **options):
    """A page whose network has made some steps since its start; who had it before left it anywhere."""
    seen = look(url, **options)
    seen.until_status("ready", "paused")
    if seen.step or seen["frame"]["scrub"] is not None:
        seen.button("same seed").click()
        seen.until(lambda: seen.step == 0 and seen.status == "ready", "the same network anew")
    for step in range(seen.step, steps):
        seen.button("step", exact=True).first.click()
        seen.until(lambda step=step: seen.step > step and seen.status == "paused", "a step")
    return seen


def panel(seen):
    return seen.page.get_by_role("region", name="Look inside")


def explained(seen, *what):
    """Wait until the panel tells of (layer, unit, weight) at the step that is shown."""

    def holds():
        if "explain" not in seen.newest:
            return False
        told = seen["explain"]["explanation"]
        return [told["layer"], told["unit"], told["weight"]] == list(what) and told["step"] == seen.step

    seen.until(holds, f"the explanation of {what}")
    return seen["explain"]["explanation"]


def shown(seen, section, key):
    """A line's number: as it is written, and in full."""
    line = panel(seen).locator(f".inside-section.{section} .line[data-key={key}]").first
    number = line.locator(".line-total > data.value")
    expect(number).not_to_have_text("")
    text, full = number.inner_text(), float(number.get_attribute("title"))
    return text, full


def read(text):
    """The number that a text stands for, and what its last digit is worth."""
    front, _, power = text.replace("−", "-").replace("+", "").partition("·10")
    scale = 10.0 ** int(power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")) or 0)
    return float(front) * scale, scale * 10.0 ** -len(front.partition(".")[2])


def saved(seen, folder):
    """The network as it is in the run, through a model file."""
    with seen.page.expect_download() as told:
        seen.button("save", exact=True).click()
    told.value.save_as(folder / f"model-{seen.step}.npz")
    return gn.load(folder / f"model-{seen.step}.npz")


def choose_unit(seen, stage, unit):
    """With the keys of the picture: to the stage, to its first unit, to the unit, and inside."""
    seen.page.locator(".net-stage").focus()
    for key in ["PageUp"] * 5 + ["PageDown"] * stage:
        seen.press(key)
    seen.press("Home")
    at = "group", re.compile("Arrow keys move between units")
    expect(seen.page.get_by_role(at[0], name=at[1])).to_be_focused()
    for _ in range(unit):
        seen.press("ArrowDown" if stage else "ArrowRight")
    seen.press("Enter")


def pick_weight(seen, row, column, side=28):
    """Click a weight in the image of the unit at large."""
    picture = panel(seen).get_by_role("group", name=re.compile("weights into"))
    box = picture.bounding_box()
    x, y = (column + 0.5) / side, (row + 0.5) / side
    seen.page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def by_hand(network, x, label):
    """z and dz of both layers of a Dense-tanh-Dense-softmax network, for one example, in float64."""
    w1, b1, w2, b2 = (np.float64(network.parameters[name]) for name in ("1.W", "1.b", *last_names(network)))
    z1 = x @ w1 + b1
    a1 = np.tanh(z1)
    z2 = a1 @ w2 + b2
    p = np.exp(z2 - z2.max())
    p /= p.sum()
    dz2 = p - np.eye(len(p))[label]
    return z1, z2, dz2 @ w2.T * (1 - a1 * a1), dz2


def last_names(network):
    place = max(int(name.partition(".")[0]) for name in network.parameters)
    return f"{place}.W", f"{place}.b"


def image_of(seen):
    """The chosen sample as the network's input, from the pixels that the page was sent."""
    data, index = seen["data"], seen["session"]["sample"]["index"]
    at = list(data.arrays["index"]).index(index)
    return data.arrays["images"][at].reshape(-1) / 255.0, int(data.arrays["labels"][at])


def test_a_clicked_weights_numbers_are_those_that_python_computes(studio, look, tmp_path):
    url = studio("--data", "mnist-sample", "--hidden", "16", "--activation", "tanh").url
    seen = ready(look, url, steps=5)
    network = saved(seen, tmp_path)
    x, label = image_of(seen)
    z1, _, dz1, _ = by_hand(network, x, label)
    unit = 0
    i = int(np.flatnonzero(x > 0.9)[3])
    choose_unit(seen, 0, 0)
    pick_weight(seen, *divmod(i, 28))
    explained(seen, 1, unit, [i, unit])
    told = {
        "z": shown(seen, "forward", "z"),
        "dz": shown(seen, "backward", "dz"),
        "dW": shown(seen, "backward", "dW"),
        "w": shown(seen, "update", "w"),
    }
    right = {
        "z": z1[unit], "dz": dz1[unit], "dW": x[i] * dz1[unit], "w": float(network.parameters["1.W"][i, unit])
    }  # fmt: skip
    assert right["dz"] != 0
    for key, (text, full) in told.items():
        assert full == pytest.approx(right[key], **NEAR), key
        value, digit = read(text)
        assert abs(value - full) <= 0.5001 * digit, (key, text, full)
        assert len(re.sub(r"\D", "", text.partition("·")[0]).lstrip("0")) >= 4, text
    assert told["w"][1] == right["w"]  # to the last bit


def test_a_step_makes_the_weight_that_was_told_come_true(small, look, tmp_path):
    seen = ready(look, small)
    choose_unit(seen, 0, 2)
    pick_weight(seen, 14, 14)
    told = explained(seen, 1, 2, [14 * 28 + 14, 2])
    update = next(one for one in told["sections"] if one["name"] == "update")
    new = next(line["value"] for line in update["lines"] if line["key"] == "w_new")
    said = panel(seen).locator(".inside-said")
    expect(said.locator("data").nth(1)).to_have_attribute("title", js(new))
    for _ in range(2):
        step = seen.step
        expected = said.locator("data").nth(1).get_attribute("title")
        panel(seen).get_by_role("button", name="step").click()
        seen.until(lambda step=step: seen.step == step + 1 and seen.status == "paused", "the step")
        explained(seen, 1, 2, [14 * 28 + 14, 2])
        expect(panel(seen).locator(".inside-told data")).to_have_attribute("title", expected)
        expect(panel(seen).get_by_text("✓ it came true", exact=True)).to_be_visible()
        assert float(saved(seen, tmp_path).parameters["1.W"][14 * 28 + 14, 2]) == float(expected)


def js(number):
    """As JavaScript writes a number."""
    return re.sub(r"e([+-])0", r"e\1", repr(number))


def test_hovering_a_term_lights_what_it_comes_from_and_the_other_way_round(small, look):
    seen = ready(look, small)
    choose_unit(seen, 0, 1)
    told = explained(seen, 1, 1, None)
    back = next(one for one in told["sections"] if one["name"] == "backward")
    first = next(line for line in back["lines"] if line["key"] == "dy")["terms"][0]["unit"]["unit"]
    answers = seen.page.locator(".net-answers li")
    terms = panel(seen).locator(".inside-section.backward .line[data-key=dy] .term")
    expect(seen.page.locator(".net-answers .lit")).to_have_count(0)
    terms.first.hover()
    expect(answers.nth(first)).to_have_class(re.compile(r"\blit\b"))
    expect(seen.page.locator(".net-answers .lit")).to_have_count(1)
    answers.nth(first).hover()
    expect(seen.page.locator(".net-answers .lit")).to_have_count(0)
    expect(terms.first).to_have_class(re.compile(r"\bmarked\b"))
    terms.first.focus()
    expect(answers.nth(first)).to_have_class(re.compile(r"\blit\b"))
    # a pixel, and its line to the unit, in the picture
    overlay = "canvas => canvas.toDataURL()"
    picture = seen.page.locator(".net-overlay")
    seen.page.mouse.move(2, 2)
    panel(seen).get_by_role("button", name="Close").focus()
    expect(seen.page.locator(".net-answers .lit")).to_have_count(0)
    seen.until_settled()
    before = picture.evaluate(overlay)
    pixels = panel(seen).locator(".inside-section.forward .line[data-key=z] .term.from")
    pixels.first.hover()
    seen.until(lambda: picture.evaluate(overlay) != before, "light in the picture")
    seen.page.mouse.move(2, 2)
    seen.until(lambda: picture.evaluate(overlay) == before, "no light")


FOCUS = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.getAttribute("aria-label") ?? at?.textContent ?? "";
}"""


def test_a_weight_is_looked_into_by_keys_alone(small, look):
    seen = ready(look, small, steps=0)
    for _ in range(120):
        if "Arrow keys move between units" in seen.page.evaluate(FOCUS):
            break
        seen.press("Tab")
    seen.press("Home")
    seen.press("ArrowRight")
    seen.press("Enter")
    expect(panel(seen)).to_be_visible()
    seen.until(lambda: "784 weights into unit" in seen.page.evaluate(FOCUS), "the focus inside")
    seen.press("ArrowRight")
    seen.press("ArrowDown")
    seen.press("Enter")
    title = panel(seen).get_by_role("heading", level=3)
    expect(title).to_have_text(re.compile(r"^Weight from pixel \(15, 15\) to unit \d+ of hidden layer 1$"))
    told = panel(seen).get_by_role("status").filter(has_text=re.compile("goes from|stays at"))
    expect(told).to_have_count(1)
    step = seen.step
    while seen.page.evaluate(FOCUS) != "step":
        seen.press("Shift+Tab")
    seen.press("Enter")
    seen.until(lambda: seen.step == step + 1, "a step")
    while "where from" not in seen.page.evaluate(FOCUS) and "∂z" not in seen.page.evaluate(FOCUS):
        seen.press("Tab")
    seen.press("Enter")
    expect(panel(seen).locator(".chain-origin")).to_be_visible()
    seen.press("Escape")
    expect(panel(seen)).to_be_hidden()
    seen.until(lambda: "Arrow keys move between units" in seen.page.evaluate(FOCUS), "the focus back")


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_points_through_a_deep_network_are_told_with_pythons_numbers(studio, look, tmp_path, optimizer):
    query = f"hidden=6,5,4&activation=tanh,relu,sigmoid&optimizer={optimizer}&l2=0.01"
    seen = ready(look, with_query(studio("--data", "spirals").url, query), steps=0)
    seen.until(lambda: seen["session"]["settings"]["hidden"] == [6, 5, 4], "the network of the link")
    seen = ready_again(seen, 2)
    network = saved(seen, tmp_path)
    place = seen["session"]["network"]["layers"][-2]["place"]
    choose_unit(seen, 3, 1)
    told = explained(seen, place, 1, None)
    assert told["kind"] == "Dense"
    x = np.float64(seen["frame"].arrays["a0"])
    p = np.float64(network.predict_proba(np.float32(unscaled(seen)))[0])
    assert x.shape == (2,)
    label = seen["session"]["sample"]["label"]
    text, full = shown(seen, "backward", "dz")
    assert full == pytest.approx(p[1] - (label == 1), rel=1e-4, abs=1e-6)
    assert abs(read(text)[0] - full) <= 0.5001 * read(text)[1]
    _, probability = shown(seen, "forward", "p")
    assert probability == pytest.approx(p[1], rel=1e-4)
    _, loss = shown(seen, "forward", "loss")
    assert loss == pytest.approx(-np.log(p[label]), rel=1e-4)
    expect(panel(seen).locator(".inside-section.update .line").first).to_be_visible()
    names = panel(seen).locator(".inside-section.forward .term-name")
    expect(names.first).to_have_text(re.compile(r"^unit \d$"))


def ready_again(seen, steps):
    while seen.step < steps:
        step = seen.step
        seen.button("step", exact=True).first.click()
        seen.until(lambda step=step: seen.step > step and seen.status == "paused", "a step")
    return seen


def unscaled(seen):
    """The chosen point as it is in the data."""
    data, index = seen["data"], seen["session"]["sample"]["index"]
    places = np.flatnonzero(data.arrays["held"])
    return data.arrays["points"][places[index]][None]


def test_a_tables_inputs_are_called_by_their_names(studio, look, tmp_path):
    file = tmp_path / "flowers.csv"
    rng = np.random.default_rng(0)
    rows = [f"{a:.2f},{b:.2f},{c:.2f},{'rose' if a > b else 'lily'}" for a, b, c in rng.normal(3, 1, (80, 3))]
    file.write_text("petal length,stem width,scent,kind\n" + "\n".join(rows) + "\n")
    seen = ready(look, studio("--data", str(file), "--label", "kind").url, steps=1)
    expect(seen.page.locator(".net-table .net-heat")).to_be_visible()
    box = seen.page.locator(".net-table .net-heat").bounding_box()
    seen.page.mouse.click(box["x"] + 3, box["y"] + 0.5 * box["height"])
    told = explained(seen, 1, 0, [1, 0])
    title = panel(seen).get_by_role("heading", level=3)
    expect(title).to_have_text("Weight from stem width to unit 0 of hidden layer 1")
    terms = panel(seen).locator(".inside-section.forward .line[data-key=z] .term.from")
    names = {"petal length", "stem width", "scent"}
    seen.until(lambda: {*terms.locator(".term-name").all_inner_texts()} == names, "the inputs' names")
    inputs = seen.page.locator(".net-features li")
    terms.filter(has_text="petal length").hover()
    expect(inputs.first).to_have_class(re.compile(r"\blit\b"))
    inputs.nth(1).hover()
    expect(terms.filter(has_text="stem width")).to_have_class(re.compile(r"\bmarked\b"))
    line = next(line for line in told["sections"][0]["lines"] if line["key"] == "z")
    total = sum(term["value"] for term in line["terms"]) + (line["rest"] or {"value": 0})["value"]
    assert line["value"] == pytest.approx(total, rel=1e-5, abs=1e-6)


def test_while_it_runs_one_question_at_a_time_is_asked(studio, look):
    seen = look(with_query(studio("--data", "mnist-sample", "--hidden", "16").url, "epochs=5000"))
    asked = {"sent": 0, "most": 0}
    answered = {"n": 0}

    def sent(payload):
        if isinstance(payload, str) and json.loads(payload).get("kind") == "explain":
            asked["sent"] += 1
            asked["most"] = max(asked["most"], asked["sent"] - answered["n"])

    received = seen._received

    def got(payload):
        received(payload)
        answered["n"] += b'"explain"' in payload[:400] if isinstance(payload, bytes) else 0

    seen.page.on("websocket", lambda socket: (socket.on("framesent", sent), socket.on("framereceived", got)))
    seen.page.reload()
    seen.until_status("ready")
    choose_unit(seen, 0, 1)
    seen.press("Escape")
    seen.press("Enter")
    seen.button("Start").click()
    seen.until(lambda: seen["explain"]["explanation"]["step"] > 20, "numbers of the run")
    first = panel(seen).locator(".inside-where").inner_text()
    seen.until(lambda: panel(seen).locator(".inside-where").inner_text() != first, "newer numbers")
    seen.button("Pause").click()
    seen.until_status("paused")
    explained(seen, 1, 1, None)
    assert asked["sent"] >= 3
    assert asked["most"] <= 1


def test_the_past_is_told_as_it_was(small, look):
    seen = ready(look, small, steps=4)
    choose_unit(seen, 1, 3)
    explained(seen, 3 if seen["session"]["network"]["layers"][2]["kind"] == "Dense" else 4, 3, None)
    now = shown(seen, "forward", "z")[1]
    slider = seen.page.get_by_role("slider", name="Time")
    slider.focus()
    seen.press("ArrowLeft")
    seen.until(lambda: seen["frame"]["scrub"] is not None, "an earlier point")
    expect(panel(seen).locator(".inside-where")).to_contain_text("the past")
    seen.until(lambda: seen["explain"]["explanation"]["step"] == seen.step, "its explanation")
    expect(panel(seen).locator(".line[data-key=z] .line-total > data.value")).not_to_have_attribute(
        "title", js(now)
    )


def test_each_line_leads_to_its_derivation(small, look):
    seen = ready(look, small)
    seen.page.locator(".net-answers li").nth(3).click()
    expect(panel(seen).get_by_role("link").first).to_be_visible()
    links = panel(seen).get_by_role("link").all()
    assert len(links) >= 4
    for link in links:
        assert re.fullmatch(r"math/[a-z_]+\.html#[a-z0-9-]+", link.get_attribute("href")), link
        assert link.get_attribute("target") == "_blank"
        _, _, anchor = link.get_attribute("href").partition("#")
        page = link.evaluate("async (link) => (await fetch(link.href)).text()")
        assert f'id="{anchor}"' in page, link
    assert "equation 1 of Dense" in [link.inner_text() for link in links]
    with seen.page.context.expect_page() as opened:
        links[0].click()
    expect(opened.value).to_have_title(re.compile("Dense"))


def test_a_term_leads_to_its_unit_wherever_it_is_clicked(studio, look):
    seen = ready(look, studio("--data", "mnist-sample", "--hidden", "16,12").url)
    seen.page.locator(".net-answers li").nth(3).click()
    title = panel(seen).get_by_role("heading", level=3)
    first = panel(seen).locator(".inside-section.forward .line[data-key=z] .term.from").first
    name = first.locator(".term-name").inner_text()
    first.locator(".factors data").first.click()  # which is also selected, to be copied
    expect(title).to_have_text(f"{name.capitalize()} of hidden layer 2")
    above = panel(seen).locator(".inside-section.backward .line[data-key=dy]")
    expect(above.locator(".line-words")).to_have_text("the error that came down from the last layer (5)")
    expect(above.locator(".line-formula sup").first).to_have_text("(5)")
    panel(seen).get_by_role("button", name="← class 3").click()
    expect(title).to_have_text("Class 3 of the last layer")
    expect(first.locator(".term-name")).to_have_text(name)
    seen.until_settled()
    box = first.locator(".factors").bounding_box()
    seen.page.mouse.move(box["x"], box["y"] + box["height"] / 2)
    seen.page.mouse.down()
    seen.page.mouse.move(box["x"] + box["width"], box["y"] + box["height"] / 2, steps=4)
    seen.page.mouse.up()  # to select
    expect(panel(seen).get_by_role("button", name="←")).to_be_hidden()
    expect(title).to_have_text("Class 3 of the last layer")


def test_where_dropout_comes_in_it_is_still_the_same_unit_that_is_told(studio, look):
    url = studio("--data", "mnist-sample", "--hidden", "16").url
    seen, other = ready(look, url, steps=0), look(url)
    seen.page.locator(".net-answers li").nth(3).click()
    explained(seen, 3, 3, None)
    other.until_status("ready")
    other.page.get_by_text("Regularization", exact=False).first.click()
    box = other.page.get_by_role("textbox", name=re.compile("^dropout", re.IGNORECASE)).first
    box.fill("0.25")
    box.press("Enter")
    assert explained(seen, 4, 3, None)["kind"] == "Dense"  # the layers above have moved up by one
    expect(panel(seen).locator(".inside-section.forward .line[data-key=p]")).to_be_visible()
    expect(panel(seen).get_by_role("heading", level=3)).to_have_text("Class 3 of the last layer")


def test_watchers_look_inside_but_do_not_step(studio, look):
    served = studio("--data", "mnist-sample", "--hidden", "16", "--host", "127.0.0.2", links=2)
    _, watch = served.links
    seen = look(watch)
    seen.until_status("ready")
    seen.page.locator(".net-answers li").nth(3).click()
    expect(panel(seen).locator(".inside-section .line").first).to_be_visible()
    expect(panel(seen).get_by_role("button", name="step")).to_be_hidden()


def test_the_image_a_unit_likes_best_and_what_spoke_for_an_answer(small, look):
    seen = ready(look, small)
    seen.page.locator(".net-answers li").nth(3).click()
    panel(seen).get_by_role("button", name="its favourite image").click()
    expect(panel(seen).get_by_role("img", name=re.compile(r"^Favourite image, .*: .*\d"))).to_be_visible()
    panel(seen).get_by_role("button", name="what spoke for “3”").click()
    for name in ("gradient × input", "occlusion"):
        picture = panel(seen).get_by_role("img", name=re.compile(f"^{name}: .*“3”; full colour at ±"))
        expect(picture).to_be_visible()
    low, high = (panel(seen).locator(f".inside-range .{side}").first for side in ("against", "for"))
    reach = float(np.abs(seen["evidence"].arrays["gradient"]).max())
    assert abs(read(high.inner_text().split()[-1])[0] - reach) <= 0.05 * reach
    assert low.inner_text().split()[-1].strip("−") == high.inner_text().split()[-1].strip("+")


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_looking_inside_nothing_stands_out_to_the_side(small, look, width):
    seen = ready(look, small, steps=1, viewport={"width": width, "height": 844})
    seen.page.locator(".net-answers li").nth(3).click()
    expect(panel(seen).locator(".inside-section .line").first).to_be_visible()
    expect(seen.page.locator(".region-progress")).to_be_visible(visible=width <= 900)  # wide, it makes room
    across = seen.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert across[0] <= across[1]
    inner = panel(seen).evaluate("element => [element.scrollWidth, element.clientWidth]")
    assert inner[0] <= inner[1] + 1


def test_a_recorded_point_says_why_no_update_is_told(studio, look, tmp_path):
    (tmp_path / "home").mkdir(exist_ok=True)
    arguments = ["train", "--data", "spirals", "--epochs", "4", "--out", "run"]
    done = command(arguments, tmp_path, environment(tmp_path / "home"))
    assert done.code == 0, done.err
    seen = look(studio("--run", "run").url)
    seen.until_status("ended")
    seen.page.locator(".net-answers li").nth(1).click()
    update = panel(seen).get_by_role("region", name="Update")
    expect(update).to_be_visible()
    seen.page.get_by_role("slider", name="Time").focus()
    seen.press("Home")
    seen.press("ArrowRight")
    seen.until(lambda: seen["frame"]["scrub"] is not None and seen.step > 0, "a recorded point")
    expect(panel(seen).get_by_text("No update: of this point the weights were recorded")).to_be_visible()
    expect(update).to_have_count(0)
    expect(panel(seen).get_by_role("region", name="Backward")).to_be_visible()


COPIED = """(line) => {
  const range = document.createRange();
  range.selectNodeContents(line);
  const selection = line.getRootNode().getSelection?.() ?? document.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  let text = null;
  const hear = (event) => { text = event.clipboardData.getData("text/plain"); };
  document.addEventListener("copy", hear, { once: true });
  document.execCommand("copy");
  return text;
}"""


def test_what_is_copied_has_all_digits(small, look):
    seen = ready(look, small, steps=1)
    seen.page.locator(".net-answers li").nth(3).click()
    line = panel(seen).locator(".inside-section.forward .line[data-key=z]")
    expect(line).to_be_visible()
    text, full = shown(seen, "forward", "z")
    copied = line.evaluate(COPIED)
    assert js(full) in copied
    assert text not in copied


def test_a_click_on_a_link_or_a_matrix_cell_looks_inside_that_weight(small, look):
    seen = ready(look, small, steps=1)
    box = seen.page.locator(".net-matrix .net-heat").bounding_box()
    seen.page.mouse.click(box["x"] + 6.5 / 16 * box["width"], box["y"] + 4.5 / 10 * box["height"])
    title = panel(seen).get_by_role("heading", level=3)
    expect(title).to_have_text("Weight from unit 6 to class 4 of the last layer")
    panel(seen).get_by_role("button", name="Close").click()
    stage, answers = seen.page.locator(".net-stage"), seen.page.locator(".net-answers").bounding_box()
    tiles = seen.page.locator(".net-atlas").bounding_box()
    middle = (tiles["x"] + tiles["width"] + answers["x"]) / 2
    seen.page.mouse.move(middle, 10)
    for y in range(int(tiles["y"]), int(tiles["y"] + tiles["height"]), 3):
        seen.page.mouse.move(middle, y)
        seen.page.evaluate("() => new Promise(requestAnimationFrame)")  # which moves the pointer, too
        if "on-link" in stage.get_attribute("class"):
            break
    seen.page.mouse.click(middle, y)
    expect(title).to_have_text(re.compile(r"^Weight from unit \d+ to class \d of the last layer$"))
