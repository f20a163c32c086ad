"""How far our numbers are from PyTorch's, in float64, case by case: for the tests and for the table.

PyTorch is imported by what needs it, so that the cases can be listed without it.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np

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
from glassnet.nn.penalties import add_penalty_gradient
from glassnet.nn.schedules import Schedule
from glassnet.training import Step, Training
from nn.table import TABLE, Bench, Row, Setup, Shape, randomized

ZERO = 1e-12  # no array that is compared has numbers so small, unless it is zero by its formula


class Case(NamedTuple):
    """One comparison: `measure` returns its largest relative error."""

    name: str
    measure: Callable[[], float]


class Family(NamedTuple):
    """Comparisons of one kind; none may have an error above `limit`."""

    limit: float
    cases: list[Case]


def relative_error(found: Any, expected: Any) -> float:
    """The largest difference of two arrays over the largest magnitude of the expected one.

    The difference itself, where the expected one is `ZERO` but for rounding. Infinite where shapes differ or
    NaN is met.
    """
    found, expected = np.asarray(found), np.asarray(expected)
    if found.shape != expected.shape:
        return np.inf
    difference, size = (float(np.abs(array).max(initial=0.0)) for array in (found - expected, expected))
    error = difference / size if size > ZERO else difference
    return np.inf if np.isnan(error) else error


def worst_of(found: Mapping[str, Any], expected: Mapping[str, Any]) -> float:
    """The largest relative error of several arrays by name; infinite where a name is missing."""
    if set(found) != set(expected):
        return np.inf
    return max(relative_error(array, expected[name]) for name, array in found.items())


def pytorch() -> Any:
    """PyTorch on one thread."""
    import torch

    torch.set_num_threads(1)
    return torch


def tensors(arrays: Any, requires_grad: bool = False) -> dict[str, Any]:
    """Copies of named arrays as tensors."""
    torch = pytorch()
    return {name: torch.tensor(a).requires_grad_(requires_grad) for name, a in arrays.items()}


def numbers(found: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Named tensors as arrays."""
    return {name: tensor.detach().numpy() for name, tensor in found.items()}


# ---- layers


def theirs(layer: Layer, x: Any, own: dict[str, Any], memory: Any) -> Any:
    """What PyTorch makes of a layer: `own` are its parameters and state by their plain names."""
    torch = pytorch()
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


def through(network: Network, x: Any, own: dict[str, Any], memories: Iterable[Any]) -> Any:
    """What PyTorch makes of the layers up to the logits."""
    for place, (layer, memory) in enumerate(zip(network.body, memories), 1):
        mine = {name.partition(".")[2]: t for name, t in own.items() if name.startswith(f"{place}.")}
        x = theirs(layer, x, mine, memory)
    return x


def layer_error(row: Row, shape: Shape, training: bool) -> float:
    """Output, all gradients and the running statistics, for a batch of six and a random cotangent."""
    torch = pytorch()
    bench = Bench(row, Setup(shape, n=6, training=training, seed=3))
    parameters = tensors(bench.network.parameters, requires_grad=True)
    state = tensors(bench.network.state)
    found = bench.run()
    x = torch.tensor(bench.x, requires_grad=True)
    y = through(bench.network, x, {**parameters, **state}, bench.arrays.memories)
    y.backward(torch.tensor(bench.dy))
    gradients = {f"d{name}": p.grad for name, p in parameters.items()}
    return worst_of(found, numbers({"y": y, "dx": x.grad, **gradients, **state}))


SHAPES: list[Shape] = [(1,), (7,), (3, 5), (2, 3, 4)]
LAYERS = [
    Case(
        f"{row} on {row.fit(shape)}, {'training' if training else 'predicting'}",
        partial(layer_error, row, row.fit(shape), training),
    )
    for row in TABLE
    for shape in SHAPES
    for training in (True, False)
]

# ---- losses

