"""Sets by name and by folder: which parts, which errors, and nothing leaking from one part to another."""

import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.digit_files import SHAPE, packed, write_digits
from glassnet import data
from glassnet.data import DataUnavailable

ROOT = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("GLASSNET_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No MNIST at hand, no network, and an empty folder to work in."""
    monkeypatch.delenv("GLASSNET_DATA", raising=False)
    monkeypatch.setenv("GLASSNET_MIRROR", "http://127.0.0.1:9/")
    for variable in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def images(part: Any) -> set[bytes]:
    return {image.tobytes() for image in part.images}


def test_the_sample_has_three_stratified_parts() -> None:
    digits = data.load("mnist-sample")
    assert [len(part) for part in (digits.train, digits.validation, digits.test)] == [3600, 400, 1000]
    assert np.bincount(digits.test.labels).tolist() == [100] * 10
    assert np.bincount(digits.validation.labels).tolist() == [40] * 10
    assert (digits.name, digits.shape, digits.classes) == ("mnist-sample", (28, 28), tuple("0123456789"))


def test_no_image_of_the_sample_is_in_two_parts() -> None:
    digits = data.load("mnist-sample")
    assert len(images(digits.train) | images(digits.validation) | images(digits.test)) == 5000


def test_the_samples_test_part_is_always_the_same() -> None:
    usual = data.load("mnist-sample")
    other = data.load("mnist-sample", seed=7, validation=0.3)
    assert np.array_equal(usual.test.images, other.test.images)
    assert np.array_equal(usual.test.labels, other.test.labels)
    digest = hashlib.sha256(usual.test.images.tobytes()).hexdigest()
    assert digest.startswith("66afdcc4746685dd")  # with any version of ours and of NumPy
    assert images(usual.validation) != images(data.load("mnist-sample", seed=7).validation)


def test_the_first_of_the_samples_test_part_are_of_several_classes() -> None:
    assert len(set(data.load("mnist-sample").test.labels[:10])) > 3


def test_pixels_stay_as_stored_and_the_scaling_brings_them_to_one() -> None:
    digits = data.load("mnist-sample", validation=0)
    assert digits.train.inputs.dtype == np.uint8
    scaled = np.empty((10, 28, 28))
    assert digits.scaling is not None
    digits.scaling(digits.train.inputs[:10], scaled)
    assert np.allclose(scaled * 255, digits.train.inputs[:10])


def test_a_folder_of_four_files_is_a_set() -> None:
    folder = write_digits(Path("letters"))
    for name in (folder, str(folder), folder.resolve()):
        letters = data.load(name, validation=0.5)
        assert (letters.name, letters.shape) == ("letters", SHAPE)
        assert [len(part) for part in (letters.train, letters.validation, letters.test)] == [30, 30, 20]
        assert "letters" in letters.origin


@pytest.mark.parametrize(("largest", "classes"), [(0, 2), (1, 2), (6, 7), (25, 26), (255, 256)])
def test_a_folder_has_as_many_classes_as_its_labels_say(largest: int, classes: int) -> None:
    folder = write_digits(Path("letters"))
    for part, n in (("train", 60), ("t10k", 20)):
        labels = np.linspace(0, largest if part == "train" else 0, n).round()
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(packed(labels))
    letters = data.load(folder, validation=0)
    assert letters.classes == tuple(map(str, range(classes)))


@pytest.mark.parametrize("name", ["mnist-sample", "letters"])
def test_only_mnist_has_another_place(name: str) -> None:
    write_digits(Path("letters"))
    with pytest.raises(ValueError, match=f"data_dir: expected with mnist, .* alone, got it with {name}"):
        data.load(name, data_dir="letters")


def test_mnist_is_looked_for_where_the_caller_says() -> None:
    place = write_digits(Path("place/mnist")).parent
    digits = data.load("mnist", data_dir=place)
    assert (digits.name, len(digits.test)) == ("mnist", 20)
    with pytest.raises(FileNotFoundError, match="elsewhere: no such folder"):
        data.load("mnist", data_dir="elsewhere")


def test_mnist_that_cannot_be_had_is_an_error() -> None:
    with pytest.raises(DataUnavailable, match="mnist is not at hand"):
        data.load("mnist", download=False)
    with pytest.raises(DataUnavailable, match=r"mnist is not at hand and cannot be fetched: 127.0.0.1:9/"):
        data.load("mnist")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mnits", "unknown data set 'mnits'; did you mean 'mnist'?"),
        ("mnist_sample", "did you mean 'mnist-sample'?"),
        ("quaternions", "unknown data set 'quaternions'; known: mnist, fashion-mnist, kmnist"),
        ("", "data: expected the name of a set, a file or a folder, got ''"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(name: str, message: str) -> None:
    with pytest.raises(ValueError, match="data") as caught:
        data.load(name)
    assert message in str(caught.value)


def test_a_folder_that_is_not_there_or_lacks_files_says_so() -> None:
    for name in ("no/such/folder", "./nope", "nope/", Path("nope")):
        with pytest.raises(FileNotFoundError, match="expected a file or folder with data, found none"):
            data.load(name)
    folder = write_digits(Path("part"))
    (folder / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match=r"expected the file t10k-labels-idx1-ubyte.gz, got none"):
        data.load("part")
    Path("file").touch()
    with pytest.raises(
        ValueError, match=r"file: expected a table \(.*got a file that ends in nothing of the kind"
    ):
        data.load("file")


def test_a_damaged_file_says_which() -> None:
    archive = write_digits(Path("part")) / "train-images-idx3-ubyte.gz"
    archive.write_bytes(archive.read_bytes()[:-100])
    with pytest.raises(ValueError, match=r"train-images-idx3-ubyte.gz: .*cut off"):
        data.load("part")


@pytest.mark.parametrize("share", [-0.1, 0.6])
@pytest.mark.parametrize("name", ["mnist-sample", "part"])
def test_a_bad_share_is_refused(name: str, share: float) -> None:
    write_digits(Path("part"))
    with pytest.raises(ValueError, match=r"expected a share of 0 to 0.5"):
        data.load(name, validation=share)


@pytest.mark.slow
@pytest.mark.skipif(not (REAL / "mnist").is_dir(), reason="needs MNIST: set GLASSNET_DATA")
def test_mnist_itself() -> None:
    digits = data.load("mnist", data_dir=REAL, seed=3)
    assert [len(part) for part in (digits.train, digits.validation, digits.test)] == [54000, 6000, 10000]
    whole = data.load("mnist", data_dir=REAL, validation=0)
    shares = np.bincount(digits.validation.labels) / np.bincount(whole.train.labels)
    assert np.abs(shares - 0.1).max() < 0.0002
    assert not images(digits.test) & (images(digits.train) | images(digits.validation))
