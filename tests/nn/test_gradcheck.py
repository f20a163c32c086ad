"""The gradient checker finds what is wrong, names it, and leaves everything as it was."""

import math
import re
from typing import Any

import numpy as np
import pytest

from glassnet.nn import (
    BatchNorm,
    CrossEntropy,
    Dense,
    Dropout,
    Layer,
    MeanSquaredError,
    Network,
    ReLU,
    Scaling,
    Softmax,
    Tanh,
)
from glassnet.nn.gradcheck import Report, Row, check_layer, check_loss, check_network
from glassnet.nn.gradcheck.comparison import Settings, Subject, compare, rms
from glassnet.nn.layer import Parameter
from glassnet.nn.losses import Loss
from nn import wrong
from nn.table import refused

RNG = np.random.default_rng
ways = pytest.mark.parametrize("entries", [True, False], ids=["entries", "directions"])
BELOW = ["below.W", "below.b", "below.x"]


def wrong_layer(kind: type[Layer]) -> tuple[Layer, list[str]]:
    options, arrays = wrong.LAYERS[kind]
    return kind(**options), arrays


# ---- planted mistakes


@ways
@pytest.mark.parametrize("kind", wrong.LAYERS, ids=lambda kind: kind.__name__)
def test_a_wrong_layer_is_caught_and_the_array_named(kind: type[Layer], entries: bool) -> None:
    layer, arrays = wrong_layer(kind)
    report = check_layer(layer, 4, entries=entries)
    assert not report.ok
    # What is wrong about x is wrong about what is below it, too. (A bias below a BatchNorm has no gradient.)
    below = [name for name in report.wrong if name in BELOW]
    assert report.wrong == arrays + below, report
    assert ("below.W" in below) == ("below.x" in below) == (arrays == ["x"])
    assert report.faults == []
    assert report.worst is not None
    assert report.worst.array == arrays[0]
    assert report.worst.index is not None  # also where it was found along a direction
    assert not report.worst.error <= 1e-4


@ways
def test_the_worst_entry_is_the_one_that_is_wrong(entries: bool) -> None:
    report = check_layer(wrong.OneWrongWeight(3), 4, entries=entries)
    worst = report.worst
    assert worst is not None
    assert (worst.array, worst.index) == ("W", (1, 2))
    assert worst.analytic - worst.numeric == pytest.approx(1e-3, rel=1e-5)
    assert worst.uncertainty < 1e-8
    assert f"W[1, 2]: backward {worst.analytic:.10g}, differences {worst.numeric:.10g} ± " in str(report)


@ways
@pytest.mark.parametrize("shape", [(2, 3), (2, 2, 3)], ids=str)
@pytest.mark.parametrize(
    "kind", [wrong.Ungated, wrong.ForgottenMask, wrong.MeanAsConstant, wrong.DiagonalOnly]
)
def test_a_wrong_input_gradient_on_images_is_seen_below(
    kind: type[Layer], shape: tuple[int, ...], entries: bool
) -> None:
    assert check_layer(wrong_layer(kind)[0], shape, entries=entries).wrong == ["x", "below.x"]


@pytest.mark.parametrize("kind", wrong.LAYERS, ids=lambda kind: kind.__name__)
def test_a_wrong_layer_inside_a_network_is_caught(kind: type[Layer]) -> None:
    layer, arrays = wrong_layer(kind)
    network = Network([Dense(4), Tanh(), layer, Dense(2)], 3, loss="mse", dtype="float32")
    report = check_network(network, RNG(0).normal(size=(6, 3)), RNG(1).normal(size=(6, 2)))
    below = ["1.W", "1.b", "x"]
    expected = below if arrays == ["x"] else [f"3.{name}" for name in arrays]
    assert sorted(report.wrong) == sorted(expected)


@ways
@pytest.mark.parametrize("loss", wrong.LOSSES, ids=lambda loss: type(loss).__name__)
def test_a_wrong_loss_is_caught(loss: Loss, entries: bool) -> None:
    report = check_loss(loss, entries=entries)
    assert report.wrong == ["z", *BELOW]
    assert report.worst is not None
    assert report.worst.array == "z"


