"""`glassnet film`: a film of a training, or of a network that reads digits."""

from typing import Annotated

import typer

FLAGS = ("out", "seconds", "width", "fps", "theme")


def film(
    run: Annotated[
        str,
        typer.Argument(
            metavar="RUN",
            help="A run's folder; with --predictions also a model file, or drawing: glassnet's own.",
        ),
    ],
    predictions: Annotated[
        bool,
        typer.Option(
            "--predictions",
            metavar="",
            help="Film how the network reads test images, instead of its training.",
        ),
    ] = False,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.gif|.mp4",
            help="Where to put the film; without it film.gif or predictions.gif beside the model. An MP4"
            " needs the extra film.",
        ),
    ] = None,
    seconds: Annotated[float, typer.Option(metavar="4…120", help="How long it is.")] = 20.0,
    width: Annotated[
        int | None,
        typer.Option(metavar="480…1920", help="In pixels; without it 800 for a GIF, 1280 for an MP4."),
    ] = None,
    fps: Annotated[
        float | None,
        typer.Option(metavar="1…60", help="Pictures a second; without it 20 for a GIF, 25 for an MP4."),
    ] = None,
    theme: Annotated[str, typer.Option(metavar="light|dark", help="Its colours.")] = "light",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", metavar="", help="Replace the file in --out.")
    ] = False,
) -> None:
    """Make a film of a training from its recording: weights forming, curves growing, predictions changing.

    It is a GIF, or an MP4 if --out says so. What is damaged or missing in the run is left out, and told.
    """
    from glassnet import film
    from glassnet.cli.printing import size_of

    try:
        path = film.make(
            run,
            out,
            seconds=seconds,
            predictions=predictions,
            width=width,
            fps=fps,
            theme=theme,
            overwrite=overwrite,
        )
    except ValueError as error:
        if str(error).partition(": ")[0] in FLAGS:
            raise ValueError(f"--{error}") from None
        raise
    what = "The film of its predictions" if predictions else "The film of its training"
    print(f"{what}: {path} ({seconds:g} s, {size_of(path)})")
