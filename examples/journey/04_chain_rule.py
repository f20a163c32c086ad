"""Step 4. The chain rule by hand, checked against measured slopes; and once with a factor forgotten."""

import numpy as np

import glassnet as gn
from glassnet.plots import style


def loss_and_grads(p, x, t, forget=False):
    h = np.tanh(x @ p["W1"] + p["b1"])  # forward: hidden layer
    y = 1 / (1 + np.exp(-(h @ p["W2"] + p["b2"])))  # and the answer
    loss = -np.mean(t * np.log(y) + (1 - t) * np.log(1 - y))
    dz2 = (y - t) / len(x)  # backward, from the loss
    dh = dz2 @ p["W2"].T
    dz1 = dh if forget else dh * (1 - h**2)  # through tanh
    return loss, {"W1": x.T @ dz1, "b1": dz1.sum(axis=0), "W2": h.T @ dz2, "b2": dz2.sum(axis=0)}


def measured(p, x, t, h=1e-6):
    """Nudge each number up and down, and see how the loss moves."""
    slopes = {name: np.empty_like(array) for name, array in p.items()}
    for name, array in p.items():
        for i in np.ndindex(array.shape):
            ends = []
            for step in (h, -h):
                nudged = {key: value.copy() for key, value in p.items()}
                nudged[name][i] += step
                ends.append(loss_and_grads(nudged, x, t)[0])
            slopes[name][i] = (ends[0] - ends[1]) / (2 * h)
    return slopes


rng = np.random.default_rng(1)
moons = gn.data.load("moons").train
x, t = moons.images.astype(float), moons.labels[:, None]
sizes = {"W1": (2, 8), "b1": 8, "W2": (8, 1), "b2": 1}
first = {name: rng.normal(0, 0.7, size) for name, size in sizes.items()}
slopes, curves = measured(first, x, t), {}
for kind, forget in (("with it", False), ("forgotten", True)):
    grads, p, curves[kind] = loss_and_grads(first, x, t, forget)[1], first, []
    off = max(np.abs(grads[name] - slopes[name]).max() for name in first)
    for _ in range(400):
        loss, grads = loss_and_grads(p, x, t, forget)
        curves[kind].append(loss)
        p = {name: p[name] - 1.0 * grads[name] for name in p}
    print(f"{kind:9}  gradient at most {off:.0e} off  loss {curves[kind][0]:.3f} to {curves[kind][-1]:.3f}")
forgetful = gn.check_gradient(lambda p, x, t: loss_and_grads(p, x, t, forget=True), (first, x[:6], t[:6]))
print(forgetful.findings[0].says)

with style.drawing():
    figure, _ = style.page(8, 3.4, "A wrong gradient learns too", "two moons, 8 tanh units; 400 steps each")
    axes = style.panel(figure, 0.7, 0.95, 5.9, 1.9)
    for (kind, curve), colour in zip(curves.items(), (style.BLUE, style.ORANGE)):
        axes.plot(curve, color=colour)
        axes.text(404, curve[-1], f"tanh′ {kind}", color=colour, va="center")
    axes.set(xlabel="step", ylabel="loss", xlim=(0, 400), ylim=(0, None))
    style.save(figure, "04.png")
