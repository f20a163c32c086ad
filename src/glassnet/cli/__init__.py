"""The command line. Commands import what they need when they run, so that help and errors come at once."""

import atexit
import gc
import os
import signal
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from glassnet import __version__
from glassnet.cli.bench import bench
from glassnet.cli.check import check
from glassnet.cli.data import app as data
from glassnet.cli.demo import demo
from glassnet.cli.doctor import doctor
from glassnet.cli.evaluate import evaluate
from glassnet.cli.explain import explain
from glassnet.cli.export import export
from glassnet.cli.film import film
from glassnet.cli.predict import predict
from glassnet.cli.runs import runs
from glassnet.cli.studio import studio
from glassnet.cli.train import train

__all__ = ["app", "main"]


class Interrupted(Exception):
    """Ctrl-C, by a name that typer lets through: of KeyboardInterrupt it makes an exit without a word."""


class Unread(Exception):
    """A reader of the output that has gone, by a name that typer lets through, with what is to be told."""


class Commands(TyperGroup):
    """The commands, from which Ctrl-C comes out as `Interrupted`, a broken pipe as `Unread`."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command, in which Ctrl-C is an exception: until here it ended the process."""
        try:
            if getattr(signal.getsignal(signal.SIGINT), "until_a_command", False):  # of __main__
                signal.signal(signal.SIGINT, signal.default_int_handler)
            return super().invoke(ctx)
        except KeyboardInterrupt as pressed:
            raise Interrupted(*pressed.args) from None
        except BrokenPipeError as gone:
            raise Unread("" if gone.errno else str(gone)) from None


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(train)
app.command()(studio)
app.command()(evaluate)
app.command()(predict)
app.command()(explain)
app.command()(demo)
app.command()(film)
app.command()(export)
app.command()(runs)
app.command()(check)
app.command()(bench)
app.command()(doctor)
app.add_typer(data, name="data")


@app.callback(invoke_without_command=True)
def glassnet(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """A neural network you can see through: train it, look at it, judge it."""
    if version:
        print(f"glassnet {__version__}")
    elif context.invoked_subcommand is None:
        context.get_help()


def main() -> None:
    """Run the command; what goes wrong becomes one line on stderr and an exit code.

    2: the input is at fault; 130: interrupted; 141: nobody reads the output any more, as after `| head -1`;
    1: anything else. $GLASSNET_DEBUG shows the traceback.
    """
    atexit.register(gc.freeze)  # a last search for garbage, in a process that ends, would take 50 ms
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # the shell closed it
            nowhere = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, open(nowhere, "w", encoding="utf-8", closefd=False))  # noqa: SIM115
        getattr(sys, name).reconfigure(errors="replace")  # an old code page lacks letters: then a ? will do
    try:
        code = app(prog_name="glassnet", standalone_mode=False)
        print(end="", flush=True)
    except (KeyboardInterrupt, Interrupted) as pressed:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is ending: another press has nothing to add
        code = _say("; ".join(["interrupted", *map(str, pressed.args)]), 130)
    except (BrokenPipeError, Unread) as gone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141  # what a shell says of a program that SIGPIPE ended
        if isinstance(gone, Unread) and str(gone):
            _say(f"stopped, as nobody reads its output; {gone}", code)
    except Exception as error:
        if os.environ.get("GLASSNET_DEBUG"):
            raise
        code = _explain(error)
    sys.exit(code or 0)


def _explain(error: Exception) -> int:
    from typer.exceptions import TyperException

    if isinstance(error, TyperException):
        return _say(error.format_message(), 2)
    if isinstance(error, OSError) and error.filename is not None:
        return _say(f"{error.filename}: {error.strerror}", 2)
    if isinstance(error, ValueError | OSError):
        return _say(str(error), 2)
    if isinstance(error, MemoryError):
        return _say(f"expected to have enough memory, got none: {error}", 2)
    kind = type(error).__name__
    return _say(f"this is a mistake in glassnet: {kind}: {error}; GLASSNET_DEBUG=1 shows where", 1)


def _say(message: str, code: int) -> int:
    try:
        print("glassnet: " + " ".join(message.split()), file=sys.stderr, flush=True)
    except BrokenPipeError:  # as after `2>&1 | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    return code
