"""Where the time of a run's steps goes."""

from glassnet.training.profiling.profile import Profile
from glassnet.training.profiling.rows import Row

__all__ = ["Profile", "Row"]
