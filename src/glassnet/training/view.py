"""What can be read of a run between two events."""

from glassnet.nn.passes import Pass
from glassnet.training.batches import Rows
from glassnet.training.engine import Engine
from glassnet.training.settings import Settings
from glassnet.training.state import BestEpoch
from glassnet.training.threads import Threads


class View:
    """Where a run stands, by which settings, and what its last step looked like. Nothing here changes it."""

    _engine: Engine
    _threads: Threads

    @property
    def settings(self) -> Settings:
        """The settings that hold now."""
        return self._engine.settings

    @property
    def epoch(self) -> int:
        """The number of epochs finished."""
        return self._engine.place.epoch

    @property
    def step(self) -> int:
        """The number of updates made."""
        return self._engine.place.step

    @property
    def total_steps(self) -> int:
        """The number of updates the whole run will have made."""
        return self._engine.total

    @property
    def steps_in_epoch(self) -> tuple[int, int]:
        """The updates that this epoch had so far, and will have had, with batches as they are now."""
        return self._engine.steps_in_epoch

    @property
    def seconds(self) -> float:
        """The seconds of training so far, without measuring and what others did between two events."""
        return self._engine.place.seconds + self._engine.place.epoch_seconds

    @property
    def threads(self) -> int | None:
        """The number of BLAS threads, None for what there was."""
        return self._threads.count

    @property
    def flow(self) -> Pass:
        """The arrays of the last step, activations and gradients: borrowed, the next step writes over them.

        Before the first step, and after another batch size, they hold nothing yet: `batch` is then empty.
        """
        return self._engine.arrays

    @property
    def batch(self) -> Rows:
        """The numbers, within `data.train`, of the examples that `flow` holds."""
        return self._engine.rows

    @property
    def best(self) -> BestEpoch | None:
        """The best epoch so far: its event and a copy of the network after it; None before the first.

        Best is the highest validation accuracy, the lower validation loss deciding between equals; of values
        the lowest validation loss; without validation data the lowest training loss. Of equals the first.
        """
        return self._engine.best
