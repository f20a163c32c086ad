"""A run in a notebook: it trains in a thread, is seen in a cell, and is at hand in all others."""

import queue
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

from glassnet.data import Dataset
from glassnet.nn import Network
from glassnet.notebook import cells, widget
from glassnet.notebook.opening import Source, bytes_of, check, opening_of
from glassnet.notebook.pages import Pages
from glassnet.studio.controls import checked
from glassnet.studio.conversation import Hosts
from glassnet.studio.desk import Desk
from glassnet.studio.hub import Hub
from glassnet.studio.readers import Readers
from glassnet.studio.session import Session
from glassnet.training import Event, Training
from glassnet.view.wire import decode

_open: "weakref.WeakSet[LiveView]" = weakref.WeakSet()


class LiveView:
    """The studio in a cell: the network while it learns, with its curves, its mistakes and its past.

        view = LiveView(gn.Training(net, digits, epochs=10))   # a run of yours
        view                                                   # shows it; the buttons start it

        LiveView("mnist-sample", hidden=[64], epochs=5)        # data and settings, as of `glassnet train`

    A run of yours stays the one that is shown: `net` learns in place, and later cells use it. In a view that
    was made of data the page can begin other networks; `run` and `network` are what it shows.

    It trains in a thread, so cells can be run meanwhile. Read `network` and `history` at any time; before you
    change the network, or go on with the run yourself, `pause()`. A run has one view: another one closes it,
    and so does running the cell again that made it.

    run         a Training; or the name of data or a table's path; or nothing, for MNIST or its sample
    recipe      the name or file of a recipe that the settings change; by default the one that suits the data
    memory      megabytes that the points to go back to may take
    settings    as of `glassnet.recipes.Recipe`: hidden, activation, optimizer, learning_rate, epochs, seed, …

    Raises ValueError, in one line, for settings that cannot be and where anywidget is missing (MissingExtra),
    and OSError for data that cannot be read.
    """

    def __init__(
        self,
        run: Source = None,
        /,
        *,
        recipe: str | None = None,
        memory: float = 256,
        **settings: Any,
    ) -> None:
        opening, budget = opening_of(run, recipe, settings), bytes_of(memory)
        self.widget = shown = widget.make()
        self._cell = cells.current()
        _close_others(opening.held, self._cell)
        hub, self._changed = Hub(), threading.Condition()
        session = Session(opening, _publisher(hub, self._changed), lambda: hub.viewers, budget)
        try:
            check(session)
        except BaseException:
            shown.close()
            raise
        hosts = Hosts(session, hub, Desk(), Readers(session.shown), opening)
        pages = Pages(hosts, shown.send, lambda: widget.is_open(shown))
        shown.on_msg(pages.hear)
        self._hub, self._session = hub, session
        self._end = weakref.finalize(self, _close, shown, pages, session)
        pages.gone = self._end
        session.start()
        self._until(lambda: self.status != "loading")
        if self.status == "failed":
            self._end()
            raise ValueError(self._message)
        _open.add(self)

    # ---- what there is

    @property
    def run(self) -> Training:
        """The run that is shown."""
        return self._session.now.run

    @property
    def network(self) -> Network:
        """Its network, as the last step left it."""
        return self.run.network

    @property
    def data(self) -> Dataset:
        """Its data."""
        return self.run.data

    @property
    def history(self) -> list[Event]:
        """All events so far but the steps: epochs with loss and accuracy, changes, the end."""
        return self.run.history

    @property
    def status(self) -> str:
        """It is "ready", "running", "paused", "ended", "diverged", "failed" or "closed"."""
        if not self._end.alive:
            return "closed"
        known = self._hub.newest("session")
        return str(decode(known)[0]["status"]) if known else "loading"

    @property
    def _message(self) -> str:
        known = self._hub.newest("session")
        return str(decode(known)[0]["message"] or "") if known else ""

    # ---- what to do

    def start(self) -> None:
        """Go on, to the end or a pause, and return at once."""
        self._ask("start")

    def pause(self) -> None:
        """Stand still after the step at hand. The run and its network are yours until it goes on."""
        self._ask("pause")

    def step(self, steps: int = 1) -> None:
        """Make some steps, one batch and one update each, and return when they are made."""
        for _ in range(steps):
            self._ask("step")
            self.wait()

    def change(self, **settings: Any) -> None:
        """Change settings from the next step on, such as learning_rate, batch_size, epochs, dropout."""
        self._ask("change", settings=checked(settings))

    def wait(self, timeout: float | None = None) -> list[Event]:
        """Wait until the run stands still, at most so many seconds, and return its history.

        Where the cell is interrupted the run pauses. Raises ValueError, in one line, if the run failed.
        """
        try:
            self._until(lambda: self.status not in ("loading", "running"), timeout)
        except KeyboardInterrupt:
            with suppress(ValueError):  # closed meanwhile
                self.pause()
            raise
        if self.status == "failed":
            raise ValueError(self._message)
        return self.history

    def close(self) -> None:
        """End the view: the run pauses, and is yours. What the page last showed stays there."""
        if self._end.alive:
            self._last = repr(self).removesuffix(f": {self.status}")
            self._end()
        with self._changed:
            self._changed.notify_all()

    def _ask(self, kind: str, **fields: Any) -> None:
        """Have a command carried out between two steps. Raises ValueError, in one line, if it cannot be."""
        if not self._end.alive:
            raise ValueError(f"{kind}: expected an open view, got one that was closed")
        replies: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._session.submit({"kind": kind, "id": 0, **fields}, replies.put)
        while True:
            try:
                reply, _ = decode(replies.get(timeout=0.5))
                break
            except queue.Empty:
                if not self._end.alive:
                    raise ValueError(f"{kind}: the view was closed meanwhile") from None
        if reply["kind"] == "error":
            raise ValueError(reply["message"])

    def _until(self, happened: Callable[[], bool], timeout: float | None = None) -> None:
        deadline = None if timeout is None else monotonic() + timeout
        with self._changed:
            while not happened() and (deadline is None or monotonic() < deadline):
                self._changed.wait(0.5 if deadline is None else min(0.5, max(0.0, deadline - monotonic())))

    # ---- how it is shown

    def __repr__(self) -> str:
        """Return one line: the data, the network, and where the run stands."""
        if not self._end.alive:
            return f"{getattr(self, '_last', 'LiveView')}: closed"
        run = self.run
        sizes = repr(run.network).removeprefix("Network ").partition(" (")[0]
        return (
            f"LiveView of {run.data.name}, {sizes}, epoch {run.epoch} of {run.settings.epochs}: {self.status}"
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return what Jupyter shows: the widget, and where there is no kernel a line."""
        if not widget.is_open(self.widget):
            return {"text/plain": repr(self)}
        self._keep()
        shown = self.widget._repr_mimebundle_(**kwargs)
        data, *rest = shown if isinstance(shown, tuple) else (shown,)
        data = {**data, "text/plain": f"{self!r}. Run this cell to see it."}
        return (data, *rest) if rest else data

    def _display_(self) -> Any:
        """Return what marimo shows."""
        self._keep()
        return self.widget if widget.is_open(self.widget) else repr(self)

    def _keep(self) -> None:
        """Live as long as what is seen, where no variable holds the view."""
        if self._end.alive:
            self.widget.liveview = self


def _publisher(hub: Hub, changed: threading.Condition) -> Callable[[str, bytes], None]:
    def publish(topic: str, message: bytes) -> None:
        hub.publish(topic, message)
        if topic == "session":
            with changed:
                changed.notify_all()

    return publish


def _close_others(run: Training | None, cell: cells.Cell | None) -> None:
    """Close what the new view takes the place of: a view of the same run, and what its cell showed before."""
    for other in [*_open]:
        before = other._cell
        again = (
            before is not None and cell is not None and before.name == cell.name and before.run != cell.run
        )
        if again or (run is not None and other.status != "closed" and other.run is run):
            other.close()
            _open.discard(other)
        if again:  # its place in the notebook is gone
            other.widget.close()


def _close(shown: Any, pages: Pages, session: Session) -> None:
    seen, shown.liveview = shown.liveview is not None or pages.heard, None
    shown.on_msg(pages.hear, remove=True)
    pages.close()
    session.close()
    if seen:  # what it showed last stays
        shown.on_msg(widget.farewell)
    else:
        shown.close()
