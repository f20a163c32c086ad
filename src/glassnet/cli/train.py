"""`glassnet train`: the flags; what follows from them is in session.py."""

from time import perf_counter

import typer

from glassnet.cli import options as flag

# The other flags are settings of the run.
ABOUT_THE_COMMAND = ("recipe", "resume", "out", "overwrite", "checkpoint_every", "pictures", "profile")


def train(
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
    resume: flag.Resume = None,
    checkpoint_every: flag.CheckpointEvery = None,
    out: flag.Out = None,
    overwrite: flag.Overwrite = False,
    pictures: flag.Pictures = True,
    profile: flag.Profile = False,
) -> None:
    """Train a network, show how it went, and keep the result in a run folder.

    Without any flag it learns MNIST's handwritten digits in a second or two. With --data it learns your own
    table or images: glassnet train --data train.csv
    """
    from glassnet.cli import session

    began = perf_counter() if profile else None
    given = {
        name: flag.parsed(name, value)
        for name, value in context.params.items()
        if value is not None and name not in ABOUT_THE_COMMAND
    }
    every = 10.0 if checkpoint_every is None else flag.parsed("checkpoint_every", checkpoint_every)
    if not every >= 0:
        raise ValueError(f"--checkpoint-every: expected a number of at least 0, got {every}")
    if resume is not None:
        for name, value in (("recipe", recipe), ("out", out), ("overwrite", overwrite or None)):
            if value is not None:
                raise ValueError(
                    f"{flag.spelled(name)}: expected without --resume, which goes on in {resume}"
                )
        raise typer.Exit(session.resume(resume, given, every, pictures, began))
    raise typer.Exit(session.begin(recipe, given, out, overwrite, every, pictures, began))
