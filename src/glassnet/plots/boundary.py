"""What the network says at every place of a plane, or along a line, with the examples over it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset, Split
from glassnet.nn.network import Network
from glassnet.plots import style
from glassnet.plots.style import BLUE, INK, ORANGE, QUIET
from glassnet.plots.values import summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[Any]

_SIDE = 5.2  # inches
_ACROSS = 390  # places asked in each direction, two pixels each; fewer of a large network
_WORK = 4e9  # places times parameters: a second or so
_MOST_POINTS = 1500
_MOST_NAMED = 16  # classes in the legend
_NAME = 2.0  # inches: the room for a name


def boundary(path: str | os.PathLike[str], network: Network, data: Dataset) -> Path:
    """Draw the class that the network predicts at each place of a plane, under the examples; return the path.

    The shade says how sure it is: white would be a guess among all classes. The examples that it is judged on
    have a ring. Of more than 1,500 examples so many, chosen evenly, are drawn. Raises ValueError unless the
    inputs are two numbers and the targets classes, and for a network whose answers are not finite.
    """
    if data.shape != (2,) or data.classes is None:
        raise ValueError(f"boundary: expected two inputs and classes, got {_described(data)}")
    with style.drawing():
        return style.save(_boundary_figure(network, data), path)


def fit(path: str | os.PathLike[str], network: Network, data: Dataset) -> Path:
    """Draw the value that the network predicts along its one input, over the examples; return the path.

    Several values have a colour each. Raises ValueError unless the inputs are one number and the targets
    values, and for a network whose answers are not finite.
    """
    if data.shape != (1,) or data.classes is not None:
        raise ValueError(f"fit: expected one input and values, got {_described(data)}")
    with style.drawing():
        return style.save(_fit_figure(network, data), path)


def _described(data: Dataset) -> str:
    targets = "values" if data.classes is None else f"{len(data.classes)} classes"
    return f"inputs {data.shape} and {targets}"


def _boundary_figure(network: Network, data: Dataset) -> "Figure":
    assert data.classes is not None
    K = len(data.classes)
    training, judged = _parts(data)
    inputs = np.concatenate([part.images for _, part in (training, judged)]).astype(np.float64)
    (left, right), (low, high) = _extent(inputs[:, 0]), _extent(inputs[:, 1])
    across = int(np.clip(np.sqrt(_WORK / max(network.size, 1)), _ACROSS / 5, _ACROSS))
    x, y = _places(left, right, across), _places(low, high, across)
    plane = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    probabilities = _answers("boundary", network.predict_proba(plane)).reshape(len(y), len(x), K)

    part, split = judged
    right_ones = network.predict(split.images) == split.labels
    title = f"{100 * right_ones.mean():.2f} % of the {part} examples right"
    note = "colour: the class predicted · the deeper, the surer the network is"
    width, height = _size(right - left, high - low)
    names = [style.fit(name, _NAME) for name in data.classes[:_MOST_NAMED]]
    room = 0.45 + max(map(style.text_width, [*names, "training, 99,999 of 99,999"]))
    tall = max(height, 0.22 * (len(names) + 5))
    figure, page = style.page(0.75 + width + 0.3 + room, 0.95 + tall + 0.6, title, note)
    axes = style.panel(figure, 0.75, 0.95, width, height)

    colours = style.kinds(K)
    image = _shades(probabilities, colours)
    axes.imshow(
        image, extent=(left, right, low, high), origin="lower", aspect="auto", interpolation="bilinear"
    )
    _draw_borders(axes, x, y, probabilities)
    shown = _thinned([training, judged])
    size = float(np.clip(900 / max(sum(len(rows) for rows in shown), 1), 14, 90))  # points²
    for (name, points), rows in zip((training, judged), shown):
        where = points.places(rows)
        face = [colours[k] for k in points.targets[where]]
        edge, line = (INK, 1.1) if points is split else ("white", 0.6)
        at = points.inputs[where]
        axes.scatter(at[:, 0], at[:, 1], s=size, c=face, edgecolors=edge, linewidths=line, zorder=3, gid=name)
    of_x, of_y = _axis_names(data)
    axes.set(xlim=(left, right), ylim=(low, high), xlabel=of_x, ylabel=of_y)
    _draw_legend(page, 0.75 + width + 0.3, names, colours, (training, judged), shown, K)
    return figure


def _draw_borders(axes: "Axes", x: Array, y: Array, probabilities: Array) -> None:
    """A line where two classes are equally probable and more so than any other."""
    K = probabilities.shape[-1]
    for k in range(K if K > 2 else 1):
        lead = probabilities[..., k] - np.delete(probabilities, k, axis=-1).max(axis=-1)
        if lead.min() < 0 < lead.max():
            axes.contour(x, y, lead, [0], colors="white", linewidths=1.4)


def _shades(probabilities: Array, colours: list[str]) -> Array:
    """Each place's colour (…, 3): that of its class, the paler the nearer to a guess among all classes."""
    from matplotlib.colors import to_rgb

    K = probabilities.shape[-1]
    best = np.array([to_rgb(c) for c in colours])[probabilities.argmax(axis=-1)]
    sure = (probabilities.max(axis=-1, keepdims=True) - 1 / K) / (1 - 1 / K)
    strength = 0.10 + 0.45 * sure.clip(0, 1)
    return np.asarray(1 - strength * (1 - best))


