"""A set-up as the end of an address: `data=mnist&hidden=128,64&learning_rate=0.1`, and back."""

from typing import Any
from urllib.parse import parse_qsl, quote

from glassnet import recipes
from glassnet.data.toys import TOYS
from glassnet.recipes import Recipe
from glassnet.studio.catalogue import CONTROLS, RECIPES
from glassnet.studio.choices import NAMED, data_of
from glassnet.studio.control import named, shown
from glassnet.studio.controls import SETTINGS, changed, recipe_of, settings_of
from glassnet.studio.setups import Opening

MOST = 40  # settings of a link
WORDS = {"on": True, "off": False, "none": None}


def link_of(recipe: Recipe, suits: str) -> str:
    """Return the link of a recipe: its data, and what differs from the recipe that suits them.

    What another optimizer or other layers bring is left out.
    """
    settings = settings_of(recipe)
    data = settings.pop("data")
    usual = _usual(suits, data)
    brought = settings_of(changed(usual, {"optimizer": recipe.optimizer, "hidden": recipe.hidden}))
    before = {**brought, "optimizer": usual.optimizer, "hidden": list(usual.hidden)}
    told = {"data": data} | {name: _text(value) for name, value in settings.items() if value != before[name]}
    return "&".join(f"{name}={quote(value, safe=',()')}" for name, value in told.items())


def of_link(query: str, opening: Opening | None = None) -> tuple[dict[str, Any], list[str]]:
    """Return the settings that a link asks for, and a line on each part of it that was passed over.

    All settings, if the recipe that suits its data is known; else those that it names.
    """
    told, notices = _parts(query)
    suits, usual = told.pop("recipe", None), None
    try:
        if "data" in told:
            data_of(told["data"], opening)
            suits = suits or suited(told["data"])
        if suits is not None:
            usual = _usual(named("recipe", suits, list(RECIPES)), told.get("data", ""))
    except ValueError as error:
        told.pop("data", None)
        notices.append(f"link: {error}")
    good: dict[str, Any] = {}
    for name in sorted(told.keys() - {"data"}, key=SETTINGS.index):
        try:
            value = _value(name, told[name])
            recipe_of({**good, name: value}, usual or Recipe())
            good[name] = value
        except ValueError as error:
            notices.append(f"link: {error}")
    if usual is not None:
        good = settings_of(recipe_of(good, usual))
    return {**good, "data": told["data"]} if "data" in told else good, notices


def suited(data: str) -> str | None:
    """Return the recipe that suits a set by its name, None for a name that is not ours."""
    if data not in NAMED:
        return None
    return "xor" if data == "xor" else "points" if data in TOYS else "quick"


def _usual(suits: str, data: str) -> Recipe:
    settings = recipes.read(suits)
    on = settings.pop("on", {})
    return Recipe().changed({**settings, **on.get(data, {})})


def _parts(query: str) -> tuple[dict[str, str], list[str]]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST)
    except ValueError:
        return {}, [f"link: expected at most {MOST} settings, got more"]
    strange = [name for name, _ in pairs if name not in (*SETTINGS, "recipe")]
    notices = [f"link: there is no setting {shown(name)}" for name in strange]
    return {name: text for name, text in pairs if name not in strange}, notices


def _text(value: Any) -> str:
    for word, meaning in WORDS.items():
        if value is meaning or (value == [] and meaning is None):
            return word
    if isinstance(value, list):
        same = len({*value}) == 1 and isinstance(value[0], str)  # one activation for all layers
        return str(value[0]) if same else ",".join(map(str, value))
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _value(name: str, text: str) -> Any:
    """Return what a text stands for; what it may be is checked elsewhere."""
    kind = "choice" if name == "activation" else CONTROLS[name].type
    if kind == "choice":
        return text.split(",") if name == "activation" and "," in text else text
    if kind == "layers":
        return [] if text == "none" else [_number(name, part) for part in text.split(",")]
    if text in WORDS or text == "full":
        return WORDS.get(text, text)
    return _number(name, text)


def _number(name: str, text: str) -> int | float:
    try:
        return int(text) if text.isdecimal() and len(text) < 20 else float(text)
    except ValueError:
        raise ValueError(f"{name}: expected a number, got {shown(text)}") from None
