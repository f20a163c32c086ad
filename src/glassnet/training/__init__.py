"""The training loop, its events, and those who listen to them."""

from typing import TYPE_CHECKING, Any

from glassnet.training.checkpoint import Checkpoints
from glassnet.training.events import Change, End, Epoch, Event, Start, Step
from glassnet.training.frames import Frames
from glassnet.training.loop import Training
from glassnet.training.metrics import evaluate
from glassnet.training.recorder import Recorder
from glassnet.training.settings import Settings
from glassnet.training.state import State
from glassnet.training.terminal import Terminal

if TYPE_CHECKING:
    from glassnet.training.profiling import Profile

__all__ = [
    "Change", "Checkpoints", "End", "Epoch", "Event", "Frames", "Profile", "Recorder", "Settings", "Start",
    "State", "Step", "Terminal", "Training", "evaluate",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load at its first use what few runs need."""
    if name != "Profile":
        raise AttributeError(f"module 'glassnet.training' has no attribute {name!r}")
    from glassnet.training.profiling import Profile

    return Profile
