"""Every number of an explanation once more, from the formulas, in float64, without the library's layers."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from glassnet.nn import Network
from glassnet.training import State

Array = np.ndarray[Any, Any]


class Trip:
    """One way forth and back: `a[p]` comes out of layer p, `g[p]` is ∂L/∂a[p]; a row for each example."""

    def __init__(
        self, network: Network, weights: dict[str, Array], x: Array, masks: list[Array] | None
    ) -> None:
        self.kinds = [layer.config() for layer in network.body]
        self.weights, self.training, self.masks = weights, masks is not None, masks or []
        self.a: list[Array] = [x]
        self.memory: list[dict[str, Array]] = [{}]
        self.masks = list(self.masks)
        for place, config in enumerate(self.kinds, 1):
            y, kept = getattr(self, "do_" + config["kind"])(place, config, self.a[-1])
            self.a.append(y)
            self.memory.append(kept)

    def back(self, dz: Array) -> None:
        self.g: list[Array] = [dz]
        for place in range(len(self.kinds), 0, -1):
            config = self.kinds[place - 1]
            undo = getattr(self, "undo_" + config["kind"])
            self.g.insert(
                0, undo(place, config, self.a[place - 1], self.a[place], self.g[0], self.memory[place])
            )

    def w(self, place: int, name: str) -> Array:
        return self.weights[f"{place}.{name}"]

    # ---- the layers

    def do_Dense(self, place, config, x):
        y = np.einsum("ni,io->no", x, self.w(place, "W"))
        return (y + self.w(place, "b") if config["bias"] else y), {}

    def undo_Dense(self, place, config, x, y, dy, kept):
        return np.einsum("no,io->ni", dy, self.w(place, "W"))

    def do_ReLU(self, place, config, x):
        return np.where(x > 0, x, 0.0), {"slope": np.where(x > 0, 1.0, 0.0)}

    def do_LeakyReLU(self, place, config, x):
        slope = np.where(x > 0, 1.0, config["slope"])
        return slope * x, {"slope": slope}

    def do_Sigmoid(self, place, config, x):
        y = 0.5 * (1 + np.tanh(x / 2))
        return y, {"slope": 0.25 / np.cosh(np.clip(x / 2, -300, 300)) ** 2}

    def do_Tanh(self, place, config, x):
        return np.tanh(x), {"slope": 1 / np.cosh(np.clip(x, -300, 300)) ** 2}

    def do_GELU(self, place, config, x):
        c = math.sqrt(2 / math.pi)
        u = c * (x + 0.044715 * x * x * x)
        du = c * (1 + 0.134145 * x * x)
        t = np.tanh(u)
        slope = 0.5 * (1 + t) + 0.5 * x * du / np.cosh(np.clip(u, -300, 300)) ** 2
        return 0.5 * x * (1 + t), {"u": u, "tanh": t, "du": du, "slope": slope}

    def undo_elementwise(self, place, config, x, y, dy, kept):
        return dy * kept["slope"]

    undo_ReLU = undo_LeakyReLU = undo_Sigmoid = undo_Tanh = undo_GELU = undo_elementwise

    def do_Softmax(self, place, config, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        total = np.broadcast_to(e.sum(axis=-1, keepdims=True), x.shape)
        return e / total, {"e": e, "S": total}

    def undo_Softmax(self, place, config, x, y, dy, kept):
        inner = np.broadcast_to((dy * y).sum(axis=-1, keepdims=True), y.shape)
        kept["inner"] = inner
        return y * dy - y * inner

    def do_Dropout(self, place, config, x):
        m = self.masks.pop(0) if self.training else np.ones_like(x)
        return x * m, {"m": m}

    def undo_Dropout(self, place, config, x, y, dy, kept):
        return dy * kept["m"]

    def do_Flatten(self, place, config, x):
        return x.reshape(len(x), -1), {}

    def undo_Flatten(self, place, config, x, y, dy, kept):
        return dy.reshape(x.shape)

    def do_BatchNorm(self, place, config, x):
        if self.training:
            mu = x.sum(axis=0) / len(x)
            var = ((x - mu) ** 2).sum(axis=0) / len(x)
        else:
            mu, var = self.w(place, "running_mean"), self.w(place, "running_variance")
        s = (var + config["epsilon"]) ** -0.5
        x_hat = (x - mu) * s
        every = {"mu": mu, "var": var, "s": s}
        kept = {name: np.broadcast_to(of, x.shape) for name, of in every.items()}
        return self.w(place, "gamma") * x_hat + self.w(place, "beta"), {**kept, "x_hat": x_hat}

    def undo_BatchNorm(self, place, config, x, y, dy, kept):
        g = self.w(place, "gamma") * dy
        kept["dgamma"], kept["dbeta"] = dy * kept["x_hat"], dy
        if not self.training:
            return g * kept["s"]
        n, x_hat, s = len(x), kept["x_hat"], kept["s"]
        return s * (g - g.sum(axis=0) / n - x_hat * (g * x_hat).sum(axis=0) / n)

    def do_LayerNorm(self, place, config, x):
        f = x.shape[-1]
        mu = x.sum(axis=-1, keepdims=True) / f
        var = ((x - mu) ** 2).sum(axis=-1, keepdims=True) / f
        s = (var + config["epsilon"]) ** -0.5
        x_hat = (x - mu) * s
        kept = {n: np.broadcast_to(of, x.shape) for n, of in (("mu", mu), ("var", var), ("s", s))}
        return self.w(place, "gamma") * x_hat + self.w(place, "beta"), {**kept, "x_hat": x_hat}

    def undo_LayerNorm(self, place, config, x, y, dy, kept):
        g, x_hat, f = self.w(place, "gamma") * dy, kept["x_hat"], x.shape[-1]
        mean_g = np.broadcast_to(g.sum(axis=-1, keepdims=True) / f, x.shape)
        mean_gx = np.broadcast_to((g * x_hat).sum(axis=-1, keepdims=True) / f, x.shape)
        kept.update(dgamma=dy * x_hat, dbeta=dy, g=g, mean_g=mean_g, mean_gx=mean_gx)
        return kept["s"] * (g - mean_g - x_hat * mean_gx)


# ---- losses: (loss, dz, what is told of each output)


def loss_of(
    config: dict[str, Any], z: Array, target: Array, divisor: float | None
) -> tuple[float, Array, dict[str, Array]]:
    n, k = z.shape
    if target.ndim == 1:
        target = np.eye(k)[target.astype(int)]
    if config["name"] == "mse":
        over = (n if divisor is None else divisor) * k
        return float(((z - target) ** 2).sum() / over), 2 * (z - target) / over, {"t": target}
    if config["name"] == "binary_cross_entropy":
        over = (n if divisor is None else divisor) * k
        p = 0.5 * (1 + np.tanh(z / 2))
        losses = target * np.logaddexp(0, -z) + (1 - target) * np.logaddexp(0, z)
        return float(losses.sum() / over), (p - target) / over, {"p": p, "t": target}
    smooth, weights = config["label_smoothing"], config["class_weights"]
    w = np.ones(k) if weights is None else np.array(weights)
    log_p = (
        z
        - np.array([math.log(sum(math.exp(v - max(row)) for v in row)) + max(row) for row in z.tolist()])[
            :, None
        ]
    )
    q = (1 - smooth) * target + smooth / k
    over = (target * w).sum() or 1.0
    over = over if divisor is None else divisor
    p = np.exp(log_p)
    dz = (p * (w * q).sum(axis=1, keepdims=True) - w * q) / over
    return float(-(w * q * log_p).sum() / over), dz, {"p": p, "t": target, "q": q}


# ---- the update


def step_of(
    state: State, config: dict[str, Any], decay: float, w: Array, g: Array, slots: dict[str, float],
    norm: float, weight: bool, rate: float, share: float,
) -> dict[str, float]:  # fmt: skip
    """Everything told of one parameter's update, but for max-norm."""
    s, told = state.settings, {"w": w, "g": g, "eta": rate}
    if weight:
        told["l1"], told["l2"] = share * s.l1 * np.sign(w), share * s.l2 * w
        told["g_penalized"] = g = g + told["l1"] + told["l2"]
    if s.clip:
        told["norm"], g = norm, g * min(1.0, s.clip / norm)
        told["clip"] = g
    if decay and (weight or config["decay_all"]):
        w = told["decay"] = w - rate * decay * w
    t = state.optimizer_steps + 1
    name = config["name"]
    if name == "sgd":
        new = w - rate * g
    elif name in ("momentum", "nesterov"):
        told["v"] = v = config["momentum"] * slots["v"] + g
        new = w - rate * (v if name == "momentum" else g + config["momentum"] * v)
    elif name == "rmsprop":
        told["v"] = v = config["alpha"] * slots["v"] + (1 - config["alpha"]) * g**2
        told["root"] = math.sqrt(v) + config["epsilon"]
        new = w - rate * g / told["root"]
    else:
        told["m"] = m = config["beta1"] * slots["m"] + (1 - config["beta1"]) * g
        told["v"] = v = config["beta2"] * slots["v"] + (1 - config["beta2"]) * g**2
        told["m_hat"], told["v_hat"] = m / (1 - config["beta1"] ** t), v / (1 - config["beta2"] ** t)
        told["root"] = math.sqrt(told["v_hat"]) + config["epsilon"]
        new = w - rate * told["m_hat"] / told["root"]
    return {**told, "w_step": new, "w_new": new}


def rate_of(schedule: Any, t: int, total: int) -> float:
    """The learning rate of update number t, from its formula."""
    kind, eta = type(schedule).__name__, schedule.learning_rate

    def time(of: float) -> int:
        return max(1, round(of * total if of < 1 else of))

    def half(a: float, b: float, q: float) -> float:
        return b + (a - b) * (1 + math.cos(math.pi * min(q, 1))) / 2

    if kind == "Constant":
        return float(eta)
    if kind == "StepDecay":
        return float(eta * schedule.factor ** (t // time(schedule.every)))
    if kind == "Exponential":
        return float(eta * schedule.end ** (t / max(total - 1, 1)))
    if kind == "Cosine":
        return float(half(eta, eta * schedule.end, t / total))
    if kind == "Warmup":
        return rate_of(schedule.then, t, total) * min(1, (t + 1) / time(schedule.steps))
    top, low = schedule.rise * total - 1, eta / schedule.start
    if t <= top:
        return half(low, eta, t / top if top > 0 else 1)
    return half(eta, low / schedule.finish, (t - top) / max(total - 1 - top, 1e-12))


Told = Callable[[str], float]
