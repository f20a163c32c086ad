"""`glassnet predict`: answers about tables, images and arrays, by the command itself."""

import csv
import gzip
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glassnet as gn
from data.digit_files import packed
from e2e.command import Outcome, glassnet, tree
from e2e.conftest import Trained
from glassnet import cli

TEST = gn.data.load("mnist-sample").test
N = 60
SPECIES = ["rosa canina", 'R, "tea"', "Größe 日本"]


def lines(header: list[str] | None, rows: Any, newline: str = "\n") -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=newline)
    if header is not None:
        writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue()


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def flowers(n: int, seed: int) -> tuple[list[str], list[list[Any]]]:
    """A table with an identifier, two numbers, a text, a class that follows from them, and a value."""
    generator = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        k = int(generator.integers(3))
        x, y = generator.normal((k, -k), 0.1)
        rows.append(
            [f"id-{seed}-{i}", round(x, 3), round(y, 3), "ab"[i % 2], SPECIES[k], round(100 + 50 * x, 2)]
        )
    return ["id", "x", "y", "soil", "species", "size"], rows


@pytest.fixture(scope="session")
def prepared(trained: Trained, env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run on digits, one on classes and one on values of a table, and their files."""
    work = tmp_path_factory.mktemp("predict")
    shutil.copytree(trained.folder, work / "digits")
    images, labels = TEST.images[:N], TEST.labels[:N]
    pixels = [f"pixel{i}" for i in range(784)]
    flat = images.reshape(N, 784)
    (work / "test.csv").write_text(lines(pixels, flat.tolist()))
    (work / "headless.csv").write_text(lines(None, flat.tolist()))
    (work / "train.csv").write_text(lines(["label", *pixels], np.column_stack([labels, flat]).tolist()))
    (work / "images-idx3-ubyte").write_bytes(packed(images))
    (work / "images-idx3-ubyte.gz").write_bytes(gzip.compress(packed(images)))
    np.savez(work / "images.npz", x=images)

    header, rows = flowers(200, 0)
    (work / "flowers.csv").write_text(lines(header, rows), encoding="utf-8")
    for label, other in (("species", "size"), ("size", "species")):
        arguments = f"train --data flowers.csv --label {label} --drop id,{other} --epochs 30 --out {label}"
        outcome = glassnet(arguments.split(), work, env)
        assert outcome.code == 0, outcome.err
    header, rows = flowers(40, 1)
    (work / "labelled.csv").write_text(lines(header, rows, "\r\n"), encoding="utf-8", newline="")
    (work / "new.csv").write_text(lines(header[1:4], [row[1:4] for row in rows]))
    (work / "named.csv").write_text(lines(header[:4], [row[:4] for row in rows]))
    return work


def run(prepared: Path, env: dict[str, str], *arguments: str) -> Outcome:
    outcome = glassnet(["predict", *arguments], prepared, env)
    assert outcome.code == 0, outcome.err
    return outcome


# ---- images


def test_an_unlabelled_kaggle_table_gives_what_kaggle_wants(prepared: Path, env: dict[str, str]) -> None:
    outcome = run(prepared, env, "digits", "test.csv")
    named = gn.load(prepared / "digits" / "model.npz").predict(TEST.images[:N])
    assert outcome.out == "ImageId,Label\n" + "".join(f"{i},{k}\n" for i, k in enumerate(named, 1))
    assert outcome.err == ""


@pytest.mark.parametrize("file", ["headless.csv", "images-idx3-ubyte", "images-idx3-ubyte.gz", "images.npz"])
def test_the_same_images_in_other_files_get_the_same_answers(
    file: str, prepared: Path, env: dict[str, str]
) -> None:
    assert run(prepared, env, "digits", file).out == run(prepared, env, "digits", "test.csv").out


def test_labelled_images_are_judged_too(prepared: Path, env: dict[str, str]) -> None:
    outcome = run(prepared, env, "digits/model.npz", "train.csv")
    assert outcome.out == run(prepared, env, "digits", "test.csv").out
    right = sum(int(row["Label"]) == k for row, k in zip(read(outcome.out), TEST.labels))
    assert re.fullmatch(
        rf"train\.csv: accuracy {right / N:.4f} \(95 % interval .*\), {right} of {N} right\n", outcome.err
    )


def test_probabilities_have_a_column_for_each_class(prepared: Path, env: dict[str, str]) -> None:
    rows = read(run(prepared, env, "digits", "test.csv", "--proba").out)
    assert list(rows[0]) == ["ImageId", "Label", *"0123456789"]
    shares = np.array([[row[k] for k in "0123456789"] for row in rows], np.float32)
    expected = gn.load(prepared / "digits" / "model.npz").predict_proba(TEST.images[:N])
    assert np.array_equal(shares, expected)
    assert [int(row["Label"]) for row in rows] == shares.argmax(axis=1).tolist()


@pytest.mark.parametrize("name", ["m.safetensors", "weights.npz"])
def test_models_of_every_format(name: str, prepared: Path, env: dict[str, str], tmp_path: Path) -> None:
    network = gn.load(prepared / "digits" / "model.npz")
    if name == "weights.npz":
        p = network.parameters
        np.savez(tmp_path / name, w1=p["1.W"].T, b1=p["1.b"][:, None], w2=p["3.W"].T, b2=p["3.b"][:, None])
    else:
        network.save(tmp_path / name)
    outcome = run(prepared, env, str(tmp_path / name), "test.csv")
    assert outcome.out == run(prepared, env, "digits", "test.csv").out


def test_several_files_are_told_apart(prepared: Path, env: dict[str, str]) -> None:
    rows = read(run(prepared, env, "digits", "test.csv", "images-idx3-ubyte.gz").out)
    assert list(rows[0]) == ["file", "ImageId", "Label"]
    assert [row["file"] for row in rows] == ["test.csv"] * N + ["images-idx3-ubyte.gz"] * N
    assert [int(row["ImageId"]) for row in rows] == [*range(1, N + 1)] * 2


@pytest.mark.slow
def test_a_hundred_thousand_images(prepared: Path, env: dict[str, str], tmp_path: Path) -> None:
    images = np.resize(TEST.images[:999], (100_000, 28, 28))
    (tmp_path / "many").write_bytes(packed(images))
    outcome = run(prepared, env, "digits", str(tmp_path / "many"), "--proba", "--format", "json")
    rows = json.loads(outcome.out)
    assert len(rows) == 100_000
    named = gn.load(prepared / "digits" / "model.npz").predict(images)
    assert [row["Label"] for row in rows] == named.tolist()
    assert [row["ImageId"] for row in rows] == list(range(1, 100_001))


# ---- tables


def test_a_table_gets_its_classes_under_the_labels_name(prepared: Path, env: dict[str, str]) -> None:
    outcome = run(prepared, env, "species", "new.csv")
    assert outcome.err == ""
    rows = read(outcome.out)
    assert list(rows[0]) == ["row", "species"]
    assert [row["row"] for row in rows] == [str(i) for i in range(1, 41)]
    right = sum(row["species"] == true[4] for row, true in zip(rows, flowers(40, 1)[1]))
    assert right >= 39


def test_a_labelled_table_is_judged_too(prepared: Path, env: dict[str, str]) -> None:
    outcome = run(prepared, env, "species", "labelled.csv")
    assert [row["species"] for row in read(outcome.out)] == [
        row["species"] for row in read(run(prepared, env, "species", "new.csv").out)
    ]
    assert re.fullmatch(
        r"labelled\.csv: accuracy (1\.0000|0\.9\d+) \(95 % .*\), \d\d of 40 right\n", outcome.err
    )


def test_the_right_answers_may_be_called_otherwise(
    prepared: Path, env: dict[str, str], tmp_path: Path
) -> None:
    text = (prepared / "labelled.csv").read_text(encoding="utf-8").replace("species", "truth", 1)
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    outcome = run(prepared, env, "species", str(tmp_path / "t.csv"), "--label", "truth")
    assert "species" in outcome.out.splitlines()[0]
    assert "t.csv: accuracy" in outcome.err


def test_values(prepared: Path, env: dict[str, str]) -> None:
    outcome = run(prepared, env, "size", "labelled.csv")
    rows = read(outcome.out)
    assert list(rows[0])[1:] == ["size"]
    given, actual = (
        np.array([float(row["size"]) for row in r])
        for r in (rows, read((prepared / "labelled.csv").read_text(encoding="utf-8")))
    )
    error = np.abs(given - actual).mean()
    r2 = 1 - np.square(given - actual).sum() / np.square(actual - actual.mean()).sum()
    told = re.fullmatch(r"labelled\.csv: R² (.*), mean absolute error (.*), 40 rows\n", outcome.err)
    assert told is not None
    assert float(told[1]) == pytest.approx(r2, abs=1e-4)
    assert float(told[2]) == pytest.approx(error, rel=1e-3)
    assert r2 > 0.9


def test_the_identifier_that_was_dropped_names_the_rows(prepared: Path, env: dict[str, str]) -> None:
    rows = read(run(prepared, env, "species", "named.csv").out)
    assert list(rows[0]) == ["id", "species"]
    assert [row["id"] for row in rows] == [f"id-1-{i}" for i in range(40)]


def test_json_has_plain_types(prepared: Path, env: dict[str, str]) -> None:
    digits = json.loads(run(prepared, env, "digits", "test.csv", "--format", "json").out)
    assert len(digits) == N
    assert set(digits[0]) == {"ImageId", "Label"}
    assert {type(value) for row in digits for value in row.values()} == {int}
    species = json.loads(run(prepared, env, "species", "new.csv", "--format", "json", "--proba").out)
    assert set(species[0]) == {"row", "species", *SPECIES}
    assert {row["species"] for row in species} == set(SPECIES)
    assert sum(species[0][name] for name in SPECIES) == pytest.approx(1)
    sizes = json.loads(run(prepared, env, "size", "new.csv", "--format", "json").out)
    assert type(sizes[0]["size"]) is float


def test_names_that_are_taken_and_several_values(prepared: Path, env: dict[str, str], tmp_path: Path) -> None:
    """Models that were made in Python, without notes, on arrays."""
    x = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    classes = gn.Network([gn.Dense(2)], 3, loss="cross_entropy", classes=["row", "label"])
    values = gn.Network([gn.Dense(2)], 3, loss="mse", target_scaling=gn.Scaling(100.0, 0.1))
    for name, network in (("classes", classes), ("values", values)):
        network.save(tmp_path / f"{name}.npz")
    np.savez(tmp_path / "a.npz", x=x)
    np.savez(tmp_path / "b.npz", x=x, y=values.predict(x))
    table = run(prepared, env, str(tmp_path / "classes.npz"), str(tmp_path / "a.npz"), "--proba").out
    assert table.splitlines()[0] == "row,label,row_,label_"
    assert {line.split(",")[1] for line in table.splitlines()[1:]} <= {"row", "label"}
    outcome = run(prepared, env, str(tmp_path / "values.npz"), str(tmp_path / "b.npz"))
    rows = read(outcome.out)
    assert list(rows[0]) == ["row", "value_1", "value_2"]
    given = np.array([[row["value_1"], row["value_2"]] for row in rows], np.float64)
    assert np.allclose(given, values.predict(x), rtol=1e-11, atol=0)
    assert max(len(cell) for row in rows for cell in row.values()) <= len("100.123456789")
    assert outcome.err.endswith("b.npz: R² 1.0000, mean absolute error 0, 5 rows\n")


# ---- where it goes


def test_the_output_goes_into_a_file_by_its_ending(
    prepared: Path, env: dict[str, str], tmp_path: Path
) -> None:
    expected = run(prepared, env, "species", "new.csv", "--format", "json").out
    for name in ("a.json", "b.csv", "c.out"):
        outcome = run(prepared, env, "species", "new.csv", "--out", str(tmp_path / name))
        assert (outcome.out, outcome.err) == ("", "")
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == expected
    table = (tmp_path / "b.csv").read_bytes()
    assert table == (tmp_path / "c.out").read_bytes()
    assert b"\r" not in table
    assert [row["species"] for row in read(table.decode())] == [
        row["species"] for row in json.loads(expected)
    ]
    assert {path.name for path in tmp_path.iterdir()} == {"a.json", "b.csv", "c.out"}


def test_a_file_that_is_there_is_replaced_only_if_asked(
    prepared: Path, env: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    out.write_text("mine")
    arguments = ["predict", "species", "new.csv", "--out", str(out)]
    refused = glassnet(arguments, prepared, env)
    assert refused.code == 2
    assert re.fullmatch(
        r"glassnet: .*out\.csv: expected a new file, got one that exists; see --overwrite\n", refused.err
    )
    assert out.read_text() == "mine"
    assert run(prepared, env, *arguments[1:], "--overwrite").err == ""
    assert out.read_text(encoding="utf-8").startswith("row,species\n1,")


BAD = {
    "species gone.csv": "gone.csv: expected a file with examples, found none",
    "gone new.csv": "gone: expected a run folder or a model file, found nothing there",
    "species .": r"\.: expected a file, got a folder; name the files in it",
    "digits photo.jpg": r"photo\.jpg: expected a picture \(JPEG, .*\), got another kind of file",
    "species photo.jpg": r"species: expected a network of classes that reads images of 28×28, got ",
    "digits photo.jpg test.csv": "expected pictures, or files of many examples, got both, photo.jpg and",
    "species test.csv": "test.csv: expected the columns that the model knows, got a table without 'x', 'y'",
    "species few.csv": "few.csv: expected .* without 'soil'",
    "digits new.csv": "new.csv: expected",
    "digits small-idx": "small-idx: expected",
    "digits small.npz": "small.npz: expected",
    "digits model.npz": "model.npz: expected",
    "species strange.csv": "strange.csv: .*'lawn'",
    "species words.csv": "words.csv: .*x",
    "species soils.csv": "soils.csv: line 2: column 'soil': expected one of 'a', 'b', .* got 'clay'",
    "species empty.csv": "empty.csv: ",
    "species header.csv": "header.csv: ",
    "species new.csv gone.csv": "gone.csv: expected a file with examples, found none",
    "species new.csv --label truth": "new.csv: unknown label 'truth'",
    "size new.csv --proba": "--proba: expected a model of classes, got size.model.npz, which answers wi",
    "species new.csv --format xml": "--format: unknown format 'xml'; known: csv, json",
    "species new.csv --out .": r"--out: expected a file, got the folder \.",
    "species new.csv --out new.csv --overwrite": "--out: expected another file than those that are read",
    "species new.csv --out no/where.csv": "no.where.csv: No such file",
    "infinite.npz test.csv": "infinite.npz: expected a network whose answers are finite, got NaN or infinity",
    "test.csv test.csv": "test.csv: expected a glassnet model",
}  # fmt: skip


@pytest.fixture(scope="module")
def spoiled(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same folder with everything that can be wrong."""
    work = tmp_path_factory.mktemp("spoiled") / "work"
    shutil.copytree(prepared, work)
    (work / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (work / "few.csv").write_text("x,y\n1,2\n")
    (work / "small-idx").write_bytes(packed(np.zeros((3, 5, 5), np.uint8)))
    np.savez(work / "small.npz", x=np.zeros((3, 5, 5), np.uint8))
    shutil.copy(work / "digits" / "model.npz", work / "model.npz")
    (work / "strange.csv").write_text("x,y,soil,species\n0,0,a,lawn\n")
    (work / "words.csv").write_text("x,y,soil\n0,0,a\nmany,0,a\n")
    (work / "soils.csv").write_text("x,y,soil\n0,0,clay\n")
    (work / "empty.csv").touch()
    (work / "header.csv").write_text("x,y,soil\n")
    infinite = gn.load(work / "model.npz")
    infinite.parameters.vector[...] = 3e38
    infinite.save(work / "infinite.npz")
    return work


def check(arguments: str, outcome: Outcome) -> None:
    assert (outcome.code, outcome.out) == (2, ""), outcome
    assert re.match(f"glassnet: {BAD[arguments]}", outcome.err), outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize("arguments", BAD)
def test_what_is_wrong_is_said_in_one_line(
    arguments: str,
    spoiled: Path,
    env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """By the command's own `main`, here, which is quick."""
    before = tree(spoiled)
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "USERPROFILE"):
        monkeypatch.setenv(name, env[name])
    monkeypatch.chdir(spoiled)
    monkeypatch.setattr("sys.argv", ["glassnet", "predict", *arguments.split()])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    check(arguments, Outcome(ended.value.code, *capfd.readouterr()))  # type: ignore[arg-type]
    assert tree(spoiled) == before


@pytest.mark.slow
@pytest.mark.parametrize("arguments", BAD)
def test_what_is_wrong_is_said_in_one_line_by_a_process(
    arguments: str, spoiled: Path, env: dict[str, str]
) -> None:
    outcome = glassnet(["predict", *arguments.split()], spoiled, env)
    assert outcome.err
    check(arguments, outcome)
