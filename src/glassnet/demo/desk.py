"""What the page asks, and what it is told: plain data, arrays as base64. Nothing here knows of Gradio."""

import reprlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import numpy as np
from numpy.typing import NDArray

from glassnet.data import pictures
from glassnet.data.drawing import SIDE
from glassnet.data.resizing import fitted, resized
from glassnet.demo.images import hundred
from glassnet.demo.models import Model, Models
from glassnet.files.description import handed_on
from glassnet.plots.matrix import MOST_UNITS, strongest
from glassnet.runs import first_weights
from glassnet.studio import limits
from glassnet.studio.answers import one_line
from glassnet.studio.readings import read
from glassnet.view.weights import quantise

Array = NDArray[Any]
Told = dict[str, Any]
P = ParamSpec("P")

STAGE = 140  # pixels a side of what a drawing became, as it is sent: with each stroke
LINE = 400  # characters of a problem: it may quote what was asked
NO_ANSWER = "no answer: the network's numbers are not finite"


def told(ask: Callable[P, Told]) -> Callable[P, Told]:
    """Make what goes wrong part of what is told: {"problem": one line}."""

    @wraps(ask)
    def answer(*args: P.args, **more: P.kwargs) -> Told:
        try:
            return ask(*args, **more)
        except Exception as error:
            line = one_line(error)
            return {"problem": line if len(line) <= LINE else line[: LINE - 1] + "…"}

    return answer


class Desk:
    """Answers about the models, for any thread. What cannot be answered has a `problem`, in one line."""

    def __init__(self, models: Models) -> None:
        self._models = models

    @told
    def about(self, model: str) -> Told:
        """Tell what a network is."""
        one = self._models.get(model)
        return {**_about(one), "parameters": one.network.size, "data": handed_on(one.notes).get("data")}

    @told
    def images(self, model: str, seed: int) -> Told:
        """Tell the hundred test images, their labels, and what the network makes of each."""
        one = self._models.get(model)
        found = hundred(one, seed)
        with one.lock, np.errstate(all="ignore"):
            p = one.network.predict_proba(found.inputs)
        return {
            "model": one.name,
            "seed": seed,
            "said": found.said,
            "note": found.note,
            "labels": found.labels,
            "predicted": [_named(one, row) for row in p],
            "arrays": packed(images=found.pixels),
        }

    @told
    def pick(self, model: str, seed: int, number: int) -> Told:
        """Tell what the network says of one of the hundred, and whether it is right."""
        one = self._models.get(model)
        found = hundred(one, seed)
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < len(found.labels):
            raise ValueError(f"number: expected 0 to {len(found.labels) - 1}, got {number!r}")
        with one.lock, np.errstate(all="ignore"):
            p = one.network.predict_proba(found.inputs[number : number + 1])[0]
        name, actual = _named(one, p), found.labels[number]
        digit = {"name": name, "why": None if name else "unsure", "said": name or NO_ANSWER}
        return {
            "kind": "pick",
            **_about(one),
            "digits": [{**digit, "probabilities": p.tolist()}],
            "shown": 0,
            "number": number,
            "actual": actual,
            "right": name == actual,
            "arrays": packed(image=found.pixels[number]),
        }

    @told
    def draw(self, model: str, picture: Mapping[str, Any]) -> Told:
        """Tell what the network reads in a drawing: {"shape": [H, W], "bytes": base64 of grey values}."""
        return self._read("draw", model, unpacked(picture), several=False)

    @told
    def photo(self, model: str, path: str) -> Told:
        """Tell which digits the network reads in a picture file."""
        one = self._models.get(model)
        file = Path(path)
        if not file.is_file():
            raise ValueError(
                f"{file.name}: expected a file that was uploaded, got one that is no longer there"
            )
        if (size := file.stat().st_size) > limits.PHOTO:
            most, got = (f"{n / 2**20:,.0f} MB" for n in (limits.PHOTO, size))
            raise ValueError(f"{file.name}: expected a picture of at most {most}, got {got}")
        picture = pictures.read(file, file.name)
        photo = resized(picture, fitted(picture.shape, limits.PICTURE))
        share = photo.shape[1] / picture.shape[1]
        return {
            **self._read("photo", one.name, picture, several=True, share=share),
            "name": file.name,
            "photo": packed(photo=photo)["photo"],
        }

    @told
    def weights(self, model: str) -> Told:
        """Tell the weights into each unit of the first layer, as bytes: 128 is zero, 255 the `limit`."""
        one = self._models.get(model)
        W = first_weights(one.network)
        W = np.ascontiguousarray(np.where(np.isfinite(W), W, 0), np.float32)
        shown = strongest(W.astype(np.float64), MOST_UNITS)
        q, limit = quantise(np.ascontiguousarray(W[:, shown]))
        return {**_about(one), "units": W.shape[1], "shown": shown.tolist(), "limit": limit, "side": SIDE,
                "arrays": packed(weights=q)}  # fmt: skip

    def _read(self, kind: str, model: str, picture: Array, *, several: bool, share: float = 1.0) -> Told:
        one = self._models.get(model)
        with one.lock:
            found = read(one.name, one.reader, picture, share, several=several, stage=STAGE)
        common = {name: found.stages[0][name] for name in ("grey", "ink")}  # of the whole picture
        own = [
            packed(cropped=stages["cropped"], scaled=stages["scaled"], image=image)
            for stages, image in zip(found.stages, found.images)
        ]
        return {
            "kind": kind,
            **_about(one),
            "digits": [
                {**digit, "said": _said(one, digit), "arrays": arrays}
                for digit, arrays in zip(found.fields["digits"], own)
            ],
            "shown": 0,
            "arrays": packed(**common),
        }


def packed(**arrays: Array) -> dict[str, Told]:
    """Return arrays of bytes as plain data, which `unpacked` reads."""
    return {
        name: {"shape": list(array.shape), "bytes": b64encode(array.tobytes()).decode()}
        for name, array in arrays.items()
    }


def unpacked(picture: Mapping[str, Any]) -> NDArray[np.uint8]:
    """Return a drawing (H, W). Raises ValueError for anything else, and for more than 600 pixels a side."""
    most = limits.PICTURE
    try:
        shape, text = picture["shape"], picture["bytes"]
        height, width = map(int, shape)
        if [height, width] != list(shape) or not (0 < height <= most and 0 < width <= most):
            raise ValueError
        content = b64decode(text, validate=True) if len(text) <= 2 * height * width + 4 else b""
        return np.frombuffer(content, np.uint8).reshape(height, width)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise ValueError(
            f"expected a drawing, a shape of at most {most} × {most} and its grey values in base64,"
            f" got {_of_a_drawing(picture)}"
        ) from None


def _of_a_drawing(picture: Any) -> str:
    if not isinstance(picture, Mapping) or not {"shape", "bytes"} <= picture.keys():
        return reprlib.repr(picture)
    text = picture["bytes"]
    given = f"{len(text):,} characters" if isinstance(text, str) else reprlib.repr(text)
    return f"{reprlib.repr(picture['shape'])} and {given}"


def _about(model: Model) -> Told:
    return {"model": model.name, "network": model.told, "classes": model.reader.classes,
            "digital": model.names_digits}  # fmt: skip


def _said(model: Model, digit: Told) -> str:
    if not np.isfinite(digit["probabilities"]).all():
        return NO_ANSWER
    said: str = digit["said"]
    return said if model.names_digits else said.replace("than one digit", "than one of its classes")


def _named(model: Model, p: Array) -> str | None:
    return model.reader.classes[int(p.argmax())] if np.isfinite(p).all() else None
