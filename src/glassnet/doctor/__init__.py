"""The gradient doctor: what is wrong with somebody's backpropagation, and why."""

from glassnet.doctor.checking import check_gradient
from glassnet.doctor.diagnosis import Diagnosis

__all__ = ["Diagnosis", "check_gradient"]
