"""The look of every picture: few colours, two sizes of text, thin rules; and how it reaches its file."""

import io
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glassnet.atomic import atomic

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

DPI = 150
MARGIN = 0.2  # inches
LARGE, SMALL = 12.5, 9.0  # points
INK, QUIET, RULE = "#1f1f1f", "#6a6a6a", "#d4d4d4"
BLUE, ORANGE = "#2171b5", "#d04a02"

# Classes and runs, told apart by the colour-blind too: after Okabe and Ito 2008 (jfly.uni-koeln.de/color),
# the yellow left out, which is too pale for a line, and blue and vermilion ours.
_KINDS = (BLUE, ORANGE, "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#7a5195", "#4d4d4d")

# Both arms darken at the same pace and stay apart for the colour-blind (ColorBrewer's Blues and Oranges).
_BELOW = ("#08519c", "#3182bd", "#6baed6", "#bdd7e7")
_ABOVE = ("#fdd0a2", "#fd8d3c", "#e6550d", "#a63603")

_STYLE: dict[Any, Any] = {
    "axes.edgecolor": QUIET,
    "axes.labelcolor": QUIET,
    "axes.labelsize": SMALL,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so every machine draws the same picture
    "font.size": SMALL,
    "text.color": INK,
    "text.parse_math": False,  # a class may be called "$5"
    "xtick.color": QUIET,
    "xtick.major.width": 0.6,
    "ytick.color": QUIET,
    "ytick.major.width": 0.6,
}

# For letters that DejaVu lacks, where one of them is installed: of Linux, macOS, Windows.
_OTHER_FONTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "WenQuanYi Zen Hei", "PingFang SC", "Hiragino Sans",
    "Arial Unicode MS", "Microsoft YaHei", "Yu Gothic", "Malgun Gothic", "Nirmala UI",
)  # fmt: skip

# matplotlib's settings belong to the whole process: two threads must not change and restore them in turn.
_settings = threading.Lock()


@contextmanager
def drawing() -> Iterator[None]:
    """Draw and save inside this: matplotlib's defaults with the style above, whatever the user has set."""
    import matplotlib

    with _settings, matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph .* missing from")  # a box stands for it
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        matplotlib.rcParams["font.family"] = [*_STYLE["font.family"], *_other_fonts()]
        yield


@cache
def _other_fonts() -> list[str]:
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    return [name for name in _OTHER_FONTS if name in installed]


def page(width: float, height: float, title: str = "", note: str = "") -> "tuple[Figure, Axes]":
    """A white figure, in inches, and axes to write on it by inches from its upper left corner.

    The title and the quiet note under it take the uppermost 0.75 inches, and widen the page if they must.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    width = max(width, 2 * MARGIN + text_width(title, LARGE), 2 * MARGIN + text_width(note))
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)  # draws without a display
    paper = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    paper.set_axis_off()
    paper.text(MARGIN, 0.4, title, fontsize=LARGE)
    paper.text(MARGIN, 0.65, note, color=QUIET)
    return figure, paper


def panel(figure: "Figure", left: float, top: float, width: float, height: float) -> "Axes":
    """Axes at a place given in inches from the figure's upper left corner."""
    w, h = figure.get_size_inches()
    return figure.add_axes((left / w, 1 - (top + height) / h, width / w, height / h))


def save(figure: "Figure", path: str | os.PathLike[str]) -> Path:
    """Write the figure as a PNG file, whole or not at all, and return the path."""
    path = Path(path)
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=DPI)  # a drawing that fails has touched no file yet
    with atomic(path) as file:
        file.write(png.getvalue())
    return path


def diverging() -> "Colormap":
    """For what has a sign: blue below zero, white at zero, orange above."""
    from matplotlib.colors import LinearSegmentedColormap

    colours = [*_BELOW, "#ffffff", *_ABOVE]
    return LinearSegmentedColormap.from_list("blue-white-orange", colours, N=257)  # odd: one is exactly white


def sequential() -> "Colormap":
    """For what has none: white to orange."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("white-orange", ["#ffffff", *_ABOVE])


def greys() -> "Colormap":
    """From black to white."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("greys", ["#000000", "#ffffff"])


def shades() -> "Colormap":
    """For counts of points: from a pale blue, so that one alone is seen, to a dark one."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("blues", [*reversed(_BELOW), "#08306b"])


def kinds(count: int) -> list[str]:
    """That many colours for classes or runs: eight to tell apart at a glance, then paler and darker ones."""
    from matplotlib.colors import to_hex, to_rgb

    def mixed(colour: str, turn: int) -> str:
        share, other = (0.45 if turn else 0.0), float(turn % 2)
        r, g, b = ((1 - share) * c + share * other for c in to_rgb(colour))
        return to_hex((r, g, b))

    return [mixed(_KINDS[k % len(_KINDS)], k // len(_KINDS)) for k in range(count)]


def text_width(text: str, size: float = SMALL) -> float:
    """How wide a line of text is, in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    points, _, _ = text_to_path.get_text_width_height_descent(text, FontProperties(size=size), ismath=False)
    return points / 72


def one_line(text: str) -> str:
    """The text with a space for each run of spaces, tabs and line ends."""
    return " ".join(text.split())


def fit(text: str, width: float, size: float = SMALL) -> str:
    """The text in one line, cut off with "…" if it is wider than that many inches."""
    text = one_line(text)
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1].rstrip()
    return text + "…"
