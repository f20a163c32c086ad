"""The command `glassnet`, also as `python -m glassnet`: it takes Ctrl-C well before it is all there."""

import os
import signal

INTERRUPTED = 130


def main() -> None:
    """Load the command line and run it; Ctrl-C before a command begins ends the process in one line.

    Nothing is begun by then that would have to be put away, so the press need not become an exception. From
    the midst of an import that would come out as another: NumPy would call itself badly installed.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else someone wants it ignored
        signal.signal(signal.SIGINT, _end)
    import numpy  # noqa: F401  # else a command does, and there a press is an exception

    from glassnet import cli

    cli.main()


def _end(signum: int, frame: object) -> None:
    try:
        os.write(2, b"glassnet: interrupted\n")
    finally:  # even if the shell closed it
        os._exit(INTERRUPTED)


_end.until_a_command = True  # type: ignore[attr-defined]  # where it gives way to an exception


if __name__ == "__main__":
    main()
