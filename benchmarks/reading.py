"""Loading large CSV tables beside pandas.read_csv: in turns, medians, and the same values.

Digits: 42,000 rows of a label and 784 pixels of MNIST (where it is not at hand, of the sample, repeated), as
in Kaggle's train.csv. Floats: 200,000 rows of 30, with six digits and with all that a float64 has. glassnet's
side is all of `glassnet.data.load`: the table parsed, put into the cache, encoded, its scaling measured.
"Again" is the same load out of the cache. pandas is left out if it is not installed.

    python benchmarks/reading.py [--turns 7] [--small] [--json]
"""

import argparse
import gc
import importlib.util
import json
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from unittest.mock import patch

import numpy as np

import glassnet as gn


def digits(path: Path, rows: int) -> dict[str, object]:
    try:
        data = gn.data.load("mnist", validation=0, download=False)
    except gn.data.DataUnavailable:
        data = gn.data.load("mnist-sample", validation=0)
    order = np.arange(rows) % len(data.train)
    images, labels = data.train.inputs[order].reshape(rows, -1), data.train.targets[order]
    header = ",".join(["label", *(f"pixel{k}" for k in range(images.shape[1]))])
    np.savetxt(path, np.column_stack([labels, images]), "%d", ",", header=header, comments="")
    return {"label": None}


def floats(path: Path, rows: int, form: str) -> dict[str, object]:
    values = np.random.default_rng(0).normal(size=(rows, 30))
    np.savetxt(path, values, form, ",", header=",".join(f"x{k}" for k in range(30)), comments="")
    return {"label": "x29"}


def compare(path: Path, options: dict[str, object], turns: int, with_pandas: bool) -> dict[str, float]:
    """Return medians in seconds; the values that both sides read are compared first."""
    ours, again, theirs = [], [], []
    with TemporaryDirectory() as cache, patch("platformdirs.user_cache_path", lambda *_, **__: Path(cache)):
        if with_pandas:
            same_values(path, options)
        for _ in range(turns):
            for kept in (Path(cache) / "tables").glob("*"):
                kept.unlink()
            ours.append(seconds(lambda: gn.data.load(path, validation=0, **options)))
            again.append(seconds(lambda: gn.data.load(path, validation=0, **options)))
            if with_pandas:
                import pandas

                theirs.append(seconds(lambda: pandas.read_csv(path)))
    result = {"megabytes": path.stat().st_size / 1e6, "glassnet": median(ours), "again": median(again)}
    if with_pandas:
        result |= {"pandas": median(theirs), "ratio": median(a / b for a, b in zip(ours, theirs))}
    return result


def same_values(path: Path, options: dict[str, object]) -> None:
    import pandas

    frame = pandas.read_csv(path)
    label = frame.columns[0] if options["label"] is None else options["label"]
    train = gn.data.load(path, validation=0, **options).train
    inputs = train.images.reshape(len(train), -1)
    # pandas reads a float to within a unit in the last place too, by default.
    assert np.allclose(inputs, frame.drop(columns=label).to_numpy(), rtol=1e-15, atol=0)
    assert np.allclose(train.labels, frame[label].to_numpy(), rtol=1e-15, atol=0)


def seconds(load) -> float:
    gc.collect()
    started = perf_counter()
    load()
    return perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--small", action="store_true", help="a hundredth of the rows")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with_pandas = importlib.util.find_spec("pandas") is not None
    less = 100 if options.small else 1
    tables = {
        "digits": lambda path: digits(path, 42_000 // less),
        "floats, 6 digits": lambda path: floats(path, 200_000 // less, "%.6g"),
        "floats, 17 digits": lambda path: floats(path, 200_000 // less, "%.17g"),
    }
    results = {}
    with TemporaryDirectory() as folder:
        for name, written in tables.items():
            path = Path(folder) / "table.csv"
            results[name] = compare(path, written(path), options.turns, with_pandas)
    if options.json:
        print(json.dumps(results))
        return
    print("" if with_pandas else "pandas is not installed: its side is left out")
    print(f"{'seconds':18}{'MB':>6}{'glassnet':>10}{'again':>8}{'pandas':>8}{'ratio':>8}")
    for name, found in results.items():
        line = f"{name:18}{found['megabytes']:6.0f}{found['glassnet']:10.2f}{found['again']:8.3f}"
        print(line + (f"{found['pandas']:8.2f}{found['ratio']:8.2f}" if with_pandas else ""))


if __name__ == "__main__":
    main()
