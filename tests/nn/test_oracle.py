"""PyTorch as the judge, in float64: layers, losses, optimizers, schedules, and whole trainings step by step.

PyTorch is imported by the fixture and not above, so that a run without these tests does not wait for it.
"""

import math
from typing import Any

import numpy as np
import pytest

from glassnet.nn import (
    GELU,
    SGD,
    Adam,
    AdamW,
    BatchNorm,
    BinaryCrossEntropy,
    Constant,
    Cosine,
    CrossEntropy,
    Dense,
    Dropout,
    Exponential,
    Flatten,
    Layer,
    LayerNorm,
    LeakyReLU,
    MeanSquaredError,
    Momentum,
    Nesterov,
    Network,
    OneCycle,
    ReLU,
    RMSProp,
    Sigmoid,
    Softmax,
    StepDecay,
    Tanh,
    Warmup,
)
from glassnet.nn.losses import Loss, one_hot
from glassnet.nn.optimizers import Optimizer
from glassnet.nn.penalties import add_penalty_gradient, clip_norm
from glassnet.nn.schedules import Schedule
from nn.table import Bench, Row, Setup, Shape, assert_same, every_layer, randomized

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def torch() -> Any:
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    return torch


def tensors(torch: Any, arrays: Any, requires_grad: bool = False) -> dict[str, Any]:
    """Copies of named arrays as tensors."""
    return {name: torch.tensor(a).requires_grad_(requires_grad) for name, a in arrays.items()}


def apply(torch: Any, layer: Layer, x: Any, own: dict[str, Any], memory: Any) -> Any:
    """What PyTorch makes of a layer: `own` are its parameters and state by their plain names."""
    functional = torch.nn.functional
    match layer:
        case Dense():
            return functional.linear(x, own["W"].T, own.get("b"))
        case ReLU():
            return functional.relu(x)
        case LeakyReLU():
            return functional.leaky_relu(x, layer.slope)
        case Sigmoid():
            return torch.sigmoid(x)
        case Tanh():
            return torch.tanh(x)
        case GELU():
            return functional.gelu(x, approximate="tanh")
        case Softmax():
            return functional.softmax(x, dim=-1)
        case Dropout():  # the random numbers are ours
            return x * torch.tensor(memory.mask) if memory.training else functional.dropout(x, training=False)
        case BatchNorm():
            return functional.batch_norm(
                x, own["running_mean"], own["running_variance"], own["gamma"], own["beta"],
                memory.training, layer.momentum, layer.epsilon,
            )  # fmt: skip
        case LayerNorm():
            return functional.layer_norm(x, x.shape[-1:], own["gamma"], own["beta"], layer.epsilon)
        case Flatten():
            return torch.flatten(x, 1)
    raise AssertionError(f"no oracle for {layer}")


def through(torch: Any, network: Network, x: Any, own: dict[str, Any], memories: list[Any]) -> Any:
    """What PyTorch makes of the layers up to the logits."""
    for place, (layer, memory) in enumerate(zip(network.body, memories), 1):
        mine = {name.partition(".")[2]: t for name, t in own.items() if name.startswith(f"{place}.")}
        x = apply(torch, layer, x, mine, memory)
    return x


# ---- layers


@every_layer
@pytest.mark.parametrize("training", [True, False], ids=["training", "predicting"])
@pytest.mark.parametrize("shape", [(1,), (7,), (3, 5), (2, 3, 4)], ids=str)
def test_layer(torch: Any, row: Row, training: bool, shape: Shape) -> None:
    bench = Bench(row, Setup(shape, n=6, training=training, seed=3))
    parameters = tensors(torch, bench.network.parameters, requires_grad=True)
    state = tensors(torch, bench.network.state)
    found = bench.run()
    x = torch.tensor(bench.x, requires_grad=True)
    y = through(torch, bench.network, x, {**parameters, **state}, bench.arrays.memories)
    y.backward(torch.tensor(bench.dy))
    expected = {
        "y": y.detach(),
        "dx": x.grad,
        **{f"d{name}": p.grad for name, p in parameters.items()},
        **state,
    }
    assert_same(found, {name: tensor.numpy() for name, tensor in expected.items()}, rtol=1e-10)


@pytest.mark.parametrize("rate", [0.25, 0.5])
def test_dropout_scales_as_pytorch_does(torch: Any, rate: float) -> None:
    bench = Bench(Row(Dropout, {"rate": rate}), Setup((50,), n=50))
    bench.run()
    dropped = torch.nn.functional.dropout(torch.ones(50, 50, dtype=torch.float64), rate, training=True)
    np.testing.assert_allclose(np.unique(bench.memory["mask"]), np.unique(dropped.numpy()), rtol=1e-15)


# ---- losses

LABELS = np.array([2, 0, 1, 0, 2])
ROWS = {
    "one-hot": one_hot(LABELS, 3, "float64"),
    "soft": np.random.default_rng(5).dirichlet([1, 1, 1], 5),
    "independent": np.random.default_rng(6).uniform(0, 1, (5, 3)),
}