def _draw_legend(
    page: "Axes",
    left: float,
    names: list[str],
    colours: list[str],
    parts: tuple[tuple[str, Split], tuple[str, Split]],
    shown: list[Array],
    K: int,
) -> None:
    y = 1.1
    for name, colour in zip(names, colours):
        page.plot([left + 0.06], [y - 0.04], "s", color=colour, markersize=8)
        page.text(left + 0.25, y, name)
        y += 0.22
    if len(names) < K:
        page.text(left + 0.25, y, f"and {K - len(names)} more", color=QUIET)
        y += 0.22
    _name_parts(page, left, y + 0.2, parts, shown, QUIET)


def _name_parts(
    page: "Axes",
    left: float,
    y: float,
    parts: tuple[tuple[str, Split], tuple[str, Split]],
    shown: list[Array],
    colour: str,
) -> None:
    """A point without and one with a ring, each with the part's name and how many of it are drawn."""
    for k, ((name, part), rows) in enumerate(zip(parts, shown)):
        if not len(part):
            continue
        count = f"{len(part):,}" if len(rows) == len(part) else f"{len(rows):,} of {len(part):,}"
        edge = INK if k else "white"
        page.plot([left + 0.06], [y - 0.04], "o", color=colour, markeredgecolor=edge, markersize=7)
        page.text(left + 0.25, y, f"{name}, {count}", color=QUIET)
        y += 0.22


def _fit_figure(network: Network, data: Dataset) -> "Figure":
    training, judged = _parts(data)
    inputs = np.concatenate([part.images for _, part in (training, judged)]).astype(np.float64).ravel()
    left, right = _extent(inputs)
    x = _places(left, right, 1000)
    lines = _answers("fit", network.predict(x[:, None]))
    K = lines.shape[1]

    part, split = judged
    fits = summary(split.labels.reshape(-1, K), network.predict(split.images))
    figure, page = style.page(9.0, 5.0, f"{fits}, on the {part} examples", "line: what the network predicts")
    axes = style.panel(figure, 0.85, 0.95, 6.4, 3.45)
    shown = _thinned([training, judged])
    size = float(np.clip(6000 / sum(map(len, shown)), 8, 22))  # points²
    colours = [(BLUE, ORANGE)] if K == 1 else [(colour, colour) for colour in style.kinds(K)]
    for k, (of_points, of_line) in enumerate(colours):
        for (name, points), rows in zip((training, judged), shown):
            where = points.places(rows)
            edge, thick = (INK, 0.8) if points is split else ("white", 0.4)
            x_of, y_of = points.inputs[where].ravel(), points.targets[where].reshape(-1, K)[:, k]
            look: dict[str, Any] = {"s": size, "color": of_points, "edgecolors": edge, "linewidths": thick}
            axes.scatter(x_of, y_of, alpha=0.8, gid=name, **look)
        axes.plot(x, lines[:, k], color=of_line, linewidth=2.0)
    targets = np.concatenate([p.labels.ravel() for _, p in (training, judged)])
    low, high = _extent(np.concatenate([targets, lines.ravel().clip(*_extent(targets, 1.0))]))
    label = (data.encoding and data.encoding.label) or "target"
    axes.set(xlim=(left, right), ylim=(low, high), xlabel=_axis_names(data)[0], ylabel=style.fit(label, 3.0))
    _name_parts(page, 7.45, 1.15, (training, judged), shown, BLUE if K == 1 else QUIET)
    return figure


def _parts(data: Dataset) -> tuple[tuple[str, Split], tuple[str, Split]]:
    """The training part and the one to judge on; if that is the same, the first is empty."""
    name, judged = data.judged
    if judged is data.train:
        return ("", Split(judged.inputs, judged.targets, np.empty(0, np.intp))), (name, judged)
    return ("training", data.train), (name, judged)


def _thinned(parts: list[tuple[str, Split]]) -> list[Array]:
    """For each part the numbers of the examples to draw, the same share of each."""
    total = sum(len(part) for _, part in parts)
    share = min(1.0, _MOST_POINTS / total)
    generator = np.random.default_rng(0)
    return [
        np.sort(generator.permutation(len(part))[: int(np.ceil(share * len(part)))])
        if share < 1
        else np.arange(len(part))
        for _, part in parts
    ]


def _extent(values: Array, margin: float = 0.08) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    room = margin * (high - low) or 1.0
    return low - room, high + room


def _places(low: float, high: float, count: int) -> Array:
    """The middles of so many equal stretches."""
    return low + (np.arange(count) + 0.5) * (high - low) / count


def _size(width: float, height: float) -> tuple[float, float]:
    """The panel in inches: true to scale, unless one direction is far longer than the other."""
    if not 1 / 3 < width / height < 3:
        return _SIDE, _SIDE
    scale = _SIDE / max(width, height)
    return width * scale, height * scale


def _axis_names(data: Dataset) -> list[str]:
    unnamed = ("x",) if data.shape == (1,) else ("x₁", "x₂")
    names = unnamed if data.encoding is None else data.encoding.inputs
    return [style.fit(name, 4.0) for name in names]


def _answers(caller: str, answers: Array) -> Array:
    if not np.isfinite(answers).all():
        raise ValueError(f"{caller}: expected a network whose answers are finite, got NaN or infinity")
    return answers
