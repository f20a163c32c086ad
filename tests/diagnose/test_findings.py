"""Each finding on both sides of where it begins to speak, in what words, and what is not told beside it."""

import math
from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from glassnet.data import Dataset
from glassnet.diagnose import Finding, Histogram, Vitals, examine, vitals
from glassnet.diagnose.finding import number, percent
from glassnet.diagnose.signs import Signs
from glassnet.nn import GELU, Dense, Dropout, Layer, Network, ReLU, Sigmoid, Softmax, Tanh
from glassnet.nn.scaling import Scaling
from glassnet.training import End, Step, Training

GUESS = math.log(4)  # four classes, as many of each
LAYERS = (Dense(16), ReLU(), Dense(16), Tanh(), Dense(4), Softmax())
RANDOM = np.random.default_rng(0)
FOUR = Dataset.from_arrays(RANDOM.normal(size=(64, 6)), np.arange(64) % 4)


def going(
    layers: Sequence[Layer] = LAYERS, data: Dataset = FOUR, *, steps: int = 20, **settings: Any
) -> Training:
    """A run after so many steps."""
    network = Network([copy(layer) for layer in layers], data.shape)
    told = {"learning_rate": 0.05, "epochs": 100, "threads": 1, "batch_size": 32, **settings}
    run = Training(network, data, **told)
    for event in run if steps else ():
        if isinstance(event, Step) and event.step >= steps:
            break
    run.close()
    return run


def signs_of(run: Training, **of_layers: Any) -> list[Vitals]:
    """The run's vital signs, those of all layers that have such a sign replaced by others."""
    flow = run.flow if len(run.batch) else None
    found = vitals(run.network, flow, 0.001 * run.network.parameters.vector)
    return [
        layer._replace(**{name: of_layers[name] for name in of_layers if getattr(layer, name) is not None})
        for layer in found
    ]


def curve(*losses: float, rate: float = 0.05) -> np.ndarray:
    steps = np.arange(1, len(losses) + 1)
    return np.column_stack([steps, losses, np.full(len(losses), np.nan), np.full(len(losses), rate)]).astype(
        np.float32
    )


FALLING = curve(*np.linspace(1.1 * GUESS, 0.2 * GUESS, 60))
STUCK = curve(*[GUESS] * 60)


def names(run: Training, signs: list[Vitals] | None = None, losses: np.ndarray = FALLING) -> list[str]:
    return [one.name for one in examine(run, signs_of(run) if signs is None else signs, losses)]


def text(run: Training, signs: list[Vitals] | None = None, losses: np.ndarray = FALLING) -> str:
    (one,) = examine(run, signs_of(run) if signs is None else signs, losses)
    return one.text


def test_nothing_is_wrong_with_a_run_that_learns() -> None:
    run = going()
    assert examine(run, signs_of(run), FALLING) == []


# ---- units


@pytest.mark.parametrize(
    ("batch", "dead", "told"),
    [
        (32, 0.59, False), (32, 0.61, True), (31, 0.61, False), (31, 0.89, False), (31, 0.91, True),
        (8, 0.89, False), (8, 0.91, True), (7, 0.99, False), (7, 1.0, True), (2, 1.0, False), (1, 1.0, False),
    ],
)  # fmt: skip
def test_dead_units(batch: int, dead: float, told: bool) -> None:
    run = going(batch_size=batch)
    while len(run.batch) != batch:  # the last one of an epoch is smaller
        next(run)
    assert names(run, signs_of(run, dead=dead)) == ["dead units"] * told


