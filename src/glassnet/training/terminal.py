"""What a run shows in the terminal: a line an epoch, and a progress bar within it."""

import sys
from time import perf_counter
from typing import Any, TextIO

from glassnet.training.events import Change, End, Epoch, Event, Step
from glassnet.training.loop import Training


class Terminal:
    """Prints a line an epoch and, where the output is a terminal, a progress bar within it.

    Of a run of many epochs it is every second, fifth, tenth … and the first, the last and the one that a run
    ends after, about `LINES` in all, and more only where nothing was said for some seconds. Why a run
    diverged is said on stderr.
    """

    REDRAW_SECONDS = 0.1
    SILENT_SECONDS = 5.0
    LINES = 30

    def __init__(self, file: TextIO | None = None) -> None:
        self._file: TextIO | None = file or sys.stdout
        self._bar: Any = None
        self._heard = False
        self._drawn = 0.0
        self._unsaid: Epoch | None = None
        self._said = 0.0

    def __call__(self, event: Event, run: Training) -> None:
        """Draw or print, depending on the event."""
        if not self._heard:  # a start, or whatever a run that goes on says first
            self._heard = True
            self._open(run)
        if event.__class__ is Step:
            if self._bar is not None and perf_counter() - self._drawn > self.REDRAW_SECONDS:
                self._advance(event)
        elif isinstance(event, Epoch):
            last = event.epoch >= run.settings.epochs
            self._unsaid = event
            due = event.epoch == 1 or event.epoch % spacing(run.settings.epochs, self.LINES) == 0
            if last or due or perf_counter() - self._said > self.SILENT_SECONDS:
                self._say_epoch()
            if last:
                self.close()
            elif self._bar is not None:
                self._begin(run)
        elif isinstance(event, Change):
            settings = ", ".join(f"{name} {old} → {new}" for name, (old, new) in event.settings.items())
            self._say(f"Step {event.step:,} - changed {settings}")
        elif isinstance(event, End):
            self._say_epoch()
            self.close()
            self._heard = False
            if event.reason == "diverged":
                warn(event.message)

    def close(self) -> None:
        """Take the bar away and give the cursor back."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _open(self, run: Training) -> None:
        if self._file is None or not self._file.isatty():  # None if the shell closed it
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[loss]}"),
            TimeRemainingColumn(),
            console=Console(file=self._file, highlight=False),
            auto_refresh=False,  # no second thread: it would take turns with the training
            transient=True,
        )
        self._task = self._bar.add_task("", loss="")
        self._bar.start()
        self._begin(run)

    def _begin(self, run: Training) -> None:
        """Start the bar of the epoch that the run is now in."""
        done, length = run.steps_in_epoch
        self._first = run.step - done
        self._bar.reset(self._task, total=length, description=f"Epoch {run.epoch + 1}", loss="")

    def _advance(self, event: Any) -> None:
        self._bar.update(self._task, completed=event.step - self._first, loss=f"loss {event.loss:.4f}")
        self._bar.refresh()
        self._drawn = perf_counter()

    def _say_epoch(self) -> None:
        """Say the epoch that was heard of last, unless that is done."""
        if self._unsaid is not None:
            self._say(epoch_line(self._unsaid))
            self._unsaid, self._said = None, perf_counter()

    def _say(self, line: str) -> None:
        try:
            line.encode(getattr(self._file, "encoding", None) or "utf-8")
        except UnicodeEncodeError:
            line = line.replace("²", "2")
        if self._bar is not None:
            self._bar.console.print(line, soft_wrap=True)
        else:
            print(line, file=self._file, flush=True)


def spacing(epochs: int, lines: int) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, 50, … that leaves at most so many lines."""
    decade = 1
    while True:
        for digit in (1, 2, 5):
            if epochs <= lines * digit * decade:
                return digit * decade
        decade *= 10


def epoch_line(event: Epoch) -> str:
    """Return the epoch's numbers as one line."""
    line = f"Epoch {event.epoch} - {numbers(event.loss, event.accuracy, event.r2, event.mae)}"
    if event.validation_loss is not None:
        held = event.validation_accuracy, event.validation_r2, event.validation_mae
        line += f" - validation {numbers(event.validation_loss, *held)}"
    return f"{line} - {event.seconds:.2f} s"


def numbers(loss: float, accuracy: float | None, r2: float | None = None, mae: float | None = None) -> str:
    """Return a measure in words: its loss, and what there is of accuracy, R² and mean absolute error."""
    words = [f"loss {loss:.4f}"]
    if accuracy is not None:
        words.append(f"accuracy {accuracy:.4f}")
    if r2 is not None and mae is not None:
        size = f"{mae:#.3g}".rstrip(".") if mae < 1000 else f"{mae:,.0f}"
        words.append(f"R² {r2:.4f}, MAE {size}")
    return ", ".join(words)


def warn(message: str) -> None:
    """Say on stderr what the user should know, unless the shell closed it."""
    if sys.stderr is not None:
        print(f"glassnet: {message}", file=sys.stderr)
