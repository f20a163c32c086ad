"""Examples with what the network says of them: some it gets right, and the mistakes it is surest of."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glassnet.plots import style
from glassnet.plots.images import channels_last
from glassnet.plots.style import INK, ORANGE, QUIET, RULE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Indices = NDArray[np.intp]

_TILE, _PITCH = 1.0, 1.14  # inches: the longer side of an image, and from one image to the next
_LINE = 0.165  # inches


def predictions(
    path: str | os.PathLike[str],
    images: ArrayLike,
    probabilities: ArrayLike,
    actual: ArrayLike,
    classes: Sequence[str],
    title: str | None = None,
) -> Path:
    """Draw ten right examples, of as many classes as can be, above the ten surest mistakes; return the path.

    `images` (N, H, W) grey, (N, 3, H, W) or (N, H, W, 3), uint8 or floating; `probabilities` (N, K); `actual`
    (N,) class indices; K class names. Raises ValueError if they do not fit together or there is no example.
    """
    examples = _examples("predictions", images, probabilities, actual, classes)
    with style.drawing():
        return style.save(_predictions_figure(examples, title), path)


def mistakes(
    path: str | os.PathLike[str],
    images: ArrayLike,
    probabilities: ArrayLike,
    actual: ArrayLike,
    classes: Sequence[str],
    title: str | None = None,
) -> Path:
    """Draw the mistakes that the network is surest of, up to 24; return the path.

    Arguments and errors as for `predictions`.
    """
    examples = _examples("mistakes", images, probabilities, actual, classes)
    with style.drawing():
        return style.save(_mistakes_figure(examples, title), path)


@dataclass
class _Examples:
    """Images (N, H, W) or (N, H, W, 3), their classes, and the classes predicted with probability `sure`."""

    images: NDArray[Any]
    actual: Indices
    predicted: Indices
    sure: NDArray[np.floating[Any]]
    classes: Sequence[str]

    def wrong(self) -> Indices:
        """All mistakes, the surest first."""
        wrong = np.flatnonzero(self.predicted != self.actual)
        return wrong[np.argsort(-self.sure[wrong], kind="stable")]

    def right(self, most: int) -> Indices:
        """Some right ones in order of class: the first of every class, then the second, and so on."""
        right = np.flatnonzero(self.predicted == self.actual)
        right = right[np.argsort(self.actual[right], kind="stable")]
        label = self.actual[right]
        rank = np.arange(len(label)) - np.searchsorted(label, label)  # among the right ones of its class
        order = np.lexsort((label, rank))
        if (rank == 0).sum() > most:  # more classes than places: skip some evenly
            order = order[np.linspace(0, (rank == 0).sum() - 1, most).round().astype(int)]
        return right[np.sort(order[:most])]


def _examples(
    caller: str, images: ArrayLike, probabilities: ArrayLike, actual: ArrayLike, classes: Sequence[str]
) -> _Examples:
    given, probabilities, actual = np.asarray(images), np.asarray(probabilities), np.asarray(actual)
    laid = channels_last(given, given.shape[1:]) if given.size else None
    if laid is None:
        raise ValueError(
            f"{caller}: expected images (N, H, W), (N, 3, H, W) or (N, H, W, 3), got shape {given.shape}"
        )
    N, K = len(laid), len(classes)
    if probabilities.shape != (N, K):
        raise ValueError(
            f"{caller}: expected probabilities ({N}, {K}) for {N} images and {K} classes, "
            f"got shape {probabilities.shape}"
        )
    if not np.isfinite(probabilities).all():
        raise ValueError(f"{caller}: expected finite probabilities, got NaN or infinity")
    if actual.shape != (N,) or actual.dtype.kind not in "iu" or actual.min() < 0 or actual.max() >= K:
        raise ValueError(f"{caller}: expected actual to be {N} class indices from 0 to {K - 1}")
    predicted = probabilities.argmax(axis=1)
    return _Examples(
        laid, actual.astype(np.intp), predicted, probabilities.max(axis=1), list(map(style.one_line, classes))
    )


def _predictions_figure(examples: _Examples, title: str | None) -> "Figure":
    N, columns = len(examples.images), 10
    right, wrong = examples.right(columns), examples.wrong()
    count = N - len(wrong)
    head = f"{count:,} of {N:,} right"
    about_right = f"{len(right)} of {count:,}; what it is and how sure the network is" if count else "none"
    about_wrong = _about_wrong(len(wrong), columns)
    blocks = [(f"Right: {about_right}", right), (f"Wrong: {about_wrong}", wrong[:columns])]
    return _sheet(examples, f"{title}: {head}" if title else head, blocks, columns)


def _mistakes_figure(examples: _Examples, title: str | None) -> "Figure":
    wrong = examples.wrong()
    head = f"{len(wrong):,} of {len(examples.images):,} wrong"
    blocks = [(_about_wrong(len(wrong), 24).capitalize(), wrong[:24])]
    return _sheet(examples, f"{title}: {head}" if title else head, blocks, columns=8)


def _about_wrong(count: int, most: int) -> str:
    if count == 0:
        return "none, all are right"
    which = f"the {most} surest of {count:,}" if count > most else f"all {count}, surest first"
    return f"{which}; what the network says, how sure it is, and what it actually is"


def _sheet(examples: _Examples, title: str, blocks: list[tuple[str, Indices]], columns: int) -> "Figure":
    """Blocks of captioned images below each other, each under a line that says what they are."""
    from matplotlib.patches import Rectangle

    chosen = np.concatenate([indices for _, indices in blocks])
    images = dict(zip(chosen, _displayable(examples.images[chosen])))
    captions = dict(zip(chosen, _captions(examples, chosen)))

    H, W = examples.images.shape[1:3]
    scale = style.DPI * _TILE / max(H, W)  # pixels of the picture for one of the image ...
    scale = max(np.floor(scale), min(scale, 1)) / style.DPI  # ... a whole number, if it is more than one
    width, height = W * scale, H * scale
    rows = [-(-len(indices) // columns) for _, indices in blocks]
    lines = [max((len(captions[i]) for i in indices), default=0) for _, indices in blocks]
    pitches = [height + 0.3 + n * _LINE for n in lines]
    heights = [0.45 + n * pitch for n, pitch in zip(rows, pitches)]
    figure, page = style.page(2 * style.MARGIN + columns * _PITCH, 0.6 + sum(heights), title)

    tops = 0.75 + np.cumsum([0, *heights])
    for (note, indices), top, pitch in zip(blocks, tops, pitches):
        page.text(style.MARGIN, top, note, color=QUIET)
        for k, i in enumerate(indices):
            x, y = style.MARGIN + k % columns * _PITCH, top + 0.15 + k // columns * pitch
            wrong = examples.predicted[i] != examples.actual[i]
            extent = (x, x + width, y + height, y)
            page.imshow(images[i], cmap="gray", vmin=0, vmax=1, aspect="auto", extent=extent)
            edge, thick = (ORANGE, 1.8) if wrong else (RULE, 0.5)
            page.add_patch(Rectangle((x, y), width, height, fill=False, edgecolor=edge, linewidth=thick))
            for n, line in enumerate(captions[i]):
                page.text(x, y + height + 0.18 + n * _LINE, line, color=ORANGE if wrong else INK)
    return figure


def _displayable(images: NDArray[Any]) -> NDArray[np.float64]:
    """The images from 0 (dark) to 1 (bright).

    Bytes are divided by 255; other images are stretched by their common range unless they fit already.
    """
    if images.dtype == np.uint8:
        return np.asarray(images / 255.0)
    images = images.astype(np.float64)
    if not images.size or (images.min() >= 0 and images.max() <= 1):
        return images
    low, high = float(images.min()), float(images.max())
    return (images - low) / ((high - low) or 1.0)


def _captions(examples: _Examples, chosen: Indices) -> list[list[str]]:
    """For each example some lines: what is predicted, how surely, and for a mistake what it actually is."""
    captions = []
    for i in chosen:
        sure, actual, predicted = examples.sure[i], examples.actual[i], examples.predicted[i]
        percent = f"{100 * sure:.1f} %" if sure < 0.9995 else "> 99.9 %"
        captions.append([(examples.classes[predicted], percent)])
        if predicted != actual:
            captions[-1].append(("actually", examples.classes[actual]))
    room = _PITCH - 0.06
    short = all(style.text_width("  ".join(line)) <= room for caption in captions for line in caption)
    if short:
        return [["  ".join(line) for line in caption] for caption in captions]
    return [[style.fit(part, room) for line in caption for part in line] for caption in captions]
