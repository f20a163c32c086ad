"""What can be learned from: sets by name, and what the command line named. A page names no path."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from glassnet import recipes
from glassnet.data import sources
from glassnet.data.loading import SAMPLE
from glassnet.data.sources import SOURCES
from glassnet.data.toys import TOYS
from glassnet.nn.names import unknown
from glassnet.studio.control import Option
from glassnet.studio.setups import Opening

NAMED = ("mnist", SAMPLE, *TOYS, *(name for name in SOURCES if name != "mnist"))
PLACE = ("data", "data_dir", "label", "task", "drop", "fill")
OF_THIS_MACHINE = ("dtype", "threads")


def said(opening: Opening | None) -> Mapping[str, Any]:
    """Return what the command line said: its flags over its recipe or run."""
    if opening is None:
        return {}
    below: dict[str, Any] = {}
    if source := opening.run or opening.recipe:
        with suppress(OSError, ValueError):  # the file may have gone since
            below = recipes.read(source)
    return {**below, **opening.given}


def name_of(data: str | None) -> str:
    """Return the name by which a page knows a recipe's data: a file's is its own, without its folder's."""
    if data is None or data in NAMED:
        return data or "mnist"
    name = Path(data).resolve().name
    return f"{name} (file)" if name in NAMED else name


def data_of(name: str | None, opening: Opening | None) -> dict[str, Any]:
    """Return the settings that lead to the data of that name; None: to those of the command line.

    Raises ValueError for a set that is unknown, or not at hand: a page fetches none.
    """
    known = said(opening)
    kept = {setting: known[setting] for setting in OF_THIS_MACHINE if setting in known}
    own = name_of(known.get("data"))
    if name is None or (name == own and own not in NAMED):
        return kept | {setting: known[setting] for setting in PLACE if setting in known}
    if name not in NAMED:
        raise ValueError(unknown("data set", name[:40], (own, *NAMED) if own not in NAMED else NAMED))
    if why := lacking(name, opening):
        raise ValueError(f"data: {name} is {why}")
    here = {"data_dir": known["data_dir"]} if name == own and known.get("data_dir") else {}
    return {**kept, "data": name, **here}


def data_sets(opening: Opening | None = None) -> tuple[Option, ...]:
    """Return what there is to choose from. A set that would have to be fetched says how that is done."""
    own = name_of(said(opening).get("data"))
    options = [] if own in NAMED else [Option(own, own, "The data that the command line names.")]
    about = {SAMPLE: "5,000 of MNIST's digits, inside the package"}
    about |= {name: toy.about for name, toy in TOYS.items()}
    about |= {name: source.about for name, source in SOURCES.items()}
    for name in NAMED:
        words = f"{about[name][0].upper()}{about[name][1:]}."
        options.append(Option(name, name, words, lacking(name, opening)))
    return tuple(options)


def lacking(name: str, opening: Opening | None) -> str | None:
    """Say why a set cannot be had without a network, None if it can."""
    if name not in SOURCES:
        return None
    known = said(opening)
    place = known.get("data_dir") if name == name_of(known.get("data")) else None
    try:
        sources.find(name, None if place is None else Path(place), download=False)
    except OSError:
        return f"not at hand; `glassnet data get {name}` fetches it ({SOURCES[name].size})"
    return None
