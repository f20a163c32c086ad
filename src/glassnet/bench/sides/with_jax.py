"""JAX: data and order on the device, rows gathered inside the compiled step, parameters donated.

Losses are read once a turn. Left out against glassnet: scaling, accuracy, any record of the steps; of one
scan also the order's shuffling.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from glassnet.bench import shared
from glassnet.bench.job import Job


def job(side: str, threads: int, spec: dict[str, Any]) -> Job:
    """Make the job that the spec asks for; the process was told its threads."""
    del threads
    what = dict(spec)
    match what.pop("kind"):
        case "train":
            return (Scan if side == "jax-scan" else Train)(shared.Training(**what))
        case "predict":
            return Predict(shared.Predicting(**what))
        case "optimize":
            return Optimize(shared.Optimizing(**what))
    raise ValueError(f"kind: expected one that JAX does, got {spec['kind']!r}")


def logits(parameters: Any, x: Any) -> Any:
    """Return what the network makes of x (N, I)."""
    *hidden, (W, b) = parameters
    for V, c in hidden:
        x = jax.nn.relu(x @ V + c)
    return x @ W + b


def loss_of(parameters: Any, x: Any, y: Any) -> Any:
    """Return the mean cross-entropy."""
    p = jax.nn.log_softmax(logits(parameters, x))
    return -jnp.take_along_axis(p, y[:, None], axis=1).mean()


def slots(name: str, parameters: Any) -> Any:
    """Return what the optimizer remembers: nothing, velocities, or two averages and the count of steps."""
    zeros = partial(jax.tree.map, jnp.zeros_like)
    return {"sgd": (), "momentum": zeros(parameters)}.get(
        name, (zeros(parameters), zeros(parameters), jnp.zeros((), jnp.int32))
    )


def update(name: str, w: Any, g: Any, memory: Any) -> tuple[Any, Any]:
    """Return parameters and memory after one update, by the formulas that glassnet has."""
    each, rate = jax.tree.map, shared.LEARNING_RATES[name]
    if name == "sgd":
        return each(lambda w, g: w - rate * g, w, g), memory
    if name == "momentum":
        v = each(lambda v, g: shared.MOMENTUM * v + g, memory, g)
        return each(lambda w, v: w - rate * v, w, v), v
    b1, b2 = shared.BETA1, shared.BETA2
    m, v, t = memory
    t = t + 1
    m = each(lambda m, g: b1 * m + (1 - b1) * g, m, g)
    v = each(lambda v, g: b2 * v + (1 - b2) * g * g, v, g)
    c1, c2 = 1 - b1**t, 1 - b2**t
    w = each(lambda w, m, v: w - rate * (m / c1) / (jnp.sqrt(v / c2) + shared.EPSILON), w, m, v)
    return w, (m, v, t)


def make_step(name: str) -> Any:
    """Return one step as a function: (parameters, memory), data and rows to (parameters, memory), loss."""

    def step(state: Any, x: Any, y: Any, rows: Any) -> tuple[Any, Any]:
        parameters, memory = state
        taken = (array.at[rows].get(mode="promise_in_bounds") for array in (x, y))
        loss, g = jax.value_and_grad(loss_of)(parameters, *taken)
        return update(name, parameters, g, memory), loss

    return step


class Train(Job):
    """Training steps, each one call of a compiled function, which finds its rows in the epoch's order."""

    def __init__(self, what: shared.Training) -> None:
        super().__init__()
        self.what, self.done = what, 0
        x, y = what.scaled()
        self.x, self.y = jnp.asarray(x), jnp.asarray(y.astype(np.int32))
        parameters = jax.tree.map(jnp.array, shared.weights(what.network))
        self.state = parameters, slots(what.optimizer, parameters)
        step = make_step(what.optimizer)

        def one(n: int, state: Any, total: Any, place: Any, x: Any, y: Any, order: Any) -> Any:
            rows = jax.lax.dynamic_slice(order, (place,), (n,))
            state, loss = step(state, x, y, rows)
            return state, total + loss * (n / what.batch), place + n

        self.last = what.examples - (what.steps - 1) * what.batch
        self.one = {n: jax.jit(partial(one, n), donate_argnums=(0, 1, 2)) for n in (what.batch, self.last)}

    def run(self, pieces: int) -> float:
        """Do so many steps."""
        state, total, seen, batch, steps = self.state, jnp.zeros(()), 0, self.what.batch, self.what.steps
        for _ in range(pieces):
            epoch, step = divmod(self.done, steps)
            if not step:  # rows handed over with each call would take 10 µs of it
                self.order = jnp.asarray(self.what.order(epoch).astype(np.int32))
                self.place = jnp.zeros((), jnp.int32)
            self.done += 1
            n = batch if self.done % steps else self.last
            state, total, self.place = self.one[n](state, total, self.place, self.x, self.y, self.order)
            seen += n
        self.state = jax.block_until_ready(state)
        return float(total) * batch / seen


