"""The widget: the studio's module and its style sheet, as anywidget hands them to the notebook's page."""

from functools import cache
from pathlib import Path
from typing import Any

from glassnet import extras, view
from glassnet.notebook.line import is_page


def make() -> Any:
    """Return a new widget. Raises MissingExtra where anywidget is not installed."""
    shown = _kind()(css=_text("studio.css"))
    # ipykernel 7.4 takes a page's message to where the widget last sent one from. That is the cell that made
    # it, or the one that runs, and may be busy for long; the page has named the subshell that is free.
    shown.comm._reply_subshell_for = _as_addressed
    return shown


def _as_addressed(_data: object, subshell: str | None) -> str | None:
    return subshell


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