def test_the_words_about_dead_units() -> None:
    run = going()
    (one,) = examine(run, signs_of(run, dead=0.61), FALLING)
    assert one == Finding(
        "dead units", 2, "layer 2: 61 % of the ReLUs are dead on this batch; a smaller learning rate or He"
        " initialization usually helps",
    )  # fmt: skip
    run = going([Dense(16), ReLU(), Dense(16), ReLU(), Dense(16), ReLU(), Dense(4)])
    signs = [v._replace(dead=d) for v, d in zip(signs_of(run), [None, 0.61, None, 0.8, None, 1.0, None])]
    told = text(run, signs)
    assert told.startswith("layers 2, 4 and 6: 61 %, 80 % and 100 % of the ReLUs are dead on this batch;")
    run = going([Dense(16), ReLU(), Dense(16), GELU(), Dense(16), Tanh(), Dense(16), Sigmoid(), Dense(4)])
    told = text(run, signs_of(run, dead=0.7))
    assert told.startswith("layers 2 and 4: 70 % and 70 % of the units are dead on this batch;")
    told = text(run, signs_of(run, saturated=0.95), STUCK)
    assert told.startswith("layers 6 and 8: 95 % and 95 % of the activations are saturated,")


def test_the_last_layers_own_units_may_be_dead_or_flat() -> None:
    run = going([Dense(16), ReLU(), Dense(4), Sigmoid()], loss="mse")
    signs = [v._replace(saturated=v.saturated and 1.0) for v in signs_of(run)]
    assert [v.kind for v in signs] == ["Dense", "ReLU", "Dense", "Sigmoid"]
    assert names(run, [v._replace(saturated=1.0) if v.kind == "Sigmoid" else v for v in signs], STUCK) == []


@pytest.mark.parametrize(
    ("saturated", "loss", "told"),
    [(0.89, 1.0, False), (0.91, 1.0, True), (0.91, 0.055, True), (0.91, 0.045, False), (1.0, 0.045, False)],
)
def test_saturated_units(saturated: float, loss: float, told: bool) -> None:
    run = going()
    losses = curve(*[GUESS, *[loss * GUESS] * 60])
    assert names(run, signs_of(run, saturated=saturated), losses) == ["saturated units"] * told


@pytest.mark.parametrize(("batch", "units", "told"), [(4, 16, True), (7, 9, False)])
def test_a_few_activations_say_nothing(batch: int, units: int, told: bool) -> None:
    run = going([Dense(units), Tanh(), Dense(4)], batch_size=batch, steps=21)
    assert names(run, signs_of(run, saturated=1.0), STUCK) == ["saturated units"] * told


def test_the_words_about_saturated_units() -> None:
    run = going()
    (one,) = examine(run, signs_of(run, saturated=0.947), STUCK)
    assert one.place == 4
    assert one.text.startswith("layer 4: 95 % of the tanh activations are saturated, where the curve is flat")


@pytest.mark.parametrize(
    ("into", "out_of", "told"),
    [("zeros", "zeros", True), ("constant(0.3)", "ones", True), ("zeros", "he_normal", False),
     ("he_normal", "zeros", False)],
)  # fmt: skip
def test_symmetric_units(into: str, out_of: str, told: bool) -> None:
    run = going([Dense(8, initializer=into), Tanh(), Dense(4, initializer=out_of)], steps=0)
    assert names(run, losses=curve()) == ["symmetric units"] * told


@pytest.mark.parametrize("activation", [ReLU(), Tanh(), Sigmoid()])
def test_units_that_begin_alike_stay_alike(activation: Layer) -> None:
    run = going([Dense(8, initializer="zeros"), activation, Dense(4, initializer="zeros")], steps=40)
    (one,) = examine(run, signs_of(run), STUCK)
    assert (one.name, one.place) == ("symmetric units", 1)
    value = "" if isinstance(activation, Sigmoid) else " (0)"
    assert one.text.startswith(f"layer 1 (Dense): its 8 units all have the same weights{value}, so they get")


def test_units_of_which_one_differs_are_not_symmetric() -> None:
    run = going([Dense(8, initializer="ones"), Tanh(), Dense(4, initializer="ones")], steps=0)
    run.network.parameters["1.W"][3, 5] += 1e-3
    assert names(run, losses=curve()) == []
    run.network.parameters["1.W"][3, 5] = 1 + 1e-6  # rounded otherwise
    assert names(run, losses=curve()) == ["symmetric units"]


def test_one_unit_or_none_has_nothing_to_be_like() -> None:
    assert names(going([Dense(1, initializer="zeros"), Tanh(), Dense(4, initializer="zeros")], steps=0)) == []
    assert names(going([Dense(4, initializer="zeros")], steps=0)) == []


# ---- gradients


