"""The training loop, its events, and those who listen to them."""

from glassnet.training.checkpoint import Checkpoints
from glassnet.training.events import Change, End, Epoch, Event, Start, Step
from glassnet.training.loop import Training
from glassnet.training.metrics import evaluate
from glassnet.training.recorder import Recorder
from glassnet.training.settings import Settings
from glassnet.training.state import State
from glassnet.training.terminal import Terminal

__all__ = [
    "Change", "Checkpoints", "End", "Epoch", "Event", "Recorder", "Settings", "Start", "State", "Step",
    "Terminal", "Training", "evaluate",
]  # fmt: skip
