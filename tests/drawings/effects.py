"""Ten kinds of picture of a drawing, as a pad or a camera would give it: uint8, (H, W) or (H, W, 3).

Each kind is a function of some strokes and a Generator; `picture` calls it by its name. They scale about the
middle of the unit square, so a generator's drawing keeps its own proportions; the ink stays in the picture.
"""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

from drawings.strokes import Array, Strokes, render

PAD = 280  # pixels a side
MARGIN = 0.02  # kept free at the edge, in sides of the pad


def picture(kind: str, drawn: Strokes, generator: np.random.Generator) -> Array:
    """Return a picture of the strokes of this kind, one of `KINDS`."""
    return KINDS[kind](drawn, generator)


def plain(drawn: Strokes, generator: np.random.Generator) -> Array:
    return on_pad(placed(drawn, generator))


def thin(drawn: Strokes, generator: np.random.Generator) -> Array:
    return on_pad(placed(drawn.thickened(generator.uniform(0.3, 0.5)), generator))


def thick(drawn: Strokes, generator: np.random.Generator) -> Array:
    """By a marker: up to twice as broad, but not beyond 0.16 of the pad, where rings close to blobs."""
    broadest = max((float(w.max()) for w in drawn.widths), default=0.06)
    factor = np.clip(0.16 / broadest, 1, generator.uniform(1.5, 2.1))
    return on_pad(placed(drawn.thickened(factor), generator, generator.uniform(0.8, 1)))


def tiny(drawn: Strokes, generator: np.random.Generator) -> Array:
    """A seventh to a quarter of the pad, with a finer pen."""
    scale = generator.uniform(0.18, 0.32)
    return on_pad(placed(drawn.thickened(scale * generator.uniform(0.9, 1.5)), generator, scale, anywhere=1))


def off_centre(drawn: Strokes, generator: np.random.Generator) -> Array:
    """Pressed against an edge or into a corner."""
    small = _inside(_scaled(drawn.thickened(0.8), generator.uniform(0.4, 0.65)))
    low, high = small.box
    sides = np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y])
    side = generator.choice(sides)
    slack = generator.uniform(0, 0.04, 2)
    edge = np.where(side < 0, MARGIN + slack - low, 1 - MARGIN - slack - high)
    return on_pad(_shifted(small, np.where(side == 0, generator.uniform(-0.1, 0.1, 2), edge)))


def slanted(drawn: Strokes, generator: np.random.Generator) -> Array:
    """Leaning 14° to 23° more than the hand does anyway, to either side, on a paper held a little askew."""
    lean = generator.choice([-1, 1]) * generator.uniform(0.25, 0.42)
    turn = np.deg2rad(generator.uniform(-6, 6))
    matrix = np.array([[1, 0], [-lean, 1]]) @ _rotation(turn)
    return on_pad(placed(drawn.moved(lambda p: (p - 0.5) @ matrix + 0.5), generator))


def grey(drawn: Strokes, generator: np.random.Generator) -> Array:
    """Pencil grey on a greyish pad: at least 50 of 255 levels apart."""
    paper = generator.uniform(180, 250)
    return on_pad(placed(drawn, generator), paper, paper - generator.uniform(50, 110))


def inverted(drawn: Strokes, generator: np.random.Generator) -> Array:
    return on_pad(placed(drawn, generator), 0, 255)


def coloured(drawn: Strokes, generator: np.random.Generator) -> Array:
    """Two colours at random whose brightness (ITU-R 601) differs by at least 70 of 255 levels."""
    while True:
        paper, ink = generator.uniform(0, 255, (2, 3))
        if abs((paper - ink) @ (0.299, 0.587, 0.114)) >= 70:
            return on_pad(placed(drawn, generator), paper, ink)


def photographed(drawn: Strokes, generator: np.random.Generator) -> Array:
    """Ink on paper, seen by a camera held by hand: grain, uneven light, perspective, blur, noise, JPEG."""
    size = int(generator.integers(360, 640))
    width = generator.uniform(0.6, 1.0)
    seen = placed(drawn.thickened(width), generator, generator.uniform(0.4, 0.75), anywhere=0.5)
    ink = render(_inside(seen.moved(_perspective(generator))), size)
    ink *= 1 - 0.25 * _clouds(size, 3, generator)  # the ink does not cover evenly
    paper = generator.uniform(200, 245) * np.array(
        [1, generator.uniform(0.96, 1), generator.uniform(0.86, 1)]
    )
    pen = generator.uniform(10, 70) + generator.uniform(0, [15, 15, 70])
    scene = paper + ink[..., None] * (pen - paper)
    scene += _grain(size, generator)[..., None]
    scene *= _light(size, generator)[..., None]
    return _camera(scene, generator)


