"""A recipe: everything a run is told, checked, and the network and training that follow from it."""

import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from glassnet.data import TASKS, Dataset
from glassnet.nn import Dense, Dropout, Layer, Network, Sigmoid, Softmax, losses, optimizers, schedules
from glassnet.nn.layers import ACTIVATIONS
from glassnet.nn.names import unknown
from glassnet.training import Training

FOLDER = Path(__file__).parent
LOADING = ("data_dir", "label", "task", "drop", "fill", "validation", "test", "seed")
RECTIFIERS = ("relu", "leaky_relu", "gelu")  # they let half of the signal through: He starts larger


@dataclass(frozen=True)
class Recipe:
    """What a run is told. Raises ValueError, with the nearest known name, for a name that is unknown.

    `data` None is MNIST where it can be had, else its sample. `label`, `task`, `drop` and `fill` are about
    tables. `learning_rate` None is the optimizer's usual one. `initializer` "auto" is He's for activations
    that cut off one side, Glorot's for the others; `loss` "auto" is cross-entropy for classes and the mean
    squared error for values.
    """

    data: str | None = None
    data_dir: str | None = None
    label: str | None = None
    task: str = "auto"
    drop: tuple[str, ...] = ()
    fill: str | None = None
    validation: float = 0.1
    test: float = 0.0
    hidden: tuple[int, ...] = (128,)
    activation: str = "relu"
    initializer: str = "auto"
    loss: str = "auto"
    optimizer: str = "momentum"
    learning_rate: float | None = None
    schedule: str = "constant"
    batch_size: int | str = 32
    epochs: int = 10
    l1: float = 0.0
    l2: float = 0.0
    weight_decay: float | None = None
    dropout: float = 0.0
    max_norm: float | None = None
    clip: float | None = None
    patience: int | None = None
    full_pass: bool = False
    seed: int = 0
    dtype: str = "float32"
    threads: int | str = "auto"

    def __post_init__(self) -> None:
        """Check names and sizes; the numbers of training are checked by `glassnet.training.Settings`."""
        for name, known in (
            ("task", TASKS),
            ("activation", ACTIVATIONS),
            ("loss", ("auto", *losses.LOSSES)),
            ("optimizer", optimizers.OPTIMIZERS),
            ("schedule", schedules.SCHEDULES),
            ("dtype", ("float32", "float64")),
        ):
            value = _plain(getattr(self, name))
            if value not in known:
                raise ValueError(unknown(name, getattr(self, name), known))
            object.__setattr__(self, name, value)
        if not isinstance(self.hidden, list | tuple) or not all(
            isinstance(n, int) and n > 0 for n in self.hidden
        ):
            raise ValueError(f"hidden: expected whole numbers of units, each at least 1, got {self.hidden!r}")
        object.__setattr__(self, "hidden", tuple(self.hidden))
        if not isinstance(self.drop, list | tuple) or not all(isinstance(name, str) for name in self.drop):
            raise ValueError(f"drop: expected names of columns, got {self.drop!r}")
        object.__setattr__(self, "drop", tuple(self.drop))
        if not isinstance(self.full_pass, bool):
            raise ValueError(f"full_pass: expected true or false, got {self.full_pass!r}")
        for name in ("data", "data_dir", "label", "fill", "initializer"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, str) or not value):
                raise ValueError(f"{name}: expected text, got {value!r}")
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or self.seed < 0:
            raise ValueError(f"seed: expected a whole number of at least 0, got {self.seed!r}")
        for name in (
            "learning_rate",
            "l1",
            "l2",
            "dropout",
            "validation",
            "test",
            "weight_decay",
            "max_norm",
            "clip",
        ):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
                raise ValueError(f"{name}: expected a number, got {value!r}")

    def changed(self, settings: Mapping[str, Any]) -> "Recipe":
        """Return the recipe with some settings replaced.

        Another optimizer brings its own usual learning rate and weight decay, unless they are given with it:
        what is right for one is far off for another. Without hidden layers there is nothing to drop out.
        Other data are not looked for where the first were.
        Raises ValueError for an unknown setting.
        """
        known = [f.name for f in fields(self)]
        for name in settings:
            if name not in known:
                raise ValueError(unknown("setting", name, known))
        usual: dict[str, Any] = {}
        if _plain(settings.get("optimizer", self.optimizer)) != self.optimizer:
            usual |= {"learning_rate": None, "weight_decay": None}
        if "hidden" in settings and not settings["hidden"]:
            usual |= {"dropout": 0.0}
        if (settings.get("data", self.data) or "mnist") != (self.data or "mnist"):
            usual |= {"data_dir": None}
        return replace(self, **{**usual, **settings})

    def plain(self) -> dict[str, Any]:
        """Return the settings as plain data for TOML, without those that are None."""
        settings = {**asdict(self), "hidden": list(self.hidden), "drop": list(self.drop)}
        return {name: value for name, value in settings.items() if value is not None}

    def loading(self) -> dict[str, Any]:
        """Return what `glassnet.data.load` is told, but for the name."""
        return {name: getattr(self, name) for name in LOADING}


