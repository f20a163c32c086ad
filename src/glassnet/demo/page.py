"""The page: what stands where, and which part asks the desk for what. Its named events are the API, too.

What is drawn is in `gr.HTML`, by demo.js; Gradio has the tabs, the choice of a model and the upload, and
carries what the parts ask and are told.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import api

from glassnet.demo.desk import Desk, told
from glassnet.demo.guard import guarded

MOUNT = """
const place = (file) => new URL("glassnet/" + file, document.baseURI).href;
const sheet = () => fetch(place("demo.css")).then((answer) => answer.text());
Promise.all([import(place("demo.js")), (window.glassnetSheet ??= sheet())])
  .then(([{ default: demo }, css]) => demo.mount(NAME, { element, props, trigger, watch, css }))
  .catch((error) => {
    element.textContent = `This part of the page could not be drawn (${error.message}). Reload it.`;
  });
"""
FONTS = "system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"
MONO = "ui-monospace", "SF Mono", "Menlo", "Consolas", "Liberation Mono", "monospace"
COLOURS = {  # as in web/css/00-tokens.css: light, dark
    "body_background_fill": ("#ffffff", "#101615"),
    "body_text_color": ("#16211f", "#e8eeed"),
    "body_text_color_subdued": ("#5a6866", "#9aa9a6"),
    "background_fill_primary": ("#ffffff", "#101615"),
    "background_fill_secondary": ("#f5f7f7", "#18201f"),
    "block_background_fill": ("#ffffff", "#101615"),
    "block_border_color": ("#dfe5e4", "#2a3533"),
    "block_label_text_color": ("#5a6866", "#9aa9a6"),
    "block_title_text_color": ("#5a6866", "#9aa9a6"),
    "border_color_primary": ("#dfe5e4", "#2a3533"),
    "border_color_accent": ("#0a7566", "#45c9b0"),
    "color_accent_soft": ("#e4f2ef", "#173430"),
    "input_background_fill": ("#ffffff", "#101615"),
    "input_border_color": ("#dfe5e4", "#2a3533"),
    "input_border_color_focus": ("#0a7566", "#45c9b0"),
    "link_text_color": ("#0a7566", "#45c9b0"),
}


def part(name: str, value: Any = None) -> Any:
    """Return a part of the page that demo.js draws; what it is given and gives is plain data."""
    made: Any = gr.HTML(
        value,
        html_template="",
        js_on_load=MOUNT.replace("NAME", json.dumps(name)),
        apply_default_css=False,
        elem_id=f"part-{name}",
        elem_classes=["part"],
    )
    # A class of its own would say so, too; but for each class Gradio writes a file beside this module.
    made.api_info = lambda: {"type": "object"}
    return made


def look() -> dict[str, Any]:
    """Return what Gradio is told of the page's looks: the studio's colours, and the fonts that are there."""
    theme = gr.themes.Base(font=list(FONTS), font_mono=list(MONO))
    told = {}
    for name, (light, dark) in COLOURS.items():
        told[name] = light
        told[f"{name}_dark"] = dark
    set_colours: Callable[..., Any] = theme.set
    return {"theme": set_colours(**told), "css_paths": [Path(__file__).parent / "page.css"]}


def page(desk: Desk, models: Callable[[], Sequence[str]], seed: int) -> gr.Blocks:
    """Return the page; `models` says which there are to choose among, now."""
    first = list(models())
    blocks = gr.Blocks(title="glassnet demo", analytics_enabled=False, fill_width=True)
    with blocks:
        with gr.Row(elem_id="top"):
            head = part("head")
            model = gr.Dropdown(first, value=first[0], label="Network", filterable=False, elem_id="model")
            model.allow_custom_value = True  # a name that is none of these is answered by the desk, in a line
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Test images"), gr.Row(equal_height=False):
                gallery, picked = part("gallery"), part("picked")
                choice = part("choice", {"seed": seed, "number": None})
            with gr.Tab("Draw"), gr.Row(equal_height=False):
                pad, drawn = part("pad"), part("drawn")
            with gr.Tab("Photo"):
                file = gr.File(label="A photo of digits", height=130, elem_id="photo")
                found = part("found")
            with gr.Tab("Weights") as tab:
                weights = part("weights")
        wire(desk, blocks, model, (choice, gallery, picked), (pad, drawn), (file, found), (tab, weights))
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
        blocks.load(lambda: gr.Dropdown(choices=list(models())), outputs=model, **quiet)
        gr.on([blocks.load, model.input], desk.about, model, head, **quiet)

        def names() -> list[str]:
            return list(models())

        api(names, api_name="models", queue=False)
    return guarded(blocks)


def wire(
    desk: Desk,
    blocks: gr.Blocks,
    model: gr.Dropdown,
    of_images: Sequence[Any],
    of_pad: Sequence[Any],
    of_photo: Sequence[Any],
    of_weights: Sequence[Any],
) -> None:
    """Let the parts ask; another model is asked the same again."""

    @told
    def images(model: str, choice: dict[str, Any]) -> Any:
        return desk.images(model, chosen(choice).get("seed", 0))

    @told
    def pick(model: str, choice: dict[str, Any]) -> Any:
        number = chosen(choice).get("number")
        return None if number is None else desk.pick(model, choice.get("seed", 0), number)

    def draw(model: str, drawing: dict[str, Any] | None) -> Any:
        return None if drawing is None else desk.draw(model, drawing)

    def photo(model: str, photo: str | None) -> Any:
        return None if photo is None else desk.photo(model, photo)

    def ask(triggers: Sequence[Any], answer: Callable[..., Any], inputs: Any, told: Any, mode: Any) -> None:
        gr.on(
            [*triggers, model.input], answer, inputs, told,
            api_name=answer.__name__, trigger_mode=mode, show_progress="hidden", queue=False,
        )  # fmt: skip

    choice, gallery, picked = of_images
    ask([blocks.load, choice.submit], images, [model, choice], gallery, "always_last")
    ask([choice.input], pick, [model, choice], picked, "always_last")
    pad, drawn = of_pad
    ask([pad.input], draw, [model, pad], drawn, "always_last")
    file, found = of_photo
    ask([file.upload, file.clear], photo, [model, file], found, "always_last")
    tab, weights = of_weights
    ask([tab.select], desk.weights, [model], weights, "always_last")


def chosen(choice: Any) -> dict[str, Any]:
    """Return which images are meant. Raises ValueError for what does not say it."""
    if not isinstance(choice, dict):
        raise ValueError(f'expected which images, such as {{"seed": 0, "number": 12}}, got {choice!r}')
    return choice
