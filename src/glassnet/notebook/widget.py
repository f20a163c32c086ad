"""The widget: the studio's module and its style sheet, as anywidget hands them to the notebook's page."""

from functools import cache
from pathlib import Path
from typing import Any

from glassnet import extras, view
from glassnet.notebook.line import is_page


def make() -> Any:
    """Return a new widget. Raises MissingExtra where anywidget is not installed."""
    return _kind()(css=_text("studio.css"))


def is_open(shown: Any) -> bool:
    """Whether the notebook still has the widget: marimo closes it when its cell is run again, or goes."""
    return shown.comm is not None and not getattr(shown.comm, "_closed", False)


def farewell(shown: Any, content: Any, _buffers: object) -> None:
    """Tell a page that comes after the end that it is over."""
    if is_page(content):
        shown.send({"to": content["page"], "over": True})


@cache
def _kind() -> type:
    with extras.for_("notebook", "LiveView"):
        import anywidget
    import traitlets

    class LiveViewWidget(anywidget.AnyWidget):  # type: ignore[misc, unused-ignore]
        """Shows the studio; everything else is messages."""

        _esm = _text("studio.js")
        css = traitlets.Unicode().tag(sync=True)
        liveview: object = None  # what is shown, which lives as long as the widget

    return LiveViewWidget


@cache  # one text for all widgets
def _text(name: str) -> str:
    return (Path(view.__file__).parent / name).read_text(encoding="utf-8")