LABELS = np.array([2, 0, 1, 0, 2])
TARGETS = {
    "classes": LABELS,
    "one-hot": one_hot(LABELS, 3, "float64"),
    "soft": np.random.default_rng(5).dirichlet([1, 1, 1], 5),
    "independent": np.random.default_rng(6).uniform(0, 1, (5, 3)),
}


def judged(loss: Loss, z: Any, targets: Any) -> Any:
    """What PyTorch makes of a loss."""
    torch = pytorch()
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


def loss_error(loss: Loss, kind: str) -> float:
    """The loss and its gradient by the logits."""
    torch = pytorch()
    z, targets = np.random.default_rng(4).normal(scale=3, size=(5, 3)), TARGETS[kind]
    dz = np.empty_like(z)
    # With rows for targets PyTorch divides cross-entropy by their number, whatever the weights.
    found = loss(z, targets, dz, 5 if isinstance(loss, CrossEntropy) and targets.ndim > 1 else None)
    there = torch.tensor(z, requires_grad=True)
    expected = judged(loss, there, torch.tensor(targets))
    expected.backward()
    return worst_of({"loss": found, "dz": dz}, numbers({"loss": expected, "dz": there.grad}))


LOSSES = [
    Case(f"{loss!r}, {kind}", partial(loss_error, loss, kind))
    for loss, kinds in [
        *(
            (CrossEntropy(smoothing, weights), ["classes", "one-hot", "soft"])
            for smoothing in (0.0, 0.1)
            for weights in (None, [0.5, 3, 1], [0, 1, 2])
        ),
        (BinaryCrossEntropy(), ["one-hot", "soft", "independent"]),
        (MeanSquaredError(), ["one-hot", "soft", "independent"]),
    ]
    for kind in kinds
]

# ---- optimizers


class Pair(NamedTuple):
    """An optimizer of ours and the same of PyTorch; `l2` is a penalty there and here, `decay` decoupled."""

    ours: Optimizer
    name: str
    options: Mapping[str, Any]
    l2: float = 0.0
    decay: float = 0.0

    def build(self, groups: list[Any]) -> Any:
        """PyTorch's optimizer of tensors in two groups, of which only the first, the weights, decays."""
        weights, others = groups
        decay = self.decay or self.l2
        parts = [
            {"params": weights, "weight_decay": decay},
            {"params": others, "weight_decay": 0.0 if not self.ours.decay_all else decay},
        ]
        return getattr(pytorch().optim, self.name)([p for p in parts if p["params"]], lr=0.05, **self.options)

    def __str__(self) -> str:
        return repr(self.ours) + (f" with l2={self.l2}" if self.l2 else "")


PAIRS = [
    Pair(SGD(), "SGD", {}),
    Pair(SGD(), "SGD", {}, l2=0.1),
    Pair(Momentum(0.9), "SGD", {"momentum": 0.9}),
    Pair(Momentum(0.8), "SGD", {"momentum": 0.8}, l2=0.1),
    Pair(Nesterov(0.9), "SGD", {"momentum": 0.9, "nesterov": True}),
    Pair(Nesterov(0.8), "SGD", {"momentum": 0.8, "nesterov": True}, l2=0.1),
    Pair(RMSProp(), "RMSprop", {}),
    Pair(RMSProp(0.9, 1e-4), "RMSprop", {"alpha": 0.9, "eps": 1e-4}, l2=0.1),
    Pair(Adam(), "Adam", {}),
    Pair(Adam(0.8, 0.99, 1e-4), "Adam", {"betas": (0.8, 0.99), "eps": 1e-4}),
    Pair(Adam(), "Adam", {}, l2=0.1),
    Pair(AdamW(), "AdamW", {}, decay=0.01),
    Pair(AdamW(weight_decay=0.2), "AdamW", {}, decay=0.2),
    Pair(AdamW(weight_decay=0.2, decay_all=True), "AdamW", {}, decay=0.2),
]


