"""Answers to commands: a kind, fields and arrays, or one line that says why there is none."""

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from glassnet.view.wire import encode

Answer = tuple[str, dict[str, Any], dict[str, NDArray[Any]]]
DONE: Answer = "done", {}, {}


def reply(number: Any, carry_out: Callable[[], Answer]) -> bytes:
    """Carry a command out, and return the reply to the command of that number: an `error` if it failed."""
    try:
        kind, fields, arrays = carry_out()
        return encode(kind, {"id": number, **fields}, arrays)
    except Exception as error:
        return refusal(number, one_line(error))


def refusal(number: Any, line: str) -> bytes:
    """Return the reply that says why a command was not carried out."""
    return encode("error", {"id": number, "message": line})


def one_line(error: Exception) -> str:
    """Say what went wrong, in one line: for a mistake of ours, with its kind."""
    words = " ".join(str(error).split())
    if isinstance(error, ValueError | OSError):
        return words
    if isinstance(error, MemoryError):
        return f"expected to have enough memory, got none: {words}"
    return f"this is a mistake in glassnet: {type(error).__name__}: {words}"
