"""The first message to a page: who it is, what it may set, and within which bounds."""

from typing import Any

from glassnet.data import Dataset
from glassnet.diagnose.gallery import GALLERY
from glassnet.studio import held
from glassnet.studio.controls import catalogue, recipes_told
from glassnet.studio.limits import LIMITS
from glassnet.studio.readers import there
from glassnet.studio.setups import Opening
from glassnet.view.wire import encode

VERSION = 1  # of what server and page say to each other


def hello(role: str, opening: Opening, data: Dataset | None, fps: float) -> bytes:
    """Return the hello to a page of that role, with controls as they are for such data."""
    free = opening.held is None  # to begin other networks
    controls = catalogue(opening, data)
    fields: dict[str, Any] = {
        "version": VERSION,
        "role": role,
        "fps": fps,
        "controls": controls if free else held.controls(controls, opening.held),
        "begins": free,
        "gallery": [
            {"name": one.name, "title": one.title, "about": one.about, "looks_for": one.looks_for}
            for one in (GALLERY if free else ())
        ],
        "recipes": recipes_told() if free else [],
        "limits": LIMITS,
        "draws": there(),
    }
    return encode("hello", fields)