def spread(largest: float) -> Histogram:
    return Histogram(-largest, largest / 2, np.ones(40, np.intp))


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [(0.0009, 1.0, True), (0.0011, 1.0, False), (0.0, 1.0, True), (0.0, 0.0, False), (9e-9, 1e-5, True)],
)
def test_a_vanishing_gradient(first: float, last: float, told: bool) -> None:
    run = going()
    signs = signs_of(run)
    signs[0] = signs[0]._replace(gradients=spread(first))
    signs[-1] = signs[-1]._replace(gradients=spread(last))
    assert names(run, signs) == ["vanishing gradient"] * told


def test_the_words_about_a_vanishing_gradient() -> None:
    run = going([Dense(8), Sigmoid(), Dense(8), Sigmoid(), Dense(4)])
    signs = signs_of(run)
    signs[0], signs[-1] = signs[0]._replace(gradients=spread(1e-6)), signs[-1]._replace(gradients=spread(2.0))
    (one,) = examine(run, signs, FALLING)
    assert one.place == 1
    assert one.text.startswith(
        "the gradient of layer 1 (Dense) is 2,000,000 times smaller than that of layer 5 (Dense): it shrinks"
        " on the way down through each sigmoid;"
    )


@pytest.mark.parametrize("why", [{"dead": 0.95}, {"saturated": 0.95}])
def test_a_gradient_that_is_stopped_by_units_does_not_vanish(why: dict[str, float]) -> None:
    run = going()
    signs = signs_of(run, **why)
    signs[0] = signs[0]._replace(gradients=spread(0.0))
    assert "vanishing gradient" not in names(run, signs)


# ---- sizes


@pytest.mark.parametrize(("size", "told"), [(9.9, False), (10.1, True)])
def test_unscaled_inputs(size: float, told: bool) -> None:
    run = going()
    inputs = run.flow.activations[0]
    inputs[...] = np.where(np.arange(inputs.size).reshape(inputs.shape) % 2, size, -size)
    assert names(run) == ["unscaled inputs"] * told
    if told:
        assert text(run).startswith("the inputs reach 10.1 (root mean square 10.1), where first weights")


@pytest.mark.parametrize(
    ("first", "recent", "told"),
    [(9.9, 2.0, False), (10.1, 2.0, True), (10.1, 1.05, True), (10.1, 0.95, False)],
)
def test_first_weights_too_large(first: float, recent: float, told: bool) -> None:
    run = going()
    losses = curve(first * GUESS, *[recent * GUESS] * 30)
    assert names(run, losses=losses) == ["first weights too large"] * told
    if told:
        assert text(run, losses=losses).startswith("the first loss was 14, where guessing costs 1.39: the")


LINE = Dataset.from_arrays(RANDOM.normal(size=(64, 6)), RANDOM.permutation(np.repeat([-1.0, 1.0], 32)))


@pytest.mark.parametrize(("answers", "told"), [(5.0, True), (0.5, False)])
def test_values_that_are_large_themselves_are_not_large_answers(answers: float, told: bool) -> None:
    run = going([Dense(8), ReLU(), Dense(1)], LINE)
    run.flow.output[...] = answers
    assert names(run, losses=curve(*[25.0] * 30)) == ["first weights too large"] * told


@pytest.mark.parametrize(("share", "told"), [(2.9, False), (3.1, True)])
@pytest.mark.parametrize("name", ["l1", "l2"])
def test_a_penalty_that_is_more_than_the_loss(name: str, share: float, told: bool) -> None:
    run = going()
    weights = run.network.parameters.vector[run.network.weights]
    one = float(np.abs(weights).sum() if name == "l1" else np.square(weights).sum() / 2)
    run.change(**{name: share * GUESS / one})
    assert names(run, losses=STUCK) == ["penalty too strong"] * told
    assert names(run, losses=FALLING) == []