def judged(torch: Any, loss: Loss, z: Any, targets: Any) -> Any:
    functional = torch.nn.functional
    match loss:
        case CrossEntropy():
            weights = None if loss.class_weights is None else torch.tensor(loss.class_weights, dtype=z.dtype)
            return functional.cross_entropy(z, targets, weights, label_smoothing=loss.label_smoothing)
        case BinaryCrossEntropy():
            return functional.binary_cross_entropy_with_logits(z, targets)
        case MeanSquaredError():
            return functional.mse_loss(z, targets)
    raise AssertionError(f"no oracle for {loss}")


def compare_losses(torch: Any, loss: Loss, targets: np.ndarray, divisor: float | None) -> float:
    z = np.random.default_rng(4).normal(scale=3, size=(5, 3))
    dz = np.empty_like(z)
    found = loss(z, targets, dz, divisor)
    there = torch.tensor(z, requires_grad=True)
    expected = judged(torch, loss, there, torch.tensor(targets))
    expected.backward()
    assert_same(
        {"loss": np.asarray(found), "dz": dz},
        {"loss": expected.detach().numpy(), "dz": there.grad.numpy()},
        rtol=1e-10,
    )
    return float(found)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("weights", [None, [0.5, 3, 1], [0, 1, 2]], ids=str)
@pytest.mark.parametrize("kind", ["classes", "one-hot", "soft"])
def test_cross_entropy(torch: Any, smoothing: float, weights: list[float] | None, kind: str) -> None:
    # With rows for targets PyTorch divides by their number, whatever the weights.
    loss, targets = CrossEntropy(smoothing, weights), LABELS if kind == "classes" else ROWS[kind]
    assert compare_losses(torch, loss, targets, None if kind == "classes" else 5) > 0


@pytest.mark.parametrize("loss", [BinaryCrossEntropy(), MeanSquaredError()], ids=repr)
@pytest.mark.parametrize("kind", ROWS)
def test_loss_of_independent_outputs(torch: Any, loss: Loss, kind: str) -> None:
    assert compare_losses(torch, loss, ROWS[kind], None) > 0


# ---- optimizers

OPTIMIZERS = [
    pytest.param(SGD(), "SGD", {}, id="sgd"),
    pytest.param(SGD(), "SGD", {"weight_decay": 0.1}, id="sgd with l2"),
    pytest.param(Momentum(0.9), "SGD", {"momentum": 0.9}, id="momentum"),
    pytest.param(Momentum(0.8), "SGD", {"momentum": 0.8, "weight_decay": 0.1}, id="momentum with l2"),
    pytest.param(Nesterov(0.9), "SGD", {"momentum": 0.9, "nesterov": True}, id="nesterov"),
    pytest.param(RMSProp(), "RMSprop", {}, id="rmsprop"),
    pytest.param(RMSProp(0.9, 1e-4), "RMSprop", {"alpha": 0.9, "eps": 1e-4}, id="rmsprop, other settings"),
    pytest.param(Adam(), "Adam", {}, id="adam"),
    pytest.param(
        Adam(0.8, 0.99, 1e-4), "Adam", {"betas": (0.8, 0.99), "eps": 1e-4}, id="adam, other settings"
    ),
    pytest.param(Adam(), "Adam", {"weight_decay": 0.1}, id="adam with l2"),
    pytest.param(AdamW(decay_all=True), "AdamW", {}, id="adamw"),
    pytest.param(
        AdamW(weight_decay=0.2, decay_all=True), "AdamW", {"weight_decay": 0.2}, id="adamw, more decay"
    ),
]
every_optimizer = pytest.mark.parametrize(("ours", "name", "options"), OPTIMIZERS)


def l2_of(name: str, options: dict[str, Any]) -> float:
    """PyTorch's coupled weight decay is our L2 penalty, there on everything."""
    return 0.0 if name == "AdamW" else options.get("weight_decay", 0.0)


@every_optimizer
def test_optimizer(torch: Any, ours: Optimizer, name: str, options: dict[str, Any]) -> None:
    """50 steps, each from where the last one led."""
    w = np.random.default_rng(0).normal(size=20)
    parameter = torch.tensor(w, requires_grad=True)
    theirs = getattr(torch.optim, name)([parameter], lr=0.05, **options)
    ours.start(w, slice(0, 7))
    for step in range(50):
        g = np.sin(3 * w + step) + w
        add_penalty_gradient(g, w, 0, l2_of(name, options), np.empty(20))
        parameter.grad = torch.sin(3 * parameter.detach() + step) + parameter.detach()
        ours.step(w, g, 0.05)
        theirs.step()
        np.testing.assert_allclose(w, parameter.detach().numpy(), rtol=1e-10, atol=1e-12, err_msg=f"{step}")