class Scan(Job):
    """Training steps in one scan a turn; a short batch, at an epoch's end, is a scan of its own."""

    def __init__(self, what: shared.Training) -> None:
        super().__init__()
        self.what, self.batches = what, what.batches()
        x, y = what.scaled()
        self.x, self.y = jnp.asarray(x), jnp.asarray(y.astype(np.int32))
        parameters = jax.tree.map(jnp.array, shared.weights(what.network))
        self.state = parameters, slots(what.optimizer, parameters)
        step = make_step(what.optimizer)

        def many(state: Any, total: Any, x: Any, y: Any, rows: Any) -> Any:
            state, losses = jax.lax.scan(lambda state, batch: step(state, x, y, batch), state, rows)
            return state, total + losses.sum() * (rows.shape[1] / what.batch)

        self.many = jax.jit(many, donate_argnums=(0, 1))
        self.todo: list[Any] = []

    def ready(self, pieces: int) -> None:
        """Lay out the rows of so many batches: arrays (steps, batch), a short batch (1, n)."""
        self.todo = list(laid(self.batches, pieces, self.what.batch))

    def run(self, pieces: int) -> float:
        """Do so many steps."""
        state, total = self.state, jnp.zeros(())
        for rows in self.todo:
            state, total = self.many(state, total, self.x, self.y, rows)
        self.state = jax.block_until_ready(state)
        seen: int = sum(rows.size for rows in self.todo)
        return float(total) * self.what.batch / seen


def laid(batches: Iterator[Any], pieces: int, batch: int) -> Iterator[Any]:
    """Yield so many batches, those of full size put together as far as they follow one another."""
    full: list[Any] = []
    for _ in range(pieces):
        rows = next(batches).astype(np.int32)
        if len(rows) == batch:
            full.append(rows)
            continue
        if full:
            yield np.stack(full)
        full = []
        yield rows[None]
    if full:
        yield np.stack(full)


class Predict(Job):
    """Classes of images by a compiled function: one a call, or all at once."""

    def __init__(self, what: shared.Predicting) -> None:
        super().__init__()
        self.one = what.images == 1
        x = what.scaled()
        self.images = [row[None] for row in x] if self.one else [jnp.asarray(x)]
        self.parameters = jax.tree.map(jnp.array, shared.weights(what.network))
        self.classes = jax.jit(lambda parameters, x: logits(parameters, x).argmax(axis=1))

    def run(self, pieces: int) -> float:
        """Answer so many images, or so many times all of them."""
        images, n = self.images, len(self.images)
        if not self.one:
            for _ in range(pieces):
                classes = np.asarray(self.classes(self.parameters, images[0]))
            return float(classes.mean())
        total = 0
        for i in range(pieces):
            total += int(self.classes(self.parameters, images[i % n])[0])
        return total / pieces


class Optimize(Job):
    """The optimizer alone, over a network's arrays, compiled."""

    def __init__(self, what: shared.Optimizing) -> None:
        super().__init__()
        self.g = [jnp.asarray(g) for g in what.gradients()]
        parameters = [jnp.array(w) for w in what.parameters()]
        self.state = parameters, slots(what.optimizer, parameters)
        name = what.optimizer
        self.step = jax.jit(lambda state, g: update(name, state[0], g, state[1]), donate_argnums=0)

    def run(self, pieces: int) -> float:
        """Make so many updates with the same gradient."""
        state = self.state
        for _ in range(pieces):
            state = self.step(state, self.g)
        self.state = jax.block_until_ready(state)
        return float(np.abs(np.asarray(state[0][0]).ravel()[: shared.LOOKED_AT]).mean())