KINDS: dict[str, Callable[[Strokes, np.random.Generator], Array]] = {
    "plain": plain, "thin": thin, "thick": thick, "tiny": tiny, "off-centre": off_centre, "slanted": slanted,
    "grey": grey, "inverted": inverted, "coloured": coloured, "photographed": photographed,
}  # fmt: skip


def on_pad(drawn: Strokes, paper: float | Array = 255, ink: float | Array = 0) -> Array:
    """Render on a pad, from grey or colour (3,) `paper` to `ink`."""
    coverage = render(drawn, PAD)
    if np.ndim(paper):
        coverage = coverage[..., None]
    return np.rint(paper + coverage * (np.asarray(ink) - paper)).astype(np.uint8)


def placed(
    drawn: Strokes, generator: np.random.Generator, scale: float | None = None, anywhere: float = 0.3
) -> Strokes:
    """Scale (0.65 to 1 unless told) and lay somewhere: `anywhere` = 1 is the whole pad, 0 its middle."""
    small = _inside(_scaled(drawn, generator.uniform(0.65, 1) if scale is None else scale))
    low, high = small.box
    room = np.stack([MARGIN - low, 1 - MARGIN - high])
    return _shifted(small, anywhere * generator.uniform(*room) + (1 - anywhere) * room.mean(axis=0))


def _scaled(drawn: Strokes, scale: float) -> Strokes:
    return drawn.moved(lambda points: 0.5 + (points - 0.5) * scale)


def _shifted(drawn: Strokes, by: Array) -> Strokes:
    return drawn.moved(lambda points: points + by)


def _inside(drawn: Strokes) -> Strokes:
    """Made as much smaller as it must be to fit between the margins, and moved there if it sticks out."""
    low, high = drawn.box
    pen = max((float(w.max()) for w in drawn.widths), default=0.0)
    room = 1 - 2 * MARGIN
    if max(high - low) > room:
        drawn = _scaled(drawn, (room - pen) / (max(high - low) - pen))
        low, high = drawn.box
    return _shifted(drawn, np.maximum(MARGIN - low, 0) - np.maximum(high - 1 + MARGIN, 0))


def _rotation(angle: float) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, s], [-s, c]])


def _perspective(generator: np.random.Generator) -> Callable[[Array], Array]:
    """The paper turned by up to 8° and tilted away by a little."""
    turn = _rotation(np.deg2rad(generator.uniform(-8, 8)))
    tilt = generator.uniform(-0.22, 0.22, 2)

    def see(points: Array) -> Array:
        flat = (points - 0.5) @ turn
        return 0.5 + flat / (1 + flat @ tilt)[:, None]

    return see


def _clouds(size: int, cells: int, generator: np.random.Generator) -> Array:
    """Smooth noise (size, size) in 0..1 with about `cells` clouds a side."""
    coarse = Image.fromarray(generator.uniform(0, 1, (cells + 1, cells + 1)).astype(np.float32))
    return np.clip(np.asarray(coarse.resize((size, size), Image.Resampling.BICUBIC), float), 0, 1)


def _grain(size: int, generator: np.random.Generator) -> Array:
    """The paper's fibres, in levels of grey: fine and coarse at once."""
    fine = generator.normal(0, generator.uniform(1, 4), (size, size))
    return fine + generator.uniform(2, 8) * (_clouds(size, size // 6, generator) - 0.5)


def _light(size: int, generator: np.random.Generator) -> Array:
    """How brightly each place is lit: falling off to one side, and often the soft shadow of hand or head."""
    angle = generator.uniform(0, 2 * np.pi)
    y, x = np.mgrid[:size, :size] / size - 0.5
    across = x * np.cos(angle) + y * np.sin(angle)
    light = 1 - generator.uniform(0.1, 0.5) * (across + 0.5) - 0.15 * _clouds(size, 3, generator)
    if generator.random() < 0.4:
        edge = x * np.cos(angle + 1) + y * np.sin(angle + 1) - generator.uniform(-0.35, 0.35)
        light *= 1 - generator.uniform(0.1, 0.35) / (1 + np.exp(-edge / generator.uniform(0.02, 0.1)))
    return np.clip(light, 0.2, 1)


def _camera(scene: Array, generator: np.random.Generator) -> Array:
    """Blur, the sensor's noise, and JPEG."""
    noisy = np.clip(scene + generator.normal(0, generator.uniform(0.5, 3), scene.shape), 0, 255)
    photo = Image.fromarray(noisy.astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(generator.uniform(0.4, 2))
    )
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=int(generator.integers(45, 92)))
    return np.asarray(Image.open(file))
