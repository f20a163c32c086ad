"""A side's process, seen from here: started, asked, waited for, and ended whatever happens."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from glassnet.bench import sides

ROOT = Path(__file__).parents[2]
START = "import sys; sys.path.append({!r}); from glassnet.bench.worker import main; main()"
PATIENCE = 300.0  # seconds for one answer, compiling included


class Failure(Exception):
    """A side that died, hung, or answered with an error: one line."""


class Child:
    """One side with so many threads, in a process that lives until `close`."""

    def __init__(self, side: str, threads: int, patience: float = PATIENCE) -> None:
        self.side, self.threads, self.patience = side, threads, patience
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process
        options: dict[str, Any] = {"start_new_session": True}  # Ctrl-C is ours to hear
        if sys.platform == "win32":
            options = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", START.format(str(ROOT)), side, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env={**os.environ, **sides.environment(side, threads)},
            **options,
        )
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as answers:
            for line in answers:
                self._answers.put(line)
        self._answers.put(b"")

    def ask(self, **request: Any) -> dict[str, Any]:
        """Send a request and return the answer. Raises Failure if there is none, or it is an error."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
            line = self._hear()
        except OSError:  # it has gone
            line = b""
        if not line:
            raise Failure(self._ending())
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            self.close()
            raise Failure(f"answered {line[:60]!r}")
        if "error" in answer:
            raise Failure(str(answer["error"]))
        return answer

    def _hear(self) -> bytes:
        """Wait for an answer, awake to Ctrl-C, which a long wait is deaf to on Windows."""
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            with contextlib.suppress(queue.Empty):
                return self._answers.get(timeout=min(1.0, self.patience))
        self.close()
        raise Failure(f"gave no answer in {self.patience:g} s and was stopped")

    def _ending(self) -> str:
        """Say how the process ended, and the last of what it said."""
        try:
            code = self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.close()
            return "closed its answers and was stopped"
        self._complaints.seek(0)
        said = [
            line for line in self._complaints.read().decode(errors="replace").splitlines() if line.strip()
        ]
        how = f"exit code {code}"
        if code < 0:
            with contextlib.suppress(ValueError):
                how = signal.Signals(-code).name
        return f"its process ended ({how})" + (f": {said[-1].strip()[:160]}" if said else "")

    def close(self) -> None:
        """End the process and all that it started."""
        if sys.platform == "win32":
            if self.process.poll() is None:
                tree = ["taskkill", "/T", "/F", "/PID", str(self.process.pid)]
                subprocess.run(tree, capture_output=True, check=False)
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # all of them have gone
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        self._complaints.close()