def optimizer_error(pair: Pair) -> float:
    """The parameters after each of 50 steps, each from where the last one led."""
    torch = pytorch()
    w = np.random.default_rng(0).normal(size=20)
    weights = slice(0, 7)
    parts = [torch.tensor(part, requires_grad=True) for part in (w[:7], w[7:])]
    optimizer = pair.build([[part] for part in parts])
    pair.ours.start(w, weights)
    error = 0.0
    for step in range(50):
        g = np.sin(3 * w + step) + w
        add_penalty_gradient(g[weights], w[weights], 0, pair.l2, np.empty(7))
        pair.ours.step(w, g, 0.05)
        for part in parts:
            part.grad = torch.sin(3 * part.detach() + step) + part.detach()
        optimizer.step()
        error = max(error, relative_error(w, torch.cat(parts).detach().numpy()))
    return error


OPTIMIZERS = [Case(str(pair), partial(optimizer_error, pair)) for pair in PAIRS]

# ---- schedules

TOTAL = 60
Maker = Callable[[Any, Any], Any]  # a scheduler from torch.optim.lr_scheduler and an optimizer of rate 0.2
CYCLE = {"max_lr": 0.2, "total_steps": TOTAL, "cycle_momentum": False}
SAME: list[tuple[Schedule, Maker]] = [
    (Constant(0.2), lambda t, o: t.ConstantLR(o, factor=1.0)),
    (StepDecay(0.2, every=7, factor=0.5), lambda t, o: t.StepLR(o, step_size=7, gamma=0.5)),
    (StepDecay(0.2), lambda t, o: t.StepLR(o, step_size=TOTAL // 3, gamma=0.1)),
    (Exponential(0.2, end=0.05), lambda t, o: t.ExponentialLR(o, gamma=0.05 ** (1 / (TOTAL - 1)))),
    (Cosine(0.2), lambda t, o: t.CosineAnnealingLR(o, T_max=TOTAL)),
    (Cosine(0.2, end=0.25), lambda t, o: t.CosineAnnealingLR(o, T_max=TOTAL, eta_min=0.05)),
    (OneCycle(0.2), lambda t, o: t.OneCycleLR(o, **CYCLE)),
    (
        OneCycle(0.2, 0.25, 10, 100),
        lambda t, o: t.OneCycleLR(o, pct_start=0.25, div_factor=10, final_div_factor=100, **CYCLE),
    ),
    (OneCycle(0.2, rise=0), lambda t, o: t.OneCycleLR(o, pct_start=0.0, **CYCLE)),
    (OneCycle(0.2, rise=1), lambda t, o: t.OneCycleLR(o, pct_start=1.0, **CYCLE)),
    (Warmup(Constant(0.2), steps=12), lambda t, o: t.LinearLR(o, start_factor=1 / 12, total_iters=11)),
    (
        Warmup(StepDecay(0.2, every=7, factor=0.5), steps=12),
        lambda t, o: t.ChainedScheduler(
            [t.LinearLR(o, start_factor=1 / 12, total_iters=11), t.StepLR(o, step_size=7, gamma=0.5)]
        ),
    ),
]


def schedule_error(schedule: Schedule, maker: Maker) -> float:
    """The learning rates of a run of 60 steps."""
    torch = pytorch()
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
    scheduler = maker(torch.optim.lr_scheduler, optimizer)
    error = 0.0
    for step in range(TOTAL):
        (expected,) = (group["lr"] for group in optimizer.param_groups)
        error = max(error, relative_error(schedule(step, TOTAL), expected))
        optimizer.step()
        if step < TOTAL - 1:
            scheduler.step()
    return error


SCHEDULES = [Case(str(schedule), partial(schedule_error, schedule, maker)) for schedule, maker in SAME]

# ---- whole trainings


class There:
    """A network of ours rebuilt in PyTorch, with its own parameters, optimizer and trajectory."""

    def __init__(self, network: Network, pair: Pair) -> None:
        self.network = network
        self.parameters = tensors(network.parameters, requires_grad=True)
        self.state = tensors(network.state)
        decays = dict.fromkeys(self.parameters, False)
        for place, layer in enumerate(network.layers, 1):
            for name, declared in layer.parameters().items():
                decays[f"{place}.{name}"] = declared.penalized
        groups = [[p for name, p in self.parameters.items() if decays[name] is yes] for yes in (True, False)]
        self.optimizer = pair.build(groups)

    def step(self, x: Any, targets: Any, rate: float, memories: Iterable[Any]) -> Any:
        """Make an update and return the loss before it."""
        torch = pytorch()
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad()
        z = through(self.network, torch.tensor(x), {**self.parameters, **self.state}, memories)
        assert self.network.loss is not None
        loss = judged(self.network.loss, z, torch.tensor(targets))
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def error(self, loss: float, theirs: float) -> float:
        """How far the network is from it now."""
        ours = {**self.network.parameters, **self.network.state, "loss": loss}
        return worst_of(ours, {**numbers({**self.parameters, **self.state}), "loss": theirs})


def training_error(pair: Pair) -> float:
    """Loss and parameters after each of the 100 steps of a `Training` of three Dense layers."""
    generator = np.random.default_rng(0)
    x, labels = generator.normal(size=(80, 6)), generator.integers(0, 3, 80)
    layers = [Dense(16), Tanh(), Dense(8), ReLU(), Dense(3)]
    network = randomized(Network(layers, 6, loss="cross_entropy", dtype="float64"))
    there = There(network, pair)
    run = Training(
        network, (x, labels), optimizer=pair.ours, learning_rate=OneCycle(0.02), l2=pair.l2, batch_size=16,
        epochs=20, threads=None,
    )  # fmt: skip
    error, steps = 0.0, 0
    for event in run:
        if isinstance(event, Step):
            loss = there.step(x[run.batch], labels[run.batch], event.learning_rate, [None] * len(layers))
            error, steps = max(error, there.error(event.loss, loss)), steps + 1
    assert steps == 100
    return error


def normalized_training_error(pair: Pair) -> float:
    """The same, pass by pass, with normalization, dropout's masks handed over, and a final softmax."""
    layers = [Dense(16, bias=False), BatchNorm(), GELU(), Dropout(0.2), Dense(8), LayerNorm(), ReLU()]
    network = randomized(Network([*layers, Dense(3), Softmax()], 6, dtype="float64"))
    loss, schedule, there = network.loss, OneCycle(0.02), There(network, pair)
    assert loss is not None
    generator = np.random.default_rng(0)
    arrays = network.new_pass(16, training=True, generator=np.random.default_rng(1))
    w, g, weights = network.parameters.vector, network.gradients.vector, network.weights
    pair.ours.start(w, weights)
    error = 0.0
    for step in range(100):
        x, labels = generator.normal(size=(16, 6)), generator.integers(0, 3, 16)
        arrays.resize(16)[...] = x
        found = float(loss(arrays.forward(), labels, arrays.output_gradient))
        arrays.backward()
        add_penalty_gradient(g[weights], w[weights], 0, pair.l2, np.empty_like(g[weights]))
        pair.ours.step(w, g, schedule(step, 100))
        error = max(error, there.error(found, there.step(x, labels, schedule(step, 100), arrays.memories)))
    return error


TRAININGS = [
    Case(f"{pair}, {layers}", partial(measure, pair))
    for layers, measure in (("three Dense layers", training_error), ("all kinds", normalized_training_error))
    for pair in PAIRS
]

FAMILIES = {
    "layers": Family(1e-10, LAYERS),
    "losses": Family(1e-10, LOSSES),
    "optimizers, 50 steps": Family(1e-10, OPTIMIZERS),
    "schedules": Family(1e-10, SCHEDULES),
    "training, 100 steps": Family(1e-9, TRAININGS),
}
