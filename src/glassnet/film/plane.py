"""The class that a network answers all over the plane of its two inputs."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import Dataset
from glassnet.film.canvas import Canvas
from glassnet.film.curves import SMALL, TITLE, Rect
from glassnet.film.pace import blend
from glassnet.film.recording import Recording
from glassnet.view import samples as view

Array = NDArray[Any]

SIDE, LEAST_SIDE = 96, 32  # places asked in each direction of a plane
WORK = 1e9  # places times parameters times states: a second or so
MOST_POINTS = 400
MARGIN = 0.08  # of the examples' extent, left free around them
FINEST, COARSER = 340, 240  # pixels in each direction in which classes are told apart; more are smoothed
BANDS = 9  # shades of how sure it is
HEAD, FOOT = 24, 18


class Boundary:
    """The class that the network predicts all over the plane, the deeper the surer, under the examples."""

    def __init__(self, where: Rect, recording: Recording) -> None:
        data = recording.data
        assert data is not None
        assert data.classes is not None
        self._where, self._classes, self._side = where, data.classes, where.height - HEAD - FOOT
        self._low, self._high = extent(data)
        states = len(recording.shots)
        side = int(np.clip(math.sqrt(WORK / (recording.size * states)), LEAST_SIDE, SIDE))
        middles = (np.arange(side) + 0.5) / side
        x = self._low[0] + middles * (self._high - self._low)[0]
        y = self._high[1] - middles * (self._high - self._low)[1]  # the highest first, as in a picture
        plane = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        self._places = recording.pace.place([shot.step for shot in recording.shots])
        self._states = []
        for shot in recording.shots:
            with np.errstate(all="ignore"):
                answers = np.nan_to_num(recording.at(shot).predict_proba(plane))
            self._states.append(answers.astype(np.float32).reshape(side, side, -1))
        _, split = data.judged
        message = view.message(data, split)[1]
        self._points, self._labels = message["points"][:MOST_POINTS], message["labels"][:MOST_POINTS]
        if len(message["points"]) > MOST_POINTS:
            some = np.random.default_rng(0).permutation(len(message["points"]))[:MOST_POINTS]
            self._points, self._labels = message["points"][some], message["labels"][some]

    def lay(self, canvas: Canvas) -> None:
        """Write what it is; prepare the examples, which lie above what moves."""
        where, look = self._where, canvas.look
        canvas.text(where.x, where.y + 12, "where it draws the line", TITLE, look.ink, bold=True)
        note = "colour: the class predicted · the deeper, the surer"
        canvas.text(where.x, where.y + where.height - 2, note, SMALL, look.quiet)
        self._colours = look.kinds(len(self._classes))
        page = np.array(look.page, np.float64)
        tops = np.array([(np.array(colour) - page) for colour in self._colours])
        strengths = 0.06 + (0.5 if look.name == "light" else 0.42) * np.linspace(0, 1, BANDS)
        self._shades = np.rint(page + strengths[None, :, None] * tops[:, None]).astype(np.uint8)
        self._pixels = canvas.at(self._side)
        self._lay_points(canvas)

    def state(self, place: float) -> Array:
        """Return the probabilities (side, side, classes) at a place of the film, the highest y first."""
        before, after, share = blend(self._places, place)
        a, b = self._states[before], self._states[after]
        return a + np.float32(share) * (b - a) if share else a

    def draw(self, canvas: Canvas, place: float) -> None:
        """Draw plane and examples at a place of the film."""
        from PIL import Image

        now = self.state(place)
        side = self._pixels if self._pixels <= FINEST else COARSER
        K, size = now.shape[-1], (side, side)
        named = np.zeros(size, np.int16)
        most = np.full(size, -1.0, np.float32)
        for k in range(K):
            layer = Image.fromarray(np.ascontiguousarray(now[..., k])).resize(size, Image.Resampling.BILINEAR)
            p = np.asarray(layer)
            np.copyto(named, np.int16(k), where=p > most)
            np.maximum(most, p, out=most)
        sure = most  # from 0, no more than chance, to BANDS − 1
        sure -= np.float32(1 / K)
        sure *= np.float32((BANDS - 1) * K / (K - 1))
        sure += np.float32(0.5)
        np.clip(sure, 0, BANDS - 1, out=sure)
        shades = self._shades.reshape(-1, 3).take(BANDS * named + sure.astype(np.int16), axis=0)
        if side < self._pixels:
            larger = Image.fromarray(shades).resize((self._pixels, self._pixels), Image.Resampling.BILINEAR)
            shades = np.asarray(larger)
        canvas.paste(self._where.x, self._where.y + HEAD, shades)
        pixels = canvas.pixels.reshape(-1, 3)
        under = pixels.take(self._dotted, axis=0)
        pixels[self._dotted] = (under * self._through + self._tint) >> 8

    def _lay_points(self, canvas: Canvas) -> None:
        """Draw the examples once: which pixels they touch, and how much of what is below shows through."""
        share = (self._points - self._low) / (self._high - self._low)
        x = self._where.x + share[:, 0] * self._side
        y = self._where.y + HEAD + (1 - share[:, 1]) * self._side
        places = np.stack([x, y], axis=-1)
        radius = float(np.clip(42 / math.sqrt(len(places)), 2.6, 7.0))
        layers = []
        for ground in (0, 255):  # over black and over white: what differs shows through
            over = canvas.copy()
            over.pixels[...] = ground
            over.dots(places, radius + 0.9, canvas.look.page)
            for k, colour in enumerate(self._colours):
                over.dots(places[self._labels == k], radius, colour)
            layers.append(over.pixels.astype(np.int32))
        black, white = layers
        through = (white - black).max(axis=-1)
        left, top = canvas.at(self._where.x), canvas.at(self._where.y + HEAD)
        beside = np.ones(through.shape, bool)
        beside[top : top + self._pixels, left : left + self._pixels] = False
        through[beside] = 255  # an example may lie outside of what the others reach
        touched = through < 255
        self._dotted = np.flatnonzero(touched)
        self._through = through[touched][:, None] * 256 // 255
        self._tint = black[touched] << 8


def extent(data: Dataset) -> tuple[Array, Array]:
    """Return the lowest and the highest inputs (D,), with a margin."""
    parts = [part.images for part in (data.train, data.validation) if len(part)]
    low = np.min([part.min(axis=0) for part in parts], axis=0).astype(np.float64)
    high = np.max([part.max(axis=0) for part in parts], axis=0).astype(np.float64)
    room = MARGIN * (high - low)
    room[room == 0] = 1.0
    return low - room, high + room