@pytest.mark.parametrize(
    ("gain", "apart", "settings", "told"),
    [
        (0.29, 0.14, {"l2": 1e-6}, True), (0.29, 0.14, {"l1": 1e-6}, True), (0.29, 0.14, {}, False),
        (0.31, 0.14, {"l2": 1e-6}, False), (0.29, 0.16, {"l2": 1e-6}, False),
        (0.29, 0.14, {"weight_decay": 1e-6}, True),
    ],
)  # fmt: skip
def test_weights_that_a_penalty_has_pulled_to_0(
    gain: float, apart: float, settings: dict[str, float], told: bool
) -> None:
    run = going(**settings)
    for matrix in run.network.matrices:
        matrix[...] = np.where(np.arange(matrix.size).reshape(matrix.shape) % 3, 1, -1)
        matrix *= gain / math.sqrt(len(matrix))
    run.flow.output[...] = apart * (-1.0) ** np.arange(len(run.batch))[:, None]
    assert names(run, losses=STUCK) == ["penalty too strong"] * told
    assert names(run, losses=FALLING) == []


def test_the_words_about_a_penalty() -> None:
    run = going(l2=1.0, weight_decay=0.25, steps=1)
    assert text(run, losses=STUCK).endswith(
        "the loss of the data 1.39: the weights are pulled to 0 before the data can teach them anything;"
        " a smaller L2 (it is 1) and weight decay (it is 0.25) usually helps"
    )


def test_a_penalty_that_grew_with_overshooting_weights_is_not_the_cause() -> None:
    run = going(l2=0.01)
    run.network.parameters.vector[...] *= 1e6
    assert names(run, losses=curve(GUESS, *[50 * GUESS] * 30)) == ["learning rate too high"]


# ---- steps


@pytest.mark.parametrize(
    ("high", "recent", "told"), [(2.9, 0.9, False), (3.2, 0.9, True), (3.2, 0.51, True), (3.2, 0.49, False)]
)
def test_a_loss_that_shot_up(high: float, recent: float, told: bool) -> None:
    losses = curve(GUESS, *[high * GUESS] * 5, *[recent * GUESS] * 60)
    assert names(going(), losses=losses) == ["learning rate too high"] * told
    short = curve(GUESS, 3 * high * GUESS, *[recent * GUESS] * 60)
    assert names(going(), losses=short) == []  # one point of five
    began_higher = curve(1.2 * high * GUESS / 3, *[high * GUESS] * 5, *[recent * GUESS] * 60)
    assert names(going(), losses=began_higher) == []


@pytest.mark.parametrize(("points", "told"), [(7, False), (8, True)])
def test_a_loss_of_values_has_to_stay_up_longer(points: int, told: bool) -> None:
    run = going([Dense(8), ReLU(), Dense(1)], LINE)
    losses = curve(1.0, *[40.0] * points, *[0.9] * 60)
    assert names(run, losses=losses) == ["learning rate too high"] * told


@pytest.mark.parametrize(
    ("best", "recent", "dropout", "told"),
    [(0.09, 0.55, 0.0, True), (0.11, 0.55, 0.0, False), (0.09, 0.45, 0.0, False), (0.09, 0.55, 0.49, True),
     (0.09, 0.55, 0.51, False)],
)  # fmt: skip
def test_a_loss_that_came_back_up(best: float, recent: float, dropout: float, told: bool) -> None:
    run = going([Dense(16), Tanh(), Dropout(0.0), Dense(4)], dropout=dropout)
    losses = curve(*np.linspace(GUESS, best * GUESS, 40), *[best * GUESS] * 50, *[recent * GUESS] * 60)
    assert names(run, losses=losses) == ["learning rate too high"] * told
    if told:
        assert text(run, losses=losses).startswith("the loss was 0.125 at best, where it is 0.762 now and")
        lucky = curve(*np.linspace(GUESS, GUESS, 40), *[best * GUESS] * 45, *[recent * GUESS] * 60)
        assert names(run, losses=lucky) == []


@pytest.mark.parametrize(
    ("ratio", "steps", "loss", "told"),
    [(0.55, 20, 0.6, True), (0.45, 20, 0.6, False), (0.55, 19, 0.6, False), (0.55, 20, 0.4, False)],
)
def test_weights_that_each_step_rewrites(ratio: float, steps: int, loss: float, told: bool) -> None:
    run = going(steps=steps)
    losses = curve(*[loss * GUESS] * 60)
    assert names(run, signs_of(run, ratio=ratio), losses) == ["learning rate too high"] * told
    if told:
        assert text(run, signs_of(run, ratio=ratio), losses) == (
            "one step changes the weights of a layer by 55 %: the steps overshoot; a learning rate ten times"
            " smaller (it is 0.05) usually helps"
        )


