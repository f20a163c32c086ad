"""The page: a template, in which stand the composed script and sheet, the description and the weights."""

import json
import re
from collections.abc import Mapping
from functools import partial
from html import escape
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from glassnet import __version__
from glassnet.atomic import atomic
from glassnet.nn import Network
from glassnet.page import description
from glassnet.page.weights import in_base64, packed

HERE = Path(__file__).parent
PLACE = re.compile(r"\{\{(\w+)\}\}")


def write(network: Network, notes: Mapping[str, Any], path: str | PathLike[str]) -> None:
    """Write a network, with the notes of its file, as a page of HTML that needs nothing else.

    The file appears whole or not at all. Raises ValueError, in one line, for a network that a page cannot
    show: of other inputs than 28×28 grey pixels, of values, with layers of your own; OSError if it cannot be
    written.
    """
    text = html(network, notes)
    with atomic(path) as file:
        file.write(text.encode())


def html(network: Network, notes: Mapping[str, Any]) -> str:
    """Return the page of a network that names what 28×28 grey images are. Raises ValueError for another."""
    description.check(network, notes)
    told = description.describe(network, notes)
    what = "handwritten digits" if told["digits"] else "images"
    texts = {
        "title": f"{told['name']} reads {what}",
        "heading": "Draw a digit" if told["digits"] else f"Draw: {description.choice(told['classes'])}",
        "facts": description.facts(network, notes),
        "version": __version__,
    }
    parts = {name: escape(text) for name, text in texts.items()}
    parts["script"] = _composed("page.js")
    parts["sheet"] = _composed("page.css")
    parts["network"] = _data(told)
    parts["examples"] = in_base64(description.examples()) if told["digits"] else ""
    parts["weights"] = "\n".join(_weights(network))
    return PLACE.sub(lambda found: parts[found[1]], _read("page.html"))  # in one go: what comes in stays


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8").strip()


def _composed(name: str) -> str:
    """A composed file without its first line, which tells those who work on glassnet not to change it."""
    return _read(name).partition("\n")[2].strip()


def _data(told: Mapping[str, Any]) -> str:
    """JSON, a line for each layer, in which no letter can end the element that it stands in."""
    plain = partial(json.dumps, ensure_ascii=False, default=np.generic.item)
    layers = ",\n    ".join(plain(layer) for layer in told["layers"])
    rest = ",\n  ".join(f"{plain(name)}: {plain(told[name])}" for name in told if name != "layers")
    text = f'{{\n  {rest},\n  "layers": [\n    {layers}\n  ]\n}}'
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _weights(network: Network) -> list[str]:
    """Each array of the layers up to the logits as an element of the page."""
    elements = []
    for name, array in {**network.parameters, **network.state}.items():
        place, own = name.split(".")
        if int(place) > len(network.body):
            continue
        numbers, step = packed(array)
        stepped = "" if step is None else f' data-step="{step!r}"'
        shape = "×".join(map(str, array.shape))
        elements.append(
            f"<!-- layer {place}: {own}, {shape} -->\n"
            f'<script type="text/plain" data-layer="{place}" data-name="{own}"'
            f' data-type="{numbers.dtype.name}"{stepped}>\n{in_base64(numbers)}\n</script>'
        )
    return elements