def _plain(name: object) -> str:
    return str(name).replace("-", "_").lower()


def read(name: str) -> dict[str, Any]:
    """Return the settings in the recipe called `name`, in the TOML file of that path, or of a run's folder.

    Under the key `on`, if it is there, are settings for single data sets. Raises ValueError for an unknown
    name, a file that is not TOML or an unknown setting; OSError if the file is not there or cannot be read.
    """
    ours = {path.stem: path for path in FOLDER.glob("*.toml")}
    path = ours.get(name, Path(name))
    if path.is_dir():
        path /= "config.toml"
    if not path.is_file():
        if name == path.name and path.suffix != ".toml":
            raise ValueError(unknown("recipe", name, sorted(ours)))
        raise FileNotFoundError(f"{path}: expected a recipe, found no such file")
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: expected a recipe in TOML: {error}") from None
    settings.pop("made_by", None)  # what a run's config.toml says of where it was made
    on = settings.get("on", {})
    if not isinstance(on, dict) or not all(isinstance(part, dict) for part in on.values()):
        raise ValueError(f"{path}: expected a table [on.DATA] for each data set under 'on', got {on!r}")
    known = [f.name for f in fields(Recipe)]
    for part in (settings, *on.values()):
        for setting in part:
            if setting not in known and setting != "on":
                raise ValueError(f"{path}: {unknown('setting', setting, known)}")
    return settings


def suitable(data: Dataset, name: str | None) -> str:
    """Return the recipe that suits a set, which is called `name` if it is one of ours.

    That is `quick` for images, `points` for up to two inputs, `table` for other features, and xor's own.
    """
    if name == "xor":
        return "xor"
    if len(data.shape) > 1:
        return "quick"
    return "table" if data.shape[0] > 2 else "points"


def network(recipe: Recipe, data: Dataset) -> Network:
    """Build the network that the recipe describes, for examples and targets like those of `data`."""
    loss = recipe.loss
    if loss == "auto":
        loss = "mse" if data.classes is None else "cross_entropy"
    if not recipe.hidden and 0 < recipe.dropout < 1:
        raise ValueError(
            f"dropout: expected hidden units to silence, got none and a rate of {recipe.dropout}"
        )
    rectifier = recipe.activation in RECTIFIERS
    usual = "he_normal" if rectifier else "glorot_uniform"
    initializer = usual if recipe.initializer == "auto" else recipe.initializer
    layers: list[Layer] = []
    for units in recipe.hidden:
        layers += [Dense(units, initializer=initializer), ACTIVATIONS[recipe.activation]()]
        if recipe.dropout:
            layers.append(Dropout(recipe.dropout))
    layers.append(Dense(_outputs(data, loss), initializer=initializer))
    if data.classes is not None:
        layers.append(Softmax() if loss == "cross_entropy" else Sigmoid())
    return Network(
        layers,
        math.prod(data.shape),
        loss=loss,
        seed=recipe.seed,
        dtype=recipe.dtype,
        scaling=data.scaling,
        classes=data.classes,
        target_scaling=data.target_scaling,
    )


def _outputs(data: Dataset, loss: str) -> int:
    """One for each class or value; of two classes one output is enough, unless softmax divides it."""
    if data.classes is None:
        if loss != "mse":
            raise ValueError(f"loss: expected mse for values, got {loss}")
        return math.prod(data.train.targets.shape[1:])
    return 1 if len(data.classes) == 2 and loss != "cross_entropy" else len(data.classes)


def training(recipe: Recipe, model: Network, data: Dataset) -> Training:
    """Set up the training that the recipe describes."""
    processors = os.cpu_count() or 1
    if isinstance(recipe.threads, int) and recipe.threads > processors:
        raise ValueError(
            f"threads: expected 'auto' or at most the {processors} processors here, got {recipe.threads}"
        )
    optimizer = optimizers.get(recipe.optimizer)
    rate = optimizer.default_learning_rate if recipe.learning_rate is None else recipe.learning_rate
    return Training(
        model,
        data,
        optimizer=optimizer,
        learning_rate=schedules.get(recipe.schedule, rate),
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        l1=recipe.l1,
        l2=recipe.l2,
        weight_decay=recipe.weight_decay,
        dropout=recipe.dropout,
        max_norm=recipe.max_norm,
        clip=recipe.clip,
        patience=recipe.patience,
        full_pass=recipe.full_pass,
        seed=recipe.seed,
        threads=recipe.threads,
    )
