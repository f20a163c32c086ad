"""Step 5. Ten neurons read digits: softmax regression, from pixels scaled to 0 … 1 and from raw ones."""

import numpy as np

import glassnet as gn
from glassnet.plots import style

digits = gn.data.load("mnist-sample", validation=0.25)
train, judge = digits.train, digits.validation
targets = np.eye(10)[train.labels]  # one row a digit: 1 at its class, else 0


def softmax(z, stable):
    e = np.exp(z - z.max(axis=1, keepdims=True) if stable else z)
    return e / e.sum(axis=1, keepdims=True)


def pixels(part, scale):
    return part.images.reshape(-1, 784).astype(np.float32) / scale


def learn(scale, stable, rate, steps=100):
    x, xj = pixels(train, scale), pixels(judge, scale)
    W, b, right = np.zeros((784, 10), np.float32), np.zeros(10, np.float32), []
    while len(right) < steps and np.isfinite(W).all():
        dz = ((softmax(x @ W + b, stable) - targets) / len(x)).astype(np.float32)
        W, b = W - rate * x.T @ dz, b - rate * dz.sum(axis=0)
        right.append(100 * np.mean((xj @ W + b).argmax(axis=1) == judge.labels))
    return W, right


curves, weights = {}, {}
print("pixels       steps    weights lost       best   on average")
runs = {"scaled": (255, True, 0.5), "naive": (1, False, 0.5), "raw": (1, True, 0.5)}
for name, told in {**runs, "tiny rate": (1, True, 0.5 / 255**2)}.items():
    with np.errstate(all="ignore"):  # the overflow of the naive one is what this step is about
        weights[name], right = learn(*told)
    curves[name] = right
    line = f"{len(right):8} {np.isnan(weights[name]).sum():15,}"
    print(f"{name:10}{line} {max(right):9.1f} % {np.mean(right):8.0f} %")

with style.drawing():
    note = "orange: ink here speaks for the digit; blue: against it"
    figure, _ = style.page(8, 3.3, "What each of the ten neurons looks for", note)
    for k in range(10):
        axes = style.panel(figure, 0.2 + 0.84 * (k % 5), 0.95 + 1.1 * (k // 5), 0.78, 0.78)
        axes.imshow(weights["scaled"][:, k].reshape(28, 28), cmap=style.diverging(), vmin=-0.8, vmax=0.8)
        axes.set_axis_off()
        axes.set_title(f"{k}", fontsize=style.SMALL, pad=2)
    axes = style.panel(figure, 5.1, 1.2, 1.8, 1.5)
    for name, colour, place in (("scaled", style.BLUE, 92), ("raw", style.ORANGE, 78)):
        axes.plot(curves[name], color=colour, linewidth=1)
        axes.text(103, place, name, color=colour, va="center")
    axes.set(xlabel="step", xlim=(0, 100), ylim=(0, 100))
    axes.set_title("% right, pixels scaled and raw", loc="left", fontsize=style.SMALL)
    style.save(figure, "05.png")
