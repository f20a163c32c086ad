"""The thread that trains: it takes commands, makes steps, and between two steps shows what there is.

Nothing outside this thread touches the run. What is shown is built between two steps, so that no number in it
comes from the midst of one, and is handed on as bytes.
"""

import math
import queue
import threading
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from time import perf_counter
from typing import Any

from glassnet import blas
from glassnet.studio import controls, held, limits
from glassnet.studio.answers import one_line, refusal, reply
from glassnet.studio.commands import carry_out
from glassnet.studio.greeting import hello
from glassnet.studio.lookout import FPS, TELLING_SECONDS, Lookout
from glassnet.studio.readers import Shown
from glassnet.studio.setups import Opening, Sets, SetUp
from glassnet.studio.telling import Teller
from glassnet.studio.timeline import BUDGET
from glassnet.studio.work import Work, build, of_recording
from glassnet.training import End, Epoch, Event, Step
from glassnet.training.terminal import warn

Reply = Callable[[bytes], None]
Command = tuple[dict[str, Any], Reply]


class Session:
    """A run that is watched, stopped, changed and rewound.

    `publish(topic, message)` is called from the session's own thread with the newest message of a topic;
    `viewers()` says how many are there to see. `submit` may be called from any thread; the reply comes from
    the session's. The rest is for the session's thread.
    """

    def __init__(
        self,
        opening: Opening,
        publish: Callable[[str, bytes], None],
        viewers: Callable[[], int] = lambda: 1,
        budget: int = BUDGET,
    ) -> None:
        self.work: Work | None = None
        self.opening, self.sets, self.teller = opening, Sets(), Teller(publish)
        self._viewers, self._budget, self._runs = viewers, budget, 0
        self._commands: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._live, name="studio", daemon=True)
        self._asked: deque[Command] = deque()  # explanations, of which there were too many
        self._lookout: Lookout | None = None  # of the work at hand
        self._until: type[Event] | None = None  # pause after an event of this kind
        self._threads = ExitStack()  # as many of BLAS for all that this thread does

    # ---- from other threads

    def start(self) -> None:
        """Begin: read the data and make the first network."""
        self._thread.start()

    def submit(self, command: dict[str, Any], reply: Reply) -> None:
        """Have a command carried out when the step at hand is made."""
        self._commands.put((command, reply))

    def hello(self, role: str) -> bytes:
        """Return the first message to a page."""
        work = self.work
        return hello(role, self.opening, None if work is None else work.set_up.data, FPS)

    def shown(self) -> Shown | None:
        """Return a copy of the network that is shown, with its sample; None if there is none."""
        work = self.work
        return None if work is None else work.shown()

    def close(self) -> None:
        """End the thread after the step at hand."""
        self._commands.put(None)
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout=5)

    # ---- the thread

    def _live(self) -> None:
        try:
            self._open()
        except Exception as error:
            self.teller.failed(one_line(error))
            warn(one_line(error))  # in the terminal too, where the command was given
        while self._turn():
            pass
        if self.work is not None:
            self.work.run.close()
        self._threads.close()

    def _turn(self) -> bool:
        """Make steps until a command comes, and carry it out; False at the end."""
        work = self.work
        if work is not None and work.status == "running":
            try:
                self._go_on(work)
            except Exception as error:
                work.status, work.message = "failed", one_line(error)
                self.teller.session(work)
            if self._commands.empty():
                return True
        self._explain()
        command = self._wait()
        if command is not None:
            self._obey(*command)
        return command is not None

    def _wait(self) -> Command | None:
        """Return the next command; until there is one, judge what was not judged yet."""
        try:
            self._judge_the_rest()
        except Exception as error:
            self.teller.notice(f"not judged: {one_line(error)}")
        return self._commands.get()

    def _judge_the_rest(self) -> None:
        told = -math.inf
        while (work := self.work) is not None and self._commands.empty() and (done := work.eyes.finish()):
            now = perf_counter()
            if done == "shown":
                self.teller.validation(work)
            if done == "shown" or now - told > TELLING_SECONDS:
                self.teller.timeline(work)
                told = now
        if work is not None and told > -math.inf and self._commands.empty():
            self.teller.timeline(work)

    def _obey(self, command: dict[str, Any], tell: Reply) -> None:
        number = command.get("id")
        if command["kind"] != "explain" or self._lookout is None or self._lookout.may_explain():
            tell(reply(number, lambda: carry_out(self, command)))
        elif len(self._asked) < limits.CONNECTIONS:  # a page asks one thing at a time
            self._asked.append((command, tell))
        else:
            tell(refusal(number, "explain: expected fewer questions at a time, got too many: try again soon"))

    def _explain(self) -> None:
        """Answer those who wait for an explanation, as far as the time for that goes."""
        while self._asked and self.lookout.may_explain():
            self._obey(*self._asked.popleft())

    def explain(self, layer: int, unit: int, weight_input: int | None) -> dict[str, Any]:
        """Return the chain rule for a unit, or its weight from an input, of what is shown."""
        return self.lookout.explain(layer, unit, weight_input)

    # ---- new runs

    def _open(self) -> None:
        opening = self.opening
        self.teller.loading(opening)
        if opening.held is not None:
            self._hold(held.of_training(1, opening.held, self._budget))
            return
        if opening.run is None:
            self.begin(self.sets.set_up(opening.given, opening.recipe))
            return
        from glassnet.studio.replay import open_run

        opened = open_run(opening.run, self._budget)
        work = of_recording(1, opened)
        work.eyes.look()
        self._take(work, "; ".join(opened.notices) or None)

    def begin(self, set_up: SetUp, threads: int | None = None) -> None:
        """Make a new network, with so many BLAS threads if told. What there was stays if that fails."""
        controls.check_cost(set_up.recipe, set_up.data)
        work = build(self._runs + 1, set_up, self._budget, threads)
        if self.work is not None and self.work.set_up.data is set_up.data:
            work.eyes.sample = self.work.eyes.sample
        with blas.limit(work.run.threads):
            work.eyes.look()
            work.eyes.measure()
            work.keep()
        self._take(work, set_up.notice)

    def begin_again(self) -> None:
        """Take a held run back to where it came from."""
        self._hold(held.back(self.now, self._budget))

    def _hold(self, work: Work) -> None:
        """Take over a run that is not ours."""
        with blas.limit(work.run.threads):
            work.eyes.look()
            if not work.eyes.fallen_back:
                work.eyes.measure()
            work.keep()
        self._take(work, None)

    def give_dropout(self) -> None:
        """Put Dropout layers into the network, so that their rate can be changed. It goes on if it did."""
        work = self.now.with_dropout(self._runs + 1)
        work.eyes.look()
        self._take(work, None)

    def _take(self, work: Work, notice: str | None) -> None:
        """Let this be the work at hand, and tell everything of it."""
        if self.work is not None:
            self.work.run.close()
        self._threads.close()
        self._threads.enter_context(blas.limit(work.run.threads))
        self.work, self._runs = work, work.number
        self._lookout = Lookout(work, self.teller, self._viewers)
        self.teller.whole(work, notice)

    @property
    def now(self) -> Work:
        """The run at hand."""
        assert self.work is not None
        return self.work

    @property
    def lookout(self) -> Lookout:
        """What looks at it while it goes on."""
        assert self._lookout is not None
        return self._lookout

    # ---- going on

    def go(self, until: type[Event] | None = None) -> None:
        """Let the run go on, to the next event of a kind, else to its end."""
        work = self.now
        if work.mode == "held" and work.status != "running":
            held.find_status(work)
        if work.status not in ("ready", "paused", "running"):
            raise ValueError(f"start: expected a run that can go on, got one that has {work.status}")
        work.check_exact()
        work.eyes.turn_to(None)
        self._until = until
        if work.status != "running":
            work.status = "running"
            self.lookout.restart()
            self.teller.session(work)
            self.teller.timeline(work)

    def pause(self) -> None:
        """Let the run stand still where it is."""
        if self.now.status == "running":
            self.now.status = "paused"
            self._rest()

    def show(self) -> None:
        """Tell everything that may have changed while the run stands still."""
        if not self.now.eyes.looked:
            self.now.eyes.look()
        self.teller.standing(self.now)

    def _rest(self) -> None:
        """Keep and show where the run has come to stand. How it does there is told as soon as it is known."""
        work, self._until = self.now, None
        if work.eyes.looked:
            work.eyes.examine()
        else:
            work.eyes.look()
        work.keep()
        self.teller.standing(work)

    def _go_on(self, work: Work) -> None:
        """Make steps until a command comes, the run ends, or it has gone as far as it should."""
        empty, clock, advance, run = self._commands.empty, perf_counter, work.advance, work.run
        worth_keeping, lookout, until = work.timeline.due, self.lookout, self._until
        try:
            while work.status == "running" and empty():
                now = clock()
                looking = now >= lookout.next
                if looking:
                    lookout.before(now)
                if until is Step:  # its update is told, whether or not a picture was due
                    work.eyes.arm()
                event = advance()
                if isinstance(event, Step):
                    lookout.meter.examples += len(run.batch)
                elif not isinstance(event, Epoch | End):
                    self.teller.session(work)
                if worth_keeping(run.step, now, lookout.keeping):
                    lookout.keep()
                if looking:
                    lookout.after(event)
                    self._explain()
                if until is not None and isinstance(event, until):
                    work.status = "paused"
        finally:
            run.close()
        if work.status != "running":
            self._rest()
