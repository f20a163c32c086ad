"""`glassnet evaluate` on every kind of set, on the same parts as in training and on other data."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from glassnet import Dense, Network, files, runs
from glassnet.cli.evaluate import evaluate
from glassnet.data import Dataset, load
from glassnet.recipes import Recipe
from glassnet.training.identity import fingerprint

FLOWERS = ("setosa", "versicolor", "virginica")
Evaluated = Callable[..., list[str]]


@pytest.fixture
def evaluated(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Evaluated:
    """The command, called here in an empty folder: its lines."""
    monkeypatch.chdir(tmp_path)

    def run(model: str, data: str | None = None, out: str | None = None) -> list[str]:
        evaluate(model, data, None, out)
        said = capsys.readouterr()
        assert said.err == ""
        return said.out.splitlines()

    return run


def flowers(
    path: Path, rows: int = 90, *, order: tuple[str, ...] = ("width", "length", "kind"), seed: int = 0
) -> Path:
    """A table of two numbers and a kind, told apart by the length; Windows line ends."""
    random = np.random.default_rng(seed)
    kinds = np.arange(rows) % 3
    columns = {
        "width": [f"{w:.2f}" for w in random.normal(3, 0.5, rows)],
        "length": [f"{n:.2f}" for n in 2 * kinds + random.normal(1, 0.3, rows)],
        "kind": [FLOWERS[k] for k in kinds],
    }
    lines = [",".join(order), *(",".join(row) for row in zip(*(columns[name] for name in order)))]
    path.write_bytes("\r\n".join([*lines, ""]).encode())
    return path


def houses(path: Path, rows: int = 100, seed: int = 0) -> Path:
    random = np.random.default_rng(seed)
    area, town = random.uniform(40, 200, rows), random.integers(0, 2, rows)
    price = 3 * area + 50 * town + random.normal(0, 10, rows)
    lines = [f"{a:.1f};{('Ulm', 'Köln')[t]};{p:.2f}" for a, t, p in zip(area, town, price)]
    path.write_text("\n".join(["Fläche;Stadt;Preis (T€)", *lines]), encoding="utf-8")
    return path


def trained(path: Path, source: str | Path, **told: Any) -> tuple[Dataset, Network]:
    """Write the linear network of least squares to the file `path`; return it and its data."""
    data = load(source, **told)
    given, outputs = data.train, len(data.classes or "1")
    if data.classes is None:
        targets = given.labels.reshape(-1, 1).astype(np.float64)
        assert data.target_scaling is not None
        data.target_scaling(targets, targets)
    else:
        targets = np.eye(outputs)[given.labels]
    inputs = np.empty((len(targets), *data.shape))
    assert data.scaling is not None
    data.scaling(given.images, inputs)
    network = Network(
        [Dense(outputs)], math.prod(data.shape), loss="mse", classes=data.classes, scaling=data.scaling,
        target_scaling=data.target_scaling,
    )  # fmt: skip
    inputs = np.c_[inputs.reshape(len(targets), -1), np.ones(len(targets))]
    solved = np.linalg.lstsq(inputs, targets, rcond=None)[0]
    network.parameters["1.W"][...], network.parameters["1.b"][...] = solved[:-1], solved[-1]
    table = {} if data.encoding is None else {"table": data.encoding.config()}
    path.parent.mkdir(parents=True, exist_ok=True)
    notes = {"data": str(source), "shape": list(data.shape), "trained_on": fingerprint(data.train)}
    files.save(network, path, {**notes, **told, **table})
    return data, network


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_a_table_of_classes_is_judged_on_the_parts_of_its_training(
    tmp_path: Path, evaluated: Evaluated
) -> None:
    told = {"label": "kind", "validation": 0.1, "test": 0.2, "seed": 3}
    table = flowers(tmp_path / "flowers.csv")
    data, network = trained(tmp_path / "run" / "model.npz", table, **told)
    lines = evaluated("run")
    assert lines[0].startswith(f"{Path('run', 'model.npz')} on flowers, 18 test examples (")
    right = (network.predict(data.test.images) == data.test.labels).mean()
    assert lines[2].startswith(f"Test accuracy {right:.4f} (95 % interval ")
    assert [line.split()[0] for line in lines[6:9]] == list(FLOWERS)
    assert lines[-2:] == [
        f"Its decisions: {Path('run', 'boundary.png')}", f"The confusions: {Path('run', 'confusion.png')}",
    ]  # fmt: skip
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "model.npz",
        "boundary.png",
        "confusion.png",
    }


def test_without_a_test_part_the_part_judged_on_is_named(tmp_path: Path, evaluated: Evaluated) -> None:
    table = flowers(tmp_path / "flowers.csv")
    for validation, name, count in (0.2, "Validation", 18), (0.0, "Training", 90):
        told = {"label": "kind", "validation": validation, "test": 0.0, "seed": 0}
        trained(tmp_path / "m.npz", table, **told)
        lines = evaluated("m.npz")
        assert f" on flowers, {count} {name.lower()} examples " in lines[0]
        assert lines[2].startswith(f"{name} accuracy ")
        assert ("the best epoch was chosen on it" in lines[2]) == (name == "Validation")
        assert lines[3].startswith(f"{name} loss ")


def test_another_table_with_its_columns_in_another_order_and_not_every_class(
    tmp_path: Path, evaluated: Evaluated
) -> None:
    told = {"label": "kind", "validation": 0.1, "test": 0.2, "seed": 3}
    table = flowers(tmp_path / "flowers.csv")
    _, network = trained(tmp_path / "run" / "model.npz", table, **told)
    evaluated("run")
    before = contents(tmp_path / "run")
    other = flowers(tmp_path / "others.csv", 30, order=("kind", "length", "width"), seed=1)
    text = other.read_text().splitlines()
    other.write_text("\n".join([text[0], *(line for line in text[1:] if "setosa" not in line)]))
    lines = evaluated("run", "others.csv")
    assert " on others, 20 test examples " in lines[0]
    rows = [line.split(",") for line in other.read_text().splitlines()[1:]]
    named = network.predict([[float(width), float(length)] for _, length, width in rows])
    right = np.mean([FLOWERS[k] == kind for k, (kind, *_) in zip(named, rows)])
    assert lines[2].startswith(f"Test accuracy {right:.4f} ")
    assert [line.split()[-1] for line in lines[6:9]] == ["0", "10", "10"]
    assert lines[-1] == f"The confusions: {Path('run', 'others-confusion.png')}"
    after = contents(tmp_path / "run")
    assert {name: after[name] for name in before} == before  # its own pictures are of its own data
    assert set(after) - set(before) == {"others-boundary.png", "others-confusion.png"}


def test_the_table_it_was_trained_on_is_told_by_any_name(tmp_path: Path, evaluated: Evaluated) -> None:
    """All of it would be a judgement on what it has seen."""
    told = {"label": "kind", "validation": 0.1, "test": 0.2, "seed": 3}
    table = flowers(tmp_path / "flowers.csv")
    trained(tmp_path / "run" / "model.npz", table, **told)
    lines = evaluated("run", str(Path("run", "..", "flowers.csv")))
    assert lines[1:] == evaluated("run")[1:]
    assert " 18 test examples " in lines[0]


def test_values_are_judged_in_their_own_units(tmp_path: Path, evaluated: Evaluated) -> None:
    told = {"label": "Preis (T€)", "validation": 0.1, "test": 0.4, "seed": 0}
    table = houses(tmp_path / "houses.csv")
    data, network = trained(tmp_path / "m.npz", table, **told)
    actual = data.test.labels.reshape(-1, 1).astype(np.float64)
    errors = network.predict(data.test.images) - actual
    r2 = 1 - (errors**2).mean() / actual.var()
    lines = evaluated("m.npz")
    assert lines[2] == f"Test R² {r2:.4f}, mean absolute error {np.abs(errors).mean():.4g} (on 40 examples)"
    assert lines[3].startswith("Test loss ")
    assert lines[4].startswith("Mean absolute error, 95 % interval ")
    assert lines[5] == f"Root mean squared error {np.sqrt((errors**2).mean()):.4g}"
    assert lines[-1] == "Predicted against actual: m-predicted.png"
    assert 600 < pixels(tmp_path / "m-predicted.png").shape[0] < 1000
    head, *rows = houses(tmp_path / "new.csv", 40, seed=1).read_text(encoding="utf-8").splitlines()
    rows = [f"{row.rpartition('.')[0][:-2]}00" for row in rows if "Ulm" in row]  # one town, few whole prices
    (tmp_path / "new.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    lines = evaluated("m.npz", "new.csv")
    assert lines[2].endswith(f"(on {len(rows)} examples)")
    assert not any("interval" in line for line in lines)


def test_a_curve_has_its_fit_drawn(tmp_path: Path, evaluated: Evaluated) -> None:
    trained(tmp_path / "m.npz", "sine", validation=0.1, test=0.0, seed=0)
    lines = evaluated("m.npz", None, "pictures")
    assert lines[-2:] == [
        f"Predicted against actual: {Path('pictures', 'm-predicted.png')}",
        f"The fit: {Path('pictures', 'm-fit.png')}",
    ]
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == {"m-predicted.png", "m-fit.png"}


def test_colour_images_of_many_classes(tmp_path: Path, evaluated: Evaluated) -> None:
    random = np.random.default_rng(0)
    images, labels = random.integers(0, 256, (120, 3, 8, 8), dtype=np.uint8), np.arange(120) % 30
    np.savez(tmp_path / "photos.npz", X=images, y=labels)
    data, _ = trained(tmp_path / "m.npz", tmp_path / "photos.npz", validation=0.0, test=0.5, seed=0)
    assert data.shape == (3, 8, 8)
    lines = evaluated("m.npz")
    assert " 60 test examples " in lines[0]
    assert any(line.startswith("The most frequent of ") for line in lines)
    assert lines[-2:] == ["The most confident mistakes: m-mistakes.png", "The confusions: m-confusion.png"]
    picture = pixels(tmp_path / "m-mistakes.png").astype(int)
    assert (np.ptp(picture, axis=2) > 60).mean() > 0.05  # in colour


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ("moons", r"values as targets, got moons with 0, 1$"),
        ("gone.csv", r"^gone.csv: expected a file"),
        ("kinds.csv", r"^kinds.csv: .*Preis"),
    ],
)
def test_data_of_another_kind_is_refused(
    tmp_path: Path, evaluated: Evaluated, other: str, message: str
) -> None:
    told = {"label": "Preis (T€)", "validation": 0.1, "test": 0.4, "seed": 0}
    trained(tmp_path / "m.npz", houses(tmp_path / "houses.csv"), **told)
    flowers(tmp_path / "kinds.csv")
    with pytest.raises((ValueError, OSError), match=message):
        evaluated("m.npz", other)
    assert not list(tmp_path.glob("*.png"))


def test_labels_that_are_none_of_the_models_classes_are_refused(tmp_path: Path, evaluated: Evaluated) -> None:
    trained(tmp_path / "m.npz", flowers(tmp_path / "flowers.csv"), label="kind")
    other = tmp_path / "other.csv"
    other.write_text("width,length,kind\n1,2,setosa\n1,2,rose\n")
    with pytest.raises(
        ValueError, match=r"^other.csv: line 3: .*expected one of the classes .*, got 'rose'$"
    ):
        evaluated("m.npz", "other.csv")
    with pytest.raises(ValueError, match=r"^sine: expected classes .*, got values$"):
        evaluated("m.npz", "sine")


# ---- the data may have changed since the training

CHANGES = {
    "rows in another order": lambda head, rows: [head, *rows[::-1]],
    "a row more": lambda head, rows: [head, *rows, rows[0]],
    "a row less": lambda head, rows: [head, *rows[1:]],
    "another class in one row": lambda head, rows: [head, rows[0].replace("setosa", "virginica"), *rows[1:]],
    "columns named the other way round": lambda head, rows: ["length,width,kind", *rows],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_data_that_changed_since_the_training_are_refused_and_judged_only_as_others(
    tmp_path: Path, evaluated: Evaluated, change: Callable[[str, list[str]], list[str]]
) -> None:
    """Which of its rows were trained on cannot be told any more."""
    told = {"label": "kind", "validation": 0.1, "test": 0.2, "seed": 3}
    table = flowers(tmp_path / "flowers.csv")
    trained(tmp_path / "run" / "model.npz", table, **told)
    evaluated("run")
    before = contents(tmp_path / "run")
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    lines = change(head, rows)
    table.write_text("\n".join([*lines, ""]), encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"^\S+flowers\.csv: .* as in training.*--data \S+flowers\.csv"
    ) as caught:
        evaluated("run")
    assert "\n" not in str(caught.value)
    said = evaluated("run", "flowers.csv")
    assert f" on flowers, {len(lines) - 1} test examples " in said[0]
    after = contents(tmp_path / "run")
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"flowers-boundary.png", "flowers-confusion.png"}


def test_a_model_that_does_not_say_what_it_was_trained_on_is_judged_without_that_check(
    tmp_path: Path, evaluated: Evaluated
) -> None:
    table = flowers(tmp_path / "flowers.csv")
    trained(tmp_path / "m.npz", table, label="kind", validation=0.1, test=0.2, seed=3)
    network, notes = files.read(tmp_path / "m.npz")
    del notes["trained_on"]
    files.save(network, tmp_path / "m.npz", notes)
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([head, *rows[::-1]]), encoding="utf-8")
    assert " 18 test examples " in evaluated("m.npz")[0]


def test_columns_that_only_moved_are_found_by_their_names(tmp_path: Path, evaluated: Evaluated) -> None:
    """The numbers are those of before, whatever number the label's column has now."""
    told = {"label": "3", "validation": 0.1, "test": 0.2, "seed": 3}
    trained(tmp_path / "m.npz", flowers(tmp_path / "flowers.csv"), **told)
    before = evaluated("m.npz")
    flowers(tmp_path / "flowers.csv", order=("kind", "length", "width"))
    assert evaluated("m.npz") == before


