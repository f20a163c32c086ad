"""What a request may hold: Gradio itself copies any file that one names, and fetches any address."""

import os
import reprlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr


def guarded(blocks: gr.Blocks) -> gr.Blocks:
    """Let the page refuse, in one line and before Gradio looks at it, what is no answer to its questions.

    A file has to be one that was uploaded, whichever value it hides in.
    """
    read = blocks.preprocess_data

    async def preprocess_data(asked: Any, values: list[Any], *more: Any, **named: Any) -> list[Any]:
        try:
            if len(values) != len(asked.inputs):
                raise ValueError(f"expected {len(asked.inputs)} values, got {len(values)}")
            for part, value in zip(asked.inputs, values):
                if isinstance(part, gr.File) and value is not None and not names_file(value):
                    raise ValueError(f"expected a file that was uploaded, got {reprlib.repr(value)}")
                only_uploads(value)
            found: list[Any] = await read(asked, values, *more, **named)
            return found
        except Exception as error:
            words = " ".join(str(error).split()) or type(error).__name__
            raise gr.Error(words, print_exception=False) from None

    blocks.preprocess_data = preprocess_data
    return blocks


def only_uploads(value: Any) -> None:
    """Raise ValueError if a file is named, at any depth, that is not in the folder of the uploads."""
    folder = Path(os.environ["GRADIO_TEMP_DIR"]).resolve()
    for file in files(value):
        if not Path(file["path"]).resolve().is_relative_to(folder):
            raise ValueError(f"expected a file that was uploaded, got {reprlib.repr(file['path'])}")


def files(value: Any) -> Iterator[dict[str, Any]]:
    """Yield whatever Gradio could take for a file."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if names_file(one):
            yield one
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()


def names_file(value: Any) -> bool:
    """Whether Gradio could take a value for a file."""
    return isinstance(value, dict) and isinstance(value.get("path"), str) and "meta" in value
