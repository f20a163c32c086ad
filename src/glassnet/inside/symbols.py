"""Names of numbers: indices as subscripts, layers as superscripts, derivatives."""

_BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_ABOVE = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def sub(letter: str, *indices: int) -> str:
    """Return the letter with indices below: W₁₃₀,₇."""
    return letter + ",".join(str(index).translate(_BELOW) for index in indices)


def of_layer(letter: str, place: int) -> str:
    """Return the letter with the layer's place above: y⁽²⁾."""
    return f"{letter}⁽{str(place).translate(_ABOVE)}⁾"


def d(symbol: str) -> str:
    """Return the derivative of the loss by it."""
    return f"∂L/∂{symbol}"


def power(symbol: str, exponent: int) -> str:
    """Return symbol to the power: β₁⁵."""
    return symbol + str(exponent).translate(_ABOVE)
