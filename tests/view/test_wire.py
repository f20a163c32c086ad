"""Messages as bytes: what goes in comes out, and each array starts where a typed array may."""

import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from glassnet.view.wire import DTYPES, decode, encode, unpack

ARRAYS = st.dictionaries(
    st.text(min_size=1, max_size=8),
    st.sampled_from([*DTYPES.values()]).flatmap(
        lambda dtype: arrays_of.arrays(dtype, arrays_of.array_shapes(max_dims=3, min_side=0, max_side=5))
    ),
    max_size=4,
)
FIELDS = st.dictionaries(
    st.text(max_size=8).filter(lambda name: name not in ("kind", "arrays")),
    st.none() | st.integers(-(2**53), 2**53) | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    max_size=4,
)


@given(FIELDS, ARRAYS)
def test_a_message_comes_out_as_it_went_in(fields, arrays) -> None:
    header, got = decode(encode("frame", fields, arrays))
    assert header == {"kind": "frame", **fields}
    assert [*got] == [*arrays]
    for name, array in arrays.items():
        assert got[name].dtype == array.dtype
        np.testing.assert_array_equal(got[name], array)


@given(ARRAYS)
def test_every_array_starts_at_a_multiple_of_eight(arrays) -> None:
    message = encode("frame", {"text": "χ"}, arrays)
    (length,) = struct.unpack_from("<I", message)
    place = 4 + length
    assert place % 8 == 0
    assert json.loads(message[4:place])["kind"] == "frame"
    assert len(message) == place + sum(-(-array.nbytes // 8) * 8 for array in arrays.values())


def test_numbers_that_are_not_finite_become_null() -> None:
    header, _ = decode(encode("frame", {"loss": np.nan, "list": [np.float32(np.inf), {"a": np.int64(2)}]}))
    assert header == {"kind": "frame", "loss": None, "list": [None, {"a": 2}]}


def test_strided_arrays_travel_whole() -> None:
    matrix = np.arange(12, dtype=np.float32).reshape(3, 4).T
    np.testing.assert_array_equal(decode(encode("frame", None, {"w": matrix}))[1]["w"], matrix)


def test_a_type_that_pages_do_not_read_is_refused() -> None:
    with pytest.raises(ValueError, match=r"w: expected an array of uint8, .*, got float64"):
        encode("frame", None, {"w": np.zeros(2)})


def test_half_a_surrogate_pair_as_a_files_name_may_have_is_told_as_a_question_mark() -> None:
    assert decode(encode("error", {"message": "\ud800.jpg: expected"}))[0]["message"] == "?.jpg: expected"
    assert decode(encode("error", {"message": "\ud800", "value": float("nan")}))[0]["message"] == "?"


WHOLE = encode("draw", {"id": 1}, {"picture": np.zeros((3, 5), np.uint8), "more": np.zeros(2, np.int32)})


@pytest.mark.parametrize("size", range(0, len(WHOLE), 3))
def test_a_message_that_is_cut_off_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=r"expected|Expecting|Unterminated|delimiter"):
        decode(WHOLE[:size])


ONE = {"name": "a", "dtype": "uint8", "shape": [2, 4]}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (None, "arrays: expected a list"),
        ({}, "arrays: expected a list"),
        ([3], "its name, dtype and shape"),
        ([{**ONE, "more": 1}], "its name, dtype and shape"),
        ([{"name": "a"}], "its name, dtype and shape"),
        ([{**ONE, "name": 3}], "a text as name"),
        ([{**ONE, "dtype": "float64"}], "a: expected an array of uint8"),
        ([{**ONE, "dtype": "O"}], "a: expected an array of uint8"),
        ([{**ONE, "dtype": ["u1"]}], "another type"),
        ([{**ONE, "shape": 8}], "a shape of at most 4 whole numbers"),
        ([{**ONE, "shape": [8.0]}], "a shape of"),
        ([{**ONE, "shape": [-8]}], "a shape of"),
        ([{**ONE, "shape": [True, 8]}], "a shape of"),
        ([{**ONE, "shape": [1, 1, 1, 1, 8]}], "a shape of"),
        ([{**ONE, "shape": [2**31, 0]}], "a shape of"),
        ([{**ONE, "shape": [2**30] * 4}], "a: expected .* bytes, got 8"),
        ([ONE, ONE], "each name once, got 'a'"),
        ([{**ONE, "shape": [9]}], "a: expected 9 bytes, got 8"),
        ([], "expected 0 bytes in all, got 8"),
        ([ONE, {**ONE, "name": "b"}], "b: expected 8 bytes, got 0"),
    ],
)
def test_arrays_that_a_stranger_tells_of_are_looked_at(told: Any, expected: str) -> None:
    with pytest.raises(ValueError, match=expected) as error:
        unpack(told, memoryview(bytes(8)))
    assert len(str(error.value)) < 200


def test_arrays_are_views_that_cannot_be_written_to() -> None:
    found = unpack([ONE], memoryview(bytes(range(8))))["a"]
    assert found.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert not found.flags.writeable
    assert unpack([{**ONE, "shape": [0, 3]}], memoryview(b""))["a"].shape == (0, 3)
