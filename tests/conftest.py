"""What all tests share: one BLAS thread, and the same hypothesis examples on every run, by no clock."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy loads; two are slow on a busy machine

from hypothesis import settings

settings.register_profile("glassnet", derandomize=True, deadline=None, max_examples=20)
settings.load_profile("glassnet")
