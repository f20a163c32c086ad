"""Step 2. One neuron with a sigmoid decides between two clouds; two losses, the same bad beginning."""

import numpy as np

from glassnet.plots import style

rng = np.random.default_rng(0)
t = np.arange(200) % 2  # the class, 0 or 1
x = rng.normal(0, 0.7, (200, 2)) + np.where(t[:, None] == 1, 1, -1)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


slopes = {  # of the loss by z, for an answer y = sigmoid(z)
    "squared error": lambda y, t: 2 * (y - t) * y * (1 - y),
    "cross-entropy": lambda y, t: y - t,
}


def train(slope, steps=60, rate=0.5):
    w, b, right = np.array([-7.0, -7.0]), 0.0, []
    for step in range(steps + 1):
        y = sigmoid(x @ w + b)
        right.append(np.mean((y > 0.5) == t))
        dz = slope(y, t) / len(x)
        if step == 0:
            print(f"  slope by w, first step: {np.linalg.norm(x.T @ dz):.5f}")
        w, b = w - rate * x.T @ dz, b - rate * dz.sum()
    return right


curves = {}
for name, slope in slopes.items():
    print(name)
    curves[name] = train(slope)
    print("  right after 0, 10, 20, 60 steps:", *(f"{100 * curves[name][k]:.1f} %" for k in (0, 10, 20, 60)))

with style.drawing():
    note = "from weights of −7 and −7, which name almost every point wrong, and are sure of it"
    figure, _ = style.page(8, 3.7, "The same neuron, two losses", note)
    left, right = style.panel(figure, 0.65, 1.1, 2.3, 2.0), style.panel(figure, 5.1, 1.1, 2.6, 2.0)
    z = np.linspace(-10, 10, 200)
    for (name, slope), colour in zip(slopes.items(), (style.ORANGE, style.BLUE)):
        left.plot(curves[name], color=colour)
        left.text(61, curves[name][-1], name, color=colour, va="center")
        right.plot(z, slope(sigmoid(z), 1), color=colour)
    left.set(xlabel="step", ylabel="named right", xlim=(0, 60), ylim=(0, 1.02), yticks=[0, 0.5, 1])
    right.set(xlabel="z of a point whose answer is 1", ylabel="slope of its loss", xlim=(-10, 10))
    style.save(figure, "02.png")
