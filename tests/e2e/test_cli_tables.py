"""What people bring, from the file to the answer: Kaggle's digits, tables of classes and of values."""

import csv
import gzip
import json
import re
from pathlib import Path

import numpy as np
import pytest

import glassnet as gn
from e2e.command import glassnet, tree
from glassnet import files
from glassnet.data import load
from glassnet.data.export import export_csv

NOTES = "{:.3f}"


def write(path: Path, header: list[str], rows: list[list[object]], delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, delimiter=delimiter)
        lines.writerow(header)
        lines.writerows(rows)
    return path


def houses(n: int = 240, seed: int = 0) -> tuple[list[str], list[list[object]]]:
    """An identifier, three features, of which one has gaps and one is a text, and a price that follows."""
    g = np.random.default_rng(seed)
    area, rooms = g.uniform(40, 200, n), g.integers(1, 8, n)
    place = g.choice(["north", "south", "river"], n)
    price = 1000 * area + 5000 * rooms + 40000 * (place == "river") + g.normal(0, 3000, n)
    rows: list[list[object]] = [
        [
            f"H{k:04d}",
            "" if k % 20 == 3 else f"{area[k]:.1f}",
            int(rooms[k]),
            str(place[k]),
            f"{price[k]:.2f}",
        ]
        for k in range(n)
    ]
    return ["id", "area", "rooms", "place", "price"], rows


def test_kaggles_digits_from_train_csv_to_submission(env: dict[str, str], tmp_path: Path) -> None:
    data = load("mnist-sample", validation=0)
    export_csv(data, tmp_path / "train.csv")
    export_csv(data, tmp_path / "test.csv", part="test", labelled=False)
    trained = glassnet(["train", "--data", "train.csv", "--epochs", "8"], tmp_path, env)
    assert (trained.code, trained.err) == (0, "")
    assert "3,600 to train, 400 to validate; 28 × 28, 10 classes" in trained.out
    assert re.search(
        r"^Validation accuracy 0\.9\d+ \(.*the best epoch was chosen on it\)$", trained.out, re.M
    )
    done = glassnet(["predict", "runs/train-1", "test.csv", "--out", "submission.csv"], tmp_path, env)
    assert done.code == 0, done.err
    header, *rows = (tmp_path / "submission.csv").read_text(encoding="utf-8").splitlines()
    assert header == "ImageId,Label"
    ids, labels = zip(*(map(int, row.split(",")) for row in rows))
    assert ids == tuple(range(1, 1001))
    assert (np.array(labels) == data.test.labels).mean() > 0.9
    judged = glassnet(["evaluate", "runs/train-1", "--data", "mnist-sample"], tmp_path, env)
    assert judged.code == 0, judged.err
    assert "Test accuracy 0.9" in judged.out


@pytest.mark.slow
def test_a_table_of_values_from_training_to_prediction(env: dict[str, str], tmp_path: Path) -> None:
    header, rows = houses()
    write(tmp_path / "houses.csv", header, rows)
    asked = glassnet(["train", "--data", "houses.csv", "--label", "price"], tmp_path, env)
    assert asked.code == 2
    assert "--drop id" in asked.err
    asked = glassnet(["train", "--data", "houses.csv", "--label", "price", "--drop", "id"], tmp_path, env)
    assert asked.code == 2
    assert "--fill median" in asked.err
    told = ["--data", "houses.csv", "--label", "price", "--drop", "id", "--fill", "median"]
    trained = glassnet(["train", *told, "--epochs", "120"], tmp_path, env)
    assert (trained.code, trained.err) == (0, "")
    assert re.search(
        r"^Epoch 120 - loss .*, R² .*, MAE .* - validation loss .*, R² .*, MAE ", trained.out, re.M
    )
    found = re.search(r"^Test R² (\S+), mean absolute error (\S+) \(on 48 examples\)$", trained.out, re.M)
    assert found is not None
    assert float(found[1]) > 0.9
    run = tmp_path / "runs" / "houses-1"
    assert {"predicted.png", "curves.png", "weights.png"} <= {path.name for path in run.iterdir()}
    network, notes = files.read(run / "model.npz")
    assert notes["table"]["label"] == "price"
    assert [feature["name"] for feature in notes["table"]["features"]] == ["area", "rooms", "place"]
    assert network.target_scaling is not None

    judged = glassnet(["evaluate", str(run)], tmp_path, env)
    assert judged.code == 0, judged.err
    assert f"Test R² {found[1]}" in judged.out
    header, fresh = houses(30, seed=1)
    shuffled = [[row[2], row[3], row[0], row[1]] for row in fresh]
    write(tmp_path / "new.csv", ["rooms", "place", "id", "area"], shuffled, delimiter=";")
    done = glassnet(["predict", str(run), "new.csv", "--format", "json"], tmp_path, env)
    assert done.code == 0, done.err
    answers = json.loads(done.out)
    assert [answer["id"] for answer in answers] == [row[0] for row in fresh]
    errors = [abs(answer["price"] - float(str(row[4]))) for answer, row in zip(answers, fresh)]
    assert np.median(errors) < 15_000


