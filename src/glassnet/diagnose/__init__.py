"""What is well and what is wrong in a network while it trains: vital signs, and findings in plain words."""

from glassnet.diagnose.finding import Finding
from glassnet.diagnose.findings import examine
from glassnet.diagnose.gallery import GALLERY, Broken
from glassnet.diagnose.vitals import BINS, Histogram, Vitals, vitals

__all__ = ["BINS", "Broken", "Finding", "GALLERY", "Histogram", "Vitals", "examine", "vitals"]
