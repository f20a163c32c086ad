"""`glassnet data`: which sets there are, fetching them, checking them, writing them as CSV."""

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()

Place = Annotated[
    str | None,
    typer.Option(
        "--data-dir", metavar="FOLDER", help="Where the set is, if not in $GLASSNET_DATA or the cache."
    ),
]


@app.callback(invoke_without_command=True)
def data(context: typer.Context) -> None:
    """Named data sets: list, fetch, check, export."""
    if context.invoked_subcommand is None:
        context.get_help()


@app.command("list")
def list_sets() -> None:
    """List every named set: what it is, how large, where it is, its licence. Nothing is fetched."""
    from glassnet.data import sources
    from glassnet.data.catalogue import SOURCES
    from glassnet.data.toys import TOYS

    print("Sets that are fetched:")
    for source in SOURCES.values():
        try:
            where = sources.find(source.name, download=False).origin
        except OSError:
            where = f"not at hand ({source.size} to fetch)"
        print(f"\n  {source.name}: {source.about}\n      {where}")
        print(f"      {source.citation}\n      licence: {source.licence}")
    print("\nIn the package:\n\n  mnist-sample: 5,000 of MNIST's training images, 28 × 28, 10 classes")
    print(f"      licence: {SOURCES['mnist'].licence}")
    print("\nMade from a formula, the same each time:\n")
    for name, toy in TOYS.items():
        size = f"{toy.points:,} + {toy.points // 2:,} points" if toy.splits else f"{toy.points} points"
        print(f"  {name + ':':9} {toy.about}; {size}")


@app.command()
def get(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME…", help="The sets to fetch.", show_default=False)
    ],
    data_dir: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Where to put them; without it, the user's cache.")
    ] = None,
) -> None:
    """Fetch sets, unless they are at hand, and say where they are."""
    from glassnet.data import sources
    from glassnet.data.loading import NAMES
    from glassnet.nn.names import unknown

    for name in names:
        if name not in NAMES:
            raise ValueError(unknown("data set", name, NAMES))
    for name in names:
        if name not in sources.SOURCES:
            print(f"{name}: is part of glassnet; there is nothing to fetch")
            continue
        shown = sys.stderr.isatty()
        if data_dir is None:
            found = sources.find(name, progress=shown)
        else:
            found = sources.fetch(name, Path(data_dir), progress=shown)
        there = "" if str(found.folder) in found.origin else f", to {found.folder}"
        print(f"{name}: {found.origin}{there}", flush=True)


@app.command()
def verify(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME|FOLDER…", help="The sets to check.", show_default=False)
    ],
) -> None:
    """Check each file against its published checksum.

    Exit code 1 if one differs, 2 if a set is not at hand.
    """
    from glassnet.data import verification
    from glassnet.data.download import DIFFERS, KINDS, UNKNOWN

    differing = 0
    for name in names:
        set_name, verdicts = verification.verify(name)
        for path, verdict, checksum in verdicts:
            if checksum is None:
                why = "no checksum of it is published"
            elif verdict == UNKNOWN:
                why = "the published checksum is of the archive"
            else:
                of = " of its content" if checksum.of == "content" else ""
                why = f"{KINDS[checksum.algorithm]}{of}, published by {checksum.published}"
            print(f"{set_name}: {path}: {verdict} ({why})", flush=True)
            differing += verdict == DIFFERS
    if differing:
        raise typer.Exit(1)


@app.command("export-csv")
def export(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A named set, or a folder with one.", show_default=False)
    ],
    out: Annotated[str, typer.Argument(metavar="OUT.csv", help="The file to write.", show_default=False)],
    part: Annotated[str, typer.Option(metavar="train|test|all", help="Which part.")] = "train",
    unlabelled: Annotated[bool, typer.Option("--unlabelled", help="Without the labels.")] = False,
    count: Annotated[int | None, typer.Option(metavar="N", help="The first N rows only.")] = None,
    data_dir: Place = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")] = False,
) -> None:
    """Write a set as CSV, images as in Kaggle's train.csv (label,pixel0,pixel1,…), points as x1,x2,label."""
    from glassnet.cli.options import spelled
    from glassnet.data import load
    from glassnet.data.export import export_csv

    path = Path(out)
    if path.exists() and not overwrite:
        raise ValueError(f"{path}: expected a file that is not there yet, or --overwrite")
    try:
        chosen = load(name, data_dir=data_dir, validation=0, progress=sys.stderr.isatty())
        rows = export_csv(chosen, path, part=part, labelled=not unlabelled, count=count)
    except ValueError as error:  # it is known here by what option its name was given
        raise ValueError(
            re.sub(r"^(data_dir|part|count)(?=: )", lambda m: spelled(m[0]), str(error))
        ) from None
    print(f"{path}: {rows:,} rows of {chosen.name}, {part}{', without labels' if unlabelled else ''}")