def test_without_nudging_fresh_gains_hide_that_one_is_forgotten() -> None:
    layers = [Dense(4), wrong.ForgottenGain()]
    x = RNG(0).normal(size=(6, 3))
    assert check_network(Network(layers, 3), x, nudge=0).ok
    assert not check_network(Network([Dense(4), wrong.ForgottenGain()], 3), x).ok


# ---- faults that differences do not see


class WritesToX(ReLU):
    def forward(self, x: Any, y: Any, memory: Any) -> None:
        np.maximum(x, 0, out=x)
        np.copyto(y, x)


class WritesToDy(ReLU):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        dy *= y > 0
        np.copyto(dx, dy)


class WritesToY(ReLU):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        y.fill(0)


class ChangesItsWeights(Dense):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        self.W -= 0.1 * self.dW


class KeepsTheInput(Dense):
    """Right, until another batch goes through between forward and backward."""

    def forward(self, x: Any, y: Any, memory: Any) -> None:
        self.x = x
        super().forward(x, y, memory)

    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(self.x, y, memory, dy, dx)


class NeedsDx(Dense):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        dx *= 1.0


class OtherWithoutDx(Dense):
    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(x, y, memory, dy, dx)
        if dx is None:
            self.db /= 2


@pytest.mark.parametrize(
    ("layer", "fault"),
    [
        (WritesToX(), "WritesToX: forward writes to x, which is lent"),
        (WritesToDy(), "WritesToDy: backward writes to dy, which is lent"),
        (WritesToY(), "WritesToY: backward writes to y, which is lent"),
        (
            ChangesItsWeights(3),
            "ChangesItsWeights: backward changes parameters, the optimizer's part",
        ),
        (
            KeepsTheInput(3),
            "KeepsTheInput: backward uses what another batch has changed; keep it in memory",
        ),
        (
            NeedsDx(3),
            "NeedsDx: backward fails where dx is None, as in a first layer:"
            " unsupported operand type(s) for *=: 'NoneType' and 'float'",
        ),
        (
            OtherWithoutDx(3),
            "OtherWithoutDx: backward gives other gradients where dx is None, as in a first layer",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_faults_of_layers(layer: Layer, fault: str) -> None:
    report = check_layer(layer, 4)
    assert not report.ok
    assert list(report.faults) == [fault]
    assert f"\n  {fault}\n" in str(report)
    assert ": WRONG, " in str(report)


def test_how_a_fault_was_found_leaves_no_trace_in_the_gradients() -> None:
    report = check_layer(OtherWithoutDx(3), 4)
    assert report.faults
    assert report.wrong == []


def test_a_fault_in_a_network_names_the_place() -> None:
    network = Network([Dense(4), Tanh(), KeepsTheInput(3), KeepsTheInput(2)], 5)
    (fault,) = check_network(network, RNG(0).normal(size=(6, 5))).faults
    assert fault.startswith("KeepsTheInput 4: ")  # the first on the way back; below it all differs


class OtherWithGradient(MeanSquaredError):
    def __call__(self, z: Any, targets: Any, dz: Any = None, divisor: Any = None) -> Any:
        return super().__call__(z, targets, dz, divisor) + (dz is not None)


class WritesToZ(MeanSquaredError):
    def __call__(self, z: Any, targets: Any, dz: Any = None, divisor: Any = None) -> Any:
        value = super().__call__(z, targets, dz, divisor)
        z += 1
        return value


def test_faults_of_losses() -> None:
    assert check_loss(OtherWithGradient()).faults == ["mse: not the same with dz as without"]
    assert "mse: writes to z, which is lent" in check_loss(WritesToZ()).faults


class DrawsElsewhere(Dropout):
    generator = RNG(0)

    def forward(self, x: Any, y: Any, memory: Any) -> None:
        np.multiply(x, self.generator.random(x.shape), out=y)


class FilledOnce(Dense):
    """Keeps the first batch that it meets for ever."""

    def forward(self, x: Any, y: Any, memory: Any) -> None:
        self.x = getattr(self, "x", x.copy())
        super().forward(x, y, memory)

    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        super().backward(self.x, y, memory, dy, dx)


def test_a_cache_that_is_filled_only_once_is_stale() -> None:
    assert check_layer(FilledOnce(3), 4).wrong == ["W"]
    assert check_layer(FilledOnce(3), 4, batch_size=1).wrong == ["W"]


class Overflows(Tanh):
    def forward(self, x: Any, y: Any, memory: Any) -> None:
        y.fill(np.inf)


class ReturnsY(Tanh):
    def forward(self, x: Any, y: Any, memory: Any) -> Any:
        return np.tanh(x)


def test_what_cannot_be_checked_is_said_in_one_line() -> None:
    with refused(
        "gradient check: expected the same output for the same input and random numbers, got another"
    ):
        check_layer(DrawsElsewhere(), 4)
    with refused("gradient check: Overflows: expected finite outputs, got NaN or infinity"):
        check_layer(Overflows(), 4)
    with refused(
        "gradient check: ReturnsY: expected finite outputs, got NaN or infinity (y is what to write"
    ):
        check_layer(ReturnsY(), 4)
    network = Network([Dense(2), Overflows()], 3, loss="mse")
    with refused("gradient check: Overflows 2: expected finite outputs, got NaN or infinity"):
        check_network(network, np.ones((2, 3)))
    with refused("gradient check: expected finite inputs, got NaN or infinity"):
        check_network(network, np.full((2, 3), np.nan))
    with refused("gradient check: expected a finite loss, got nan"):
        check_network(Network([Dense(2)], 3, loss="mse"), np.ones((2, 3)), np.full((2, 2), np.nan))


# ---- kinks


def test_a_kink_at_the_point_itself_is_skipped_and_counted() -> None:
    network = Network([ReLU()], 4)
    x = np.array([[0.0, 1.0, -1.0, 2.0]])
    report = check_network(network, x, entries=True)
    assert (report.checked, report.skipped) == (3, 1)
    assert report.ok
    assert "3 slopes checked, 1 skipped at kinks or in rounding" in str(report)


def test_a_kink_nearby_is_avoided() -> None:
    x = np.array([[3e-5, 1.0, -4e-6, 2.0]])
    report = check_network(Network([ReLU()], 4), x, entries=True)
    assert (report.checked, report.skipped, report.ok) == (4, 0, True)


@ways
def test_what_could_not_be_checked_at_all_is_not_right(entries: bool) -> None:
    report = check_network(Network([ReLU()], 4), np.zeros((1, 4)), entries=entries)
    assert not report.ok
    assert (report.wrong, report.checked, report.worst) == (["x"], 0, None)
    assert report.skipped == (4 if entries else 12)
    assert re.search(r"  x +0 +\d+ +-  not checked$", str(report))
    assert ": not proven, 0 slopes checked, " in str(report)


def test_directions_that_meet_a_kink_are_replaced() -> None:
    """A wide ReLU has kinks everywhere; shorter steps get by them."""
    network = Network([Dense(500), ReLU(), Dense(3)], 20, loss="cross_entropy")
    report = check_network(network, RNG(0).normal(size=(40, 20)), np.arange(40) % 3, directions=5)
    assert report.ok, report
    assert [row.checked for row in report.rows] == [5] * 5


# ---- very large and very small numbers


@pytest.mark.parametrize("size", [1e-6, 1e-3, 1e4, 1e9])
def test_examples_of_any_size(size: float) -> None:
    x, targets = size * RNG(0).normal(size=(6, 4)), RNG(1).normal(size=(6, 3))
    right = Network([Dense(5), ReLU(), Dense(3)], 4, loss="mse")
    assert check_network(right, x, targets).ok
    half = Network([wrong.HalfWeights(5), ReLU(), Dense(3)], 4, loss="mse")
    assert check_network(half, x, targets).wrong == ["1.W"]


@pytest.mark.parametrize("size", [1e3, 1e6, 1e9, 1e12])
def test_where_rounding_drowns_the_slopes_nothing_is_called_right(size: float) -> None:
    """Targets of 1e12 make a loss of 1e24, in which a step of the weights is lost."""
    x, targets = RNG(0).normal(size=(6, 4)), size * RNG(1).normal(size=(6, 3))
    right = Network([Dense(5), Tanh(), Dense(3)], 4, loss="mse")
    report = check_network(right, x, targets)
    assert all(row.right or row.worst is None for row in report.rows)
    assert (report.skipped == 0) == report.ok == (size < 1e9)
    for layer in (wrong.HalfWeights(5), wrong.ZeroWeights(5)):
        report = check_network(Network([layer, Tanh(), Dense(3)], 4, loss="mse"), x, targets)
        assert "1.W" in report.wrong


class InFloat32(Dense):
    def forward(self, x: Any, y: Any, memory: Any) -> None:
        y[...] = x.astype("float32") @ self.W.astype("float32")


class InFloat32AndHalf(wrong.HalfWeights, InFloat32):
    pass


def test_a_layer_that_rounds_to_float32_still_shows_its_mistakes() -> None:
    assert check_layer(InFloat32(3, bias=False), 4).ok
    assert check_layer(InFloat32AndHalf(3, bias=False), 4).wrong == ["W"]


def test_a_confident_network() -> None:
    """Its loss of 1e-8 is the logarithm of nearly 1, and known to 1e-16 only."""
    network = Network([Dense(3)], 2, loss="cross_entropy")
    network.parameters["1.W"][...] = [[9, 0, 0], [0, 9, 0]]
    x = 2 * np.eye(2) + 0.1
    for entries in (True, False):
        assert check_network(network, x, [0, 1], entries=entries).ok


def test_gradients_whose_squares_overflow() -> None:
    assert rms(np.array([3e200, -4e200])) == pytest.approx(math.sqrt(12.5) * 1e200)
    assert [rms(np.array([0.0])), rms(np.array([math.inf]))] == [0, math.inf]


def test_the_wrong_entry_of_a_large_array_is_found() -> None:
    worst = check_layer(wrong.OneWrongWeight(100), 200).worst
    assert worst is not None
    assert (worst.array, worst.index) == ("W", (1, 2))


# ---- what is given is not changed


def frozen(network: Network) -> list[Any]:
    vectors = network.parameters.vector, network.gradients.vector, network.state.vector
    return [*(v.copy() for v in vectors), network.flow, network.training_now, str(network.config())]


def test_a_network_is_checked_through_a_twin() -> None:
    network = Network([Dense(4), BatchNorm(), Dropout(0.3), Dense(3)], 5, loss="cross_entropy")
    network.forward(np.ones((2, 5)), training=True, generator=RNG(0))
    before = frozen(network)
    x, labels = RNG(0).normal(size=(6, 5)).astype("float32"), np.arange(6) % 3
    kept = x.copy(), labels.copy()
    assert check_network(network, x, labels).ok
    assert check_network(network, x).ok
    for array, was in zip([*frozen(network)[:3], x, labels], [*before[:3], *kept]):
        np.testing.assert_array_equal(array, was)
    assert frozen(network)[3:] == before[3:]


@ways
def test_a_float32_network_is_held_to_float64(entries: bool) -> None:
    network = Network([Dense(4), Tanh(), Dense(3)], 5, dtype="float32")
    report = check_network(network, RNG(0).normal(size=(6, 5)), entries=entries, tolerance=1e-7)
    assert report.ok, report
    assert report.worst is not None
    assert report.worst.error < 1e-8


def test_a_layer_of_a_network_is_checked_with_its_own_parameters() -> None:
    network = Network([Dense(4), BatchNorm(), Dense(3)], 5)
    network.parameters["2.gamma"][...] = [5, 6, 7, 8]
    network.state["2.running_mean"][...] = 1e3
    before = frozen(network)
    seen = {}

    class Watched(BatchNorm):
        def forward(self, x: Any, y: Any, memory: Any) -> None:
            seen.setdefault("gamma", self.gamma.copy())
            seen.setdefault("mean", self.running_mean.copy())
            super().forward(x, y, memory)

    watched = Network([Dense(4), Watched(), Dense(3)], 5)
    watched.parameters.vector[...] = network.parameters.vector
    watched.state.vector[...] = network.state.vector
    assert check_layer(watched.layers[1], nudge=0).ok
    np.testing.assert_array_equal(seen["gamma"], [5, 6, 7, 8])
    np.testing.assert_array_equal(seen["mean"], 1e3)
    assert check_layer(network.layers[1]).ok
    for array, was in zip(frozen(network)[:3], before[:3]):
        np.testing.assert_array_equal(array, was)
    assert network.layers[1].gamma is network.parameters["2.gamma"]


def test_a_new_layer_stays_new() -> None:
    layer = Dense(3)
    assert check_layer(layer, 4).ok
    assert not hasattr(layer, "W")
    Network([layer], 4)  # and can still be put into a network


class Scaled(Layer):
    """y = s ∘ x, of a constructor that lists no options: only a copy can make it again."""

    def __init__(self, start: float) -> None:
        self.start = start

    def parameters(self) -> dict[str, Any]:
        return {"s": Parameter(self.input_shape, "ones")}

    def forward(self, x: Any, y: Any, memory: Any) -> None:
        np.multiply(x, self.s, out=y)

    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        np.add.reduce(dy * x, axis=0, out=self.ds)
        if dx is not None:
            np.multiply(dy, self.s, out=dx)


def test_a_layer_of_ones_own() -> None:
    report = check_layer(Scaled(2.0), (2, 3), entries=True)
    assert report.ok, report
    assert [row.array for row in report.rows] == ["s", "x", "below.x"]
    assert check_layer(Scaled(2.0), (2, 3)) == check_layer(Scaled(2.0), (2, 3))


class Centered(Layer):
    """y = x − m, with the running mean m as it was before the batch."""

    def state(self) -> dict[str, Parameter]:
        return {"m": Parameter(self.input_shape, "zeros")}

    def forward(self, x: Any, y: Any, memory: Any) -> None:
        np.subtract(x, self.m, out=y)
        if memory.training:
            self.m += 0.5 * (x.mean(axis=0) - self.m)

    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        np.copyto(dx, dy)


class TimesItsMean(Centered):
    """y = x ∘ m, with the running mean m as the batch has moved it; backward reads it again."""

    def forward(self, x: Any, y: Any, memory: Any) -> None:
        self.m += 0.5 * (x.mean(axis=0) - self.m)
        np.multiply(x, self.m, out=y)

    def backward(self, x: Any, y: Any, memory: Any, dy: Any, dx: Any) -> None:
        np.multiply(dy, self.m, out=dx)
        dx += 0.5 / len(x) * (dy * x).sum(axis=0)


@pytest.mark.parametrize("layer", [Centered(), TimesItsMean()], ids=lambda layer: layer.kind)
def test_running_statistics_stand_still(layer: Layer) -> None:
    report = check_layer(layer, 4, entries=True)
    assert report.ok, report


# ---- losses and targets


def test_targets_are_those_of_training() -> None:
    """In the units of the target scaling, so that the loss is the one that training sees."""
    network = Network(
        [Dense(2)], 3, loss="mse", target_scaling=Scaling(100.0, 0.01), scaling=Scaling(3.0, 2.0)
    )
    x, targets = RNG(0).normal(size=(5, 3)), RNG(1).normal(100, 100, size=(5, 2))
    report = check_network(network, x, targets, entries=True, nudge=0)
    assert report.ok, report
    twin = network.copy("float64")
    dz = 2 * (twin.forward(x) - (targets - 100) / 100) / 10
    twin.backward(dz)
    (row,) = [row for row in report.rows if row.array == "1.W"]
    assert row.worst is not None
    assert row.worst.analytic == pytest.approx(twin.gradients["1.W"][row.worst.index], rel=1e-12)


def test_a_final_softmax_is_left_to_its_loss_as_in_training() -> None:
    network = Network([Dense(3), Softmax()], 4, loss="cross_entropy", dtype="float64")
    x, labels = RNG(0).normal(size=(5, 4)), np.arange(5) % 3
    (row,) = [
        row for row in check_network(network, x, labels, nudge=0, entries=True).rows if row.array == "1.b"
    ]
    assert row.worst is not None
    assert row.worst.index is not None
    expected = (network.predict_proba(x) - np.eye(3)[labels]).mean(axis=0)
    assert row.worst.analytic == pytest.approx(expected[row.worst.index], rel=1e-12)


@pytest.mark.parametrize("outputs", [1, 2, 5])
@pytest.mark.parametrize("loss", ["binary_cross_entropy", "mse", "cross_entropy"])
def test_a_loss_by_its_name_with_outputs_of_any_number(loss: str, outputs: int) -> None:
    z = RNG(0).normal(size=(3, outputs))
    if loss == "cross_entropy" and outputs == 1:
        with refused("cross_entropy: expected one output for each class, got 1 output"):
            check_loss(loss, z=z)
    else:
        assert check_loss(loss, z=z, entries=True).ok
    assert check_loss(loss).ok


# ---- the report and the arguments


def test_the_report_tells_all() -> None:
    report = check_layer(Dense(3), 4)
    assert isinstance(report, Report)
    assert report.subject == "Dense(units=3, bias=True, initializer='he_normal')"
    assert [row.array for row in report.rows] == ["W", "b", "x", *BELOW]
    assert report.checked == sum(row.checked for row in report.rows) == 18
    lines = str(report).split("\n")
    assert lines[0] == f"{report.subject}: right, 18 slopes checked, 0 skipped at kinks or in rounding"
    assert [line.split()[0] for line in lines[1:]] == ["gradient", "W", "b", "x", *BELOW, "worst:"]
    assert "WRONG" not in str(report)
    lines = str(check_layer(wrong.MeanBias(3), 4)).split("\n")
    assert lines[0].startswith("MeanBias(units=3, bias=True, initializer='he_normal'): WRONG, ")
    assert [line.split()[0] for line in lines if line.endswith("  WRONG")] == ["b"]
    assert lines[-1].startswith("  worst: b[")
    unwritten = str(check_layer(wrong.ForgottenBias(3), 4))
    assert "b[0]: backward nan (not written, or added to what was there), differences " in unwritten


def test_entries_and_directions_are_what_is_asked_for() -> None:
    rows = check_layer(Dense(3), 4, batch_size=2, entries=True).rows
    assert [row.checked for row in rows] == [12, 3, 8, 16, 4, 8]
    assert {row.checked for row in check_layer(Dense(3), 4, directions=7).rows} == {7}
    one, other = (check_layer(Dense(3), 4, seed=seed) for seed in (1, 2))
    assert one != other


@ways
def test_small_entries_are_held_to_the_size_of_the_others(entries: bool) -> None:
    w, g = np.zeros(3), np.array([1.0, -2.0, 1e-9])
    settings = Settings(entries, 3, 1e-6, 0)

    def row(off: float) -> Row:
        gradient = g + np.array([0, 0, off])
        return compare(Subject("w", w, gradient, lambda: float(g @ w)), settings)

    assert row(1e-9).right  # though twice what it should be
    assert not row(1e-5).right
    assert not row(math.nan).right
    np.testing.assert_array_equal(w, 0)


def test_a_tolerance_decides() -> None:
    assert check_layer(wrong.WrongInput(3), 4, tolerance=0.1).ok
    assert not check_layer(wrong.WrongInput(3), 4, tolerance=1e-4).ok


NETWORK = Network([Dense(2)], 3)
EXAMPLES = np.ones((2, 3))
VALUES = np.ones((3, 4))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: check_layer(Dense, 4), "got <class 'glassnet.nn.dense.Dense'>; write Dense(…)"),
        (lambda: check_layer("relu", 4), "check_layer: expected a Layer, got 'relu'"),
        (lambda: check_layer(Dense(3)), "check_layer: expected an input_shape for Dense(units=3, "),
        (lambda: check_layer(Dense(3), (2, 3)), "Dense: expected vectors, got examples of shape (2, 3)"),
        (lambda: check_layer(Dense(3), 0), "expected an input shape of positive whole numbers, got 0"),
        (lambda: check_layer(ReLU(), 4, batch_size=0), "check_layer: expected at least one example, got 0"),
        (lambda: check_layer(ReLU(), 4, batch_size=2.5), "expected at least one example, got 2.5"),
        (lambda: check_layer(ReLU(), 4, seed=-1), "expected a seed, a whole number from 0, got -1"),
        (lambda: check_layer(ReLU(), 4, seed=None), "expected a seed, a whole number from 0, got None"),
        (lambda: check_layer(ReLU(), 4, nudge="a"), "expected a nudge of at least 0, got 'a'"),
        (lambda: check_network(NETWORK, EXAMPLES, nudge=-1), "expected a nudge of at least 0, got -1"),
        (lambda: check_layer(ReLU(), 4, directions=0), "expected at least 1 direction, got 0"),
        (lambda: check_layer(ReLU(), 4, directions=1.5), "expected at least 1 direction, got 1.5"),
        (lambda: check_layer(ReLU(), 4, tolerance=0), "expected 0 < tolerance < 1, got 0"),
        (lambda: check_layer(ReLU(), 4, tolerance="a"), "expected 0 < tolerance < 1, got 'a'"),
        (lambda: check_network([Dense(2)], np.ones((2, 3))), "check_network: expected a Network, got list"),
        (lambda: check_network(NETWORK, np.ones((2, 4))), "Network: expected input (N, 3), got (2, 4)"),
        (lambda: check_network(NETWORK, EXAMPLES[:0]), "check_network: expected at least one example, got 0"),
        (lambda: check_network(NETWORK, EXAMPLES, [0, 1]), "check_network: expected a network with a loss"),
        (lambda: check_loss("mae"), "unknown loss 'mae'"),
        (lambda: check_loss(CrossEntropy), "nn.losses.CrossEntropy'>; write CrossEntropy()"),
        (lambda: check_loss("mse", divisor=0), "check_loss: expected a divisor above 0, got 0"),
        (lambda: check_loss("mse", z=VALUES * np.nan), "check_loss: expected finite outputs, got NaN or inf"),
        (lambda: check_loss("mse", z="abc"), "check_loss: expected outputs as numbers, got an array of <U3"),
        (lambda: check_loss("mse", z=[1.0, 2.0]), "expected outputs (N, K), at least one, got (2,)"),
        (lambda: check_loss("mse", z=VALUES[:0]), "expected outputs (N, K), at least one, got (0, 4)"),
        (lambda: check_loss("mse", VALUES, VALUES[:2]), "check_loss: expected 2 targets, one an example"),
        (lambda: check_loss(CrossEntropy(), [0, 1, 7]), "labels: expected classes 0 to 2, got 0 to 7"),
        (lambda: check_loss(MeanSquaredError(), VALUES, VALUES[:, :2]), "mse: expected targets (N, 2)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_wrong_arguments(call: Any, message: str) -> None:
    with refused(message):
        call()


def test_targets_that_do_not_fit_a_network() -> None:
    network = Network([Dense(2)], 3, loss="cross_entropy")
    with refused("check_network: expected 4 targets, one an example, got (3,)"):
        check_network(network, np.ones((4, 3)), [0, 1, 0])
    with refused("check_network: expected targets as numbers, got an array of <U1"):
        check_network(network, np.ones((2, 3)), ["a", "b"])
    with refused("labels: expected classes 0 to 1, got 0 to 2"):
        check_network(network, np.ones((4, 3)), [0, 1, 2, 0])
