"""How fast this machine multiplies matrices for NumPy, and what holds it back: for `glassnet doctor`."""

from glassnet.speed.report import Report, examine

__all__ = ["Report", "examine"]
