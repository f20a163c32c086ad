"""A recipe: everything a run is told, checked."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from glassnet.data import TASKS, Dataset
from glassnet.nn import losses, optimizers, schedules
from glassnet.nn.layers import ACTIVATIONS
from glassnet.nn.names import unknown

FOLDER = Path(__file__).parent
LOADING = ("data_dir", "label", "task", "drop", "fill", "validation", "test", "seed")


@dataclass(frozen=True)
class Recipe:
    """What a run is told. Raises ValueError, with the nearest known name, for a name that is unknown.

    `data` None is MNIST where it can be had, else its sample. `label`, `task`, `drop` and `fill` are about
    tables. `activation` is one name, or one for each hidden layer. `learning_rate` None is the optimizer's
    usual one. `initializer` "auto" is He's for layers whose activation cuts off one side, Glorot's for the
    others; `loss` "auto" is cross-entropy for classes and the mean squared error for values. Unless `scale`,
    the network gets its inputs as they are stored. With `augment` images are distorted anew at each step, and
    `outliers` is the share of them that is replaced by what is no digit.
    """

    data: str | None = None
    data_dir: str | None = None
    label: str | None = None
    task: str = "auto"
    drop: tuple[str, ...] = ()
    fill: str | None = None
    scale: bool = True
    validation: float = 0.1
    test: float = 0.0
    hidden: tuple[int, ...] = (128,)
    activation: str | tuple[str, ...] = "relu"
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
    augment: bool = False
    outliers: float = 0.0
    seed: int = 0
    dtype: str = "float32"
    threads: int | str = "auto"

    def __post_init__(self) -> None:
        """Check names and sizes; the numbers of training are checked by `glassnet.training.Settings`."""
        for name, known in (
            ("task", TASKS),
            ("loss", ("auto", *losses.LOSSES)),
            ("optimizer", optimizers.OPTIMIZERS),
            ("schedule", schedules.SCHEDULES),
            ("dtype", ("float32", "float64")),
        ):
            object.__setattr__(self, name, _known(name, getattr(self, name), known))
        if not isinstance(self.hidden, list | tuple) or not all(
            isinstance(n, int) and n > 0 for n in self.hidden
        ):
            raise ValueError(f"hidden: expected whole numbers of units, each at least 1, got {self.hidden!r}")
        object.__setattr__(self, "hidden", tuple(self.hidden))
        object.__setattr__(self, "activation", self._checked_activation())
        if not isinstance(self.drop, list | tuple) or not all(isinstance(name, str) for name in self.drop):
            raise ValueError(f"drop: expected names of columns, got {self.drop!r}")
        object.__setattr__(self, "drop", tuple(self.drop))
        for name in ("full_pass", "scale", "augment"):
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"{name}: expected true or false, got {getattr(self, name)!r}")
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
            "outliers",
        ):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
                raise ValueError(f"{name}: expected a number, got {value!r}")

    def _checked_activation(self) -> str | tuple[str, ...]:
        """Return the name, one for all layers wherever they have the same; else one for each."""
        given = self.activation
        if not isinstance(given, list | tuple):
            return _known("activation", given, ACTIVATIONS)
        if len(given) != len(self.hidden):
            expected = f"one name, or one for each hidden layer, {len(self.hidden)} in all"
            received = ", ".join(map(str, given)) or "none"
            raise ValueError(f"activation: expected {expected}, got {received}")
        names = tuple(_known("activation", name, ACTIVATIONS) for name in given)
        if len(set(names)) > 1:
            return names
        return names[0] if names else Recipe.activation

    @property
    def activations(self) -> tuple[str, ...]:
        """The activation of each hidden layer."""
        return (self.activation,) * len(self.hidden) if isinstance(self.activation, str) else self.activation

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
        settings = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in settings.items()}

    def loading(self) -> dict[str, Any]:
        """Return what `glassnet.data.load` is told, but for the name."""
        return {name: getattr(self, name) for name in LOADING}


def _plain(name: object) -> str:
    return str(name).replace("-", "_").lower()


def _known(what: str, name: object, known: Collection[str]) -> str:
    if _plain(name) not in known:
        raise ValueError(unknown(what, name, known))
    return _plain(name)


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
