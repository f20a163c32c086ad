"""Looking inside a run or a network: nothing changes, every line has its derivation, bad input is said."""

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassnet.inside import Explanation, Inside, Twin, explain
from glassnet.nn import SGD, CrossEntropy, Dense, Dropout, Layer, Network, ReLU, Tanh
from glassnet.training import Epoch, Step, Training
from inside.test_numbers import LAYERS, LOSSES, OPTIMIZERS, SCHEDULES, SETTINGS, digits, started, values
from training.small import bits, timeless

MATH = Path(__file__).parents[2] / "docs" / "math"
EQUATION = re.compile(r"\\qquad \((\d+)\)$", re.MULTILINE)


class Doubled(Layer):
    """A layer of the user's own that keeps the shape."""

    def forward(self, x: Any, y: Any, memory: Any) -> None:
        np.multiply(x, 2, out=y)

    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        if dx is not None:
            np.multiply(dy, 2, out=dx)


class Halved(Layer):
    """A layer of the user's own that leaves the first half of its inputs."""

    def build(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        return (input_shape[0] // 2,)

    def forward(self, x: Any, y: Any, memory: Any) -> None:
        y[...] = x[:, : y.shape[1]]

    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        if dx is not None:
            dx[...] = 0
            dx[:, : dy.shape[1]] = dy


class Hesitant(SGD):
    """An optimizer of the user's own."""


class Steep(CrossEntropy):
    """A loss of the user's own."""


def everything(run: Training) -> list[Explanation]:
    """Explanations of a unit of each layer, and of a weight."""
    inside = Inside(run, 1)
    told = [inside.unit(place, 0) for place in range(1, len(run.network.layers) + 1)]
    return [*told, inside.weight(*inside.telling())]


def keys(told: Explanation, section: str) -> list[str]:
    return [line.key for line in told[section].lines]


# ---- the object


def test_each_line_names_an_equation_that_is_there() -> None:
    runs = [started(make()) for make in LAYERS.values()]
    runs += [started([Dense(6), ReLU()], loss=make()) for make in LOSSES.values()]
    runs += [started([Dense(6), ReLU()], optimizer=make()) for make in OPTIMIZERS.values()]
    runs += [started([Dense(6), ReLU()], **told) for told in SETTINGS.values()]
    runs += [started([Dense(6), ReLU()], learning_rate=make()) for make in SCHEDULES.values()]
    named = set()
    for told in (told for run in runs for told in everything(run)):
        for line in (line for section in told.sections for line in section.lines):
            assert line.doc is not None or line.key == "w", f"{told.title}: no derivation of {line.key}"
            if line.doc is not None:
                named.add(line.doc)
    for doc in named:
        page = (MATH / f"{doc.page}.md").read_text(encoding="utf-8")
        headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
        anchors = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
        assert doc.anchor in anchors, doc
        assert doc.equation is None or str(doc.equation) in EQUATION.findall(page), doc
    assert {doc.page for doc in named} == {path.stem for path in MATH.glob("*.md")} - {
        "README", "backpropagation_in_code", "gradient_checking", "initializers",
    }  # fmt: skip


def test_the_plain_form_is_what_json_can_hold_with_all_digits() -> None:
    told = explain(started([Dense(6), ReLU()]), 2, weight=(1, 3, 4))
    plain = json.loads(json.dumps(told.plain()))
    assert plain == told.plain()
    assert list(plain) == [
        "step", "dtype", "loss", "layer", "kind", "unit", "weight", "title", "sample", "batch", "sections",
    ]  # fmt: skip
    assert (plain["step"], plain["layer"], plain["kind"]) == (3, 1, "Dense")
    assert (plain["weight"], plain["unit"], plain["title"]) == ([3, 4], 4, "weight 3 → 4 of layer 1 (Dense)")
    assert plain["batch"] == {"size": 12, "step": 4}
    assert [section["name"] for section in plain["sections"]] == ["forward", "backward", "update"]
    line = plain["sections"][0]["lines"][0]
    assert list(line) == [
        "key", "symbol", "words", "formula", "doc", "value", "batch", "terms", "rest", "layer", "unit",
    ]  # fmt: skip
    assert line["doc"] == {"page": "dense", "equation": 1, "anchor": "formula"}
    assert list(line["terms"][0]) == ["symbol", "factors", "value", "unit"]
    shown = [term["unit"] for term in line["terms"]]
    assert {"layer": 0, "unit": 3} in shown  # the weight that was asked for, however small its term
    assert line["rest"]["count"] + len(line["terms"]) == 9 + 1  # the inputs and the bias


def test_the_largest_terms_come_first_and_zeros_not_at_all() -> None:
    x = np.array([0, 5, 0, -9, 1, 0, 0, 2, 0.0])
    network = Network([Dense(3)], 9, loss="cross_entropy", dtype="float64")
    network.parameters["1.W"][...] = 1
    line = explain(network, x, unit=(1, 2))["forward"]["z"]
    assert [term.value for term in line.terms] == [-9, 5, 2, 1, 0]  # the last is the bias
    assert [term.unit for term in line.terms] == [(0, 3), (0, 1), (0, 7), (0, 4), None]
    assert line.rest is not None
    assert (line.rest.count, line.rest.value, line.value) == (5, 0, -1)


def test_a_lines_and_sections_that_are_not_there_are_said() -> None:
    told = explain(started([Dense(6), ReLU()]), 0)
    with pytest.raises(KeyError, match="known: forward, backward, update"):
        told["sideways"]
    with pytest.raises(KeyError, match="'m_hat'"):
        told["forward"]["m_hat"]


def test_the_text_has_every_number_and_where_it_is_derived() -> None:
    told = explain(started([Dense(6), ReLU()], clip=0.1), 2, weight=(1, 3, 4))
    text = str(told)
    for line in (line for section in told.sections for line in section.lines):
        assert f"{line.value:.6g}".replace("-", "−") in text or line.value == 0
        assert line.formula in text
    assert "[dense (1)]" in text
    assert "Derivations: docs/math/dense.md, relu.md, penalties.md, schedules.md, optimizers.md" in text
    assert max(map(len, text.splitlines())) <= 150
    assert "-" not in re.sub(r"[a-z]-[a-z]", "", text.partition("\n\n")[2])


# ---- a run


def test_a_run_that_is_looked_into_goes_on_to_the_same_bits() -> None:
    runs = [started([Dense(6), Dropout(0.3), Tanh()], "float32", steps=0, clip=0.5) for _ in range(2)]
    events = [[], []]
    twin = Twin(runs[0])
    for _ in range(9):
        explain(runs[0], 1)
        twin.put(runs[0].capture())
        str(Inside(twin, 3).unit(1, 2))
        for run, told in zip(runs, events):
            told.append(timeless(next(run)))
    assert events[0] == events[1]
    assert bits(runs[0].network) == bits(runs[1].network)
    slots = [{name: slot.tobytes() for name, slot in run.optimizer.slots.items()} for run in runs]
    assert slots[0] == slots[1]


@pytest.mark.parametrize("steps", range(7))
def test_every_new_weight_is_that_of_the_next_step(steps: int) -> None:
    run = started([Dense(4), ReLU(), Dropout(0.2)], "float32", steps=steps, l2=0.01, max_norm=1.0)
    inside = Inside(run, 0)
    told = {(i, j): inside.weight(1, i, j)["update"]["w_new"].value for i in range(9) for j in range(4)}
    step = run.step
    while not isinstance(next(run), Step):  # also where an epoch has first to be finished
        pass
    assert run.step == step + 1
    assert told == {(i, j): float(run.network.parameters["1.W"][i, j]) for i, j in told}


def test_of_a_run_that_ended_the_step_is_that_of_another_epoch() -> None:
    run = started([Dense(4), ReLU()], steps=0, epochs=1, learning_rate=SCHEDULES["cosine"]())
    assert isinstance([*run][-2], Epoch)
    told = explain(run, 0, weight=(3, 1, 2))
    assert told["update"].note == "The run has ended: this is the first step of one more epoch."
    run.change(epochs=2)
    assert next(run).kind == "change"
    next(run)
    assert told["update"]["w_new"].value == run.network.parameters["3.W"][1, 2]


def test_settings_that_changed_while_it_ran_are_those_that_are_told() -> None:
    run = started([Dense(4), ReLU(), Dropout(0.1)], optimizer="sgd", steps=3)
    run.change(l1=0.5, weight_decay=0.2, dropout=0.6, batch_size=5, learning_rate=0.3)
    told = explain(run, 0, weight=(4, 1, 2))
    assert keys(told, "update") == ["w", "g", "l1", "g_penalized", "eta", "decay", "w_new"]
    assert told.batch is not None
    assert (told.batch.size, told["update"]["eta"].value) == (5, 0.3)
    assert [next(run).kind for _ in range(2)] == ["change", "step"]
    assert told["update"]["w_new"].value == run.network.parameters["4.W"][1, 2]


def test_a_twin_that_is_kept_tells_what_a_new_one_would() -> None:
    run = started([Dense(4), ReLU(), Dropout(0.3)], "float32")
    twin = Twin(run)
    for _ in range(5):
        next(run)
        twin.put(run.capture())
        assert Inside(twin, 2).unit(1, 3).plain() == explain(run, 2, unit=(1, 3)).plain()
        assert Inside(twin, 5).unit(4, 1).plain() == explain(run, 5, unit=(4, 1)).plain()


def test_a_step_that_would_diverge_is_not_made() -> None:
    run = started([Dense(4), ReLU()])
    run.network.parameters["3.W"][...] = np.inf
    told = explain(run, 0, unit=(1, 2))
    assert [section.name for section in told.sections] == ["forward", "backward"]
    assert told.batch is None
    assert told["backward"].note == "The next step is not made: its loss would not be finite."


def test_a_run_that_diverged_says_what_can_be_told() -> None:
    run = started([Dense(4), ReLU()], optimizer="sgd", learning_rate=1e200, steps=0)
    assert [*run][-1].reason == "diverged"
    with pytest.raises(ValueError, match=r"one that diverged.*; of its network alone, forward and backward"):
        explain(run, 0)
    assert keys(explain(run.network, 0, data=run.data, unit=(1, 2)), "backward") == [
        "dy",
        "slope",
        "dz",
        "db",
    ]


# ---- a network


def test_of_a_network_alone_there_is_no_update_and_nothing_changes() -> None:
    run = started([Dense(6), ReLU()])
    before = bits(run.network), run.network.gradients.vector.tobytes()
    told, of_run = explain(run.network, 1, data=run.data, unit=(1, 3)), explain(run, 1, unit=(1, 3))
    assert (bits(run.network), run.network.gradients.vector.tobytes()) == before
    assert (told.step, told.batch) == (None, None)
    assert [section.name for section in told.sections] == ["forward", "backward"]
    for section in told.sections:
        assert [line.batch for line in section.lines] == [None] * len(section.lines)
        assert [line.value for line in section.lines] == [line.value for line in of_run[section.name].lines]


def test_an_example_of_ones_own_has_the_answer_that_the_network_gives() -> None:
    run = started([Dense(6), ReLU()])
    x = run.data.validation.images[1]
    told = explain(run, x, unit=(3, 0))
    assert told.sample.assumed
    assert told.sample.index is None
    assert told.sample.label == told.sample.predicted == run.network.predict(x[None])[0]
    other = (told.sample.predicted + 1) % 3
    given = explain(run, x, unit=(3, other), label=other)
    assert (given.sample.assumed, given.sample.label) == (False, other)
    assert given["backward"]["dz"].value < 0 < explain(run, x, unit=(3, other))["backward"]["dz"].value
    assert "no right answer given" in str(told)


def test_values_are_told_in_their_own_units() -> None:
    run = started([Dense(6), Tanh()], data=values(), outputs=2)
    told = explain(run, 3, unit=(3, 1))
    assert told.sample.label == pytest.approx(run.data.validation.labels[3].tolist())
    assert told.sample.predicted == pytest.approx(
        run.network.predict(run.data.validation.images[3:4])[0].tolist()
    )
    assert abs(told["forward"]["t"].value) < 10  # as it is trained on
    given = explain(run, run.data.validation.images[3], unit=(3, 1), label=run.data.validation.labels[3])
    assert given["forward"]["loss"].value == told["forward"]["loss"].value
    with pytest.raises(ValueError, match="expected the right value of an example of your own, got none"):
        explain(run, run.data.validation.images[3])


def test_the_telling_weight_has_the_largest_gradient_of_all() -> None:
    run = started([Dense(6), Tanh()])
    inside = Inside(run, 4)
    told = inside.weight(*inside.telling())
    others = [inside.weight(1, i, j) for i in range(9) for j in range(6)]
    others += [inside.weight(3, i, j) for i in range(6) for j in range(3)]
    largest = max(abs(other["backward"]["dW"].value) for other in others)
    assert abs(told["backward"]["dW"].value) == largest
    assert explain(run, 4) == told


def test_layers_losses_and_optimizers_of_ones_own_are_told_as_far_as_they_go() -> None:
    network = Network([Dense(6), Doubled(), Dense(4), Halved(), Dense(3)], 9, loss=Steep(), dtype="float64")
    run = Training(network, digits(), optimizer=Hesitant(), learning_rate=0.1, threads=1)
    next(run)
    told = explain(run, 0, weight=(1, 2, 3))
    assert keys(told, "forward") == ["z", "y"]
    assert told["forward"]["y"].value == 2 * told["forward"]["z"].value
    assert keys(told, "backward") == ["dy", "dz", "dW"]
    assert told["update"].lines[-1].words == "the new one, as Hesitant, an optimizer of your own, makes it"
    below = explain(run, 0, unit=(3, 1))  # whose units are not those of the layer above
    assert keys(below, "forward") == ["z"]
    assert below["backward"]["dz"].words == "as layer 4 (Halved) hands it down"
    assert keys(explain(run, 0, unit=(4, 1)), "forward") == ["y"]
    last = explain(run, 0, unit=(5, 1))
    assert last["forward"]["loss"].formula == "Steep, a loss of your own"
    assert last["backward"]["dz"].terms == ()
    str(last)
    next(run)
    assert told["update"]["w_new"].value == run.network.parameters["1.W"][2, 3]


@pytest.mark.parametrize("damage", [math.nan, math.inf, 1e300])
def test_a_network_that_is_not_finite_is_told_without_a_word_of_warning(damage: float) -> None:
    network = Network([*LAYERS["all of them"](), Dense(3)], 9, loss="cross_entropy", dtype="float64")
    network.parameters.vector[::3] = damage
    inside = Inside(network, np.ones(9))
    for place in range(1, len(network.layers) + 1):
        assert str(inside.unit(place, 0)).startswith("unit 0")
    str(inside.weight(*inside.telling()))


# ---- bad input


BAD: list[tuple[dict[str, Any], str]] = [
    ({"sample": 10}, "sample: expected a validation example, 0 to 9, got 10"),
    ({"sample": -1}, "sample: expected a validation example, 0 to 9, got -1"),
    ({"sample": np.ones(8)}, "sample: expected one example of shape (9,), got (8,)"),
    ({"sample": "seven"}, "sample: expected a number or an array of numbers, got an array of <U5"),
    ({"unit": (0, 1)}, "layer: expected 1 to 3, got 0"),
    ({"unit": (4, 1)}, "layer: expected 1 to 3, got 4"),
    ({"unit": (1, 6)}, "unit: expected 0 to 5 of layer 1 (Dense), got 6"),
    ({"unit": (1, 1.5)}, "unit: expected 0 to 5 of layer 1 (Dense), got 1.5"),
    ({"weight": (2, 1, 1)}, "weight: expected one of a Dense layer, got layer 2 (ReLU)"),
    ({"weight": (1, 9, 1)}, "weight: expected input 0 to 8 of layer 1 (Dense), got 9"),
    ({"weight": (1, 1, 6)}, "weight: expected unit 0 to 5 of layer 1 (Dense), got 6"),
    ({"weight": (1, 1, 1), "unit": (1, 1)}, "explain: expected a unit or a weight, got both"),
    ({"label": 3}, "label: expected a class, 0 to 2, got 3"),
    ({"label": 0.5}, "label: expected a class, 0 to 2, got 0.5"),
    ({"label": "cat"}, "label: expected a class, 0 to 2, got 'cat'"),
]


@pytest.mark.parametrize(("asked", "said"), BAD, ids=[said for _, said in BAD])
def test_what_is_not_there_is_said_in_one_line(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)) as caught:
        explain(started([Dense(6), ReLU()]), **{"sample": 0, **asked})
    assert str(caught.value) == said


def test_a_network_needs_a_loss_and_a_number_needs_data() -> None:
    with pytest.raises(ValueError, match="expected a network with a loss"):
        explain(Network([Dense(3)], 9), np.ones(9))
    with pytest.raises(ValueError, match="expected data with the number of an example"):
        explain(Network([Dense(3)], 9, loss="cross_entropy"), 1)
    with pytest.raises(ValueError, match="expected a network with a Dense layer, or a unit"):
        explain(Network([ReLU()], 9, loss="cross_entropy"), np.ones(9))
