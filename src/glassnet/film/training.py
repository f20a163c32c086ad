"""The film of a training: what forms in the first layer, the curves, and what the network answers."""

from typing import Protocol

from glassnet.film.canvas import HEIGHT, WIDTH, Canvas
from glassnet.film.curves import Curves, Rect, measures
from glassnet.film.look import Pixels, Theme
from glassnet.film.pace import place_at
from glassnet.film.plane import Boundary
from glassnet.film.recording import Recording
from glassnet.film.samples import Samples
from glassnet.film.values import Agreement, Line
from glassnet.film.weights import Weights
from glassnet.view.samples import kind

EDGE, GUTTER = 24, 28
TOP, FOOT = 58, 18  # room for the title, and below
STRIP = 108  # the height of the row of examples
TILES = 412  # the width of the units' tiles
WEIGHTS = 136  # the height of a matrix below the curves


class Panel(Protocol):
    """A part of the picture: what stands still in it, and what it shows at a place of the film."""

    def lay(self, canvas: Canvas) -> None:
        """Draw what stands still."""

    def draw(self, canvas: Canvas, place: float) -> None:
        """Draw what moves."""


class Training:
    """The film of a recorded training, so many seconds long; `draw` makes its picture at any moment."""

    def __init__(self, recording: Recording, seconds: float, width: int, look: Theme) -> None:
        self.recording, self.seconds = recording, seconds
        self.panels: list[Panel] = _panels(recording)
        self._ground = Canvas(width, look)
        self._place, self._picture = -1.0, self._ground.pixels
        self._lay_title(self._ground)
        for panel in self.panels:
            panel.lay(self._ground)

    def draw(self, time: float) -> Pixels:
        """Return the picture (H, W, 3) after so many seconds, which is not to be written to."""
        place = place_at(time, self.seconds)
        if place == self._place:
            return self._picture
        canvas = self._ground.copy()
        for panel in self.panels:
            panel.draw(canvas, place)
        self._draw_moment(canvas, place)
        self._place, self._picture = place, canvas.pixels
        return canvas.pixels

    def _lay_title(self, canvas: Canvas) -> None:
        recording, look = self.recording, canvas.look
        name = canvas.fit(recording.name, 220, 19, bold=True)
        canvas.text(EDGE, 34, name, 19, look.ink, bold=True)
        after = EDGE + canvas.text_width(name, 19, bold=True) + 14
        told = f"{recording.units}  ·  {recording.size:,} parameters"
        canvas.text(after, 34, canvas.fit(told, WIDTH - EDGE - 190 - after, 12), 12, look.quiet)
        canvas.box(0, 47, WIDTH, 0.5, look.rule)

    def _draw_moment(self, canvas: Canvas, place: float) -> None:
        recording, look = self.recording, canvas.look
        step = recording.pace.step(place)
        epoch, end = self._epoch(step), recording.end
        planned = max(recording.planned or 0, epoch)
        right = WIDTH - EDGE
        words, colour = f"epoch {epoch} of {planned}", look.ink
        if place >= 1 and end is not None and end.reason != "finished":
            words = f"{'stopped early' if end.reason == 'early' else end.reason} in epoch {epoch}"
            colour = look.wrong if end.reason == "diverged" else look.ink
        canvas.text(right, 34, words, 13, colour, "r", bold=True)
        widest = f"epoch {planned} of {planned}"
        left = right - max(canvas.text_width(text, 13, bold=True) for text in (words, widest)) - 14
        canvas.text(left, 34, f"step {step:,}", 13, look.quiet, "r")
        canvas.box(0, 46, WIDTH * place, 2, look.ink)

    def _epoch(self, step: int) -> int:
        """Return the epoch that a step belongs to."""
        for epoch in self.recording.epochs:
            if step <= epoch.step:
                return epoch.epoch
        later = [shot.epoch for shot in self.recording.shots if shot.step <= step]
        known = [epoch.epoch for epoch in self.recording.epochs[-1:]]
        return max([1, *later, *known])


def _panels(recording: Recording) -> list[Panel]:
    """Return the parts that suit the data and what is left of the run."""
    data = recording.data
    wide, bottom = WIDTH - 2 * EDGE, HEIGHT - FOOT
    tall = bottom - TOP
    if data is not None and kind(data) == "points":
        side = tall - 42.0
        answers = Boundary if data.classes is not None else Line
        hero = Rect(EDGE, TOP, side if data.classes is not None else 440, tall)
        rest = Rect(EDGE + hero.width + GUTTER, TOP, wide - hero.width - GUTTER, tall)
        return [answers(hero, recording), *_curves(rest, recording)]
    if data is not None and data.classes is None:
        hero = Rect(EDGE, TOP, tall - 42.0, tall)
        rest = Rect(EDGE + hero.width + GUTTER, TOP, wide - hero.width - GUTTER, tall - WEIGHTS)
        weights = Rect(rest.x, TOP + rest.height + 14, rest.width, WEIGHTS - 14)
        return [Agreement(hero, recording), *_curves(rest, recording), Weights(weights, recording)]
    strip = STRIP if data is not None else 0
    upper = tall - strip
    left = Rect(EDGE, TOP, TILES if measures(recording) else wide, upper)
    right = Rect(EDGE + TILES + GUTTER, TOP, wide - TILES - GUTTER, upper)
    panels: list[Panel] = [Weights(left, recording), *_curves(right, recording)]
    if data is not None:
        panels.append(Samples(Rect(EDGE, bottom - strip + 4, wide, strip), recording))
    return panels


def _curves(where: Rect, recording: Recording) -> list[Panel]:
    """Return the curves, one below the other."""
    names = measures(recording)
    if not names:
        return []
    gap, n = 14, len(names)
    height = (where.height - (n - 1) * gap) / n
    return [
        Curves(Rect(where.x, where.y + k * (height + gap), where.width, height), recording, name)
        for k, name in enumerate(names)
    ]
