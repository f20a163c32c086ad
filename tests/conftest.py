"""What all tests share: one BLAS thread, and the same hypothesis examples on every run, by no clock."""

import gc
import os
from collections.abc import Generator

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy loads; two are slow on a busy machine

import pytest
from hypothesis import settings

settings.register_profile("glassnet", derandomize=True, deadline=None, max_examples=20)
settings.load_profile("glassnet")

# Minutes each: they begin first, so that in the end no worker waits for another.
LONGEST = ("tests/drawings/", "tests/mutants/", "tests/test_recipe_results.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files in front, and leave the others in their order."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without the garbage collector: what is collected stays, and it would look at it ever again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
