"""What a view is made of: a run of a cell, or data and settings; and what is said of anything else."""

import math
import os
from typing import Any

from glassnet.data import Dataset
from glassnet.nn import Network
from glassnet.studio.controls import checked, settings_of
from glassnet.studio.session import Session
from glassnet.studio.setups import Opening
from glassnet.training import Training

Source = Training | str | os.PathLike[str] | None


def opening_of(run: Source, recipe: str | None, settings: dict[str, Any]) -> Opening:
    """Return what the studio is opened with. Raises ValueError for what can be no run."""
    if isinstance(run, Training):
        if settings or recipe:
            name = next(iter(settings), "recipe")
            raise ValueError(f"{name}: expected without a run, which has its own settings; see `change`")
        return Opening({"data": run.data.name or "arrays"}, held=run)
    if run is not None and not isinstance(run, str | os.PathLike):
        hint = "gn.Training(network, data) makes one" if isinstance(run, Network | Dataset) else ""
        expected = "LiveView: expected a Training, or the name of data"
        raise ValueError(f"{expected}, got a {type(run).__name__}" + (f"; {hint}" if hint else ""))
    return Opening({**({} if run is None else {"data": os.fspath(run)}), **settings}, recipe)


def check(session: Session) -> None:
    """Read the data in the cell that asks for them, where an error is said; the session finds them read."""
    opening = session.opening
    if opening.held is None:
        set_up = session.sets.set_up(opening.given, opening.recipe)
        checked(settings_of(set_up.recipe))  # what the page could not show


def bytes_of(memory: float) -> int:
    """Return megabytes as bytes. Raises ValueError for what is no size."""
    if isinstance(memory, int | float) and math.isfinite(memory) and memory >= 0:
        return round(memory * 2**20)
    raise ValueError(f"memory: expected a number of megabytes, at least 0, got {memory!r}")
