"""The film of a network that reads examples one after the other, ever faster, with a pause at a mistake."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import Dataset
from glassnet.film.canvas import WIDTH, Canvas
from glassnet.film.curves import SMALL, TITLE
from glassnet.film.look import Colour, Pixels, Theme, mixed
from glassnet.film.pace import HOLD, holds
from glassnet.film.samples import called, fitted
from glassnet.nn import Network
from glassnet.view import samples as view

Array = NDArray[Any]

SLOW, FASTER, LOOK = 1.2, 0.86, 1.6  # seconds for the first; each next one's share of that; for a mistake
GROW = 0.3  # seconds that the bars take from one answer to the next
WORK = 1e10  # examples times parameters: a second or so of judging
MOST_ROWS = 12  # classes that each have a row; of more, the ten most probable
SIDE, EDGE, TOP, BOTTOM = 252, 24, 68, 350  # of the picture, and of what is above the tally
MARK, MARKS_WIDE, SHELF = 7, 300, 44  # the tally's squares, how wide it is, and the mistakes' pictures


@dataclass(frozen=True)
class Turn:
    """One example: its number among those read, and when it comes and goes, in pictures of the film."""

    number: int
    start: int
    stop: int


class Reading:
    """The film of `network` reading the part of `data` to judge on, in random order, none left out.

    It is so many seconds long, a picture every `every` seconds; `draw` makes that of any moment. Raises
    ValueError unless the examples are images of classes.
    """

    def __init__(
        self, network: Network, data: Dataset, seconds: float, every: float, width: int, look: Theme
    ) -> None:
        if data.classes is None or view.kind(data) != "images":
            raise ValueError(
                f"{data.name}: expected images with classes to read, got examples of another kind"
            )
        self.seconds, self.every, self._look = seconds, every, look
        self.classes = data.classes
        self.part, split = data.judged
        self.order = np.random.default_rng(0).permutation(len(split))
        frames = round(seconds / every)
        asked = self.order[:frames]
        places = split.places(asked)
        with np.errstate(all="ignore"):
            self.probabilities = np.nan_to_num(network.predict_proba(split.inputs[places]))
        self.named = self.probabilities.argmax(axis=1)
        self.labels = split.targets[places].astype(np.intp)
        self.wrong = self.named != self.labels
        self.turns = schedule(self.wrong, frames, every, holds(seconds)[1])
        count = len(self.turns)
        self._pictures = view.images(data, split, asked[:count])
        self.share, self.judged = _share(network, split, self.order)
        self._name, self._what = data.name, called(data)
        self._ground = Canvas(width, look)
        self._lay()

    def turn(self, time: float) -> Turn:
        """Return which example is read after so many seconds."""
        frame = int(time / self.every + 0.5)
        return next((turn for turn in self.turns if frame < turn.stop), self.turns[-1])

    def _lay(self) -> None:
        canvas, look = self._ground, self._look
        title = canvas.fit(f"reading {self.part} {self._what}", 330, 19, bold=True)
        canvas.text(EDGE, 34, title, 19, look.ink, bold=True)
        of_all = f"{100 * self.share:.1f} % of {self.judged:,} right"
        canvas.text(WIDTH - EDGE, 34, f"{self._name}  ·  {of_all}", 12, look.quiet, "r")
        canvas.box(0, 47, WIDTH, 0.5, look.rule)
        note = "in random order, none left out" + ("" if self.part != "training" else ", but learnt from")
        canvas.text(EDGE, 436, note, SMALL, look.quiet)
        self._rows = list(range(len(self.classes))) if len(self.classes) <= MOST_ROWS else None

    def draw(self, time: float) -> Pixels:
        """Return the picture (H, W, 3) after so many seconds."""
        canvas = self._ground.copy()
        turn = self.turn(time)
        n = turn.number
        wrong, look = bool(self.wrong[n]), self._look
        colour = look.wrong if wrong else look.right
        canvas.paste(EDGE, TOP, fitted(self._pictures[n], canvas.at(SIDE)))
        if wrong:
            canvas.frame(EDGE, TOP, SIDE, SIDE, 3, colour)
        self._draw_rows(canvas, self._grown(turn, time), n, colour)
        self._draw_answer(canvas, n, colour)
        self._draw_tally(canvas, n)
        self._draw_mistakes(canvas, n)
        return canvas.pixels

    def _grown(self, turn: Turn, time: float) -> Array:
        """The probabilities on their way from the answer before to this one."""
        now: Array = self.probabilities[turn.number]
        since = time - turn.start * self.every
        if turn.number == 0 or (turn.stop - turn.start) * self.every < 1.5 * GROW or since >= GROW:
            return now  # the first picture is what a page shows of a film that does not play
        before: Array = self.probabilities[turn.number - 1]
        t = max(since, 0.0) / GROW
        share = t * t * (3 - 2 * t)
        return (1 - share) * before + share * now

    def _draw_rows(self, canvas: Canvas, row: Array, n: int, colour: Colour) -> None:
        look, named = canvas.look, int(self.named[n])
        rows = self._rows if self._rows is not None else np.argsort(-row, kind="stable")[:10].tolist()
        short = max(len(self.classes[k]) for k in rows) <= 2
        left, pitch = (326.0 if short else 370.0), SIDE / len(rows)
        for line, k in enumerate(rows):
            y, p = TOP + line * pitch, float(row[k])
            ink = colour if k == named else mixed(look.quiet, 0.6, look.page)
            size = 13 if short else SMALL
            name = canvas.fit(self.classes[k], left - 292, size, bold=k == named)
            place = y + pitch / 2 + 4.5
            canvas.text(left - 10, place, name, size, look.ink if k == named else look.quiet, "r", k == named)
            canvas.box(left, y + 3, 220, pitch - 6, look.panel)
            if p > 0.002:
                canvas.box(left, y + 3, 220 * p, pitch - 6, ink)
            if k == int(self.labels[n]):
                canvas.frame(left, y + 3, 220, pitch - 6, 1, look.ink)

    def _draw_answer(self, canvas: Canvas, n: int, colour: Colour) -> None:
        look, x = canvas.look, (326 if max(map(len, self.classes)) <= 2 else 370) + 220 + 26
        room = WIDTH - EDGE - x
        name = self.classes[int(self.named[n])]
        size = 118.0
        while size > 15 and canvas.text_width(name, size, bold=True) > room:
            size *= 0.9
        canvas.text(x, TOP + 12, "it says", TITLE, look.quiet)
        canvas.text(x, TOP + 128, canvas.fit(name, room, size, bold=True), size, colour, bold=True)
        sure = 100 * float(self.probabilities[n, self.named[n]])
        canvas.text(x, TOP + 160, f"{sure:.0f} % sure", 14, look.quiet)
        canvas.text(x, TOP + 194, "wrong" if self.wrong[n] else "right", 20, colour, bold=True)
        if self.wrong[n]:
            actual = canvas.fit(f"it is {self.classes[int(self.labels[n])]}", room, 16)
            canvas.text(x, TOP + 220, actual, 16, look.ink)

    def _draw_tally(self, canvas: Canvas, n: int) -> None:
        look = canvas.look
        right = n + 1 - int(self.wrong[: n + 1].sum())
        words = f"{right:,} of {n + 1:,} right"
        canvas.text(EDGE, BOTTOM + 14, words, 15, look.ink, bold=True)
        across = int(MARKS_WIDE / MARK)
        for k in range(min(n + 1, 6 * across)):
            x, y = EDGE + k % across * MARK, BOTTOM + 26 + k // across * MARK
            canvas.box(x, y, MARK - 2, MARK - 2, look.wrong if self.wrong[k] else look.right)

    def _draw_mistakes(self, canvas: Canvas, n: int) -> None:
        look, left = canvas.look, EDGE + MARKS_WIDE + 30
        missed = np.flatnonzero(self.wrong[: n + 1])[::-1]  # the newest first
        if not len(missed):
            return
        pitch = SHELF + (34 if max(map(len, self.classes)) <= 2 else 60)
        most = int((WIDTH - EDGE - left) / pitch)
        canvas.text(left, BOTTOM + 14, "mistakes", TITLE, look.ink, bold=True)
        after = left + canvas.text_width("mistakes ", TITLE, bold=True) + 2
        canvas.text(after, BOTTOM + 14, "what it said, and what it is", SMALL, look.quiet)
        for place, k in enumerate(missed[:most].tolist()):
            x, y = left + place * pitch, BOTTOM + 26
            canvas.paste(x, y, fitted(self._pictures[k], canvas.at(SHELF)))
            canvas.frame(x, y, SHELF, SHELF, 1.2, look.wrong)
            room = pitch - SHELF - 12
            said, actual = self.classes[int(self.named[k])], self.classes[int(self.labels[k])]
            size = 17 if room < 30 else SMALL
            canvas.text(
                x + SHELF + 6, y + 17, canvas.fit(said, room, size, bold=True), size, look.wrong, "l", True
            )
            canvas.text(x + SHELF + 6, y + 40, canvas.fit(actual, room, size), size, look.quiet)


def schedule(wrong: NDArray[np.bool_], frames: int, every: float, hold: float = HOLD) -> list[Turn]:
    """Return when each example is read, in turn: at first slowly, at last one a picture, longer at a mistake.

    The last one stays to the end, at least for as many seconds as `hold` says.
    """
    turns: list[Turn] = []
    start, slow = 0, SLOW
    until = frames - round(hold / every)
    for number, missed in enumerate(wrong.tolist()):
        pictures = max(1, round(max(slow, LOOK if missed else 0.0) / every))
        if turns and start + pictures > until:
            break
        turns.append(Turn(number, start, min(start + pictures, frames)))
        start, slow = start + pictures, slow * FASTER
    last = turns[-1]
    return [*turns[:-1], Turn(last.number, last.start, max(frames, last.stop))]


def _share(network: Network, split: Any, order: NDArray[np.intp]) -> tuple[float, int]:
    """Return which share of the examples is named right, and how many of them were asked for it."""
    count = min(len(order), max(500, int(WORK / max(network.size, 1))))
    places = split.places(order[:count])
    with np.errstate(all="ignore"):
        named = network.predict(split.inputs[places])
    return float((named == split.targets[places]).mean()), count
