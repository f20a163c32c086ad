"""From files to arrays: data sets, their splits, and where they are found."""

from glassnet.data.dataset import Dataset, Split
from glassnet.data.loading import TASKS, load
from glassnet.data.sources import DataUnavailable

__all__ = ["DataUnavailable", "Dataset", "Split", "TASKS", "load"]
