"""What a page may say: each command with its fields, checked before the run hears of it."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from glassnet.studio import limits
from glassnet.studio.catalogue import RECIPES
from glassnet.studio.control import LIVE, is_number, named, shown
from glassnet.studio.controls import checked
from glassnet.studio.readers import READERS
from glassnet.view import wire

Check = Callable[[str, Any], Any]
MOST_NUMBER = 2**53 - 1  # JavaScript counts exactly up to here


class BadCommand(ValueError):
    """What is wrong with a command, in one line; `id` is its number, None if that could not be read."""

    def __init__(self, message: str, number: float | None) -> None:
        super().__init__(message)
        self.id = number


def whole(least: int, most: int) -> Check:
    """Return a check for a whole number in a range."""

    def check(name: str, value: Any) -> int:
        if not (is_number(value) and least <= value <= most and value == int(value)):
            raise ValueError(f"{name}: expected a whole number of {least} to {most:,}, got {shown(value)}")
        return int(value)

    return check


def text(name: str, value: Any) -> str:
    """Check a short text."""
    if not isinstance(value, str) or len(value) > limits.TEXT:
        raise ValueError(f"{name}: expected a text of at most {limits.TEXT} characters, got {shown(value)}")
    return value


def or_null(check: Check) -> Check:
    """Return the same check, which lets null pass."""
    return lambda name, value: None if value is None else check(name, value)


def settings(name: str, value: Any) -> dict[str, Any]:
    """Check settings for a new run."""
    return checked(value)


def live_settings(name: str, value: Any) -> dict[str, Any]:
    """Check settings that may change in a run."""
    found = checked(value)
    for setting in found:
        if setting not in LIVE:
            others = ", ".join(LIVE)
            raise ValueError(
                f"{setting}: expected with a new run, got it for this one, where {others} change"
            )
    return found


def recipe(name: str, value: Any) -> str:
    """Check the name of a recipe of ours: a page names no file."""
    return named("recipe", value, list(RECIPES))


def query(name: str, value: Any) -> str:
    """Check the end of an address."""
    if not isinstance(value, str):
        raise ValueError(f"{name}: expected a text, got {shown(value)}")
    return value


def true(name: str, value: Any) -> bool:
    """Check a flag that is only ever on."""
    if value is not True:
        raise ValueError(f"{name}: expected true, got {shown(value)}")
    return True


def switch(name: str, value: Any) -> bool:
    """Check what is on or off."""
    if not isinstance(value, bool):
        raise ValueError(f"{name}: expected true or false, got {shown(value)}")
    return value


def one_of(*known: str) -> Check:
    """Return a check for one of some names."""
    return lambda name, value: named(name, value, known)


def picture(name: str, value: Any) -> NDArray[np.uint8]:
    """Check a drawing (H, W), or (H, W, 4) with its transparency."""
    most = limits.PICTURE
    expected = f"{name}: expected an array of uint8, height × width (× 4), at most {most} a side"
    if not isinstance(value, np.ndarray):
        raise ValueError(f"{expected}, got {shown(value)}")
    sides, depth = value.shape[:2], value.shape[2:]
    fits = len(sides) == 2 and all(1 <= n <= most for n in sides) and depth in ((), (4,))
    if value.dtype != np.uint8 or not fits:
        raise ValueError(f"{expected}, got {' × '.join(map(str, value.shape))} of {value.dtype}")
    return value


def file(name: str, value: Any) -> NDArray[np.uint8]:
    """Check the bytes of a file."""
    expected = f"{name}: expected the bytes of a file, an array of uint8"
    if not isinstance(value, np.ndarray):
        raise ValueError(f"{expected}, got {shown(value)}")
    if value.dtype != np.uint8 or value.ndim != 1:
        raise ValueError(f"{expected}, got {' × '.join(map(str, value.shape))} of {value.dtype}")
    if not 0 < value.size <= limits.PHOTO:
        most, size = limits.PHOTO / 2**20, value.size / 2**20
        raise ValueError(f"{name}: expected 1 byte to {most:.0f} MB, got {size:.1f} MB")
    return value


ANY = whole(0, MOST_NUMBER)
COMMANDS: Mapping[str, Mapping[str, Check]] = {
    "start": {}, "pause": {}, "step": {}, "epoch": {}, "reset": {}, "new_seed": {},
    "setup": {"settings": settings}, "apply": {}, "discard": {}, "link": {"query": query},
    "change": {"settings": live_settings}, "recipe": {"name": recipe}, "broken": {"name": text},
    "sample": {"index": ANY, "random": true}, "scrub": {"snapshot": or_null(ANY)},
    "branch": {"snapshot": ANY, "settings": live_settings}, "switch": {"branch": ANY},
    "drop": {"branch": ANY}, "save": {"snapshot": or_null(ANY)}, "cell": {"actual": ANY, "predicted": ANY},
    "more": {"epochs": whole(1, limits.EPOCHS)}, "take": {},
    "explain": {"layer": ANY, "unit": ANY, "input": or_null(ANY)},
    "draw": {"reader": one_of(*READERS), "picture": picture, "several": switch},
    "photo": {"reader": one_of(*READERS), "file": file, "name": text}, "part": {"digit": ANY},
    "evidence": {"of": one_of("drawing", "sample"), "class": or_null(ANY)},
    "favourite": {"layer": ANY, "unit": ANY},
}  # fmt: skip
OPTIONAL = {
    ("branch", "settings"), ("save", "snapshot"), ("explain", "input"), ("draw", "several"),
    ("photo", "name"),    ("evidence", "class"),
}  # fmt: skip
AT_THE_PAD = ("draw", "photo", "part", "evidence", "favourite")  # never asked of the thread that trains
FOR_WATCHERS = ("cell", "explain", *AT_THE_PAD)


def parse(message: str | bytes, role: str) -> dict[str, Any]:
    """Return the command in a message from a page of that role, with nothing in it but what belongs there.

    A message of bytes has the form of `view.wire`; its arrays are fields of the command, and views of it.
    Raises BadCommand, a ValueError: what is wrong, what was expected, what was received.
    """
    if isinstance(message, str):
        return _parsed(message, None, role)
    try:
        header, content = wire.split(message)
        if len(header) > limits.MESSAGE:
            raise ValueError(f"expected a header of at most {limits.MESSAGE:,} bytes, got {len(header):,}")
        words = header.decode()
    except UnicodeDecodeError:
        raise BadCommand("expected a header in UTF-8, got other bytes", None) from None
    except ValueError as error:
        raise BadCommand(str(error), None) from None
    return _parsed(words, content, role)


def _parsed(words: str, content: memoryview | None, role: str) -> dict[str, Any]:
    """The command in a text, with the arrays of the content that follows it, None where none can."""
    if len(words) > limits.MESSAGE:
        raise BadCommand(f"expected at most {limits.MESSAGE:,} characters, got {len(words):,}", None)
    try:
        command = json.loads(words, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise BadCommand(f"expected a command in JSON, got {shown(words)}", None) from None
    if not isinstance(command, dict):
        raise BadCommand(f"expected an object with a kind, got {shown(command)}", None)
    number = command.pop("id", None)
    if number is not None and not (is_number(number) and 0 <= number <= MOST_NUMBER):
        raise BadCommand(f"id: expected a number, got {shown(number)}", None)
    try:
        arrays = {} if content is None else wire.unpack(command.pop("arrays", None), content)
        return {"id": number, **_checked(command, arrays, role)}
    except ValueError as error:
        raise BadCommand(str(error), number) from None


def _checked(command: dict[str, Any], arrays: dict[str, Any], role: str) -> dict[str, Any]:
    if _is_deep(command, limits.DEPTH):
        raise ValueError(f"expected at most {limits.DEPTH} levels of objects and lists, got more")
    kind = named("command", command.pop("kind", None), list(COMMANDS))
    if role != "drive" and kind not in FOR_WATCHERS:
        raise ValueError(f"{kind}: this page watches; expected {', '.join(FOR_WATCHERS)}")
    fields, command = COMMANDS[kind], {**command, **arrays}
    for name in command:
        if name not in fields:
            expected = ", ".join(fields) or "none"
            raise ValueError(f"{kind}: expected the fields {expected}, got {shown(name)}")
    absent = [name for name in fields if name not in command and (kind, name) not in OPTIONAL]
    if kind == "sample":  # one or the other
        absent = [] if len(command) == 1 else ["index or random"]
    if absent:
        raise ValueError(f"{kind}: expected {', '.join(absent)}, got {', '.join(command) or 'nothing'}")
    return {"kind": kind, **{name: fields[name](name, value) for name, value in command.items()}}


def _is_deep(value: Any, levels: int) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return inside is not None and (levels == 0 or any(_is_deep(one, levels - 1) for one in inside))


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"expected a number, got {name}")
