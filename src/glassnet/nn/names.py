"""A name that is not known, answered with the nearest one that is."""

from collections.abc import Iterable
from difflib import get_close_matches

SHOWN = 12  # names; a notebook may have defined any number of layers


def unknown(what: str, received: object, known: Iterable[str]) -> str:
    """Return the one line to say: what, what was received, the nearest name, and those that are known."""
    names = list(known)
    in_lower_case = {name.lower(): name for name in names}
    near = get_close_matches(str(received).lower(), in_lower_case, n=1, cutoff=0.5)
    hint = f"; did you mean {in_lower_case[near[0]]!r}?" if near else ";"
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"unknown {what} {received!r}{hint} known: {', '.join(names[:SHOWN])}{more}"
