"""Letters that every screen knows."""

PLAIN = str.maketrans({"µ": "u", "█": "#", "…": ".", "─": "-", "×": "x"})


def plain(text: str, encoding: str | None) -> str:
    """Return the text, with letters that every screen knows if the encoding lacks those it has."""
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        return text.translate(PLAIN)
    return text
