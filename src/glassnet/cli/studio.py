"""`glassnet studio`: the flags, the address, and a server until Ctrl-C."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from glassnet.cli import options as flag

if TYPE_CHECKING:
    from glassnet.studio.setups import Opening

PAGE = "The page"
ABOUT_THE_PAGE = ("recipe", "run", "port", "host", "browser", "budget")
BUDGETS = 1.0, 1e6  # MB


def studio(
    context: typer.Context,
    data: flag.Data = None,
    data_dir: flag.DataDir = None,
    label: flag.Label = None,
    task: flag.Task = None,
    drop: flag.Drop = None,
    fill: flag.Fill = None,
    scale: flag.Scale = None,
    validation: flag.Validation = None,
    test: flag.TestShare = None,
    hidden: flag.Hidden = None,
    activation: flag.Activation = None,
    initializer: flag.Initializer = None,
    loss: flag.LossName = None,
    dtype: flag.Dtype = None,
    optimizer: flag.OptimizerName = None,
    learning_rate: flag.LearningRate = None,
    schedule: flag.ScheduleName = None,
    batch_size: flag.BatchSize = None,
    epochs: flag.Epochs = None,
    full_pass: flag.FullPass = None,
    augment: flag.Augment = None,
    outliers: flag.Outliers = None,
    seed: flag.Seed = None,
    threads: flag.Threads = None,
    l1: flag.L1 = None,
    l2: flag.L2 = None,
    weight_decay: flag.WeightDecay = None,
    dropout: flag.DropoutRate = None,
    max_norm: flag.MaxNorm = None,
    clip: flag.Clip = None,
    patience: flag.Patience = None,
    recipe: flag.RecipeName = None,
    run: Annotated[
        str | None,
        typer.Option(metavar="RUN", rich_help_panel=PAGE, help="Open the run in that folder, and replay it."),
    ] = None,
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
            help="An address of this machine that others reach, such as 0.0.0.0. Two links are printed then:"
            " one drives, one only watches. Default: 127.0.0.1, for this machine alone.",
        ),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", rich_help_panel=PAGE, help="Open the page in a browser.")
    ] = True,
    budget: Annotated[
        float,
        typer.Option(
            metavar="MB", rich_help_panel=PAGE, help="The memory that points to go back to may take."
        ),
    ] = 256.0,
) -> None:
    """Watch a network learn, stop it, change it and rewind it, in a page of your browser.

    It trains as `glassnet train` does, and takes its settings; the page can change them. Ctrl-C ends it.
    """
    if not BUDGETS[0] <= budget <= BUDGETS[1]:
        least, most = BUDGETS
        raise ValueError(f"--budget: expected a number of MB of {least:,.0f} to {most:,.0f}, got {budget:g}")
    given = {
        name: flag.parsed(name, value)
        for name, value in context.params.items()
        if value is not None and name not in ABOUT_THE_PAGE
    }
    if run is not None and (given or recipe):
        other = flag.spelled(next(iter(given), "recipe"))
        raise ValueError(f"{other}: expected without --run, whose settings are those of {run}")

    from glassnet.studio.server import listen
    from glassnet.studio.setups import Opening

    opening = Opening(given, recipe, run)
    _check(opening)
    with listen(host, port) as place:
        _serve(opening, place, host, browser, round(budget * 2**20))


def _serve(opening: "Opening", place: Any, host: str | None, browser: bool, budget: int) -> None:
    from glassnet.studio import access, server
    from glassnet.studio.hub import Hub
    from glassnet.studio.session import Session

    address, port = place.getsockname()[:2]
    rules, shown = access.of_address(address, port, host)
    links = rules.links(shown)
    hub = Hub()
    session = Session(opening, hub.publish, lambda: hub.viewers, budget)

    def ready() -> None:
        if rules.keys:
            print(*(f"To {role}: {link}" for role, link in links.items()), sep="\n", flush=True)
        else:
            print(f"The studio is at {links['drive']} until Ctrl-C.", flush=True)
        session.start()
        if browser:
            open_page(links["drive"])

    try:
        with suppress(KeyboardInterrupt):  # its usual end, not one before its time: exit code 0
            server.serve(server.app(session, hub, rules, opening), place, ready)
        print("\nThe studio is closed.", flush=True)
    finally:
        session.close()


def _check(opening: "Opening") -> None:
    """Raise what would keep the run from beginning, as far as it shows without reading the data."""
    from glassnet import recipes, runs
    from glassnet.data import load
    from glassnet.data.loading import NAMES
    from glassnet.studio.controls import checked, settings_of

    if opening.run is not None:
        if not (Path(opening.run) / runs.CONFIG).is_file():
            raise FileNotFoundError(
                f"{opening.run}: expected a run's folder with a {runs.CONFIG}, found none"
            )
        recipes.read(opening.run)
    settings = recipes.read(opening.recipe) if opening.recipe else {}
    on = settings.pop("on", {})
    given = dict(opening.given)
    if isinstance(given.get("activation"), tuple) and "hidden" not in {**settings, **given}:
        settings["hidden"] = (1,) * len(given["activation"])  # how many there will be, the data decide
    with flag.named(given, {*settings}.union(*on.values()), opening.recipe or ""):
        asked = recipes.Recipe().changed(settings).changed(given)
        checked(settings_of(asked))  # what the page could not show
    if asked.data not in (None, *NAMES) and not Path(str(asked.data)).exists():
        load(str(asked.data))  # which says what it expected


def open_page(link: str) -> None:
    """Open the page in a browser, where there is a screen to show it on."""
    import os
    import sys
    import threading
    import webbrowser

    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & {*os.environ}:
        return  # a browser for terminals would take this one
    threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()
