"""Small words for sentences about arrays: a list, one gradient or several."""

from collections.abc import Iterable


def listed(names: Iterable[str]) -> str:
    """W1, W2 and W3."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def gradients(names: Iterable[str]) -> str:
    """The gradient of W1, or the gradients of W1 and W2."""
    names = list(names)
    return f"gradient{'s' if len(names) > 1 else ''} of {listed(names)}"


def are(names: Iterable[str]) -> str:
    """Is one, are several."""
    return "are" if len(list(names)) > 1 else "is"


def have(names: Iterable[str]) -> str:
    """Has one, have several."""
    return "have" if len(list(names)) > 1 else "has"