def test_a_run_that_diverged() -> None:
    run = going([Dense(8), ReLU(), Dense(1)], LINE, learning_rate=1e6, steps=0)
    events = list(run)
    assert isinstance(events[-1], End)
    assert events[-1].reason == "diverged"
    losses = curve(*[event.loss for event in events if isinstance(event, Step)])
    (one,) = examine(run, signs_of(run), losses)
    assert (one.name, one.place) == ("learning rate too high", None)
    assert one.text.startswith(f"the loss is not finite after step {run.step}: the steps overshoot;")
    assert one.text.endswith("ten times smaller (it is 1,000,000) usually helps")


@pytest.mark.parametrize(
    ("ratio", "loss", "rate", "steps", "told"),
    [
        (2.9e-5, 1.0, 0.05, 20, True), (3.1e-5, 1.0, 0.05, 20, False), (2.9e-5, 0.78, 0.05, 20, False),
        (2.9e-5, 0.82, 0.05, 20, True), (2.9e-5, 1.0, 0.05, 19, False),
        (2.9e-6, 1.0, 0.005, 20, True), (3.1e-6, 1.0, 0.005, 20, False),  # a tenth of the schedule's height
        (0.0, 1.0, 0.05, 20, True), (2.9e-7, 1.0, 0.00051, 20, True), (2.9e-7, 1.0, 0.00049, 20, False),
    ],
)  # fmt: skip
def test_a_learning_rate_that_is_too_low(
    ratio: float, loss: float, rate: float, steps: int, told: bool
) -> None:
    run = going(steps=steps)
    assert run.total_steps == 200
    losses = curve(*[loss * GUESS] * 60, rate=rate)
    losses[0, 1] = 1.01 * GUESS
    assert names(run, signs_of(run, ratio=ratio), losses) == ["learning rate too low"] * told


def test_a_long_run_goes_further() -> None:
    run = going(epochs=1000)
    assert run.total_steps == 2000
    assert names(run, signs_of(run, ratio=1.4e-5), STUCK) == ["learning rate too low"]
    assert names(run, signs_of(run, ratio=1.6e-5), STUCK) == []


def test_the_words_about_a_learning_rate_that_is_too_low() -> None:
    run = going(learning_rate=1e-6)
    assert text(run, signs_of(run, ratio=2e-6), curve(*[GUESS] * 60, rate=1e-6)) == (
        "one step changes the weights by 0.0002 %, so that 1,000 steps change them by at most 0.2 %; a"
        " learning rate 1,000 times larger (it is 0.000001), or more, usually helps"
    )


# ---- causes before what they bring with them


@pytest.mark.parametrize(
    ("cause", "consequences"),
    [
        ("unscaled", {"dead": 1.0, "saturated": 1.0, "ratio": 0.0}),
        ("symmetric", {"dead": 1.0, "saturated": 1.0, "ratio": 0.0}),
        ("penalty", {"dead": 1.0, "ratio": 0.9}),
    ],
)
def test_only_the_cause_is_told(cause: str, consequences: dict[str, float]) -> None:
    layers = [Dense(16), ReLU(), Dense(16), Tanh(), Dense(4)]
    if cause == "symmetric":
        layers = [Dense(16, initializer="zeros"), ReLU(), Dense(16), Tanh(), Dense(4)]
        for layer in layers:
            if isinstance(layer, Dense):
                layer.initializer = "zeros"
    run = going(layers, l2=10.0 if cause == "penalty" else 0.0)
    if cause == "unscaled":
        run.flow.activations[0][...] = 100
    (one,) = names(run, signs_of(run, **consequences), STUCK)
    assert one.startswith(cause)


def test_what_has_causes_of_its_own_is_told_beside() -> None:
    run = going()
    both = names(run, signs_of(run, dead=1.0), curve(GUESS, *[100 * GUESS] * 30))
    assert both == ["learning rate too high", "dead units"]


