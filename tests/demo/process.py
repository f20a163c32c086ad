"""`glassnet demo` as a user starts it: a process of its own. Gradio's own warnings are no fault of ours."""

from pathlib import Path

from browser.process import Studio
from e2e.command import environment

# Gradio leaves loops to the garbage collector, and uses what pandas means to take away.
WARNINGS = ",".join(
    [
        "error",
        "ignore:unclosed:ResourceWarning",
        "ignore:'future.no_silent_downcasting':DeprecationWarning",
        "ignore::DeprecationWarning:gradio.queueing",
    ]
)


class Demo(Studio):
    """A running demo, in a folder whose runs/ it finds."""

    begins = ("demo", "--no-open", "--port", "0")

    def __init__(self, folder: Path, *arguments: str, **more: str) -> None:
        super().__init__([*arguments], folder, {**environment(folder), "PYTHONWARNINGS": WARNINGS, **more})
