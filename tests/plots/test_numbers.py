"""Numbers as people write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.plots.numbers import readable


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (-0.0, "0"), (1.5, "1.5"), (0.012345, "0.01235"), (12.3456, "12.35"), (-3.25, "-3.25"),
        (999.94, "999.9"), (999.96, "1,000"), (1234.56, "1,235"), (10_980.4, "10,980"),
        (-1_390.2, "-1,390"), (9_999_999, "9,999,999"), (12_345_678, "1.235e+07"), (1e-7, "1e-07"),
        (math.inf, "inf"), (math.nan, "nan"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_people_do(value: float, text: str) -> None:
    assert readable(value) == text


@given(st.floats(1e-4, 9_999_999) | st.floats(-9_999_999, -1e-4))
def test_no_exponent_and_four_digits_of_any_usual_number(value: float) -> None:
    text = readable(value)
    assert "e" not in text
    assert float(text.replace(",", "")) == pytest.approx(value, rel=5.001e-4)
