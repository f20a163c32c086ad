"""The flags of `glassnet train`, each with its panel in the help and its one line of explanation."""

import re
import tomllib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

DATA, NETWORK, TRAINING = "What to learn from", "The network", "Training"
LIMITS, PLACE = "Regularization (off unless asked for)", "Where to write, and how"


def _defaults() -> dict[str, Any]:
    """Return what holds without a flag: the settings of quick, and those of `Recipe` that it leaves alone."""
    # Written here, since `Recipe` takes longer to import than help may; a test compares.
    own = {
        "task": "auto", "validation": 0.1, "initializer": "auto", "loss": "auto",
        "dtype": "float32", "seed": 0, "threads": "auto",
    }  # fmt: skip
    quick = Path(__file__).parents[1] / "recipes" / "quick.toml"
    return {**own, **tomllib.loads(quick.read_text(encoding="utf-8"))}


DEFAULTS = _defaults()


def _option(flag: str, *, panel: str, help: str, metavar: str = "") -> Any:
    name = flag.removeprefix("--").replace("-", "_")
    if name in DEFAULTS:
        others = [f" ({data}: {_shown(part[name])})" for data, part in DEFAULTS["on"].items() if name in part]
        help += f" Default: {_shown(DEFAULTS[name])}{''.join(others)}."
    return typer.Option(flag, rich_help_panel=panel, help=help, metavar=metavar, show_default=False)


