"""`glassnet studio` as a user starts it: a process of its own, whose address stands in what it prints."""

import re
import signal
import subprocess
import tempfile
from pathlib import Path

from e2e.command import COMMAND

ADDRESS = re.compile(r"http://\S+")


class Studio:
    """A running server: its `links` (one, or one to drive and one to watch), until `end`."""

    begins = ("studio", "--no-browser", "--port", "0")

    def __init__(self, arguments: list[str], cwd: Path, env: dict[str, str], links: int = 1) -> None:
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 (until `close`)
        self.process = subprocess.Popen(
            [*COMMAND, *self.begins, *arguments],
            cwd=cwd,
            env={**env, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            encoding="utf-8",
        )
        self.links: list[str] = []
        self.printed = ""
        self.expected = ""  # what a test knows that it says on stderr
        assert self.process.stdout is not None
        while len(self.links) < links:
            line = self.process.stdout.readline()
            assert line, f"expected {links} addresses, got {self.printed!r} and on stderr {self.errors!r}"
            self.printed += line
            self.links += ADDRESS.findall(line)

    @property
    def url(self) -> str:
        return self.links[0]

    @property
    def errors(self) -> str:
        self._errors.seek(0)
        return self._errors.read()

    def end(self) -> int:
        """Stop it as Ctrl-C does, and return its exit status; what it said on stderr is then whole."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(timeout=60)
        finally:
            self.process.kill()  # nothing, where it has ended

    def close(self) -> None:
        """Let go of what it printed."""
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._errors.close()
