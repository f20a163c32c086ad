"""LiveView in real notebooks: JupyterLab and marimo, each in Chromium, with a kernel that trains."""

import re
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest

from browser import notebooks
from glassnet import view

pytest.importorskip("anywidget")

from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
RUN = """
import glassnet as gn
from glassnet.notebook import LiveView
digits = gn.data.load("mnist-sample")
net = gn.Network([gn.Dense(32), gn.ReLU(), gn.Dense(10)], input_shape=784)
view = LiveView(gn.Training(net, digits, epochs=10_000, threads=1))
view
"""
BUSY = """
from pathlib import Path
while not Path("enough").exists():
    for _ in range(100_000): pass
"""
STEP = re.compile(r"step\s+([\d,]+)")
MARIMO = """
import marimo
app = marimo.App(width="medium")

@app.cell
def _():
{cell}
    return
"""


ALONE = """
<div></div><script type="module">
import studio from "./studio.js";
const css = await (await fetch("./studio.css")).text();
const calls = [];
const model = {
  get: (key) => (key === "css" ? css : undefined),
  send: (content) => sent.push(content),
  on: (event, call) => event === "msg:custom" && calls.push(call),
  off: () => {},
};
window.sent = [];
window.say = (content) => calls.forEach((call) => call(content, []));
studio.render({ model, el: document.querySelector("div") });
</script>
"""


class Seen:
    """A notebook's page: what it asked outside, what failed in it, and the view in it."""

    def __init__(self, page: Page, address: str, folder: Path) -> None:
        self.page, self.folder, self._host = page, folder, urlsplit(address).netloc
        self.elsewhere: list[str] = []
        self.failed: list[str] = []
        page.set_default_timeout(40_000)
        page.on("request", lambda request: self._asked(request.url))
        page.on("pageerror", lambda error: self.failed.append(str(error)))
        page.goto(address)

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self._host:
            self.elsewhere.append(url)

    @property
    def view(self):
        return self.page.locator(".glassnet-studio")

    def button(self, name: str):
        return self.view.get_by_role("button", name=name, exact=True)

    @property
    def state(self) -> str:
        return self.view.locator(".state").inner_text()

    @property
    def step(self) -> int:
        readouts = self.view.locator(".readouts")
        expect(readouts).to_contain_text(STEP, use_inner_text=True)  # from the page's first picture on
        return int(STEP.search(readouts.inner_text())[1].replace(",", ""))

    def until(self, happened) -> None:
        deadline = monotonic() + 40
        while not happened():
            assert monotonic() < deadline, "waited in vain"
            self.page.wait_for_timeout(50)

    def stands(self) -> int:
        """Wait until the run stands, and return at which step; its last picture may come after the word."""

        def same() -> bool:
            step = self.step
            self.page.wait_for_timeout(300)
            return self.state == "paused" and self.step == step

        self.until(same)
        return self.step

    def go_pause_step(self, go: str) -> tuple[int, int]:
        """Press the three, and return at which step it stood before the last and after it."""
        step = self.step
        self.button(go).click()
        self.until(lambda: self.step > step + 50)
        self.button("Pause").click()
        step = self.stands()
        self.button("step").click()
        self.until(lambda: self.step == step + 1)
        return step, self.stands()