@pytest.mark.slow
def test_a_table_of_classes_is_resumed_and_told_apart(env: dict[str, str], tmp_path: Path) -> None:
    g = np.random.default_rng(0)
    kind = np.repeat(["ape", "bee", "cat"], 40)
    rows = [[*map(NOTES.format, g.normal(i // 40, 0.3, 3)), kind[i]] for i in range(120)]
    write(tmp_path / "animals.csv", ["a", "b", "c", "kind"], rows)
    told = ["--data", "animals.csv", "--label", "kind", "--threads", "1"]
    for epochs, name in (("6", "whole"), ("3", "part")):
        outcome = glassnet(
            ["train", *told, "--epochs", epochs, "--schedule", "constant", "--out", name], tmp_path, env
        )
        assert (outcome.code, outcome.err) == (0, "")
    more = glassnet(["train", "--resume", "part", "--epochs", "6"], tmp_path, env)
    assert (more.code, more.err) == (0, "")
    one, other = (gn.load(tmp_path / name / "model.npz") for name in ("whole", "part"))
    assert one.parameters.vector.tobytes() == other.parameters.vector.tobytes()
    assert one.classes == ("ape", "bee", "cat")
    with (tmp_path / "animals.csv").open(encoding="utf-8") as file:
        header, *lines = file.read().splitlines()
    (tmp_path / "animals.csv").write_text("\n".join([header, *lines[1:], lines[0]]), encoding="utf-8")
    refused = glassnet(["train", "--resume", "part", "--epochs", "9"], tmp_path, env)
    assert refused.code == 2
    assert "expected training data" in refused.err


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory, env: dict[str, str]) -> Path:
    """A folder with a model and with tables that do not fit it, or nothing."""
    folder = tmp_path_factory.mktemp("strange")
    good = [[f"{k % 7}.5", f"{k % 5}.25", "yes" if k % 2 else "no"] for k in range(60)]
    head = ["a", "b", "ok"]
    write(folder / "good.csv", head, good)
    assert glassnet(["train", "--data", "good.csv", "--label", "ok", "--out", "run"], folder, env).code == 0
    write(folder / "text.csv", head, [*good[:30], ["1.5", "x17", "no"], *good[30:]])
    (folder / "ragged.csv").write_text("a,b,ok\n1.5,2.5,yes\n1.5,no\n2.5,3.5,yes\n")
    write(folder / "infinite.csv", head, [*good[:9], ["inf", "1.5", "no"]])
    write(folder / "gaps.csv", head, [*good[:9], ["nan", "1.5", "no"], ["", "1.5", "no"]])
    (folder / "empty.csv").write_text("")
    (folder / "header.csv").write_text("a,b,ok\n")
    write(folder / "one-class.csv", head, [[*row[:2], "yes"] for row in good])
    (folder / "semicolons.csv").write_text("a;b;ok\n" + "\n".join(",".join(map(str, row)) for row in good))
    (folder / "utf16.csv").write_text((folder / "good.csv").read_text(), encoding="utf-16")
    (folder / "latin1.csv").write_bytes("a,b,größe\n1.5,2.5,yes\n".encode("latin-1"))
    write(folder / "twice.csv", ["a", "a", "ok"], good)
    write(folder / "maybe.csv", head, [*good, ["1.5", "1.5", "maybe"]])
    write(folder / "others.csv", ["a", "c", "ok"], good)
    with gzip.open(folder / "long.csv.gz", "wb") as file:
        file.write(b"a,b,ok\n" + b"1" * 60_000_000)
    (folder / "pixels.csv").write_text(
        ",".join(f"pixel{k}" for k in range(784)) + "\n" + ",".join(["7"] * 783) + ",red\n"
    )
    (folder / "folder").mkdir()
    return folder


BAD = {
    "train --data gone.csv": r"gone\.csv: expected a file or folder with data, found none",
    "train --data good.csv": r"good\.csv: expected --label COLUMN, got none; perhaps --label ok; columns: .*",
    "train --data good.csv --label okay": r"good\.csv: unknown label 'okay'; did you mean 'ok'\?.*",
    "train --data good.csv --label ok --task numbers": "--task: unknown task 'numbers'.*",
    "train --data good.csv --label ok --fill guess": "--fill: .*'guess'.*",
    "train --data good.csv --label ok --drop c": r"good\.csv: unknown column to drop 'c'.*",
    "train --data mnist-sample --label ok": "--label: expected with a table alone, got it with mnist-sample",
    "train --data ragged.csv --label ok": r"ragged\.csv: line 3: expected 3 .*got 2",
    "train --data infinite.csv --label ok": r"infinite\.csv: line 11.*'?a'?.*inf.*",
    "train --data gaps.csv --label ok": r"gaps\.csv.*'a'.*--drop a.*--fill median.*",
    "train --data empty.csv --label ok": r"empty\.csv: expected .*, got an empty file",
    "train --data header.csv --label ok": r"header\.csv: expected .*rows.*",
    "train --data one-class.csv --label ok": r"one-class\.csv.*expected at least two classes, got .*yes.*",
    "train --data semicolons.csv --label ok": r"semicolons\.csv: expected one delimiter, got ';' .* ',' .*",
    "train --data utf16.csv --label ok": r"utf16\.csv.*UTF-8.*",
    "train --data latin1.csv --label ok": r"latin1\.csv.*UTF-8.*",
    "train --data twice.csv --label ok": r"twice\.csv.*'a'.*",
    "train --data long.csv.gz --label ok": r"long\.csv\.gz: line 2: expected .*",
    "train --data pixels.csv": r"pixels\.csv: line 2: column 'pixel783': expected a pixel, .* got 'red'",
    "evaluate run --data maybe.csv": r"maybe\.csv.*yes.*maybe.*",
    "evaluate run --data others.csv": r"others\.csv: expected the columns .* the model knows, got .*b.*c.*",
    "evaluate run --data mnist-sample": "mnist-sample: expected classes among .* no, yes, got 0, 1, .*",
    "predict run maybe.csv": r"maybe\.csv.*yes.*maybe.*",
    "predict run others.csv": r"others\.csv: expected the columns that the model knows, got .*'?b'?.*'?c'?.*",
    "predict run text.csv": r"text\.csv: line 32.*'b'.*'x17'.*",
    "predict run folder": "folder: expected a (table|file).*",
    "predict run gone.csv": r"gone\.csv.*",
}


@pytest.mark.parametrize("arguments", BAD)
def test_a_table_that_cannot_be_used_is_answered_in_one_line(
    arguments: str, strange: Path, env: dict[str, str]
) -> None:
    before = {name: content for name, content in tree(strange).items() if not name.startswith("cache")}
    outcome = glassnet(arguments.split(), strange, env)
    assert (outcome.code, outcome.out) == (2, ""), outcome
    assert re.fullmatch(f"glassnet: {BAD[arguments]}\n", outcome.err), outcome.err
    assert tree(strange) == before
