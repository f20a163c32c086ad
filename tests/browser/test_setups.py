"""Set-ups other than the first: the gallery, points and tables, recipes, and links that carry a set-up."""

import re

import pytest
from playwright.sync_api import expect

from glassnet.diagnose.gallery import GALLERY

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_each_broken_set_up_shows_its_finding(studio, look):
    """In one page, one after the other, as somebody would who tries them all."""
    seen = look(studio("--data", "mnist-sample").url)
    seen.until_status("ready")
    assert len(GALLERY) == 8
    for broken in GALLERY:
        run = seen["session"]["run"]
        seen.button("Broken nets").click()
        seen.page.get_by_role("dialog").get_by_role("button", name=broken.title).click()
        seen.until(lambda run=run: seen["session"]["run"] > run and seen.status == "ready", broken.title)
        seen.until(lambda: seen["frame"]["run"] == seen["session"]["run"], "its first picture")
        seen.button("Start").click()
        said = told(seen, broken.looks_for)
        region = seen.page.get_by_role("region", name="What looks wrong")
        expect(region.get_by_text(said[:20]).first).to_be_visible()


def told(seen, name):
    """Wait for a finding of that name; return its words."""
    found = lambda: [one["text"] for one in seen["frame"]["findings"] if one["name"] == name]  # noqa: E731
    seen.until(found, f"the finding {name}", seconds=60)
    return found()[0]


def test_a_good_set_up_raises_no_alarm(studio, look):
    seen = look(studio("--data", "mnist-sample").url)
    seen.until_status("ready")
    seen.button("Start").click()
    alarms = set()
    while seen.status != "ended":
        alarms |= {one["text"] for one in seen["frame"]["findings"]}
        seen.page.wait_for_timeout(20)
    assert alarms == set()
    expect(seen.page.get_by_text("Nothing looks wrong.")).to_be_visible()


def test_the_boundary_of_the_spirals_is_drawn_as_it_is_learnt(studio, look):
    seen = look(studio("--data", "spirals").url)
    seen.until_status("ready")
    before = seen["frame"].arrays["grid"].copy()
    seen.button("Start").click()
    seen.until_status("ended", seconds=60)
    seen.until(lambda: seen.step == seen["frame"]["total_steps"], "its last picture")
    after = seen["frame"].arrays["grid"]
    assert (after[..., 0] != before[..., 0]).mean() > 0.1
    picture = seen.page.get_by_role("img", name=re.compile("^What the network says")).first
    expect(picture).to_be_visible()
    seen.until(lambda: colours_of(picture) > 50, "many colours")


def colours_of(picture) -> int:
    """How many different colours a canvas holds."""
    return picture.evaluate(
        """canvas => {
          const { width, height } = canvas;
          const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
          return new Set(new Uint32Array(data.buffer)).size;
        }"""
    )


def test_a_table_trains_and_shows_its_rows_by_name(studio, look, tmp_path):
    table = tmp_path / "flowers.csv"
    rows = [f"{k % 7}.5,{(3 * k) % 5},{k % 11},{'rose' if k % 7 > 3 else 'iris'}" for k in range(200)]
    table.write_text("\n".join(["width,height,weight,flower", *rows]) + "\n", encoding="utf-8")
    seen = look(studio("--data", "flowers.csv", "--label", "flower").url)
    seen.until_status("ready")
    assert seen["session"]["data"]["kind"] == "table"
    assert seen["session"]["data"]["inputs"] == ["width", "height", "weight"]
    expect(seen.page.get_by_text("width").first).to_be_visible()
    seen.button("Start").click()
    seen.until_status("ended", seconds=60)
    seen.until(lambda: seen["validation"]["accuracy"] > 0.9, "accuracy")
    expect(seen.page.get_by_text("rose").first).to_be_visible()


def test_what_cannot_be_read_is_said_in_the_page(studio, look, tmp_path):
    (tmp_path / "table.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    server = studio("--data", "table.csv")
    server.expected = "glassnet: table.csv: expected --label COLUMN, got none; columns: a, b\n"
    seen = look(server.url)
    seen.until_status("failed")
    expect(seen.page.get_by_text("expected --label COLUMN").first).to_be_visible()
    seen.page.get_by_role("combobox", name="Other data").select_option("xor")
    seen.until_status("ready")
    seen.button("step", exact=True).click()
    seen.until(lambda: seen.step == 1, "a step on other data")


def test_values_are_predicted_too(studio, look):
    seen = look(studio("--data", "sine").url)
    seen.until_status("ready")
    assert seen["session"]["data"]["classes"] is None
    seen.button("Start").click()
    seen.until_status("ended", seconds=60)
    seen.until(lambda: seen["validation"]["r2"] > 0.8, "a good fit")
    expect(seen.page.get_by_role("heading", name="R²")).to_be_visible()


def test_other_data_are_chosen_in_the_page(studio, look):
    seen = look(studio("--data", "mnist-sample").url)
    seen.until_status("ready")
    seen.page.get_by_role("combobox", name="data").select_option("moons")
    seen.until(lambda: seen["session"].fields.get("data", {}).get("name") == "moons", "moons")
    assert seen["session"]["data"]["kind"] == "points"
    seen.button("step", exact=True).click()
    seen.until(lambda: seen.step == 1, "a step on them")


def test_a_link_carries_the_set_up_to_a_fresh_server(studio, look):
    seen = look(studio("--data", "mnist-sample").url)
    seen.until_status("ready")
    for name, value in (("learning rate", "0.05"), ("epochs", "7")):
        field = seen.page.get_by_role("textbox", name=name)
        field.fill(value)
        field.press("Enter")
    seen.button("layer", exact=True).click()
    seen.until(lambda: len(seen["session"]["settings"]["hidden"]) == 2, "two hidden layers")
    seen.until(lambda: seen["session"]["settings"]["epochs"] == 7, "seven epochs")
    settings = seen["session"]["settings"]
    seen.until(lambda: "epochs=7" in seen.page.url and "hidden=" in seen.page.url, "the address to follow")
    query = seen.page.url.partition("?")[2]

    fresh = look(studio("--data", "xor").url + "?" + query)
    fresh.until(lambda: fresh["session"].fields.get("settings") == settings, "the same settings")
    assert fresh.step == 0


def test_a_link_to_nonsense_says_so_and_leaves_the_studio_usable(studio, look):
    seen = look(studio("--data", "xor").url + "?learning_rate=fast&hidden=1e9&data=nowhere")
    seen.until_status("ready", "failed")
    seen.page.wait_for_timeout(300)
    assert seen["session"]["data"]["name"] == "xor"
    seen.button("step", exact=True).click()
    seen.until(lambda: seen.step == 1, "a step")
