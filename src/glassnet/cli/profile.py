"""`glassnet train --profile`: where the time of the steps went, and of the command around them."""

import shutil
import sys
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glassnet.training import Training
    from glassnet.training.loop import Callback


class Profiled:
    """A run that is profiled while it is fitted; `began` is when the command did, by `perf_counter`."""

    def __init__(self, run: "Training", began: float) -> None:
        from glassnet.training.profiling import Profile

        self._run, self._profile = run, Profile(run)
        self._before, self._fitted = perf_counter() - began, began

    def fit(self, *callbacks: "Callback") -> None:
        """Fit the run."""
        try:
            with self._profile:
                self._run.fit(*callbacks)
        finally:
            self._fitted = perf_counter()

    def say(self) -> None:
        """Print what was found, and how long the command took before and after the run."""
        from glassnet.cli.letters import plain

        if not self._profile.steps:
            return
        around = {"before the run": self._before, "after the run": perf_counter() - self._fitted}
        width = min(80, shutil.get_terminal_size().columns)
        print(plain(f"\n{self._profile.table(width, around)}", sys.stdout.encoding), flush=True)
