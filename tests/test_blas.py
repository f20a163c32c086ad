"""Which BLAS and how many threads: what is asked for holds, and no limit outlives its block."""

from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from glassnet import blas


def test_it_names_the_library_in_use() -> None:
    info = blas.info()
    assert info.name
    assert info.threads >= 1
    assert info.name in str(info)
    seen = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    if seen:
        assert info.threads == seen[0]["num_threads"]
        assert str(info).endswith(f"{info.kernel} kernel") == bool(info.kernel)


@pytest.mark.parametrize("threads", [1, 2, 64])
def test_a_number_is_taken_as_it_is(threads: int) -> None:
    assert blas.choose(threads, (1, 1, 1)) == threads


@pytest.mark.parametrize("threads", [0, -1, 1.5, "two", "", "AUTO", True, None])
def test_anything_else_is_refused(threads: Any) -> None:
    with pytest.raises(
        ValueError, match="threads: expected 'auto' or a whole number of at least 1, got"
    ) as caught:
        blas.choose(threads, (1, 1, 1))
    assert repr(threads) in str(caught.value)


def test_auto_takes_one_thread_for_small_products_and_never_more_than_there_are() -> None:
    assert blas.choose("auto", (32, 10, 10)) == 1
    before = blas.info().threads
    assert blas.choose("auto", (256, 784, 256)) in (1, before)
    assert blas.info().threads == before
    with blas.limit(1):
        assert blas.choose("auto", (256, 784, 256)) == 1


def test_a_limit_ends_with_its_block() -> None:
    if not blas.info().kernel:
        pytest.skip("threadpoolctl cannot look into this BLAS")
    before = blas.info().threads
    with blas.limit(2):
        assert blas.info().threads == 2
        with blas.limit(1):
            assert blas.info().threads == 1
            assert np.isfinite(np.ones((9, 9)) @ np.ones((9, 9))).all()
        assert blas.info().threads == 2
        with blas.limit(None):
            assert blas.info().threads == 2
    assert blas.info().threads == before


def test_a_limit_ends_with_an_error_too() -> None:
    before = blas.info().threads
    with pytest.raises(ZeroDivisionError), blas.limit(2):
        _ = 1 / 0
    assert blas.info().threads == before
