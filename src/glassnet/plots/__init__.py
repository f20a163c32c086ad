"""Pictures of a training run and of what the network has learnt, each written as one PNG file.

Every function takes the path to write first and returns it; the file appears whole or not at all. Nothing
needs a display, and matplotlib is only imported when a picture is drawn.
"""

from glassnet.plots.boundary import boundary, fit
from glassnet.plots.examples import mistakes, predictions
from glassnet.plots.matrix import weights_table
from glassnet.plots.overlay import overlay
from glassnet.plots.progress import curves
from glassnet.plots.table import confusion
from glassnet.plots.tiles import weights
from glassnet.plots.values import predicted_against_actual

__all__ = [
    "boundary",
    "confusion",
    "curves",
    "fit",
    "mistakes",
    "overlay",
    "predicted_against_actual",
    "predictions",
    "weights",
    "weights_table",
]