def test_adamw_that_decays_weights_only_is_two_groups_there(torch: Any) -> None:
    w = np.random.default_rng(0).normal(size=20)
    weights, biases = (torch.tensor(part, requires_grad=True) for part in (w[:7], w[7:]))
    groups = [{"params": [weights]}, {"params": [biases], "weight_decay": 0.0}]
    ours, theirs = AdamW(weight_decay=0.3), torch.optim.AdamW(groups, lr=0.05, weight_decay=0.3)
    ours.start(w, slice(0, 7))
    for step in range(50):
        ours.step(w, np.cos(w * step), 0.05)
        for parameter in (weights, biases):
            parameter.grad = torch.cos(parameter.detach() * step)
        theirs.step()
        there = np.concatenate([weights.detach().numpy(), biases.detach().numpy()])
        np.testing.assert_allclose(w, there, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("limit", [0.5, 100.0])
def test_clipping_by_norm(torch: Any, limit: float) -> None:
    g = np.random.default_rng(0).normal(size=20)
    parameter = torch.zeros(20, dtype=torch.float64, requires_grad=True)
    parameter.grad = torch.tensor(g)
    expected = float(torch.nn.utils.clip_grad_norm_([parameter], limit))
    norm = clip_norm(g, limit)
    assert norm == pytest.approx(expected, rel=1e-14)
    short = norm / (norm + 1e-6) if norm > limit else 1.0  # PyTorch divides by a little more than the norm
    np.testing.assert_allclose(g * short, parameter.grad.numpy(), rtol=1e-10)


# ---- schedules

TOTAL = 60
SCHEDULES = [
    (StepDecay(0.2, every=7, factor=0.5), "StepLR", {"step_size": 7, "gamma": 0.5}),
    (StepDecay(0.2), "StepLR", {"step_size": TOTAL // 3, "gamma": 0.1}),
    (Exponential(0.2, end=0.05), "ExponentialLR", {"gamma": 0.05 ** (1 / (TOTAL - 1))}),
    (Cosine(0.2), "CosineAnnealingLR", {"T_max": TOTAL}),
    (Cosine(0.2, end=0.25), "CosineAnnealingLR", {"T_max": TOTAL, "eta_min": 0.05}),
    (OneCycle(0.2), "OneCycleLR", {}),
    (
        OneCycle(0.2, 0.25, 10, 100),
        "OneCycleLR",
        {"pct_start": 0.25, "div_factor": 10, "final_div_factor": 100},
    ),
    (OneCycle(0.2, rise=0), "OneCycleLR", {"pct_start": 0.0}),
    (OneCycle(0.2, rise=1), "OneCycleLR", {"pct_start": 1.0}),
    (Warmup(Constant(0.2), steps=12), "LinearLR", {"start_factor": 1 / 12, "total_iters": 11}),
]


@pytest.mark.parametrize(("schedule", "name", "options"), SCHEDULES, ids=str)
def test_schedule(torch: Any, schedule: Schedule, name: str, options: dict[str, Any]) -> None:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
    if name == "OneCycleLR":
        options = {"max_lr": 0.2, "total_steps": TOTAL, "cycle_momentum": False, **options}
    scheduler = getattr(torch.optim.lr_scheduler, name)(optimizer, **options)
    for step in range(TOTAL):
        (expected,) = scheduler.get_last_lr()
        assert schedule(step, TOTAL) == pytest.approx(expected, rel=1e-10, abs=1e-15), f"step {step}"
        optimizer.step()
        if step < TOTAL - 1:
            scheduler.step()


# ---- whole trainings


@every_optimizer
def test_a_training_step_by_step(torch: Any, ours: Optimizer, name: str, options: dict[str, Any]) -> None:
    """100 steps of a network with every kind of normalization and a paired head, on changing batches."""
    layers = [Dense(16, bias=False), BatchNorm(), GELU(), Dropout(0.2), Dense(8), LayerNorm(), ReLU()]
    network = randomized(Network([*layers, Dense(3), Softmax()], 6, dtype="float64"))
    loss, schedule, l2 = network.loss, OneCycle(0.02), l2_of(name, options)
    assert loss is not None
    parameters = tensors(torch, network.parameters, requires_grad=True)
    state = tensors(torch, network.state)
    theirs = getattr(torch.optim, name)(list(parameters.values()), lr=0.1, **options)
    generator = np.random.default_rng(0)
    arrays = network.new_pass(16, training=True, generator=np.random.default_rng(1))
    w, g = network.parameters.vector, network.gradients.vector
    ours.start(w, network.weights)
    for step in range(100):
        x, labels = generator.normal(size=(16, 6)), generator.integers(0, 3, 16)
        rate = schedule(step, 100)

        arrays.resize(16)[...] = x
        found = loss(arrays.forward(), labels, arrays.output_gradient)
        arrays.backward()
        add_penalty_gradient(g, w, 0, l2, np.empty_like(g))
        ours.step(w, g, rate)

        theirs.param_groups[0]["lr"] = rate
        theirs.zero_grad()
        z = through(torch, network, torch.tensor(x), {**parameters, **state}, arrays.memories)
        expected = judged(torch, loss, z, torch.tensor(labels))
        expected.backward()
        theirs.step()

        assert math.isclose(found, expected.item(), rel_tol=1e-9), f"step {step}"
        for views, there in ((network.parameters, parameters), (network.state, state)):
            for where, view in views.items():
                np.testing.assert_allclose(
                    view, there[where].detach().numpy(), rtol=1e-9, atol=1e-9, err_msg=f"{where}, step {step}"
                )
