"""Numbers as people write them: in the pictures and beside them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axis import Axis

_LARGE = 1e7  # from here on an exponent is easier to read than the digits


def readable(value: float) -> str:
    """Return the value with four significant digits, from 1,000 whole and with its thousands separated.

    Only from ten million, or below 0.0001, has it an exponent.
    """
    if 999.95 <= abs(value) < _LARGE:
        return f"{value:,.0f}"
    return f"{value:z.4g}"


def separate_thousands(axis: "Axis", most: int = 5) -> None:
    """Have at most so many stretches between an axis's ticks, and their thousands separated.

    Call it with the axis's limits set. Limits that need no separator, or an exponent, stay matplotlib's.
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    if 1000 <= max(map(abs, axis.get_view_interval())) < _LARGE:
        axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:z,.10g}".replace("-", "−")))
