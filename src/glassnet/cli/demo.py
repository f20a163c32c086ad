"""`glassnet demo`: the flags, the address, and Gradio's server until Ctrl-C."""

import sys
from contextlib import suppress
from typing import Annotated, Any

import typer

PAGE = "The page"


def demo(
    models: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RUN|MODEL]...",
            show_default=False,
            help="What to choose among: runs' folders, model files, or drawing, glassnet's own."
            " Default: drawing, and the runs in runs/.",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(metavar="N", min=0, max=2**31 - 1, help="Which hundred test images are shown.")
    ] = 0,
    port: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            max=65535,
            rich_help_panel=PAGE,
            show_default=False,
            help="Where to listen; 0: any that is free. Default: 7840, or the next one that is free.",
        ),
    ] = None,
    host: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            rich_help_panel=PAGE,
            help="An address of this machine that others reach, such as 0.0.0.0. Default: 127.0.0.1, for this"
            " machine alone.",
        ),
    ] = None,
    share: Annotated[
        bool,
        typer.Option(
            "--share",
            metavar="",
            rich_help_panel=PAGE,
            help="Also give the page a public address for a week, through Gradio's servers.",
        ),
    ] = False,
    browser: Annotated[
        bool,
        typer.Option(
            "--open/--no-open", "--browser/--no-browser", rich_help_panel=PAGE,
            help="Open the page in a browser.",
        ),
    ] = True,
) -> None:  # fmt: skip
    """Let a network read test images, what you draw, and photos, in a page of your browser.

    Its answer comes while you draw. Nothing leaves this machine unless --share says so. Ctrl-C ends it.
    """
    from glassnet.demo import server
    from glassnet.demo.models import Models
    from glassnet.studio.server import listen

    found = Models(models or ())
    for line in found.left_out:
        print(f"glassnet: {line}", file=sys.stderr)
    with listen(host, port) as place, server.prepared():
        _serve(found, seed, place, host, share, browser)


def _serve(models: Any, seed: int, place: Any, host: str | None, share: bool, browser: bool) -> None:
    from glassnet.cli.studio import open_page
    from glassnet.demo import server
    from glassnet.studio import access

    address, port = place.getsockname()[:2]
    rules, shown = access.of_address(address, port, host)
    link = f"http://{shown}/" if port == 80 else f"http://{shown}:{port}/"
    public = server.shared(place) if share else None

    def ready() -> None:
        print(f"The demo is at {link} until Ctrl-C.", flush=True)
        if public:
            print(f"Anyone reaches it at {public} for a week at most.", flush=True)
        if browser:
            open_page(link)

    with suppress(KeyboardInterrupt):  # its usual end: exit code 0
        server.serve(server.app(models, seed, None if share else rules.host_fits), place, ready)
    print("\nThe demo is closed.", flush=True)
