"""The hundred test images: chosen by the seed, of data that suit the network."""

from pathlib import Path

import numpy as np
import pytest

from data.digit_files import packed
from demo.models import network, saved
from glassnet.demo import images
from glassnet.demo.images import hundred
from glassnet.demo.models import Model, Models


@pytest.fixture(autouse=True)
def _no_mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GLASSNET_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    images._loaded.cache_clear()


def model(name: str = "drawing") -> Model:
    return Models([name]).get(name)


def test_without_mnist_they_are_of_the_sample_and_that_is_said() -> None:
    found = hundred(model(), 3)
    assert found.pixels.shape == (100, 28, 28)
    assert (
        found.said == "100 of the 1,000 test images of the MNIST digits inside the package, chosen by seed 3"
    )
    assert found.note.startswith("They are among MNIST's training images, which this network was trained on")
    assert set(found.labels) == set("0123456789")


def test_a_network_that_never_saw_the_test_images_gets_no_warning(tmp_path: Path) -> None:
    assert hundred(model(saved(tmp_path / "one", data="mnist-sample")), 0).note == ""
    unknown = hundred(model(saved(tmp_path / "other")), 0).note
    assert unknown.endswith("if this network was trained on those, it does better on them.")


def test_the_same_seed_chooses_the_same_and_another_others() -> None:
    one, again, other = (hundred(model(), seed).pixels for seed in (1, 1, 2))
    assert (one == again).all()
    assert not (one == other).all()


@pytest.mark.parametrize("seed", [-1, 2**31, 0.5, "0", None, True])
def test_other_seeds_are_refused(seed: object) -> None:
    with pytest.raises(ValueError, match="seed: expected a whole number of 0 to 2,147,483,647, got "):
        hundred(model(), seed)  # type: ignore[arg-type]


def test_a_network_of_some_digits_is_asked_about_these(tmp_path: Path) -> None:
    some = saved(tmp_path / "some", network(tuple("013")))
    assert set(hundred(model(some), 0).labels) == set("013")


def test_another_networks_images_are_of_its_own_data_or_it_is_said_that_they_are_not_there(
    tmp_path: Path,
) -> None:
    clothes = saved(tmp_path / "clothes", network(("Bag", "Coat")), data="fashion-mnist")
    with pytest.raises(ValueError, match=r"to be at hand: glassnet data get fashion-mnist$"):
        hundred(model(clothes), 0)
    with pytest.raises(ValueError, match="expected the name of the data that it was trained on"):
        hundred(model(saved(tmp_path / "silent", network(("Bag", "Coat")))), 0)


def test_images_of_its_own_folder(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for part, n in (("train", 60), ("t10k", 40)):
        images_of = rng.integers(0, 256, (n, 28, 28), np.uint8)
        (tmp_path / f"{part}-images-idx3-ubyte").write_bytes(packed(images_of))
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(packed(np.arange(n) % 12))
    twelve = network(tuple(map(str, range(12))))
    found = hundred(model(saved(tmp_path / "run", twelve, data=str(tmp_path))), 0)
    assert len(found.labels) == 40
    assert found.said.startswith("40 of the 40 test images of ")
    assert "11" in found.labels