# ---- robustness


def test_examining_changes_nothing_and_says_the_same_again() -> None:
    run = going(l2=1.0)
    kept = [run.network.parameters.vector, run.network.gradients.vector, STUCK, *run.flow.activations]
    before, signs = [array.copy() for array in kept], signs_of(run, dead=0.7)
    assert examine(run, signs, STUCK) == examine(run, signs, STUCK) != []
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(kept, before))


@pytest.mark.parametrize("when", ["before", "another batch", "restored", "ended"])
def test_a_run_at_any_moment(when: str) -> None:
    run = going(steps=0 if when == "before" else 20, epochs=10 if when == "ended" else 100)
    if when == "another batch":
        run.change(batch_size=16)
    if when == "restored":
        run.restore(run.capture())
    if when == "ended":
        *_, end = run
        assert isinstance(end, End)
    for signs in ([], signs_of(run)):
        assert examine(run, signs, FALLING if when != "before" else curve()) == []


@given(
    arrays.arrays(np.float32, st.tuples(st.integers(0, 60), st.just(4)), elements=st.floats(width=32)),
    st.sampled_from([None, 0.0, 0.5, 1.0, math.nan, math.inf]),
    st.sampled_from([None, 0.0, 1e-9, 0.3, 1e9]),
    st.booleans(),
)
def test_no_numbers_make_it_stumble(
    points: np.ndarray, share: float | None, ratio: float | None, spoilt: bool
) -> None:
    run = going(l2=0.1)
    if spoilt:
        run.network.parameters.vector[...] = np.nan
        for array in run.flow.activations:
            array[...] = np.inf
    signs = [v._replace(dead=share, saturated=share, ratio=ratio) for v in signs_of(run)]
    for one in examine(run, signs, points):
        assert isinstance(one, Finding)
        assert "\n" not in one.text
        assert one.place is None or 1 <= one.place <= 5


def test_the_loss_of_a_guess() -> None:
    def guess(data: Dataset, layers: list[Layer], loss: str) -> float:
        return Signs(going(layers, data, loss=loss, steps=0), [], curve()).guess

    rare = Dataset.from_arrays(np.zeros((8, 2)), np.array([0, 0, 0, 0, 0, 0, 0, 1]))
    p = 1 / 8
    entropy = -p * math.log(p) - (1 - p) * math.log(1 - p)
    assert guess(rare, [Dense(2)], "cross_entropy") == pytest.approx(entropy)
    assert guess(rare, [Dense(1)], "binary_cross_entropy") == pytest.approx(entropy)
    assert guess(rare, [Dense(1)], "mse") == pytest.approx(p * (1 - p))
    assert guess(FOUR, [Dense(4)], "binary_cross_entropy") == pytest.approx(
        -0.25 * math.log(0.25) - 0.75 * math.log(0.75)
    )
    values = Dataset.from_arrays(
        np.zeros((8, 2)), np.arange(8.0)[:, None] * [1, 10], target_scaling=Scaling(3.5, np.array([2.0, 0.1]))
    )
    assert guess(values, [Dense(2)], "mse") == pytest.approx(5.25 * (4 + 1) / 2)
    one_class = Dataset.from_arrays(np.zeros((8, 2)), np.zeros(8, int))
    assert math.isnan(guess(one_class, [Dense(2)], "cross_entropy"))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"), (2.302585, "2.3"), (1.386, "1.39"), (0.0123456, "0.0123"), (1e-6, "0.000001"),
        (12345.6, "12,300"), (999.96, "1,000"), (100, "100"), (1e30, "1e+30"), (3e-12, "3e-12"),
        (-4.56, "-4.56"), (math.inf, "inf"), (math.nan, "nan"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_one_writes_them(value: float, written: str) -> None:
    assert number(value) == written


def test_shares_are_written_in_percent() -> None:
    assert [percent(share) for share in (0.613, 0.000_002, 1.2, 12.0)] == [
        "61.3 %", "0.0002 %", "120 %", "1,200 %",
    ]  # fmt: skip
