"""Libraries that only some installations have: each comes with an extra, and is imported where it is used.

For example `with extras.for_("demo", "glassnet demo"): import gradio`.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class MissingExtra(ValueError):
    """A library is needed that is not installed; the message is the command that installs it."""


@contextmanager
def for_(extra: str, what: str) -> Iterator[None]:
    """Import in this block what the extra brings, for `what` ("glassnet demo", say).

    Raises MissingExtra, in one line, where a library is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingExtra(f'{what} needs {error.name}: pip install "glassnet[{extra}]"') from None
