"""The network in the package that reads drawings: its size, its recipe, and what its notes promise."""

import numpy as np

from glassnet import files, recipes
from glassnet.data import load
from glassnet.reading import refusal
from reading import stroke_digits


def test_the_shipped_file_is_below_a_megabyte_and_was_made_by_the_recipe() -> None:
    path = files.shipped("drawing")
    assert path is not None
    assert path.stat().st_size < 1_000_000
    network, notes = files.read(path)
    assert network.classes == tuple("0123456789")
    made_by = notes["recipe"]
    for name, value in recipes.read("drawing").items():
        assert made_by[name] == value, name
    assert notes["refusal"].keys() == refusal.LIMITS.keys()


def test_the_shipped_notes_promise_what_was_asked_of_it() -> None:
    notes = files.read(files.shipped("drawing"))[1]
    assert notes["test_digits"]["accuracy"] >= 0.99
    assert notes["test_digits"]["refused"] <= 0.02


def test_the_shipped_network_reads_the_sample_and_spreads_its_answer_over_noise() -> None:
    network, notes = files.read(files.shipped("drawing"))
    test = load("mnist-sample", validation=0).test
    z = network.outputs(np.asarray(test.images))
    assert (z.argmax(axis=1) == test.labels).mean() > 0.99
    noise = np.random.default_rng(0).integers(0, 256, (200, 28, 28)).astype(np.uint8)
    assert (refusal.energy(network.outputs(noise)) < notes["refusal"]["energy"]).mean() > 0.98


def test_the_shipped_network_names_drawn_digits_and_refuses_few() -> None:
    network, notes = files.read(files.shipped("drawing"))
    drawn, labels = stroke_digits.images(400, seed=3)
    z = network.outputs(drawn)
    limits = notes["refusal"]
    why = [refusal.by_ink(image, image) or refusal.by_logits(row, limits) for image, row in zip(drawn, z)]
    named = np.array([reason is None for reason in why])
    right = z.argmax(axis=1) == labels
    assert (right & named).mean() > 0.93
    assert (~right & named).mean() < 0.03