def test_values_of_texts_are_encoded_as_in_training(tmp_path: Path, evaluated: Evaluated) -> None:
    """A town that no row has any more moves no other."""
    told = {"label": "Preis (T€)", "validation": 0.1, "test": 0.4, "seed": 0}
    table = houses(tmp_path / "houses.csv")
    text = table.read_text(encoding="utf-8")
    table.write_text(text + "\n50;Aachen;200\n", encoding="utf-8")
    trained(tmp_path / "m.npz", table, **told)
    table.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="as in training"):
        evaluated("m.npz")
    said = evaluated("m.npz", "houses.csv")
    assert " 100 test examples " in said[0]
    assert float(said[2].split()[2].rstrip(",")) > 0.95  # R²


def moved_table(folder: Path, name: str) -> Path:
    return flowers(folder / f"{name}.csv")


def moved_arrays(folder: Path, name: str) -> Path:
    random = np.random.default_rng(0)
    inputs = random.normal(size=(90, 3))
    np.savez(folder / f"{name}.npz", x=inputs, y=inputs[:, 0] - inputs[:, 1])
    return folder / f"{name}.npz"


def moved_images(folder: Path, name: str) -> Path:
    random = np.random.default_rng(0)
    head = ",".join(["label", *(f"pixel{k}" for k in range(784))])
    images = random.integers(0, 256, (90, 784))
    rows = [",".join(map(str, [k % 3, *image])) for k, image in enumerate(images)]
    (folder / f"{name}.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    return folder / f"{name}.csv"


@pytest.mark.parametrize(
    ("make", "told"),
    [(moved_table, {"label": "kind"}), (moved_arrays, {}), (moved_images, {})],
    ids=["table", "values in arrays", "images in a table"],
)
def test_the_same_data_under_another_path_are_still_what_it_was_trained_on(
    tmp_path: Path, evaluated: Evaluated, make: Callable[[Path, str], Path], told: dict[str, Any]
) -> None:
    """A project that moved: only what was held out of the training counts."""
    told = {**told, "validation": 0.1, "test": 0.2, "seed": 3}
    (tmp_path / "old").mkdir()
    table = make(tmp_path / "old", "data")
    trained(tmp_path / "run" / "model.npz", table, **told)
    before = evaluated("run")
    assert " on data, 18 test examples " in before[0]
    drawn = contents(tmp_path / "run")
    table = table.rename(tmp_path / table.name)
    after = evaluated("run", table.name)
    assert after[1:] == before[1:]
    assert " on data, 18 test examples " in after[0]
    assert contents(tmp_path / "run") == drawn
    with pytest.raises(FileNotFoundError):
        evaluated("run")


def test_few_new_examples_need_no_parts(tmp_path: Path, evaluated: Evaluated) -> None:
    told = {"label": "Preis (T€)", "validation": 0.1, "test": 0.4, "seed": 0}
    trained(tmp_path / "m.npz", houses(tmp_path / "houses.csv"), **told)
    houses(tmp_path / "two.csv", 2, seed=5)
    assert " 2 test examples " in evaluated("m.npz", "two.csv")[0]


def test_a_set_with_a_test_part_of_its_own_keeps_it(tmp_path: Path, evaluated: Evaluated) -> None:
    trained(tmp_path / "m.npz", "moons", validation=0.1, test=0.0, seed=0)
    assert evaluated("m.npz") == evaluated("m.npz", "moons")
    assert " test examples " in evaluated("m.npz", "circles")[0]


def gappy(folder: Path, name: str) -> Path:
    """A table with gaps, texts, and a column to drop."""
    head, *rows = houses(folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    rows = [f"{'' if k % 9 == 0 else k % 5};{row};{k}" for k, row in enumerate(rows)]
    (folder / f"{name}.csv").write_text("\n".join([f"Zimmer;{head};Nummer", *rows]), encoding="utf-8")
    return folder / f"{name}.csv"


def halves(folder: Path, name: str) -> Path:
    random = np.random.default_rng(0)
    inputs, labels = random.normal(size=(60, 4)).astype(np.float32), np.arange(60) % 3
    parts = {"x_train": inputs[:40], "y_train": labels[:40], "x_test": inputs[40:], "y_test": labels[40:]}
    np.savez(folder / f"{name}.npz", **parts)
    return folder / f"{name}.npz"


KINDS = {
    "a table of classes": (moved_table, {"label": "kind", "test": 0.2}),
    "its label by a number": (moved_table, {"label": "-1", "validation": 0.2}),
    "a table of values": (gappy, {"label": "Preis (T€)", "drop": ("Nummer",), "fill": "median", "test": 0.3}),
    "arrays of values": (moved_arrays, {"test": 0.2}),
    "arrays with a test part": (halves, {}),
    "images in a table": (moved_images, {"seed": 7}),
}


@pytest.mark.parametrize(("make", "told"), KINDS.values(), ids=KINDS.keys())
def test_the_data_of_a_run_are_known_again(
    tmp_path: Path, evaluated: Evaluated, make: Callable[[Path, str], Path], told: dict[str, Any]
) -> None:
    """As a run writes down what it was trained on: here, and where they are moved to."""
    source = make(tmp_path, "data")
    recipe = Recipe(data=str(source), **told)
    data, network = trained(tmp_path / "run" / "model.npz", source, **recipe.loading())
    runs.write_model(tmp_path / "run", network, data, recipe)
    count = f" on data, {len(data.judged[1])} {data.judged[0]} examples "
    before = evaluated("run")
    assert count in before[0]
    source.rename(tmp_path / f"moved{source.suffix}")
    after = evaluated("run", f"moved{source.suffix}")
    assert after[1:] == before[1:]
    assert count.replace(" data", " moved") in after[0]


@pytest.mark.parametrize("name", ["moons", "sine", "xor", "mnist-sample"])
def test_named_sets_are_known_again(tmp_path: Path, evaluated: Evaluated, name: str) -> None:
    recipe = Recipe(data=name)
    data, network = trained(tmp_path / "run" / "model.npz", name, validation=0.1, test=0.0, seed=0)
    runs.write_model(tmp_path / "run", network, data, recipe)
    assert f" on {name}, {len(data.judged[1]):,} {data.judged[0]} examples " in evaluated("run")[0]