def _shown(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


Data = Annotated[str | None, _option("--data", panel=DATA, metavar="NAME|FILE|FOLDER", help=(
    "A table (.csv), arrays (.npz), a folder with MNIST's or CIFAR-10's files, or a name that `glassnet data"
    " list` shows. Without it: MNIST if it is at hand or can be fetched, else 5,000 digits inside the"
    " package."))]  # fmt: skip
DataDir = Annotated[str | None, _option("--data-dir", panel=DATA, metavar="FOLDER", help=(
    "Where the files of a named set are, if not in $GLASSNET_DATA or the cache."))]  # fmt: skip
Label = Annotated[str | None, _option("--label", panel=DATA, metavar="COLUMN", help=(
    "The column of a table to predict."))]  # fmt: skip
Task = Annotated[str | None, _option("--task", panel=DATA, metavar="NAME", help=(
    "What that column holds: classes, or values to predict as numbers; auto tells them apart."))]  # fmt: skip
Drop = Annotated[str | None, _option("--drop", panel=DATA, metavar="COLUMN,…", help=(
    "Columns of a table to leave out, such as an identifier."))]  # fmt: skip
Fill = Annotated[str | None, _option("--fill", panel=DATA, metavar="NAME", help=(
    "What takes the place of a table's missing values: median, mean or zero."))]  # fmt: skip
Scale = Annotated[bool | None, _option("--scale/--no-scale", panel=DATA, help=(
    "Bring the inputs to a common scale, as is usual: pixels to 0…1, columns to mean 0 and deviation 1. Or"
    " hand them to the network as they are."))]  # fmt: skip
TestShare = Annotated[str | None, _option("--test", panel=DATA, metavar="0…0.5", help=(
    "The share that is set aside to judge by, of data without a test part of their own."))]  # fmt: skip
Validation = Annotated[str | None, _option("--validation", panel=DATA, metavar="0…0.5", help=(
    "The share of the training part that is set aside to measure on after each epoch."))]  # fmt: skip
Hidden = Annotated[str | None, _option("--hidden", panel=NETWORK, metavar="128,64", help=(
    "Units of each hidden layer; none for no hidden layer."))]  # fmt: skip
Activation = Annotated[str | None, _option("--activation", panel=NETWORK, metavar="NAME,…", help=(
    "relu, leaky_relu, sigmoid, tanh or gelu; or one for each hidden layer, as in relu,tanh."))]  # fmt: skip
Initializer = Annotated[str | None, _option("--initializer", panel=NETWORK, metavar="NAME", help=(
    "First weights: he_normal, glorot_uniform, lecun_normal, 'uniform(-0.5, 0.5)', zeros, …; auto decides by"
    " the activation."))]  # fmt: skip
LossName = Annotated[str | None, _option("--loss", panel=NETWORK, metavar="NAME", help=(
    "cross_entropy (softmax), binary_cross_entropy or mse (both sigmoid); auto: mse for values, else"
    " cross_entropy."))]  # fmt: skip
Dtype = Annotated[str | None, _option("--dtype", panel=NETWORK, metavar="NAME", help=(
    "float32 or float64."))]  # fmt: skip
OptimizerName = Annotated[str | None, _option("--optimizer", panel=TRAINING, metavar="NAME", help=(
    "sgd, momentum, nesterov, rmsprop, adam or adamw. Another brings its usual learning rate."))]  # fmt: skip
LearningRate = Annotated[str | None, _option("--learning-rate", panel=TRAINING, metavar="RATE", help=(
    "The learning rate, or the height of its schedule."))]  # fmt: skip
ScheduleName = Annotated[str | None, _option("--schedule", panel=TRAINING, metavar="NAME", help=(
    "constant, step, exponential, cosine, one_cycle or warmup."))]  # fmt: skip
BatchSize = Annotated[str | None, _option("--batch-size", panel=TRAINING, metavar="N|full", help=(
    "Examples a step."))]  # fmt: skip
Epochs = Annotated[str | None, _option("--epochs", panel=TRAINING, metavar="N", help=(
    "How often to go through the training part."))]  # fmt: skip
Seed = Annotated[str | None, _option("--seed", panel=TRAINING, metavar="N", help=(
    "Decides the split, first weights, order and dropout: the same seed, the same weights."))]  # fmt: skip
Threads = Annotated[str | None, _option("--threads", panel=TRAINING, metavar="N|auto", help=(
    "BLAS threads; auto: one for a small step, else as many as make it a fifth faster in a short trial at the"
    " start, and one from when they get in each other's way."))]  # fmt: skip
L1 = Annotated[str | None, _option("--l1", panel=LIMITS, metavar="λ", help="Adds λ Σ|w| to the loss.")]
L2 = Annotated[str | None, _option("--l2", panel=LIMITS, metavar="λ", help="Adds λ/2 Σw² to the loss.")]
WeightDecay = Annotated[str | None, _option("--weight-decay", panel=LIMITS, metavar="λ|none", help=(
    "Shrinks the weights by learning rate · λ at each step, apart from the gradient."))]  # fmt: skip
DropoutRate = Annotated[str | None, _option("--dropout", panel=LIMITS, metavar="0…1", help=(
    "The share of hidden units silenced at each step."))]  # fmt: skip
MaxNorm = Annotated[str | None, _option("--max-norm", panel=LIMITS, metavar="LENGTH|none", help=(
    "The longest that one unit's incoming weights may be."))]  # fmt: skip
Clip = Annotated[str | None, _option("--clip", panel=LIMITS, metavar="LENGTH|none", help=(
    "The longest that the gradient may be."))]  # fmt: skip
Patience = Annotated[str | None, _option("--patience", panel=LIMITS, metavar="EPOCHS|none", help=(
    "Stop early after so many epochs without a better one."))]  # fmt: skip
Augment = Annotated[bool | None, _option("--augment/--no-augment", panel=TRAINING, help=(
    "Distort images anew at each step: shift, rotation, scale, shear, stroke thickness,"
    " elastic."))]  # fmt: skip
Outliers = Annotated[str | None, _option("--outliers", panel=TRAINING, metavar="0…1", help=(
    "The share of a step's images that is made into what is no digit, so that the network learns to be"
    " unsure."))]  # fmt: skip
FullPass = Annotated[bool | None, _option("--full-pass", panel=TRAINING, help=(
    "Measure training loss over all examples at each epoch's end, instead of as it went."))]  # fmt: skip
RecipeName = Annotated[str | None, _option("--recipe", panel=PLACE, metavar="NAME|FILE|RUN", help=(
    "Settings that flags override: batch-32, drawing, points, quick, table, tiny or xor, a TOML file, or a"
    " run's folder. Without it: quick for images, points for one or two inputs, table for"
    " more."))]  # fmt: skip
Resume = Annotated[str | None, _option("--resume", panel=PLACE, metavar="RUN", help=(
    "Go on with the run in that folder, where its last checkpoint is."))]  # fmt: skip
CheckpointEvery = Annotated[str | None, _option("--checkpoint-every", panel=PLACE, metavar="SECONDS", help=(
    "How often to write what --resume goes on from, at most; at the end always. Default: 10."))]  # fmt: skip
Out = Annotated[str | None, _option("--out", panel=PLACE, metavar="FOLDER", help=(
    "The run's folder; without it runs/DATA-N."))]  # fmt: skip
Overwrite = Annotated[bool, _option("--overwrite", panel=PLACE, help="Replace the run that is in --out.")]
Pictures = Annotated[bool, _option("--pictures/--no-pictures", panel=PLACE, help=(
    "Draw at the end how it went and what was learned, which takes a second or two."))]  # fmt: skip
Profile = Annotated[bool, _option("--profile", panel=PLACE, help=(
    "Print at the end where a step's time went, and the speed of its matrix products beside this machine's"
    " limit."))]  # fmt: skip

# Whole numbers, and the one word that each may be instead.
WHOLE = {"epochs": "", "seed": "", "patience": "", "batch_size": "full", "threads": "auto"}
OFF = {"weight_decay": 0.0, "max_norm": None, "clip": None, "patience": None}  # what "none" means
NUMBERS = (
    "checkpoint_every", "validation", "test", "learning_rate", "l1", "l2", "weight_decay", "dropout",
    "max_norm", "clip", "outliers",
)  # fmt: skip


def parsed(name: str, text: Any) -> Any:
    """Return the value that the text of a flag stands for. ValueError if it stands for none."""
    if not isinstance(text, str):  # a flag that is on
        return text
    flag = spelled(name)
    if name in OFF and text == "none":
        return OFF[name]
    if name == "hidden":
        parts = [] if text.strip().lower() in ("", "none") else text.split(",")
        return tuple(
            _number(flag, part, int, "whole numbers with commas between, as in 128,64") for part in parts
        )
    if name == "activation" and "," in text:
        return tuple(part.strip() for part in text.split(","))
    if name == "drop":
        return tuple(column.strip() for column in text.split(",") if column.strip())
    if name in WHOLE:
        word = WHOLE[name]
        expected = f"a whole number or '{word}'" if word else "a whole number"
        return word if word and text == word else _number(flag, text, int, expected)
    return _number(flag, text, float, "a number") if name in NUMBERS else text


def spelled(name: str) -> str:
    """Return the flag of a setting."""
    return f"--{name.replace('_', '-')}"


@contextmanager
def named(given: Collection[str], told: Collection[str] = (), recipe: str = "") -> Iterator[None]:
    """Begin an error about a setting with where it came from: its flag or, if only told by it, the recipe."""
    from glassnet.recipes import Recipe

    try:
        yield
    except ValueError as error:
        for name in Recipe.__dataclass_fields__:
            words = name.replace("_", "[_ ]")
            start = re.match(rf"{words}: |(?={words} [^:]+: |unknown {words}\b)", str(error), re.IGNORECASE)
            if start is not None:
                source = f"{recipe}: {name}" if name in told and name not in given else spelled(name)
                raise ValueError(f"{source}: {str(error)[start.end() :]}") from None
        raise


def _number(flag: str, text: str, kind: type[int] | type[float], expected: str) -> int | float:
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"{flag}: expected {expected}, got {text!r}") from None
