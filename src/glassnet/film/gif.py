"""An animated GIF: one palette for the whole film, and of each picture only what has changed."""

from collections.abc import Callable
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from glassnet.film.look import Pixels

Indices = NDArray[np.uint8]

SAME = 255  # the palette's last place: a pixel that stays as it is
COLOURS = 255
MOST_BYTES, AHEAD = 220_000, 200_000  # a second; and how far a lively stretch may be ahead of that
LOOKED_AT = 10  # pictures that the palette is chosen by
_BITS = 6  # of each channel, by which a colour's place in the palette is found
_WEIGHTS = np.array([2.0, 4.0, 3.0])  # how much a difference in red, green and blue is seen


class Palette:
    """255 colours: the anchors exactly, and others of the pictures. The same colour is the same place always.

    There is no dithering: it would flicker, and not compress.
    """

    def __init__(self, anchors: Pixels, pictures: Pixels) -> None:
        anchors = np.unique(anchors.reshape(-1, 3), axis=0)
        self.colours = np.concatenate([anchors, _others(anchors, pictures, COLOURS - len(anchors))])
        self._near = np.full(1 << 3 * _BITS, -1, np.int16)
        self._near[_cells(anchors)] = np.arange(len(anchors))

    def places(self, pixels: Pixels) -> Indices:
        """Return the place of the nearest colour of each pixel."""
        cells = _cells(pixels)
        found = self._near[cells]
        if (found < 0).any():
            new = np.unique(cells[found < 0])
            middle = np.stack([new >> 2 * _BITS, new >> _BITS, new], axis=-1) & (1 << _BITS) - 1
            middle = (middle << 8 - _BITS) + (1 << 7 - _BITS)
            apart = (middle[:, None] - self.colours[None].astype(np.float64)) ** 2 @ _WEIGHTS
            self._near[new] = apart.argmin(axis=1)
            found = self._near[cells]
        return found.astype(np.uint8)

    def table(self) -> bytes:
        """Return the palette as a GIF has it: 256 colours, the last one standing for none."""
        table = np.zeros((256, 3), np.uint8)
        table[: len(self.colours)] = self.colours
        return table.tobytes()


def _cells(pixels: Pixels) -> NDArray[np.int32]:
    high = pixels.astype(np.int32) >> 8 - _BITS
    cells: NDArray[np.int32] = high[..., 0] << 2 * _BITS | high[..., 1] << _BITS | high[..., 2]
    return cells


def _others(anchors: Pixels, pictures: Pixels, count: int) -> Pixels:
    """Return colours that stand for those of the pictures which are no anchors."""
    from PIL import Image

    pixels = pictures.reshape(-1, 3)
    known = np.zeros(1 << 3 * _BITS, bool)
    known[_cells(anchors)] = True
    rest = pixels[~known[_cells(pixels)]]
    if not len(rest):
        return np.zeros((0, 3), np.uint8)
    cut = Image.fromarray(rest[None]).quantize(count, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    table = np.array(cut.getpalette(), np.uint8).reshape(-1, 3)[:count]
    return np.unique(table, axis=0)


def write(
    file: IO[bytes],
    draw: Callable[[float], Pixels],
    times: NDArray[np.float64],
    hundredths: int,
    anchors: Pixels,
) -> None:
    """Write the pictures that `draw` makes at these times, each shown for so many hundredths of a second.

    Where so much changes that the film would take more than 5 MB in 20 s, pictures are left out.
    """
    some = times[np.unique(np.linspace(0, len(times) - 1, min(LOOKED_AT, len(times))).astype(int))]
    palette = Palette(anchors, np.stack([draw(float(time))[::2, ::2] for time in some]))
    before = draw(float(times[0]))
    height, width = before.shape[:2]
    file.write(b"GIF89a" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + b"\xf7\0\0")
    file.write(palette.table())
    file.write(b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0")  # over and over
    shown = palette.places(before)
    waiting, still = ((0, 0), shown), 0  # what is to be written once it is known for how long it stays
    size, room = 0, 0.01 * hundredths * MOST_BYTES
    for number, time in enumerate(times):
        pixels = before if size > AHEAD + number * room and number < len(times) - 1 else draw(float(time))
        change = None
        if pixels is not before:
            now = palette.places(pixels)
            change, shown, before = _change(shown, now), now, pixels
        if change is not None:
            size += _write_one(file, *waiting, still * hundredths)
            waiting, still = change, 0
        still += 1
    _write_one(file, *waiting, still * hundredths)
    file.write(b";")


def _change(shown: Indices, now: Indices) -> tuple[tuple[int, int], Indices] | None:
    """Return the smallest box in which something changes, with `SAME` where nothing does."""
    other = shown != now
    rows, columns = np.flatnonzero(other.any(axis=1)), np.flatnonzero(other.any(axis=0))
    if not len(rows):
        return None
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return (int(columns[0]), int(rows[0])), np.where(other[box], now[box], np.uint8(SAME))


def _write_one(file: IO[bytes], corner: tuple[int, int], places: Indices, hundredths: int) -> int:
    """Write one picture; return its bytes."""
    from PIL import GifImagePlugin, Image

    image = Image.fromarray(places, "L")
    parameters: dict[str, Any] = {"duration": 10 * hundredths, "transparency": SAME, "disposal": 1}
    return sum(file.write(part) for part in GifImagePlugin.getdata(image, corner, **parameters))
