"""Step 1. One neuron, one weight: y = w x, fitted to twenty points by walking downhill."""

import numpy as np

from glassnet.plots import style

rng = np.random.default_rng(0)
x = rng.uniform(0, 2, 20)
t = 1.5 * x + rng.normal(0, 0.2, 20)  # what we want to be told for each x


def loss(w):
    return np.mean((w * x - t) ** 2)


def slope(w):
    return np.mean(2 * (w * x - t) * x)


def descend(rate, steps):
    path = [0.0]
    for _ in range(steps):
        path.append(path[-1] - rate * slope(path[-1]))
    return np.array(path)


rates = (0.05, 0.3, 0.9)
paths = {rate: descend(rate, 8) for rate in rates}
m = np.mean(x**2)
best = np.mean(x * t) / m  # where the slope is 0
print(f"best: w = {best:.3f}, where the loss is {loss(best):.3f}")
print(f"a rate above {1 / m:.3f} diverges\n")
print("step" + "".join(f"{f'rate {rate}':>13}" for rate in rates))
for step in range(9):
    print(f"{step:4}" + "".join(f"{paths[rate][step]:13.3f}" for rate in rates))
print("left" + "".join(f"{1 - 2 * rate * m:13.2f}" for rate in rates), " of the distance, at each step")

with style.drawing():
    figure, _ = style.page(8, 3.7, "Downhill, and over the edge", "each dot is one step from w = 0")
    left = style.panel(figure, 0.6, 1.0, 2.9, 2.15)
    left.scatter(x, t, s=14, color=style.QUIET)
    for w, colour in ((0, style.RULE), (paths[0.3][1], "#9ecae1"), (best, style.BLUE)):
        left.plot([0, 2], [0, 2 * w], color=colour)
        left.text(2.03, 2 * w, f"w = {w:.2f}", color=style.BLUE if w else style.QUIET, va="center")
    left.set(xlabel="x", ylabel="t, and the lines y = w x", xlim=(0, 2), ylim=(-0.2, 3.7))
    right = style.panel(figure, 4.8, 1.0, 2.9, 2.15)
    w = np.linspace(-2.6, 5.6, 200)
    right.plot(w, [loss(v) for v in w], color=style.RULE, zorder=0)
    for rate, colour, at in ((0.3, style.BLUE, (0.7, 1.8)), (0.9, style.ORANGE, (-2.1, 23))):
        steps = paths[rate][:3]
        right.plot(steps, [loss(v) for v in steps], "o-", color=colour, markersize=4, linewidth=0.9)
        right.text(*at, f"rate {rate}", color=colour)
    right.set(xlabel="w", ylabel="loss", ylim=(-0.5, 25))
    style.save(figure, "01.png")