@pytest.fixture(scope="module")
def lab(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """JupyterLab with a notebook: a cell shows a view, and the one below it computes until it is told."""
    pytest.importorskip("jupyterlab")
    folder = tmp_path_factory.mktemp("jupyter")
    notebooks.notebook(folder / "a.ipynb", RUN, BUSY.strip())
    with notebooks.serving(notebooks.jupyter(folder), folder, "/api") as address:
        context = chromium.new_context(viewport={"width": 1400, "height": 1000})
        seen = Seen(context.new_page(), f"{address}/lab/tree/a.ipynb?token=secret", folder)
        run_cell(seen.page, 0)
        seen.page.keyboard.press("Shift+Enter")  # the cell below too, as "Run All" does
        expect(seen.view.locator(".region-network canvas").first).to_be_visible(timeout=30_000)
        yield seen
        context.close()
    assert seen.elsewhere == []
    assert seen.failed == []


def run_cell(page: Page, number: int) -> None:
    cell(page, number).locator(".cm-content").click()
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_attached()
    page.keyboard.press("Shift+Enter")


def cell(page: Page, number: int):
    return page.locator(".jp-Notebook .jp-CodeCell").nth(number)


def test_the_buttons_answer_while_a_cell_computes(lab: Seen) -> None:
    prompt = cell(lab.page, 1).locator(".jp-InputPrompt")
    try:
        expect(prompt).to_have_text("[*]:")
        before, after = lab.go_pause_step("Start")
        assert after == before + 1
        expect(prompt).to_have_text("[*]:")
    finally:
        (lab.folder / "enough").touch()
    expect(prompt).to_have_text("[2]:", timeout=30_000)


def test_the_buttons_answer_in_jupyterlab(lab: Seen) -> None:
    before, after = lab.go_pause_step("Go on")
    assert after == before + 1


def test_keys_are_of_what_has_the_focus(lab: Seen) -> None:
    page = lab.page
    cells = page.locator(".jp-Notebook .jp-Cell")
    count = cells.count()
    step = lab.stands()
    lab.view.locator("h1").click()
    page.keyboard.press("ArrowRight")
    lab.until(lambda: lab.step == step + 1)
    for key in ("x", "b", "y", "j", "Enter", "d", "d"):  # which JupyterLab would cut, add and delete by
        page.keyboard.press(key)
    expect(lab.view.locator(".region-draw")).to_be_hidden()  # opened and closed
    expect(cells).to_have_count(count)
    expect(lab.view).to_be_visible()
    cell(page, 1).locator(".jp-InputPrompt").click()
    page.keyboard.press("b")
    expect(cells).to_have_count(count + 1)
    page.keyboard.press("z")
    expect(cells).to_have_count(count)
    assert lab.stands() == step + 1


def test_one_can_draw_and_look_inside(lab: Seen) -> None:
    view, page = lab.view, lab.page
    lab.button("Draw").click()
    pad = view.locator(".region-draw canvas").first
    pad.scroll_into_view_if_needed()
    place = pad.bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"]
    page.mouse.move(x, y + 0.2 * place["height"])
    page.mouse.down()
    page.mouse.move(x, y + 0.8 * place["height"], steps=8)
    page.mouse.up()
    expect(view.locator(".region-draw")).to_contain_text(re.compile("1|Not a digit"))
    lab.button("Draw").click()
    units = view.locator(".region-network")
    units.evaluate("e => e.scrollTop = 0")
    place = units.bounding_box()
    page.mouse.click(place["x"] + 0.4 * place["width"], place["y"] + 0.3 * place["height"])
    inside = view.locator(".inside")
    expect(inside).to_contain_text("Unit", timeout=30_000)
    expect(inside.locator(".line-doc").filter(has_text="equation").first).to_be_attached()
    assert inside.locator("a[href]").count() == 0  # there is no server that has those pages


def test_it_looks_as_the_notebook_does(lab: Seen) -> None:
    page, studio = lab.page, lab.view.locator(".studio")
    expect(studio).to_have_attribute("data-theme", "light")
    page.locator(".lm-MenuBar-item", has_text="Settings").click()
    page.locator(".lm-Menu-item", has_text="Theme").first.hover()
    page.locator(".lm-Menu-item", has_text="JupyterLab Dark").first.click()
    expect(studio).to_have_attribute("data-theme", "dark", timeout=30_000)


def test_a_reload_finds_the_run_and_a_restart_is_said(lab: Seen) -> None:
    page, step = lab.page, lab.stands()
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-Document.jp-mod-dirty, .lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    page.reload()
    expect(lab.view.locator(".region-network canvas").first).to_be_visible(timeout=30_000)
    assert lab.stands() == step
    page.locator(".lm-MenuBar-item", has_text="Kernel").click()
    page.locator(".lm-Menu-item", has_text="Restart Kernel…").first.click()
    page.locator(".jp-Dialog-button.jp-mod-warn").click()
    expect(lab.view).to_contain_text("run this cell again", timeout=30_000)


def test_the_buttons_answer_in_marimo(chromium: Browser, tmp_path: Path) -> None:
    pytest.importorskip("marimo")
    path = tmp_path / "a.py"
    path.write_text(MARIMO.format(cell=RUN.strip().replace("\n", "\n    ").join(["    ", ""])))
    with notebooks.serving(notebooks.marimo(path), tmp_path, "/health") as address:
        context = chromium.new_context(viewport={"width": 1200, "height": 900})
        seen = Seen(context.new_page(), address, tmp_path)
        expect(seen.view.locator(".region-network canvas").first).to_be_visible(timeout=30_000)
        before, after = seen.go_pause_step("Start")
        assert after == before + 1
        context.close()
    assert seen.elsewhere == []
    assert seen.failed == []


def test_a_page_hears_only_what_is_for_it(chromium: Browser) -> None:
    def answer(route) -> None:
        name = urlsplit(route.request.url).path.removeprefix("/")
        if name:
            route.fulfill(path=Path(view.__file__).with_name(name))
        else:
            route.fulfill(body=ALONE, content_type="text/html")

    context = chromium.new_context()
    page = context.new_page()
    page.route("http://notebook/**", answer)
    page.goto("http://notebook/")
    page.wait_for_function("window.sent?.length")
    name, strip = page.evaluate("sent[0].page"), page.locator(".strip")
    page.evaluate("say({to: 'another', over: 'too many commands'})")
    page.evaluate("say({to: 'another', over: true})")
    page.wait_for_timeout(100)
    expect(strip).to_have_count(0)
    page.evaluate("name => say({to: name, over: 'too many commands'})", name)
    expect(strip).to_contain_text("let this page go: too many commands")
    page.evaluate("name => say({to: name})", name)  # and has let it in again
    expect(strip).to_have_count(0)
    page.evaluate("say({over: true})")
    expect(strip).to_contain_text("The view is closed. Run this cell again")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert page.evaluate("sent.at(-1)") == {"page": name, "bye": True}
    context.close()
