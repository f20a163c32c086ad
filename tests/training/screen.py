"""A pseudo-terminal, and what a user sees on it."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

TERMINAL = {"TERM": "xterm", "COLUMNS": "100", "LINES": "30"}


class Screen:
    """What is left after the codes that rich uses: carriage return, line up, erase line, show cursor."""

    def __init__(self) -> None:
        self.raw = ""

    @property
    def lines(self) -> list[str]:
        rows, row, column = [""], 0, 0
        for code in re.findall(r"\x1b\[[?\d;]*[A-Za-z]|[^\x1b]", self.raw):
            if code == "\n":
                row += 1
                rows += [""] * (row + 1 - len(rows))
            elif code == "\r":
                column = 0
            elif code.endswith("A") and code.startswith("\x1b"):
                row -= int(code[2:-1] or 1)
            elif code == "\x1b[2K":
                rows[row] = ""
            elif not code.startswith("\x1b"):
                rows[row] = rows[row][:column].ljust(column) + code + rows[row][column + 1 :]
                column += 1
        return [line.rstrip() for line in rows if line.strip()]

    @property
    def cursor_is_shown(self) -> bool:
        return self.raw.rfind("\x1b[?25h") >= self.raw.rfind("\x1b[?25l")


@contextmanager
def pseudo_terminal() -> Iterator[tuple[int, Screen]]:
    """The end to write to, which is closed with the block; then all of it is on the screen."""
    pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
    ours, theirs = pty.openpty()
    screen = Screen()

    def read() -> None:
        content = b""
        try:
            while piece := os.read(ours, 65536):
                content += piece
        except OSError:  # how Linux says that the other end was closed
            pass
        screen.raw = content.decode()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield theirs, screen
    finally:
        os.close(theirs)
        reader.join()
        os.close(ours)
